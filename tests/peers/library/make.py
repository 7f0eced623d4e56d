"""Writes PART.csv with NEURON 9.0.2: what mechanisms of public .mod files do to the potential of one compartment.

Usage, in a folder where `nrnivmodl` has built the files that README.md names for the part:
    python make.py PART [FOLDER]
The same compartments in our language are in PART.net.
"""
import csv, os, sys
from neuron import h

part = sys.argv[1]
folder = os.path.abspath(sys.argv[2] if len(sys.argv) > 2 else os.path.dirname(__file__))
h.load_file("stdrun.hoc")

# Of each part: values that all sections have, values of mechanisms and synapses that all share, and the cases: mechanisms with their values.
CAD = {"phi": 26000, "beta": 0.01, "ceiling": 1000}
PARTS = {
    "traub_2003": ({"ena": 50, "ek": -95}, {}, {
        "naf": {"naf": {"gbar": 2e-3}},
        "nap": {"nap": {"gbar": 1e-3}},
        "kdr": {"kdr": {"gbar": 1e-3}},
        "ka": {"ka": {"gbar": 2e-3}},
        "k2": {"k2": {"gbar": 1e-3}},
        "km": {"km2": {"gbar": 1e-3}},
        "kc": {"kc": {"gbar": 1e-2}, "cal": {"gbar": 1e-3}, "cad": CAD},
        "kahp": {"kahp": {"gbar": 1e-3}, "cal": {"gbar": 1e-3}, "cad": CAD},
        "cal": {"cal": {"gbar": 5e-4}},
        "cat": {"cat": {"gbar": 5e-4}},
        "ar": {"ar": {"gbar": 1e-3}},
        "all": {
            "naf": {"gbar": 0.1875}, "nap": {"gbar": 6e-4}, "kdr": {"gbar": 0.125}, "ka": {"gbar": 0.03}, "kc": {"gbar": 0.012},
            "kahp": {"gbar": 1e-4}, "k2": {"gbar": 1e-4}, "km2": {"gbar": 7.5e-3}, "cat": {"gbar": 1e-4}, "cal": {"gbar": 5e-4},
            "ar": {"gbar": 2.5e-4}, "cad": CAD,
        },
    }),
    "common": ({}, {}, {
        "hh_traub": {"hh_traub": {"gnabar": 2e-3, "gkbar": 6e-4, "gl": 1e-5, "el": -60, "vT": -63}},
        "ih": {"ih": {"gbar": 1.5e-3}},
        "im": {"Im": {"gImbar": 1e-3, "tauma": 1 / 0.0033, "taumb": 1 / 0.0033}},
        "it": {"itGHK": {"pcabar": 1e-3}},
        "can": {"can": {"gcanbar": 3e-4}},
        "bk": {"cagk": {"gbar": 0.01}, "can": {"gcanbar": 3e-4}, "CaDynamics_E2": {}},
        "shells": {"cadifus": {}, "can": {"gcanbar": 3e-4}, "SK_E2": {"gSK_E2bar": 1e-4}},
        "sk": {"SK_E2": {"gSK_E2bar": 1e-4}, "can": {"gcanbar": 3e-4}, "CaDynamics_E2": {}},
    }),
    # Gates without tables; the pool by cnexp (see README.md). Reversal potentials of calcium are the files' own.
    "mainen_sejnowski_1996": ({"ena": 60, "ek": -90}, {}, {
        "na": {"na": {"gbar": 20}},
        "kv": {"kv": {"gbar": 50}},
        "km": {"km": {"gbar": 10}},
        "kca": {"kca": {"gbar": 100}, "ca": {"gbar": 3}, "cad": {}},
        "ca": {"ca": {"gbar": 3}},
    }),
    "pospischil_2008": ({"ena": 50, "ek": -100}, {}, {
        "na": {"hh2": {"gnabar": 1e-3, "gkbar": 0, "vtraub": -55}},
        "kd": {"hh2": {"gnabar": 0, "gkbar": 1e-3, "vtraub": -55}},
        "im": {"im": {"gkbar": 1e-3}},
        "il": {"ical": {"gcabar": 1e-4}},
        "it": {"it": {"gcabar": 3e-4}, "cad": {"depth": 1, "cainf": 2.4e-4}},
        "all": {"hh2": {"gnabar": 0.05, "gkbar": 5e-3, "vtraub": -55}, "im": {"gkbar": 7e-5}, "it": {"gcabar": 3e-4},
                "cad": {"depth": 1, "cainf": 2.4e-4}},
    }),
}
# Mainen & Sejnowski hold the reversal potential of calcium, as ion_style does in their script.
FIXED_ECA = {"mainen_sejnowski_1996": 140}


def compartment(of_all, mechanisms):
    """A section of 20 um by 20 um with a leak, the mechanisms, and two pulses of current."""
    section = h.Section()
    section.L = section.diam = 20
    for mechanism, values in {"pas": {"g": 1e-4, "e": -70}, **mechanisms}.items():
        section.insert(mechanism)
        for name, value in values.items():
            if hasattr(getattr(section(0.5), mechanism), name):
                setattr(getattr(section(0.5), mechanism), name, value)
            else:
                setattr(h, f"{name}_{mechanism}", value)
        if hasattr(h, f"usetable_{mechanism}"):
            setattr(h, f"usetable_{mechanism}", 0)
    for name, value in of_all.items():
        if hasattr(section(0.5), name):
            setattr(section, name, value)
    if part in FIXED_ECA and hasattr(section(0.5), "eca"):
        h.ion_style("ca_ion", 0, 1, 0, 0, 0, sec=section)
        section.eca = FIXED_ECA[part]
    clamps = []
    for start, length, amplitude in ((5, 15, -0.05), (25, 20, 0.1)):
        clamp = h.IClamp(section(0.5))
        clamp.delay, clamp.dur, clamp.amp = start, length, amplitude
        clamps.append(clamp)
    return section, clamps


of_all, shared, cases = PARTS[part]
for name, value in shared.items():
    setattr(h, name, value)
kept = {name: compartment(of_all, mechanisms) for name, mechanisms in cases.items()}
columns, times = {}, None
for celsius in (23, 34):
    h.celsius, h.dt, h.steps_per_ms = celsius, 0.025, 40
    traces = {name: h.Vector().record(section(0.5)._ref_v) for name, (section, _) in kept.items()}
    t = h.Vector().record(h._ref_t)
    h.finitialize(-70)
    h.continuerun(60)
    times = list(t)[::40]
    columns.update({f"{name} {celsius}": list(trace)[::40] for name, trace in traces.items()})
with open(os.path.join(folder, part + ".csv"), "w", newline="") as f:
    rows = csv.writer(f, lineterminator="\n")
    rows.writerow(["t_ms", *columns])
    rows.writerows([round(at, 6), *(values[k] for values in columns.values())] for k, at in enumerate(times))
