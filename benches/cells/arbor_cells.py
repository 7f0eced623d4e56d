"""The models in Arbor (exact rates only). Usage: arbor_cells.py MODEL N. Prints RESULT {json} with the CPU seconds of the run."""
import json, os, resource, sys
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import models as M
import arbor as A
from arbor import units as U

def cpu():
    u = resource.getrusage(resource.RUSAGE_SELF)
    return u.ru_utime + u.ru_stime

model, n = sys.argv[1], int(sys.argv[2])
CM = 0.01 * U.F / U.m2

def morphology(list_):
    "One segment for each compartment, so that each section is cut into exactly its compartments; tag 100 + section."
    tree, ends, at = A.segment_tree(), {}, {}
    for k, (parent, L, diam, nseg) in enumerate(list_):
        last, x = (A.mnpos, 0.0) if parent is None else (ends[parent], at[parent])
        for j in range(nseg):
            here = [A.mpoint(x + e * L / nseg, 10 * k, 0, diam / 2) for e in (j, j + 1)]
            last = tree.append(last, *here, tag=100 + k)
        ends[k], at[k] = last, x + L
    return tree

def base(Ra=35.4):
    return A.decor().set_property(Vm=-65 * U.mV, cm=CM, rL=Ra * U.Ohm * U.cm, tempK=279.45 * U.Kelvin)

class Recipe(A.recipe):
    def __init__(self):
        A.recipe.__init__(self)
        self.p = A.neuron_cable_properties()
        self.p.catalogue = A.default_catalogue()
        self.shape = getattr(self, model)()
    def num_cells(self): return n
    def cell_kind(self, g): return A.cell_kind.cable
    def cell_description(self, g): return self.shape
    def global_properties(self, k): return self.p
    def ring(self):
        m, t = M.RING, A.segment_tree()
        t.append(A.mnpos, A.mpoint(-m["L"] / 2, 0, 0, m["diam"] / 2), A.mpoint(m["L"] / 2, 0, 0, m["diam"] / 2), tag=1)
        d = (base().paint("(all)", A.density("hh")).place("(location 0 0.5)", A.synapse("expsyn", {"tau": m["tau"], "e": 0.0}), "s0")
             .place("(location 0 0.5)", A.threshold_detector(m["threshold"] * U.mV), "det"))
        return A.cable_cell(t, d, discretization=A.cv_policy_single())
    def branched(self):
        m = M.BRANCHED
        d = base(m["Ra"]).paint("(all)", A.density("hh")).place("(location 0 0.138888889)", A.threshold_detector(m["threshold"] * U.mV), "det")
        for k, s in enumerate(m["places"]):
            d.place("(on-components 0.5 (tag %d))" % (100 + s), A.synapse("expsyn", {"tau": m["tau"], "e": 0.0}), "s%d" % k)
        return A.cable_cell(morphology(M.branching()), d, discretization=A.cv_policy_every_segment())
    def cell(self):
        m = M.CELL
        hh = lambda g: A.density("hh", dict(zip(("gnabar", "gkbar", "gl"), g)))
        lab = A.label_dict({"soma": "(tag 100)", "dend": "(difference (all) (tag 100))"})
        d = (base(m["Ra"]).paint('"soma"', hh(m["soma"])).paint('"dend"', hh(m["dendrite"]))
             .paint('"dend"', A.density("pas/e=%g" % m["pas"][1], {"g": m["pas"][0]}))
             .place("(root)", A.i_clamp(m["start"] * U.ms, m["length"] * U.ms, m["amplitude"] * U.nA))
             .place("(root)", A.threshold_detector(m["threshold"] * U.mV), "det").place("(root)", A.synapse("expsyn"), "s0"))
        return A.cable_cell(morphology(M.tree()), d, lab, A.cv_policy_every_segment())
    def connections_on(self, g):
        if model == "ring":
            r = M.RING["cells_in_ring"]
            return [A.connection((g // r * r + (g - 1) % r, "det"), "s0", M.RING["weight"], M.RING["delay"] * U.ms)]
        return [A.connection((g, "det"), "s0", 0.0, 5 * U.ms)]  # without any connection Arbor returned no spikes
    def event_generators(self, g):
        if model == "ring":
            r = M.RING["cells_in_ring"]
            return [] if g % r else [A.event_generator("s0", M.RING["weight"], A.explicit_schedule([M.kick(g // r) * U.ms]))]
        if model == "branched":
            train = lambda k: M.trains(g, k)
            first = lambda k: A.explicit_schedule([t * U.ms for t in M.times(*train(k), M.BRANCHED["duration"])])
            return [A.event_generator("s%d" % k, M.BRANCHED["weight"], first(k)) for k in range(4)]
        return []

recipe, context = Recipe(), A.context(threads=1)
hint = {A.cell_kind.cable: A.partition_hint(prefer_gpu=False, cpu_group_size=n)}
sim = A.simulation(recipe, context, A.partition_load_balance(recipe, context, hint))
sim.record(A.spike_recording.all)
duration = {"ring": M.RING, "branched": M.BRANCHED, "cell": M.CELL}[model]["duration"]
before = cpu()
sim.run(duration * U.ms, M.DT * U.ms)
used = cpu() - before
times = sorted(float(t) for _, t in sim.spikes())
print("RESULT " + json.dumps({"run": used, "spikes": len(times), "first": times[:1], "last": times[-1:]}))
