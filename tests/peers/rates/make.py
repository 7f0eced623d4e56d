"""Numbers of NumPy and SciPy for the scripts here: python make.py. Times in ms, potentials in mV, rates in 1/ms."""
import csv

import numpy as np
from scipy.integrate import solve_ivp

H_E, TAU_E, H_I, TAU_I = 3.25, 10.0, -22.0, 20.0
DT = 0.1


def sigmoid(v):
    return 5e-3 / (1 + np.exp(0.56 * (6 - v)))


def kernel(x, v, h, tau, m):
    return h / tau * m - 2 * x / tau - v / tau**2


def columns(c, y, more):
    """Derivatives of one circuit: x and v of pc.exc, pc.inh, ein.exc, iin.exc."""
    pe_x, pe_v, pi_x, pi_v, e_x, e_v, i_x, i_v = y
    pyramidal = sigmoid(pe_v + pi_v)
    return [
        kernel(pe_x, pe_v, H_E, TAU_E, 0.8 * c * sigmoid(e_v) + 0.22 + more), pe_x,
        kernel(pi_x, pi_v, H_I, TAU_I, 0.25 * c * sigmoid(i_v)), pi_x,
        kernel(e_x, e_v, H_E, TAU_E, c * pyramidal), e_x,
        kernel(i_x, i_v, H_E, TAU_E, 0.25 * c * pyramidal), i_x,
    ]


def circuit(t, y):
    a, b = y[:8], y[8:]
    return np.array(columns(135, a, 0.0) + columns(120, b, 20 * sigmoid(a[1] + a[3])))


def euler(f, t, y, h):
    return y + h * f(t, y)


def heun(f, t, y, h):
    k = f(t, y)
    return y + h / 2 * (k + f(t + h, y + h * k))


def rk4(f, t, y, h):
    k1 = f(t, y)
    k2 = f(t + h / 2, y + h / 2 * k1)
    k3 = f(t + h / 2, y + h / 2 * k2)
    k4 = f(t + h, y + h * k3)
    return y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)


def column(t, y):
    """The column with a single operator: x and v of exc, inh, ein, iin."""
    xe, ve, xi, vi, xp, vp, xq, vq = y
    m = sigmoid(ve + vi)
    return np.array([
        kernel(xe, ve, H_E, TAU_E, 0.8 * 135 * sigmoid(vp) + 0.22), xe,
        kernel(xi, vi, H_I, TAU_I, 0.25 * 135 * sigmoid(vq)), xi,
        kernel(xp, vp, H_E, TAU_E, 135 * m), xp,
        kernel(xq, vq, H_E, TAU_E, 0.25 * 135 * m), xq,
    ])


def van_der_pol(t, y):
    x, z = y
    return np.array([z, 5 * z * (1 - x * x) - x + np.sin(0.7 * t)])


def own_steps():
    """Models by RK45, which chooses its steps: samples but those in the last step, which is cut short, and how many steps were made and how many slopes computed."""
    counts = []
    for name, f, start, end, every, seen in (
        ("column", column, np.zeros(8), 1000.0, 10.0, lambda y: [y[1], -y[3]]),
        ("circuit", circuit, np.zeros(16), 500.0, 5.0, shown),
        ("van_der_pol", van_der_pol, np.array([0.0, 1.0]), 60.0, 0.5, list),
    ):
        for rtol, atol in ((1e-3, 1e-6), (1e-6, 1e-9)):
            times = np.arange(round(end / every) + 1) * every
            whole = solve_ivp(f, (0, end), start, method="RK45", rtol=rtol, atol=atol, dense_output=True)
            write(f"rk45_{name}_{rtol:g}.csv", ["t", "a", "b", "c"][: 1 + len(seen(start))], [[t, *seen(whole.sol(t))] for t in times if t <= whole.t[-2]])
            counts.append([name, rtol, atol, len(whole.t) - 1, whole.nfev])
    with open("rk45_steps.csv", "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["model", "rtol", "atol", "steps", "slopes"])
        out.writerows(counts)


def shown(y):
    return [y[1] + y[3], y[9] + y[11], sigmoid(y[13])]


def write(name, header, rows):
    with open(name, "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header)
        out.writerows([[f"{x:.17g}" for x in row] for row in rows])


def fixed(method):
    y, rows = np.zeros(16), []
    for n in range(5001):
        if n % 50 == 0:
            rows.append([n * DT, *shown(y)])
        y = method(circuit, n * DT, y, DT)
    return rows


def main():
    header = ["t", "y", "z", "m"]
    for method in (euler, heun, rk4):
        write(f"circuit_{method.__name__}.csv", header, fixed(method))
    times = np.arange(101) * 5.0
    own_steps()
    exact = solve_ivp(circuit, (0, 500), np.zeros(16), method="DOP853", rtol=1e-13, atol=1e-15, t_eval=times)
    write("circuit_exact.csv", header, [[t, *shown(y)] for t, y in zip(exact.t, exact.y.T)])


if __name__ == "__main__":
    main()
