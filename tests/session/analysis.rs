//! Analysis functions of scripts on runs whose answers are known.

use super::{Options, fresh, refused, run};
use std::fs;

/// Two regular generators, 10 and 4 ms apart, and a cell that follows a sine.
const CLOCKS: &str = "
cell Clock { param interval = 10 ms
    on start { after interval send tick }
    on tick { spike; after interval send tick }
}
cell Wave { param f = 0.25/ms, a = 2, phase = 0
    state x = a * sin(phase), y = a * cos(phase)
    x' = 2 * pi * f * y
    y' = -2 * pi * f * x
    method runge_kutta
}
population S: Clock[2]
population M: Clock { interval = 4 ms }
population w: Wave
population ws: Wave[3] { phase = 0.4 * index }
simulation { dt = 0.125 ms }
record x = w.x, several = ws.x every 0.125 ms
";

fn lines(statements: &str) -> Vec<String> {
    let (lines, result, _) = run(&format!("{CLOCKS}{statements}"), Options::default());
    result.unwrap();
    lines
}

#[test]
fn spikes_and_their_lists() {
    let printed = lines(
        "run 41 ms
        print times(M)
        print times(S after 15 ms before 35 ms)
        print \"{intervals(S[1])} {count(intervals(S))} {rates(S)} {mean(rates((S, M))):.2f}\"
        let t = times(M)
        for s in t { if s > 38 ms { print s } }
        print \"{count(t)} {t[9]} {max(t)} {sum(t)} {mean(t)}\"
        print \"{activity(S, bin = 20 ms)} {fano(S, bin = 20 ms)} {fano(S, bin = 5 ms)} {cv(S)}\"
        run 20 ms
        print \"{rate(S)} {rate(M after 41 ms)}\"",
    );
    let expected = [
        "[4, 8, 12, 16, 20, 24, 28, 32, 36, 40] ms",
        "[20, 20, 30, 30] ms",
        "[10, 10, 10] ms 6 [97.561, 97.561] Hz 146.34 Hz",
        "40 ms",
        "10 40 ms 40 ms 220 ms 22 ms",
        // Bins 0-20 and 20-40 have one and two spikes of each cell; those of 5 ms have 0, 0, 2, 0, 2, 0, 2, 0.
        "[50, 100] Hz 0.333333 1.25 0",
        "98.3607 Hz 250 Hz",
    ];
    assert_eq!(printed[..], expected);
}

#[test]
fn traces_and_spectra() {
    let out = fresh("spectra");
    let text = format!(
        "{CLOCKS}run 400 ms
        let c = crossings(x, 0)
        print \"{{count(c)}} {{mean(several)}}\"
        print \"{{peak(psd(x)) in Hz}} {{peak(psd(x, segment = 64 ms)) in Hz}} {{count(trace(w.x - w.x))}} {{max(trace(w.x - w.x))}}\"
        print \"{{synchrony(several):.3f}}\"
        let kept = trace(w.x * 2) after 100 ms
        assert max(kept) == 2 * max(x after 100 ms) and max(max(several)) <= 2.000001
        assert abs(power(psd(x, segment = 100 ms), 200 Hz .. 300 Hz) / sd(x)^2 - 1) < 0.02
        save psd(activity(M, bin = 1 ms)) \"activity.csv\"
        save histogram(x, bins = 4) \"histogram.csv\"
        save times(M before 10 ms) \"times.csv\"
        save kept \"kept.csv\"",
    );
    let (lines, result, _) = run(&text, Options { out: out.clone(), ..Options::default() });
    result.unwrap();
    assert!(lines[1].starts_with("250 250 ") && lines[1].ends_with(" 0"), "{lines:?}");
    let read = |name: &str| fs::read_to_string(out.join(name)).unwrap();
    assert!(read("activity.csv").starts_with("frequency_Hz,power_"), "{}", read("activity.csv"));
    assert_eq!(read("times.csv"), "times_ms\n4\n8\n");
    let counts: Vec<f64> =
        read("histogram.csv").lines().skip(1).map(|line| line.rsplit(',').next().unwrap().parse().unwrap()).collect();
    assert_eq!((counts.len(), counts.iter().sum::<f64>()), (4, 3201.0));
}

#[test]
fn what_is_no_list_is_told() {
    let told = |statements: &str| {
        let checked = bouton_lang::check("test.net", &format!("{CLOCKS}{statements}"), &bouton_lang::NoFiles);
        checked.diagnostics.iter().map(|one| format!("{} {}", one.code.text(), one.message)).collect::<Vec<_>>().join("; ")
    };
    assert!(
        told("run 1 ms\nprint times(S) + 1 ms").contains("`times` gives a list"),
        "{}",
        told("run 1 ms\nprint times(S) + 1 ms")
    );
    assert!(told("run 1 ms\nprint psd(x)").contains("`psd` gives a table"));
    assert!(told("run 1 ms\nprint activity(S)").contains("how wide are the bins"));
    assert!(told("print times(S)").contains("nothing has run"));
    assert!(told("run 1 ms\nprint several[0]").contains("is several traces"));
    assert!(refused(&format!("{CLOCKS}run 1 ms\nprint peak(psd(x, segment = 1 s))"), Options::default()).contains("E0503"));
}
