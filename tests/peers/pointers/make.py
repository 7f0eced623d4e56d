"""What mechanisms that read each other by pointers give in NEURON 9.0.2: nrnivmodl mod; python make.py writes neuron.csv."""
import csv
import os

from neuron import h

here = os.path.dirname(os.path.abspath(__file__))
h.load_file("stdrun.hoc")
h.load_file(1, os.path.join(here, "cell.hoc"))
cell = h.Pointing()
values = {
    "soma": cell.soma(0.5)._ref_v,
    "end": cell.dend[0](1)._ref_v,
    "far.trace": cell.far._ref_trace,
    "far.kept": cell.far._ref_kept,
    "near.trace": cell.near._ref_trace,
    "near.kept": cell.near._ref_kept,
    "third.trace": h.AReader[2]._ref_trace,
    "third.kept": h.AReader[2]._ref_kept,
    "x0": cell.dend[0](0.5).zreader._ref_x,
    "y0": cell.dend[0](0.1).zreader._ref_z,
    "x1": cell.dend[1](0.5).zreader._ref_x,
    "y1": cell.dend[1](0.9).zreader._ref_z,
}
records = {name: h.Vector().record(ref) for name, ref in values.items()}
stim = h.NetStim()
stim.start, stim.number, stim.interval = 7.3, 2, 5
events = h.NetCon(stim, cell.far)
events.weight[0], events.delay = 0.1, 1
h.cvode_active(0)
h.dt, h.celsius = 0.025, 6.3
h.finitialize(-65)
while h.t < 25 - 0.0125:
    h.fadvance()
with open(os.path.join(here, "neuron.csv"), "w", newline="") as out:
    table = csv.writer(out, lineterminator="\n")
    table.writerow(["t", *records])
    for k in range(0, 1001, 10):
        table.writerow([k * 0.025, *(repr(one[k]) for one in records.values())])
