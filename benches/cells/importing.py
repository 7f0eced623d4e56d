"""Imported cells: the network of nine models beside NetPyNE, the time to import a cell of 88 sections, the memory of 100 copies of it.

Usage: importing.py ORIGINALS --neuron VENV/bin/python [--bouton target/release/bouton] [-n ROUNDS]
ORIGINALS is the tutorial's folder of NetPyNE's documentation (tut_import.py, pyr3_traub.hoc, ..., mod/). Whole processes, interleaved, medians; the compilation of
mechanisms by nrnivmodl comes before and is not counted. The population of a morphology file, which our example does not have, is taken out of NetPyNE's script."""
import argparse, os, re, resource, shutil, statistics, subprocess, sys, tempfile, time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

def timed(command, folder, env=None):
    "CPU and wall seconds of a process with its children, and what it printed."
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    p = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True)
    wall, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if p.returncode:
        sys.exit("%s failed:\n%s%s" % (" ".join(command), p.stdout[-800:], p.stderr[-800:]))
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall, p.stdout + p.stderr

def without_swc(text):
    "NetPyNE's script without the population HH3D_swc and its rule."
    lines, out, skip = text.splitlines(keepends=True), [], False
    for line in lines:
        if line.startswith("### "):
            skip = "SWC" in line
        if not skip and "HH3D_pop_swc" not in line:
            out.append(line)
    return "".join(out)

def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("originals")
    ap.add_argument("--neuron", required=True)
    ap.add_argument("--bouton", default=os.path.join(ROOT, "target/release/bouton"))
    ap.add_argument("-n", type=int, default=5)
    a = ap.parse_args()
    bouton = os.path.abspath(a.bouton)
    place = os.path.join(tempfile.mkdtemp(), "o")
    shutil.copytree(a.originals, place)
    subprocess.run([os.path.join(os.path.dirname(a.neuron), "nrnivmodl"), "mod"], cwd=place, check=True, capture_output=True)
    script = without_swc(open(place + "/tut_import.py").read())
    open(place + "/nine.py", "w").write(script)
    env = dict(os.environ, MPLBACKEND="Agg")
    theirs, ours, imports = [], [], []
    out = tempfile.mkdtemp()
    for _ in range(a.n):
        theirs.append(timed([a.neuron, "nine.py"], place, env)[:2])
        ours.append(timed([bouton, "run", ROOT + "/examples/tut_import.net", "--allow", "python", "--out", out, "--quiet"], ROOT)[:2])
        imports.append(timed([bouton, "import", "pyr3_traub.hoc", "--template", "pyr3", "--mod", "mod/*.mod"], place)[:2])
    median = lambda rows, k: statistics.median(row[k] for row in rows)
    for name, k in (("CPU", 0), ("wall", 1)):
        print("network, %s: bouton %.3f s, NetPyNE %.2f s, 1/%.1f" % (name, median(ours, k), median(theirs, k), median(theirs, k) / median(ours, k)))
    print("import of 88 sections: %.0f ms CPU, %.0f ms wall" % (1e3 * median(imports, 0), 1e3 * median(imports, 1)))
    for count in (1, 100):
        text = 'import mechanisms "mod/*.mod"\ncell T = import "pyr3_traub.hoc" template pyr3 { spike at comp[1](0.5) }\npopulation p: T[%d]\nsimulation { duration = 1 ms }\nrun\n' % count
        open(place + "/copies%d.net" % count, "w").write(text)
        plan = timed([bouton, "plan", "copies%d.net" % count], place)[2]
        print("%d copies:" % count, "; ".join(re.sub(r"\s+", " ", line).strip() for line in plan.splitlines() if re.search("memory|rows|MB|KiB|MiB|bytes", line)))
        peak = subprocess.run([sys.executable, "-c", "import resource,subprocess,sys; subprocess.run(sys.argv[1:], capture_output=True); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)", bouton, "run", "copies%d.net" % count], cwd=place, capture_output=True, text=True)
        print("   largest resident set of the run: %d KiB" % int(peak.stdout))

main()
