"""One .mod file in NEURON: a single compartment at two temperatures under current steps, or under events. Prints JSON.

Run by harness.py inside the folder in which nrnivmodl has compiled the file: NEURON loads by itself what it finds there.
"""

import json
import os
import sys

import protocol


def main(path):
    from neuron import h

    h.load_file("stdrun.hoc")
    kind, name = protocol.declared(path)
    print(json.dumps([run(h, kind, name, celsius) for celsius in protocol.CELSIUS]))


def run(h, kind, name, celsius):
    soma = h.Section(name="soma")
    soma.L = soma.diam = protocol.SIZE
    soma.Ra = 100
    soma.insert("pas")
    soma.g_pas = protocol.LEAK
    soma.e_pas = -65
    clamps = []
    for start, duration, amplitude in protocol.STEPS:
        clamp = h.IClamp(soma(0.5))
        clamp.delay, clamp.dur, clamp.amp = start, duration, amplitude
        clamps.append(clamp)
    thing = None
    if kind == "SUFFIX":
        soma.insert(name)
        thing = getattr(soma(0.5), name)
    elif kind == "POINT_PROCESS":
        thing = getattr(h, name)(soma(0.5))
    else:
        thing = getattr(h, name)()
    keep, out = [], h.Vector()
    if kind != "SUFFIX" and protocol.receives(sys.argv[1]):
        stim = h.NetStim()
        stim.start, stim.interval, stim.number, stim.noise = protocol.EVENTS
        link = h.NetCon(stim, thing)
        link.weight[0], link.delay = protocol.WEIGHT, 1
        keep += [stim, link]
    if kind == "ARTIFICIAL_CELL":
        watch = h.NetCon(thing, None)
        watch.record(out)
        keep.append(watch)
    traces = {"v": h.Vector().record(soma(0.5)._ref_v, protocol.EVERY)}
    for variable in protocol.variables(sys.argv[1]):
        try:
            traces[variable] = h.Vector().record(getattr(thing, "_ref_" + variable), protocol.EVERY)
        except Exception:
            continue
    h.celsius, h.dt, h.steps_per_ms = celsius, 0.025, 40
    h.finitialize(-65)
    h.continuerun(protocol.DURATION)
    return {"spikes": list(out), "traces": {key: list(value) for key, value in traces.items()}}


if __name__ == "__main__":
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    main(sys.argv[1])
