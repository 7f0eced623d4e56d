"""The fit of fit.net as PyRates' tutorial does it: a model from its template for each evaluation, SciPy's RK45 and differential evolution.

Usage: pyrates_fit.py [deferred]"""
import sys

import numpy as np
from pyrates.frontend import CircuitTemplate
from scipy.optimize import differential_evolution

count = 0


def loss(x):
    global count
    count += 1
    column = CircuitTemplate.from_yaml("model_templates.neural_mass_models.jansenrit.JRC2")
    column.update_var({"jrc/jrc_op/c": float(np.ravel(x)[0])})
    found = column.run(simulation_time=5.0, step_size=1e-4, sampling_step_size=1e-3, cutoff=2.0, solver="scipy", backend="default",
                       outputs={"e": "jrc/jrc_op/V_e", "i": "jrc/jrc_op/V_i"}, clear=True, verbose=False)
    y = found.loc[:, "e"] - found.loc[:, "i"]
    return (y.min() - 6e-3) ** 2 + (y.max() - 10e-3) ** 2


best = differential_evolution(loss, bounds=[(30.0, 300.0)], strategy="randtobest1bin", maxiter=100, popsize=10, tol=1e-4, seed=1,
                              updating="deferred" if "deferred" in sys.argv else "immediate")
print(f"RESULT c = {best.x[0]:.2f}, loss = {best.fun:.4e} V2, {count} evaluations")
