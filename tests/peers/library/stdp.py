"""Writes stdp.csv with NEST 3.10: the strength of one connection after each spike before it, for given trains of both sides. Usage: python stdp.py [FOLDER]

NEST's delay is all behind the synapse: a spike of the cell reaches it a delay (1 ms) later.
"""
import csv, os, sys, random
import nest

folder = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(__file__))
random.seed(3)


def train(rate, length):
    """Times on a grid of 0.1 ms (ms), no two within 1 ms."""
    at, times = 10.0, []
    while True:
        at = round(at + 1.5 + random.expovariate(rate), 1)
        if at > length:
            return times
        times.append(at)


LENGTH = 1500.0
before, after, reward = train(0.03, LENGTH), train(0.03, LENGTH), train(0.004, LENGTH)
# No spike before comes together with one behind that has travelled.
after = [time for time in after if all(abs(time + 1.0 - other) > 0.05 for other in before)]
reward = [time for time in reward if all(abs(time + 1.0 - other) > 0.05 for other in before + [x + 1.0 for x in after])]

CASES = {
    "pair": ("stdp_synapse", {"lambda": 0.05, "alpha": 1.05, "mu_plus": 0.0, "mu_minus": 0.0, "tau_plus": 20.0, "Wmax": 1.0, "weight": 0.5}, 20.0),
    "triplet": ("stdp_triplet_synapse", {
        "Aplus": 0.005, "Aminus": 0.007, "Aplus_triplet": 0.0062, "Aminus_triplet": 0.00023, "tau_plus": 16.8,
        "tau_plus_triplet": 101.0, "Wmax": 1.0, "weight": 0.5, "Kplus": 0.0, "Kplus_triplet": 0.0}, 33.7),
    "reward": ("stdp_dopamine_synapse", {
        "A_plus": 0.05, "A_minus": 0.075, "tau_plus": 20.0, "tau_c": 1000.0, "tau_n": 200.0, "b": 0.0005, "Wmin": 0.0, "Wmax": 1.0,
        "weight": 0.5}, 20.0),
}

with open(os.path.join(folder, "stdp.csv"), "w", newline="") as f:
    table = csv.writer(f, lineterminator="\n")
    table.writerow(["what", "t_ms", "w"])
    for name, times in (("before", before), ("after", after), ("dopamine", reward)):
        table.writerows([name, time, ""] for time in times)
    for name, (model, values, tau_minus) in CASES.items():
        nest.ResetKernel()
        nest.resolution = 0.1
        nest.set_verbosity("M_ERROR")
        cells = nest.Create("parrot_neuron", 2)
        cells[1].tau_minus = tau_minus
        if name == "triplet":
            cells[1].tau_minus_triplet = 125.0
        # A parrot repeats what it hears a delay (1 ms) later.
        for cell, times, port in ((cells[0], before, 0), (cells[1], after, 0)):
            source = nest.Create("spike_generator", params={"spike_times": [round(time - 1.0, 1) for time in times]})
            nest.Connect(source, cell, syn_spec={"delay": 1.0})
        recorder = nest.Create("weight_recorder")
        values = dict(values)
        weight = values.pop("weight")
        common = dict(weight_recorder=recorder)
        if name == "reward":
            # Between deliveries weights are brought up to date at spikes alone, in their order.
            volume = nest.Create("volume_transmitter", params={"deliver_interval": 100000})
            source = nest.Create("spike_generator", params={"spike_times": [round(time - 1.0, 1) for time in reward]})
            parrot = nest.Create("parrot_neuron")
            nest.Connect(source, parrot, syn_spec={"delay": 1.0})
            nest.Connect(parrot, volume, syn_spec={"delay": 1.0})
            common["volume_transmitter"] = volume
            common.update(values)
            values = {}
        nest.CopyModel(model, "learning", common)
        nest.Connect(cells[0], cells[1], syn_spec={"synapse_model": "learning", "weight": weight, "delay": 1.0, "receptor_type": 1, **values})
        nest.Simulate(LENGTH + 50.0)
        events = recorder.events
        table.writerows([name, round(time, 1), weight] for time, weight in zip(events["times"], events["weights"]))
