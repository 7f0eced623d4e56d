//! NEURON's own mechanisms: their values and defaults, and what Bouton's library calls them.

use super::catalog::{Equations, Kind, Mechanism, Role, Value};
use crate::nmodl::tree::File;
use crate::nmodl::unit::{Unit, Units};
use bouton_syntax::{Diagnostics, SourceMap};
use std::rc::Rc;

/// A row: name, kind, parameters as `name=default unit:library's name`, with `!` what only a run computes, ions, values of a connection, whether it sends events.
type Row = (&'static str, Kind, &'static str, &'static str, usize, bool);

const ROWS: &[Row] = &[
    ("pas", Kind::Density, "g=0.001 S/cm2, e=-70 mV, i=0 mA/cm2!", "", 0, false),
    ("fastpas", Kind::Density, "g=0.001 S/cm2, e=-70 mV, i=0 mA/cm2!", "", 0, false),
    (
        "hh",
        Kind::Density,
        "gnabar=0.12 S/cm2, gkbar=0.036 S/cm2, gl=0.0003 S/cm2, el=-54.3 mV, gna=0 S/cm2!, gk=0 S/cm2!, il=0 mA/cm2!, m=0!, h=0!, n=0!",
        "na k",
        0,
        false,
    ),
    ("extracellular", Kind::Density, "xraxial=1e9[2], xg=1e9[2], xc=0[2], e_extracellular=0", "", 0, false),
    ("capacitance", Kind::Density, "", "", 0, false),
    ("morphology", Kind::Density, "", "", 0, false),
    ("na_ion", Kind::Density, "", "na", 0, false),
    ("k_ion", Kind::Density, "", "k", 0, false),
    ("ca_ion", Kind::Density, "", "ca", 0, false),
    ("IClamp", Kind::Point, "del=0 ms:delay, dur=0 ms:duration, amp=0 nA:amplitude, i=0 nA!", "", 0, false),
    ("ExpSyn", Kind::Point, "tau=0.1 ms, e=0 mV, i=0 nA!, g=0 uS!", "", 1, false),
    ("Exp2Syn", Kind::Point, "tau1=0.1 ms, tau2=10 ms, e=0 mV, i=0 nA!, g=0 uS!", "", 1, false),
    ("AlphaSynapse", Kind::Point, "onset=0 ms, tau=0.1 ms, gmax=0 uS, e=0 mV, i=0 nA!, g=0 uS!", "", 0, false),
    (
        "SEClamp",
        Kind::Point,
        "rs=1 1000000 ohm, dur1=0 ms:duration1, amp1=0 mV:amplitude1, dur2=0 ms:duration2, amp2=0 mV:amplitude2, dur3=0 ms:duration3, amp3=0 mV:amplitude3, i=0 nA!, vc=0 mV!",
        "",
        0,
        false,
    ),
    (
        "VClamp",
        Kind::Point,
        "dur[0]=0 ms:duration1, dur[1]=0 ms:duration2, dur[2]=0 ms:duration3, amp[0]=0 mV:amplitude1, amp[1]=0 mV:amplitude2, amp[2]=0 mV:amplitude3, gain=100000, rstim=1 1000000 ohm, tau1=0.001 ms, tau2=0 ms, fac=0, i=0 nA!, vc=0 mV!",
        "",
        0,
        false,
    ),
    ("APCount", Kind::Point, "n=0, thresh=-20 mV, time=0 ms, firing=0", "", 0, false),
    ("PointProcessMark", Kind::Point, "", "", 0, false),
    ("NetStim", Kind::Artificial, "interval=10 ms, number=10, start=50 ms, noise=0", "", 1, true),
    ("PatternStim", Kind::Artificial, "fake_output=0", "", 0, true),
    ("IntFire1", Kind::Artificial, "tau=10 ms, refrac=5 ms", "", 1, true),
    ("IntFire2", Kind::Artificial, "taum=10 ms, taus=20 ms, ib=0", "", 1, true),
    ("IntFire4", Kind::Artificial, "taue=5 ms, taui1=10 ms, taui2=20 ms, taum=30 ms", "", 1, true),
];

/// Values that all share: `usetable_hh`.
const GLOBALS: &[(&str, &str, f64)] = &[("hh", "usetable", 1.0)];

/// What those of them compute whose currents a script may ask for.
const EQUATIONS: &[(&str, &str)] = &[("pas", PASSIVE), ("fastpas", PASSIVE), ("hh", include_str!("hh.mod"))];

const PASSIVE: &str = "NEURON { SUFFIX pas NONSPECIFIC_CURRENT i RANGE g, e }\nPARAMETER { g = 0.001 (S/cm2) e = -70 (mV) }\n\
    ASSIGNED { v (mV) i (mA/cm2) }\nBREAKPOINT { i = g * (v - e) }\n";

fn read(text: &str) -> File {
    crate::nmodl::parse(
        "library",
        text,
        &|_| Err("nothing is included".to_owned()),
        &mut SourceMap::new(),
        &mut Diagnostics::new(),
    )
}

/// All of them.
pub(super) fn all() -> Vec<Mechanism> {
    ROWS.iter().map(mechanism).collect()
}

fn mechanism((name, kind, values, ions, weights, sends): &Row) -> Mechanism {
    let values = values.split(',').filter(|part| !part.trim().is_empty()).map(value).collect();
    let globals = GLOBALS.iter().filter(|(of, ..)| of == name).map(|(_, global, default)| Value {
        name: (*global).into(),
        default: *default,
        role: Role::Parameter,
        unit: Unit::ONE,
        size: 1,
        library: "",
    });
    Mechanism {
        name: (*name).into(),
        written: if *name == "fastpas" { "pas" } else { name }.into(),
        kind: *kind,
        values,
        globals: globals.collect(),
        pointers: Vec::new(),
        functions: None,
        procedures: Vec::new(),
        ions: ions.split_whitespace().map(|ion| (ion.into(), false)).collect(),
        weights: *weights,
        library: true,
        sends: *sends,
        carries: *kind == Kind::Point,
        equations: Equations(EQUATIONS.iter().find(|(of, _)| of == name).map(|(_, text)| Rc::new(read(text)))),
    }
}

/// `del=0 ms:delay`, `dur=0[3]`
fn value(text: &'static str) -> Value {
    let computed = text.trim().ends_with('!');
    let text = text.trim().trim_end_matches('!');
    let (name, rest) = text.split_once('=').unwrap_or((text, "0"));
    let (rest, library) = rest.split_once(':').unwrap_or((rest, ""));
    let (number, unit) = rest.split_once(' ').unwrap_or((rest, ""));
    let (number, size) = match number.split_once('[') {
        Some((number, size)) => (number, size.trim_end_matches(']').parse().unwrap_or(1)),
        None => (number, 1),
    };
    Value {
        name: name.into(),
        default: number.parse().unwrap_or(0.0),
        role: if computed { Role::Assigned } else { Role::Parameter },
        unit: Units::of(&File::default()).read(unit).unwrap_or(Unit::ONE),
        size,
        library,
    }
}
