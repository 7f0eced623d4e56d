"""Numbers of NEURON for what connections bring and keep, and for mechanisms that hear of spikes or fire.

    nrnivmodl mod && python make.py

in this folder; NEURON 9.0.2. Writes kept.csv, stdp.csv, gate.csv, izhi.csv, leaving.csv: `t_ms` and what is recorded of each; timing.csv: the sample at which
an event is first seen.
"""
from neuron import h

h.load_file("stdrun.hoc")
keep = []


def soma(mech="pas"):
    s = h.Section(name="soma")
    s.L = s.diam = 20
    s.insert(mech)
    keep.append(s)
    return s


def stim(start, interval):
    n = h.NetStim()
    n.start, n.interval, n.number, n.noise = start, interval, 1000, 0
    keep.append(n)
    return n


def netcon(source, target, weight, delay, sec=None):
    c = h.NetCon(source, target, sec=sec) if sec is not None else h.NetCon(source, target)
    for k, w in enumerate(weight if isinstance(weight, tuple) else (weight,)):
        c.weight[k] = w
    c.delay = delay
    keep.append(c)
    return c


def run(name, names, refs, tstop, dt=0.025, after=None):
    h.dt = dt
    h.steps_per_ms = 1 / dt
    vectors = [h.Vector().record(r) for r in refs]
    t = h.Vector().record(h._ref_t)
    h.v_init = -65
    h.celsius = 6.3
    h.tstop = tstop
    h.finitialize(-65)
    if after:
        after()
    pc = h.ParallelContext()
    pc.set_maxstep(10)
    pc.psolve(tstop)
    with open(name + ".csv", "w") as f:
        f.write("t_ms," + ",".join(names) + "\n")
        for k in range(0, len(t), 20):
            f.write(f"{t[k]!r}," + ",".join(repr(v[k]) for v in vectors) + "\n")


def kept():
    s = soma("hh")
    syn = h.TM(s(0.5))
    keep.append(syn)
    netcon(stim(1.5, 10.3), syn, (0.02, 0, 0, 0, 1), 1)
    c = netcon(stim(3.2, 7.1), syn, (0.05, 0, 0, 0, 2), 1)
    back = netcon(s(0.5)._ref_v, syn, (0, 0, 0, 0, -1), 0, sec=s)

    def start():
        # What the script sets in the braces of its second connection; x of the first keeps its default.
        c.weight[2] = 0.1

    run("kept", ["v_mV", "g_uS"], [s(0.5)._ref_v, syn._ref_g], 200, after=start)


def stdp():
    s = soma("hh")
    refs, names = [s(0.5)._ref_v], ["v_mV"]
    for k in range(3):
        syn = h.STDP(s(0.5))
        syn.tau = 2
        keep.append(syn)
        netcon(stim(2 + k * 3.3, 11 + k * 1.7), syn, 0.08, 1)
        netcon(s(0.5)._ref_v, syn, -1, 0, sec=s)
        refs += [syn._ref_w, syn._ref_g]
        names += [f"w{k}", f"g{k}_uS"]
    run("stdp", names, refs, 300)


def gate():
    s = soma("pas")
    syn = h.GATE(s(0.5))
    keep.append(syn)
    netcon(stim(1, 3.1), syn, 0.01, 1)
    netcon(stim(2.5, 7.7), syn, 0.003, 0.5)
    run("gate", ["v_mV", "g_uS"], [s(0.5)._ref_v, syn._ref_g], 100)


def izhi():
    s = h.Section(name="soma")
    s.L = s.diam = 10
    s.cm = 31.83
    keep.append(s)
    cell = h.IZHI(s(0.5))
    keep.append(cell)
    other = soma("pas")
    syn = h.ExpSyn(other(0.5))
    syn.tau = 2
    keep.append(syn)
    netcon(cell, syn, 0.01, 1)
    times = h.Vector()
    nc = h.NetCon(cell, None)
    nc.record(times)
    run("izhi", ["v_mV", "u", "other_mV"], [s(0.5)._ref_v, cell._ref_u, other(0.5)._ref_v], 300)
    with open("izhi_spikes.csv", "w") as f:
        f.write("t_ms\n" + "".join(f"{x!r}\n" for x in times))


def leaving():
    s = soma("hh")
    d = h.Section(name="dend")
    d.L, d.diam, d.nseg = 400, 2, 11
    d.connect(s(1))
    d.insert("hh")
    keep.append(d)
    clamp = h.IClamp(s(0.5))
    clamp.delay, clamp.dur, clamp.amp = 1, 40, 0.5
    keep.append(clamp)
    refs = [s(0.5)._ref_v, d(0.9)._ref_v]
    for place, section in ((d(0.9), d), (s(0.5), s)):
        other = soma("pas")
        syn = h.ExpSyn(other(0.5))
        syn.tau = 2
        keep.append(syn)
        netcon(place._ref_v, syn, 0.01, 1, sec=section).threshold = 0
        refs.append(other(0.5)._ref_v)
    run("leaving", ["v_mV", "d_mV", "a_mV", "b_mV"], refs, 120)


def timing():
    # Events due before, at and behind the middle and the end of steps: starts and delays in ms, a synapse for each pair.
    s = soma("pas")
    pairs = [(start, delay) for start in (0, 1, 1.0125, 1.01250001, 1.02, 1.025, 1.0250001, 1.0374999, 2) for delay in (0, 0.0125, 0.025, 0.03, 0.1, 1)]
    g = []
    for start, delay in pairs:
        syn = h.ExpSyn(s(0.5))
        syn.tau = 2
        keep.append(syn)
        n = stim(start, 10)
        n.number = 1
        netcon(n, syn, 0.001, delay)
        g.append(h.Vector().record(syn._ref_g))
    v = h.Vector().record(s(0.5)._ref_v)
    h.dt = 0.025
    h.finitialize(-65)
    pc = h.ParallelContext()
    pc.set_maxstep(10)
    pc.psolve(4)
    with open("timing.csv", "w") as f:
        f.write("start_ms,delay_ms,first_sample,g_uS,v_mV\n")
        for (start, delay), values in zip(pairs, g):
            first = next(k for k in range(len(values)) if values[k] > 0)
            f.write(f"{start},{delay},{first},{values[first]!r},{v[first]!r}\n")


import sys

{"kept": kept, "stdp": stdp, "gate": gate, "izhi": izhi, "leaving": leaving, "timing": timing}[sys.argv[1]]() if len(sys.argv) > 1 else None
if len(sys.argv) == 1:
    import subprocess

    for name in ("kept", "stdp", "gate", "izhi", "leaving", "timing"):
        subprocess.run([sys.executable, __file__, name], check=True)
