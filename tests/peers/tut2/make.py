"""Writes this folder's files with NetPyNE 1.1.1 on NEURON 9.0.2 (pip install neuron==9.0.2 netpyne==1.1.1). Usage: make.py [FOLDER]"""
import csv, os, sys, tempfile
folder = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(__file__))
os.environ.setdefault("MPLBACKEND", "Agg")
from netpyne import sim, specs
os.chdir(tempfile.mkdtemp())
net = specs.NetParams()
net.cellParams["PYR"] = {"secs": {"soma": {
    "geom": {"diam": 18.8, "L": 18.8, "Ra": 123.0},
    "mechs": {"hh": {"gnabar": 0.12, "gkbar": 0.036, "gl": 0.003, "el": -70}}}}}
for name in "SM":
    net.popParams[name] = {"cellType": "PYR", "numCells": 20}
net.synMechParams["exc"] = {"mod": "Exp2Syn", "tau1": 0.1, "tau2": 5.0, "e": 0}
net.stimSourceParams["bkg"] = {"type": "NetStim", "rate": 10, "noise": 0.5}
net.stimTargetParams["bkg->PYR"] = {"source": "bkg", "conds": {"cellType": "PYR"}, "weight": 0.01, "delay": 5, "synMech": "exc"}
net.connParams["S->M"] = {"preConds": {"pop": "S"}, "postConds": {"pop": "M"}, "divergence": 12, "weight": 0.01, "delay": 5, "synMech": "exc"}
cfg = specs.SimConfig()
cfg.duration, cfg.dt, cfg.verbose, cfg.recordStep, cfg.recordStim = 1000, 0.025, False, 0.5, True
cfg.recordCells = [0, 20]
cfg.recordTraces = {"v": {"sec": "soma", "loc": 0.5, "var": "v"}}
sim.create(netParams=net, simConfig=cfg)
sim.runSim()
sim.gatherData()

def write(name, header, rows):
    with open(os.path.join(folder, name), "w", newline="") as f:
        w = csv.writer(f, lineterminator="\n")
        w.writerow(header)
        w.writerows(rows)

data = sim.simData
write("spikes.csv", ["t_ms", "gid"], sorted(zip(map(float, data["spkt"]), map(int, data["spkid"]))))
v = [list(map(float, data["v"]["cell_%d" % gid])) for gid in (0, 20)]
write("soma_v.csv", ["t_ms", "gid0", "gid20"], [(0.5 * k, a, b) for k, (a, b) in enumerate(zip(*v))])
write("cells.csv", ["gid", "population", "x_um", "y_um", "z_um"],
      [(c.gid, c.tags["pop"], c.tags["x"], c.tags["y"], c.tags["z"]) for c in sim.net.cells])
write("connections.csv", ["preGid", "postGid", "sec", "loc", "synMech", "weight", "delay", "label"],
      [(k["preGid"], c.gid, k["sec"], k["loc"], k["synMech"], k["weight"], k["delay"], k.get("label", "")) for c in sim.net.cells for k in c.conns])
write("netstim_events.csv", ["t_ms", "target_gid"],
      [(float(t), c.gid) for c in sim.net.cells for t in sorted(data["stims"]["cell_%d" % c.gid]["bkg"])])
