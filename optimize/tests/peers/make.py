"""Reference runs of searches: `python make.py` with inspyred 1.0.3, SciPy 1.17.1 and NumPy 2 writes `inspyred.csv` and `scipy.csv` beside it.

Every line of `inspyred.csv` is a case and an individual of its last population; of `scipy.csv` a case, the number of evaluations, and the best point.
"""

import csv
import random
import warnings
from pathlib import Path

import inspyred
import numpy as np
from inspyred.ec import replacers, selectors, terminators
from inspyred.ec.variators import crossovers, mutators
from scipy.optimize import differential_evolution, minimize

HERE = Path(__file__).parent
LOW, HIGH = [-2.0, -1.0, 0.0], [2.0, 3.0, 4.0]


def rosenbrock(x):
    return float(sum(100.0 * (b - a * a) ** 2 + (1.0 - a) ** 2 for a, b in zip(x[:-1], x[1:])))


def evolve(select, vary, replace, seed, maximize=False, **args):
    engine = inspyred.ec.EvolutionaryComputation(random.Random(seed))
    engine.selector = select
    engine.variator = vary
    engine.replacer = replace
    engine.terminator = terminators.generation_termination
    return engine.evolve(
        generator=lambda random, args: [random.uniform(a, b) for a, b in zip(LOW, HIGH)],
        evaluator=lambda candidates, args: [1 / (1 + rosenbrock(c)) if maximize else rosenbrock(c) for c in candidates],
        pop_size=12,
        maximize=maximize,
        bounder=inspyred.ec.Bounder(LOW, HIGH),
        max_generations=12,
        num_selected=args.pop("num_selected", 12),
        **args,
    )


UX, GAUSS = crossovers.uniform_crossover, mutators.gaussian_mutation
CASES = {
    "tournament": (selectors.tournament_selection, [UX, GAUSS], replacers.generational_replacement, dict(tournament_size=3, num_elites=1)),
    "truncation": (selectors.truncation_selection, [UX, GAUSS], replacers.generational_replacement, dict(num_elites=2, num_selected=6)),
    "uniform": (selectors.uniform_selection, [UX, GAUSS], replacers.plus_replacement, dict(mutation_rate=0.4, gaussian_stdev=0.3)),
    "rank": (selectors.rank_selection, [UX, GAUSS], replacers.truncation_replacement, dict(ux_bias=0.2, crossover_rate=0.7)),
    "default": (selectors.default_selection, [GAUSS], replacers.comma_replacement, dict(mutation_rate=0.5, gaussian_mean=0.1, gaussian_stdev=0.2)),
    "n_point": (selectors.tournament_selection, [crossovers.n_point_crossover, GAUSS], replacers.steady_state_replacement, dict(num_crossover_points=2, num_selected=5)),
    "blend": (selectors.tournament_selection, [crossovers.blend_crossover], replacers.random_replacement, dict(blx_alpha=0.3, num_elites=2)),
    "arithmetic": (selectors.tournament_selection, [crossovers.arithmetic_crossover, GAUSS], replacers.crowding_replacement, dict(ax_alpha=0.3, crowding_distance=4)),
    "heuristic": (selectors.rank_selection, [crossovers.heuristic_crossover], replacers.plus_replacement, dict(crossover_rate=0.9)),
    "simulated_binary": (selectors.tournament_selection, [crossovers.simulated_binary_crossover, GAUSS], replacers.generational_replacement, dict(sbx_distribution_index=5)),
    "proportionate": (selectors.fitness_proportionate_selection, [UX, GAUSS], replacers.plus_replacement, dict(maximize=True, mutation_rate=0.3)),
    "nonuniform": (selectors.tournament_selection, [mutators.nonuniform_mutation], replacers.plus_replacement, dict(mutation_strength=2)),
}


def write(name, head, rows):
    with open(HERE / name, "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(head)
        out.writerows(rows)


def inspyred_rows():
    for name, (select, vary, replace, args) in CASES.items():
        for seed in (1, 2, 3):
            for one in evolve(select, vary, replace, seed, **args):
                yield [name, seed, repr(one.fitness), *map(repr, one.candidate)]


STRATEGIES = ["best1", "rand1", "randtobest1", "currenttobest1", "best2", "rand2"]


def scipy_rows():
    for dimension in (2, 5):
        bounds = [(-2.0, 2.5)] * dimension
        for strategy in [s + kind for s in STRATEGIES for kind in ("bin", "exp")]:
            for updating in ("immediate", "deferred"):
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    found = differential_evolution(
                        rosenbrock, bounds, strategy=strategy, updating=updating, maxiter=25, popsize=6, tol=1e-6, polish=False, seed=7
                    )
                yield [f"{strategy} {updating}", dimension, found.nfev, repr(float(found.fun)), *[repr(float(x)) for x in found.x]]
        for start, adaptive in ((-1.2, False), (0.0, True), (2.5, False)):
            # Corners with equal losses would be sorted by chance.
            first = start - 0.1 * np.arange(dimension)
            found = minimize(
                rosenbrock, first, method="Nelder-Mead", bounds=bounds, options=dict(maxiter=60, adaptive=adaptive, xatol=0, fatol=0)
            )
            yield [f"simplex {start} {int(adaptive)}", dimension, found.nfev, repr(float(found.fun)), *[repr(float(x)) for x in found.x]]


write("inspyred.csv", ["case", "seed", "loss", "x", "y", "z"], inspyred_rows())
write("scipy.csv", ["case", "dimension", "evaluations", "loss", "point"], scipy_rows())
