"""Writes this folder's files with NEURON 9.0.2 and NetPyNE 1.1.1 (pip install neuron==9.0.2 netpyne==1.1.1) and a C compiler. Usage: make.py [FOLDER]

pair.csv: three branched cells joined by gap junctions of ParallelContext's transfer; gap_*.csv: a network of NetPyNE with gap junctions."""
import csv, os, subprocess, sys, tempfile
folder = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(__file__))
os.environ.setdefault("MPLBACKEND", "Agg")
work = tempfile.mkdtemp()
os.chdir(work)
with open("junction.mod", "w") as f:
    f.write("""NEURON {
    POINT_PROCESS Junction
    RANGE g, i, vpeer, weight
    NONSPECIFIC_CURRENT i
}
PARAMETER { g = 1 (uS)  weight = 1  vpeer (mV) }
ASSIGNED { v (mV)  i (nA) }
BREAKPOINT { i = weight * g * (v - vpeer) }
""")
nrnivmodl = os.path.join(os.path.dirname(sys.executable), "nrnivmodl")
subprocess.run([nrnivmodl, "."], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
from neuron import h  # finds what was compiled in the working directory
h.load_file("stdrun.hoc")

def write(name, header, rows):
    with open(os.path.join(folder, name), "w", newline="") as f:
        w = csv.writer(f, lineterminator="\n")
        w.writerow(header)
        w.writerows(rows)

def pair():
    pc = h.ParallelContext()
    cells, junctions = [], []
    for k in range(3):
        soma, left, right = (h.Section(name="%s%d" % (n, k)) for n in ("soma", "left", "right"))
        soma.L, soma.diam, soma.Ra = 20, 20, 100
        for dend, length, diam, nseg in ((left, 150, 2, 3), (right, 220, 1.5, 5)):
            dend.L, dend.diam, dend.Ra, dend.nseg = length, diam, 100, nseg
            dend.connect(soma(1))
            dend.insert("pas")
            for seg in dend:
                seg.pas.g, seg.pas.e = 0.0005, -65
        soma.insert("hh")
        cells.append((soma, left, right))
    ids = iter(range(100))
    def end(place, other, weight):
        gid = next(ids)
        pc.source_var(other._ref_v, gid, sec=other.sec)
        j = h.Junction(place)
        j.g, j.weight = weight, 1
        pc.target_var(j, j._ref_vpeer, gid)
        junctions.append(j)
    def join(pre, post, weight):
        end(post, pre, weight)
        end(pre, post, weight)
    join(cells[0][1](0.5), cells[1][2](0.9), 0.002)
    join(cells[1][1](0.9), cells[2][1](0.9), 0.001)
    join(cells[2][0](0.5), cells[0][0](0.5), 0.0015)
    stim = h.IClamp(cells[0][0](0.5))
    stim.delay, stim.dur, stim.amp = 2, 30, 0.3
    pc.setup_transfer()
    h.celsius, h.dt, h.steps_per_ms = 6.3, 0.025, 40
    traces = [h.Vector().record(cell[s](x)._ref_v) for cell in cells for s, x in ((0, 0.5), (2, 0.9))]
    for j in junctions:
        j.vpeer = -65
    pc.set_maxstep(10)
    h.finitialize(-65)
    pc.psolve(40)
    rows = [[0.025 * k] + [repr(float(v[k])) for v in traces] for k in range(0, 1601, 40)]
    write("pair.csv", ["t_ms"] + ["%s%d" % (p, k) for k in range(3) for p in ("soma", "right")], rows)
    pc.gid_clear()

def network():
    from netpyne import sim, specs
    net = specs.NetParams()
    net.cellParams["PYR"] = {"secs": {
        "soma": {"geom": {"diam": 18.8, "L": 18.8, "Ra": 123.0}, "mechs": {"hh": {"gnabar": 0.12, "gkbar": 0.036, "gl": 0.003, "el": -70}}},
        "dend": {"geom": {"diam": 5.0, "L": 150.0, "Ra": 150.0, "cm": 1, "nseg": 3}, "topol": {"parentSec": "soma", "parentX": 1.0, "childX": 0},
                 "mechs": {"pas": {"g": 0.0000357, "e": -70}}}}}
    for name in "SM":
        net.popParams[name] = {"cellType": "PYR", "numCells": 20}
    net.synMechParams["exc"] = {"mod": "Exp2Syn", "tau1": 1.0, "tau2": 5.0, "e": 0}
    net.synMechParams["gap"] = {"mod": "Junction", "g": 0.001, "pointerParams": {"target_var": "vpeer"}}
    net.stimSourceParams["bkg"] = {"type": "NetStim", "rate": 10, "noise": 0.5}
    net.stimTargetParams["bkg->PYR"] = {"source": "bkg", "conds": {"pop": "S"}, "weight": 0.01, "delay": 5, "synMech": "exc", "sec": "dend", "loc": 0.5}
    net.connParams["S->M"] = {"preConds": {"pop": "S"}, "postConds": {"pop": "M"}, "probability": 0.5, "weight": 0.01, "delay": 5,
                              "synMech": "exc", "sec": "dend", "loc": 1.0}
    net.connParams["M->M"] = {"preConds": {"pop": "M"}, "postConds": {"pop": "M"}, "probability": 0.2, "weight": "uniform(0.2, 1)", "delay": 1,
                              "synMech": "gap", "sec": "dend", "loc": 0.5, "preSec": "soma", "preLoc": 0.5}
    cfg = specs.SimConfig()
    cfg.duration, cfg.dt, cfg.verbose, cfg.recordStep = 400, 0.025, False, 1
    cfg.recordCells = [20, 33]
    cfg.recordTraces = {"v": {"sec": "soma", "loc": 0.5, "var": "v"}}
    sim.create(netParams=net, simConfig=cfg)
    sim.runSim()
    sim.gatherData()
    data = sim.simData
    write("gap_spikes.csv", ["t_ms", "gid"], sorted(zip(map(float, data["spkt"]), map(int, data["spkid"]))))
    v = [list(map(float, data["v"]["cell_%d" % gid])) for gid in (20, 33)]
    write("gap_v.csv", ["t_ms", "gid20", "gid33"], [(k, a, b) for k, (a, b) in enumerate(zip(*v))])
    rows = [(k["preGid"], c.gid, k["sec"], k["loc"], k["weight"]) for c in sim.net.cells for k in c.conns if k["synMech"] == "gap"]
    write("gap_junctions.csv", ["preGid", "postGid", "sec", "loc", "weight"], rows)

pair()
network()
