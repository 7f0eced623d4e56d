//! The functions in which all time is spent call nobody: a function that was not inlined, a closure for instance, would lose its instruction set.
#![cfg(all(unix, target_arch = "x86_64"))]

use bouton_engine::cable::{Cable, CableRows};
use bouton_engine::simd::Isa;
use bouton_engine::vm::code::Code;
use bouton_engine::vm::frame::Frame;
use bouton_engine::vm::machine::{Machine, Scratch};
use bouton_engine::vm::program::Program;
use std::collections::BTreeMap;
use std::process::Command;

/// Who is disassembled, and whom they may call: rare instructions, huge arguments of sines, random numbers of streams
/// that cannot be drawn eight at a time, tables of a file in which each instance searches, and panics (in development builds pointers are checked).
const HOT: [(&str, &[&str]); 5] = [
    ("vm::exec::avx512::vectors", &["avx512::any_step", "panic"]),
    ("vm::exec::avx2::vectors", &["avx2::any_step", "panic"]),
    ("vm::exec::avx512::any_step", &["huge_", "panic", "::poisson_given_none", "::philox4x32", "curve::Curve::at"]),
    ("vm::exec::avx2::any_step", &["huge_", "panic", "::poisson_given_none", "::philox4x32", "curve::Curve::at"]),
    ("cable::solve::step_avx", &["panic"]),
];

#[test]
fn hot_functions_call_nobody() {
    keep_alive();
    let (Some(listing), Some(relocations)) = (objdump("-d"), objdump("-R")) else {
        println!("skipped: no objdump here");
        return;
    };
    let calls = calls(&listing, &relocations);
    for (name, allowed) in HOT {
        let found: Vec<_> = calls.iter().filter(|(function, _)| function.contains(name)).collect();
        assert!(!found.is_empty(), "{name} is not in this program");
        for (function, targets) in found {
            let strange: Vec<_> = targets.iter().filter(|target| !allowed.iter().any(|part| target.contains(part))).collect();
            assert!(strange.is_empty(), "{function} calls {strange:?}");
        }
    }
}

/// The functions are in the program because it runs them.
fn keep_alive() {
    let code = Code::new(&Program::default()).expect("well formed");
    let cable = Cable::new(&[u32::MAX], &[0], &[0.0], &[0.0]).expect("a tree");
    for isa in Isa::available() {
        let machine = Machine::new(isa, 64).expect("here");
        machine.run(&code, &mut Frame::default(), 1, &mut Scratch::default());
        let mut rows = CableRows { v: &mut [0.0], rhs: &mut [0.0], d: &mut [1.0] };
        cable.step(isa, 1, 1.0, &mut rows, &mut [0]);
    }
}

fn objdump(what: &str) -> Option<String> {
    let program = std::env::current_exe().ok()?;
    let output = Command::new("objdump").args([what, "--demangle", "--no-show-raw-insn"]).arg(program).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// For each function, with its address, whom it calls or whose address it takes in order to.
fn calls(listing: &str, relocations: &str) -> BTreeMap<String, Vec<String>> {
    let functions: BTreeMap<u64, &str> = listing.lines().filter_map(header).collect();
    // Slots of the table through which some functions are called.
    let slots: BTreeMap<u64, &str> = relocations
        .lines()
        .filter_map(|line| {
            let (slot, target) = (line.split_whitespace().next()?, line.rsplit_once("*ABS*+0x")?.1);
            Some((hexadecimal(slot)?, *functions.get(&hexadecimal(target.trim())?)?))
        })
        .collect();
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut calls = &mut Vec::new();
    for line in listing.lines() {
        let (call, address) = (line.contains("\tcall "), line.contains("\tlea "));
        if header(line).is_some() {
            calls = all.entry(line.to_string()).or_default();
        } else if call || address {
            let target = line.rsplit_once(" <").and_then(|(front, _)| hexadecimal(front.rsplit([' ', '\t']).next()?));
            let name = target.and_then(|at| functions.get(&at).or_else(|| slots.get(&at)));
            let through_register = target.is_none();
            match name {
                Some(name) => calls.push(name.to_string()),
                None if call && !through_register => calls.push(line.to_string()),
                // What is in the register was put there by a `lea`.
                None => {}
            }
        }
    }
    all
}

/// Address and name of the function that begins here.
fn header(line: &str) -> Option<(u64, &str)> {
    let (address, name) = line.strip_suffix(">:")?.split_once(" <")?;
    Some((hexadecimal(address)?, name))
}

fn hexadecimal(digits: &str) -> Option<u64> {
    u64::from_str_radix(digits, 16).ok()
}
