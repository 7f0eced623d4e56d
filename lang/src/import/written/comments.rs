//! Comments of an NMODL file, by line, each given out once.

/// One line of a comment.
struct Comment {
    line: u32,
    /// Whether something stands before it on its line.
    behind: bool,
    text: String,
}

/// All that are left.
pub(super) struct Comments(Vec<Comment>);

impl Comments {
    /// Those of a text.
    pub fn of(text: &str) -> Comments {
        let mut all = Vec::new();
        let mut inside: Option<&str> = None;
        for (number, line) in (1u32..).zip(text.lines()) {
            let line = line.trim_end_matches('\r');
            let word = line.split_whitespace().next().unwrap_or("");
            if let Some(end) = inside {
                match line.find(end) {
                    Some(_) => inside = None,
                    None if end == "ENDCOMMENT" => {
                        all.push(Comment { line: number, behind: false, text: line.trim().to_owned() })
                    }
                    None => {}
                }
                continue;
            }
            if word == "COMMENT" {
                let rest = line.trim_start().trim_start_matches("COMMENT").trim();
                let (rest, closed) = rest.split_once("ENDCOMMENT").map_or((rest, false), |(rest, _)| (rest, true));
                if !rest.trim().is_empty() {
                    all.push(Comment { line: number, behind: false, text: rest.trim().to_owned() });
                }
                inside = (!closed).then_some("ENDCOMMENT");
                continue;
            }
            if let Some(at) = line.find("VERBATIM").filter(|at| !line[..*at].contains([':', '?'])) {
                inside = (!line[at..].contains("ENDVERBATIM")).then_some("ENDVERBATIM");
                continue;
            }
            if word == "TITLE" {
                all.push(Comment {
                    line: number,
                    behind: false,
                    text: line.trim_start().trim_start_matches("TITLE").trim().to_owned(),
                });
                continue;
            }
            if let Some(at) = start(line) {
                let behind = !line[..at].trim().trim_matches(|c| c == '{' || c == '}').is_empty();
                let text = line[at..].trim_start_matches([':', '?']).trim().to_owned();
                if !text.is_empty() {
                    all.push(Comment { line: number, behind, text });
                }
            }
        }
        Comments(all)
    }

    fn take(&mut self, wanted: impl Fn(&Comment) -> bool) -> Vec<String> {
        let (taken, left) = std::mem::take(&mut self.0).into_iter().partition(|c| wanted(c));
        self.0 = left;
        let taken: Vec<Comment> = taken;
        taken.into_iter().map(|c| c.text).collect()
    }

    /// Everything up to a line.
    pub fn until(&mut self, line: u32) -> Vec<String> {
        self.take(|c| c.line < line)
    }

    /// The comments directly before a line, and those on lines between that declare nothing.
    pub fn before(&mut self, line: u32) -> Vec<String> {
        // A block of lines of which none has anything else on it.
        let mut first = line;
        while self.0.iter().any(|c| c.line + 1 == first && !c.behind) {
            first -= 1;
        }
        self.take(|c| !c.behind && (first..line).contains(&c.line))
    }

    /// What stands behind a line, ready to be put there.
    pub fn behind(&mut self, line: u32) -> String {
        let found = self.take(|c| c.line == line);
        if found.is_empty() { String::new() } else { format!("  // {}", found.join("; ")) }
    }

    /// All that are left.
    pub fn rest(&mut self) -> Vec<String> {
        self.take(|_| true)
    }
}

/// Where a comment begins: at `:` or `?` outside of a text.
fn start(line: &str) -> Option<usize> {
    let mut quoted = false;
    line.char_indices().find_map(|(at, c)| {
        quoted ^= c == '"';
        (!quoted && matches!(c, ':' | '?')).then_some(at)
    })
}
