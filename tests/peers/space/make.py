"""Numbers of NEURON 9.0.2 for the shapes of cells. Run with a Python that has it; writes the files beside itself.

points.csv      random sections of 3-D points: their segments' diameters, areas and resistances
branched.csv    branched.net: potentials every 0.25 ms for tables on and off, secondorder 0 and 2; spikes
apical.csv      apical.net: numbers of segments, distances from the soma, potentials, spikes
shapes.csv      shapes.net: sections of points with other lengths, diameters and numbers of segments
cell.net        an artificial cell of 846 points, from the .swc file that is given as an argument, as Import3d reads it
"""
import math, os, random, sys
from neuron import h
h.load_file("stdrun.hoc"); h.load_file("import3d.hoc")
HERE = os.path.dirname(os.path.abspath(__file__))

def out(name): return open(os.path.join(HERE, name), "w")
def numbers(xs): return " ".join(repr(float(x)) for x in xs)

def points():
    rng = random.Random(3)
    with out("points.csv") as f:
        f.write("nseg,Ra_ohm_cm,reversed,points_um,L_um,diam_um,area_um2,ri_Mohm\n")
        for k in range(300):
            parent, sec = h.Section(name="parent"), h.Section(name="sec")
            n, nseg, ra = rng.randint(2, 9), rng.randint(1, 6), round(rng.uniform(30, 300), 1)
            p, pts = [rng.uniform(-50, 50) for _ in range(3)], []
            for _ in range(n):
                pts.append([round(x, 4) for x in p] + [round(rng.uniform(0.2, 8), 3)])
                if rng.random() > 0.15: p = [x + rng.gauss(0, 12) for x in p]
            if len({tuple(q[:3]) for q in pts}) == 1: pts[-1][0] += 7.5
            by_end = k % 4 == 3
            sec.connect(parent(1), 1 if by_end else 0)
            for q in pts: sec.pt3dadd(*q)
            sec.Ra, sec.nseg = ra, nseg
            segs = list(sec)
            ri = [s.ri() for s in segs] + [sec(0 if by_end else 1).ri()]
            f.write("%d,%r,%d,%s,%r,%s,%s,%s\n" % (nseg, ra, by_end, ";".join(numbers(q) for q in pts), sec.L,
                    numbers(s.diam for s in segs), numbers(s.area() for s in segs), numbers(ri)))

def run(ms, places, soma, tables=1, order=0, every=10):
    h.usetable_hh, h.secondorder, h.dt = tables, order, 0.025
    spikes, nc = h.Vector(), h.NetCon(soma(0.5)._ref_v, None, sec=soma)
    nc.threshold = 0; nc.record(spikes)
    vs = [h.Vector().record(s._ref_v) for s in places]
    h.finitialize(-65)
    for _ in range(round(ms / 0.025)): h.fadvance()
    rows = list(zip(*[list(v)[::every] for v in vs]))
    return rows, list(spikes)

def branched():
    soma, trunk, back, oblique, rev = [h.Section(name=n) for n in ("soma", "trunk", "back", "oblique", "reversed")]
    soma.L, soma.diam, soma.Ra, soma.cm, soma.nseg = 20, 18, 110, 1.1, 3
    trunk.L, trunk.Ra, trunk.nseg = 210, 130, 5
    back.L, back.diam, back.Ra, back.nseg = 90, 2, 90, 3
    oblique.L, oblique.diam, oblique.Ra, oblique.nseg = 120, 1.2, 150, 4
    rev.L, rev.Ra, rev.nseg = 80, 170, 3
    trunk.connect(soma(1)); back.connect(soma(0)); oblique.connect(trunk(0.35)); rev.connect(trunk(1), 1)
    for s in trunk: s.diam = 3 - 1.5*s.x
    for s in rev: s.diam = 1 + s.x
    for s in oblique: s.cm = 1 + 0.8*s.x
    for s, g, e in ((trunk, 1e-4, -66), (back, 0, -64), (oblique, 3e-4, -65), (rev, 1e-4, -67)):
        s.insert("pas")
        for x in s: x.pas.g, x.pas.e = g, e
    for x in back: x.pas.g = 2e-4 + 1e-4*x.x
    soma.insert("hh"); trunk.insert("hh")
    for x in soma: x.hh.gnabar = 0.15
    for x in trunk: x.hh.gnabar, x.hh.gkbar = 0.05*math.exp(-h.distance(soma(0.5), x)/100), 0.02
    joint, tip = h.ExpSyn(rev(1)), h.ExpSyn(back(1))
    joint.tau, joint.e, tip.tau, tip.e = 2, 0, 1, -10
    ic = h.IClamp(oblique(0.9)); ic.delay, ic.dur, ic.amp = 3, 10, 0.3
    keep = []
    for syn, start, interval, number, w, d in ((joint, 2.01, 5.003, 4, .012, 1.1), (tip, 16.2, 3, 3, .03, 0.5)):
        ns = h.NetStim(); ns.start, ns.interval, ns.number, ns.noise = start, interval, number, 0
        nc = h.NetCon(ns, syn); nc.weight[0], nc.delay = w, d; keep += [ns, nc]
    h.celsius = 16.3
    places = [soma(0.5), trunk(0.9), oblique(0.6), rev(0), rev(0.2), back(1)]
    with out("branched.csv") as f:
        f.write("tables,secondorder,step,v0,v1,v2,v3,v4,v5 or spikes\n")
        for tables in (1, 0):
            for order in (0, 2):
                rows, spikes = run(30, places, soma, tables, order)
                for k, r in enumerate(rows): f.write("%d,%d,%d,%s\n" % (tables, order, 10*k, ",".join(map(repr, r))))
                f.write("%d,%d,spikes,%s\n" % (tables, order, numbers(spikes)))

def apical():
    soma, trunk, axon = h.Section(name="soma"), h.Section(name="trunk"), h.Section(name="axon")
    tuft = [h.Section(name="tuft%d" % k) for k in range(31)]; basal = [h.Section(name="basal%d" % k) for k in range(32)]
    soma.L, soma.diam, soma.nseg = 22, 20, 2
    trunk.L, axon.L, axon.diam, axon.nseg = 300, 120, 1, 7
    trunk.connect(soma(1)); axon.connect(soma(0.25))
    for k, s in enumerate(tuft):
        s.L = 60 + 3*k
        s.connect(tuft[(k - 1)//2](1) if k else trunk(1))
    for k, s in enumerate(basal):
        s.L, s.diam = 50 + 2*k, 1.4
        s.connect(basal[(k - 2)//2](0.7) if k > 1 else soma(0))
    every = [soma, trunk] + tuft + basal + [axon]
    for s in every:
        s.Ra = 120
        s.insert("pas")
    axon.Ra = 80
    for s, f in [(trunk, lambda x: 4.5 - 2*x)] + [(t, lambda x, k=k: (2 - 0.4*x)/(1 + 0.02*k)) for k, t in enumerate(tuft)]:
        s.nseg = 1; s.diam = f(0.5)
        s.nseg = int((s.L/(0.1*h.lambda_f(100, sec=s)) + .9)/2)*2 + 1
        for x in s: x.diam = f(x.x)
    for s in basal: s.nseg = 3
    soma.insert("hh")
    for x in soma: x.hh.gnabar = 0.2
    for s in every:
        for x in s: x.pas.g, x.pas.e = 3e-5, -65
    for s in [trunk] + tuft + basal:
        s.insert("hh")
        for x in s:
            fade = math.exp(-h.distance(soma(0.5), x)/120)
            x.hh.gnabar, x.hh.gkbar, x.hh.gl = 0.1*fade, 0.02 + 0.01*fade, 1e-4
    for s in basal:
        for x in s: x.cm = 1 + 0.002*h.distance(soma(0.5), x)
    for x in axon: x.pas.g, x.cm = 1e-4, 0.8
    ic = h.IClamp(soma(0.5)); ic.delay, ic.dur, ic.amp = 2, 20, 1.5
    h.celsius = 6.3
    rows, spikes = run(25, [soma(0.5), tuft[30](0.5), basal[31](1), axon(0.5)], soma)
    with out("apical.csv") as f:
        f.write("section,nseg,distances or step,v0,v1,v2,v3 or spikes\n")
        for s in every: f.write("%s,%d,%s\n" % (s.name(), s.nseg, numbers(h.distance(soma(0.5), x) for x in s)))
        for k, r in enumerate(rows): f.write("v,%d,%s\n" % (10*k, ",".join(map(repr, r))))
        f.write("spikes,%s\n" % numbers(spikes))

def cell(swc):
    r = h.Import3d_SWC_read(); r.input(swc); g = h.Import3d_GUI(r, False)
    class C: pass
    c = C(); g.instantiate(c)
    groups = {}
    for s in c.all: groups.setdefault(s.name().split(".")[-1].split("[")[0], []).append(s)
    name = {s.name(): "%s[%d]" % (k, i) for k, all in groups.items() for i, s in enumerate(all)}
    with out("cell.net") as f:
        f.write("// An artificial pyramidal-like cell of 846 points; made by make.py.\ncell Artificial {\n")
        for k, all in groups.items(): f.write("    section %s[%d] { Ra = 100 ohm*cm, cm = 1 uF/cm2, nseg = 2 * floor(L / (40 um)) + 1 }\n" % (k, len(all)))
        for s in c.all:
            pts = ", ".join("(%s)" % ", ".join("%r um" % round(x, 6) for x in (s.x3d(i), s.y3d(i), s.z3d(i), s.diam3d(i))) for i in range(s.n3d()))
            join, p = "", s.parentseg()
            if p is not None:
                end = "" if s.orientation() == 0 else " at 1"
                join = "\n        connect %s(%r)%s" % (name[p.sec.name()], p.x, end)
            f.write("    in %s { points = [%s]%s\n    }\n" % (name[s.name()], pts, join))
        f.write("    in all { insert hh }\n")
        f.write("    in [%s] {\n        insert hh { gnabar = 0.06 S/cm2, gkbar = 0.018 S/cm2, gl = 0.0001 S/cm2 }\n" % ", ".join(k for k in groups if k != "soma"))
        f.write("        insert pas { g = 0.00003 S/cm2, e = -65 mV }\n    }\n    spike at soma[0](0.5) above 0 mV\n}\n")
    for s in c.all:
        s.Ra, s.cm = 100, 1; s.nseg = 2*int(s.L/40) + 1; s.insert("hh")
        if s in c.soma: continue
        s.insert("pas")
        for x in s: x.hh.gnabar, x.hh.gkbar, x.hh.gl, x.pas.g, x.pas.e = 0.06, 0.018, 1e-4, 3e-5, -65
    so = c.soma[0]
    ic = h.IClamp(so(0.5)); ic.delay, ic.dur, ic.amp = 2, 800, 2.5
    h.celsius = 6.3
    rows, spikes = run(40, [so(0.5), c.apic[10](0.5)], so)
    with out("cell.csv") as f:
        f.write("segments,area_um2 / step,v0,v1 / spikes\n")
        f.write("%d,%r\n" % (sum(s.nseg for s in c.all), sum(x.area() for s in c.all for x in s)))
        for k, r in enumerate(rows): f.write("v,%d,%s\n" % (10*k, ",".join(map(repr, r))))
        f.write("spikes,%s\n" % numbers(spikes))

def shapes():
    soma = h.Section(name="soma"); soma.L = soma.diam = 20
    pts = [(0, 0, 0, 2), (40, 5, 0, 3), (80, 5, 14, 1), (80, 5, 14, 2), (160, 9, 4, 0.5)]
    secs = [h.Section(name=n) for n in ("lambda", "slow", "long", "wide", "back", "even")]
    lam, slow, long, wide, back, even = secs
    for s in secs:
        s.connect(soma(1), 1 if s is back else 0)
        for q in pts: s.pt3dadd(*q)
        s.Ra = 150
    def rule(s, d, f): s.nseg = int((s.L/(d*h.lambda_f(f, sec=s)) + .9)/2)*2 + 1
    rule(lam, 0.1, 100); rule(slow, 0.02, 50)
    long.nseg = wide.nseg = back.nseg = 3; even.nseg = 4
    long.L = 300; wide.diam = 1.5
    with out("shapes.csv") as f:
        f.write("section,L_um,area_um2,diam_um,distance_um\n")
        for s in secs:
            f.write("%s,%r,%s,%s,%s\n" % (s.name(), s.L, numbers(x.area() for x in s), numbers(x.diam for x in s), numbers(h.distance(soma(0.5), x) for x in s)))

points(); branched(); apical(); shapes()
if len(sys.argv) > 1: cell(sys.argv[1])
