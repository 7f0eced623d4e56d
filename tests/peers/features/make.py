"""Features of the traces of tests/golden/run/features.net by eFEL 5.7.34: `python make.py > efel.csv` in this folder, after the golden was made."""

import efel
import numpy as np

data = np.load("../../golden/run/features/traces.npz")
efel.reset()
efel.set_setting("interp_step", 0.1)  # that of the samples
efel.set_setting("ignore_first_ISI", False)
efel.set_setting("spike_skipf", 0.0)
efel.set_setting("max_spike_skip", 0)


def trace(v, current, stop):
    # eFEL takes the first sample that is not before a time, so times must not miss it by a rounding.
    times = np.round(data["t_ms"], 6)
    return {"T": times, "V": data[v], "stim_start": [100.0], "stim_end": [stop], "stimulus_current": [current]}


UP = ["Spikecount", "peak_time", "AP_amplitude", "AP_duration_half_width", "AHP_depth", "AHP_depth_abs", "ISI_CV", "adaptation_index", "voltage_base"]
DOWN = ["sag_ratio1", "ohmic_input_resistance_vb_ssse"]
found = efel.get_feature_values([trace("v_mV", 0.3, 500.0)], UP)[0]
found |= efel.get_feature_values([trace("u_mV", -0.2, 400.0)], DOWN)[0]
for name, values in found.items():
    print(",".join([name] + [repr(float(x)) for x in values]))
