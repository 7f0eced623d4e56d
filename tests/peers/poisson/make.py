"""Writes this folder's file with SciPy (pip install scipy). Usage: make.py [FOLDER]

Probabilities of Poisson numbers, and the critical value of chi square for as many of them (one in ten thousand exceeds it)."""
import csv, os, sys
folder = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(__file__))
from scipy.stats import chi2, poisson

with open(os.path.join(folder, "pmf.csv"), "w", newline="") as f:
    w = csv.writer(f, lineterminator="\n")
    w.writerow(["mean", "k", "probability", "critical"])
    for mean in (0.02, 0.5, 2.0, 9.3, 15.9, 16.1, 40.0):
        # Numbers that 100,000 draws bring at least ten times.
        ks = [k for k in range(400) if poisson.pmf(k, mean) > 1e-4]
        for k in ks:
            w.writerow([mean, k, repr(float(poisson.pmf(k, mean))), repr(float(chi2.isf(1e-4, len(ks))))])
