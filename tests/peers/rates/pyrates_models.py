"""Trajectories of the models that PyRates 1.2.3 ships, by its own right-hand sides and SciPy at tight tolerances: python pyrates_models.py."""
import csv
import os
import sys
import tempfile

import numpy as np
from pyrates import CircuitTemplate, EdgeTemplate, NodeTemplate, OperatorTemplate

HERE = os.path.dirname(os.path.abspath(__file__))
MASS, OSC = "model_templates.neural_mass_models", "model_templates.oscillators"

# name, template, duration, variables (column: path)
MODELS = [
    ("wilson_cowan", f"{MASS}.wilsoncowan.WC", 100.0, {"e": "e/rate_op/r", "i": "i/rate_op/r"}),
    ("qif", f"{MASS}.qif.qif", 20.0, {"r": "p/qif_op/r", "v": "p/qif_op/v"}),
    ("qif_sfa", f"{MASS}.qif.qif_sfa", 20.0, {"r": "p/qif_sfa_op/r", "v": "p/qif_sfa_op/v", "a": "p/qif_sfa_op/a"}),
    ("qif_conduct", f"{MASS}.qif.qif_conduct", 20.0, {"r": "p/qif_conduct_op/r", "v": "p/qif_conduct_op/v"}),
    ("qif_tsodyks", f"{MASS}.qif.qif_tsodyks", 20.0, {"r": "p/qif_op/r", "v": "p/qif_op/v"}),
    ("ik_nodim", f"{MASS}.ik.ik_nodim", 50.0, {"r": "p/ik_nodim_op/r", "v": "p/ik_nodim_op/v", "u": "p/ik_nodim_op/u"}),
    ("ik_eta", f"{MASS}.ik.ik_eta", 50.0, {"r": "p/ik_eta_op/r", "v": "p/ik_eta_op/v", "u": "p/ik_eta_op/u"}),
    ("ik_theta", f"{MASS}.ik.ik_theta", 50.0, {"r": "p/ik_theta_op/r", "v": "p/ik_theta_op/v", "u": "p/ik_theta_op/u"}),
    ("wilson_cowan_stp", f"{MASS}.wilsoncowan.WC_stp", 100.0, {"e": "e/rate_op/r", "i": "i/rate_op/r"}),
    ("kuramoto", f"{OSC}.kuramoto.kmo", 2.0, {"theta": "p/phase_op/theta"}),
    ("kuramoto_pair", f"{OSC}.kuramoto.kmo_2coupled", 2.0, {"a": "p1/phase_op/theta", "b": "p2/phase_op/theta"}),
    ("van_der_pol", f"{OSC}.vanderpol.vdp", 20.0, {"x": "p/vdp_op/x", "z": "p/vdp_op/z"}),
    ("jansen_rit", f"{MASS}.jansenrit.JRC2", 1.0, {"V_e": "jrc/jrc_op/V_e", "V_i": "jrc/jrc_op/V_i", "V_ein": "jrc/jrc_op/V_ein"}),
    ("jansen_rit_circuit", f"{MASS}.jansenrit.JRC", 1.0, {"exc": "pc/rpo_e_in/v", "inh": "pc/rpo_i/v", "ein": "ein/rpo_e/v"}),
    ("jansen_rit_coupled", f"{MASS}.jansenrit.JRC_2delaycoupled", 1.0, {"a": "jrc1/pc/rpo_e_in/v", "b": "jrc2/pc/rpo_e_in/v"}),
    ("qif_sd", f"{MASS}.qif.qif_sd", 20.0, {"r": "p/qif_op/r", "v": "p/qif_op/v"}),
    ("kuramoto_field", f"{OSC}.kuramoto.kmo_mf", 2.0, {"z": "p/kmo_op/z"}),
    ("kuramoto_field_pair", f"{OSC}.kuramoto.kmo_mf_2coupled", 2.0, {"a": "p1/kmo_op/z", "b": "p2/kmo_op/z"}),
    ("theta", f"{MASS}.theta.kmo_theta", 20.0, {"z": "p/theta_op/z"}),
]


# Templates that PyRates ships and that do not run, or have a slip; each is put together from its parts as it is meant.
def node(operator):
    return NodeTemplate(name="n", operators=[operator])


def of_yaml(path):
    return OperatorTemplate.from_yaml(path)


def gap():
    # Its edge names the operator `qif_op`, which the node does not have. With g = 0, as shipped, there are no gap junctions.
    operator = of_yaml(f"{MASS}.qif.qif_gap_op").update_template(name="qif_gap_op", path=None, variables={"g": 2.0})
    return CircuitTemplate(name="c", nodes={"p": node(operator)}, edges=[("p/qif_gap_op/r", "p/qif_gap_op/r_in", None, {"weight": 15.0})])


def alpha():
    # Its edge is a template that is nowhere: the alpha kernel of the base operators.
    kernel = OperatorTemplate(name="alpha", equations=["d/dt * v = x", "d/dt * x = r_in - 2*x/tau - v/tau^2"], path=None,
                              variables={"v": "output(0.0)", "x": "variable(0.0)", "tau": 1.0, "r_in": "input(0.0)"})
    edge = EdgeTemplate(name="alpha_edge", operators=[kernel])
    nodes = {"p": node(of_yaml(f"{MASS}.qif.qif_op"))}
    return CircuitTemplate(name="c", nodes=nodes, edges=[("p/qif_op/r", "p/qif_op/r_in", edge, {"weight": 15.0})])


def conductance():
    # Its edges stand among its nodes, and its parameter among its equations.
    operator = OperatorTemplate(
        name="op", path=None,
        equations=["z' = ((z+1)^2*(i*(eta+I_ext+s*v_s) - Delta) - s*(z^2-1) - i*(z-1)^2) / (2*tau)",
                   "r = (1-absv(z)^2)/(pi*tau*(1+z+conj(z)+absv(z)^2))"],
        variables={"r": "output(0.01)", "z": "variable(-0.6-0.8j)", "i": 0.0 + 1.0j, "tau": 1.0, "eta": -5.0, "Delta": 1.0, "s": "input(0.0)",
                   "I_ext": "input(0.0)", "v_s": -10.0})
    return CircuitTemplate(name="c", nodes={"p": node(operator)}, edges=[("p/op/r", "p/op/s", None, {"weight": 15.0})])


def stuart_landau():
    # Its first equation has z where the normal form has x.
    operator = OperatorTemplate(name="op", path=None, equations=["d/dt * x = omega*z + x*(1-z^2-x^2)", "d/dt * z = -omega*x + z*(1-z^2-x^2)"],
                                variables={"x": "output(0.5)", "z": "variable(0.0)", "omega": 1.0})
    return CircuitTemplate(name="c", nodes={"p": node(operator)}, edges=[])


def facilitation():
    # Its release falls where spikes arrive; as in its operator for both it rises (Tsodyks, Pawelzik & Markram 1998).
    operator = OperatorTemplate(name="f", path=None, equations=["d/dt * u = (U0-u)/tau_u + U0*(1-u)*r_in", "r_eff = r_in*u"],
                                variables={"r_eff": "output", "u": "variable(0.2)", "tau_u": 100.0, "U0": 0.2, "r_in": "input(0.0)"})
    edge = EdgeTemplate(name="facilitation", operators=[operator])
    nodes = {"p": node(of_yaml(f"{MASS}.qif.qif_op"))}
    return CircuitTemplate(name="c", nodes=nodes, edges=[("p/qif_op/r", "p/qif_op/r_in", edge, {"weight": 15.0})])


def depression():
    edge = EdgeTemplate.from_yaml(f"{MASS}.synaptic_plasticity.depression_edge")
    nodes = {"p": node(of_yaml(f"{MASS}.qif.qif_op"))}
    return CircuitTemplate(name="c", nodes=nodes, edges=[("p/qif_op/r", "p/qif_op/r_in", edge, {"weight": 15.0})])


def base(operator, output):
    def circuit():
        # Driven by an oscillator, since none of them does anything by itself.
        source = of_yaml(f"{OSC}.vanderpol.vdp_op")
        driven = of_yaml(f"model_templates.base_templates.{operator}")
        target = "r" if operator in ("sigmoid_op", "tanh_op") else ("m_in" if operator == "li_op" else "r_in")
        return CircuitTemplate(name="c", nodes={"s": node(source), "p": node(driven)},
                               edges=[("s/vdp_op/x", f"p/{operator}/{target}", None, {"weight": 1.0})])

    return circuit


def squashed(operator):
    def circuit():
        # PyRates shows states only: what the operator makes of one leaky integrator drives another.
        def template(name):
            return of_yaml(f"model_templates.base_templates.{name}")

        nodes = {"s": node(of_yaml(f"{OSC}.vanderpol.vdp_op")), "q": node(template("li_op"))}
        nodes["p"] = NodeTemplate(name="n", operators=[template("li_op"), template(operator)])
        edges = [("s/vdp_op/x", "p/li_op/m_in", None, {"weight": 1.0}), (f"p/{operator}/m", "q/li_op/m_in", None, {"weight": 1.0})]
        return CircuitTemplate(name="c", nodes=nodes, edges=edges)

    return circuit


def delayed():
    # The circuits that PyRates ships, connected with delays instead of distributions of them.
    edges = [
        ("jrc1/pc/pro/m", "jrc2/pc/rpo_e_in/m_in", None, {"weight": 20.0, "delay": 0.01}),
        ("jrc2/pc/pro/m", "jrc1/pc/rpo_e_in/m_in", None, {"weight": 40.0, "delay": 0.006}),
    ]
    circuits = {name: CircuitTemplate.from_yaml(f"{MASS}.jansenrit.JRC") for name in ("jrc1", "jrc2")}
    return CircuitTemplate(name="c", circuits=circuits, edges=edges)


def bursts():
    # With its slope under a name that PyRates takes, of the oscillator as it is meant, and seen through a leaky integrator.
    sigmoid = OperatorTemplate(name="sigmoid_op", path=None, equations=["m = alpha/(1 + exp(-slope*(x - cos(0.5*omega*t_on))))"],
                               variables={"m": "output(0.0)", "alpha": 1.0, "slope": 100.0, "omega": 1.0, "t_on": 0.1, "x": "input(0.0)"})
    oscillator = OperatorTemplate(name="op", path=None, equations=["d/dt * x = omega*z + x*(1-z^2-x^2)", "d/dt * z = -omega*x + z*(1-z^2-x^2)"],
                                  variables={"x": "output(0.5)", "z": "variable(0.0)", "omega": 1.0})
    nodes = {"p": NodeTemplate(name="n", operators=[oscillator, sigmoid]),
             "q": node(of_yaml("model_templates.base_templates.li_op"))}
    return CircuitTemplate(name="c", nodes=nodes, edges=[("p/sigmoid_op/m", "q/li_op/m_in", None, {"weight": 1.0})])


MODELS += [
    ("qif_gap", gap, 20.0, {"r": "p/qif_gap_op/r", "v": "p/qif_gap_op/v"}),
    ("qif_alpha", alpha, 20.0, {"r": "p/qif_op/r", "v": "p/qif_op/v"}),
    ("theta_conductance", conductance, 20.0, {"z": "p/op/z"}),
    ("stuart_landau", stuart_landau, 20.0, {"x": "p/op/x", "z": "p/op/z"}),
    ("qif_facilitation", facilitation, 20.0, {"r": "p/qif_op/r", "v": "p/qif_op/v"}),
    ("qif_depression", depression, 20.0, {"r": "p/qif_op/r", "v": "p/qif_op/v"}),
    ("base_li", base("li_op", "r"), 20.0, {"r": "p/li_op/r"}),
    ("base_monoexp", base("monoexp_op", "v"), 20.0, {"v": "p/monoexp_op/v"}),
    ("base_biexp", base("biexp_op", "v"), 20.0, {"v": "p/biexp_op/v"}),
    ("base_sigmoid", squashed("sigmoid_op"), 20.0, {"p": "p/li_op/r", "q": "q/li_op/r"}),
    ("base_tanh", squashed("tanh_op"), 20.0, {"p": "p/li_op/r", "q": "q/li_op/r"}),
    ("stuart_landau_bursts", bursts, 20.0, {"x": "p/op/x", "q": "q/li_op/r"}),
    ("jansen_rit_delays", delayed, 1.0, {"a": "jrc1/pc/rpo_e_in/v", "b": "jrc2/pc/rpo_e_in/v"}),
    ("base_alpha", base("alpha_op", "v"), 20.0, {"v": "p/alpha_op/v"}),
]


# Delays without a distribution need steps of a fixed length, and states behind them with SciPy's solvers: these are Euler's steps of this length.
EULER = {"jansen_rit_delays": 1e-4}

# States that are complex numbers. For these the interpolation of DOP853 is wrong by 1e-3 in PyRates, that of RK45 is not (SciPy by itself agrees to 1e-9 with both).
COMPLEX = ("kuramoto_field", "kuramoto_field_pair", "theta", "theta_conductance")


def trajectory(name, path, duration, outputs):
    circuit = path() if callable(path) else CircuitTemplate.from_yaml(path)
    step = EULER.get(name, duration / 1000)
    if name in EULER:
        return circuit.run(simulation_time=duration, step_size=step, sampling_step_size=duration / 50, outputs=outputs, solver="euler", float_precision="float64",
                           verbose=False, clear=True, vectorize=False)
    more = {"float_precision": "complex128", "method": "RK45"} if name in COMPLEX else {"method": "DOP853"}
    result = circuit.run(simulation_time=duration * 1.0001, step_size=step, sampling_step_size=duration / 50, outputs=outputs, solver="scipy",
                         rtol=1e-9, atol=1e-12, verbose=False, clear=True, vectorize=False, **more)
    return result


def main():
    os.chdir(tempfile.mkdtemp())
    for name, path, duration, outputs in MODELS:
        if len(sys.argv) > 1 and name not in sys.argv[1:]:
            continue
        try:
            result = trajectory(name, path, duration, outputs)
        except Exception as error:
            print(name, "is not run by PyRates:", repr(error)[:200])
            continue
        sys.stdout.flush()
        with open(os.path.join(HERE, f"pyrates_{name}.csv"), "w", newline="") as file:
            out = csv.writer(file, lineterminator="\n")
            parts = [np.real, np.imag] if name in COMPLEX else [np.real]
            out.writerow(["t", *[f"{part.__name__}_{name}" if len(parts) > 1 else name for name in outputs for part in parts]])
            for t, row in zip(result.index, result[list(outputs)].to_numpy()):
                out.writerow([f"{float(t):.9g}"] + [f"{float(part(np.squeeze(x))):.12g}" for x in row for part in parts])
        print(name, len(result), result.index[0], result.index[-1])


if __name__ == "__main__":
    main()
