"""What the cells of this folder give in NEURON 9.0.2: nrnivmodl mod; python make.py [NAME ...] writes NAME.csv, one process a cell."""
import csv
import os
import subprocess
import sys

here = os.path.dirname(os.path.abspath(__file__))
# What is made, and what of it is recorded under which name.
CELLS = {
    "tables_off": ("tables.hoc", "Tables", [1], {"v": "soma.v(0.5)", "ina": "soma.ina_bside(0.5)", "p": "soma.p_bside(0.5)", "m": "soma.m_bside(0.5)"}),
    "tables_late": ("tables.hoc", "Tables", [2], {"v": "soma.v(0.5)", "p": "soma.p_bside(0.5)"}),
    "tables_on": ("tables.hoc", "Tables", [3], {"v": "soma.v(0.5)", "p": "soma.p_bside(0.5)", "m": "soma.m_bside(0.5)"}),
    "begins": ("begins.hoc", "Begins", [], {"v": "soma.v(0.5)", **{one: f"soma.{one}_begins(0.5)" for one in "abcdefgh"}, "a2": "soma.a_begins(5/6)", "f2": "soma.f_begins(5/6)"}),
    "rests": ("rests.hoc", "Rests", [], {"v": "soma.v(0.5)", "end": "soma.v(5/6)", "o": "soma.o_rests(0.5)", "s": "soma.s_rests(0.5)"}),
}


def make(name):
    from neuron import h

    file, template, arguments, values = CELLS[name]
    h.load_file("stdrun.hoc")
    h.load_file(1, os.path.join(here, file))
    cell = getattr(h, template)(*arguments)
    h("objref cell, into")
    h.cell = cell
    records = {}
    for one, path in values.items():
        records[one] = h.into = h.Vector()
        h(f"into.record(&cell.{path})")
    h.cvode_active(0)
    h.dt, h.celsius = 0.025, 6.3
    h.finitialize(-62 if name == "rests" else -65)
    while h.t < 25 - 0.0125:
        h.fadvance()
    with open(os.path.join(here, name + ".csv"), "w", newline="") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(["t", *records])
        for k in range(0, 1001, 10):
            table.writerow([k * 0.025, *(repr(one[k]) for one in records.values())])


if __name__ == "__main__":
    if len(sys.argv) == 2 and sys.argv[1] in CELLS:
        make(sys.argv[1])
    else:
        for name in CELLS:
            subprocess.run([sys.executable, os.path.abspath(__file__), name], cwd=here, check=True)
