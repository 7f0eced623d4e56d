"""Steady states and eigenvalues by SciPy and NumPy for the models of make.py: python equilibria.py. Derivatives by complex steps; times in ms, potentials in mV.
Folds and Hopf points of the column: roots of the determinant, and of the largest real part of a complex pair, along the branch."""
import csv

import numpy as np
from scipy.optimize import brentq, fsolve

from make import H_E, H_I, TAU_E, TAU_I, circuit, kernel, sigmoid


def column(y, u):
    xe, ve, xi, vi, xp, vp, xq, vq = y
    m = sigmoid(ve + vi)
    return np.array([
        kernel(xe, ve, H_E, TAU_E, 0.8 * 135 * sigmoid(vp) + u), xe,
        kernel(xi, vi, H_I, TAU_I, 0.25 * 135 * sigmoid(vq)), xi,
        kernel(xp, vp, H_E, TAU_E, 135 * m), xp,
        kernel(xq, vq, H_E, TAU_E, 0.25 * 135 * m), xq,
    ])


def jacobian(f, y):
    n, h = len(y), 1e-30
    return np.array([np.imag(f(y + 1j * h * np.eye(n)[k])) / h for k in range(n)]).T


def rest(f, y):
    return fsolve(f, y, fprime=lambda y: jacobian(f, y), xtol=1e-14)


def at_rest(y):
    """All states of the column from the potential y of its pyramidal cells, and the input u for which they rest."""
    m = sigmoid(y)
    vp, vq = H_E * TAU_E * 135 * m, H_E * TAU_E * 0.25 * 135 * m
    vi = H_I * TAU_I * 0.25 * 135 * sigmoid(vq)
    ve = y - vi
    return np.array([0, ve, 0, vi, 0, vp, 0, vq]), ve / (H_E * TAU_E) - 0.8 * 135 * sigmoid(vp)


def eigenvalues(y):
    states, u = at_rest(y)
    values = np.linalg.eigvals(jacobian(lambda x: column(x, u), states))
    return values[np.argsort(-values.real)]


def swing(y):
    values = eigenvalues(y)
    values = values[values.imag > 1e-9]
    return values.real[np.argmin(np.abs(values.real))]


def points():
    grid = np.linspace(-6, 14, 4001)
    found = []
    slope = lambda y: (at_rest(y + 1e-6)[1] - at_rest(y - 1e-6)[1]) / 2e-6
    for a, b in zip(grid, grid[1:]):
        if slope(a) * slope(b) < 0:
            y = brentq(slope, a, b, xtol=1e-12)
            found.append(["fold", at_rest(y)[1] * 1e3, y, 0.0])
        if swing(a) * swing(b) < 0 and abs(swing(a) - swing(b)) < 0.05:
            y = brentq(swing, a, b, xtol=1e-13)
            im = next(v.imag for v in eigenvalues(y) if abs(v.real) < 1e-9 and v.imag > 0)
            found.append(["hopf", at_rest(y)[1] * 1e3, y, im * 1e3])
    return found


def write(name, header, rows):
    with open(name, "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header)
        out.writerows([[x if isinstance(x, str) else f"{x:.17g}" for x in row] for row in rows])


def main():
    write("equilibria_points.csv", ["kind", "u_Hz", "y_mV", "im_per_s"], points())
    f = lambda y: circuit(0, y)
    one = at_rest(brentq(lambda y: at_rest(y)[1] - 0.22, 6.8, 8.0, xtol=1e-13))[0]
    two = rest(f, np.concatenate([one, one]))
    assert np.abs(f(two)).max() < 1e-14
    values = np.linalg.eigvals(jacobian(f, two))
    values = values[np.lexsort((-values.imag, -np.abs(values.imag), -values.real))]
    write("equilibria_circuit.csv", ["re", "im"], [[v.real, v.imag] for v in values])
    write("equilibria_circuit_states.csv", ["y", "z"], [[two[1] + two[3], two[9] + two[11]]])


if __name__ == "__main__":
    main()
