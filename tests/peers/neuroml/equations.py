"""The cell of equations.nml built by hand in NEURON 9.0.2, with the equations of types.nml in NMODL: python equations.py writes equations.csv.

Needs nrnivmodl beside this python. STEADYSTATE is a step of 1e9 ms from c1 = 1 on, so where the scheme begins depends on that by 1e-8.
"""
import csv
import math
import os
import subprocess
import sys
import tempfile

LINOID = "FUNCTION lin(x) { if (fabs(x) < 1e-6) { lin = 1 + x/2 } else { lin = x/(1-exp(-x)) } }\n"
MODS = {
    "naks": """
NEURON { SUFFIX naks NONSPECIFIC_CURRENT i RANGE g, e }
PARAMETER { g = 0 e = 0 }
ASSIGNED { v i a1 b1 fo bo fi bi fs bs }
STATE { c1 c2 o in sc so }
INITIAL { c1 = 1 sc = 1 SOLVE k STEADYSTATE sparse }
BREAKPOINT { SOLVE k METHOD sparse i = g*o*so*so*(v-e) }
KINETIC k { rates() ~ c1 <-> c2 (a1, b1) ~ c2 <-> o (fo, bo) ~ o <-> in (fi, bi) CONSERVE c1 + c2 + o + in = 1
    ~ sc <-> so (fs, bs) CONSERVE sc + so = 1 }
FUNCTION s(x) { s = 1/(1+exp(-x)) }
PROCEDURE rates() {
    a1 = 6*lin((v+40)/10) b1 = 4*exp(-(v+60)/20)
    fo = s((v+35)/7)/0.1 bo = (1-s((v+35)/7))/0.1
    fi = 1/(1/(exp(1.2*0.5*(v+45)/25.3)/2) + 0.2) bi = 1/(1/(exp(-1.2*0.5*(v+45)/25.3)/2) + 0.2)
    fs = s(-(v+50)/9)/30 bs = (1-s(-(v+50)/9))/30
}
""" + LINOID,
    "kt": """
NEURON { SUFFIX kt NONSPECIFIC_CURRENT i RANGE g, e, shift }
PARAMETER { g = 0 e = 0 shift = 0 }
ASSIGNED { v i celsius tau x }
STATE { n }
INITIAL { rates() n = x }
BREAKPOINT { SOLVE d METHOD cnexp i = g*n*n*(v-e) }
DERIVATIVE d { rates() n' = (x-n)/tau }
PROCEDURE rates() { LOCAL u u = v - shift
    if (u < -50 || u > 60) { tau = 20*(0.1 + exp(0.05*(u+50))/2) }
    else if (u <= 0) { tau = 20*(0.05 + 0.2*exp(-((u+50)/30)^2)) } else { tau = 20*0.05 }
    tau = tau/(2.3^((celsius-21)/10)*1.5)
    x = 1/(1+exp(-(u+20)/9))
}
""",
    "kc": """
NEURON { SUFFIX kc NONSPECIFIC_CURRENT i USEION ca READ cai RANGE g, e }
PARAMETER { g = 0 e = 0 }
ASSIGNED { v i cai a b f }
STATE { c }
INITIAL { rates() c = a/(a+b) }
BREAKPOINT { SOLVE d METHOD cnexp if (cai < 2.5e-4) { f = cai/2.5e-4 } else { f = 1 } i = g*f*c*(v-e) }
DERIVATIVE d { rates() c' = (a/(a+b)-c)*(a+b) }
PROCEDURE rates() { a = 2*exp((-v-53.5)/27) b = 0
    if (v < -10) { a = (2/37.95)*exp((v+50)/11-(v+53.5)/27) b = 2*exp((-v-53.5)/27)-a } }
""",
    "sk": """
NEURON { SUFFIX sk NONSPECIFIC_CURRENT i USEION ca READ cai RANGE g, e }
PARAMETER { g = 0 e = 0 }
ASSIGNED { v i cai x tau }
STATE { z }
INITIAL { rates() z = x }
BREAKPOINT { SOLVE d METHOD cnexp i = g*z*(v-e) }
DERIVATIVE d { rates() z' = (x-z)/tau }
PROCEDURE rates() { x = 1/(1+(4.3e-4/cai)^4.8) tau = 1 + 1/(1+cai/1e-3) }
""",
    "kf": """
NEURON { SUFFIX kf NONSPECIFIC_CURRENT i RANGE g, e }
PARAMETER { g = 0 e = 0 }
ASSIGNED { v i x }
STATE { a b }
INITIAL { x = 1/(1+exp(-(v+30)/10)) a = x b = x }
BREAKPOINT { SOLVE d METHOD cnexp i = g*(0.6*a+0.4*b)*(v-e) }
DERIVATIVE d { x = 1/(1+exp(-(v+30)/10)) a' = (x-a)/2.5 b' = (x-b)/20 }
""",
    "nap": """
NEURON { SUFFIX nap NONSPECIFIC_CURRENT i RANGE g, e }
PARAMETER { g = 0 e = 0 }
ASSIGNED { v i a b }
BREAKPOINT { a = lin((v+35)/10) b = 4*exp(-(v+60)/18) i = g*(a/(a+b))^3/(1+exp((v+50)/20))*(v-e) }
""" + LINOID,
    "cal": """
NEURON { SUFFIX cal USEION ca READ cai, cao WRITE ica RANGE p }
UNITS { FARADAY = (faraday) (coulomb) R = (k-mole) (joule/degC) }
PARAMETER { p = 0 }
ASSIGNED { v cai cao ica celsius }
STATE { m }
INITIAL { m = 1/(1+exp(-(v+25)/6)) }
BREAKPOINT { SOLVE d METHOD cnexp ica = p*m*m*ghk(v) }
DERIVATIVE d { m' = (1/(1+exp(-(v+25)/6))-m)/(2/(exp((v+35)/10)+exp(-(v+35)/10))) }
FUNCTION ghk(v) { LOCAL z z = 1e-3*2*FARADAY*v/(R*(celsius+273.15))
    ghk = 1e-3*2*FARADAY*(cai*ef(-z) - cao*ef(z)) }
FUNCTION ef(z) { if (fabs(z) < 1e-4) { ef = 1 - z/2 } else { ef = z/(exp(z)-1) } }
""",
    "cat": """
NEURON { SUFFIX cat USEION ca READ cai, cao WRITE ica RANGE g }
PARAMETER { g = 0 }
ASSIGNED { v cai cao ica celsius a b x tau }
STATE { m h }
INITIAL { rates() m = x h = 1/(1+exp((v+70)/6)) }
BREAKPOINT { SOLVE d METHOD cnexp x = 25*(celsius+273.15)/(293.15*2)
    ica = -g*m*m*h*x*(1-cai/cao*exp(v/x))*ef(v/x) }
DERIVATIVE d { rates() m' = (x-m)*(a+b) h' = (1/(1+exp((v+70)/6))-h)/15 }
PROCEDURE rates() { a = 0.5*exp((v+50)/15) b = 0.5*exp(-(v+50)/15) x = 1/(1+exp(-(v+45)/6)) }
FUNCTION ef(z) { if (fabs(z) < 1e-6) { ef = 1 - z/2 } else { ef = z/(exp(z)-1) } }
""",
    "hc": """
NEURON { SUFFIX hc NONSPECIFIC_CURRENT i RANGE g, e }
PARAMETER { g = 0 e = 0 }
ASSIGNED { v i celsius }
STATE { l }
INITIAL { l = 1/(1+exp((v+80)/8)) }
BREAKPOINT { SOLVE d METHOD cnexp i = g*1.4^((celsius-30)/10)*l*(v-e) }
DERIVATIVE d { l' = (1/(1+exp((v+80)/8))-l)/((20+80/cosh((v+75)/20))*303.15/(celsius+273.15)) }
""",
    "shell": """
NEURON { SUFFIX shell USEION ca READ ica WRITE cai }
ASSIGNED { ica }
STATE { cai }
INITIAL { cai = 2e-4 }
BREAKPOINT { SOLVE d METHOD cnexp }
DERIVATIVE d { cai' = -ica*1e4*0.05/(2*96485.3*0.2) - (cai-1e-4)/40 }
""",
}

here = os.path.dirname(os.path.abspath(__file__))
if "--ready" not in sys.argv:
    place = tempfile.mkdtemp()
    os.mkdir(place + "/mod")
    for name, text in MODS.items():
        with open(f"{place}/mod/{name}.mod", "w") as out:
            out.write(text)
    subprocess.run([os.path.join(os.path.dirname(sys.executable), "nrnivmodl"), "mod"], cwd=place, check=True, capture_output=True)
    sys.exit(subprocess.run([sys.executable, os.path.abspath(__file__), "--ready"], cwd=place).returncode)

from neuron import h

soma, dend = h.Section(name="soma"), h.Section(name="dend")
for sec, points in ((soma, [(0, 0, 0, 20), (20, 0, 0, 20)]), (dend, [(20, 0, 0, 3), (120, 0, 0, 2), (320, 0, 0, 1)])):
    for point in points:
        h.pt3dadd(*point, sec=sec)
dend.nseg = 5
dend.connect(soma(1))
for sec in (soma, dend):
    sec.Ra = 120
    for name, values in {
        "naks": {"g": 0.15, "e": 55},
        "kt": {"g": 0.008, "e": -85, "shift": 3},
        "kc": {"g": 0.002, "e": -85},
        "sk": {"g": 0.0005, "e": -85},
        "nap": {"g": 2e-5, "e": 55},
        "cal": {"p": 2e-5},
        "cat": {"g": 3e-4},
        "shell": {},
        "pas": {"e": -70},
    }.items():
        sec.insert(name)
        for seg in sec:
            for key, value in values.items():
                setattr(getattr(seg, name), key, value)
soma.insert("kf")
soma(0.5).kf.g, soma(0.5).kf.e = 0.003, -85
soma(0.5).pas.g = 5e4 * 10e-12 / (soma(0.5).area() * 1e-8)
dend.insert("hc")
h.distance(0, soma(0))
low, high = h.distance(dend(0)), h.distance(dend(1))
for seg in dend:
    far = h.distance(seg)
    part = (far - low) / (high - low)
    seg.hc.g, seg.hc.e = 1e-5 + 2e-5 * (1 - math.exp(-far / 150)), -40
    seg.pas.g = 1e-4 * (0.5 + 0.5 * part**2 * (part > 0.4))
h.cai0_ca_ion, h.cao0_ca_ion = 2e-4, 2
h.celsius = 32
clamp = h.IClamp(soma(0.5))
clamp.delay, clamp.dur, clamp.amp = 5, 60, 0.4
h.dt = 0.025
h.finitialize(-70)
spikes = []
with open(here + "/equations.csv", "w", newline="") as out:
    table = csv.writer(out, lineterminator="\n")
    table.writerow(["t_ms", "soma", "dend", "cai_soma", "cai_dend", "h_dend"])
    for step in range(3201):
        if step % 20 == 0:
            table.writerow([step * 0.025, soma(0.5).v, dend(0.9).v, soma(0.5).cai, dend(0.3).cai, dend(0.9).hc.l])
        h.fadvance()
