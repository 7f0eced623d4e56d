"""The same fit with DEAP driving NEURON: mu + lambda, 50 + 19 x 50 candidates, blend crossover and Gaussian mutation. The steps are in C (psolve), the loss
in numpy. `exact` computes the rates instead of reading tables."""

import random
import sys

import numpy as np
from deap import algorithms, base, creator, tools
from neuron import h

LOW, HIGH = np.array([0.05, 0.01, 1e-4]), np.array([0.2, 0.075, 1e-3])
soma = h.Section(name="soma")
soma.L = soma.diam = 20
soma.cm = 1
soma.insert("hh")
if "exact" in sys.argv:
    h.usetable_hh = 0
clamp = h.IClamp(soma(0.5))
clamp.delay, clamp.dur, clamp.amp = 100, 300, 0.15
trace = h.Vector().record(soma(0.5)._ref_v)
context = h.ParallelContext()
h.CVode().cache_efficient(True)
h.dt, h.celsius = 0.025, 6.3


def run(values):
    soma(0.5).hh.gnabar, soma(0.5).hh.gkbar, soma(0.5).hh.gl = values
    context.set_maxstep(10)
    h.finitialize(-65)
    context.psolve(500.0)
    return trace.as_numpy()


given = run((0.12, 0.036, 3e-4)).copy()


def loss(part):
    difference = run(LOW + np.clip(part, 0, 1) * (HIGH - LOW)) - given
    return (float(np.sqrt(np.mean(difference * difference))),)


creator.create("Fitness", base.Fitness, weights=(-1.0,))
creator.create("Individual", list, fitness=creator.Fitness)
random.seed(1)
box = base.Toolbox()
box.register("individual", tools.initRepeat, creator.Individual, random.random, 3)
box.register("population", tools.initRepeat, list, box.individual)
box.register("evaluate", loss)
box.register("mate", tools.cxBlend, alpha=0.5)
box.register("mutate", tools.mutGaussian, mu=0, sigma=0.05, indpb=0.5)
box.register("select", tools.selTournament, tournsize=3)
best = tools.HallOfFame(1)
_, log = algorithms.eaMuPlusLambda(box.population(50), box, 50, 50, 0.5, 0.5, 19, halloffame=best, verbose=False)
print("RESULT", best[0].fitness.values[0], "of", sum(log.select("nevals")), *(LOW + np.clip(best[0], 0, 1) * (HIGH - LOW)))
