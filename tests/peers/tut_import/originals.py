"""The nine cells of NetPyNE's tutorial and their network, imported from the original files, beside what NetPyNE and NEURON computed of them.

    python originals.py ORIGINALS REFERENCE [--bouton PATH]

ORIGINALS is the tutorial's folder of NetPyNE's documentation (HHCellFile.py, geom.hoc, ... and mod/), which is not part of this project. REFERENCE has
cells/NAME.json (structure, parameters, spikes of a step of current), cells/NAME.v.csv, and networks/tut_import/{connections,netstim_events,spikes}.csv.
Structure is compared to 1e-9, potentials before the first spike to 1e-6 mV, spikes to one step, connections and events of stimuli row by row. Ends with 1 where
anything differs.
"""
import argparse
import csv
import json
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile

HH3D = """import "geom.hoc" template E21 {
    in all { cm = 1 uF/cm2; insert pas { g = 35.7 uS/cm2, e = -70 mV } }
    in soma { insert hh { gnabar = 0.12 S/cm2, gkbar = 0.036 S/cm2, gl = 0.003 S/cm2, el = -70 mV } }
    spike at soma(0.5) above 10 mV
}"""
# name: (file, what of it, lines in braces, place of the clamp or the input, what is recorded)
CELLS = {
    "hh": ("HHCellFile.py", "class HHCellClass()", "spike at soma(0.5) above 0 mV", "soma(0.5)", "soma(0.5).v"),
    "hh3d": ("geom.hoc", "template E21", HH3D[HH3D.index("{") + 1 : -1].replace("10 mV", "0 mV"), "soma(0.5)", "soma(0.5).v"),
    "traub": ("pyr3_traub.hoc", "template pyr3", "rename comp[1] -> soma; spike at soma(0.5) above 0 mV", "soma(0.5)", "soma(0.5).v"),
    "mainen": ("mainen.py", "class PYR2()", "spike at soma(0.5) above 0 mV", "soma(0.5)", "soma(0.5).v"),
    "friesen": ("friesen.py", "class MakeRSFCELL()", "spike at axon(0.5) above 0 mV", "soma(0.5)", "axon(0.5).v"),
    "izhi2003a": ("izhi2003Wrapper.py", 'class IzhiCell(type = "tonic spiking", host = "dummy")', "rename sec -> soma; voltage is Izhi2003a_0.V; spike at Izhi2003a_0.V above 0", "Izhi2003a_0.Iin", "v"),
    "izhi2003b": ("izhi2003Wrapper.py", 'class IzhiCell(type = "tonic spiking")', "rename sec -> soma; spike at soma(0.5) above 0 mV", "Izhi2003b_0.Iin", "soma(0.5).v"),
    "izhi2007a": ("izhi2007Wrapper.py", 'class IzhiCell(type = "RS", host = "dummy")', "rename sec -> soma; voltage is Izhi2007a_0.V; spike at Izhi2007a_0.V above 0 mV", "Izhi2007a_0.Iin", "v"),
    "izhi2007b": ("izhi2007Wrapper.py", 'class IzhiCell(type = "RS")', "rename sec -> soma; spike at soma(0.5) above 0 mV", "Izhi2007b_0.Iin", "soma(0.5).v"),
}
NETWORK = """
cell HH = import "HHCellFile.py" class HHCellClass() { spike at soma(0.5) above 10 mV }
cell HH3D = @HH3D@
cell Traub = import "pyr3_traub.hoc" template pyr3 { rename comp[1] -> soma; spike at soma(0.5) above 10 mV }
cell Mainen = import "mainen.py" class PYR2() { spike at soma(0.5) above 10 mV }
cell Friesen = import "friesen.py" class MakeRSFCELL() { spike at axon(0.5) above 10 mV }
cell Izhi03a = import "izhi2003Wrapper.py" class IzhiCell(type = "tonic spiking", host = "dummy") {
    rename sec -> soma; voltage is Izhi2003a_0.V
    synapse AMPA: Izhi2003a_0.w { unit = 1 uS }
}
cell Izhi03b = import "izhi2003Wrapper.py" class IzhiCell(type = "tonic spiking") { rename sec -> soma }
cell Izhi07a = import "izhi2007Wrapper.py" class IzhiCell(type = "RS", host = "dummy") {
    rename sec -> soma; voltage is Izhi2007a_0.V
    synapse AMPA: Izhi2007a_0.wAMPA { unit = 1 uS }
}
cell Izhi07b = import "izhi2007Wrapper.py" class IzhiCell(type = "RS") { rename sec -> soma }
population HH_pop: HH[5]
population HH3D_pop: HH3D[5]
population Traub_pop: Traub[5]
population Mainen_pop: Mainen[5]
population Friesen_pop: Friesen[5]
population Izhi03a_pop: Izhi03a[5]
population Izhi03b_pop: Izhi03b[5]
population Izhi07a_pop: Izhi07a[5]
population Izhi07b_pop: Izhi07b[5]
synapse AMPA = ExpSyn { tau = 2 ms, e = 0 mV }
connect recurrent: all -> all via AMPA { convergence = uniform(0, 10), weight = 0.001 uS, delay = 5 ms }
connect strong: HH_pop -> Izhi07a_pop via AMPA { weight = 5 uS, delay = 5 ms }
connect back: Izhi07a_pop -> HH_pop via AMPA { weight = 0.1 uS, delay = 5 ms }
stimulate weak: HH, HH3D, Traub, Mainen, Izhi03b, Izhi07b with NetStim { rate = 50 Hz, noise = 0.5 } via AMPA { weight = 0.1 uS, delay = 5 ms }
stimulate high: Friesen, Izhi03a, Izhi07a with NetStim { rate = 50 Hz, noise = 0.5 } via AMPA { weight = 5 uS, delay = 5 ms }
simulation { duration = 1 s, dt = 0.025 ms, seed = 1, streams = netpyne }
run
save spikes "spikes.csv"
save connections "connections.csv"
""".replace("@HH3D@", HH3D)

# The same stimuli heard by a mechanism that keeps the time of the last event.
POPULATIONS = ["HH_pop", "HH3D_pop", "Traub_pop", "Mainen_pop", "Friesen_pop", "Izhi03a_pop", "Izhi03b_pop", "Izhi07a_pop", "Izhi07b_pop"]
HEARD = (
    "point mechanism Heard {\n    state last = 0 ms, size = 0 uS\n    on event(weight: uS) { last = t; size = weight }\n}\n"
    + re.sub(r"(cell \w+ = import [^{]*)\{", r"\1{ synapse heard: Heard at soma(0.5);", re.sub(r"\n(connect|    synapse|synapse|save|run).*", "", NETWORK)).replace("via AMPA", "via heard")
    + "".join(f"record {p}_heard = {p}.heard.last\nrecord {p}_size = {p}.heard.size every 100 ms\n" for p in POPULATIONS)
    + "run\n"
    + "".join(f'save {p}_heard "{p}_heard.csv"\nsave {p}_size "{p}_size.csv"\n' for p in POPULATIONS)
)


def many(x):
    return x if isinstance(x, list) else [x]


def close(a, b):
    return abs(a - b) <= 1e-9 * max(abs(a), abs(b)) + 1e-15


def fits(a, b):
    a, b = many(a), many(b)
    n = max(len(a), len(b))
    a, b = (x * n if len(x) == 1 else x for x in (a, b))
    return len(a) == len(b) and all(map(close, a, b))


def rows(path):
    with open(path) as table:
        return list(csv.DictReader(line for line in table if not line.startswith("#")))


def structure(ref, got):
    """What differs between the reference's sections and ours; Python's sections have no names there, and are found by their length."""
    bad, count, left = [], 0, list(got)
    if len(got) != ref["n_sections"]:
        bad.append(f"{len(got)} sections for {ref['n_sections']}")
    for s in ref["sections"]:
        same = [g for g in left if g["name"] == s["name"] or s["name"] == "section" and close(g["L"], s["L"])]
        if not same:
            bad.append(f"no {s['name']}")
            continue
        g = same[0]
        left.remove(g)
        pairs = [(k, s[k], g[k]) for k in ("L", "nseg", "Ra", "cm", "diam", "area")]
        pairs += [(f"{p}_{m}", x, g["mechs"].get(m, {}).get(p)) for m, v in s.get("mechs", {}).items() for p, x in v.items()]
        for point in s.get("point_processes", []):
            mine = [q for q in g["point_processes"] if q["cls"] == point["cls"]]
            pairs += [(f"{point['cls']}.{p}", x, mine[0]["params"].get(p) if mine else None) for p, x in point["params"].items()]
        for what, a, b in pairs:
            count += 1
            if b is None or not fits(a, b):
                bad.append(f"{s['name']}.{what}: {a}, here {b}")
    return bad, count


def by_gid(table):
    found = {}
    for row in table:
        found.setdefault(int(row["gid"]), []).append(float(row["t_ms"]))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("originals")
    parser.add_argument("reference")
    parser.add_argument("--bouton", default="bouton")
    args = parser.parse_args()
    place = tempfile.mkdtemp()
    shutil.copytree(args.originals, place + "/o")
    os.chdir(place + "/o")
    bouton, reference = os.path.abspath(args.bouton) if "/" in args.bouton else args.bouton, args.reference
    failed = False

    def run(script, text):
        with open(script, "w") as out:
            out.write('import mechanisms "mod/*.mod"\n' + text)
        done = subprocess.run([bouton, "run", script, "--out", "out", "--allow", "python", "--quiet"], capture_output=True, text=True)
        return done.stderr if done.returncode else ""

    def tell(name, bad, good):
        nonlocal failed
        failed |= bool(bad)
        print(f"{name}: " + ("; ".join(bad[:6]) if bad else f"{good}: equal"), flush=True)

    for name, (file, which, lines, at, shown) in CELLS.items():
        with open(f"{reference}/cells/{name}.json") as text:
            ref = json.load(text)
        kind, call = which.split(" ", 1)
        done = subprocess.run([bouton, "import", file, "--" + kind, call, "--mod", "mod/*.mod", "--json", "--allow", "python"], capture_output=True, text=True)
        if done.returncode:
            tell(name, [done.stderr[:300]], "")
            continue
        if name == "hh3d":
            # What the script adds to this cell is not in the file: its passive parameters are compared by its potentials.
            for section in ref["sections"]:
                section.update(mechs={}, cm=1)
        bad, count = structure(ref, json.loads(done.stdout)["sections"])
        s = ref["sim"]
        text = f'cell C = import "{file}" {which} {{ {lines} }}\npopulation P: C'
        if at.endswith(")"):
            text += f'\nstimulate P with IClamp {{ delay = {s["delay"]} ms, duration = {s["dur"]} ms, amplitude = {s["amp"]} nA }} at {at}\n'
        else:
            text += f' {{ {at} = {s["amp"]} }}\n'
        text += f'record v = P.{shown} every 0.2 ms\nsimulation {{ duration = {s["tstop"]} ms, dt = {s["dt"]} ms, v_init = {s["v_init"]} mV, celsius = {s["celsius"]} degC }}\n'
        wrong = run("one.net", text + 'run\nsave spikes "spikes.csv"\nsave v "v.csv"\n')
        if wrong:
            tell(name, bad + [wrong[:300]], "")
            continue
        mine = [float(row["t_ms"]) for row in rows("out/spikes.csv")]
        wanted = ref.get("spike_times_ms") or s["spike_times"]
        apart = max([abs(a - b) for a, b in zip(mine, wanted)] + [0])
        if len(mine) != len(wanted) or apart > s["dt"] * 1.001:
            bad.append(f"{len(mine)} spikes for {len(wanted)}, {apart} ms apart")
        before = wanted[0] - 1 if wanted else float("inf")
        pairs = zip(csv.reader(open(f"{reference}/cells/{name}.v.csv")), csv.reader(open("out/v.csv")))
        pairs = [(a, b) for a, b in pairs if a and a[0][:1].isdigit() and b[0][:1].isdigit()]
        # The reference keeps potentials in single precision: half a unit of its last place is no difference.
        rounding = lambda x: 2.0 ** (math.frexp(x)[1] - 25)
        apart_v = [abs(float(a[1]) - float(b[1])) - rounding(float(a[1])) for a, b in pairs if float(a[0]) < before]
        off = max(apart_v + [0])
        if off > 1e-6 or not pairs:
            bad.append(f"potentials {off} mV apart before the first spike")
        tell(name, bad, f"{count} values, {len(wanted)} spikes at most {apart:.2g} ms apart, potentials {off:.1e} mV")

    wrong = run("network.net", NETWORK)
    if wrong:
        tell("network", [wrong[:500]], "")
        sys.exit(1)
    where = f"{reference}/networks/tut_import/"
    spikes, wanted = by_gid(rows("out/spikes.csv")), by_gid(rows(where + "spikes.csv"))
    bad, apart = [], 0.0
    for gid in range(45):
        a, b = wanted.get(gid, []), spikes.get(gid, [])
        off = max([abs(x - y) for x, y in zip(a, b)] + [0])
        apart = max(apart, off)
        if len(a) != len(b) or off > 0.025 * 1.001:
            bad.append(f"cell {gid}: {len(b)} spikes for {len(a)}, {off} ms apart")
    tell("spikes of the network", bad, f"{sum(map(len, wanted.values()))} spikes at most {apart:.2g} ms apart")
    gid = lambda cell: 5 * POPULATIONS.index(cell.split("[")[0]) + int(cell.split("[")[1].rstrip("]"))
    made, theirs = rows("out/connections.csv"), rows(where + "connections.csv")
    row = lambda pre, post, weight: (pre, post, float(f"{float(weight):.9g}"))
    mine = sorted(row(gid(r["pre"]), gid(r["post"]), r["weight_uS"]) for r in made if r["connection"] in ("recurrent", "strong", "back"))
    theirs = sorted(row(int(r["preGid"]), int(r["postGid"]), r["weight"]) for r in theirs if r["preGid"].isdigit())
    wrong = [f"{a}, here {b}" for a, b in zip(theirs, mine) if a != b]
    tell("connections", wrong + ([] if len(mine) == len(theirs) else [f"{len(mine)} for {len(theirs)}"]), f"{len(theirs)} connections with their weights")

    wrong = run("heard.net", HEARD)
    if wrong:
        tell("events of stimuli", [wrong[:500]], "")
        sys.exit(1)
    weights = {int(r["postGid"]): (float(r["weight"]), float(r["delay"])) for r in rows(where + "connections.csv") if r["preGid"] == "NetStim"}
    wanted = {}
    for r in rows(where + "netstim_events.csv"):
        wanted.setdefault(int(r["target_gid"]), []).append(float(r["t_ms"]))
    bad, count, apart = [], 0, 0.0
    for at, population in enumerate(POPULATIONS):
        with open(f"out/{population}_heard.csv") as table:
            samples = [line.split(",")[1:] for line in table if line[:1].isdigit()]
        with open(f"out/{population}_size.csv") as table:
            sizes = list(table)[-1].split(",")[1:]
        for cell in range(5):
            weight, delay = weights.pop(5 * at + cell)
            if not close(float(sizes[cell]), weight):
                bad.append(f"cell {5 * at + cell}: an event of {sizes[cell]} uS for {weight} uS")
            # An event is heard a delay after it was sent; the last ones of the run are not.
            times = dict.fromkeys(float(sample[cell]) for sample in samples)
            heard = [t - delay for t in times if t > 0]
            sent = [t for t in wanted.get(5 * at + cell, []) if t + delay < 1000]
            off = max([abs(a - b) / max(a, 1) for a, b in zip(sent, heard)] + [0])
            apart, count = max(apart, off), count + len(sent)
            if len(sent) != len(heard) or off > 1e-9:
                bad.append(f"cell {5 * at + cell}: {len(heard)} events for {len(sent)}, {off} apart")
    tell("events of stimuli", bad, f"{count} events of 45 stimuli with their weights and delays, {apart:.1e} apart relatively")
    sys.exit(failed)


if __name__ == "__main__":
    main()
