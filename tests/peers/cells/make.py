"""Structure of the cells in this folder as NEURON 9.0.2 builds them, a row a quantity: python make.py writes NAME.csv beside NAME.hoc and NAME.ses, and
NAME.txt of what is printed."""
import csv
import os
import subprocess
import sys

from neuron import h

h.load_file("stdrun.hoc")
here = os.path.dirname(os.path.abspath(__file__))


def parameters(of, density):
    kind = h.MechanismStandard(of, 1)
    name = h.ref("")
    found = []
    for k in range(int(kind.count())):
        kind.name(name, k)
        found.append(name[0][: -len(of) - 1] if density else name[0])
    return found


def rows(sec):
    yield "L", [sec.L]
    yield "Ra", [sec.Ra]
    for name in ("cm", "diam"):
        yield name, [getattr(seg, name) for seg in sec]
    yield "area", [seg.area() for seg in sec]
    yield "ri", [seg.ri() for seg in sec]
    parent = sec.parentseg()
    if parent:
        yield f"on {parent.sec.name()}", [parent.x, sec.orientation()]
    for mech in sec.psection()["density_mechs"]:
        for name in parameters(mech, True):
            yield f"{name}_{mech}", [getattr(getattr(seg, mech), name) for seg in sec]


if __name__ == "__main__":
    h.load_file(1, os.path.join(here, "branches.hoc"))
    cell = h.Branchy()
    with open(os.path.join(here, "branches.csv"), "w", newline="") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(["", "total", cell.total])
        table.writerow(["", "reach", cell.reach])
        table.writerow(["", cell.tag, 0])
        for sec in h.allsec():
            for name, values in rows(sec):
                table.writerow([sec.name(), name, *values])

    cell = None
    known = set(h.allsec())
    h.load_file(1, os.path.join(here, "builder.ses"))
    with open(os.path.join(here, "builder.csv"), "w", newline="") as out:
        table = csv.writer(out, lineterminator="\n")
        for sec in h.allsec():
            if sec not in known:
                for name, values in rows(sec):
                    table.writerow([sec.name(), name, *values])
        point = h.AlphaSynapse[0]
        for name in parameters("AlphaSynapse", False):
            table.writerow(["", name, getattr(point, name)])
        table.writerow(["", "place", point.get_segment().sec.name(), point.get_segment().x])

    # What is printed by hoc goes past Python's output.
    for name in ("domain", "trees"):
        told = subprocess.run([sys.executable, "-c", f"from neuron import h; h.load_file(1, '{name}.hoc')"], cwd=here, capture_output=True, text=True)
        with open(os.path.join(here, f"{name}.txt"), "w") as out:
            out.write(told.stdout)
