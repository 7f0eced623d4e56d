"""What NEURON computes of the model of `model.net`: `python make.py` in an environment with NEURON 9.0.2, beside a library built by
`nrnivmodl mod`. Writes neuron.csv: a sample every 2 ms."""
from neuron import h

h.load_file("stdrun.hoc")
h.celsius = 10
soma, dend, tip, twig = (h.Section(name=name) for name in ("soma", "dend", "tip", "twig"))
for section, L, diam, nseg in ((soma, 20, 20, 1), (dend, 200, 2, 3), (tip, 100, 1, 2), (twig, 50, 1.5, 1)):
    section.L, section.diam, section.nseg, section.Ra = L, diam, nseg, 100
dend.connect(soma(1))
tip.connect(dend(1))
twig.connect(dend(0.5))
for section, names in ((soma, "a_left b_next"), (dend, "a_left c_chase"), (tip, "b_next c_chase"), (twig, "a_left b_next c_chase")):
    for name in ["pas", *names.split()]:
        section.insert(name)
    for segment in section:
        segment.pas.g, segment.pas.e = 1e-4, -65
for segment in dend:
    segment.a_left.gbar = 0.0003
clamp = h.IClamp(soma(0.5))
clamp.delay, clamp.dur, clamp.amp = 20, 100, 0.1
synapses, keep = [], []
for place, start, interval, weight in ((tip(0.9), 5, 7, 0.002), (soma(0.5), 8, 11, 0.001)):
    synapse = h.d_told(place)
    source = h.NetStim()
    source.start, source.interval, source.number, source.noise = start, interval, 40, 0
    connection = h.NetCon(source, synapse)
    connection.delay, connection.weight[0] = 1, weight
    synapses.append(synapse)
    keep += [source, connection]
synapses[1].tau = 3

columns = {
    "soma_v": soma(0.5)._ref_v, "tip_v": tip(0.75)._ref_v, "soma_h": soma(0.5).a_left._ref_h, "twig_h": twig(0.5).a_left._ref_h,
    "dend_minf": h._ref_minf_a_left, "soma_n": soma(0.5).b_next._ref_n, "tip_n": tip(0.75).b_next._ref_n,
    "twig_n": twig(0.5).b_next._ref_n, "soma_seen": soma(0.5).b_next._ref_seen, "tip_seen": tip(0.25).b_next._ref_seen,
    "dend_x": dend(0.5).c_chase._ref_x, "twig_x": twig(0.5).c_chase._ref_x, "tip_x": tip(0.75).c_chase._ref_x,
    "far_g": synapses[0]._ref_g, "near_g": synapses[1]._ref_g,
}
h.dt = 0.025
traces = [h.Vector().record(reference, 2.0) for reference in columns.values()]
h.finitialize(-65)
for _ in range(8000):
    h.fadvance()
with open("neuron.csv", "w") as out:
    print(",".join(columns), file=out)
    for row in zip(*traces):
        print(",".join(repr(x) for x in row), file=out)
print(len(traces[0]), max(traces[0]))
