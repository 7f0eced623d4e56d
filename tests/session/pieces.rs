//! Sessions that come a piece at a time: the library, the example that embeds it, and the prompt fed through a pipe.

use bouton::session::{Options, Session, Stop};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

#[path = "../../examples/embed.rs"]
mod embed;

#[test]
fn the_example_that_embeds_runs() {
    let mut session = Session::new();
    let found = match embed::leaks(&mut session) {
        Ok(found) => found,
        Err(stop) => panic!("{}", session.explain(&stop)),
    };
    assert_eq!(found.len(), 2);
    assert!(found[0].0 > found[1].0 && found[1].0 > 0, "a larger leak takes current: {found:?}");
    embed::main();
}

#[test]
fn a_mistake_leaves_a_session_as_it_was() {
    let mut session = Session::new();
    session.execute("param a = 2 mV").unwrap();
    let names = session.names();
    for wrong in ["param a = ", "let b = a + 1", "cell a {", "print c", "param d = 1 mV\nlet e = d + 2"] {
        assert!(matches!(session.execute(wrong), Err(Stop::Refused(_))), "{wrong}");
        assert_eq!(session.names(), names, "{wrong}");
    }
    assert_eq!(session.eval("a").map(|found| (found.value, found.unit)), Ok((2.0, "mV".to_owned())));
    session.set("a", "3 mV").unwrap();
    assert_eq!(session.eval("2 * a").map(|found| found.text), Ok("6 mV".to_owned()));
    assert!(matches!(session.eval("a in"), Err(Stop::Refused(_))));
    assert!(matches!(session.execute("assert a > 1 V"), Err(Stop::Assertion(_))));
    assert_eq!(session.eval("a").map(|found| found.text), Ok("3 mV".to_owned()));
}

#[test]
fn results_are_slices() {
    let mut session = Session::new();
    let text = "cell C { state x = 1, y = 4 mV; x' = -x / 2 ms; y' = 0 mV/ms; on x < 0.5 { spike } }\npopulation p: C[2]\n\
                record x = p[1].x, y = p.y every 1 ms\nsimulation { duration = 4 ms, dt = 0.5 ms }";
    session.execute(text).unwrap();
    assert!(session.record("x").is_empty() && session.spikes("p").times.is_empty() && !session.has_results());
    session.execute("run").unwrap();
    let x = session.record("x");
    assert_eq!((x.len(), x[0].times, x[0].values[0]), (1, &[0.0, 1.0, 2.0, 3.0, 4.0][..], 1.0));
    let y = session.record("y");
    assert_eq!(
        y.iter().map(|one| (&*one.label, &*one.unit, one.values[4])).collect::<Vec<_>>(),
        [("p[0]", "mV", 4.0), ("p[1]", "mV", 4.0)]
    );
    assert_eq!(session.spikes("p").cells, [0, 1]);
    assert!(session.record("z").is_empty());
}

/// Files say from which texts they come: those that were taken up, a mistake not among them.
#[test]
fn files_know_the_pieces() {
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pieces");
    let json = |pieces: &[&str]| {
        let options = Options { out: out.clone(), ..Options::default() };
        let mut session = Session::with(options, Box::new(bouton_lang::NoFiles));
        pieces.iter().for_each(|piece| drop(session.execute(piece)));
        session.execute("run; save x \"x.json\"").unwrap();
        fs::read_to_string(out.join("x.json")).unwrap()
    };
    let model = "cell C { state x = 1; x' = -x / 2 ms }\npopulation p: C; record x = p.x; simulation { duration = 1 ms }";
    let [plain, mistaken, other] = [json(&[model]), json(&["param", model]), json(&["let a = 1", model])];
    assert_eq!(plain, mistaken);
    assert_ne!(plain, other);
}

/// Whatever is typed, the prompt answers as it is kept in `tests/golden/prompt`.
#[test]
fn prompts() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/prompt");
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("prompt");
    fs::create_dir_all(&out).unwrap();
    let mut scripts: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    scripts.retain(|path| path.extension().is_some_and(|ending| ending == "in"));
    scripts.sort();
    assert!(scripts.len() > 3);
    let mut wrong = Vec::new();
    for script in scripts {
        let transcript = out.join("transcript");
        let to = fs::File::create(&transcript).unwrap();
        let status = Command::new(env!("CARGO_BIN_EXE_bouton"))
            .args(["repl", "--echo", "--out", "."])
            .current_dir(&out)
            .env("NO_COLOR", "1")
            .stdin(Stdio::from(fs::File::open(&script).unwrap()))
            .stdout(to.try_clone().unwrap())
            .stderr(to)
            .status()
            .unwrap();
        let now = format!("{}(status {})\n", fs::read_to_string(&transcript).unwrap(), status.code().unwrap_or(-1));
        let expected = script.with_extension("out");
        if std::env::var_os("BLESS").is_some() {
            fs::write(&expected, now).unwrap();
        } else if fs::read_to_string(&expected).unwrap_or_default() != now {
            wrong.push(format!("{}:\n{now}", script.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
