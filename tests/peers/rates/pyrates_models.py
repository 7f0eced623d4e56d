"""Trajectories of the models that PyRates 1.2.3 ships, by its own right-hand sides and SciPy at tight tolerances: python pyrates_models.py."""
import csv
import os
import sys
import tempfile

import numpy as np
from pyrates import CircuitTemplate, clear

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
]


def trajectory(path, duration, outputs):
    circuit = CircuitTemplate.from_yaml(path)
    step = duration / 1000
    result = circuit.run(simulation_time=duration * 1.0001, step_size=step, sampling_step_size=duration / 50, outputs=outputs, solver="scipy", method="DOP853",
                         rtol=1e-9, atol=1e-12, verbose=False, clear=True, vectorize=False)
    return result


def main():
    os.chdir(tempfile.mkdtemp())
    for name, path, duration, outputs in MODELS:
        if len(sys.argv) > 1 and name not in sys.argv[1:]:
            continue
        try:
            result = trajectory(path, duration, outputs)
        except Exception as error:
            print(name, "is not run by PyRates:", repr(error)[:200])
            continue
        sys.stdout.flush()
        with open(os.path.join(HERE, f"pyrates_{name}.csv"), "w", newline="") as file:
            out = csv.writer(file, lineterminator="\n")
            out.writerow(["t", *outputs])
            for t, row in zip(result.index, result[list(outputs)].to_numpy()):
                out.writerow([f"{float(t):.9g}"] + [f"{float(np.real(np.squeeze(x))):.12g}" for x in row])
        print(name, len(result), result.index[0], result.index[-1])


if __name__ == "__main__":
    main()
