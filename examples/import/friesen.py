"""A regular-spiking cell whose spikes a threshold makes: soma, dendrite and an axon that carries the spiker (after Friesen & Friesen 1994)."""
from neuron import h


def regular_spiking():
    """Conductances are given in nS for whole compartments, couplings between them too."""
    cell = Cell()
    for sec in (cell.soma, cell.dend, cell.axon):
        sec.insert("pas")
        sec.g_pas = density(8.3, sec)
        sec.e_pas = -65
    cell.soma.insert("ka_of")
    cell.soma.gbar_ka_of = density(145, cell.soma)
    cell.spiker = h.Spiker(cell.axon(0.5))
    cell.spiker.refractory = 1000 / 91
    return cell


def density(nanosiemens, sec):
    """S/cm2"""
    return 0.1 * nanosiemens / sec(0.5).area()


class Cell:
    def __init__(self, membrane_time=19):
        self.axon = h.Section(name="axon", cell=self)
        self.soma = h.Section(name="soma", cell=self)
        self.dend = h.Section(name="dend", cell=self)
        self.soma.connect(self.axon(1))
        self.dend.connect(self.soma(1))
        for sec, length, diam, coupling in ((self.axon, 200, 1, 50), (self.soma, 30, 30, 85), (self.dend, 500, 2, 50)):
            sec.L, sec.diam, sec.nseg, sec.Ra = length, diam, 1, 1
            sec.Ra = 1000 / coupling / sec(0.5).ri()
        for sec in (self.axon, self.dend):
            # uF/cm2, so that the membrane has its time constant (ms)
            sec.cm = 1000 * membrane_time * density(8.3, sec)
