"""Writes, for each file of mod/, a script and what NEURON gives for it: NAME.net and NAME.csv. Needs NEURON 9.0.2.

    python make.py NEURON_PYTHON [NAME ...]
"""

import csv
import os
import sys
import tempfile

import harness
import protocol

CELSIUS = 1  # which of the two temperatures


def main(python, wanted):
    with tempfile.TemporaryDirectory() as cache:
        for path in harness.files(os.path.join(harness.HERE, "mod")):
            name = os.path.basename(path)[: -len(".mod")]
            if wanted and name not in wanted:
                continue
            result = harness.neuron(path, cache, python)
            if "refused" in result:
                sys.exit(f"{name}: {result['refused']}")
            run = result["runs"][CELSIUS]
            variables = [one for one in protocol.variables(path) if one in run["traces"]]
            text = harness.script(path, variables, protocol.CELSIUS[CELSIUS]).replace(os.path.abspath(path), f"mod/{name}.mod")
            with open(os.path.join(harness.HERE, name + ".net"), "w") as file:
                file.write(text)
            with open(os.path.join(harness.HERE, name + ".csv"), "w", newline="") as file:
                rows = csv.writer(file)
                rows.writerow(["v", *variables])
                rows.writerows(zip(*(run["traces"][one] for one in ["v", *variables])))
            if run["spikes"]:
                with open(os.path.join(harness.HERE, name + "_spikes.csv"), "w", newline="") as file:
                    csv.writer(file).writerows([time] for time in run["spikes"])


main(os.path.expanduser(sys.argv[1]), sys.argv[2:])
