"""Izhikevich's simple models: with a potential of their own, or on that of a section.

Izhi2003 has the parameters of Izhikevich 2003 (IEEE Trans Neural Netw 14:1569), Izhi2007 those of Izhikevich 2007 (Dynamical Systems in Neuroscience).
"""
from neuron import h

TYPES_2003 = {  # a, b, c, d
    "regular spiking": (0.02, 0.2, -65, 8),
    "tonic spiking": (0.02, 0.2, -65, 6),
    "intrinsically bursting": (0.02, 0.2, -55, 4),
    "chattering": (0.02, 0.2, -50, 2),
    "fast spiking": (0.1, 0.2, -65, 2),
    "low-threshold spiking": (0.02, 0.25, -65, 2),
}
TYPES_2007 = {  # C (pF), k, vr, vt, peak, a, b, c, d
    "RS": (100, 0.7, -60, -40, 35, 0.03, -2, -50, 100),
    "IB": (150, 1.2, -75, -45, 50, 0.01, 5, -56, 130),
    "CH": (50, 1.5, -60, -40, 25, 0.03, 1, -40, 150),
}


class Izhi2003:
    def __init__(self, type="tonic spiking", own=False):
        self.soma = h.Section(name="soma", cell=self)
        # An area of 100 um2 has the capacitance of 1 pF.
        self.soma.L = self.soma.diam = 5.641895835477563
        self.izhi = h.Izhi03a(self.soma(0.5)) if own else h.Izhi03b(self.soma(0.5))
        self.izhi.a, self.izhi.b, self.izhi.c, self.izhi.d = TYPES_2003[type]


class Izhi2007:
    def __init__(self, type="RS", own=False):
        C, k, vr, vt, peak, a, b, c, d = TYPES_2007[type]
        self.soma = h.Section(name="soma", cell=self)
        self.soma.L = self.soma.diam = 10
        # uF/cm2 from pF and um2
        self.soma.cm = 100 * C / self.soma(0.5).area()
        self.izhi = h.Izhi07a(self.soma(0.5)) if own else h.Izhi07b(self.soma(0.5))
        if own:
            self.izhi.C = C
        self.izhi.k, self.izhi.vr, self.izhi.vt, self.izhi.peak = k, vr, vt, peak
        self.izhi.a, self.izhi.b, self.izhi.c, self.izhi.d = a, b, c, d
