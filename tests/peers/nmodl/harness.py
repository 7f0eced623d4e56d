"""Runs every .mod file of a folder in NEURON and in Bouton, and prints how many load and agree.

    python harness.py FOLDER --rewritten --bouton PATH   # are files written in the language (bouton mod --to-net) the same?
    python harness.py FOLDER --python NEURON_PYTHON --bouton PATH_TO_BOUTON [--half a|b|all] [--table FILE] [--detail]

The folder is searched for *.mod at any depth. What NEURON gives is kept in FOLDER/.neuron, by the content of the file. Files are cut into halves by a
hash of their name: one half ("a") may be looked at while building, of the other ("b") only the counts are read.
Agreement: without spikes voltage within 1e-6 mV and states within 1e-6 of their size; with spikes their times within 1e-3 ms.
"""

import argparse
import collections
import concurrent.futures
import csv
import hashlib
import json
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile

import protocol

HERE = os.path.dirname(os.path.abspath(__file__))
THRESHOLD = 0.0


def half(path):
    digest = hashlib.sha256(os.path.basename(path).lower().encode()).digest()
    return "ab"[digest[0] & 1]


def files(folder):
    for place, _, names in sorted(os.walk(folder)):
        if os.sep + "." not in place:
            yield from (os.path.join(place, name) for name in sorted(names) if name.lower().endswith(".mod"))


def neuron(path, cache, python):
    """What NEURON gives: {"runs": [...]}, or {"refused": why}."""
    with open(path, "rb") as file:
        data = file.read()
    with open(os.path.join(HERE, "protocol.py"), "rb") as one, open(os.path.join(HERE, "neuron_side.py"), "rb") as two:
        method = one.read() + two.read()
    place = os.path.join(cache, hashlib.sha256(data).hexdigest()[:20])
    kept = os.path.join(place, hashlib.sha256(method).hexdigest()[:8] + ".json")
    if os.path.exists(kept):
        with open(kept) as file:
            return json.load(file)
    result = compile_and_run(path, place, python)
    with open(kept, "w") as file:
        json.dump(result, file)
    return result


def afresh(path, options, celsius):
    """What NEURON gives at one temperature in a process of its own: in one that has run before, TABLEs and variables that INITIAL does not set are what
    that run left."""
    with open(path, "rb") as file:
        place = os.path.join(options.cache, hashlib.sha256(file.read()).hexdigest()[:20])
    kept = os.path.join(place, f"afresh_{celsius}.json")
    if not os.path.exists(kept):
        side = os.path.join(HERE, "neuron_side.py")
        code = f"import sys, runpy; sys.path.insert(0, {HERE!r}); import protocol; protocol.CELSIUS = ({celsius},); "
        code += f"sys.argv = [{side!r}, {os.path.abspath(path)!r}]; runpy.run_path({side!r}, run_name='__main__')"
        done = subprocess.run([options.python, "-c", code], cwd=place, capture_output=True, text=True, timeout=120)
        lines = done.stdout.strip().splitlines()
        if done.returncode != 0 or not lines or not lines[-1].startswith("["):
            return None
        with open(kept, "w") as file:
            file.write(lines[-1])
    with open(kept) as file:
        return json.load(file)[0]


def compile_and_run(path, place, python):
    os.makedirs(place, exist_ok=True)
    if not os.path.exists(os.path.join(place, "x86_64", "libnrnmech.so")):
        for name in os.listdir(os.path.dirname(path)):
            if name.lower().endswith(".inc") or os.path.join(os.path.dirname(path), name) == path:
                target = re.sub(r"\.MOD$", ".mod", re.sub(r"[^\w.]", "_", name))
                shutil.copy(os.path.join(os.path.dirname(path), name), os.path.join(place, target))
        command = os.path.join(os.path.dirname(python), "nrnivmodl")
        try:
            done = subprocess.run([command, "-incflags", "-O0"], cwd=place, capture_output=True, text=True, timeout=300)
        except subprocess.TimeoutExpired:
            return {"refused": "nrnivmodl takes too long"}
        if done.returncode != 0 or not os.path.exists(os.path.join(place, "x86_64", "libnrnmech.so")):
            return {"refused": "nrnivmodl: " + (done.stdout + done.stderr)[-600:]}
    try:
        command = [python, os.path.join(HERE, "neuron_side.py"), os.path.abspath(path)]
        done = subprocess.run(command, cwd=place, capture_output=True, text=True, timeout=120)
    except subprocess.TimeoutExpired:
        return {"refused": "NEURON takes too long"}
    lines = done.stdout.strip().splitlines()
    if done.returncode != 0 or not lines or not lines[-1].startswith("["):
        return {"refused": "NEURON: " + (done.stdout + done.stderr)[-600:]}
    return {"runs": json.loads(lines[-1])}


SCRIPT = """\
import mechanisms "{path}"
simulation {{ duration = {duration} ms, dt = 0.025 ms, celsius = {celsius} degC, v_init = -65 mV }}
cell C {{
    section soma {{ L = {size} um, diam = {size} um, Ra = 100 ohm*cm
        insert pas {{ g = {leak} S/cm2, e = -65 mV }}
{density}    }}
{point}}}
population p: C[1]
{links}record v = p[0].soma(0.5).v every {every} ms
{records}run
save v "v.csv"
{saves}"""


def script(path, variables, celsius):
    kind, name = protocol.declared(path)
    density = f"        insert {name}\n" if kind == "SUFFIX" else ""
    point = f"    synapse thing: {name} at soma(0.5)\n" if kind == "POINT_PROCESS" else ""
    links, records, saves = "", "", ""
    for start, duration, amplitude in protocol.STEPS:
        links += f"stimulate p with IClamp {{ delay = {start} ms, duration = {duration} ms, amplitude = {amplitude} nA }} at soma(0.5)\n"
    start, interval, number, _ = protocol.EVENTS
    events = f"NetStim {{ start = {start} ms, interval = {interval} ms, number = {number}, noise = 0 }}"
    if kind == "ARTIFICIAL_CELL":
        links += f"population q: {name}[1]\n"
        if "net_event" in protocol.text(path):
            saves += 'save spikes "spikes.csv"\n'
    if kind != "SUFFIX" and protocol.receives(path):
        unit = weight_unit(path)
        target = "p with {} via thing" if kind == "POINT_PROCESS" else "q with {}"
        links += "stimulate " + target.format(events) + f" {{ weight = {protocol.WEIGHT}{unit}, delay = 1 ms }}\n"
    place = {"SUFFIX": f"p[0].soma(0.5).{name}", "POINT_PROCESS": "p[0].thing"}.get(kind, "q[0]")
    for at, variable in enumerate(variables):
        records += f"record x{at} = {place}.{variable} every {protocol.EVERY} ms\n"
        saves += f'save x{at} "x{at}.csv"\n'
    return SCRIPT.format(
        path=os.path.abspath(path), duration=protocol.DURATION, celsius=celsius, size=protocol.SIZE, leak=protocol.LEAK,
        density=density, point=point, links=links, every=protocol.EVERY, records=records, saves=saves,
    )


def weight_unit(path):
    """The unit of the weight, as our language writes it."""
    found = re.search(r"\bNET_RECEIVE\s*\(\s*\w+\s*\(([^)]*)\)", protocol.text(path))
    unit = {"uS": "uS", "nS": "nS", "umho": "uS", "microsiemens": "uS", "micromho": "uS", "nA": "nA", "mV": "mV", "mM": "mM",
            "pS": "pS", "S": "S", "mho": "S", "ms": "ms", "nanosiemens": "nS", "nanoamp": "nA"}
    return " " + unit[found.group(1).strip()] if found and found.group(1).strip() in unit else ""


def bouton(path, variables, celsius, program, text=None):
    """Traces and spikes, or a text that says why not."""
    with tempfile.TemporaryDirectory() as place:
        name = os.path.join(place, "s.net")
        with open(name, "w") as file:
            written = script(path, variables, celsius)
            if text is not None:
                written = text + "\n" + written.split("\n", 1)[1]
            file.write(written)
        try:
            command = [program, "run", name, "--out", place, "--threads", "1", "--format", "short"]
            done = subprocess.run(command, cwd=place, capture_output=True, text=True, timeout=60)
        except subprocess.TimeoutExpired:
            return "takes too long"
        if done.returncode != 0:
            return done.stderr or done.stdout
        return {"traces": {key: column(place, file) for key, file in [("v", "v.csv")] + named(variables)}, "spikes": spikes(place)}


def rewritten(path, options):
    """Whether what `bouton mod --to-net` writes runs as the file does: (verdict, detail)."""
    variables = protocol.variables(path)
    ours = bouton(path, variables, protocol.CELSIUS[1], options.bouton)
    if isinstance(ours, str):
        variables = [name for name in variables if not isinstance(bouton(path, [name], protocol.CELSIUS[1], options.bouton), str)]
        ours = bouton(path, variables, protocol.CELSIUS[1], options.bouton)
    if isinstance(ours, str):
        return "does not load", ours
    try:
        done = subprocess.run([options.bouton, "mod", "--to-net", path], capture_output=True, text=True, timeout=20)
    except subprocess.TimeoutExpired:
        return "refused", "takes too long"
    if done.returncode != 0:
        return "refused", done.stderr
    again = bouton(path, variables, protocol.CELSIUS[1], options.bouton, done.stdout)
    if isinstance(again, str):
        return "refused", again
    if again == ours:
        return "same bits", ""
    if len(again["spikes"]) != len(ours["spikes"]):
        return "differs", "other spikes"
    worst = 0.0
    for key, (_, values) in ours["traces"].items():
        size = max([abs(x) for x in values if math.isfinite(x)] + [1e-300])
        pairs = zip(values, again["traces"][key][1])
        worst = max([worst] + [distance(a, b) / size for a, b in pairs])
    return ("same numbers" if worst < 1e-9 else "differs"), f"{worst:.2g}"


def named(variables):
    return [(variable, f"x{at}.csv") for at, variable in enumerate(variables)]


def column(place, name):
    with open(os.path.join(place, name)) as file:
        rows = [row for row in csv.reader(file) if row and not row[0].startswith("#")]
    unit = rows[0][1].rsplit("_", 1)[-1]
    return unit, [float(row[1]) for row in rows[1:]]


def spikes(place):
    name = os.path.join(place, "spikes.csv")
    if not os.path.exists(name):
        return []
    with open(name) as file:
        rows = [row for row in csv.reader(file) if row and not row[0].startswith("#")]
    return [float(row[0]) for row in rows[1:] if row[2] == "q"]


def crossings(values):
    return [at for at in range(1, len(values)) if values[at - 1] < THRESHOLD <= values[at]]


def compare(theirs, ours):
    """Nothing where they agree, else what differs."""
    if len(theirs["spikes"]) != len(ours["spikes"]):
        return f"{len(ours['spikes'])} spikes instead of {len(theirs['spikes'])}"
    for a, b in zip(theirs["spikes"], ours["spikes"]):
        if abs(a - b) > 1e-3:
            return f"a spike at {b} instead of {a}"
    for key, values in theirs["traces"].items():
        if key not in ours["traces"]:
            continue
        unit, mine = ours["traces"][key]
        if len(mine) != len(values):
            return f"{key}: {len(mine)} samples instead of {len(values)}"
        spiking = bool(crossings(theirs["traces"]["v"]))
        size = 1.0 if key == "v" else max([abs(x) for x in values if math.isfinite(x)] + [1e-300])
        allowed = 1e-6 * size * (1e3 if spiking else 1)
        scale = 1.0
        if key != "v" and any(mine):
            # A unit of its own: a power of ten.
            ratio = max(abs(x) for x in mine) / size
            scale = 10.0 ** round(math.log10(ratio)) if 0 < ratio < math.inf else 1.0
        worst = max((distance(a, b / scale) for a, b in zip(values, mine)), default=0.0)
        if not worst <= allowed:
            at = next(i for i, (a, b) in enumerate(zip(values, mine)) if not distance(a, b / scale) <= allowed)
            return f"{key} differs by {worst:.3g} of {size:.3g}, first at {at * protocol.EVERY} ms"
    return None


def distance(a, b):
    if math.isnan(a) and math.isnan(b):
        return 0.0
    return abs(a - b)


def first_error(text):
    """The error that says most: of the file, not of what the script misses for it."""
    errors = [line for line in text.splitlines() if "error" in line]
    of_file = [line for line in errors if re.search(r"E0[79]0\d", line)]
    return (of_file + errors + text.strip().splitlines() + [""])[0]


def reason(text):
    """The first error without names and places."""
    line = first_error(text)
    line = re.sub(r"^.*?error(\[\w+\])?:? ?", r"\1 ", line)
    return re.sub(r"`[^`]*`", "`...`", line)[:110].strip()


def no_number(theirs, ours):
    """Whether the potential is not a number in either from the same sample on: Bouton ends there with a fault, NEURON goes on."""
    fault = re.search(r"E0502\]: v of .* became \S+ at ([0-9.]+) ms", ours)
    missing = [at * protocol.EVERY for at, v in enumerate(theirs["traces"]["v"]) if math.isnan(v)]
    return bool(fault and missing and missing[0] - protocol.EVERY <= float(fault.group(1)) <= missing[0])


def judge(path, options):
    """How it went: (verdict, detail)."""
    theirs = neuron(path, options.cache, options.python)
    if "refused" in theirs:
        return "NEURON refuses", theirs["refused"][-200:]
    variables = [name for name in protocol.variables(path) if name in theirs["runs"][0]["traces"]]
    for run, celsius in zip(theirs["runs"], protocol.CELSIUS):
        ours = bouton(path, variables, celsius, options.bouton)
        if isinstance(ours, str):
            if no_number(run, ours):
                continue
            return "refused", ours
        difference = compare(run, ours)
        if difference and celsius != protocol.CELSIUS[0]:
            alone = afresh(path, options, celsius)
            difference = compare(alone, ours) if alone else difference
        if difference:
            return "differs", f"{celsius} degC: {difference}"
    return "agrees", ""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--python")
    parser.add_argument("--bouton", required=True)
    parser.add_argument("--half", choices=["a", "b", "all"], default="a")
    parser.add_argument("--only", help="a part of the path")
    parser.add_argument("--table", help="writes the counts here")
    parser.add_argument("--detail", action="store_true", help="prints each file that does not agree")
    parser.add_argument("--reference", action="store_true", help="runs NEURON alone")
    parser.add_argument("--rewritten", action="store_true", help="compares files with what `bouton mod --to-net` writes of them")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    options.cache = os.path.join(options.folder, ".neuron")
    options.bouton = os.path.abspath(options.bouton)
    wanted = [path for path in files(options.folder) if options.half in (half(path), "all")]
    wanted = [path for path in wanted if not options.only or options.only in path]
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        if options.reference:
            results = pool.map(lambda path: neuron(path, options.cache, options.python), wanted)
            print(collections.Counter("refused" if "refused" in one else "runs" for one in results))
            return
        if options.rewritten:
            found = list(pool.map(lambda path: (path, *rewritten(path, options)), wanted))
            for verdict, count in collections.Counter(verdict for _, verdict, _ in found).most_common():
                print(f"{count:5} {verdict}")
            reasons = collections.Counter(reason(detail) for _, verdict, detail in found if verdict == "refused")
            print("\n".join(f"{count:5} {text}" for text, count in reasons.most_common()))
            for path, verdict, detail in found:
                if options.detail and half(path) == "a" and verdict in ("refused", "differs"):
                    print(f"{verdict}: {path}: {first_error(detail)[:240]}")
            return
        verdicts = list(pool.map(lambda path: (path, *judge(path, options)), wanted))
    report(verdicts, options)


def kernels(path, options):
    """How the mechanism of a file runs, in the words of `bouton mod`; nothing where it does not load."""
    done = subprocess.run([options.bouton, "mod", "--json", path], capture_output=True, text=True, timeout=60)
    try:
        told = json.loads(done.stdout.strip().splitlines()[0])
    except (json.JSONDecodeError, IndexError):
        return None
    how = told.get("kernels", [None])[0] if told.get("runs") else None
    return how and how.split(" of ")[0]


def report(verdicts, options):
    seen = [half(path) == "a" for path, _, _ in verdicts]
    out = []
    for title, chosen in [("no or only trivial VERBATIM", True), ("other VERBATIM", False)]:
        counts = collections.Counter(verdict for path, verdict, _ in verdicts if protocol.trivial(path) == chosen)
        known = sum(count for verdict, count in counts.items() if verdict != "NEURON refuses")
        loads, agrees = known - counts["refused"], counts["agrees"]
        share = lambda n: f"{n} ({100 * n / known:.0f} %)" if known else "0"
        out.append(f"{title}: NEURON runs {known}; loads {share(loads)}, agrees {share(agrees)}; NEURON refuses {counts['NEURON refuses']}")
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        how = collections.Counter(pool.map(lambda one: kernels(one[0], options), verdicts))
    del how[None]
    total = sum(how.values())
    out += [f"of all files that load, {count} ({100 * count / total:.0f} %) run {words}" for words, count in how.most_common()]
    out.append("")
    out.append("first reason, of files that are refused")
    reasons = collections.Counter(reason(detail) for _, verdict, detail in verdicts if verdict == "refused")
    out += [f"{count:5} {text}" for text, count in reasons.most_common()]
    print("\n".join(out))
    if options.table:
        with open(options.table, "w") as file:
            file.write("\n".join(out) + "\n")
    if options.detail:
        for (path, verdict, detail), look in zip(verdicts, seen):
            if look and verdict in ("refused", "differs"):
                print(f"{verdict}: {path}: {first_error(detail)[:200]}")


if __name__ == "__main__":
    main()
