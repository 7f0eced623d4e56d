"""Writes signal.csv and the spectra of this folder with numpy and scipy, and prints the numbers of src/record/measure.rs and tests/session/analysis.rs."""
import os
import numpy as np
from scipy import signal, stats
folder = os.path.dirname(os.path.abspath(__file__))
rng = np.random.default_rng(1)
t = np.arange(2000) * 0.5
x = -65 + 3 * np.sin(2 * np.pi * 0.04 * t) + 0.5 * np.cos(2 * np.pi * 0.21 * t) + rng.normal(0, 0.8, t.size)
np.savetxt(os.path.join(folder, "signal.csv"), x, fmt="%.17g", header="x", comments="")
for n in (256, 375):
    f, p = signal.welch(x, fs=2.0, nperseg=n)
    np.savetxt(os.path.join(folder, f"welch_{n}.csv"), np.c_[f, p], fmt="%.17g", delimiter=",", header="f,p", comments="")
print("mean sd min max", x.mean(), x.std(), x.min(), x.max())
up = np.flatnonzero((x[:-1] <= -63) & (x[1:] > -63))
print("crossings of -63", up.size, [float(t[k] + 0.5 * (-63 - x[k]) / (x[k + 1] - x[k])) for k in up[:3]])
print("histogram of 5", *map(list, np.histogram(x, bins=5)))
s = np.sort(rng.uniform(0, 1000, 60))
c = np.histogram(s, bins=np.arange(0, 1001, 50))[0]
print("fano", c.var() / c.mean(), "cv", np.diff(s).std() / np.diff(s).mean())
v = np.array([np.sin(0.1 * t + p) for p in (0, 0.3, 1.0)])
print("chi", np.sqrt(v.mean(axis=0).var() / v.var(axis=1).mean()))
