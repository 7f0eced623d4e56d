"""Makes neuron_0.csv and neuron_2.csv: NEURON's own integration of the mechanisms in methods.net, with secondorder 0 and 2.

Usage: python make.py   (a Python with neuron==9.0.2, and a C++ compiler for nrnivmodl)
"""

import csv
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))

PAIR = """NEURON {{ SUFFIX {name} RANGE x, z }}
STATE {{ x z }}
INITIAL {{ x = 1 z = 0.5 }}
BREAKPOINT {{ SOLVE s METHOD {method} }}
DERIVATIVE s {{ x' = -x*x*z/3 + 0.1*t  z' = x*(1-z) - 0.2*z*z }}
"""

MODS = {
    "pe": PAIR.format(name="pe", method="euler"),
    "pr": PAIR.format(name="pr", method="runge"),
    "pd": PAIR.format(name="pd", method="derivimplicit"),
    "gates": """NEURON { SUFFIX gates RANGE m }
STATE { m }
ASSIGNED { v }
INITIAL { m = 0.1 }
BREAKPOINT { SOLVE s METHOD cnexp }
DERIVATIVE s { m' = (1/(1+exp(-(v+60)/5)) - m)/(0.5+0.1*t) }
""",
    "binds": """NEURON { SUFFIX binds RANGE a, b, c, d }
STATE { a b c d }
INITIAL { a = 1 b = 0.2 c = 0 d = 0.1 }
BREAKPOINT { SOLVE s METHOD sparse }
KINETIC s {
  COMPARTMENT 2 { a b }
  ~ a + b <-> c (0.5, 0.1)
  ~ 2 c <-> d (0.3, 0.2)
  ~ a << (0.05*exp(-t))
  ~ b -> (0.02)
}
""",
    "chain": """NEURON { SUFFIX chain RANGE a, b, c, d }
STATE { a b c d }
ASSIGNED { v }
INITIAL { a = 1 b = 0 c = 0 d = 0 }
BREAKPOINT { SOLVE s METHOD sparse }
KINETIC s {
  ~ a <-> b (0.5*(1+0.1*t)*exp((v+65)/30), 0.1)
  ~ b <-> c (0.3, 0.2)
  ~ b <-> d (0.7, 0.05)
  CONSERVE a + b + c + d = 1
}
""",
    "kept": """NEURON { SUFFIX kept RANGE a, b, c }
STATE { a b c }
INITIAL { a = 1 b = 0.7 c = 0 }
BREAKPOINT { SOLVE s METHOD sparse }
KINETIC s {
  COMPARTMENT 3 { a c }
  ~ a + b <-> c (0.5, 0.1)
  CONSERVE a + c = 3
}
""",
}

WANTED = [("pe", "xz"), ("pr", "xz"), ("pd", "xz"), ("gates", "m"), ("binds", "abcd"), ("chain", "abcd"), ("kept", "abc")]


def build():
    place = tempfile.mkdtemp()
    for name, text in MODS.items():
        with open(os.path.join(place, name + ".mod"), "w") as f:
            f.write(text)
    tool = os.path.join(os.path.dirname(sys.executable), "nrnivmodl")
    subprocess.run([tool, "."], cwd=place, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return os.path.join(place, "x86_64", "libnrnmech.so")


def main():
    library = build()
    from neuron import h

    h.nrn_load_dll(library)
    section = h.Section(name="s")
    section.L = section.diam = 20
    section.insert("pas")
    for name in MODS:
        section.insert(name)
    clamp = h.IClamp(section(0.5))
    clamp.delay, clamp.dur, clamp.amp = 1, 3, 0.05
    h.dt = 0.025
    for order in (0, 2):
        h.secondorder = order
        h.finitialize(-65)
        rows = []
        for step in range(1, 401):
            h.fadvance()
            if step in (1, 2) or step % 40 == 0:
                rows.append([step, section(0.5).v] + [getattr(getattr(section(0.5), m), x) for m, names in WANTED for x in names])
        with open(os.path.join(HERE, f"neuron_{order}.csv"), "w", newline="") as f:
            out = csv.writer(f)
            out.writerow(["step", "v"] + [f"{m}.{x}" for m, names in WANTED for x in names])
            out.writerows([[repr(x) for x in row] for row in rows])


main()
