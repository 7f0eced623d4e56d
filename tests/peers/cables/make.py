"""Makes the reference numbers of cables: solutions of the equations themselves by SciPy, and NEURON's of Rallpack 3.

Usage: python make.py   (a Python with numpy, scipy and neuron==9.0.2)

taper.csv         steady state of a tapered passive cable (mV over rest), by integrating the cable equation of a cone
expsyn.csv        potential of an RC cell with one exponential synapse (mV)
exp2syn.csv       first threshold crossing of an RC cell with a two-exponential synapse, by weight (ms)
rallpack3.csv     NEURON's potentials of Rallpack 3: both ends of an axon of 1000 compartments (mV)
"""

import csv
import os

import numpy as np
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

HERE = os.path.dirname(os.path.abspath(__file__))


def write(name, header, rows):
    with open(os.path.join(HERE, name), "w", newline="") as f:
        out = csv.writer(f)
        out.writerow(header)
        out.writerows([[repr(float(x)) for x in row] for row in rows])


def taper():
    """Cone of 1000 um, 1.5 um wide at one end and 0.5 um at the other; g 1e-4 S/cm2, Ra 100 ohm cm; 0.1 nA into the wide end."""
    length, d0, d1, g, ra, current = 0.1, 1.5e-4, 0.5e-4, 1e-4, 100.0, 0.1e-6  # cm, S/cm2, ohm cm, mA
    slope = (d1 - d0) / length
    side = np.sqrt(1 + slope**2 / 4)

    # V in mV, axial current I in mA: V' = -I Ra / area, I' = -g pi d side V (S mV = mA)
    def rhs(x, y):
        d = d0 + slope * x
        v, i = y
        return [-i * ra / (np.pi * d * d / 4), -g * np.pi * d * side * v]

    def end_current(v0):
        return solve_ivp(rhs, (0, length), [v0, current], rtol=1e-12, atol=1e-18, method="DOP853").y[1, -1]

    v0 = brentq(end_current, 1e-3, 1e3, xtol=1e-13, rtol=1e-14)
    xs = np.linspace(0, length, 11)
    solution = solve_ivp(rhs, (0, length), [v0, current], t_eval=xs, rtol=1e-12, atol=1e-18, method="DOP853")
    write("taper.csv", ["x", "mV"], zip(xs / length, solution.y[0]))


# An RC cell: a sphere-like cylinder of 20 um by 20 um, 1 uF/cm2, g 1e-4 S/cm2 to -65 mV.
AREA = np.pi * 20e-4 * 20e-4
C, G, REST = 1e-3 * AREA, 1e-4 * AREA, -65.0  # mA ms / mV, mA / mV, mV


def expsyn():
    tau, weight, start = 2.0, 0.001e-6, 5.0  # ms, mA/mV (0.001 uS), ms

    def rhs(t, y):
        return [-(G * (y[0] - REST) + weight * np.exp(-(t - start) / tau) * y[0]) / C]

    ts = np.arange(start, 50.01, 0.5)
    solution = solve_ivp(rhs, (start, 50), [REST], t_eval=np.minimum(ts, 50), rtol=1e-11, atol=1e-11)
    write("expsyn.csv", ["t_ms", "mV"], zip(ts, solution.y[0]))


def exp2syn():
    tau1, tau2, start, threshold = 0.5, 3.0, 5.0, -50.0
    peak = tau1 * tau2 / (tau2 - tau1) * np.log(tau2 / tau1)
    factor = 1 / (np.exp(-peak / tau2) - np.exp(-peak / tau1))
    rows = []
    for weight in (0.0015, 0.002, 0.003, 0.005, 0.01, 0.02):  # uS

        def rhs(t, y):
            g = weight * 1e-6 * factor * (np.exp(-(t - start) / tau2) - np.exp(-(t - start) / tau1))
            return [-(G * (y[0] - REST) + g * y[0]) / C]

        def crossed(t, y):
            return y[0] - threshold

        crossed.terminal, crossed.direction = True, 1
        solution = solve_ivp(rhs, (start, 100), [REST], events=crossed, rtol=1e-11, atol=1e-11, max_step=0.01)
        rows.append((weight, solution.t_events[0][0]))
    write("exp2syn.csv", ["weight_uS", "t_ms"], rows)


def rallpack3():
    from neuron import h

    axon = h.Section(name="axon")
    axon.L, axon.diam, axon.nseg, axon.Ra, axon.cm = 1000, 1, 1000, 100, 1
    axon.insert("hh")
    h.usetable_hh = 0
    for segment in axon:
        segment.hh.gnabar, segment.hh.gkbar, segment.hh.gl, segment.hh.el = 0.12, 0.036, 0.0003, -54.387
    axon.ena, axon.ek = 50, -77
    clamp = h.IClamp(axon(0))
    clamp.delay, clamp.dur, clamp.amp = 0, 1e9, 0.1
    ends = [h.Vector().record(axon(x)._ref_v) for x in (0, 1)]
    h.celsius, h.dt = 6.3, 0.025
    h.finitialize(-65)
    for _ in range(10000):
        h.fadvance()
    v0, v1 = (np.array(v) for v in ends)
    steps = list(range(0, 10001, 20))
    write("rallpack3.csv", ["step", "v0", "v1"], zip(steps, v0[steps], v1[steps]))


taper()
expsyn()
exp2syn()
rallpack3()
