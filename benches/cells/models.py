"""The models of this folder in plain numbers, shared by all simulators, and as scripts of ours.

ring      rings of 20 Hodgkin-Huxley cells of one compartment, one ExpSyn each
branched  copies of a branching cell of 200 compartments, hh everywhere, four ExpSyn each
cell      one tree of 157 sections and 713 compartments, hh everywhere, pas in its dendrites, a current clamp

Usage: models.py MODEL N TABLES(0|1)   prints the script"""
import math, sys

DT = 0.025  # ms

# Sections are (parent, L, diam, nseg); each hangs with its end 0 on the end 1 of its parent.
RING = dict(cells_in_ring=20, L=20.0, diam=20.0, weight=0.01, delay=5.0, tau=2.0, duration=1000.0, threshold=0.0)
def kick(ring):
    "When the first cell of a ring hears its one event (ms)."
    return 1.025 + 0.1 * (ring % 50)

def branching():
    "Soma and a binary tree of 15 dendrites."
    diam = lambda d: {1: 3.0, 2: 2.0, 3: 2.0}.get(d, 1.5 if d < 8 else 1.0)
    return [(None, 20.0, 20.0, 5)] + [(d // 2, 52.0, diam(d), 13) for d in range(1, 16)]
BRANCHED = dict(duration=200.0, Ra=100.0, tau=2.0, weight=0.006, places=[4, 9, 11, 14], threshold=0.0)
def trains(cell, k):
    "First event, interval and number of a regular train (ms)."
    return 2.025 + 0.325 * ((7 * cell + 13 * k) % 64), 17.0 + 0.5 * ((5 * cell + 3 * k) % 16), 1000

def times(first, interval, number, duration):
    "The train's times (ms)."
    return [first + k * interval for k in range(number) if first + k * interval < duration]

class Random:
    "Knuth's MMIX generator."
    def __init__(self, seed):
        self.x = seed
        [self.next() for _ in range(4)]
    def next(self):
        self.x = (self.x * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.x >> 11) / 2.0**53

def tree():
    "Soma, six basal trees of 15 sections, an apical trunk of 4 sections and two tufts of 31."
    random, out = Random(2026), [(None, 18.0, 18.0, 1)]
    def add(parent, length, diam):
        out.append((parent, length, diam, 2 * int(length / 40) + 1))
        return len(out) - 1
    def branch(parent, length, diam, depth):
        here = add(parent, length, diam)
        for _ in range(2 if depth else 0):
            branch(here, length * (0.8 + 0.4 * random.next()), max(0.6, diam * 0.65), depth - 1)
    for _ in range(6):
        branch(0, 80.0, 2.0, 3)
    trunk = 0
    for k in range(4):
        trunk = add(trunk, 75.0, 5.0 - 0.5 * k)
    for _ in range(2):
        branch(trunk, 110.0, 2.2, 4)
    return out
CELL = dict(duration=1000.0, Ra=100.0, amplitude=2.5, start=100.0, length=800.0, threshold=0.0,
            soma=(0.12, 0.036, 3e-4), dendrite=(0.06, 0.018, 1e-4), pas=(3e-5, -65.0))

def simulation(duration, tables):
    return "simulation { duration = %g ms, dt = %g ms, v_init = -65 mV, tables = %s }\n" % (duration, DT, "on" if tables else "off")

def ring(n, tables):
    m, r = RING, RING["cells_in_ring"]
    out = ["// Rings of %d Hodgkin-Huxley cells: population K is the K-th cell of each of %d rings.\n" % (r, n // r),
           "cell Ring {\n    section soma { L = %g um, diam = %g um, insert hh }\n" % (m["L"], m["diam"]),
           "    synapse syn: ExpSyn at soma(0.5) { tau = %g ms, e = 0 mV }\n" % m["tau"],
           "    spike at soma(0.5) above %g mV\n}\n" % m["threshold"]]
    out += ["population P%d: Ring[%d]\n" % (k, n // r) for k in range(r)]
    how = "weight = %g uS, delay = %g ms" % (m["weight"], m["delay"])
    out += ["connect P%d -> P%d via syn { one_to_one = true, %s }\n" % (k, (k + 1) % r, how) for k in range(r)]
    out += ["stimulate P0 with NetStim { start = 0.025 ms + 0.1 ms * (post.index - 50 * floor(post.index / 50)), number = 1 } via syn { weight = %g uS }\n" % m["weight"]]
    return "".join(out) + simulation(m["duration"], tables) + "run\nprint \"{count(spikes(Ring))} spikes\"\n"

def sections(list_, Ra, insert):
    name = lambda k: "soma" if k == 0 else "d%d" % k
    line = lambda k, s: "    section %s { L = %.17g um, diam = %.17g um, nseg = %d, Ra = %g ohm*cm%s\n        %s\n    }\n" % (
        name(k), s[1], s[2], s[3], Ra, "" if s[0] is None else ", connect %s(1)" % name(s[0]), insert(k))
    return "".join(line(k, s) for k, s in enumerate(list_))

def branched(n, tables):
    m = BRANCHED
    out = ["cell Tree {\n", sections(branching(), m["Ra"], lambda k: "insert hh")]
    out += ["    synapse s%d: ExpSyn at d%d(0.5) { tau = %g ms, e = 0 mV }\n" % (d, d, m["tau"]) for d in m["places"]]
    out += ["    spike at soma(0.5) above %g mV\n}\npopulation P: Tree[%d]\n" % (m["threshold"], n)]
    for k, d in enumerate(m["places"]):
        x, y = "(7 * post.index + %d)" % (13 * k), "(5 * post.index + %d)" % (3 * k)
        mod = lambda x, n: "(%s - %d * floor(%s / %d))" % (x, n, x, n)
        out += ["stimulate P with NetStim { start = 1.025 ms + 0.325 ms * %s, interval = 17 ms + 0.5 ms * %s } via s%d { weight = %g uS }\n" % (
            mod(x, 64), mod(y, 16), d, m["weight"])]
    return "".join(out) + simulation(m["duration"], tables) + "run\nprint \"{count(spikes(P))} spikes\"\n"

def cell(n, tables):
    m = CELL
    hh = "insert hh { gnabar = %g S/cm2, gkbar = %g S/cm2, gl = %g S/cm2 }"
    pas = "\n        insert pas { g = %g S/cm2, e = %g mV }" % m["pas"]
    out = ["cell Tree {\n", sections(tree(), m["Ra"], lambda k: hh % m["dendrite"] + pas if k else hh % m["soma"])]
    out += ["    spike at soma(0.5) above %g mV\n}\npopulation P: Tree[%d]\n" % (m["threshold"], n)]
    out += ["stimulate P with IClamp { delay = %g ms, duration = %g ms, amplitude = %g nA } at soma(0.5)\n" % (m["start"], m["length"], m["amplitude"])]
    return "".join(out) + simulation(m["duration"], tables) + "run\nprint \"{count(spikes(P))} spikes\"\n"

if __name__ == "__main__":
    make = {"ring": ring, "branched": branched, "cell": cell}[sys.argv[1]]
    sys.stdout.write(make(int(sys.argv[2]), int(sys.argv[3])))
