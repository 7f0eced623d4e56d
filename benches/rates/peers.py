"""One run, a sweep and a fit of the column beside hand-written peers: SciPy's solve_ivp with a right-hand side compiled by numba, a fit whose runs numba
compiles as a whole, a sweep in JAX, PyRates' grid_search. One core, CPU time of whole processes and of what they do after imports and compilation, medians.

Usage: peers.py --python VENV/bin/python --pyrates VENV/bin/python [--bouton target/release/bouton] [-n ROUNDS] [--core 0]
The first VENV has numba, jax and scipy, the second pyrates 1.2.3."""
import argparse
import os
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
COLUMN = "use std.neural_mass.jansen_rit\npopulation jrc: JansenRit\nrecord y = jrc.V_e - jrc.V_i every 1 ms\n"


def script(settings, body):
    path = os.path.join(tempfile.mkdtemp(), "bench.net")
    with open(path, "w") as file:
        file.write(COLUMN + "simulation { duration = 5 s, dt = 0.1 ms, %s }\n" % settings + body)
    return path


def measured(command, core):
    """CPU seconds of a process, and of its own work where it says so."""
    env = dict(os.environ, OMP_NUM_THREADS="1", XLA_FLAGS="--xla_cpu_multi_thread_eigen=false")
    p = subprocess.Popen(["taskset", "-c", str(core)] + command, cwd=tempfile.mkdtemp(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=env)
    text = p.stdout.read()
    _, status, used = os.wait4(p.pid, 0)
    if status != 0:
        sys.exit("%s failed:\n%s" % (" ".join(command), text))
    work = None
    for line in text.splitlines():
        words = line.split()
        if words[:1] == ["DONE"]:
            work = float(words[1])
        if words[:1] == ["run"] and len(words) == 2:
            work = float(words[1]) / 1e3
    return used.ru_utime + used.ru_stime, work, text


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--python", required=True)
    ap.add_argument("--pyrates")
    ap.add_argument("--bouton", default=os.path.join(ROOT, "target/release/bouton"))
    ap.add_argument("-n", type=int, default=3)
    ap.add_argument("--core", default="0")
    a = ap.parse_args()
    sweep = "sweep s {\n    vary jrc.c in 30 .. 300 steps 2000\n    run\n    report amplitude = max(y after 2 s) - min(y after 2 s)\n}\nprint \"{mean(s.amplitude):.4f}\"\n"
    fit = open(os.path.join(HERE, "fit.net")).read()
    fit = fit[fit.index("optimize"):]
    one = "for k in 1 .. 20 { run }\nprint \"{min(y after 2 s):.4f}\"\n"
    ms = ("dt = 0.1 ms", "dt = 1 ms")
    bouton = lambda path: [os.path.abspath(a.bouton), "run", path, "--quiet", "--threads", "1", "--times"]

    def at_1_ms(path):
        text = open(path).read().replace(*ms)
        open(path, "w").write(text)
        return path

    peer = lambda *words: [a.python, os.path.join(HERE, "peer.py"), *words]
    jobs = {
        "20 runs, dopri5": bouton(script("solver = dopri5", one)),
        "20 runs, solve_ivp and numba": peer("one"),
        "sweep, dopri5": bouton(script("solver = dopri5", sweep)),
        "sweep of 100, solve_ivp and numba": peer("sweep", "100"),
        "sweep, rk4 at 1 ms": bouton(at_1_ms(script("solver = rk4", sweep))),
        "sweep, JAX, rk4 at 1 ms": peer("sweep-jax"),
        "fit, rk4 at 1 ms": bouton(at_1_ms(script("solver = rk4", fit))),
        "fit, numba, rk4 at 1 ms": peer("fit-numba"),
        "sweep, euler at 0.1 ms": bouton(script("solver = euler", sweep)),
    }
    if a.pyrates:
        jobs["sweep, PyRates' grid_search"] = [a.pyrates, os.path.join(HERE, "peer.py"), "grid"]
    times = {name: [] for name in jobs}
    for round in range(a.n):
        for name, command in jobs.items():
            if round > 0 and "grid" in name:
                continue
            whole, work, text = measured(command, a.core)
            times[name].append((whole, work))
            if round == 0:
                print("  %s: %s" % (name, text.strip().splitlines()[0] if text.strip() else ""))
    for name, all_times in times.items():
        wholes = statistics.median(t for t, _ in all_times)
        works = [w for _, w in all_times if w is not None]
        print("%-36s %9.3f s, work %s" % (name, wholes, "%9.4f s" % statistics.median(works) if works else "?"))


main()
