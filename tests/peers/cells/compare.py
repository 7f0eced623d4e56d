"""Compares a published cell here with NEURON: structure, and spikes of a step of current.

    python compare.py FOLDER/cell.hoc [--template NAME] [--call 'NAME(0)'] [--mods FOLDER] [--cache FOLDER] [--at soma] [--amp 0.5] [--bouton PATH]
    python compare.py FOLDER/cell.py --template CLASS [--call 'CLASS(kind="RS")'] ...

Needs NEURON from PyPI (with nrnivmodl and a C compiler where there are files of mechanisms). Prints one line: what differs, or `equal`.
Structure is compared to 1e-9, spikes to one step. Files of mechanisms that this NEURON cannot compile are left out on both sides, and told.
"""
import argparse
import glob
import hashlib
import importlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

DT, DURATION, DELAY, STEP = 0.025, 300.0, 50.0, 200.0


def executed(file, named):
    """A file of Python as a module; as a part of its package where it asks for what lies beside it there. Without a class in it that is wanted, as a program."""
    name = os.path.splitext(file)[0]
    root, parts = os.getcwd(), [name]
    while os.path.exists(root + "/__init__.py"):
        root, last = os.path.split(root)
        parts.insert(0, last)
    sys.path[:0] = [os.getcwd()]
    sys.path.append(root)
    sys.argv = [file]
    spec = importlib.util.spec_from_file_location(name if named else "__main__", os.path.abspath(file))
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except SystemExit:
        pass
    except ImportError as error:
        if "relative import" not in str(error):
            raise
        return importlib.import_module(".".join(parts))
    return module


def neuron(args):
    """Runs in a process of its own: builds the cell in NEURON, writes its structure, runs it."""
    from neuron import h

    h.load_file("stdrun.hoc")
    # Simulations that the file asks for are not what is compared.
    h("proc run() {}\nproc continuerun() {}")
    mods = os.path.abspath(args.mods or os.path.dirname(os.path.abspath(args.file)))
    os.chdir(os.path.dirname(os.path.abspath(args.file)))
    known = set(h.allsec())
    of_module, cell = known, None
    if args.file.endswith(".py"):
        module = executed(os.path.basename(args.file), bool(args.template))
        of_module = set(h.allsec())
        cell = eval(args.call or f"{args.template}()", vars(module)) if args.template else None
    elif not h.load_file(1, os.path.basename(args.file)):
        sys.exit("NEURON cannot load the file")
    elif args.template:
        call = args.call or f"{args.template}()"
        h("objref the_cell_\nthe_cell_ = new " + call)
        cell = h.the_cell_
    def parameters(mech):
        kind, name, found = h.MechanismStandard(mech, 1), h.ref(""), []
        for k in range(int(kind.count())):
            kind.name(name, k)
            if name[0] not in pointers:
                found.append(name[0])
        return found

    # What an unset pointer points to cannot be asked for; `psection` would.
    pointers = pointers_of(mods)
    inserted = lambda sec: [m.name() for m in sec(0.5) if not m.name().endswith("_ion")]

    # Where the file has made others, too, those of the cell.
    own = [sec for sec in h.allsec() if cell is not None and sec.cell() == cell]
    own = own or [sec for sec in h.allsec() if sec not in of_module] or [sec for sec in h.allsec() if sec not in known]
    # Of several trees, the largest: a cell is one.
    trees = {}
    for sec in own:
        root = sec
        while root.parentseg():
            root = root.parentseg().sec
        trees.setdefault(root.name(), []).append(sec)
    own = max(trees.values(), key=len, default=own)
    rows = []
    for sec in own:
        # Diameters follow 3-D points once an area is asked for.
        areas = [s.area() for s in sec]
        parent = sec.parentseg()
        mechs = {m: {p: [getattr(seg, p) for seg in sec] for p in parameters(m) if "[" not in p}
                 for m in inserted(sec) if m not in ("extracellular", "capacitance", "morphology")}
        rows.append({"name": sec.name(), "L": sec.L, "nseg": sec.nseg, "Ra": sec.Ra, "cm": [s.cm for s in sec],
                     "diam": [s.diam for s in sec], "areas": areas,
                     "parent": [parent.sec.name(), parent.x, float(sec.orientation())] if parent else None, "mechs": mechs})
    sites = [sec for sec in own if sec.name().split(".")[-1] in (args.at, args.at + "[0]")]
    site = sites[0] if sites else next(sec for sec in own if sec.parentseg() is None)
    stim = h.IClamp(site(0.5))
    stim.delay, stim.dur, stim.amp = DELAY, STEP, args.amp
    spikes = h.Vector()
    watch = h.NetCon(site(0.5)._ref_v, None, sec=site)
    watch.threshold = 0
    watch.record(spikes)
    # Connections of stimuli that the file makes are no part of the cell.
    for connection in h.List("NetCon"):
        if connection.postseg() is not None:
            connection.active(0)
    h.cvode_active(0)
    h.dt, h.steps_per_ms, h.celsius = DT, 1 / DT, args.celsius
    h.finitialize(args.v_init)
    while h.t < DURATION - DT / 2:
        h.fadvance()
    print("\n@@" + json.dumps({"sections": rows, "spikes": list(spikes), "site": site.name(), "second": h.secondorder}))
    _ = cell


def pointers_of(mods):
    """The full names of all pointers that files of mechanisms declare."""
    found = set()
    for path in glob.glob(mods + "/*.mod"):
        with open(path, errors="replace") as file:
            text = re.sub(r"(?s)COMMENT.*?ENDCOMMENT", "", re.sub(r"[:?].*", "", file.read()))
        suffix = re.search(r"\bSUFFIX\s+(\w+)", text)
        for names in re.findall(r"\bPOINTER\s+(\w+(?:\s*,\s*\w+)*)", text):
            found.update(f"{name}_{suffix[1]}" if suffix else name for name in re.split(r"\s*,\s*", names))
    return found


def close(a, b):
    return abs(a - b) <= 1e-9 * max(abs(a), abs(b)) or abs(a - b) < 1e-15


def many(x, n):
    x = x if isinstance(x, list) else [x]
    return x * n if len(x) == 1 else x


def differences(ref, got):
    found = []
    known = {s["name"]: s for s in got["sections"]}
    others = [known.get(s["name"]) for s in ref]
    alone = len({s["name"] for s in ref}) == len(ref)
    if len(ref) == len(got["sections"]) and not (alone and any(others)):
        # Sections of Python have names of its objects, and several may have one name: they are compared in their order.
        mine = {r["name"]: s["name"] for r, s in zip(ref, got["sections"])}
        others = got["sections"]
        for s in ref:
            s["parent"] = s["parent"] and [mine.get(s["parent"][0]), *s["parent"][1:]]
    if len(ref) != len(got["sections"]):
        found.append(f"{len(ref)} sections, here {len(got['sections'])}")
    for s, o in zip(ref, others):
        if o is None:
            found.append(f"no {s['name']}")
            continue
        pairs = [(k, s[k], o[k]) for k in ("L", "nseg", "Ra", "cm", "diam", "areas")]
        for mech, values in s["mechs"].items():
            for full, v in values.items():
                name = full[: -len(mech) - 1]
                mine = o["mechs"].get(mech, {}).get(name)
                if mine is None:
                    found.append(f"{s['name']}: no {full}")
                else:
                    pairs.append((full, v, mine))
        for what, a, b in pairs:
            n = max(len(many(a, 1)), len(many(b, 1)))
            a, b = many(a, n), many(b, n)
            if len(a) != len(b) or not all(close(x, y) for x, y in zip(a, b)):
                found.append(f"{s['name']}.{what}: {a[:3]}, here {b[:3]}")
        if (s["parent"] is None) != (o["parent"] is None) or s["parent"] and s["parent"][0] != o["parent"][0]:
            found.append(f"{s['name']} hangs on {s['parent']}, here on {o['parent']}")
    return found


def compiled(mods, cache):
    """The folder of those mechanisms that this NEURON compiles, their library, and what was left out. Kept for the other cells of a folder."""
    kept = os.path.join(os.path.abspath(cache), hashlib.md5(mods.encode()).hexdigest()[:12])
    source = kept + "/mod"
    if not os.path.isdir(source):
        os.makedirs(source)
        for path in glob.glob(mods + "/*"):
            if path.endswith((".mod", ".inc", ".h")):
                shutil.copy(path, source)
    binary = os.path.join(os.path.dirname(sys.executable), "nrnivmodl")
    for _ in range(12):
        libs = glob.glob(kept + "/*/libnrnmech.so")
        if libs:
            break
        # Without optimization, which takes most of the time that compiling takes: numbers are the same.
        built = subprocess.run([binary, "-incflags", "-O0", source], cwd=kept, capture_output=True, text=True)
        failed = set(re.findall(r"\*\*\* \[[^\]]*?([\w.+-]+)\.(?:o|cpp|c)\] Error", built.stderr + built.stdout))
        for name in failed:
            os.rename(f"{source}/{name}.mod", f"{source}/{name}.left_out")
            shutil.rmtree(kept + "/x86_64", ignore_errors=True)
        if not failed and not glob.glob(kept + "/*/libnrnmech.so"):
            sys.exit("nrnivmodl fails: " + built.stderr[-300:])
    without = [os.path.basename(path)[:-9] for path in glob.glob(source + "/*.left_out")]
    return source, libs[0], sorted(without)


def reference(args, env):
    """What NEURON says of the cell. It is kept in the cache, as its runs take most of the time of a comparison."""
    with open(args.file, "rb") as text:
        told = [text.read().hex(), os.path.abspath(args.file), *(str(getattr(args, k)) for k in ("template", "call", "mods", "at", "amp", "celsius", "v_init"))]
    kept = os.path.join(args.cache, hashlib.md5("\n".join(told).encode()).hexdigest() + ".json") if args.cache else None
    if kept and os.path.exists(kept):
        with open(kept) as text:
            return json.load(text)
    ref = subprocess.run([sys.executable, __file__, "--neuron", *sys.argv[1:]], capture_output=True, text=True, env=env)
    if "@@" not in ref.stdout:
        sys.exit(f"{args.file}: NEURON cannot build it: " + (ref.stderr.strip().splitlines() or ["?"])[-1])
    told = json.loads(ref.stdout.split("@@")[1])
    if kept:
        with open(kept, "w") as text:
            json.dump(told, text)
    return told


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("file")
    for name in ("template", "call", "mods", "cache"):
        parser.add_argument(f"--{name}")
    parser.add_argument("--at", default="soma")
    parser.add_argument("--amp", type=float, default=0.5)
    parser.add_argument("--celsius", type=float, default=6.3)
    parser.add_argument("--v_init", type=float, default=-65.0)
    parser.add_argument("--bouton", default="bouton")
    parser.add_argument("--neuron", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.neuron:
        return neuron(args)
    here = os.path.dirname(os.path.abspath(args.file))
    mods = os.path.abspath(args.mods or here)
    place = tempfile.mkdtemp()
    env, without = dict(os.environ, NEURON_MODULE_OPTIONS="-nogui"), []
    if glob.glob(mods + "/*.mod"):
        mods, library, without = compiled(mods, args.cache or place)
        env["NEURON_MODULE_OPTIONS"] += f" -dll {library}"
    ref = reference(args, env)
    python = args.file.endswith(".py")
    kind, leave = ("class", ["--allow", "python"]) if python else ("template", [])
    call = leave if not args.template else ["--" + kind, args.call or args.template, *leave]
    pattern = ["--mod", mods + "/*.mod"]
    # Classes find the packages that they find in NEURON's Python.
    env["PATH"] = os.path.dirname(sys.executable) + os.pathsep + env.get("PATH", "")
    got = subprocess.run([args.bouton, "import", args.file, *call, *pattern, "--json"], capture_output=True, text=True, env=env)
    if got.returncode:
        sys.exit(f"{args.file}: refused: " + got.stderr[:600])
    got = json.loads(got.stdout)
    found = differences(ref["sections"], got)
    called = next((s["called"] for s in got["sections"] if s["name"] == ref["site"]), None)
    if called is None:
        # Sections of Python are in the order of the reference.
        order = [s["name"] for s in ref["sections"]]
        called = got["sections"][order.index(ref["site"])]["called"] if len(order) == len(got["sections"]) else args.at
    which = "" if not args.template else f" {kind} {args.call or args.template}"
    script = f"""
import mechanisms "{mods}/*.mod"
cell C = import "{os.path.abspath(args.file)}"{which} {{ spike at {called}(0.5) above 0 mV }}
population P: C
stimulate P with IClamp {{ delay = {DELAY} ms, duration = {STEP} ms, amplitude = {args.amp} nA }} at {called}(0.5)
simulation {{ duration = {DURATION} ms, dt = {DT} ms, v_init = {args.v_init} mV, celsius = {args.celsius} degC, second_order = {["off", "potentials", "on"][int(ref["second"])]} }}
run
save spikes(P) "spikes.csv"
"""
    if not glob.glob(mods + "/*.mod"):
        script = re.sub("import mechanisms.*\n", "", script)
    with open(place + "/run.net", "w") as out:
        out.write(script)
    run = subprocess.run([args.bouton, "run", place + "/run.net", "--out", place, *leave], capture_output=True, text=True, env=env)
    if run.returncode:
        found.append("does not run: " + run.stderr[:600])
    else:
        with open(place + "/spikes.csv") as table:
            spikes = [float(line.split(",")[0]) for line in list(table)[1:]]
        worst = max([abs(a - b) for a, b in zip(spikes, ref["spikes"])] + [0])
        if len(spikes) != len(ref["spikes"]) or worst > DT * 1.001:
            found.append(f"{len(ref['spikes'])} spikes, here {len(spikes)}, apart {worst:g} ms")
    left_out = f" (NEURON compiles no {', '.join(without)})" if without else ""
    what = f"{len(ref['sections'])} sections, {len(ref['spikes'])} spikes{left_out}:"
    print(f"{args.file}: {what}", "; ".join(found[:6]) if found else "equal")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
