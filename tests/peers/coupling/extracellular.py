"""Writes extracellular.csv with NEURON 9.0.2 (pip install neuron==9.0.2): a branched cell with extracellular space. Usage: extracellular.py [FOLDER]"""
import csv, os, sys
folder = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(__file__))
from neuron import h
h.load_file("stdrun.hoc")

def write(name, header, rows):
    with open(os.path.join(folder, name), "w", newline="") as f:
        w = csv.writer(f, lineterminator="\n")
        w.writerow(header)
        w.writerows(rows)

def extracellular():
    soma, left, right = (h.Section(name=n) for n in ("xsoma", "xleft", "xright"))
    soma.L, soma.diam, soma.Ra = 20, 20, 100
    soma.insert("hh")
    for dend, length, diam, nseg, x in ((left, 150, 2, 3, 1), (right, 220, 1.5, 5, 0.5)):
        dend.L, dend.diam, dend.Ra, dend.nseg = length, diam, 100, nseg
        dend.connect(soma(x))
        dend.insert("pas")
        for seg in dend:
            seg.pas.g, seg.pas.e = 0.0005, -65
    for sec, xraxial, xg, xc, e in ((soma, (20, 2), (0.02, 0.01), (0.1, 0.2), 3), (left, (30, 3), (0.01, 0.005), (0, 0.3), -5),
                                    (right, (1e3, 50), (0.002, 0.1), (0.5, 0), 0)):
        sec.insert("extracellular")
        for seg in sec:
            for k in range(2):
                seg.xraxial[k], seg.xg[k], seg.xc[k] = xraxial[k], xg[k], xc[k]
            seg.e_extracellular = e
    stim = h.IClamp(soma(0.5))
    stim.delay, stim.dur, stim.amp = 2, 3, 0.4
    clamp = h.SEClamp(right(0.9))
    clamp.dur1, clamp.amp1, clamp.rs = 1, -70, 20
    syn = h.ExpSyn(left(0.5))
    syn.tau, syn.e = 2, 0
    source = h.NetStim()
    source.start, source.number = 8, 1
    con = h.NetCon(source, syn)
    con.delay, con.weight[0] = 1, 0.02
    h.celsius, h.dt, h.steps_per_ms = 6.3, 0.025, 40
    places = (soma(0.5), left(0.5), right(0.9))
    names, traces = ["t_ms"], []
    for place in places:
        for name, ref in (("v", place._ref_v), ("vext0", place._ref_vext[0]), ("i_membrane", place._ref_i_membrane)):
            names.append("%s_%s" % (place.sec.name()[1:], name))
            traces.append(h.Vector().record(ref))
    h.finitialize(-65)
    h.continuerun(20)
    write("extracellular.csv", names, [[0.025 * k] + [repr(float(v[k])) for v in traces] for k in range(0, 801, 20)])

extracellular()
