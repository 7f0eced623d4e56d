"""Writes odes.csv: the first variable of public XPP files, solved by SciPy's DOP853 to 1e-12. Usage: python odes.py FILES [FOLDER]; FILES is where the files of README.md are."""
import csv, math, os, re, sys
import numpy as np
from scipy.integrate import solve_ivp

files = sys.argv[1]
folder = os.path.abspath(sys.argv[2] if len(sys.argv) > 2 else os.path.dirname(__file__))


def read(path):
    """Parameters, functions (arguments and text), lines `name = text`, equations and initial values of an .ode file; all names are in lower case there."""
    parameters, functions, fixed, equations, initial = {}, {}, {}, {}, {}
    for line in open(path):
        line = line.split("#")[0].strip().lower()
        words = line.split(None, 1)
        if not line or line.startswith(("@", "aux", "set", "done")):
            continue
        if re.fullmatch(r"(p|par|param|params|number|par\d+-\d+)", words[0]):
            for name, value in re.findall(r"(\w+)\s*=\s*([-+.\de]+)", words[1]):
                parameters[name] = float(value)
        elif words[0] == "init":
            initial.update({name: float(value) for name, value in re.findall(r"(\w+)\s*=\s*([-+.\de]+)", words[1])})
        elif m := re.fullmatch(r"(\w+)\(0\)\s*=\s*(.*)", line):
            initial[m[1]] = float(m[2])
        elif m := re.fullmatch(r"d(\w+)/dt\s*=\s*(.*)|(\w+)'\s*=\s*(.*)", line):
            equations[m[1] or m[3]] = m[2] or m[4]
        elif m := re.fullmatch(r"(\w+)\(([\w,]*)\)\s*=\s*(.*)", line):
            functions[m[1]] = (m[2], m[3])
        elif m := re.fullmatch(r"(\w+)\s*=\s*(.*)", line):
            fixed[m[1]] = m[2]
        else:
            raise SystemExit(f"{path}: {line}")
    return parameters, functions, fixed, equations, initial


def solve(name, length, **changed):
    parameters, functions, fixed, equations, initial = read(os.path.join(files, name + ".ode"))
    parameters.update(changed)
    body = lambda text: text.replace("^", "**")
    known = {"exp": math.exp, "tanh": math.tanh, "cosh": math.cosh, "min": min, "heav": lambda x: 1.0 if x >= 0 else 0.0}
    lines = [f"def {f}({arguments}): return {body(text)}" for f, (arguments, text) in functions.items()]
    known.update(parameters)
    names = list(equations)
    # Functions may name variables and lines: they are made anew for each evaluation.
    program = compile("\n".join(lines + [f"{n} = {body(text)}" for n, text in fixed.items()] + [f"rates = [{', '.join(body(e) for e in equations.values())}]"]), name, "exec")

    def rates(t, y):
        scope = {**known, "t": t, **dict(zip(names, y))}
        exec(program, scope)
        return scope["rates"]

    start = [initial.get(n, 0.0) for n in names]
    times = np.arange(0, length + 0.5, 1.0)
    found = solve_ivp(rates, (0, length), start, method="DOP853", rtol=1e-12, atol=1e-12, t_eval=times, max_step=0.05)
    return found.y[0]


CASES = {
    "MorrisLecar": solve("morris_lecar_1981", 200, i=90.0),
    "PinskyRinzel": solve("pinsky_rinzel_1994", 200),
    "GolombFS": solve("golomb_2007", 200, iapp=6.0),
}
with open(os.path.join(folder, "odes.csv"), "w", newline="") as f:
    rows = csv.writer(f, lineterminator="\n")
    rows.writerow(["t_ms", *CASES])
    rows.writerows([k, *(float(values[k]) for values in CASES.values())] for k in range(201))
