"""The models in NEURON. Usage: neuron_cells.py MODEL N table|exact|core FOLDER

core: CoreNEURON with the exact rates of mechanism hhe from FOLDER (compiled with nrnivmodl -coreneuron -incflags "-O3 -march=native -ffast-math").
Prints RESULT {json} with the CPU seconds of the run."""
import json, os, resource, sys
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import models as M

def cpu():
    u = resource.getrusage(resource.RUSAGE_SELF)
    return u.ru_utime + u.ru_stime

model, n, how = sys.argv[1], int(sys.argv[2]), sys.argv[3]
if how == "core":
    os.chdir(sys.argv[4])
    os.environ["CORENEURONLIB"] = os.path.join(sys.argv[4], "x86_64/libcorenrnmech.so")
from neuron import h
if how == "core" and not hasattr(h, "hhe"):
    h.nrn_load_dll(os.path.join(sys.argv[4], "x86_64/libnrnmech.so"))
HH = "hhe" if how == "core" else "hh"
pc, keep = h.ParallelContext(), []

def section(name, L, diam, nseg, Ra):
    s = h.Section(name=name)
    s.L, s.diam, s.nseg, s.Ra, s.cm = L, diam, nseg, Ra, 1
    s.insert(HH)
    return s

def detect(gid, soma, threshold):
    pc.set_gid2node(gid, 0)
    nc = h.NetCon(soma(0.5)._ref_v, None, sec=soma)
    nc.threshold = threshold
    pc.cell(gid, nc)
    keep.append(nc)

def synapse(place, tau):
    s = h.ExpSyn(place)
    s.tau, s.e = tau, 0
    keep.append(s)
    return s

def stimulus(target, start, interval, number, weight):
    s = h.NetStim()
    s.start, s.interval, s.number, s.noise = start, interval, number, 0
    nc = h.NetCon(s, target)
    nc.weight[0], nc.delay = weight, 1
    keep.extend([s, nc])

def tree(list_, Ra, cell):
    secs = []
    for k, (parent, L, diam, nseg) in enumerate(list_):
        s = section("c%d_%d" % (cell, k), L, diam, nseg, Ra)
        if parent is not None:
            s.connect(secs[parent](1), 0)
        secs.append(s)
    keep.append(secs)
    return secs

def ring():
    m, r = M.RING, M.RING["cells_in_ring"]
    somas = [section("c%d" % i, m["L"], m["diam"], 1, 35.4) for i in range(n)]
    keep.append(somas)
    syns = [synapse(s(0.5), m["tau"]) for s in somas]
    for i, s in enumerate(somas):
        detect(i, s, m["threshold"])
    for i in range(n):
        nc = pc.gid_connect(i // r * r + (i - 1) % r, syns[i])
        nc.weight[0], nc.delay = m["weight"], m["delay"]
        keep.append(nc)
    for k in range(n // r):
        stimulus(syns[k * r], M.kick(k) - 1, 10, 1, m["weight"])
    return m["duration"]

def branched():
    m = M.BRANCHED
    for c in range(n):
        secs = tree(M.branching(), m["Ra"], c)
        detect(c, secs[0], m["threshold"])
        for k, d in enumerate(m["places"]):
            first, interval, number = M.trains(c, k)
            stimulus(synapse(secs[d](0.5), m["tau"]), first - 1, interval, number, m["weight"])
    return m["duration"]

def cell():
    m = M.CELL
    for c in range(n):
        secs = tree(M.tree(), m["Ra"], c)
        for k, s in enumerate(secs):
            if k:
                s.insert("pas")
            for x in s:
                hh = getattr(x, HH)
                hh.gnabar, hh.gkbar, hh.gl = m["dendrite"] if k else m["soma"]
                if k:
                    x.pas.g, x.pas.e = m["pas"]
        detect(c, secs[0], m["threshold"])
        clamp = h.IClamp(secs[0](0.5))
        clamp.delay, clamp.dur, clamp.amp = m["start"], m["length"], m["amplitude"]
        keep.append(clamp)
    return m["duration"]

duration = {"ring": ring, "branched": branched, "cell": cell}[model]()
times, ids = h.Vector(), h.Vector()
pc.spike_record(-1, times, ids)
if HH == "hh":
    h.usetable_hh = how == "table"
h.celsius, h.dt = 6.3, M.DT
h.CVode().cache_efficient(1)
pc.set_maxstep(10)
if how == "core":
    from neuron import coreneuron
    coreneuron.enable, coreneuron.verbose = True, 0
before = cpu()
h.finitialize(-65)
pc.psolve(duration)
print("\nRESULT " + json.dumps({"run": cpu() - before, "spikes": int(times.size()), "first": sorted(times)[:1], "last": sorted(times)[-1:]}), flush=True)
if how == "core":
    h.quit()
