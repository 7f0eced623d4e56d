"""NetPyNE's second tutorial: two populations of 20 cells, 1 s. Usage: netpyne_tut2.py full|sim

full: as the tutorial, with its data file and three figures; sim: network and run only. Prints RESULT {json} with CPU seconds of its parts."""
import json, os, resource, sys, tempfile

def cpu():
    u = resource.getrusage(resource.RUSAGE_SELF)
    return u.ru_utime + u.ru_stime

mode = sys.argv[1]
os.environ.setdefault("MPLBACKEND", "Agg")
from netpyne import sim, specs
start = cpu()
os.chdir(tempfile.mkdtemp())
net = specs.NetParams()
net.cellParams["PYR"] = {"secs": {"soma": {
    "geom": {"diam": 18.8, "L": 18.8, "Ra": 123.0},
    "mechs": {"hh": {"gnabar": 0.12, "gkbar": 0.036, "gl": 0.003, "el": -70}}}}}
net.popParams["S"] = {"cellType": "PYR", "numCells": 20}
net.popParams["M"] = {"cellType": "PYR", "numCells": 20}
net.synMechParams["exc"] = {"mod": "Exp2Syn", "tau1": 0.1, "tau2": 5.0, "e": 0}
net.stimSourceParams["bkg"] = {"type": "NetStim", "rate": 10, "noise": 0.5}
net.stimTargetParams["bkg->PYR"] = {"source": "bkg", "conds": {"cellType": "PYR"}, "weight": 0.01, "delay": 5, "synMech": "exc"}
net.connParams["S->M"] = {"preConds": {"pop": "S"}, "postConds": {"pop": "M"}, "divergence": 12, "weight": 0.01, "delay": 5, "synMech": "exc"}
cfg = specs.SimConfig()
cfg.duration, cfg.dt, cfg.verbose, cfg.recordStep = 1000, 0.025, False, 0.1
cfg.recordTraces = {"V_soma": {"sec": "soma", "loc": 0.5, "var": "v"}}
cfg.filename, cfg.savePickle, cfg.saveJson = "tut2", False, mode == "full"
if mode == "full":
    cfg.analysis["plotRaster"] = {"saveFig": True}
    cfg.analysis["plotTraces"] = {"include": [1], "saveFig": True}
    cfg.analysis["plot2Dnet"] = {"saveFig": True}
sim.create(netParams=net, simConfig=cfg)
before = cpu()
sim.runSim()
run = cpu() - before
sim.gatherData()
if mode == "full":
    sim.saveData()
    sim.analysis.plotData()
print("\nRESULT " + json.dumps({"run": run, "spikes": len(sim.simData["spkt"])}))
