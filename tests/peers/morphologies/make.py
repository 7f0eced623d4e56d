"""Sections of the morphologies in this folder as NEURON 9.0.2's Import3d makes them: python make.py writes sections.csv.

The files of Neurolucida's kind are made here, too: outlines and stacks of somata, trees that begin at them, beside them and far away, markers, spines, texts.
"""
import csv
import glob
import math
import os
import random

from neuron import h

h.load_file("stdrun.hoc")
h.load_file("import3d.hoc")
here = os.path.dirname(os.path.abspath(__file__))


def point(x, y, z, d, end=""):
    return f"({x:.2f} {y:.2f} {z:.2f} {d:.2f}{end})"


def outline(dice, name, x, y, z, a, b, turn):
    lines = [f'("{name}"', "  (Color RGB (255, 128, 64))", f"  (CellBody)"]
    count = dice.randrange(9, 30)
    for k in range(count):
        angle = 2 * math.pi * k / count
        u, v = a * math.cos(angle) * dice.uniform(0.9, 1.1), b * math.sin(angle) * dice.uniform(0.9, 1.1)
        lines.append("  " + point(x + u * math.cos(turn) - v * math.sin(turn), y + u * math.sin(turn) + v * math.cos(turn), z, 0.1))
    return lines + [")  ;  End of contour"]


def branch(dice, at, depth, pad):
    lines, d = [], dice.uniform(0.3, 3)
    for _ in range(dice.randrange(1, 7)):
        at = [c + dice.uniform(-9, 9) for c in at]
        lines.append(pad + point(*at, d, dice.choice(["", "", " S1"])) + "  ; a point")
        if dice.random() < 0.2:
            lines.append(pad + f'<(Class 3 "m") {point(at[0] + 1, at[1], at[2], 0.3)}>')
    if dice.random() < 0.3:
        lines.append(pad + f"(Dot (Color Red) (Name \"Marker 1\") {point(*at, 1)})")
    if depth and dice.random() < 0.75:
        lines.append(pad + "(")
        for k in range(dice.randrange(2, 4)):
            lines += [pad + "|"] * (k > 0) + branch(dice, list(at) if dice.random() < 0.9 else [c + 1 for c in at], depth - 1, pad + "  ")
        lines.append(pad + ")  ;  End of split")
    else:
        lines.append(pad + dice.choice(["Normal", "Incomplete", "High", ""]))
    return lines


def write(path, seed):
    dice = random.Random(seed)
    lines = [";\tV3 text file written for tests.", '(ImageCoords Filename "none" Merge 1 0 0 0)', '(Sections S1 "of the slice")']
    lines += ['((Font "Arial" 9) (Color White) (1 2 3 0) "a text")']
    for k in range(dice.choice([0, 1, 1, 2]) if seed else 1):
        x, y, a, b, turn = 80 * k, 20 * k, dice.uniform(6, 14), dice.uniform(4, 6), dice.uniform(0, 3)
        for layer in range(dice.choice([1, 1, 3]) if seed > 1 else 1):
            lines += outline(dice, dice.choice(["CellBody", "Cell Body", "Soma"]), x, y, 2.0 * layer, a, b, turn)
    lines += outline(dice, "Contour Name", 300, 300, 0, 9, 9, 0)
    for kind in ("Dendrite", "Dendrite", "Apical", "Axon", "Unknown")[: dice.randrange(2, 6)]:
        lines += ["( (Color Blue)", f"  ({kind})"]
        lines += branch(dice, [dice.uniform(-12, 12), dice.uniform(-12, 12), 0], 4, "  ") + [" )  ;  End of tree"]
    with open(path, "w") as out:
        out.write("\n".join(lines) + "\n")


for k in range(10):
    write(os.path.join(here, f"n{k}.asc"), k)

with open(os.path.join(here, "sections.csv"), "w", newline="") as out:
    table = csv.writer(out, lineterminator="\n")
    for path in sorted(glob.glob(os.path.join(here, "*.swc")) + glob.glob(os.path.join(here, "*.asc"))):
        for sec in list(h.allsec()):
            h.delete_section(sec=sec)
        reader = h.Import3d_Neurolucida3() if path.endswith(".asc") else h.Import3d_SWC_read()
        reader.quiet = 1
        reader.input(path)
        h.Import3d_GUI(reader, 0).instantiate(None)
        for sec in h.allsec():
            parent = sec.parentseg()
            on = [parent.sec.name(), parent.x] if parent else ["", 0]
            table.writerow([os.path.basename(path), sec.name(), sec.L, sum(seg.area() for seg in sec), sec.n3d(), *on])
