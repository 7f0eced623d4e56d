"""Cells: bouton against NEURON, CoreNEURON and Arbor, interleaved, on one core, medians of the CPU time of runs.

Usage: compare.py --neuron VENV/bin/python [--arbor VENV/bin/python] [--core FOLDER] [--bouton target/release/bouton] [-n ROUNDS] [--cpu 0] [MODEL:N ...]
FOLDER has hhe.mod compiled by nrnivmodl -coreneuron -incflags "-O3 -march=native -ffast-math"."""
import argparse, json, os, platform, re, statistics, subprocess, sys, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, HERE)
import models

MODELS = ["ring:1000", "ring:10000", "branched:64", "branched:1", "cell:1"]
SPIKES = re.compile(r"^(\d+) spikes?$", re.M)
RUN = re.compile(r"^run\s+([0-9.]+)$", re.M)

def run(command, cpu):
    "CPU seconds of the run, and how many spikes there were."
    p = subprocess.run(["taskset", "-c", str(cpu)] + command, cwd=tempfile.gettempdir(), capture_output=True, text=True)
    if p.returncode:
        sys.exit("%s failed:\n%s%s" % (" ".join(command), p.stdout, p.stderr))
    for line in p.stdout.splitlines():
        if line.startswith("RESULT "):
            result = json.loads(line[7:])
            return result["run"], result["spikes"]
    return float(RUN.search(p.stderr).group(1)) * 1e-3, int(SPIKES.search(p.stdout).group(1))

def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--neuron", required=True)
    ap.add_argument("--arbor")
    ap.add_argument("--core")
    ap.add_argument("--bouton", default=os.path.join(ROOT, "target/release/bouton"))
    ap.add_argument("-n", type=int, default=5)
    ap.add_argument("--cpu", default="0")
    ap.add_argument("--ours", action="store_true", help="no other simulators")
    ap.add_argument("models", nargs="*", default=MODELS)
    a = ap.parse_args()
    folder = tempfile.mkdtemp()
    jobs = {}
    for model in a.models:
        name, n = model.split(":")
        for tables, how in ((1, "table"), (0, "exact")):
            path = os.path.join(folder, "%s-%s-%s.net" % (name, n, how))
            with open(path, "w") as f:
                f.write(getattr(models, name)(int(n), tables))
            jobs[model, "bouton, " + how] = [os.path.abspath(a.bouton), "run", path, "--times", "--threads", "1"]
        if not a.ours:
            neuron = lambda *more: [a.neuron, os.path.join(HERE, "neuron_cells.py"), name, n, *more]
            jobs[model, "NEURON, table"] = neuron("table")
            jobs[model, "NEURON, exact"] = neuron("exact")
            if a.core:
                jobs[model, "CoreNEURON, exact"] = neuron("core", os.path.abspath(a.core))
            if a.arbor:
                jobs[model, "Arbor"] = [a.arbor, os.path.join(HERE, "arbor_cells.py"), name, n]
    times, spikes = {job: [] for job in jobs}, {}
    for _ in range(a.n):
        for job, command in jobs.items():
            t, spikes[job] = run(command, a.cpu)
            times[job].append(t)
    name = next((l.split(":")[1].strip() for l in open("/proc/cpuinfo") if l.startswith("model name")), "?")
    print("machine: %s, kernel %s; %d rounds, core %s" % (name, platform.release(), a.n, a.cpu))
    print("| | run, CPU s | least | spikes | of it bouton takes |\n| --- | ---: | ---: | ---: | ---: |")
    for (model, who), list_ in times.items():
        ours = statistics.median(times[model, "bouton, " + ("table" if "table" in who else "exact")])
        median = statistics.median(list_)
        ratio = "" if who.startswith("bouton") else "1/%.1f" % (median / ours)
        print("| %s, %s | %.4f | %.4f | %d | %s |" % (model, who, median, min(list_), spikes[model, who], ratio))

main()
