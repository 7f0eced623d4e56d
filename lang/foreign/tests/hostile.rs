//! Files that nobody would write: each ends in diagnostics, in bounded time and memory.

use bouton_foreign::nmodl::{Translated, decode, parse, translate};
use bouton_syntax::{Code, Diagnostics, SourceMap};

const CHANNEL: &str = "TITLE a channel
NEURON { SUFFIX kd USEION k READ ek WRITE ik RANGE gbar, g GLOBAL vhalf }
UNITS { (mV) = (millivolt) (S) = (siemens) FARADAY = (faraday) (coulomb) }
PARAMETER { gbar = 0.001 (S/cm2) <0, 1> vhalf = -30 (mV) }
ASSIGNED { v (mV) ek (mV) ik (mA/cm2) g (S/cm2) ninf ntau (ms) }
STATE { n }
INITIAL { rates(v) n = ninf }
BREAKPOINT { SOLVE states METHOD cnexp g = gbar * n^4 ik = g * (v - ek) }
DERIVATIVE states { rates(v) n' = (ninf - n) / ntau }
PROCEDURE rates(v (mV)) { TABLE ninf, ntau DEPEND vhalf FROM -100 TO 100 WITH 200
    ninf = 1 / (1 + exp(-(v - vhalf) / 9 (mV))) IF (v < vhalf) { ntau = 3 } else { ntau = 1 } }
COMMENT the end ENDCOMMENT
";

fn read(text: &str) -> (Translated, Diagnostics) {
    let (mut sources, mut found) = (SourceMap::new(), Diagnostics::new());
    let include = |path: &str| if path == "a.inc" { Ok(b"INCLUDE \"a.inc\"".to_vec()) } else { Err("no such file".to_owned()) };
    let file = parse("x.mod", text, &include, &mut sources, &mut found);
    let before = found.len();
    let translated = translate(&file, &mut found);
    assert!(translated.mechanism.is_some() || found.len() > before || before > 0, "neither a mechanism nor a diagnostic");
    (translated, found)
}

fn codes(text: &str) -> Vec<Code> {
    read(text).1.iter().map(|one| one.code).collect()
}

/// The channel with a line put behind it.
fn with(line: &str) -> String {
    format!("{CHANNEL}{line}\n")
}

#[test]
fn a_state_that_is_an_ions_value_is_the_ions() {
    let text = CHANNEL.replace("READ ek WRITE", "READ ek, ki WRITE").replace("STATE { n }", "STATE { n ki (milli/liter) }");
    let mechanism = read(&(text + "\u{1a}\n")).0.mechanism.expect("a mechanism, with the end of files of DOS behind it");
    let ki = mechanism.variables.iter().find(|one| &*one.name == "ki").expect("ki");
    assert!(matches!(ki.kind, bouton_model::ir::VariableKind::Ion { .. }), "{ki:?}");
}

#[test]
fn the_channel_itself_is_read() {
    let (translated, found) = read(CHANNEL);
    assert!(found.is_empty(), "{:?}", found.iter().map(|d| &d.message).collect::<Vec<_>>());
    let mechanism = translated.mechanism.unwrap();
    assert_eq!((mechanism.equations.len(), mechanism.lookups.len(), mechanism.currents.len()), (1, 1, 1));
    assert!(mechanism.during.is_empty() && mechanism.after.is_empty() && mechanism.ahead.is_empty());
}

#[test]
fn files_that_end_anywhere() {
    for end in 0..CHANNEL.len() {
        read(&CHANNEL[..end]);
    }
    // A sign left out, or put twice.
    for at in 0..CHANNEL.len() {
        read(&format!("{}{}", &CHANNEL[..at], &CHANNEL[at + 1..]));
        read(&format!("{}{}", &CHANNEL[..at + 1], &CHANNEL[at..]));
    }
}

#[test]
fn old_ways_of_writing() {
    for text in [
        CHANNEL.replace('\n', "\r"),
        CHANNEL.replace('\n', "\r\n"),
        CHANNEL.replace("a channel", "\u{b5} and \0"),
        CHANNEL.replace(" IF ", " if "),
    ] {
        let (translated, found) = read(&text);
        assert!(translated.mechanism.is_some(), "{:?}", found.iter().map(|d| &d.message).collect::<Vec<_>>());
    }
    let latin = decode(&[b"TITLE \xb5\n".as_slice(), CHANNEL.as_bytes()].concat());
    assert!(read(&latin).0.mechanism.is_some());
    let binary: Vec<u8> = (0..20_000_u32).map(|x| (x.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    assert!(read(&decode(&binary)).0.mechanism.is_none());
}

#[test]
fn what_goes_on_for_ever() {
    assert_eq!(codes("INCLUDE \"a.inc\"\n"), [Code::ForeignMeaning, Code::CannotRead]);
    let calls_itself = with("FUNCTION f(x) { f = f(x) }").replace("g = gbar * n^4", "g = f(n)");
    assert_eq!(codes(&calls_itself), [Code::ForeignMeaning]);
    let endless = CHANNEL.replace("n = ninf }", "n = ninf while (1) { n = n + 1 } }");
    assert_eq!(codes(&endless), [Code::UnfoldsTooFar]);
    let rounds = CHANNEL.replace("n = ninf }", "FROM i = 0 TO 100000000 { n = n + i } }");
    assert_eq!(codes(&rounds), [Code::ForeignMeaning]);
    let doubling: String =
        (1..40).map(|k| format!("FUNCTION f{k}(x) {{ f{k} = f{}(x) + f{}(x + 1) }}\n", k - 1, k - 1)).collect();
    let doubling = with(&format!("FUNCTION f0(x) {{ f0 = x }}\n{doubling}")).replace("g = gbar * n^4", "g = f39(n)");
    assert_eq!(codes(&doubling), [Code::UnfoldsTooFar]);
}

#[test]
fn what_is_too_large() {
    let table = CHANNEL.replace("WITH 200", "WITH 1e12").replace("1e12", "1000000000000");
    assert_eq!(codes(&table), [Code::ForeignMeaning]);
    let arrays: String = (0..100).map(|k| format!("x{k}[1000000000] ")).collect();
    let arrays = CHANNEL.replace("STATE { n }", &format!("STATE {{ n {arrays} }}"));
    assert_eq!(codes(&arrays), [Code::ForeignMeaning]);
    let deep = CHANNEL.replace("gbar * n^4", &format!("{}n{}", "(".repeat(100_000), ")".repeat(100_000)));
    assert!(codes(&deep).contains(&Code::TooDeep));
    let blocks = CHANNEL.replace("n = ninf }", &format!("n = ninf {} }}", "if (v < 0) {".repeat(50_000)));
    assert!(codes(&blocks).contains(&Code::TooDeep));
    let signs = CHANNEL.replace("gbar * n^4", &format!("{}n", "-".repeat(100_000)));
    assert!(codes(&signs).contains(&Code::TooDeep));
}
