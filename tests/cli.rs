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
fn a_version_says_what_it_has() {
    let folder = folder("version");
    let (status, text, _) = bouton(&folder, &["--version"]);
    assert_eq!(status, Some(0));
    assert!(text.starts_with(&format!("bouton {}\n", env!("CARGO_PKG_VERSION"))), "{text}");
    // Every machine has this one.
    assert!(text.contains("vectors: portable") && text.contains("threads"), "{text}");
    assert_eq!(bouton(&folder, &["-V"]).1, format!("bouton {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn a_word_of_the_language_is_shown_as_it_is_written() {
    let folder = folder("doc");
    let (_, text, _) = bouton(&folder, &["doc", "population"]);
    assert!(text.contains("population name: cell[20]"), "{text}");
    let (_, text, _) = bouton(&folder, &["doc", "duration"]);
    assert!(text.contains("attribute of `simulation`"), "{text}");
}

#[test]
fn names_of_other_tools_are_told() {
    let folder = folder("elsewhere");
    write(&folder, "a.net", format!("{CELL}run 10 ms\nprint \"{{isi(p)}}\"\nprint \"{{celsius}}\"\n").as_bytes());
    let (status, _, told) = bouton(&folder, &["check", "a.net"]);
    assert_eq!(status, Some(1));
    assert!(told.contains("`intervals(S)`") && told.contains("attributes of `simulation`"), "{told}");
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

/// A process that is being run, which is not left behind.
#[cfg(unix)]
struct Running(std::process::Child);

#[cfg(unix)]
impl Running {
    fn begin(folder: &Path, arguments: &[&str]) -> Running {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bouton"));
        command.args(arguments).current_dir(folder).stdout(std::process::Stdio::null()).stderr(std::process::Stdio::piped());
        Running(command.spawn().expect("the command runs"))
    }

    fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([name, &self.0.id().to_string()]).status();
        assert!(sent.is_ok_and(|status| status.success()), "kill {name}");
    }
}

#[cfg(unix)]
impl Drop for Running {
    fn drop(&mut self) {
        // It has usually ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Lines of a file, as they are at this moment.
#[cfg(unix)]
fn lines(file: &Path) -> usize {
    std::fs::read_to_string(file).map_or(0, |text| text.lines().count())
}

/// Waits until something is so.
#[cfg(unix)]
fn until(mut is_so: impl FnMut() -> bool) {
    for _ in 0..6000 {
        if is_so() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    panic!("a minute was not enough");
}

const CELL: &str = "param pull = 1\ncell Leaky { state v = 0 mV; v' = pull * 1 mV/ms - v / 20 ms; on v > 15 mV { v = 0 mV; spike } }\npopulation p: Leaky\n";

/// Ctrl-C ends a run that would last for hours within a window, says when it was, and writes what follows of what there is.
#[cfg(unix)]
#[test]
fn an_interrupt_ends_a_run() {
    use std::io::Read;
    let folder = folder("interrupt");
    let script = format!("{CELL}print \"begun\"\nrun 1 ms\nsave spikes \"first.csv\"\nrun 1000 h\nsave spikes \"rest.csv\"\n");
    write(&folder, "long.net", script.as_bytes());
    let mut running = Running::begin(&folder, &["run", "long.net"]);
    until(|| folder.join("first.csv").exists());
    std::thread::sleep(std::time::Duration::from_millis(200));
    running.signal("-INT");
    until(|| running.0.try_wait().is_ok_and(|status| status.is_some()));
    let mut told = String::new();
    running.0.stderr.take().expect("it is piped").read_to_string(&mut told).expect("it is text");
    assert_eq!(running.0.wait().expect("it has ended").code(), Some(5), "{told}");
    assert!(told.contains("the run was interrupted at"), "{told}");
    assert!(lines(&folder.join("rest.csv")) > 10, "{told}");
}

/// A search of a second, and what the shell says of it: status and what was told.
#[cfg(target_os = "linux")]
fn in_shell(name: &str, command: &str) -> (Option<i32>, String, PathBuf) {
    let folder = folder(name);
    let script = format!(
        "{CELL}simulation {{ duration = 2 s }}\nfor k in 1 .. 200 {{ print \"line {{k}} of many that are printed before the search begins\" }}\n\
         optimize fit {{\n    vary pull in 0.5 .. 5\n    run\n    minimize abs(rate(p) - 60 Hz)\n    \
         evolve random {{ population = 10, evaluations = 4000, seed = 3, observe = stats }}\n}}\n"
    );
    write(&folder, "fit.net", script.as_bytes());
    let command = command.replace("BOUTON", env!("CARGO_BIN_EXE_bouton"));
    let done = Command::new("sh").args(["-c", &command]).current_dir(&folder).output().expect("there is a shell");
    (done.status.code(), String::from_utf8_lossy(&done.stderr).into_owned(), folder)
}

/// Where a journal cannot grow any more, or nobody hears what is printed, the search ends at once and says so.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_at_once() {
    // In units of 512 or 1024 bytes, as shells have it; the system then refuses to write more.
    let full = "trap '' XFSZ; ulimit -f 8; exec BOUTON run --quiet fit.net > /dev/null";
    let (status, told, folder) = in_shell("full_journal", full);
    assert_eq!(status, Some(5), "{told}");
    assert!(told.contains("E0602") && told.contains("fit.journal.jsonl"), "{told}");
    assert!((10..400).contains(&lines(&folder.join("fit.journal.jsonl"))), "{told}");
    let (status, told, folder) = in_shell("full_output", "exec BOUTON run fit.net > /dev/full");
    assert_eq!(status, Some(5), "{told}");
    assert!(told.contains("what the script prints cannot be written"), "{told}");
    assert!(lines(&folder.join("fit.journal.jsonl")) < 400, "{told}");
    for command in ["plan fit.net", "doc", "explain E0301", "completions bash", "man"] {
        let (status, told, _) = in_shell("full_output", &format!("exec BOUTON {command} > /dev/full"));
        assert_eq!(status, Some(5), "{command}: {told}");
        assert!(told.contains("E0602") && !told.contains("panicked"), "{command}: {told}");
    }
    let (_, told, folder) = in_shell("gone", "BOUTON run fit.net | head -1");
    assert!(!told.contains("panicked") && !told.contains("error"), "{told}");
    assert!(lines(&folder.join("fit.journal.jsonl")) < 400, "{told}");
}

/// Killed ten times, a search or a sweep that is resumed each time has the candidates of one that was let alone.
#[cfg(unix)]
#[test]
fn what_is_killed_is_resumed() {
    let search = "optimize fit {\n    vary pull in 0.5 .. 5\n    run\n    minimize abs(rate(p) - 60 Hz)\n    \
                  evolve differential { population = 10, generations = 12, seed = 3 }\n}";
    let sweep = "sweep fit {\n    vary pull in 0.5 .. 5 steps 130\n    run\n    report r = rate(p)\n}";
    for (name, study) in [("search", search), ("sweep", sweep)] {
        let (whole, killed) = (folder(&format!("{name}_whole")), folder(&format!("{name}_killed")));
        let script = format!("{CELL}simulation {{ duration = 2 s }}\n{study}\nsave fit \"fit.csv\"\n");
        write(&whole, "fit.net", script.as_bytes());
        write(&killed, "fit.net", script.as_bytes());
        let (status, ..) = bouton(&whole, &["run", "fit.net"]);
        assert_eq!(status, Some(0));
        let journal = killed.join("fit.journal.jsonl");
        for kill in 1..=10 {
            // Not all of a sweep at once.
            let threads = (1 + kill % 3).to_string();
            let mut running = Running::begin(&killed, &["run", "--resume", "--batch", "4", "--threads", &threads, "fit.net"]);
            until(|| lines(&journal) > 11 * kill || running.0.try_wait().is_ok_and(|status| status.is_some()));
            running.signal("-KILL");
            until(|| running.0.try_wait().is_ok_and(|status| status.is_some()));
        }
        let (status, ..) = bouton(&killed, &["run", "--resume", "fit.net"]);
        assert_eq!(status, Some(0));
        for file in ["fit.csv", "fit.journal.jsonl"] {
            assert_eq!(std::fs::read(killed.join(file)).ok(), std::fs::read(whole.join(file)).ok(), "{name}: {file}");
        }
        assert_eq!(lines(&journal), 131, "{name}");
    }
}
