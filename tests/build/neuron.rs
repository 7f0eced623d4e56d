//! Single cells against NEURON 9.0.2: what the geometry and the inputs of a plan come to when it is run.

use super::*;

/// Within 1e-9 of 100 mV: NEURON takes a secant for the slope of hh's current, we take the slope (3e-11 mV on a spike).
fn assert_potentials(trace: &[f64], expected: &[(usize, f64)]) {
    for (step, v) in expected {
        assert!((trace[*step] - v).abs() < 1e-7, "step {step}: {} is not {v}", trace[*step]);
    }
}

fn traces(text: &str) -> (Network, Simulation) {
    let network = network(text);
    let simulation = run(&network, 40.0);
    (network, simulation)
}

#[test]
fn soma() {
    let soma = |simulation: &str| {
        let text = format!(
            "cell Soma {{ section soma {{ L = 18.8 um, diam = 18.8 um, Ra = 123 ohm*cm ; insert hh }} }}
            population p: Soma
            stimulate p with IClamp {{ delay = 1 ms, duration = 5 ms, amplitude = 0.2 nA }} at soma(0.5)
            simulation {{ dt = 0.025 ms {simulation} }}
            record v = p.soma(0.5).v"
        );
        traces(&text).1.recording().traces[0].values[0].clone()
    };
    let tables = [-64.97554793406478, 34.16967999717111, -69.76827693035793, -72.94358698773648];
    let exact = [-64.97571297665202, 34.075632286120644, -69.75203023898436, -72.94403322456715];
    let second = [-64.9753817179118, 38.21438362092859, -71.29025118236936, -72.88778122171233];
    let at = |v: [f64; 4]| [40, 100, 200, 400].into_iter().zip(v).collect::<Vec<_>>();
    assert_potentials(&soma(""), &at(tables));
    assert_potentials(&soma(", tables = off"), &at(exact));
    assert_potentials(&soma(", second_order = true"), &at(second));
}

#[test]
fn ball_and_stick() {
    let (network, simulation) = traces(
        "cell Ball {
            section soma { L = 20 um, diam = 20 um, Ra = 100 ohm*cm ; insert hh }
            section dend { L = 400 um, diam = 2 um, nseg = 5, Ra = 100 ohm*cm
                connect soma(1)
                insert pas { g = 0.001 S/cm2, e = -65 mV }
            }
            synapse exc: Exp2Syn at dend(0.7) { tau1 = 0.5 ms, tau2 = 3 ms, e = 0 mV }
            spike at soma(0.5) above 10 mV
        }
        population p: Ball
        stimulate p with NetStim { start = 2.01 ms, interval = 10.013 ms, number = 3 } via exc { weight = 0.02 uS, delay = 1 ms }
        simulation { dt = 0.025 ms }
        record soma = p.soma(0.5).v
        record dend = p.dend(0.9).v",
    );
    let body = network.plan.classes[0].body.as_ref().unwrap();
    assert_eq!((body.parent.len(), network.dropped[0]), (7, 2), "soma, its end, five segments");
    let values = &simulation.recording().traces[0].values;
    assert_potentials(
        &values[0],
        &[(200, -53.59998865024249), (400, -72.92581228823835), (800, -63.38107157140905), (1600, -66.040172898236)],
    );
    assert_potentials(
        &values[1],
        &[(200, -38.864871139621364), (400, -58.16059543676052), (800, -55.64518841456581), (1600, -65.05300086949397)],
    );
    let spikes: Vec<f64> = simulation.recording().spikes.iter().filter(|s| s.source == 0).map(|s| s.time).collect();
    let expected = [6.025000000100052, 26.950000000099003];
    assert!(spikes.len() == 2 && spikes.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-9), "{spikes:?}");
}
