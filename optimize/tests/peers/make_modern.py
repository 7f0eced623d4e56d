"""Figures of pycma 4.5, pymoo 0.6 and inspyred 1.0: `python make_modern.py` writes `modern.csv` beside it.

`METHOD FUNCTION`: the best loss after 6000 evaluations, five knobs within 5.12 of 0, seeds 1 to 11.
`cma`: evaluations until 10-dimensional Rosenbrock's function is 1e-10, from 0 with a standard deviation of 0.5, seeds 1 to 11; infinite
where the run ends elsewhere.
`zdt1`, `zdt2`: hypervolume below (1.1, 1.1) of NSGA-II's last population, 100 individuals, 250 generations, seeds 1 to 11.
"""

import csv
import random
from pathlib import Path

import cma
import inspyred
import numpy as np
from inspyred.ec import replacers, selectors, terminators
from inspyred.ec.variators import crossovers, mutators
from pymoo.algorithms.moo.nsga2 import NSGA2
from pymoo.algorithms.soo.nonconvex.pso import PSO
from pymoo.indicators.hv import HV
from pymoo.core.problem import ElementwiseProblem
from pymoo.optimize import minimize
from pymoo.problems import get_problem


def evaluations(seed):
    options = dict(seed=seed, ftarget=1e-10, verbose=-9, bounds=None)
    run = cma.CMAEvolutionStrategy(np.zeros(10), 0.5, options)
    run.optimize(cma.ff.rosen)
    return run.result.evals_best if run.result.fbest <= 1e-10 else "inf"


def hypervolume(problem, seed):
    found = minimize(get_problem(problem), NSGA2(pop_size=100), ("n_gen", 250), seed=seed, verbose=False)
    return float(HV(ref_point=np.array([1.1, 1.1]))(found.F))


FUNCTIONS = {
    "sphere": lambda x: float(sum((x - 0.3) ** 2)),
    "rosenbrock": lambda x: float(sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)),
    "rastrigin": lambda x: float(sum(x * x + 10.0 - 10.0 * np.cos(2 * np.pi * x))),
}
LOW, HIGH = [-5.12] * 5, [5.12] * 5


def cma_es(function, seed):
    options = dict(seed=seed, maxfevals=6000, verbose=-9, bounds=[-5.12, 5.12])
    start = lambda: np.random.uniform(-5.12, 5.12, 5)
    return function(np.array(cma.fmin2(function, start, 3.0, options, restarts=9, bipop=True)[0]))


def particle_swarm(function, seed):
    class Problem(ElementwiseProblem):
        def __init__(self):
            super().__init__(n_var=5, n_obj=1, xl=-5.12, xu=5.12)

        def _evaluate(self, x, out, *args, **kwargs):
            out["F"] = function(x)

    settings = dict(pop_size=40, w=0.7298, c1=1.49618, c2=1.49618, adaptive=False, pertube_best=False)
    return float(minimize(Problem(), PSO(**settings), ("n_eval", 6000), seed=seed, verbose=False).F[0])


def genetic(function, seed):
    engine = inspyred.ec.EvolutionaryComputation(random.Random(seed))
    engine.selector = selectors.tournament_selection
    engine.variator = [crossovers.simulated_binary_crossover, mutators.gaussian_mutation]
    engine.replacer = replacers.plus_replacement
    engine.terminator = terminators.evaluation_termination
    last = engine.evolve(
        generator=lambda random, args: [random.uniform(a, b) for a, b in zip(LOW, HIGH)],
        evaluator=lambda candidates, args: [function(np.array(c)) for c in candidates],
        pop_size=40, maximize=False, bounder=inspyred.ec.Bounder(LOW, HIGH), max_evaluations=6000, num_selected=40,
        crossover_rate=0.9, sbx_distribution_index=10, mutation_rate=0.2, gaussian_stdev=0.1024,
    )
    return min(one.fitness for one in last)


with open(Path(__file__).parent / "modern.csv", "w", newline="") as file:
    out = csv.writer(file, lineterminator="\n")
    out.writerow(["case", "seed", "figure"])
    for seed in range(1, 12):
        out.writerow(["cma", seed, evaluations(seed)])
    for problem in ("zdt1", "zdt2"):
        for seed in range(1, 12):
            out.writerow([problem, seed, repr(hypervolume(problem, seed))])
    for method in (genetic, cma_es, particle_swarm):
        for name, function in FUNCTIONS.items():
            for seed in range(1, 12):
                out.writerow([f"{method.__name__} {name}", seed, repr(float(method(function, seed)))])
