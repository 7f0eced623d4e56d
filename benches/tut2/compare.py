"""The tutorial network: bouton against NetPyNE and NEURON, interleaved, on one core, medians of CPU time.

Usage: compare.py --python VENV/bin/python --network DIR [--bouton target/release/bouton] [-n ROUNDS] [--core 0]
VENV has neuron and netpyne from PyPI; DIR has NetPyNE's connections.csv and netstim_events.csv (tests/peers/tut2)."""
import argparse, json, os, platform, re, resource, statistics, subprocess, sys, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
CELL_STEPS = 40 * 40000

def run(command, core):
    """CPU seconds of the whole process, and what it says of its run."""
    p = subprocess.Popen(["taskset", "-c", str(core)] + command, cwd=tempfile.mkdtemp(), stdout=subprocess.PIPE,
                         stderr=subprocess.STDOUT, text=True, env=dict(os.environ, MPLBACKEND="Agg"))
    text = p.stdout.read()
    _, status, used = os.wait4(p.pid, 0)
    if status != 0:
        sys.exit("%s failed:\n%s" % (" ".join(command), text))
    inner = None
    for line in text.splitlines():
        if line.startswith("RESULT "):
            inner = json.loads(line[7:])["run"]
        m = re.match(r"run\s+([0-9.]+)$", line)
        if m:
            inner = float(m.group(1)) * 1e-3
    return used.ru_utime + used.ru_stime, inner

def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--python", required=True)
    ap.add_argument("--network", required=True)
    ap.add_argument("--bouton", default=os.path.join(ROOT, "target/release/bouton"))
    ap.add_argument("-n", type=int, default=7)
    ap.add_argument("--core", default="0")
    ap.add_argument("--skip-netpyne", action="store_true")
    a = ap.parse_args()
    network = os.path.abspath(a.network)
    ours = lambda name, *more: [os.path.abspath(a.bouton), "run", os.path.join(HERE, name), "--times", "--threads", "1", *more]
    neuron = lambda how, tables: [a.python, os.path.join(HERE, "neuron_tut2.py"), network, how, tables]
    jobs = {
        "bouton, tutorial": ours("tut2.net"),
        "bouton, one synapse a connection": ours("each.net"),
        "bouton, one synapse a place": ours("shared.net"),
        "bouton, one a place, exact rates": ours("shared_exact.net"),
        "NEURON, one synapse a connection": neuron("each", "1"),
        "NEURON, one synapse a place": neuron("shared", "1"),
        "NEURON, one a place, exact rates": neuron("shared", "0"),
    }
    if not a.skip_netpyne:
        jobs["NetPyNE, tutorial"] = [a.python, os.path.join(HERE, "netpyne_tut2.py"), "full"]
        jobs["NetPyNE, network and run"] = [a.python, os.path.join(HERE, "netpyne_tut2.py"), "sim"]
    times = {name: [] for name in jobs}
    for _ in range(a.n):
        for name, command in jobs.items():
            times[name].append(run(command, a.core))
    cpu = next((l.split(":")[1].strip() for l in open("/proc/cpuinfo") if l.startswith("model name")), "?")
    print("machine: %s, kernel %s; %d rounds, core %s" % (cpu, platform.release(), a.n, a.core))
    freeze = subprocess.run([a.python, "-m", "pip", "freeze"], capture_output=True, text=True).stdout
    print("versions: " + ", ".join(l for l in freeze.splitlines() if re.match("(?i)(neuron|netpyne)==", l)))
    print("%-36s %10s %10s %10s %14s" % ("", "CPU s", "min", "run s", "ns/cell-step"))
    med = {}
    for name, list_ in times.items():
        whole = statistics.median(t[0] for t in list_)
        inner = statistics.median(t[1] for t in list_ if t[1] is not None)
        med[name] = (whole, inner)
        print("%-36s %10.3f %10.3f %10.4f %14.1f" % (name, whole, min(t[0] for t in list_), inner, inner * 1e9 / CELL_STEPS))
    ratio = lambda b, o, k: print("%-60s 1/%.1f" % ("%s over %s" % (o, b), med[b][k] / med[o][k]))
    print()
    if not a.skip_netpyne:
        ratio("NetPyNE, tutorial", "bouton, tutorial", 0)
    ratio("NEURON, one synapse a connection", "bouton, one synapse a connection", 1)
    ratio("NEURON, one synapse a place", "bouton, one synapse a place", 1)
    ratio("NEURON, one a place, exact rates", "bouton, one a place, exact rates", 1)

main()
