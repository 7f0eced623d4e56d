"""Sections of the morphologies in this folder as NEURON 9.0.2's Import3d makes them: python make.py writes sections.csv."""
import csv
import glob
import os

from neuron import h

h.load_file("stdrun.hoc")
h.load_file("import3d.hoc")
here = os.path.dirname(os.path.abspath(__file__))

with open(os.path.join(here, "sections.csv"), "w", newline="") as out:
    table = csv.writer(out, lineterminator="\n")
    for path in sorted(glob.glob(os.path.join(here, "*.swc"))):
        for sec in list(h.allsec()):
            h.delete_section(sec=sec)
        reader = h.Import3d_SWC_read()
        reader.quiet = 1
        reader.input(path)
        h.Import3d_GUI(reader, 0).instantiate(None)
        for sec in h.allsec():
            parent = sec.parentseg()
            on = [parent.sec.name(), parent.x] if parent else ["", 0]
            table.writerow([os.path.basename(path), sec.name(), sec.L, sum(seg.area() for seg in sec), sec.n3d(), *on])
