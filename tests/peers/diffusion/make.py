"""Writes tree.csv: what NEURON gives for a mechanism that diffuses along a tree (mod/spreads.mod), the model of tree.net.

    python make.py   (a Python with neuron==9.0.2, and a C++ compiler for nrnivmodl)
"""

import csv
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
PLACES = [("soma", 0.5), ("a", 0.1), ("a", 0.9), ("b", 0.125), ("b", 0.875)]
RUN = """
import csv, sys
from neuron import h
h.load_file("stdrun.hoc")
soma, a, b = (h.Section(name=n) for n in ("soma", "a", "b"))
for section, length, diam, nseg in [(soma, 20, 10, 3), (a, 40, 2, 5), (b, 30, 3, 4)]:
    section.L, section.diam, section.nseg = length, diam, nseg
    section.insert("spreads")
a.connect(soma(1))
b.connect(soma(1))
for segment in b:
    segment.extra_spreads = 0.01
traces = [h.Vector().record(getattr(eval(name)(x), reference), h.dt) for name, x in PLACES for reference in ("_ref_cai", "_ref_bound_spreads")]
h.dt, h.steps_per_ms = 0.025, 40
h.finitialize(-65)
h.continuerun(1.25)
rows = csv.writer(sys.stdout)
rows.writerows(zip(*traces))
"""


def main():
    with tempfile.TemporaryDirectory() as place:
        shutil.copy(os.path.join(HERE, "mod", "spreads.mod"), place)
        subprocess.run([os.path.join(os.path.dirname(sys.executable), "nrnivmodl")], cwd=place, check=True, capture_output=True)
        code = f"PLACES = {PLACES!r}\n{RUN}"
        done = subprocess.run([sys.executable, "-c", code], cwd=place, check=True, capture_output=True, text=True)
    lines = [line for line in done.stdout.splitlines() if line.count(",") == 2 * len(PLACES) - 1]
    with open(os.path.join(HERE, "tree.csv"), "w", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow([f"{what}_{name}_{x}" for name, x in PLACES for what in ("cai", "bound")])
        file.write("\n".join(lines) + "\n")


main()
