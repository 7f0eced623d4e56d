"""Imported cells: the network of nine models beside NetPyNE, the time to import a cell of 88 sections, the memory of 100 copies of it.

Usage: importing.py ORIGINALS --neuron VENV/bin/python [--bouton target/release/bouton] [-n ROUNDS]
ORIGINALS is the tutorial's folder of NetPyNE's documentation (tut_import.py, pyr3_traub.hoc, ..., mod/). Whole processes, interleaved, medians; the compilation of
mechanisms by nrnivmodl comes before and is not counted. The population of a morphology file, which our example does not have, is taken out of NetPyNE's script.

Memory is the largest resident set of the whole process, as the system tells it: with what the allocator holds and does not use, and with what is there only while the network is built. Copies may take pages again that reading and
building had freed by then, so a hundred of them can seem cheaper than they are; what 100 to 1,000 copies cost has nothing of that."""
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

PEAK = "import resource,subprocess,sys; subprocess.run(sys.argv[1:], capture_output=True, check=True); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"

def copies(bouton, place, count, rounds):
    "The largest resident set of a run of so many copies (bytes, median), and the state rows of a copy as `bouton plan` prints them."
    text = 'import mechanisms "mod/*.mod"\ncell T = import "pyr3_traub.hoc" template pyr3 { spike at comp[1](0.5) }\npopulation p: T[%d]\nsimulation { duration = 1 ms }\nrun\n' % count
    name = "copies%d.net" % count
    open(os.path.join(place, name), "w").write(text)
    row = int(re.search(r"lanes of (\d+) bytes", timed([bouton, "plan", name], place)[2]).group(1))
    run = lambda: int(subprocess.run([sys.executable, "-c", PEAK, bouton, "run", name], cwd=place, capture_output=True, text=True, check=True).stdout)
    return 1024 * statistics.median(run() for _ in range(rounds)), row

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
    (one, row), (some, _), (many, _) = (copies(bouton, place, count, a.n) for count in (1, 100, 1000))
    for count, peak in ((100, some), (1000, many)):
        more = (peak - one) / (count - 1)
        print("%d copies: %.2f kB a copy more than one takes, state rows %.2f kB, %.2f times" % (count, more / 1e3, row / 1e3, more / row))
    print("from 100 to 1000 copies: %.2f times their rows" % ((many - some) / 900 / row))

main()
