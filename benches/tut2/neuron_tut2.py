"""The same network by hand in NEURON. Usage: neuron_tut2.py NETWORK_DIR shared|each TABLES(0|1)

Connections and generator times come from NETWORK_DIR (connections.csv, netstim_events.csv, as made by NetPyNE).
shared: one synapse on a cell serves all its connections; each: every connection has its own, as NetPyNE makes them (280).
Prints RESULT {json} with the CPU seconds of the run."""
import csv, json, os, resource, sys

def cpu():
    u = resource.getrusage(resource.RUSAGE_SELF)
    return u.ru_utime + u.ru_stime

from neuron import h
folder, instances, tables = sys.argv[1], sys.argv[2], int(sys.argv[3])
pc = h.ParallelContext()

def synapse(soma):
    s = h.Exp2Syn(soma(0.5))
    s.tau1, s.tau2, s.e = 0.1, 5, 0
    return s

somas, shared, keep = [], [], []
for i in range(40):
    soma = h.Section(name="c%d" % i)
    soma.L = soma.diam = 18.8
    soma.Ra = 123
    soma.insert("hh")
    hh = soma(0.5).hh
    hh.gnabar, hh.gkbar, hh.gl, hh.el = 0.12, 0.036, 0.003, -70
    pc.set_gid2node(i, 0)
    spike = h.NetCon(soma(0.5)._ref_v, None, sec=soma)
    spike.threshold = 10
    pc.cell(i, spike)
    somas.append(soma)
    shared.append(synapse(soma))
    keep.append(spike)

def target(cell):
    if instances == "shared":
        return shared[cell]
    keep.append(synapse(somas[cell]))
    return keep[-1]

inputs = {}
for row in csv.DictReader(open(os.path.join(folder, "connections.csv"))):
    post = int(row["postGid"])
    if row["preGid"] == "NetStim":
        inputs[post] = h.NetCon(None, target(post))
        inputs[post].weight[0] = float(row["weight"])
    else:
        nc = pc.gid_connect(int(row["preGid"]), target(post))
        nc.weight[0], nc.delay = float(row["weight"]), float(row["delay"])
        keep.append(nc)
if instances == "each":
    shared.clear()
events = [(int(r["target_gid"]), float(r["t_ms"])) for r in csv.DictReader(open(os.path.join(folder, "netstim_events.csv")))]
start = h.FInitializeHandler(lambda: [inputs[c].event(t + 5) for c, t in events])
h.usetable_hh = tables
times, ids = h.Vector(), h.Vector()
pc.spike_record(-1, times, ids)
v = h.Vector().record(somas[20](0.5)._ref_v, 0.1)
h.celsius, h.dt = 6.3, 0.025
pc.set_maxstep(10)
before = cpu()
h.finitialize(-65)
pc.psolve(1000.0)
print("RESULT " + json.dumps({"run": cpu() - before, "spikes": int(times.size())}))
