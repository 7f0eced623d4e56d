//! Values that are taken with a delay, against closed forms and the method of steps.

use super::{difference, numbers, run, text};

/// How far x' = -x(t - pi / 2), with the history of the cosine, is from the cosine in 20 s.
fn cosine(solver: &str) -> f64 {
    let script = format!(
        "cell D {{\n    input u\n    state x = 1\n    x' = u / 1 s\n}}\npopulation p: D\n\
         connect p.x -> p.u {{ weight = -1, delay = pi / 2 * 1 s, history = cos(t / 1 s) }}\n\
         record x = p.x every 500 ms\nsimulation {{ {solver} }}\n"
    );
    let recording = run(&script, 20_000.0);
    let trace = &recording.traces[0];
    // The last one falls on the end or, with times that accumulate, behind it.
    assert!((40..=41).contains(&trace.times.len()), "{}", trace.times.len());
    trace.times.iter().zip(&trace.values[0]).map(|(t, x)| (x - (t / 1000.0).cos()).abs()).fold(0.0, f64::max)
}

#[test]
fn a_delayed_negative_feedback_is_a_cosine() {
    let fixed = [("euler", 0.1), ("heun", 1.0), ("rk4", 10.0)];
    let errors: Vec<f64> = fixed.iter().map(|(solver, dt)| cosine(&format!("dt = {dt} ms, solver = {solver}"))).collect();
    let fine = cosine("dt = 1 ms, solver = dopri5, rtol = 1e-9, atol = 1e-12");
    let coarse = cosine("dt = 1 ms, solver = dopri5, rtol = 1e-6, atol = 1e-9");
    println!("{errors:?}, {coarse:e}, {fine:e}");
    // Euler's own error is of order 1.
    assert!(errors[0] < 2e-3 && errors[1] < 1e-5 && errors[2] < 1e-6, "{errors:?}");
    assert!(coarse < 1e-4 && fine < 1e-7, "{coarse:e}, {fine:e}");
}

/// Between steps the past is interpolated, so a delay that is no multiple of the step takes nothing from the order of the method.
#[test]
fn the_past_is_as_exact_as_the_method() {
    let error = |dt: f64| cosine(&format!("dt = {dt} ms, solver = rk4"));
    let (coarse, fine) = (error(100.0), error(50.0));
    println!("{coarse:e}, {fine:e}");
    assert!(coarse / fine > 12.0, "{coarse:e}, {fine:e}");
}

const MACKEY_GLASS: &str = "cell M {\n    input late\n    state x = 1.2\n    x' = (0.2 * late / (1 + late^10) - 0.1 * x) / 1 ms\n}\n\
    population p: M\nconnect p.x -> p.late { delay = 17 ms }\nrecord x = p.x every 1 ms\n";

/// A constant history is what there is without another one; kinks travel through such a solution.
#[test]
fn a_chaotic_equation_follows_the_method_of_steps() {
    let rows = numbers("delay_mackey_glass.csv");
    let error = |solver: &str| difference(&run(&format!("{MACKEY_GLASS}simulation {{ {solver} }}\n"), 200.0), &rows);
    let fine = error("dt = 0.1 ms, solver = dopri5, rtol = 1e-10, atol = 1e-12");
    let fixed = error("dt = 0.05 ms, solver = rk4");
    println!("{fine:e}, {fixed:e}");
    assert!(fine < 1e-7 && fixed < 1e-6, "{fine:e}, {fixed:e}");
}

/// Two columns that drive each other through rates, which are no states; and a connection of no weight, which is none.
#[test]
fn delayed_columns_follow_the_method_of_steps() {
    let circuit = text("circuit.net");
    let (circuit, _) = circuit.split_once("connect a.pc.m").expect("the connection");
    let script = |solver: &str| {
        format!(
            "{circuit}connect a.pc.m -> b.pc.exc.u {{ weight = 20, delay = 10 ms }}\n\
             connect b.pc.m -> a.pc.exc.u {{ weight = 40, delay = 10 ms }}\n\
             connect a.pc.m -> a.pc.exc.u {{ weight = 0, delay = 1e-7 ms }}\n\
             record y = a.pc.pro.v, z = b.pc.pro.v every 5 ms\nsimulation {{ {solver} }}\n"
        )
    };
    let rows = numbers("delay_jansen_rit.csv");
    let fine = difference(&run(&script("dt = 0.1 ms, solver = dopri5, rtol = 1e-9, atol = 1e-12"), 500.0), &rows);
    let fixed = difference(&run(&script("dt = 0.1 ms, solver = rk4"), 500.0), &rows);
    println!("{fine:e}, {fixed:e}");
    assert!(fine < 1e-6 && fixed < 1e-6, "{fine:e}, {fixed:e}");
}

fn refused(script: &str) -> Vec<String> {
    let checked = bouton_lang::check("test.net", script, &bouton_lang::NoFiles);
    match checked.program {
        None => checked.diagnostics.iter().map(|d| format!("{} {}", d.code, d.message)).collect(),
        Some(program) => {
            let told = bouton::build::build(&program, &bouton::build::Knobs::default()).map(|_| ()).expect_err("it is refused");
            told.into_iter().map(|d| format!("{} {}", d.code, d.message)).collect()
        }
    }
}

#[test]
fn what_is_no_delay_is_refused() {
    let with =
        |delay: &str| format!("{}simulation {{ dt = 0.1 ms, solver = rk4 }}\n", MACKEY_GLASS.replace("delay = 17 ms", delay));
    let told = |delay: &str| refused(&with(delay)).concat();
    assert_eq!(told("delay = -1 ms"), "E0403 the delay cannot be negative");
    assert_eq!(told("delay = 0.05 ms"), "E0510 a delay of 0.05 ms is shorter than the step of 0.1 ms");
    assert_eq!(told("history = 0"), "E0409 a history is of what is taken with a delay, and there is no `delay`");
    assert_eq!(
        told("delay = 2 ms, spread = 1 ms, history = 0"),
        "E0415 the stages of a spread delay begin at 0, and have no other history"
    );
    assert_eq!(told("delay = 17 ms, history = 1 mV"), "E0301 the history: expected a plain number; found a voltage, mV");
}

/// `past(x, tau)` is the connection of the cell with itself, bit for bit, with a delay of each cell's own.
#[test]
fn the_past_in_an_equation_is_a_connection() {
    let equation = "x' = (0.2 * LATE / (1 + LATE^10) - 0.1 * x) / 1 ms\n}\n";
    let cell = |late: &str, first: &str| {
        format!("cell M {{\n    param tau = 17 ms\n{first}    state x = 1.2\n    {}", equation.replace("LATE", late))
    };
    let end = "record x = p.x every 1 ms\nsimulation { dt = 0.1 ms, solver = SOLVER }\n";
    for solver in ["rk4", "dopri5, rtol = 1e-8"] {
        let end = end.replace("SOLVER", solver);
        let past = format!("{}population p: M[2] {{ tau = 12 ms + index * 5 ms }}\n{end}", cell("past(x, tau)", ""));
        let past = run(&past, 100.0);
        for (k, delay) in [12.0, 17.0].into_iter().enumerate() {
            let connected = format!(
                "{}population p: M\nconnect p.x -> p.late {{ delay = {delay} ms }}\n{end}",
                cell("late", "    input late\n")
            );
            assert_eq!(run(&connected, 100.0).traces[0].values[0], past.traces[0].values[k], "{solver}, {delay}");
        }
    }
}

/// Definitions have a past too, and mechanisms on connections; times are in the cell's own unit.
#[test]
fn a_definition_of_some_time_ago() {
    let script = "mechanism shift {\n    input s\n    output y = past(s, 30 ms)\n}\n\
        cell W per s {\n    let y = sin(2 * pi * t)\n    state x = 0\n    input z\n    x' = 1000 * (past(y, 0.05) - x)\n}\n\
        cell Seen {\n    input u, w\n    state x = 0\n    x' = 0 / 1 ms\n    output seen = u\n    output shifted = w\n}\n\
        population p: W\npopulation q: Seen\nconnect p.y -> q.u\nconnect p.y -> q.w via shift\n\
        record u = q.seen, w = q.shifted every 10 ms\nsimulation { dt = 1 ms, solver = rk4 }\n";
    let recording = run(script, 500.0);
    let [now, late] = &recording.traces[0].values[..] else { panic!("two values") };
    for (k, t) in recording.traces[0].times.iter().enumerate() {
        let wave = |t: f64| (2.0 * std::f64::consts::PI * t.max(0.0) / 1000.0).sin();
        assert!((now[k] - wave(*t)).abs() < 1e-9 && (late[k] - wave(t - 30.0)).abs() < 1e-9, "at {t}: {} {}", now[k], late[k]);
    }
}

#[test]
fn what_has_no_past_is_refused() {
    let told = |member: &str| {
        let script =
            format!("cell C {{\n    param tau = 1 ms\n    input u\n    state x = 1\n    {member}\n}}\npopulation p: C\n");
        refused(&script).concat()
    };
    assert_eq!(told("x' = past(1 + x, tau) / 1 ms"), "E0415 `past` takes a variable of the cell, and this is none");
    assert_eq!(
        told("x' = past(x, 1 ms * x) / 1 ms"),
        "E0415 a delay cannot change while the cell runs: it is a number, or follows from parameters"
    );
    assert_eq!(told("x' = past(x) / 1 ms"), "E0440 `past` takes 2 arguments; found 1");
    assert_eq!(told("x' = past(x, -tau) / 1 ms"), "E0510 delay is -1 ms, and must be 0 or more");
    assert_eq!(
        told("x' = -x / 1 ms\n    state z = past(x, tau)"),
        "E0456 `z` begins with a value of the past or of noise, and there is none before it begins"
    );
    let membrane = "mechanism m {\n    state x = 1\n    x' = past(x, 1 ms) / 1 ms\n}\ncell B { section soma { insert m } }\n";
    assert_eq!(
        refused(membrane).concat(),
        "E0407 only cells without sections, and mechanisms on their connections, can look at their past and draw noise"
    );
}
