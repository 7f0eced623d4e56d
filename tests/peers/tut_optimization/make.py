"""NetPyNE's tutorial of optimization with inspyred 1.0.3 on NEURON 9.0.2: every candidate of seed 1, in the order in which they are evaluated.

Usage: make.py (pip install neuron==9.0.2 netpyne==1.1.1 inspyred==1.0.3); writes `candidates.csv` beside it.
"""
import csv, os, tempfile
from random import Random
folder = os.path.dirname(os.path.abspath(__file__))
os.environ.setdefault("MPLBACKEND", "Agg")
from inspyred import ec
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
cfg = specs.SimConfig()
cfg.duration, cfg.dt, cfg.verbose = 1000, 0.025, False

rows = []


def loss(candidate):
    p, w, d = candidate
    net.connParams["S->M"] = {"preConds": {"pop": "S"}, "postConds": {"pop": "M"}, "probability": p, "weight": w, "delay": d, "synMech": "exc"}
    sim.createSimulate(netParams=net, simConfig=cfg)
    spikes = len(sim.simData["spkt"])
    found = abs(17 - spikes / 40)
    rows.append([repr(float(p)), repr(float(w)), repr(float(d)), spikes, repr(found)])
    return found


random = Random(1)
engine = ec.EvolutionaryComputation(random)
engine.selector = ec.selectors.tournament_selection
engine.variator = [ec.variators.uniform_crossover, ec.variators.gaussian_mutation]
engine.replacer = ec.replacers.generational_replacement
engine.terminator = ec.terminators.evaluation_termination
ends = [0.01, 0.001, 1], [0.5, 0.1, 20]
engine.evolve(
    generator=lambda random, args: [random.uniform(a, b) for a, b in zip(*ends)],
    evaluator=lambda candidates, args: [loss(one) for one in candidates],
    pop_size=10, maximize=False, bounder=ec.Bounder(*ends), max_evaluations=50, num_selected=10, mutation_rate=0.2, num_elites=1)
with open(os.path.join(folder, "candidates.csv"), "w", newline="") as file:
    out = csv.writer(file, lineterminator="\n")
    out.writerow(["p", "w_uS", "d_ms", "spikes", "loss_Hz"])
    out.writerows(rows)
