"""Channels: bouton against NEURON, interleaved, on one core, medians of the CPU time of runs.

Usage: compare.py --neuron VENV/bin/python --mods FOLDER [--bouton target/release/bouton] [-n ROUNDS] [--cpu 0] [MODEL:N ...]
FOLDER has the .mod files in FOLDER/mod, built by `nrnivmodl mod` there. Without tables the last potentials must agree within 1e-6 mV."""
import argparse, json, os, platform, re, statistics, subprocess, sys, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, HERE)
import traub

MODELS = ["isolated:1000", "cable:1000", "cell:1", "cell:20"]
RUN = re.compile(r"^run\s+([0-9.]+)$", re.M)

def run(command, cpu, folder):
    "CPU seconds of the run, and the last potential."
    p = subprocess.run(["taskset", "-c", str(cpu)] + command, cwd=folder, capture_output=True, text=True)
    if p.returncode:
        sys.exit("%s failed:\n%s%s" % (" ".join(command), p.stdout, p.stderr))
    for line in p.stdout.splitlines():
        if line.startswith("RESULT "):
            result = json.loads(line[7:])
            return result["run"], result["v"]
    return float(RUN.search(p.stderr).group(1)) * 1e-3, float(p.stdout.split()[0])

def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--neuron", required=True)
    ap.add_argument("--mods", required=True)
    ap.add_argument("--bouton", default=os.path.join(ROOT, "target/release/bouton"))
    ap.add_argument("-n", type=int, default=5)
    ap.add_argument("--cpu", default="0")
    ap.add_argument("models", nargs="*", default=MODELS)
    a = ap.parse_args()
    folder, mods = tempfile.mkdtemp(), os.path.abspath(a.mods)
    jobs = {}
    for model in a.models:
        name, n = model.split(":")
        for tables, how in ((1, "table"), (0, "exact")):
            path = os.path.join(folder, "%s-%s-%s.net" % (name, n, how))
            with open(path, "w") as f:
                f.write(traub.script(name, int(n), tables, os.path.join(mods, "mod")))
            jobs[model, how, "bouton"] = [os.path.abspath(a.bouton), "run", path, "--times", "--threads", "1"]
            jobs[model, how, "NEURON"] = [a.neuron, os.path.join(HERE, "neuron_channels.py"), name, n, how]
        path = os.path.join(folder, "%s-%s-library.net" % (name, n))
        with open(path, "w") as f:
            f.write(traub.script(name, int(n), 0, "-"))
        jobs[model, "exact", "bouton, library"] = [os.path.abspath(a.bouton), "run", path, "--times", "--threads", "1"]
    times, last = {job: [] for job in jobs}, {}
    for _ in range(a.n):
        for job, command in jobs.items():
            t, last[job] = run(command, a.cpu, mods if job[2] == "NEURON" else folder)
            times[job].append(t)
    name = next((l.split(":")[1].strip() for l in open("/proc/cpuinfo") if l.startswith("model name")), "?")
    print("machine: %s, kernel %s; %d rounds, core %s" % (name, platform.release(), a.n, a.cpu))
    print("| | run, CPU s | least | last v, mV | of NEURON's |\n| --- | ---: | ---: | ---: | ---: |")
    for (model, how, who), list_ in times.items():
        theirs, ours = statistics.median(times[model, how, "NEURON"]), statistics.median(list_)
        ratio = "" if who == "NEURON" else "1/%.1f" % (theirs / ours)
        print("| %s, %s, %s | %.4f | %.4f | %.7f | %s |" % (model, how, who, ours, min(list_), last[model, how, who], ratio))
        if who == "bouton" and how == "exact" and abs(last[model, how, who] - last[model, how, "NEURON"]) > 1e-6:
            sys.exit("%s: the potentials differ" % model)

main()
