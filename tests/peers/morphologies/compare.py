"""Compares morphologies here with NEURON's Import3d: sections, lengths, areas, what hangs where.

    python compare.py [--bouton PATH] FILE.swc FILE.asc ...

Prints a line for each file, `equal` where everything is so to 1e-6, and how many are.
"""
import argparse
import json
import os
import subprocess
import sys

TOLERANCE = 1e-6


def neuron(path):
    """Runs in a process of its own, for a file that NEURON cannot read spoils the next: prints the sections of a file."""
    from neuron import h

    h.load_file("stdrun.hoc")
    h.load_file("import3d.hoc")
    reader = h.Import3d_Neurolucida3() if path.lower().endswith(".asc") else h.Import3d_SWC_read()
    reader.quiet = 1
    reader.input(path)
    h.Import3d_GUI(reader, 0).instantiate(None)
    rows = {}
    for sec in h.allsec():
        parent = sec.parentseg()
        on = [parent.sec.name(), parent.x] if parent else None
        rows[sec.name()] = [sec.L, sum(seg.area() for seg in sec), sec.n3d(), on]
    print("\n@@" + json.dumps(rows))


def total(areas):
    return sum(areas) if isinstance(areas, list) else areas


def close(a, b):
    return abs(a - b) <= TOLERANCE * max(abs(a), abs(b)) + 1e-12


def difference(ref, path, bouton):
    run = subprocess.run([bouton, "import", path, "--json"], capture_output=True, text=True)
    if run.returncode:
        return None, "refused: " + " ".join(run.stderr.split())[:200]
    got = {s["name"]: s for s in json.loads(run.stdout)["sections"]}
    if len(got) != len(ref):
        return len(ref), f"{len(ref)} sections, here {len(got)}"
    # NEURON gives an index to the only section of a kind, too; here it has none.
    for name, (length, area, points, on) in ref.items():
        own = got.get(name) or got.get(name.removesuffix("[0]"))
        if own is None:
            return len(ref), f"no {name}"
        if not close(length, own["L"]) or not close(area, total(own["areas"])):
            return len(ref), f"{name}: L {length} area {area}, here {own['L']} {total(own['areas'])}"
        parent = own["parent"]
        if (on is None) != (parent is None) or on and (on[0].removesuffix("[0]") != parent[0].removesuffix("[0]") or abs(on[1] - parent[1]) > 1e-6):
            return len(ref), f"{name} hangs on {on}, here on {parent}"
    return len(ref), None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("files", nargs="+")
    parser.add_argument("--bouton", default="bouton")
    parser.add_argument("--neuron", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.neuron:
        return neuron(args.files[0])
    env = dict(os.environ, NEURON_MODULE_OPTIONS="-nogui")
    equal = loaded = 0
    for path in args.files:
        ref = subprocess.run([sys.executable, __file__, "--neuron", path], capture_output=True, text=True, env=env)
        rows = json.loads(ref.stdout.split("@@")[1]) if "@@" in ref.stdout else None
        if not rows:
            print(f"{os.path.basename(path)}: NEURON does not read it")
            continue
        loaded += 1
        sections, found = difference(rows, path, args.bouton)
        equal += found is None
        print(f"{os.path.basename(path)}: {sections} sections:", found or "equal")
    print(f"{equal} of {loaded} that NEURON reads are equal")


if __name__ == "__main__":
    main()
