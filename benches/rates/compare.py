"""The fit of a cortical column, and a sweep of its coupling, beside PyRates with SciPy: interleaved, on one core, medians of CPU time of the whole process.

Usage: compare.py --python VENV/bin/python [--bouton target/release/bouton] [-n ROUNDS] [--core 0]
VENV has pyrates (1.2.3) and scipy from PyPI."""
import argparse, os, platform, re, statistics, subprocess, sys, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))


def run(command, core):
    """CPU seconds of the process, and the line with its result."""
    p = subprocess.Popen(["taskset", "-c", str(core)] + command, cwd=tempfile.mkdtemp(), stdout=subprocess.PIPE,
                         stderr=subprocess.STDOUT, text=True)
    text = p.stdout.read()
    _, status, used = os.wait4(p.pid, 0)
    if status != 0:
        sys.exit("%s failed:\n%s" % (" ".join(command), text))
    said = [line for line in text.splitlines() if line.startswith("RESULT")]
    return used.ru_utime + used.ru_stime, said[-1] if said else ""


def variant(name, *changes):
    """A script with words replaced."""
    text = open(os.path.join(HERE, name)).read()
    for old, new in changes:
        text = text.replace(old, new)
    path = os.path.join(tempfile.mkdtemp(), name)
    open(path, "w").write(text)
    return path


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--python", required=True)
    ap.add_argument("--bouton", default=os.path.join(ROOT, "target/release/bouton"))
    ap.add_argument("-n", type=int, default=3)
    ap.add_argument("--core", default="0")
    a = ap.parse_args()
    at_once, rk4 = ("updating = deferred", "updating = immediate"), ("dopri5", "rk4")
    jobs = {
        "dopri5, deferred": variant("fit.net"),
        "dopri5, immediate": variant("fit.net", at_once),
        "rk4, deferred": variant("fit.net", rk4),
        "rk4, immediate": variant("fit.net", at_once, rk4),
        "sweep of 2,000": variant("sweep.net"),
    }
    jobs = {name: [os.path.abspath(a.bouton), "run", path, "--quiet", "--threads", "1"] for name, path in jobs.items()}
    jobs["PyRates and SciPy, immediate"] = [a.python, os.path.join(HERE, "pyrates_fit.py")]
    jobs["PyRates and SciPy, deferred"] = [a.python, os.path.join(HERE, "pyrates_fit.py"), "deferred"]
    times, said = {name: [] for name in jobs}, {}
    for _ in range(a.n):
        for name, command in jobs.items():
            time, said[name] = run(command, a.core)
            times[name].append(time)
    cpu = next((l.split(":")[1].strip() for l in open("/proc/cpuinfo") if l.startswith("model name")), "?")
    print("machine: %s, kernel %s; %d rounds, core %s" % (cpu, platform.release(), a.n, a.core))
    each = {}
    for name, list_ in times.items():
        count = re.search(r"(\d+) evaluations", said[name])
        each[name] = statistics.median(list_) / int(count.group(1)) if count else None
        print("%-30s %8.3f s (%.3f to %.3f) %s" % (name, statistics.median(list_), min(list_), max(list_), said[name]))
    for name in ("dopri5, deferred", "dopri5, immediate", "rk4, deferred", "rk4, immediate"):
        peer = "PyRates and SciPy, " + name.split(", ")[1]
        print("%-60s 1/%.0f" % (name + " over PyRates and SciPy, an evaluation", each[peer] / each[name]))


main()
