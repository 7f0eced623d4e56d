"""Writes a script of ten thousand lines or more, of everything that scripts consist of: `python make.py > long.net`."""

MECHANISM = """mechanism chan{n} {{
    ion k reads ek writes ik
    param gbar = {g} pS/um2
    param tha = {t} mV
    param qa = 9 mV, Ra = 0.02/ms/mV, Rb = 0.002/ms/mV
    let q10 = 2.3 ^ ((celsius - 23 degC) / 10 K)
    let a = Ra * linoid(v - tha, qa)
    let b = Rb * linoid(tha - v, qa)
    let inf = a / (a + b)
    let tau = 1 / (q10 * (a + b))
    state n = inf
    n' = (inf - n) / tau
    ik = gbar * n * (v - ek)
}}

"""

CELL = """cell Cell{n} {{
    param width = {d} um
    section soma {{ L = 20 um, diam = width, Ra = 123 ohm*cm
        insert hh {{ gnabar = 0.12 S/cm2, gkbar = 0.036 S/cm2 }}
        insert chan{m} {{ gbar = {g} pS/um2 }}
    }}
    section dend {{ L = 200 um, diam = width / 4, nseg = 11
        connect soma(1)
        insert pas {{ g = 0.001 S/cm2, e = -65 mV }}
    }}
    synapse nmda: Exp2Syn at dend(0.5) {{ tau1 = 2 ms, tau2 = 80 ms, e = 0 mV }}
    spike at soma(0.5) above 10 mV
}}

"""


def script():
    yield "fn linoid(x, k) = if abs(x / k) < 1e-6 { k + x / 2 } else { x / (1 - exp(-x / k)) }\n"
    yield "simulation { duration = 1 s, dt = 0.025 ms, celsius = 34 degC, v_init = -65 mV }\n"
    yield "synapse exc = Exp2Syn { tau1 = 0.1 ms, tau2 = 5 ms, e = 0 mV }\n\n"
    for n in range(100):
        yield MECHANISM.format(n=n, g=5 + n, t=25 + n / 10)
    for n in range(200):
        yield CELL.format(n=n, m=n % 100, d=15 + n / 100, g=3 + n)
    for n in range(1000):
        yield f"param weight{n} = {1 + n / 1000} nS\n"
    for n in range(800):
        yield f"population P{n}: Cell{n % 200}[{10 + n}] {{ width = normal(18 um, 1 um) }}\n"
    for n in range(2000):
        source, target = n % 800, (n * 7 + 3) % 800
        yield f"connect C{n}: P{source} -> P{target} via exc at dend(0.5) {{ probability = 0.1, weight = weight{n % 1000}, delay = 1 ms }}\n"
    for n in range(300):
        yield f"stimulate P{n} with NetStim {{ rate = 10 Hz, noise = 0.5 }} via nmda {{ weight = weight{n}, delay = 5 ms }}\n"
    for n in range(500):
        yield f"record v{n} = P{n}[0].soma(0.5).v every 0.1 ms\n"
    yield "\nrun\n"
    for n in range(800):
        yield f'print "P{n}: {{rate(P{n}) in Hz:.1f}} Hz"\n'
    for n in range(500):
        yield f"assert max(v{n}) > -80 mV\n"


if __name__ == "__main__":
    print("".join(script()), end="")
