"""Writes this folder's files with NEURON 9.0.2 (pip install neuron==9.0.2). Usage: make.py [FOLDER]"""
import csv, os, sys
folder = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(__file__))
from neuron import h
h.load_file("stdrun.hoc")
pc = h.ParallelContext()
soma, dend = h.Section(name="soma"), h.Section(name="dend")
soma.L = soma.diam = 20
dend.L, dend.diam, dend.nseg = 100, 2, 3
dend.connect(soma(1))
for sec in (soma, dend):
    sec.Ra, sec.cm = 35.4, 1
soma.insert("hh")
dend.insert("pas")
for seg in dend:
    seg.pas.g, seg.pas.e = 0.001, -65
exc, inh = h.Exp2Syn(soma(0.5)), h.Exp2Syn(dend(0.5))
exc.tau1, exc.tau2, exc.e = 0.2, 2, 0
inh.tau1, inh.tau2, inh.e = 0.5, 3, -80
clamp = h.IClamp(dend(1))
clamp.delay, clamp.dur, clamp.amp = 12, 3, 0.2
keep = []
for syn, start, weight in ((exc, 2, 0.02), (inh, 3, 0.01)):
    stim = h.NetStim()
    stim.start, stim.interval, stim.number, stim.noise = start, 7, 3, 0
    con = h.NetCon(stim, syn)
    con.weight[0], con.delay = weight, 1
    keep += [stim, con]
names = ["v", "ina", "ik", "il", "m", "exc_i", "exc_g", "inh_i", "inh_g", "pas_i", "clamp_i", "dend_v"]
refs = [soma(0.5)._ref_v, soma(0.5)._ref_ina, soma(0.5)._ref_ik, soma(0.5).hh._ref_il, soma(0.5).hh._ref_m, exc._ref_i, exc._ref_g,
        inh._ref_i, inh._ref_g, dend(0.5).pas._ref_i, clamp._ref_i, dend(0.5)._ref_v]
h.celsius, h.dt = 6.3, 0.025
pc.set_maxstep(10)


def write(name, header, columns):
    with open(os.path.join(folder, name), "w", newline="") as f:
        w = csv.writer(f, lineterminator="\n")
        w.writerow(header)
        w.writerows(zip(*columns))


# Each step, and by events every 0.1 ms and 0.11 ms, which no whole number of steps makes.
for file, every in (("each_step.csv", None), ("every_0.1.csv", 0.1), ("every_0.11.csv", 0.11)):
    vectors = [h.Vector().record(r, *([every] if every else [])) for r in [h._ref_t] + refs]
    h.finitialize(-65)
    pc.psolve(25)
    write(file, ["t"] + names, [list(v) for v in vectors])

# A conductance and a weight changed between two runs: both act at once, states stay.
vectors = [h.Vector().record(r) for r in [h._ref_t] + refs]
h.finitialize(-65)
pc.psolve(8)
soma(0.5).hh.gnabar = 0.09
keep[1].weight[0] = 0.005
for seg in dend:
    seg.pas.g = 0.002
pc.psolve(25)
write("changed.csv", ["t"] + names, [list(v) for v in vectors])
