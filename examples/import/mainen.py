"""A cell of two compartments whose firing follows from how they are coupled (Mainen & Sejnowski 1996, Nature 382:363).

The axon with the soma carries fast channels, the dendrite is rho times its area; between them lies kappa (megohm).
"""
from math import pi

from neuron import h


class TwoCompartments:
    def __init__(self, rho=165.0, kappa=10.0):
        self.soma = h.Section(name="soma", cell=self)
        self.dend = h.Section(name="dend", cell=self)
        self.dend.connect(self.soma(0.5))
        for sec in (self.soma, self.dend):
            sec.cm, sec.Ra, sec.diam, sec.L = 0.75, 100, 10 / pi, 10
        self.dend.L = rho * self.soma.L
        # All of the coupling is the half of the dendrite up to its middle.
        self.dend.Ra = self.dend.Ra * kappa / self.dend(0.5).ri()
        for sec in (self.soma, self.dend):
            sec.insert("na_ms")
        self.soma.insert("kv_ms")
        for name in ("pas", "ca_ms", "cad_ms", "km_ms", "kca_ms"):
            self.dend.insert(name)
        self.soma.gbar_na_ms, self.soma.gbar_kv_ms = 30000, 1500
        self.dend.g_pas, self.dend.e_pas = 1 / 30000, -70
        self.dend.gbar_na_ms, self.dend.gbar_ca_ms = 15, 0.3
        self.dend.gbar_km_ms, self.dend.gbar_kca_ms = 0.1, 3
        for sec in (self.soma, self.dend):
            sec.ena, sec.ek = 60, -90
        self.dend.eca = 140
