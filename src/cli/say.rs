//! Lines of a command on its output. One that cannot be written ends the command: a reader that has seen enough is no fault, a full disk is one.

use super::Exit;
use std::fmt::Arguments;
use std::io::{ErrorKind, Write};

/// Prints a line, as `println!` does, but does not panic.
macro_rules! say {
    ($($text:tt)*) => { $crate::cli::say::line(format_args!($($text)*)) };
}
pub(super) use say;

/// Prints a line.
pub(super) fn line(text: Arguments<'_>) {
    written(writeln!(anstream::stdout(), "{text}"));
}

/// Prints a text as it is.
pub(super) fn text(text: &[u8]) {
    written(std::io::stdout().write_all(text));
}

fn written(result: std::io::Result<()>) {
    let Err(error) = result else { return };
    if error.kind() != ErrorKind::BrokenPipe {
        anstream::eprintln!("error[E0602]: the output cannot be written: {error}");
    }
    std::process::exit(Exit::Outside as i32);
}
