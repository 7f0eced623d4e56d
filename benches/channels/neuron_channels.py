"""The models in NEURON. Usage: neuron_channels.py MODEL N table|exact   in a folder where nrnivmodl has built the .mod files

Prints RESULT {json} with the CPU seconds of the run and the last potential of the last clamped place (mV)."""
import json, os, resource, sys
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import traub as M
from neuron import h

model, n, how = sys.argv[1], int(sys.argv[2]), sys.argv[3]
h.load_file("stdrun.hoc")
pc, keep = h.ParallelContext(), []

def cpu():
    u = resource.getrusage(resource.RUSAGE_SELF)
    return u.ru_utime + u.ru_stime

def section(L, diam, nseg, channels):
    s = h.Section(name="s%d" % len(keep))
    s.L, s.diam, s.nseg = L, diam, nseg
    s.insert("pas")
    s.g_pas, s.e_pas = M.PAS
    if "cal" in channels:
        s.insert("cad")
        s.phi_cad, s.beta_cad, h.ceiling_cad = M.CAD["phi"], M.CAD["beta"], M.CAD["ceiling"]
    for name, g in channels.items():
        s.insert(name)
        setattr(s, "gbar_" + name, g)
    s.ena, s.ek = 50, -95
    keep.append(s)
    return s

def clamp(place, k):
    c = h.IClamp(place)
    c.delay, c.dur, c.amp = 2, 1000, M.amplitude(model, k)
    keep.append(c)

if model == "isolated":
    for k in range(n):
        last = section(20, 20, 1, M.EIGHT)(0.5)
        clamp(last, k)
elif model == "cable":
    last = section(*M.CABLE, n, M.EIGHT)(0.5 / n)
    clamp(last, 0)
else:
    for k in range(n):
        tree = []
        for parent, L, diam, nseg in M.cells.tree():
            s = section(L, diam, nseg, M.TEN)
            s.Ra = 100
            if parent is not None:
                s.connect(tree[parent](1), 0)
            tree.append(s)
        last = tree[0](0.5)
        clamp(last, k)
if how == "exact":
    for name in M.EIGHT.keys() | M.TEN.keys():
        if hasattr(h, "usetable_" + name):
            setattr(h, "usetable_" + name, 0)
h.celsius, h.dt, h.steps_per_ms = 34, M.DT, 1 / M.DT
h.cvode.cache_efficient(1)
pc.set_maxstep(10)
before = cpu()
h.finitialize(-70)
pc.psolve(M.DURATION[model])
print("RESULT " + json.dumps({"run": cpu() - before, "v": last.v}))
