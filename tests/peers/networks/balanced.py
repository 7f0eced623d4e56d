"""The networks of Vogels and Abbott (2005) with conductances (COBA) and with currents (CUBA), as in Brette et al. (2007, J. Comput. Neurosci. 23:349, benchmarks 1 and 2), in NEST 3.10: seed by seed.

    balanced.py

writes balanced.csv into this folder: network, seed, rate (1/s) of all cells, CV of the intervals between spikes (mean over cells with at least two) and Fano factor of the spikes of all cells in bins of
2 ms, all between 100 ms and 1 s. Networks, first values and connections are drawn anew for each seed.
"""
import csv
import os

import nest
import numpy as np

N, NE, P, DURATION, AFTER = 4000, 3200, 0.02, 1000.0, 100.0


def simulate(network, seed):
    draw = np.random.default_rng(seed)
    nest.ResetKernel()
    nest.verbosity = nest.VerbosityLevel.ERROR
    nest.resolution = 0.1
    nest.rng_seed = seed
    if network == "COBA":
        cell = dict(C_m=200.0, g_L=10.0, E_L=-60.0, V_th=-50.0, V_reset=-60.0, t_ref=5.0, E_ex=0.0, E_in=-80.0, tau_syn_ex=5.0, tau_syn_in=10.0)
        cells = nest.Create("iaf_cond_exp", N, params=cell)
        ge = np.maximum(0, draw.normal(40, 15, N))
        gi = np.maximum(0, draw.normal(200, 120, N))
        cells.set({"V_m": draw.normal(-65, 5, N), "g_ex": ge, "g_in": gi})
        weights = (6.0, -67.0)
    else:
        cell = dict(C_m=200.0, tau_m=20.0, E_L=-49.0, V_th=-50.0, V_reset=-60.0, t_ref=5.0, tau_syn_ex=5.0, tau_syn_in=10.0)
        cells = nest.Create("iaf_psc_exp", N, params=cell)
        cells.set({"V_m": draw.uniform(-60, -50, N)})
        # 1.62 mV and -9 mV over a membrane of 10 nS, in pA.
        weights = (16.2, -90.0)
    rule = {"rule": "pairwise_bernoulli", "p": P, "allow_autapses": False}
    for source, weight in ((cells[:NE], weights[0]), (cells[NE:], weights[1])):
        nest.Connect(source, cells, rule, {"weight": weight, "delay": 0.1})
    recorder = nest.Create("spike_recorder")
    nest.Connect(cells, recorder)
    nest.Simulate(DURATION)
    events = recorder.get("events")
    return np.asarray(events["times"]), np.asarray(events["senders"])


def numbers(times, senders):
    keep = times > AFTER
    times, senders = times[keep], senders[keep]
    order = np.lexsort((times, senders))
    t, s = times[order], senders[order]
    cvs = []
    for part in np.split(t, np.flatnonzero(np.diff(s)) + 1):
        intervals = np.diff(part)
        if len(intervals) >= 2:
            cvs.append(intervals.std() / intervals.mean())
    length = DURATION - AFTER
    # Spikes are at multiples of 0.1 ms: edges lie between them.
    two = np.histogram(times, AFTER + 0.05 + 2.0 * np.arange(int(length / 2) + 1))[0]
    return len(times) / N / length * 1000, np.mean(cvs), two.var() / two.mean()


with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "balanced.csv"), "w", newline="") as f:
    table = csv.writer(f, lineterminator="\n")
    table.writerow(["network", "seed", "rate_Hz", "cv", "fano_2ms"])
    for network in ("COBA", "CUBA"):
        for seed in range(1, 6):
            row = numbers(*simulate(network, seed))
            table.writerow([network, seed, *(f"{x:.6g}" for x in row)])
            print(network, seed, row, flush=True)
