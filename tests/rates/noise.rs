//! Noise against closed forms: the process of Ornstein and Uhlenbeck, and geometric Brownian motion, whose solution on each path is known. Bounds are four
//! standard errors of the estimates.

use super::{network, run};
use bouton_engine::run::{Options, Recording, Simulation};
use bouton_lang::World;

fn values(recording: &Recording, first: usize, count: usize) -> Vec<f64> {
    let last = recording.traces[0].times.len() - 1;
    recording.traces[0].values[first..first + count].iter().map(|values| values[last]).collect()
}

fn mean(list: &[f64]) -> f64 {
    list.iter().sum::<f64>() / list.len() as f64
}

fn variance(list: &[f64]) -> f64 {
    let middle = mean(list);
    list.iter().map(|x| (x - middle).powi(2)).sum::<f64>() / (list.len() - 1) as f64
}

const CELLS: usize = 4000;

/// x' = -x / tau + noise, from 3: mean and variance at a time, and after a long one; a step of Euler's has a variance of its own.
#[test]
fn an_equation_with_noise_is_the_process_of_ornstein_and_uhlenbeck() {
    let script = |solver: &str| {
        format!(
            "cell X {{\n    param tau = 10 ms, sigma = 2 mV / sqrt(10 ms)\n    state x = 3 mV\n    x' = -x / tau + noise(sigma)\n}}\n\
             population p: X[{CELLS}]\nrecord x = p.x every 5 ms\nsimulation {{ dt = 0.5 ms, solver = {solver} }}\n"
        )
    };
    let n = CELLS as f64;
    for (solver, shrinks) in [("euler", 1.0 - 0.05), ("heun", 1.0 - 0.05 + 0.05 * 0.05 / 2.0)] {
        let recording = run(&script(solver), 60.0);
        let at = |k: usize| -> Vec<f64> { recording.traces[0].values.iter().map(|values| values[k]).collect() };
        // What a step of 0.5 ms does to the mean, and to noise that is added.
        let (shrink, add): (f64, f64) = (shrinks, if solver == "euler" { 1.0 } else { 1.0 - 0.025 });
        let step_variance = 4.0 / 10.0 * 0.5 * add * add;
        let (mut expected, mut spread) = (3.0, 0.0);
        for _ in 0..20 {
            (expected, spread) = (expected * shrink, spread * shrink * shrink + step_variance);
        }
        let early = at(2);
        assert!((mean(&early) - expected).abs() < 4.0 * (spread / n).sqrt(), "{solver}: {} {expected}", mean(&early));
        let late = at(12);
        let stationary = step_variance / (1.0 - shrink * shrink);
        assert!((stationary - 2.0).abs() < 0.06, "of the process itself it is sigma^2 tau / 2");
        let found = variance(&late);
        assert!((found / stationary - 1.0).abs() < 4.0 * (2.0 / n).sqrt(), "{solver}: {found} {stationary}");
        // Correlation over 5 ms.
        let before = at(11);
        let both: Vec<f64> = before.iter().zip(&late).map(|(a, b)| a * b).collect();
        let correlation = mean(&both) / stationary;
        assert!((correlation - shrink.powi(10)).abs() < 4.0 * (2.0 / n).sqrt(), "{solver}: {correlation}");
    }
}

/// Mean distance from the solution on each path, and the mean of the values, after 1 s.
fn geometric(solver: &str, dt: f64) -> (f64, f64) {
    let script = format!(
        "cell G per s {{\n    param m = 0.5, s = 0.8\n    let n = noise(1)\n    state w = 0, x = 1\n    w' = n\n    x' = m * x + s * x * n\n}}\n\
         population p: G[{CELLS}]\nrecord w = p.w, x = p.x every 1 s\nsimulation {{ dt = {dt} ms, solver = {solver} }}\n"
    );
    let recording = run(&script, 1000.0);
    let (w, x) = (values(&recording, 0, CELLS), values(&recording, CELLS, CELLS));
    assert!((variance(&w) - 1.0).abs() < 4.0 * (2.0 / CELLS as f64).sqrt(), "{}", variance(&w));
    // Euler's steps are Ito's integral, Heun's that of Stratonovich.
    let drift = if solver == "euler" { 0.5 - 0.8 * 0.8 / 2.0 } else { 0.5 };
    let error: Vec<f64> = w.iter().zip(&x).map(|(w, x)| (x - (drift + 0.8 * w).exp()).abs()).collect();
    (mean(&error), mean(&x))
}

#[test]
fn methods_converge_on_each_path_and_on_average() {
    // Strong orders are 1/2 and 1, so four times smaller steps are two and four times closer.
    for (solver, steps, gain, wanted) in
        [("euler", [40.0, 10.0], 1.6..2.5, 0.5), ("heun", [40.0, 10.0], 3.2..5.0, 0.5 + 0.8 * 0.8 / 2.0)]
    {
        let [coarse, fine] = steps.map(|dt| geometric(solver, dt));
        println!("{solver}: {coarse:?} {fine:?}");
        assert!(gain.contains(&(coarse.0 / fine.0)), "{solver}: {coarse:?} {fine:?}");
        let mean = f64::exp(wanted);
        let spread = mean * ((0.8f64 * 0.8).exp() - 1.0).sqrt() / (CELLS as f64).sqrt();
        // A weak error of order 1 in the step remains beside the spread.
        assert!((fine.1 - mean).abs() < 4.0 * spread + 0.01 * mean, "{solver}: {} {mean}", fine.1);
    }
}

const DRIVEN: &str = "cell S {\n    input u: Hz\n    state y: 1\n    y' = 0 / 1 ms\n    output seen = u\n}\npopulation p: S[COUNT]\n\
    stimulate p.u with 100 Hz + ou(20 Hz, 8 ms) + pulse(20 ms, 10 ms, 1 kHz)\nstimulate p.u with noise(0.01 Hz * sqrt(1 s))\n\
    record u = p.seen every 4 ms\nsimulation { dt = 1 ms, solver = heun, seed = 7 }\n";

#[test]
fn coloured_noise_is_exact_for_any_step() {
    let recording = run(&DRIVEN.replace("COUNT", "4000"), 60.0);
    let at = |k: usize| -> Vec<f64> { recording.traces[0].values.iter().map(|values| values[k] * 1000.0).collect() };
    let n = CELLS as f64;
    for (k, expected) in [(0, 100.0), (6, 1100.0), (15, 100.0)] {
        let now = at(k);
        assert!((mean(&now) - expected).abs() < 4.0 * 20.0 / n.sqrt(), "{k}: {}", mean(&now));
        // White noise of 0.01 Hz sqrt(s) is 0.01 / sqrt(0.001) Hz in a step.
        let spread = 400.0 + 0.1;
        assert!((variance(&now) / spread - 1.0).abs() < 4.0 * (2.0 / n).sqrt(), "{k}: {}", variance(&now));
    }
    let products: Vec<f64> = at(13).iter().zip(at(15)).map(|(a, b)| (a - 100.0) * (b - 100.0) / 400.0).collect();
    assert!((mean(&products) - f64::exp(-1.0)).abs() < 4.0 / n.sqrt(), "{}", mean(&products));
}

/// The same noise on any number of threads and lanes; another seed is other noise.
#[test]
fn noise_is_reproducible() {
    let run = |script: &str, options: &Options| {
        let mut simulation = Simulation::new(network(script).plan, options).expect("the instruction set is there");
        simulation.start();
        simulation.advance(40.0, &mut |_| true).expect("no fault");
        simulation.recording().clone()
    };
    let script = DRIVEN.replace("COUNT", "30");
    let all = run(&script, &Options::default());
    for (threads, lanes) in [(1, Some(1)), (2, Some(8)), (3, Some(5))] {
        assert_eq!(run(&script, &Options { threads, lanes, ..Options::default() }), all);
    }
    let other = run(&script.replace("seed = 7", "seed = 8"), &Options::default());
    assert!(all.traces[0].values.iter().zip(&other.traces[0].values).all(|(a, b)| a != b));
}

/// Files of samples.
struct Samples;

impl World for Samples {
    fn read(&self, path: &str) -> Result<String, String> {
        match path {
            "wave.csv" => Ok((0..=20).map(|k| format!("{}\n", (0.3 * f64::from(k)).sin())).collect()),
            "two.csv" => Ok("a,b\n1,10\n2,20\n".into()),
            _ => Err("no such file".into()),
        }
    }

    fn bytes(&self, path: &str) -> Result<Vec<u8>, String> {
        if path != "pair.npy" {
            return self.read(path).map(String::into_bytes);
        }
        let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }\n";
        let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
        bytes.extend((header.len() as u16).to_le_bytes());
        bytes.extend(header.bytes());
        bytes.extend([1.0f64, -2.0, 4.0].iter().flat_map(|x| x.to_le_bytes()));
        Ok(bytes)
    }
}

/// Values of files are joined by straight lines, in a stimulus, in a cell, and where steps are chosen.
#[test]
fn samples_of_files_drive_inputs() {
    let script = "cell S {\n    input u: Hz\n    let own = samples(\"pair.npy\", every = 4 ms, start = 2 ms)\n    state y = 0\n    y' = u\n\
        \x20   output seen = u\n    output file = own\n}\npopulation p: S\nstimulate p.u with 5 Hz + 2 Hz * samples(\"wave.csv\", every = 2 ms)\n\
        record u = p.seen, f = p.file, y = p.y every 0.5 ms\nsimulation { dt = 0.5 ms, solver = SOLVER }\n";
    let line = |list: &[f64], at: f64| {
        let at = at.clamp(0.0, (list.len() - 1) as f64);
        let k = (at as usize).min(list.len() - 2);
        list[k] + (list[k + 1] - list[k]) * (at - k as f64)
    };
    let wave: Vec<f64> = (0..=20).map(|k| (0.3 * f64::from(k)).sin()).collect();
    for solver in ["rk4", "dopri5, rtol = 1e-6, atol = 1e-12, max_step = 0.5 ms"] {
        let checked = bouton_lang::check("test.net", &script.replace("SOLVER", solver), &Samples);
        let program = checked.program.expect("a program");
        let plan = bouton::build::build(&program, &bouton::build::Knobs::default()).expect("a network").plan;
        let mut simulation = Simulation::new(plan, &Options::default()).expect("the instruction set is there");
        simulation.start();
        simulation.advance(60.0, &mut |_| true).expect("no fault");
        let trace = &simulation.recording().traces[0];
        let mut sum = 0.0;
        for (k, t) in trace.times.iter().enumerate() {
            let u = 0.005 + 0.002 * line(&wave, t / 2.0);
            assert!((trace.values[0][k] - u).abs() < 1e-14, "{solver} at {t}: {} {u}", trace.values[0][k]);
            assert!((trace.values[1][k] - line(&[1.0, -2.0, 4.0], (t - 2.0) / 4.0)).abs() < 1e-12, "{solver} at {t}");
            if k > 0 {
                // Straight lines are integrated exactly, as long as no step has a corner inside.
                sum += 0.25 * (trace.values[0][k] + trace.values[0][k - 1]);
            }
            assert!(
                (trace.values[2][k] - sum).abs() < if solver == "rk4" { 1e-14 } else { 1e-5 },
                "{solver} at {t}: {} {sum}",
                trace.values[2][k]
            );
        }
    }
}

#[test]
fn what_cannot_be_drawn_or_read_is_refused() {
    let told = |script: &str| {
        let checked = bouton_lang::check("test.net", script, &Samples);
        assert!(checked.program.is_none(), "{script}");
        checked.diagnostics.iter().map(|d| format!("{} {}", d.code, d.message)).collect::<Vec<_>>().concat()
    };
    let cell = |rate: &str, rest: &str| {
        format!("cell C {{\n    input u\n    state x = 0\n    x' = ({rate}) / 1 ms\n}}\npopulation p: C\n{rest}")
    };
    let dopri5 = "simulation { solver = dopri5 }\n";
    assert_eq!(told(&cell("noise(1 * sqrt(1 ms)) - x", dopri5)), "E0451 `dopri5` does not fit: `C` draws noise at each step");
    assert_eq!(
        told(&cell("u - x", &format!("stimulate p.u with ou(1, 3 ms)\n{dopri5}"))),
        "E0451 `dopri5` does not fit: `stimulus` draws noise at each step"
    );
    let stimulus = |source: &str| told(&cell("u - x", &format!("stimulate p.u with {source}\n")));
    assert_eq!(stimulus("noise(1)"), "E0301 the stimulus: expected a plain number; found a quantity in 1/ms^(1/2)");
    assert_eq!(stimulus("ou(1, 3)"), "E0301 the time constant: expected a time, ms; found a plain number");
    assert_eq!(stimulus("ou(1)"), "E0440 `ou` takes 2 arguments; found 1");
    assert_eq!(stimulus("samples(\"none.csv\", every = 1 ms)"), "E0601 cannot read `none.csv`: no such file");
    assert_eq!(stimulus("samples(\"two.csv\", every = 1 ms)"), "E0415 `two.csv` has 2 columns");
    assert_eq!(stimulus("samples(\"two.csv\", every = 1 ms, column = \"c\")"), "E0415 `two.csv` has no column `c`");
    assert_eq!(stimulus("samples(\"wave.csv\", every = 0 ms)"), "E0403 the interval of samples must be above 0");
    let sections = "mechanism m {\n    state x = 0\n    x' = noise(1 / sqrt(1 ms))\n}\ncell B { section soma { insert m } }\n";
    assert_eq!(
        told(sections),
        "E0407 only cells without sections, and mechanisms on their connections, can look at their past and draw noise"
    );
}
