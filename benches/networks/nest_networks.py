"""NEST: nest_networks.py brunel|coba THREADS. Prints the CPU seconds of building and running, and the mean rate."""
import json, resource, sys
import nest, numpy as np

def cpu():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime

def brunel():
    j, g, eta, delay, cells, theta, tau = 0.1, 5.0, 2.0, 1.5, 10000, 20.0, 20.0
    model = dict(C_m=1.0, tau_m=tau, t_ref=2.0, E_L=0.0, V_reset=10.0, V_m=0.0, V_th=theta)
    everybody = nest.Create("iaf_psc_delta", cells, params=model)
    excitatory, inhibitory = everybody[:8000], everybody[8000:]
    noise = nest.Create("poisson_generator", params={"rate": 1000.0 * eta * theta / (j * tau)})
    nest.Connect(noise, everybody, syn_spec={"weight": j, "delay": delay})
    for senders, count, weight in ((excitatory, 800, j), (inhibitory, 200, -g * j)):
        rule = {"rule": "fixed_indegree", "indegree": count, "allow_multapses": False}
        nest.Connect(senders, everybody, rule, {"weight": weight, "delay": delay})
    return everybody

def coba():
    cells, draw = 4000, np.random.default_rng(1)
    model = dict(C_m=200.0, g_L=10.0, E_L=-60.0, E_ex=0.0, E_in=-80.0, tau_syn_ex=5.0, tau_syn_in=10.0, V_th=-50.0, V_reset=-60.0, t_ref=5.0)
    everybody = nest.Create("iaf_cond_exp", cells, params=model)
    everybody.set({"V_m": draw.normal(-65, 5, cells), "g_ex": np.maximum(0, draw.normal(40, 15, cells)),
                   "g_in": np.maximum(0, draw.normal(200, 120, cells))})
    rule = {"rule": "pairwise_bernoulli", "p": 0.02, "allow_autapses": False}
    nest.Connect(everybody[:3200], everybody, rule, {"weight": 6.0, "delay": 0.1})
    nest.Connect(everybody[3200:], everybody, rule, {"weight": -67.0, "delay": 0.1})
    return everybody

name, threads = sys.argv[1], int(sys.argv[2])
nest.ResetKernel()
nest.set_verbosity("M_ERROR")
nest.local_num_threads, nest.resolution, nest.rng_seed = threads, 0.1, 1
begun = cpu()
cells = {"brunel": brunel, "coba": coba}[name]()
recorder = nest.Create("spike_recorder")
nest.Connect(cells, recorder)
nest.Prepare()
built = cpu()
nest.Run(1000.0)
nest.Cleanup()
ran = cpu()
print("RESULT " + json.dumps({"build": built - begun, "run": ran - built, "rate": recorder.n_events / len(cells)}))
