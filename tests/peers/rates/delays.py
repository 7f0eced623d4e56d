"""Delay equations by the method of steps, with SciPy's DOP853 at 1e-12: python delays.py. Times in ms, potentials in mV, rates in 1/ms."""
import csv

import numpy as np
from scipy.integrate import solve_ivp

from make import columns, sigmoid


def by_steps(slope, delay, history, end):
    """States at any time: over each interval of one delay the past is known, and nothing has a kink inside of it."""
    pieces = []

    def at(t):
        return history(t) if t < 0 else pieces[min(int(t // delay), len(pieces) - 1)](t)

    start, state = 0.0, np.array(history(0.0), dtype=float)
    while start < end:
        if pieces:
            before = pieces[-1]
        else:
            before = history
        result = solve_ivp(
            lambda t, y: slope(t, y, np.asarray(before(t - delay))), (start, start + delay), state,
            method="DOP853", rtol=1e-12, atol=1e-14, dense_output=True,
        )
        pieces.append(result.sol)
        start, state = start + delay, result.y[:, -1]
    return at


def mackey_glass(t, y, past):
    return np.array([0.2 * past[0] / (1 + past[0] ** 10) - 0.1 * y[0]])


def coupled(t, y, past):
    a, b = y[:8], y[8:]
    left, right = sigmoid(past[1] + past[3]), sigmoid(past[9] + past[11])
    return np.array(columns(135, a, 40 * right) + columns(120, b, 20 * left))


def write(name, times, rows):
    with open(f"delay_{name}.csv", "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["t"] + [f"x{k}" for k in range(len(rows[0]))])
        out.writerows([f"{t:.10g}"] + [f"{x:.17g}" for x in row] for t, row in zip(times, rows))


if __name__ == "__main__":
    at = by_steps(mackey_glass, 17.0, lambda t: [1.2], 200.0)
    times = np.arange(201.0)
    write("mackey_glass", times, [at(t) for t in times])
    at = by_steps(coupled, 10.0, lambda t: np.zeros(16), 500.0)
    times = np.arange(101) * 5.0
    write("jansen_rit", times, [[at(t)[1] + at(t)[3], at(t)[9] + at(t)[11]] for t in times])
