"""What NEURON computes of the cell of `styled.hoc`: `python styled.py` in an environment with NEURON 9.0.2, beside a library built by `nrnivmodl mod`. Writes
styled.csv: a sample every 2 ms."""
from neuron import h

h.load_file("stdrun.hoc")
h.load_file(1, "styled.hoc")
h.usetable_hh = 0
h.celsius = 10
h.dt = 0.025
cell = h.Styled()
clamp = h.IClamp(cell.soma(0.5))
clamp.delay, clamp.dur, clamp.amp = 20, 60, 0.15
columns = {"soma_v": cell.soma(0.5)._ref_v, "dend_v": cell.dend(0.5)._ref_v, "tip_v": cell.tip(0.5)._ref_v,
           "soma_cai": cell.soma(0.5)._ref_cai, "soma_ica": cell.soma(0.5)._ref_ica, "tip_ica": cell.tip(0.5)._ref_ica}
traces = [h.Vector().record(reference, 2.0) for reference in columns.values()]
h.finitialize(-65)
for _ in range(4000):
    h.fadvance()
with open("styled.csv", "w") as out:
    print(",".join(columns), file=out)
    for row in zip(*traces):
        print(",".join(repr(x) for x in row), file=out)
