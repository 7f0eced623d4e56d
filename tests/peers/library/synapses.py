"""Writes synapses.csv with NEURON 9.0.2: two connections to a synapse on a passive compartment, for public .mod files.

Usage, in a folder where `nrnivmodl` has built the files that README.md names: python synapses.py [FOLDER]
"""
import csv, os, sys
from neuron import h

folder = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(__file__))
h.load_file("stdrun.hoc")
h.usetable_NMDA = 0
h.Cdur_AMPA = h.Cdur_NMDA = h.Cdur_GABAa = 1
h.Alpha_AMPA, h.Beta_AMPA = 1.1, 0.19
h.Alpha_NMDA, h.Beta_NMDA = 0.072, 0.0066
h.Alpha_GABAa, h.Beta_GABAa = 5, 0.18

# The synapse, its values, the weights of both connections. All times are multiples of half a step and no two spikes coincide.
FIRST = [5.0125, 9.3, 9.9, 30.0125, 50, 52.5, 55, 57.5, 60, 62.5]
SECOND = [7.0125, 9.4, 20, 61.2, 100]
CASES = {
    "AMPA": (h.AMPA, {"Erev": 0}, (0.002, 0.001)),
    "NMDA": (h.NMDA, {"Erev": 0}, (0.005, 0.01)),
    "GABAA": (h.GABAa, {"Erev": -80}, (0.002, 0.001)),
    "GABAB": (h.GABAB, {}, (1, 1)),
    "Exp2NMDA": (h.MyExp2SynNMDABB, {"tau1NMDA": 2, "tau2NMDA": 80, "r": -1}, (0.004, 0.001)),
    "depressing": (h.tmgsyn, {"e": 0, "tau": 3, "tau_rec": 800, "tau_facil": 0, "U": 0.5, "u0": 0}, (0.004, 0.002)),
    "facilitating": (h.tmgsyn, {"e": -90, "tau": 3, "tau_rec": 100, "tau_facil": 1000, "U": 0.04, "u0": 0}, (0.02, 0.01)),
}

columns, kept, events = {}, [], []
for name, (synapse, values, weights) in CASES.items():
    section = h.Section()
    section.L = section.diam = 20
    section.insert("pas")
    section(0.5).pas.g, section(0.5).pas.e = 1e-4, -70
    process = synapse(section(0.5))
    for key, value in values.items():
        setattr(process, key, value)
    for weight, times in zip(weights, (FIRST, SECOND)):
        connection = h.NetCon(None, process)
        connection.weight[0], connection.delay = weight, 0
        # The G protein of GABA-B takes each pulse by itself in that file: pulses that touch are left out.
        events += [(connection, time) for time in times if name != "GABAB" or time not in (9.9, 9.4)]
        kept.append(connection)
    kept += [section, process]
    columns[name] = h.Vector().record(section(0.5)._ref_v)
t = h.Vector().record(h._ref_t)
start = h.FInitializeHandler(lambda: [connection.event(time) for connection, time in events])
h.dt, h.steps_per_ms = 0.025, 40
h.finitialize(-70)
h.continuerun(200)
with open(os.path.join(folder, "synapses.csv"), "w", newline="") as f:
    rows = csv.writer(f, lineterminator="\n")
    rows.writerow(["t_ms", *columns])
    rows.writerows([round(t[k], 6), *(trace[k] for trace in columns.values())] for k in range(0, len(t), 80))
