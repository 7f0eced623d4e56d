"""What NEURON computes of the model of `model.net`: `python make.py` in an environment with NEURON 9.0.2, beside a library built by
`nrnivmodl mod`. Writes first_order.csv, potentials.csv and second_order.csv: a sample every 2 ms."""
from neuron import h

h.load_file("stdrun.hoc")
h.usetable_hh = 0
h.celsius = 10
h.mgo0_mg_ion = 1.5
soma, dend, tip, twig = (h.Section(name=name) for name in ("soma", "dend", "tip", "twig"))
for section, L, diam, nseg in ((soma, 20, 20, 1), (dend, 200, 2, 3), (tip, 100, 1, 2), (twig, 50, 1, 1)):
    section.L, section.diam, section.nseg, section.Ra = L, diam, nseg, 100
dend.connect(soma(1))
tip.connect(dend(1))
twig.connect(dend(0.5))
for section, names in (
    (soma, "hh a_pool b_buffer c_ghk d_kout f_pump j_sense"),
    (dend, "pas a_pool c_ghk d_kout i_cal j_sense"),
    (tip, "hh g_leak h_mgin i_cal l_ekset"),
    (twig, "pas i_cal j_sense"),
):
    for name in names.split():
        section.insert(name)
for segment in dend:
    segment.c_ghk.pmax = 5e-5
    segment.a_pool.tau = 40
for section in (dend, twig):
    for segment in section:
        segment.pas.g, segment.pas.e = 1e-4, -65
for segment in tip:
    segment.hh.gnabar, segment.hh.gkbar = 0.02, 0.01
    segment.eca = 140
twig.eca = 140
clamp = h.IClamp(soma(0.5))
clamp.delay, clamp.dur, clamp.amp = 20, 180, 0.15
synapses, keep = [], []
for start in (5.01, 12.34):
    synapse = h.e_casyn(dend(0.5))
    source = h.NetStim()
    source.start, source.interval, source.number = start, 20.03, 12
    connection = h.NetCon(source, synapse)
    connection.delay, connection.weight[0] = 1, 0.002
    synapses.append(synapse)
    keep += [source, connection]

columns = {
    "soma_v": soma(0.5)._ref_v, "dend_v": dend(0.9)._ref_v, "tip_v": tip(0.9)._ref_v, "twig_v": twig(0.5)._ref_v,
    "soma_cai": soma(0.5)._ref_cai, "soma_eca": soma(0.5)._ref_eca, "soma_ica": soma(0.5)._ref_ica,
    "soma_ghk": soma(0.5).c_ghk._ref_ica, "soma_ko": soma(0.5)._ref_ko, "soma_ek": soma(0.5)._ref_ek, "soma_ik": soma(0.5)._ref_ik,
    "soma_bound": soma(0.5).b_buffer._ref_bound, "dend_cai": dend(0.5)._ref_cai, "dend_ica": dend(0.5)._ref_ica,
    "syn_ica": synapses[0]._ref_ica, "tip_mgi": tip(0.3)._ref_mgi, "tip_emg": tip(0.3)._ref_emg, "tip_img": tip(0.3)._ref_img,
    "tip_ek": tip(0.3)._ref_ek, "tip_eca": tip(0.3)._ref_eca, "twig_eca": twig(0.5)._ref_eca, "twig_ica": twig(0.5)._ref_ica,
}
for order, name in ((0, "first_order"), (1, "potentials"), (2, "second_order")):
    h.secondorder, h.dt = order, 0.025
    traces = [h.Vector().record(reference, 2.0) for reference in columns.values()]
    h.finitialize(-65)
    for _ in range(12000):
        h.fadvance()
    with open(name + ".csv", "w") as out:
        print(",".join(columns), file=out)
        for row in zip(*traces):
            print(",".join(repr(x) for x in row), file=out)
    print(name, len(traces[0]), max(traces[0]), max(traces[4]))
