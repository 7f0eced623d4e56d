"""Two threads against one: whole processes of bouton, interleaved; least wall and CPU times. Run it when nothing else runs: what others take of a core is
taken from one thread or from two alike, and the ratio tells nothing.

Usage: threads.py [--bouton target/release/bouton] [-n ROUNDS] [MODEL:N | SCRIPT.net ...]   (models of cells/models.py, with exact rates)"""
import argparse, os, subprocess, sys, tempfile, time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "cells"))
import models

NETWORKS = os.path.join(HERE, "networks")
DEFAULT = ["ring:10000", "branched:256", os.path.join(NETWORKS, "brunel.net")]

def run(bouton, script, threads):
    "Wall and CPU seconds."
    begun = time.time()
    p = subprocess.Popen([bouton, "run", script, "--quiet", "--threads", str(threads)], cwd=tempfile.gettempdir(), stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(p.pid, 0)
    if status:
        sys.exit("%s failed" % script)
    return time.time() - begun, used.ru_utime + used.ru_stime

def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--bouton", default=os.path.join(os.path.dirname(HERE), "target/release/bouton"))
    ap.add_argument("-n", type=int, default=7)
    ap.add_argument("what", nargs="*", default=DEFAULT)
    a = ap.parse_args()
    print("| | 1 thread, wall s | 2 threads | ratio | 1 thread, CPU s | 2 threads |\n| --- | ---: | ---: | ---: | ---: | ---: |")
    for what in a.what:
        script = os.path.abspath(what)
        if ":" in what:
            name, n = what.split(":")
            script = os.path.join(tempfile.mkdtemp(), "%s-%s.net" % (name, n))
            with open(script, "w") as f:
                f.write(getattr(models, name)(int(n), 0))
        times = {1: [], 2: []}
        for _ in range(a.n):
            for threads, list_ in times.items():
                list_.append(run(os.path.abspath(a.bouton), script, threads))
        (wall, cpu), (wall2, cpu2) = (map(min, zip(*times[threads])) for threads in (1, 2))
        print("| %s | %.3f | %.3f | %.2f | %.3f | %.3f |" % (os.path.basename(what), wall, wall2, wall / wall2, cpu, cpu2), flush=True)

main()
