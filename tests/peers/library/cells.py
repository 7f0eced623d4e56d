"""Writes cells_PART.csv with NEURON 9.0.2: the potential of whole cells under current, from the scripts and .mod files of their authors.

Usage, in a folder where `nrnivmodl` has built the files that README.md names for the part, beside the templates: python cells.py PART [FOLDER]
"""
import csv, os, sys
from math import pi
from neuron import h

part = sys.argv[1]
folder = os.path.abspath(sys.argv[2] if len(sys.argv) > 2 else os.path.dirname(__file__))
h.load_file("stdrun.hoc")
kept = []


def clamp(segment, start, length, amplitude):
    stimulus = h.IClamp(segment)
    stimulus.delay, stimulus.dur, stimulus.amp = start, length, amplitude
    kept.append(stimulus)


def templates():
    """The cells of Pospischil et al. and the thalamic ones, as their templates make them."""
    for name in ("sPY_template", "sIN_template", "sPYb_template", "sPYr_template", "TC.tem", "RE.tem"):
        h.xopen(name)
    h.usetable_im = 0
    # The L current has a concentration of its own: that of 120 mV.
    h.cai_ical = 2 * __import__("math").exp(-120e-3 * 2 * 96485.33212331001 / (8.31446261815324 * (36 + 273.15)))
    cells = {"RS": h.sPY(), "FS": h.sIN(), "IB": h.sPYb(), "LTS": h.sPYr(), "TC": h.sTC(), "RE": h.sRE()}
    for name, (start, length, amplitude) in {
        "RS": (50, 200, 0.75), "FS": (50, 200, 0.5), "IB": (50, 200, 0.15), "LTS": (50, 200, 0.15), "TC": (50, 200, -0.2), "RE": (50, 200, 0.1),
    }.items():
        clamp(cells[name].soma[0](0.5), start, length, amplitude)
    kept.extend(cells.values())
    return 36, {name: cell.soma[0](0.5) for name, cell in cells.items()}


def mainen_sejnowski():
    """demofig2.hoc without its windows."""
    h.usetable_na = h.usetable_km = h.usetable_kv = h.usetable_ca = 0
    dend, axon = h.Section(name="dend"), h.Section(name="axon")
    dend.connect(axon(0.5), 0)
    dend.diam = axon.diam = 10 / pi
    axon.L, dend.L = 10, 165 * 10
    for name in ("na", "km", "kca", "ca", "cad", "pas"):
        dend.insert(name)
    for name in ("na", "kv"):
        axon.insert(name)
    for section in (dend, axon):
        section.cm = 0.75
        section.ek, section.ena = -90, 60
    dend.g_pas, dend.e_pas = 1 / 30000, -70
    axon.gbar_na, axon.gbar_kv = 30000, 1500
    dend.gbar_na, dend.gbar_ca, dend.gbar_km, dend.gbar_kca = 15, 0.3, 0.1, 3
    dend.eca = 140
    h.ion_style("ca_ion", 0, 1, 0, 0, 0, sec=dend)
    dend.Ra = dend.Ra * 10 / dend(0.5).ri()
    clamp(axon(0.5), 5, 195, 0.1)
    kept.extend((dend, axon))
    return 37, {"axon": axon(0.5), "dend": dend(0.5)}


def wang_buzsaki():
    h.usetable_naf = h.usetable_kdr = 0
    soma = h.Section(name="soma")
    soma.L = soma.diam = 10
    for name in ("pas", "naf", "kdr"):
        soma.insert(name)
    soma.g_pas, soma.e_pas, soma.gmax_naf, soma.gmax_kdr = 1e-4, -65, 0.035, 0.009
    h.erev_naf, h.erev_kdr = 55, -90
    # 1 uA/cm2
    clamp(soma(0.5), 5, 150, pi * 100e-8 * 1e3)
    kept.append(soma)
    return 37, {"soma": soma(0.5)}


def connor_stevens():
    h.usetable_conste = 0
    soma = h.Section(name="soma")
    soma.L = soma.diam = 20
    soma.insert("conste")
    soma.el_conste, soma.ena, soma.ek = -17, 55, -72
    clamp(soma(0.5), 5, 150, 0.12)
    kept.append(soma)
    return 37, {"soma": soma(0.5)}


PARTS = {
    "pospischil_2008": templates, "mainen_sejnowski_1996": mainen_sejnowski, "wang_buzsaki_1996": wang_buzsaki,
    "connor_stevens_1977": connor_stevens,
}
celsius, places = PARTS[part]()
traces = {name: h.Vector().record(segment._ref_v) for name, segment in places.items()}
t = h.Vector().record(h._ref_t)
h.celsius, h.dt, h.steps_per_ms = celsius, 0.025, 40
h.finitialize(-70)
h.continuerun(300 if part == "pospischil_2008" else 200)
with open(os.path.join(folder, f"cells_{part}.csv"), "w", newline="") as f:
    rows = csv.writer(f, lineterminator="\n")
    rows.writerow(["t_ms", *traces])
    rows.writerows([round(t[k], 6), *(trace[k] for trace in traces.values())] for k in range(0, len(t), 40))
