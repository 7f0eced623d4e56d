"""Brian2, C++ standalone: brian_networks.py brunel|coba THREADS. Prints the CPU seconds of the compiler and of the program, which also connects, and the mean rate."""
import json, resource, shutil, sys, tempfile
from brian2 import *

name, threads = sys.argv[1], int(sys.argv[2])
folder = tempfile.mkdtemp()
set_device("cpp_standalone", directory=folder, build_on_run=False)
if threads > 1:
    prefs.devices.cpp_standalone.openmp_threads = threads
defaultclock.dt = 0.1 * ms
seed(3)

def cpu():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime

if name == "brunel":
    tau, theta, J, g_, eta, D = 20 * ms, 20 * mV, 0.1 * mV, 5.0, 2.0, 1.5 * ms
    names = dict(tau=tau, theta=theta, J=J, gJ=g_ * J, lam=float(eta * theta / (J * tau) * defaultclock.dt))
    G = NeuronGroup(10000, "dv/dt = -v/tau : volt (unless refractory)", threshold="v >= theta", reset="v = 10*mV", refractory=2 * ms,
                    method="exact", namespace=names)
    G.run_regularly("v += J*poisson(lam)*int(not_refractory)", when="synapses", dt=defaultclock.dt)
    SE = Synapses(G[:8000], G, on_pre="v_post += J*int(not_refractory_post)", delay=D, namespace=names)
    SE.connect(i="k for k in sample(0, 8000, size=800)")
    SI = Synapses(G[8000:], G, on_pre="v_post -= gJ*int(not_refractory_post)", delay=D, namespace=names)
    SI.connect(i="k for k in sample(0, 2000, size=200)")
else:
    equations = """
    dv/dt = (-60*mV - v - ge*v + gi*(-80*mV - v)) / (20*ms) : volt (unless refractory)
    dge/dt = -ge / (5*ms) : 1
    dgi/dt = -gi / (10*ms) : 1
    """
    G = NeuronGroup(4000, equations, threshold="v > -50*mV", reset="v = -60*mV", refractory=5 * ms, method="exponential_euler")
    G.v, G.ge, G.gi = "-65*mV + 5*mV*randn()", "clip(4 + 1.5*randn(), 0, inf)", "clip(20 + 12*randn(), 0, inf)"
    SE = Synapses(G[:3200], G, on_pre="ge_post += 0.6", delay=0.1 * ms)
    SE.connect(p=0.02)
    SI = Synapses(G[3200:], G, on_pre="gi_post += 6.7", delay=0.1 * ms)
    SI.connect(p=0.02)
M = SpikeMonitor(G)
run(1 * second)
begun = cpu()
device.build(directory=folder, compile=True, run=False)
compiled = cpu()
device.run(folder, with_output=False, run_args=[])
ran = cpu()
print("RESULT " + json.dumps({"compile": compiled - begun, "run": ran - compiled, "rate": M.num_spikes / len(G)}))
shutil.rmtree(folder, ignore_errors=True)
