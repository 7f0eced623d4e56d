//! The command as a process: what it changes, prints, and with which status it ends.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A folder of this test alone.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("the folder can be made");
    folder
}

/// Runs the command in a folder: its status, and what it prints to the standard output and error.
fn bouton(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let out = Command::new(env!("CARGO_BIN_EXE_bouton")).args(arguments).current_dir(folder).output().expect("the command runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (out.status.code(), text(&out.stdout), text(&out.stderr))
}

fn write(folder: &Path, name: &str, text: &[u8]) {
    std::fs::write(folder.join(name), text).expect("the file can be written");
}

#[test]
fn fmt_names_or_changes_scripts() {
    let folder = folder("fmt");
    write(&folder, "bad.net", b"param a=1 // one\n");
    write(&folder, "good.net", b"param a = 1\n");
    let checked = bouton(&folder, &["fmt", "--check", "bad.net", "good.net"]);
    assert_eq!(checked, (Some(1), "bad.net\n".into(), String::new()));
    assert_eq!(bouton(&folder, &["fmt", "bad.net", "good.net"]).0, Some(0));
    assert_eq!(std::fs::read(folder.join("bad.net")).unwrap_or_default(), b"param a = 1  // one\n");
    assert_eq!(bouton(&folder, &["fmt", "--check", "bad.net", "good.net"]).0, Some(0));
}

#[test]
fn fmt_leaves_what_it_cannot_read() {
    let folder = folder("fmt_broken");
    let (broken, strange): (&[u8], &[u8]) = (b"param  a = (1\n", b"param  a = 1 // \xff\n");
    write(&folder, "broken.net", broken);
    write(&folder, "strange.net", strange);
    let (status, _, told) = bouton(&folder, &["--format", "short", "fmt", "broken.net"]);
    assert_eq!((status, told.as_str()), (Some(1), "broken.net:1:14: error[E0106]: `)` is missing\n"));
    assert_eq!(bouton(&folder, &["fmt", "strange.net"]).0, Some(5));
    assert_eq!(bouton(&folder, &["fmt", "nowhere.net"]).0, Some(5));
    assert_eq!(std::fs::read(folder.join("broken.net")).unwrap_or_default(), broken);
    assert_eq!(std::fs::read(folder.join("strange.net")).unwrap_or_default(), strange);
}

#[test]
fn warnings_can_be_denied() {
    let folder = folder("deny");
    write(&folder, "spare.net", b"param spare = 1 nS\n");
    write(&folder, "allowed.net", b"param spare = 1 nS  // allow W0201\n");
    assert_eq!(bouton(&folder, &["check", "spare.net"]).0, Some(0));
    let (status, _, told) = bouton(&folder, &["check", "--deny", "warnings", "--format", "short", "spare.net"]);
    assert_eq!((status, told.as_str()), (Some(1), "spare.net:1:7: warning[W0201]: the parameter `spare` is never used\n"));
    assert_eq!(bouton(&folder, &["check", "--deny", "warnings", "allowed.net"]), (Some(0), String::new(), String::new()));
}
