"""Brunel's network (2000, J. Comput. Neurosci. 8:183, model A, figure 8) in NEST 3.10: rates, irregularity, synchrony and rhythm of its four regimes, seed by seed.

    brunel.py [REGIME...]

writes brunel_REGIME.csv into this folder: seed, rate (1/s) and CV of intervals over all cells, Fano factor of the spikes of all cells in bins of 2 ms, and the frequency (Hz) of the largest power of the
population's activity in bins of 0.5 ms (Welch, Hann windows of so many ms, overlapping by half). All after the first 100 ms.
"""
import csv
import os
import sys

import nest
import numpy as np

# g, external rate over that which reaches the threshold, duration and segment (ms).
REGIMES = {
    "SR": (3.0, 2.0, 200.0, 100.0),
    "SI_fast": (6.0, 4.0, 600.0, 250.0),
    "AI": (5.0, 2.0, 600.0, 250.0),
    "SI_slow": (4.5, 0.9, 1100.0, 500.0),
}
NE, NI, CE, CI, J, DELAY = 10000, 2500, 1000, 250, 0.1, 1.5
AFTER = 100.0


def simulate(g, eta, duration, seed):
    nest.ResetKernel()
    nest.verbosity = nest.VerbosityLevel.ERROR
    nest.resolution = 0.1
    nest.rng_seed = seed
    cell = dict(C_m=1.0, tau_m=20.0, t_ref=2.0, E_L=0.0, V_reset=10.0, V_m=0.0, V_th=20.0)
    E = nest.Create("iaf_psc_delta", NE, params=cell)
    I = nest.Create("iaf_psc_delta", NI, params=cell)
    # The rate of C_E external synapses at which the mean input reaches the threshold is theta / (J tau).
    noise = nest.Create("poisson_generator", params={"rate": 1000 * eta * 20.0 / (J * 20.0)})
    recorder = nest.Create("spike_recorder")
    nest.Connect(noise, E + I, syn_spec={"weight": J, "delay": DELAY})
    for source, count, weight in ((E, CE, J), (I, CI, -g * J)):
        rule = {"rule": "fixed_indegree", "indegree": count, "allow_multapses": False, "allow_autapses": False}
        nest.Connect(source, E + I, rule, {"weight": weight, "delay": DELAY})
    nest.Connect(E + I, recorder)
    nest.Simulate(duration)
    events = recorder.get("events")
    return np.asarray(events["times"]), np.asarray(events["senders"])


def peak(activity, bin_ms, segment):
    n = int(round(segment / bin_ms))
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n) / n)
    power = np.zeros(n // 2 + 1)
    for start in range(0, len(activity) - n + 1, n // 2):
        part = activity[start : start + n]
        power += np.abs(np.fft.rfft((part - part.mean()) * window)) ** 2
    return (1 + np.argmax(power[1:])) * 1000 / segment


def numbers(times, senders, duration, segment):
    keep = times > AFTER
    times, senders = times[keep], senders[keep]
    order = np.lexsort((times, senders))
    t, s = times[order], senders[order]
    cvs = []
    for part in np.split(t, np.flatnonzero(np.diff(s)) + 1):
        intervals = np.diff(part)
        if len(intervals) >= 2:
            cvs.append(intervals.std() / intervals.mean())
    length = duration - AFTER
    # Spikes are at multiples of 0.1 ms: edges lie between them.
    count = lambda b: np.histogram(times, AFTER + 0.05 + b * np.arange(int(round(length / b)) + 1))[0]
    two = count(2.0)
    return len(times) / (NE + NI) / length * 1000, np.mean(cvs), two.var() / two.mean(), peak(count(0.5).astype(float), 0.5, segment)


folder = os.path.dirname(os.path.abspath(__file__))
for name in sys.argv[1:] or REGIMES:
    g, eta, duration, segment = REGIMES[name]
    with open(os.path.join(folder, f"brunel_{name}.csv"), "w", newline="") as f:
        table = csv.writer(f, lineterminator="\n")
        table.writerow(["seed", "rate_Hz", "cv", "fano_2ms", "peak_Hz"])
        for seed in range(1, 6):
            row = numbers(*simulate(g, eta, duration, seed), duration, segment)
            table.writerow([seed, *(f"{x:.6g}" for x in row)])
            f.flush()
            print(name, seed, row, flush=True)
