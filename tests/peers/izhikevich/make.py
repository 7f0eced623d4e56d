"""Izhikevich's neurons of 2007 in NEURON 9.0.2: as the mechanisms of NetPyNE's tutorials have them (netpyne/tutorials/mod/izhi2007a.mod and izhi2007b.mod of NetPyNE 1.1.1),
and as the one in mod/ has them.

    nrnivmodl FOLDER && python make.py

where FOLDER has these three. Writes spikes.csv (form,type,t_ms) and samples.csv (form,type,t_ms,v_mV,u_pA), 10 ms apart. Form a has a potential of its own, b that of a section; in form b the
recovery moves with the currents, by half a step first, and sees v + 0.001 mV; in form m (that of mod/) with the states.
"""
import csv

from neuron import h

h.load_file("stdrun.hoc")

# C (100 pF), k, vr, vt, vpeak, a, b, c, d, number of the type; currents (pA) of the first 200 ms and of the next.
TYPES = {
    "RS": ((1, 0.7, -60, -40, 35, 0.03, -2, -50, 100, 1), 70, 100),
    "IB": ((1.5, 1.2, -75, -45, 50, 0.01, 5, -56, 130, 2), 300, 500),
    "CH": ((0.5, 1.5, -60, -40, 25, 0.03, 1, -40, 150, 3), 200, 400),
    "LTS": ((1, 1.0, -56, -42, 40, 0.03, 8, -53, 20, 4), 125, 300),
    "FS": ((0.2, 1.0, -55, -40, 25, 0.2, -2, -45, -55, 5), 100, 400),
    "TC": ((2.0, 1.6, -60, -50, 35, 0.01, 15, -60, 10, 6), -600, 50),
    "RTN": ((0.4, 0.25, -65, -45, 0, 0.015, 10, -55, 50, 7), -100, 70),
}
NAMES = "C k vr vt vpeak a b c d celltype".split()


# What form m says instead of a number of the type.
MORE = {
    "LTS": dict(peakslope=-0.1, resetslope=0.04, umax=670),
    "FS": dict(b=0, babove=0, cubic=0.025, vcubic=-55, d=0),
    "TC": dict(peakslope=0.1, resetslope=-0.1, vb=-65, babove=0),
    "RTN": dict(vb=-65, babove=2),
}


def simulate(form, name, first, then):
    values = dict(zip(NAMES, TYPES[name][0]))
    section = h.Section()
    section.L = section.diam = 10
    section.cm = 31.831
    if form == "a":
        # Form b leaves the unit of C to the section.
        values["C"] *= 100
    if form == "m":
        section.cm *= values.pop("C")
        del values["celltype"]
        values["babove"] = values["b"]
        values.update(MORE.get(name, {}))
    cell = {"a": h.Izhi2007a, "b": h.Izhi2007b, "m": h.Izhi2007}[form](section(0.5))
    for key, value in values.items():
        setattr(cell, key, value)
    times = h.Vector()
    con = h.NetCon(cell, None)
    con.record(times)
    v = h.Vector().record(cell._ref_V if form == "a" else section(0.5)._ref_v)
    u = h.Vector().record(cell._ref_u)
    t = h.Vector().record(h._ref_t)
    h.dt = 0.025
    cell.Iin = first
    h.finitialize(-60)
    pc = h.ParallelContext()
    pc.set_maxstep(10)
    pc.psolve(200)
    cell.Iin = then
    pc.psolve(400)
    return list(times), list(zip(t, v, u))[::400]


with open("spikes.csv", "w", newline="") as f, open("samples.csv", "w", newline="") as g:
    spikes, samples = csv.writer(f, lineterminator="\n"), csv.writer(g, lineterminator="\n")
    spikes.writerow(["form", "type", "t_ms"])
    samples.writerow(["form", "type", "t_ms", "v_mV", "u_pA"])
    for form in "abm":
        for name, (_, first, then) in TYPES.items():
            times, rows = simulate(form, name, first, then)
            spikes.writerows([form, name, repr(t)] for t in times)
            samples.writerows([form, name, repr(t), repr(v), repr(u)] for t, v, u in rows)
            print(form, name, len(times), times[:5])
