"""Writes this folder's files with NEST 3 (pip install nest-simulator). Usage: make.py [FOLDER]

One cell of each kind with an injected current and two generators of spikes at random times of the grid; potentials after each step and spikes."""
import csv, os, random, sys
folder = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(__file__))
import nest

DT = 0.125  # a binary fraction, so that times are exact
rng = random.Random(7)
trains = {name: sorted(rng.sample(range(8, 3000), n)) for name, n in (("excitatory", 260), ("inhibitory", 90))}

def write(name, header, rows):
    with open(os.path.join(folder, name), "w", newline="") as f:
        w = csv.writer(f, lineterminator="\n")
        w.writerow(header)
        w.writerows(rows)

write("events.csv", ["t_ms", "handler"], sorted((k * DT, name) for name, ks in trains.items() for k in ks))
common = {"V_th": -52.0, "V_reset": -60.0, "E_L": -65.0, "t_ref": 2.0, "C_m": 250.0}
leaky = {**common, "tau_m": 15.0, "I_e": 120.0}
conductance = {**common, "g_L": 16.0, "I_e": 100.0, "E_ex": 0.0, "E_in": -75.0}
cells = {
    "LIF": ("iaf_psc_delta", leaky, 1.5, -1.0),
    "LIFCurrExp": ("iaf_psc_exp", {**leaky, "tau_syn_ex": 2.0, "tau_syn_in": 5.0}, 200.0, -150.0),
    "LIFCurrAlpha": ("iaf_psc_alpha", {**leaky, "tau_syn_ex": 1.0, "tau_syn_in": 3.0}, 150.0, -100.0),
    "LIFCondExp": ("iaf_cond_exp", {**conductance, "tau_syn_ex": 2.0, "tau_syn_in": 6.0}, 6.0, -8.0),
    "LIFCondAlpha": ("iaf_cond_alpha", {**conductance, "tau_syn_ex": 1.0, "tau_syn_in": 3.0}, 5.0, -6.0),
}
# AdEx as Brette & Gerstner (2005), with a current that makes it fire and adapt.
aeif = {"V_th": -50.4, "V_reset": -60.0, "E_L": -70.6, "t_ref": 2.0, "C_m": 281.0, "g_L": 30.0, "I_e": 700.0, "E_ex": 0.0, "E_in": -80.0,
        "tau_syn_ex": 5.0, "tau_syn_in": 5.0, "a": 4.0, "b": 80.5, "tau_w": 144.0, "Delta_T": 2.0, "V_peak": -40.0, "gsl_error_tol": 1e-12}

def run(name, model, parameters, excitatory, inhibitory, dt):
    nest.ResetKernel()
    nest.set_verbosity("M_ERROR")
    nest.resolution = dt
    cell = nest.Create(model, params={**parameters, "V_m": parameters["E_L"]})
    for train, weight in (("excitatory", excitatory), ("inhibitory", inhibitory)):
        source = nest.Create("spike_generator", params={"spike_times": [k * DT for k in trains[train]]})
        nest.Connect(source, cell, syn_spec={"weight": weight, "delay": 1.0})
    meter = nest.Create("multimeter", params={"record_from": ["V_m"], "interval": DT})
    recorder = nest.Create("spike_recorder")
    nest.Connect(meter, cell)
    nest.Connect(cell, recorder)
    nest.Simulate(400.0)
    e = meter.events
    spikes = [float(t) for t in recorder.events["times"]]
    print(name, len(spikes))
    return [(name, repr(float(t)), repr(float(v))) for t, v in zip(e["times"], e["V_m"])], [(name, repr(t)) for t in spikes]

# Weights that lead from the reset over the threshold at once: what comes while the cell rests has no effect.
write("strong.csv", ["t_ms"], [row[1:] for row in run("strong", "iaf_psc_delta", leaky, 14.0, -1.0, DT)[1]])

# The cells with conductances without a threshold, on a grid on which NEST's adaptive method has next to no error: what smaller and smaller steps should lead to.
silent = []
for name in ("LIFCondExp", "LIFCondAlpha"):
    model, parameters, excitatory, inhibitory = cells[name]
    silent += run(name, model, {**parameters, "V_th": 1000.0}, excitatory, inhibitory, DT / 25)[0][7::8]
write("silent.csv", ["cell", "t_ms", "v_mV"], silent)

potentials, spikes = [], []
for name, (model, parameters, excitatory, inhibitory) in cells.items():
    v, s = run(name, model, parameters, excitatory, inhibitory, DT)
    potentials += v
    spikes += s
# The adaptive cell's own solver resets within a step: a fine grid.
v, s = run("AdEx", "aeif_cond_exp", aeif, 4.0, -6.0, DT / 5)
potentials += v
spikes += s
write("potentials.csv", ["cell", "t_ms", "v_mV"], [row for k, row in enumerate(potentials) if k % 8 == 7])
write("spikes.csv", ["cell", "t_ms"], spikes)
print(nest.__version__)
