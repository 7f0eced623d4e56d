"""The order in which NEURON delivers simultaneous events of NetStims to one artificial cell.

    nrnivmodl mod && python make.py

in this folder; NEURON 9.0.2. Writes sets.csv (the sources, times in ms) and order.csv (delivery by delivery: the set, the time in ms, the source).
"""
import random

from neuron import h

dice = random.Random(21)


def draw(repeat):
    source = lambda: (dice.randint(2, 8) / 2, dice.randint(1, 4) / 2, dice.randint(1, 5) if repeat else 1, dice.randint(1, 4) / 2)
    return [source() for _ in range(dice.randint(3, 8))]


def delivered(sources):
    cell = h.ORDER()
    keep = []
    for k, (start, interval, number, delay) in enumerate(sources):
        stim = h.NetStim()
        stim.start, stim.interval, stim.number, stim.noise = start, interval, number, 0
        con = h.NetCon(stim, cell)
        con.weight[0], con.delay = k, delay
        keep += [stim, con]
    h.dt = 0.025
    h.finitialize(-65)
    pc = h.ParallelContext()
    pc.set_maxstep(10)
    pc.psolve(20)
    return [(cell.when[i], int(cell.who[i])) for i in range(int(cell.n))]


section = h.Section()
with open("sets.csv", "w") as sets, open("order.csv", "w") as order:
    sets.write("set,start_ms,interval_ms,number,delay_ms\n")
    order.write("set,t_ms,source\n")
    for k in range(40):
        sources = draw(repeat=k >= 20)
        for source in sources:
            sets.write(",".join(map(str, (k, *source))) + "\n")
        for t, source in delivered(sources):
            order.write(f"{k},{t!r},{source}\n")
