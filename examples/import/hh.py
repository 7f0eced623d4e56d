"""A soma with the squid's channels and a passive dendrite (Hodgkin & Huxley 1952)."""
from neuron import h


class HHCell:
    def __init__(self, nseg=1000):
        self.soma = h.Section(name="soma", cell=self)
        self.dend = h.Section(name="dend", cell=self)
        self.dend.connect(self.soma(1))
        self.soma.L = self.soma.diam = 18.8
        self.soma.Ra = 123
        self.dend.L, self.dend.diam, self.dend.Ra = 200, 1, 100
        self.dend.nseg = nseg
        self.soma.insert("hh")
        for segment in self.soma:
            segment.hh.gl = 0.003
            segment.hh.el = -70
        self.dend.insert("pas")
        self.dend.g_pas = 0.001
        self.dend.e_pas = -65
