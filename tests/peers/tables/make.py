"""What mechanisms with tables give in NEURON 9.0.2: nrnivmodl mod; python make.py writes neuron.csv."""
import csv
import os

from neuron import h

here = os.path.dirname(os.path.abspath(__file__))
h.load_file("stdrun.hoc")
h.load_file(1, os.path.join(here, "cell.hoc"))
cell = h.Filled()
values = {
    "soma": cell.soma(0.5)._ref_v,
    "dend": cell.dend(0.7)._ref_v,
    "m": cell.soma(0.5)._ref_m_gated,
    "h": cell.dend(0.7)._ref_h_gated,
    "tau": cell.soma(0.5)._ref_tau_gated,
    "g": cell.fall._ref_g,
}
records = {name: h.Vector().record(ref) for name, ref in values.items()}
stim = h.NetStim()
stim.start, stim.number, stim.interval = 7.3, 3, 6
events = h.NetCon(stim, cell.fall)
events.weight[0], events.delay = 0.008, 1
h.cvode_active(0)
h.dt, h.celsius = 0.025, 6.3
h.finitialize(-65)
while h.t < 25 - 0.0125:
    h.fadvance()
print(cell.soma.gbar_gated)
with open(os.path.join(here, "neuron.csv"), "w", newline="") as out:
    table = csv.writer(out, lineterminator="\n")
    table.writerow(["t", *records])
    for k in range(0, 1001, 10):
        table.writerow([k * 0.025, *(repr(one[k]) for one in records.values())])
# Between, at and beyond points; points that do not ascend; one point.
cases = [
    ([-90, -71.3, -60, -33, 5], [9, 14, 6.5, 2, 1.2]),
    ([-60, -90, 5, -33], [1, 2, 3, 4]),
    ([-60, -60, 5], [1, 2, 3]),
    ([-60], [7]),
]
with open(os.path.join(here, "looked_up.csv"), "w", newline="") as out:
    table = csv.writer(out, lineterminator="\n")
    table.writerow(["points", "values", "x", "y"])
    for points, numbers in cases:
        y, x = h.Vector(numbers), h.Vector(points)
        h.table_idle_gated(y, x)
        for at in [-200, -90, -80.1, -71.3, -60, -59.999, -33, -10.7, 5, 5.1]:
            table.writerow([" ".join(map(str, points)), " ".join(map(str, numbers)), at, repr(h.idle_gated(at))])
    y = h.Vector([0.3, 0.5, 0.11, 7])
    h.table_idle_gated(y._ref_x[0], 4, -60.5, 40.25)
    for at in [-61, -60.5, -60.4999, -26.9166666, -3.3, 40.2499999999, 40.25, 41]:
        table.writerow(["-60.5 .. 40.25", "0.3 0.5 0.11 7", at, repr(h.idle_gated(at))])
