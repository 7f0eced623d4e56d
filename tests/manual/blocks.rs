//! Every block ```` ```net ```` of the manual.
//!
//! `net` is a whole script without a finding, and `net run` one that is run (`tutorials`); `net error[E0301]` or `net warning[W0401]` one that gives this code and no other;
//! `net in network` lines that are checked behind those below.

use super::{PAGES, checked, fault, read};

/// What stands before lines that are marked `in network`.
const NETWORK: &str = "cell PYR {
    section soma { L = 20 um, diam = 20 um; insert hh }
    section dend { L = 200 um, diam = 2 um, nseg = 5
        connect soma(1)
        insert pas
    }
    synapse nmda: Exp2Syn at dend(0.5) { tau1 = 2 ms, tau2 = 80 ms }
    spike at soma(0.5)
}
population S: PYR[20]
population M: PYR[20]
population one: PYR
synapse exc = ExpSyn { tau = 2 ms }
simulation { duration = 100 ms }
record v = M[0].soma(0.5).v
";

/// A block: what stands behind `net`, its line in the page, its text.
struct Block {
    mark: String,
    line: usize,
    text: String,
}

fn blocks(page: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open = None;
    for (at, line) in page.lines().enumerate() {
        match (line.trim_start().strip_prefix("```"), open) {
            (Some(_), Some(_)) => open = None,
            (Some(head), None) => {
                let mark = head.strip_prefix("net").filter(|mark| mark.is_empty() || mark.starts_with(' '));
                open = Some(mark.is_some());
                blocks.extend(mark.map(|mark| Block { mark: mark.trim().into(), line: at + 2, text: String::new() }));
            }
            (None, Some(true)) => {
                if let Some(block) = blocks.last_mut() {
                    block.text += line;
                    block.text.push('\n');
                }
            }
            (None, _) => {}
        }
    }
    blocks
}

/// What is wrong with a block.
fn wrong(block: &Block) -> Option<String> {
    if block.mark == "in network" {
        return fault(&checked(&format!("{NETWORK}{}", block.text)), None);
    }
    let code = block.mark.strip_prefix("error[").or_else(|| block.mark.strip_prefix("warning["));
    match code.map(|code| code.trim_end_matches(']')) {
        None if !matches!(block.mark.as_str(), "" | "run") => Some(format!("there is no mark `{}`", block.mark)),
        code => fault(&checked(&block.text), code),
    }
}

#[test]
fn scripts_are_what_they_are_said_to_be() {
    let mut faults = Vec::new();
    for &(page, least) in PAGES {
        let blocks = blocks(&read(page));
        if blocks.len() < least {
            faults.push(format!("{page} has {} scripts, fewer than {least}", blocks.len()));
        }
        let wrong = blocks.iter().filter_map(|block| Some(format!("{page}:{}: {}", block.line, wrong(block)?)));
        faults.extend(wrong);
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn a_wrong_block_is_found() {
    let of = |page: &str| blocks(page).iter().filter_map(wrong).count();
    assert_eq!(of("```net\nparam a = 1\nprint \"{a}\"\n```\n"), 0);
    assert_eq!(of("```net\nparam a = 1 mV + 1 ms\nprint \"{a}\"\n```\n"), 1);
    assert_eq!(of("```net error[E0301]\nparam a = 1 mV + 1 ms\nprint \"{a}\"\n```\n"), 0);
    assert_eq!(of("```net error[E0302]\nparam a = 1 mV + 1 ms\nprint \"{a}\"\n```\n"), 1);
    assert_eq!(of("```net error[E0301]\nparam a = 1 mV\nprint \"{a}\"\n```\n"), 1);
    assert_eq!(of("```net in network\nrun\nprint \"{max(v)}\"\n```\n"), 0);
    assert_eq!(of("```net in nowhere\n```\n```text\nnot = a script {\n```\n"), 1);
}
