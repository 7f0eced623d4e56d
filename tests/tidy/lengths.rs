//! How long a file may be.

use super::files::RustFile;

/// A file of more lines asks to be split.
const LONG: usize = 400;
/// A file of more lines is refused.
const LONGEST: usize = 600;

/// Notes on the files that ask to be split, the longest first.
pub fn long(files: &[RustFile]) -> Vec<String> {
    let mut long: Vec<(usize, &str)> =
        files.iter().map(|file| (lines(file), file.path.as_str())).filter(|(lines, _)| *lines > LONG).collect();
    long.sort_by(|a, b| b.cmp(a));
    long.iter().map(|(lines, path)| format!("{path}: {lines} lines, above {LONG}")).collect()
}

/// A file that is too long.
pub fn too_long(file: &RustFile) -> Vec<String> {
    let lines = lines(file);
    if lines > LONGEST { vec![file.finding(lines, &format!("more than {LONGEST} lines: split it"))] } else { Vec::new() }
}

fn lines(file: &RustFile) -> usize {
    file.text.lines().count()
}

#[test]
fn a_long_file_is_found() {
    let file = |lines: usize| RustFile::new("src/a.rs", &"\n".repeat(lines));
    assert!(too_long(&file(600)).is_empty() && long(&[file(400)]).is_empty());
    assert!(too_long(&file(601)).len() == 1 && long(&[file(401)]).len() == 1);
}
