"""What NEURON's package for Python answers. The same lines hold under NEURON 9 (`python api.py`) and under the bridge that stands for it."""
import math

import neuron
from neuron import h, hclass, rxd
from neuron.units import mV, ms, uM, um

h.load_file("stdrun.hoc")
h("create quad[3]")
h("double four[4]")
h("strdef word")
h("""begintemplate Kept
public soma, dend, x, s, all, twice
create soma, dend[2]
objref all
strdef s
proc init() { x = 4  s = "hh"  all = new SectionList()  soma all.append()  connect dend[0](0), soma(1)  connect dend[1](0), soma(0.5) }
func twice() { return $1 * 2 }
endtemplate Kept""")


def near(a, b):
    return abs(a - b) <= 1e-9 * max(1.0, abs(b))


def raised(kind, what):
    try:
        what()
    except kind:
        return True
    return False


class Own(neuron.nrn.Section):
    def __init__(self, name, kind):
        neuron.nrn.Section.__init__(self, name=name)
        self.kind = kind


class Holder(hclass(h.Vector)):
    def doubled(self):
        return 2 * len(self)


class Everything:
    def __init__(self):
        self.a, self.b, self.c = (h.Section(name=name, cell=self) for name in "abc")
        self.b.connect(self.a(1))
        self.c.connect(self.a(0.5))
        self.a.nseg, self.a.L, self.a.diam = 3, 30, 10
        for k, seg in enumerate(self.a):
            seg.diam = 10 - 2 * k
        self.b.L, self.b.diam, self.c.L, self.c.diam = 50, 2, 20, 0.7
        self.a.insert(h.hh)
        self.b.insert("pas").insert("extracellular")
        self.shapes()
        self.sections()
        self.mechanisms()
        self.objects()
        self.names()

    def __str__(self):
        return "whole"

    def shapes(self):
        a, b, c = self.a, self.b, self.c
        near_volume = math.pi * 1**2 * 50
        assert near(b(0.5).volume(), near_volume) and near(h.distance(a(0), b(1)), 80)
        h.define_shape()
        assert [a.x3d(k) for k in range(a.n3d())] == [0, 5, 15, 25, 30] and [a.diam3d(k) for k in range(5)] == [10, 10, 8, 6, 6]
        assert all(near(seg.diam, d) for seg, d in zip(a, (9.75, 8, 6.25)))
        areas = (307.0495559283113, 252.58092336643637, 196.85877972530858)
        assert all(near(seg.area(), s) for seg, s in zip(a, areas)) and (a.L, b.L) == (30, 50)
        assert [b.x3d(k) for k in range(3)] == [30, 55, 80] and (c.x3d(0), c.y3d(2)) == (15, 20)
        c.pt3dinsert(1, 15, 5, 0, 2)
        assert c.n3d() == 4 and c.diam3d(1) == 2
        c.pt3dremove(1)
        h.pt3dclear(sec=b)
        assert b.n3d() == 0 and raised(Exception, lambda: b.x3d(5))
        h.distance(0, 0.5, sec=a)
        assert near(h.distance(1, 0.5, sec=b), 40) and near(h.distance(0.5, sec=b), 40) and near(h.distance(b(0.5)), 40)

    def sections(self):
        a, b, c = self.a, self.b, self.c
        assert str(a) == "whole.a" and a.cell() is self and h.secname(sec=a) == "_pysec.whole.a" and repr(a(0.5)) == "whole.a(0.5)"
        assert a.wholetree() == [a, c, b] and a.subtree() == [a, c, b] and a.children() == [c, b]
        assert b.parentseg() == a(1) and b.trueparentseg() == a(1) and a.parentseg() is None and b.orientation() == 0
        assert a(0.5) == a(0.51) and hash(a(0.5)) == hash(a(0.51)) and a(0.1) != a(0.5) and a(0.5) in a
        assert [round(seg.x, 3) for seg in a.allseg()] == [0, 0.167, 0.5, 0.833, 1] and len(list(h.allsec())) == 6
        own = Own("own", kind=3)
        assert own.kind == 3 and own.L == 100 and isinstance(own, neuron.nrn.Section) and own in list(h.allsec())
        del own
        assert len(list(h.allsec())) == 6, "a section ends with its last name"
        some = h.SectionList([a, b])
        some.append(c)
        assert list(some) == [a, b, c] and a in list(some)
        ref = h.SectionRef(sec=b)
        assert ref.parent == a and ref.sec == b and ref.has_parent() and ref.nchild() == 0
        assert h.ismembrane("hh", sec=a) and not h.ismembrane("hh", sec=b) and a.has_membrane("hh")
        assert raised(AttributeError, lambda: a.nowhere) and raised(AttributeError, lambda: setattr(a, "nowhere", 1))
        assert raised(ValueError, lambda: a.insert("nowhere"))

    def mechanisms(self):
        a, b = self.a, self.b
        assert {mech.name(): mech.is_ion() for mech in a(0.5)} == {"hh": False, "na_ion": True, "k_ion": True}
        names = [value.name() for value in a(0.5).hh]
        assert names[:4] == ["gnabar_hh", "gkbar_hh", "gl_hh", "el_hh"] and {"m_hh", "h_hh", "n_hh"} <= set(names)
        told = a.psection()
        assert told["density_mechs"]["hh"]["gnabar"] == [0.12] * 3 and told["ions"]["na"]["ena"] == [50.0] * 3 and told["nseg"] == 3
        assert told["morphology"]["L"] == 30 and told["morphology"]["parent"] is None and told["cell"] is self
        a.gnabar_hh = 0.1
        a(0.5).hh.gnabar *= 2
        for value in a(0.1).hh:
            if value.name() == "gkbar_hh":
                value[0] = 0.03
        assert [seg.hh.gnabar for seg in a] == [0.1, 0.2, 0.1] and [seg.gkbar_hh for seg in a] == [0.03, 0.036, 0.036]
        b(0.5).xraxial[0], b.xg[1] = 5, 7
        assert (b(0.5).xraxial[0], b(0.5).xg[1], b.xg[0]) == (5, 7, 1e9)
        assert raised(AttributeError, lambda: a(0.5).pas) and raised(AttributeError, lambda: setattr(a(0.5), "nowhere", 1))

    def objects(self):
        syn = h.ExpSyn(self.b(0.5))
        syn.tau = 2 * ms
        assert syn.get_segment() == self.b(0.5) and syn.get_loc() == 0.5 and self.b(0.5).point_processes() == [syn]
        assert hasattr(syn, "tau") and not hasattr(syn, "nowhere") and raised(LookupError, lambda: setattr(syn, "nowhere", 1))
        clamp = h.IClamp(self.a(0.5))
        clamp.delay = 5
        assert clamp.delay == 5
        assert h.IClamp[0] == clamp and len(h.IClamp) == 1 and raised(IndexError, lambda: h.IClamp[7])
        h.pas.insert([self.c])
        assert self.c.has_membrane("pas")
        con = h.NetCon(self.a(0.5)._ref_v, syn, sec=self.a)
        con.weight[0] = 0.1
        assert list(con.weight) == [0.1] and con.threshold == 10 and con.preseg() == self.a(0.5) and con.syn() == syn
        assert len(h.List("ExpSyn")) == 1 and h.List("ExpSyn")[0] == syn
        v = h.Vector([1, 2, 3])
        assert list(v + 1) == [2, 3, 4] and list(v * 2) == [2, 4, 6] and list(v + v) == [2, 4, 6] and list(v[1:]) == [2, 3] and v[-1] == 3
        v[0] = 5
        assert v.to_python() == [5, 2, 3] and v.x[0] == 5 and len(v) == 3 and list(h.Vector(range(3))) == [0, 1, 2]
        assert [k for k in range(v.size())] == [0, 1, 2] and h.Vector().record(self.a(0.5)._ref_v).size() == 0
        h.Vector([1]).play(clamp._ref_amp, 1)
        assert Holder(4).doubled() == 8
        kept = h.Kept()
        assert (kept.x, kept.s, kept.twice(4)) == (4, "hh", 8) and list(kept.all) == [kept.soma] and len(kept.dend) == 2
        assert kept.soma.cell() == kept and kept.dend[1].parentseg() == kept.soma(0.5) and not hasattr(kept, "nowhere")
        assert isinstance(kept, neuron.hoc.HocObject) and "Kept" in str(kept.dend[0])
        machine = h.ParallelContext()
        assert (machine.id(), machine.nhost(), machine.py_allgather(3)) == (0, 1, [3])

    def names(self):
        text, number = h.ref(""), h.ref(3)
        number[0] = 4
        kind = h.MechanismType(0)
        kind.select("hh")
        kind.selected(text)
        assert text[0] == "hh" and number[0] == 4
        h.MechanismStandard("hh").name(text, 1)
        assert text[0] == "gkbar_hh"
        h.word, h.four[2] = "abc", 7
        assert h.word == "abc" and list(h.four) == [0, 0, 7, 0] and len(h.quad) == 3 and h.quad[1].name() == "quad[1]"
        assert not hasattr(h, "nowhere") and hasattr(h, "IClamp") and hasattr(h, "load_file") and h.dt == 0.025
        assert (1 * mV, 1 * um) == (1, 1) and near(1 * uM, 1e-3) and rxd is not None
        h.finitialize(-65)
        while h.t < 1 - 1e-9:
            h.fadvance()


if __name__ == "__main__":
    Everything()
    print("all of it holds")
