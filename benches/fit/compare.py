"""Candidates side by side against candidates one by one, and a fit of 1,000 candidates against DEAP driving NEURON: interleaved, on one core, medians of
CPU time of the whole process.

Usage: compare.py --python VENV/bin/python [--bouton target/release/bouton] [-n ROUNDS] [--core 0]
VENV has neuron and deap from PyPI."""
import argparse, os, platform, statistics, subprocess, sys, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))


def run(command, core):
    """CPU seconds of the process, and the last line that it says."""
    p = subprocess.Popen(["taskset", "-c", str(core)] + command, cwd=tempfile.mkdtemp(), stdout=subprocess.PIPE,
                         stderr=subprocess.STDOUT, text=True)
    text = p.stdout.read()
    _, status, used = os.wait4(p.pid, 0)
    if status != 0:
        sys.exit("%s failed:\n%s" % (" ".join(command), text))
    said = [line for line in text.splitlines() if line.startswith("RESULT")]
    return used.ru_utime + used.ru_stime, said[-1] if said else ""


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--python", required=True)
    ap.add_argument("--bouton", default=os.path.join(ROOT, "target/release/bouton"))
    ap.add_argument("-n", type=int, default=5)
    ap.add_argument("--core", default="0")
    a = ap.parse_args()
    ours = lambda name, *more: [os.path.abspath(a.bouton), "run", os.path.join(HERE, name), "--quiet", "--threads", "1", *more]
    pairs = ["one_compartment.net", "tree.net", "tree_hh.net", "network.net"]
    jobs = {name: ours(name) for name in pairs}
    jobs.update({name + ", one by one": ours(name, "--batch", "1") for name in pairs})
    jobs["fit.net"] = ours("fit.net")
    jobs["DEAP and NEURON, tables"] = [a.python, os.path.join(HERE, "deap_fit.py")]
    jobs["DEAP and NEURON, exact"] = [a.python, os.path.join(HERE, "deap_fit.py"), "exact"]
    times, said = {name: [] for name in jobs}, {}
    for _ in range(a.n):
        for name, command in jobs.items():
            time, said[name] = run(command, a.core)
            times[name].append(time)
    cpu = next((l.split(":")[1].strip() for l in open("/proc/cpuinfo") if l.startswith("model name")), "?")
    print("machine: %s, kernel %s; %d rounds, core %s" % (cpu, platform.release(), a.n, a.core))
    for name, list_ in times.items():
        print("%-34s %8.3f s (%.3f to %.3f) %s" % (name, statistics.median(list_), min(list_), max(list_), said[name]))
    ratio = lambda b, o: print("%-60s 1/%.1f" % ("%s over %s" % (o, b), statistics.median(times[b]) / statistics.median(times[o])))
    for name in pairs:
        ratio(name + ", one by one", name)
    ratio("DEAP and NEURON, tables", "fit.net")
    ratio("DEAP and NEURON, exact", "fit.net")


main()
