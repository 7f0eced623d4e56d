"""The models of this folder in plain numbers, and as scripts of ours.

isolated  compartments of their own, eight channels of Traub's pyramidal cell each, a clamp each
cable     one cable of so many compartments with the eight, a clamp at its end
cell      copies of the tree of 713 compartments of benches/cells with ten channels and a pool of calcium, a clamp each

Usage: traub.py MODEL N TABLES(0|1) MODS   prints the script, which imports the .mod files of the folder MODS; with - it uses the library"""
import os, sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "cells"))
import models as cells

DT = 0.025  # ms
DURATION = {"isolated": 200.0, "cable": 200.0, "cell": 200.0}
# Conductances in S/cm2; the clamp of compartment or cell k.
EIGHT = {"naf": 0.15, "nap": 2e-4, "kdr": 0.1, "ka": 0.01, "k2": 1e-4, "km2": 2e-3, "cat": 1e-4, "ar": 2.5e-4}
TEN = {"naf": 0.08, "nap": 1e-4, "kdr": 0.06, "ka": 5e-3, "kc": 5e-3, "kahp": 1e-4, "km2": 2e-3, "cal": 5e-4, "cat": 1e-4, "ar": 2.5e-4}
CAD = {"phi": 26000.0, "beta": 0.02, "ceiling": 1000.0}
PAS = (2e-5, -70.0)
CABLE = (10000.0, 2.0)
def amplitude(model, k):
    "nA"
    return {"isolated": 0.05 + 1e-4 * k, "cable": 1.5, "cell": 2.0 + 0.05 * k}[model]

def inserts(channels, library):
    name = lambda c: "km" if library and c == "km2" else c
    lines = ["insert pas { g = %g S/cm2, e = %g mV }" % PAS]
    if "cal" in channels and library:
        lines.append("insert cad { phi = 26000 mM*cm2/mA/ms, beta = 0.02/ms, ceiling = 1 M }")
    elif "cal" in channels:
        lines.append("insert cad { phi = %(phi)g, beta = %(beta)g/ms, ceiling = %(ceiling)g }" % CAD)
    # The files' gates begin closed.
    closed = lambda c: ", m = 0" if library and c != "ar" else ", m = 0.25" if library else ""
    return lines + ["insert %s { gbar = %g S/cm2%s }" % (name(c), g, closed(c)) for c, g in channels.items()]

def script(model, n, tables, mods):
    library = mods == "-"
    out = ["use std.channels.traub_2003\n" if library else 'import mechanisms "%s/*.mod"\n' % mods, "cell C {\n"]
    def section(head, channels):
        return "    section %s, ena = 50 mV, ek = -95 mV\n%s    }\n" % (head, "".join("        %s\n" % l for l in inserts(channels, library)))
    if model == "isolated":
        out += [section("soma { L = 20 um, diam = 20 um", EIGHT), "}\n"]
        place, copies = "soma(0.5)", n
    elif model == "cable":
        out += [section("soma { L = %g um, diam = %g um, nseg = %d" % (*CABLE, n), EIGHT), "}\n"]
        place, copies = "soma(%.17g)" % (0.5 / n), 1
    else:
        name = lambda k: "soma" if k == 0 else "d%d" % k
        for k, (parent, L, diam, nseg) in enumerate(cells.tree()):
            out.append(section("%s { L = %.17g um, diam = %.17g um, nseg = %d, Ra = 100 ohm*cm%s" % (
                name(k), L, diam, nseg, "" if parent is None else ", connect %s(1)" % name(parent)), TEN))
        out.append("}\n")
        place, copies = "soma(0.5)", n
    first, step = amplitude(model, 0), amplitude(model, 1) - amplitude(model, 0)
    out += ["population p: C[%d]\n" % copies,
            "stimulate p with IClamp { delay = 2 ms, duration = 1 s, amplitude = %g nA + %g nA * post.index } at %s\n" % (first, step, place),
            "simulation { duration = %g ms, dt = %g ms, v_init = -70 mV, celsius = 34 degC, tables = %s }\n" % (DURATION[model], DT, "on" if tables else "off"),
            "record v = p[%d].%s.v\n" % (copies - 1, place),
            'run\nprint "{v(%g ms) in mV:.9f}"\n' % DURATION[model]]
    return "".join(out)

if __name__ == "__main__":
    print(script(sys.argv[1], int(sys.argv[2]), sys.argv[3] == "1", sys.argv[4]), end="")
