//! What shells take: completions, and a page for `man`. Both follow from the description of the command line.

use super::Exit;
use clap_complete::Shell;
use std::io::{Write, stdout};

/// Arguments of `completions`.
#[derive(Debug, clap::Args)]
pub struct Completions {
    /// The shell
    shell: Shell,
}

/// Prints the completions of a shell.
pub(super) fn completions(args: &Completions, mut command: clap::Command) -> Exit {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut command, "bouton", &mut text);
    written(&text)
}

/// Prints the page.
pub(super) fn man(command: clap::Command) -> Exit {
    let mut text = Vec::new();
    match clap_mangen::Man::new(command).render(&mut text) {
        Ok(()) => written(&text),
        Err(_) => Exit::Outside,
    }
}

/// A reader that has seen enough is no fault.
fn written(text: &[u8]) -> Exit {
    match stdout().write_all(text) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Exit::Outside,
        _ => Exit::Done,
    }
}
