"""One peer of peers.py: python peer.py one|sweep|fit-numba|sweep-jax|grid [COUNT]. Prints the CPU seconds of what is done after imports and compilation."""
import sys
import time

import numpy as np

what, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 2000
values = np.linspace(30.0, 300.0, 2000)[:: 2000 // count]


def solved(slopes, c):
    from scipy.integrate import solve_ivp

    found = solve_ivp(slopes, (0.0, 5.0), np.zeros(8), t_eval=np.arange(2.0, 5.0, 1e-3), args=(c,))
    v = found.y[4] - found.y[6]
    return v.min(), v.max()


if what in ("one", "sweep", "fit-numba"):
    from column import compiled

    slopes, extremes, several = compiled()
    solved(slopes, 135.0) if what != "fit-numba" else extremes(135.0, 1e-3, 5000, 2000)
    begun = time.process_time()
    if what == "one":
        result = [solved(slopes, 135.0) for _ in range(20)][0]
    elif what == "sweep":
        result = [solved(slopes, c) for c in values][-1]
    else:
        from scipy.optimize import differential_evolution

        def loss(x):
            low, high = extremes(float(x[0]), 1e-3, 5000, 2000)
            return (low - 6e-3) ** 2 + (high - 10e-3) ** 2

        best = differential_evolution(loss, [(30.0, 300.0)], strategy="randtobest1bin", maxiter=100, popsize=10, tol=1e-4, seed=1)
        result = (best.x[0], best.fun, best.nfev)
elif what == "sweep-jax":
    from column import in_jax

    run = in_jax(1e-3, 5000, 2000).lower(values).compile()
    begun = time.process_time()
    low, high = map(np.asarray, run(values))
    result = (high - low).mean()
else:
    from pyrates import grid_search

    begun = time.process_time()
    found, _ = grid_search(
        circuit_template="model_templates.neural_mass_models.jansenrit.JRC2", param_grid={"C": values},
        param_map={"C": {"vars": ["jrc_op/c"], "nodes": ["jrc"]}}, step_size=1e-4, simulation_time=5.0, sampling_step_size=1e-3, cutoff=2.0,
        outputs={"e": "jrc/jrc_op/V_e", "i": "jrc/jrc_op/V_i"}, solver="euler", backend="default", clear=True, verbose=False)
    v = found["e"].to_numpy() - found["i"].to_numpy()
    result = (v.max(0) - v.min(0)).mean()
print("DONE", time.process_time() - begun, result)
