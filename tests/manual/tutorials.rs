//! Scripts marked `net run` are run: what they print is the text block behind them, what they draw are the manual's pictures.

use super::picture::Lines;
use super::{PAGES, blessing, checked, path, read};
use bouton::session::{Options, Script};
use std::fs;
use std::path::Path;

const RUN: &str = "```net run\n";
const TEXT: &str = "\n```text\n";
const END: &str = "```";

#[test]
fn scripts_print_and_draw_what_the_manual_shows() {
    let mut shown: Vec<String> = PAGES.iter().map(|(page, _)| read(page)).collect();
    let mut faults: Vec<String> = Vec::new();
    let mut count = 0;
    for ((page, _), text) in PAGES.iter().zip(&mut shown) {
        let mut parts = text.split(RUN).map(str::to_owned).collect::<Vec<_>>();
        for (at, part) in parts.iter_mut().enumerate().skip(1) {
            count += 1;
            let Some((script, rest)) = part.split_once(&format!("{END}\n")) else { continue };
            let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("tutorials").join(format!("{}-{at}", page.replace('/', "-")));
            let _ = fs::remove_dir_all(&out);
            let mut lines = Lines::default();
            let ended = Script::new(checked(script), Options { out: out.clone(), ..Options::default() }).run(&mut lines);
            if let Err(stop) = ended {
                faults.push(format!("{page}, script {at}: {stop:?}"));
                continue;
            }
            faults.extend(pictures(&out, page));
            let printed: String = lines.0.iter().map(|line| format!("{line}\n")).collect();
            let wanted = match rest.strip_prefix(TEXT).and_then(|rest| rest.split_once(END)) {
                Some((wanted, after)) if wanted != printed => Some((wanted.to_owned(), after.to_owned())),
                None if !printed.is_empty() => Some((String::new(), String::new())),
                _ => None,
            };
            match wanted {
                Some((_, after)) if blessing() && !after.is_empty() => {
                    *part = format!("{script}{END}\n{TEXT}{printed}{END}{after}");
                }
                Some((wanted, _)) => faults.push(format!("{page}, script {at} prints\n{printed}instead of\n{wanted}")),
                None => {}
            }
        }
        *text = parts.join(RUN);
    }
    if blessing() {
        for ((page, _), text) in PAGES.iter().zip(&shown).filter(|((page, _), text)| read(page) != **text) {
            fs::write(path(page), text).expect("written");
        }
    }
    assert!(count >= 12, "{count} scripts");
    assert!(faults.is_empty(), "BLESS=1 writes what is printed and drawn\n{}", faults.join("\n"));
}

/// Pictures that are not those of the manual, or that the page does not show.
fn pictures(out: &Path, page: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for entry in fs::read_dir(out).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.ends_with(".svg") {
            continue;
        }
        let drawn = fs::read(entry.path()).expect("drawn");
        let kept = path(&format!("docs/pictures/{name}"));
        if blessing() {
            fs::write(&kept, &drawn).expect("written");
        }
        if fs::read(&kept).ok().as_ref() != Some(&drawn) {
            faults.push(format!("{page} draws another {name}"));
        }
    }
    faults
}

#[test]
fn every_page_is_in_the_summary_and_every_link_leads_somewhere() {
    let summary = read("docs/SUMMARY.md");
    let mut faults = Vec::new();
    for &(page, _) in PAGES {
        let name = page.trim_start_matches("docs/");
        if page.starts_with("docs/") && !summary.contains(&format!("({name})")) {
            faults.push(format!("SUMMARY.md has no {name}"));
        }
    }
    let pages = PAGES.iter().map(|(page, _)| *page).chain(["docs/SUMMARY.md", "docs/optimization.md"]);
    for page in pages {
        let folder = path(page).parent().map(Path::to_path_buf).unwrap_or_default();
        for link in read(page).split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let (file, part) = link.split_once('#').unwrap_or((link, ""));
            // `dend[2](0.5)` is no link.
            let is_link = [".md", ".svg", ".net"].iter().any(|end| file.ends_with(end)) || file.is_empty() && !part.is_empty();
            if !is_link || file.contains("://") {
                continue;
            }
            let target = if file.is_empty() { path(page) } else { folder.join(file) };
            if !target.exists() {
                faults.push(format!("{page}: {link} leads nowhere"));
            } else if !part.is_empty()
                && !fs::read_to_string(&target).is_ok_and(|text| text.lines().any(|line| anchor(line) == part))
            {
                faults.push(format!("{page}: {link} has no such section"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The anchor of a heading.
fn anchor(line: &str) -> String {
    let Some(title) = line.strip_prefix('#').map(|rest| rest.trim_start_matches('#').trim()) else { return String::new() };
    let kept = title.to_lowercase().chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_')).collect::<String>();
    kept.replace(' ', "-")
}
