"""Writes reference.txt: arguments and values of the functions of bouton_model::math, from mpmath. Run by hand; the tests only read its output.

A line is: function, arguments, nearest double, and what the true value has beyond it in units of its last place. Doubles are their bits in hexadecimal.
"""

import random
import struct
import sys

from mpmath import isinf, isnan, mp, mpf

mp.dps = 60
UNARY = {"exp": mp.exp, "expm1": mp.expm1, "log": mp.log, "log10": mp.log10, "sin": mp.sin, "cos": mp.cos, "tan": mp.tan,
         "asin": mp.asin, "acos": mp.acos, "atan": mp.atan,
         "tanh": mp.tanh, "sinh": mp.sinh, "cosh": mp.cosh}
HUGE_PRECISION = 400


def nearest(value):
    """The nearest double, subnormals and overflow included, and the rest in units of its last place."""
    if value == 0:
        return 0.0, mpf(0)
    exponent = max(int(mp.floor(mp.log(abs(value), 2))), -1022) - 52
    if exponent > 971:
        return (float("inf") if value > 0 else float("-inf")), mpf(0)
    units = value / mpf(2) ** exponent
    rounded = mp.nint(units)
    if rounded >= mpf(2) ** 53 and exponent == 971:
        return float("inf"), mpf(0)
    return float(rounded * mpf(2) ** exponent), units - rounded


def arguments(name, count, rng):
    uniform = rng.uniform
    anywhere = lambda low, high: rng.choice([-1, 1]) * 2.0 ** uniform(low, high)
    for k in range(count):
        kind = k % 4
        if name in ("exp", "expm1", "sinh", "cosh"):
            yield [uniform(-1, 1), uniform(-40, 40), uniform(-745, 709.7), anywhere(-60, 3)][kind]
        elif name in ("log", "log10"):
            yield [2.0 ** uniform(-1022, 1023.9), uniform(0.5, 2), 1 + anywhere(-50, -2), 2.0 ** uniform(-1074, 10)][kind]
        elif name in ("asin", "acos"):
            yield [uniform(-1, 1), 1 - 2.0 ** uniform(-50, -2), 2.0 ** uniform(-50, -2) - 1, anywhere(-60, 0)][kind]
        elif name == "atan":
            yield [uniform(-1, 1), uniform(-5, 5), anywhere(-60, 60), anywhere(-2, 2)][kind]
        elif name == "tanh":
            yield [uniform(-1, 1), uniform(-5, 5), uniform(-25, 25), anywhere(-60, 3)][kind]
        else:
            near = float(mp.pi / 2 * rng.randrange(1, 10 ** rng.randrange(1, 12))) * rng.choice([-1, 1])
            yield [uniform(-7, 7), uniform(-1e6, 1e6), near, anywhere(-40, 1023 if k % 8 == 3 else 45)][kind]


def pairs(count, rng):
    uniform = rng.uniform
    for k in range(count):
        kind = k % 4
        if kind == 0:
            yield uniform(0, 10), uniform(-20, 20)
        elif kind == 1:
            x = 2.0 ** uniform(-1074, 1023.9)
            yield x, uniform(-744, 709) / float(mp.log(mpf(x)))
        elif kind == 2:
            x = 1 + rng.choice([-1, 1]) * 2.0 ** uniform(-52, -1)
            yield x, uniform(-744, 709) / float(mp.log(mpf(x)))
        else:
            yield -uniform(0, 30), float(rng.randrange(-200, 200))


def bits(x):
    return struct.pack(">d", float(x)).hex()


def line(name, inputs, value):
    if isnan(value) or isinf(value):
        return None
    hi, rest = nearest(value)
    return " ".join([name, *(bits(x) for x in inputs), bits(hi), mp.nstr(rest, 5)])


def main(count, seed):
    rng = random.Random(seed)
    for name, function in UNARY.items():
        for x in arguments(name, count, rng):
            mp.dps = HUGE_PRECISION if abs(x) > 1e15 else 60
            text = line(name, [x], function(mpf(x))) if x != 0 else None
            mp.dps = 60
            if text:
                print(text)
    for x, y in pairs(2 * count, rng):
        text = line("pow", [x, y], mpf(x) ** mpf(y))
        if text:
            print(text)


main(int(sys.argv[1]) if len(sys.argv) > 1 else 200, int(sys.argv[2]) if len(sys.argv) > 2 else 1)
