//! Steps that each system chooses for itself, against SciPy's `RK45`: the same steps, and so nearly the same numbers.

use super::{difference, network, numbers, text};
use bouton_engine::run::{Options, Recording, Simulation};
use std::sync::Arc;

fn simulate(script: &str, duration: f64) -> (Recording, (u64, u64)) {
    let mut simulation = Simulation::new(network(script).plan, &Options::default()).expect("the instruction set is there");
    simulation.start();
    simulation.advance(duration, &mut |_| true).expect("no fault");
    (simulation.recording().clone(), simulation.own_steps())
}

/// A model of `make.py`, and how long it is run (ms).
fn script(name: &str, rtol: &str, atol: &str) -> (String, f64) {
    let solver = format!("solver = dopri5, rtol = {rtol}, atol = {atol}");
    match name {
        "column" => (
            format!(
                "use std.neural_mass.jansen_rit\npopulation p: JansenRit\nrecord a = p.V_e, b = p.V_i every 10 ms\n\
                 simulation {{ dt = 0.1 ms, {solver} }}\n"
            ),
            1000.0,
        ),
        "circuit" => (text("circuit.net").replace("dt = 0.1 ms", &format!("dt = 0.1 ms, {solver}")), 500.0),
        "van_der_pol" => (
            format!(
                "cell V {{\n    input u\n    state x = 0\n    state z = 1\n    x' = z / 1 ms\n\
                 \x20   z' = (5 * z * (1 - x^2) - x + u) / 1 ms\n}}\npopulation p: V\n\
                 stimulate p.u with sin(0.7 * t / 1 ms)\nrecord a = p.x, b = p.z every 0.5 ms\nsimulation {{ dt = 0.1 ms, {solver} }}\n"
            ),
            60.0,
        ),
        other => panic!("there is no model {other}"),
    }
}

#[test]
fn steps_are_those_of_scipy() {
    for line in text("rk45_steps.csv").lines().skip(1) {
        let [name, rtol, atol, steps, slopes] = line.split(',').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let (script, duration) = script(name, rtol, atol);
        let (recording, (made, tried)) = simulate(&script, duration);
        // SciPy cuts its last step short; it counts as one in both, but within it samples differ.
        let slopes: u64 = slopes.parse().expect("a number");
        assert_eq!((made, 2 + 6 * tried), (steps.parse().expect("a number"), slopes), "{name} at {rtol}");
        let rtol: f64 = rtol.parse().expect("a number");
        let rows = numbers(&format!("rk45_{name}_{}.csv", if rtol > 1e-4 { "0.001" } else { "1e-06" }));
        let mut recording = recording;
        let trace = &mut recording.traces[0];
        Arc::make_mut(&mut trace.times).truncate(rows.len());
        trace.values.iter_mut().for_each(|values| values.truncate(rows.len()));
        let worst = difference(&recording, &rows);
        println!("{name} at {rtol}: {made} of {tried} steps, {worst:e}");
        assert!(worst < 1e-7, "{name} at {rtol}: {worst:e}");
    }
}

/// A system takes the same steps alone and beside others that need other ones, and on several threads.
#[test]
fn steps_do_not_depend_on_neighbours() {
    let cells = |list: &[f64]| {
        let populations: Vec<String> =
            list.iter().enumerate().map(|(k, c)| format!("population p{k}: JansenRit {{ c = {c} }}\n")).collect();
        let recorded: Vec<String> = (0..list.len()).map(|k| format!("y{k} = p{k}.V_e")).collect();
        format!(
            "use std.neural_mass.jansen_rit\n{}record {} every 1 ms\nsimulation {{ dt = 0.1 ms, solver = dopri5 }}\n",
            populations.concat(),
            recorded.join(", ")
        )
    };
    let all = [30.0, 68.0, 128.0, 135.0, 136.4, 150.0, 200.0, 270.0, 300.0];
    let together = simulate(&cells(&all), 700.0).0;
    for (k, c) in all.iter().enumerate() {
        let alone = simulate(&cells(&[*c]), 700.0).0;
        assert!(alone.traces[0].values[0] == together.traces[0].values[k], "c = {c}");
    }
}

/// What is far too stiff for an explicit method is a fault that names it, not a run without end.
#[test]
fn a_stiff_problem_is_a_fault() {
    let script = "cell S {\n    state fast = 1\n    fast' = 1e8 * (sin(t / 1 ms) - fast) / 1 ms\n}\n\
                  population p: S\nrecord x = p.fast every 1 ms\nsimulation { dt = 0.1 ms, solver = dopri5 }\n";
    let mut simulation = Simulation::new(network(script).plan, &Options::default()).expect("the instruction set is there");
    simulation.start();
    let fault = simulation.advance(10.0, &mut |_| true).expect_err("it is stiff");
    assert_eq!((fault.variable.as_str(), fault.cell.as_str()), ("fast", "p"), "{fault:?}");
}

/// What has a pole ends there with a fault that names it, and not before.
#[test]
fn a_pole_is_a_fault() {
    let script = "cell P {\n    state x = 1\n    x' = x^2 / 10 ms\n}\npopulation p: P\nrecord x = p.x every 1 ms\n\
                  simulation { dt = 0.1 ms, solver = dopri5 }\n";
    let mut simulation = Simulation::new(network(script).plan, &Options::default()).expect("the instruction set is there");
    simulation.start();
    let fault = simulation.advance(50.0, &mut |_| true).expect_err("it has a pole at 10 ms");
    assert!((fault.time - 10.0).abs() < 1e-3 && fault.variable == "x" && fault.cell == "p", "{fault:?}");
    assert_eq!(simulation.recording().traces[0].times.len(), 10, "samples before the pole are there");
}
