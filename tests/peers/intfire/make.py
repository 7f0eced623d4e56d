"""Writes this folder's files with NEURON 9.0.2 (pip install neuron==9.0.2). Usage: make.py [FOLDER]"""
import csv, os, random, sys
folder = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(__file__))
from neuron import h
h.load_file("stdrun.hoc")

def write(name, header, rows):
    with open(os.path.join(folder, name), "w", newline="") as f:
        w = csv.writer(f, lineterminator="\n")
        w.writerow(header)
        w.writerows(rows)

# Events at 150 times, with weights of both signs.
rng = random.Random(20)
events = sorted((round(rng.uniform(1, 400), 6), round(rng.choice([1, 1, 1, -0.4]) * rng.uniform(0.1, 0.8), 6)) for _ in range(150))
write("events.csv", ["t_ms", "weight"], events)

cells = [
    ("IntFire1", {}), ("IntFire1", {"tau": 25, "refrac": 2}),
    ("IntFire2", {}), ("IntFire2", {"ib": 1.2}), ("IntFire2", {"ib": 0.6, "taum": 15, "taus": 31}), ("IntFire2", {"taum": 20, "taus": 5}),
    ("IntFire4", {}), ("IntFire4", {"taue": 3, "taui1": 8, "taui2": 14, "taum": 30}), ("IntFire4", {"taue": 2, "taui1": 6, "taui2": 30, "taum": 12}),
]
rows = []
for k, (name, params) in enumerate(cells):
    cell = getattr(h, name)()
    for p, x in params.items():
        setattr(cell, p, x)
    connections = []
    for _, weight in events:
        nc = h.NetCon(None, cell)
        nc.weight[0], nc.delay = weight, 0
        connections.append(nc)
    def send():
        for nc, (t, _) in zip(connections, events):
            nc.event(t)
    fih = h.FInitializeHandler(send)
    times, out = h.Vector(), h.NetCon(cell, None)
    out.record(times)
    h.dt, h.steps_per_ms = 0.025, 40
    h.finitialize(-65)
    h.continuerun(450)
    text = " ".join(f"{p}={x}" for p, x in params.items())
    rows += [(name, text, repr(t)) for t in times]
    print(name, params, len(times), {p: getattr(cell, p) for p in params})
    del fih, out, connections, cell
write("spikes.csv", ["cell", "parameters", "t_ms"], rows)
