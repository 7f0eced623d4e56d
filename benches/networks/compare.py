"""Networks: bouton against NEST and Brian2 (C++ standalone), interleaved, on one core and on two; medians of CPU and wall time.

Usage: compare.py --nest VENV/bin/python --brian VENV/bin/python [--bouton target/release/bouton] [-n ROUNDS] [--ours]"""
import argparse, json, os, platform, re, statistics, subprocess, sys, tempfile, time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
CORES = {1: "0", 2: "0,1"}

def run(command, threads):
    "CPU and wall seconds of the whole process, CPU seconds of its run, the rate that it printed, megabytes."
    begun = time.time()
    p = subprocess.Popen(["taskset", "-c", CORES[threads]] + command, cwd=tempfile.gettempdir(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    text = p.stdout.read()
    _, status, used = os.wait4(p.pid, 0)
    wall = time.time() - begun
    if status:
        sys.exit("%s failed:\n%s" % (" ".join(command), text))
    inner, rate = None, None
    for line in text.splitlines():
        if line.startswith("RESULT "):
            said = json.loads(line[7:])
            inner, rate = said["run"], said["rate"]
        if m := re.match(r"rate ([0-9.]+) Hz$", line):
            rate = float(m.group(1))
        if m := re.match(r"run\s+([0-9.]+)$", line):
            inner = float(m.group(1)) * 1e-3
    return used.ru_utime + used.ru_stime, wall, inner, rate, used.ru_maxrss / 1000

def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--nest")
    ap.add_argument("--brian")
    ap.add_argument("--bouton", default=os.path.join(ROOT, "target/release/bouton"))
    ap.add_argument("-n", type=int, default=3)
    ap.add_argument("--ours", action="store_true", help="no other simulators")
    ap.add_argument("--without", default=[], nargs="*", metavar="WHO:THREADS", help="leave these out, as Brian2:2")
    a = ap.parse_args()
    ours = lambda name, threads: [os.path.abspath(a.bouton), "run", os.path.join(HERE, name + ".net"), "--times", "--threads", str(threads)]
    jobs = {("build, " + rule, "bouton", 1): ours("build_" + rule, 1) for rule in ("probability", "convergence")}
    for model in ("brunel", "coba"):
        for threads in (1, 2):
            jobs[model, "bouton", threads] = ours(model, threads)
            if not a.ours:
                jobs[model, "NEST", threads] = [a.nest, os.path.join(HERE, "nest_networks.py"), model, str(threads)]
                jobs[model, "Brian2", threads] = [a.brian, os.path.join(HERE, "brian_networks.py"), model, str(threads)]
    jobs = {job: command for job, command in jobs.items() if "%s:%d" % job[1:] not in a.without}
    found = {job: [] for job in jobs}
    for _ in range(a.n):
        for job, command in jobs.items():
            found[job].append(run(command, job[2]))
            print(job, found[job][-1], file=sys.stderr, flush=True)
    name = next((l.split(":")[1].strip() for l in open("/proc/cpuinfo") if l.startswith("model name")), "?")
    print("machine: %s, kernel %s; %d rounds" % (name, platform.release(), a.n))
    print("| | threads | whole, CPU s | whole, wall s | run, CPU s | rate, Hz | MB |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for (model, who, threads), list_ in found.items():
        cpu, wall, inner, rate, memory = (statistics.median(x) if x[0] is not None else float("nan") for x in zip(*list_))
        print("| %s, %s | %d | %.3f | %.3f | %.3f | %.2f | %.0f |" % (model, who, threads, cpu, wall, inner, rate, memory))

main()
