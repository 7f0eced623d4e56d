"""Writes this folder's files with NEURON 9.0.2 (pip install neuron==9.0.2). Usage: make.py [FOLDER]"""
import csv, os, sys
folder = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(__file__))
from neuron import h
h.load_file("stdrun.hoc")

def soma():
    s = h.Section(name="soma")
    s.L = s.diam = 20
    s.insert("hh")
    return s

def run(name, s, tstop=20.0):
    v, t = h.Vector().record(s(0.5)._ref_v), h.Vector().record(h._ref_t)
    h.dt, h.steps_per_ms, h.celsius = 0.025, 40, 6.3
    h.finitialize(-65)
    h.continuerun(tstop)
    with open(os.path.join(folder, name + ".csv"), "w", newline="") as f:
        w = csv.writer(f, lineterminator="\n")
        w.writerow(["t_ms", "v_mV"])
        w.writerows(list(zip(t, v))[::4])

s = soma()
alpha = h.AlphaSynapse(s(0.5))
alpha.onset, alpha.tau, alpha.gmax, alpha.e = 2.03, 0.7, 0.02, -5
run("alpha", s)
del alpha

se = h.SEClamp(s(0.5))
se.rs, se.dur1, se.amp1, se.dur2, se.amp2, se.dur3, se.amp3 = 0.8, 3, -70, 5.01, -20, 4, -50
run("seclamp", s)
del se

for name, tau2, fac in [("vclamp", 0, 0), ("vclamp_slow", 0.05, 0.1)]:
    vc = h.VClamp(s(0.5))
    vc.dur[0], vc.amp[0], vc.dur[1], vc.amp[1], vc.dur[2], vc.amp[2] = 3, -70, 5.01, -20, 4, -50
    vc.gain, vc.rstim, vc.tau1, vc.tau2, vc.fac = 1e4, 0.9, 0.002, tau2, fac
    run(name, s)
    del vc
