//! What shells take: completions, and a page for `man`. Both follow from the description of the command line.

use super::{Exit, say};
use clap_complete::Shell;

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
    say::text(&text);
    Exit::Done
}

/// Prints the page.
pub(super) fn man(command: clap::Command) -> Exit {
    let mut text = Vec::new();
    match clap_mangen::Man::new(command).render(&mut text) {
        Ok(()) => {
            say::text(&text);
            Exit::Done
        }
        Err(_) => Exit::Outside,
    }
}
