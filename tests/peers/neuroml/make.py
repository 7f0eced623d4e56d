"""The cell of cell.nml built by hand in NEURON 9.0.2, with its channels in NMODL: python make.py writes structure.csv and voltages.csv.

Needs nrnivmodl beside this python.
"""
import csv
import os
import subprocess
import sys
import tempfile

MODS = {
    "nach": """
NEURON { SUFFIX nach USEION na WRITE ina RANGE g, e }
PARAMETER { g = 0 e = 0 }
ASSIGNED { v ina am bm ah bh }
STATE { m h }
INITIAL { rates() m = am/(am+bm) h = ah/(ah+bh) }
BREAKPOINT { SOLVE s METHOD cnexp ina = g*m^3*h*(v-e) }
DERIVATIVE s { rates() m' = (am/(am+bm)-m)*(am+bm) h' = (ah/(ah+bh)-h)*(ah+bh) }
FUNCTION lin(x) { if (fabs(x) < 1e-6) { lin = 1 + x/2 } else { lin = x/(1-exp(-x)) } }
PROCEDURE rates() { am = lin((v+40)/10) bm = 4*exp(-(v+65)/18) ah = 0.07*exp(-(v+65)/20) bh = 1/(1+exp(-(v+35)/10)) }
""",
    "kch": """
NEURON { SUFFIX kch USEION k WRITE ik RANGE g, e }
PARAMETER { g = 0 e = 0 }
ASSIGNED { v celsius ik an bn q }
STATE { n }
INITIAL { rates() n = an/(an+bn) }
BREAKPOINT { SOLVE s METHOD cnexp ik = g*n^4*(v-e) }
DERIVATIVE s { rates() n' = (an/(an+bn)-n)*(an+bn)*q }
FUNCTION lin(x) { if (fabs(x) < 1e-6) { lin = 1 + x/2 } else { lin = x/(1-exp(-x)) } }
PROCEDURE rates() { an = 0.1*lin((v+55)/10) bn = 0.125*exp(-(v+65)/80) q = 3^((celsius-6.3)/10) }
""",
    "cach": """
NEURON { SUFFIX cach USEION ca READ eca WRITE ica RANGE g }
PARAMETER { g = 0 }
ASSIGNED { v ica eca }
STATE { s }
INITIAL { s = 1/(1+exp(-(v+20)/6)) }
BREAKPOINT { SOLVE d METHOD cnexp ica = g*s^2*(v-eca) }
DERIVATIVE d { s' = (1/(1+exp(-(v+20)/6)) - s)/1.5 }
""",
    "pool": """
NEURON { SUFFIX pool USEION ca READ ica WRITE cai }
ASSIGNED { ica }
STATE { cai }
INITIAL { cai = 1e-4 }
BREAKPOINT { SOLVE d METHOD cnexp }
DERIVATIVE d { cai' = -ica*0.005 + (1e-4 - cai)/20 }
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

soma, trunk, twig = (h.Section(name=name) for name in ("soma", "trunk", "twig"))
for sec, points in (
    (soma, [(0, -9.25, 0, 18.5), (0, 9.25, 0, 18.5)]),
    (trunk, [(0, 9.25, 0, 3), (3, 60, 0, 2), (0, 120, 10, 1.5), (0, 120, 10, 1), (0, 150, 10, 1)]),
    (twig, [(1.5, 34.625, 0, 2.5), (40, 40, 0, 0.8)]),
):
    for point in points:
        h.pt3dadd(*point, sec=sec)
trunk.nseg = 7
trunk.connect(soma(1))
first = ((3 - 0) ** 2 + (60 - 9.25) ** 2) ** 0.5
twig.connect(trunk(first / 2 / trunk.L))
for sec in (soma, trunk, twig):
    sec.insert("nach").insert("kch").insert("pas")
    sec.cm, sec.Ra = (2 if sec is trunk else 1), (100 if sec is soma else 150)
    for seg in sec:
        seg.nach.g, seg.nach.e, seg.pas.g, seg.pas.e = 0.12, 50, 3e-4, -54.3
        seg.kch.g, seg.kch.e = (0.036, -77) if sec is soma else (0.01, -80)
    if sec is not soma:
        sec.insert("cach").insert("pool")
        for seg in sec:
            seg.cach.g = 2e-4
h.cai0_ca_ion, h.cao0_ca_ion = 1e-4, 2
h.celsius = 16.3
clamp = h.IClamp(soma(0.5))
clamp.delay, clamp.dur, clamp.amp = 2, 30, 0.3
with open(here + "/structure.csv", "w", newline="") as out:
    table = csv.writer(out, lineterminator="\n")
    for sec in (soma, trunk, twig):
        for name, value in (("L", lambda s: sec.L), ("area", lambda s: s.area()), ("diam", lambda s: s.diam), ("ri", lambda s: s.ri())):
            table.writerow([sec.name(), name, *[value(seg) for seg in sec]])
h.dt = 0.025
h.finitialize(-65)
with open(here + "/voltages.csv", "w", newline="") as out:
    table = csv.writer(out, lineterminator="\n")
    table.writerow(["t_ms", "soma", "trunk", "twig", "cai_twig"])
    step = 0
    while step <= 1600:
        if step % 20 == 0:
            table.writerow([step * 0.025, soma(0.5).v, trunk(0.9).v, twig(0.5).v, twig(0.5).cai])
        h.fadvance()
        step += 1
