//! Files that a script reads, and numbers in texts. Nothing is written.

use super::class::Given;
use super::value::{Object, Value};
use super::{Done, Hoc};
use std::cell::RefCell;
use std::rc::Rc;

/// A file that is read.
#[derive(Debug, Default)]
pub(super) struct Open {
    name: String,
    text: String,
    at: usize,
    open: bool,
}

impl Open {
    /// Of a name, not opened yet.
    pub fn named(name: &str) -> Open {
        Open { name: name.to_owned(), ..Open::default() }
    }

    /// Open, at its beginning.
    pub fn reading(name: &str, text: String) -> Open {
        Open { name: name.to_owned(), text, at: 0, open: true }
    }

    /// Whether it is open.
    pub fn is_open(&self) -> bool {
        self.open
    }

    /// The next number; what is none is passed over, and so are blanks behind it.
    pub fn number(&mut self) -> Option<f64> {
        let found = next_number(&self.text, &mut self.at);
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
        found
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }

    /// The next part between blanks.
    pub fn word(&mut self) -> Option<String> {
        word(&self.text, &mut self.at)
    }

    /// What `getstr` reads: a word, or the rest of the line with its end.
    pub fn part(&mut self, is_word: bool) -> Option<String> {
        if is_word { self.word() } else { line(&self.text, &mut self.at) }
    }
}

/// The next part of a text between blanks.
fn word(text: &str, at: &mut usize) -> Option<String> {
    let rest = text.get(*at..)?;
    let start = rest.find(|c: char| !c.is_whitespace())?;
    let body = &rest[start..];
    let length = body.find(char::is_whitespace).unwrap_or(body.len());
    *at += start + length;
    Some(body[..length].to_owned())
}

/// The rest of a line, with its end; nothing at the end of the text.
fn line(text: &str, at: &mut usize) -> Option<String> {
    let rest = text.get(*at..).filter(|rest| !rest.is_empty())?;
    let length = rest.find('\n').map_or(rest.len(), |end| end + 1);
    *at += length;
    Some(rest[..length].to_owned())
}

/// The next part of a text that begins with a number, as C's `scanf` takes it; others are passed over.
fn next_number(text: &str, at: &mut usize) -> Option<f64> {
    std::iter::from_fn(|| word(text, at)).find_map(|word| leading_number(&word))
}

/// The number with which a word begins: `3` of `3,4`. Words as `inf` and `nan` are none.
fn leading_number(word: &str) -> Option<f64> {
    let ends = word.char_indices().filter(|(_, c)| !(c.is_ascii_digit() || "+-.eE".contains(*c))).map(|(at, _)| at);
    let most = ends.into_iter().next().unwrap_or(word.len());
    (1..=most).rev().find_map(|to| word.get(..to)?.parse().ok())
}

/// What follows a statement in its file, which may be numbers that it reads.
#[derive(Debug)]
pub(super) struct Following {
    /// The file's text.
    pub text: Rc<str>,
    /// How far it was read.
    pub at: usize,
}

impl Following {
    /// The next number.
    pub fn number(&mut self) -> Option<f64> {
        next_number(&self.text, &mut self.at)
    }

    /// What `getstr` reads.
    pub fn part(&mut self, is_word: bool) -> Option<String> {
        if is_word { word(&self.text, &mut self.at) } else { line(&self.text, &mut self.at) }
    }
}

impl Hoc<'_> {
    /// The bytes of a file that a script reads.
    pub(super) fn found(&self, path: &str) -> Option<Vec<u8>> {
        let own = self.loading.last().map_or(String::new(), |path| super::folder(path));
        let folders = [&own, &self.working].into_iter().chain(&self.folders);
        let tried = folders.map(|folder| format!("{folder}{path}"));
        let whole = path.starts_with('/').then(|| path.to_owned());
        whole.into_iter().chain(tried).find_map(|path| self.files.bytes(&path).ok())
    }

    /// Methods of File.
    pub(super) fn of_file(&mut self, object: &Object, file: &RefCell<Open>, name: &str, given: &Given<'_>) -> Done<Value> {
        let give = |hoc: &mut Self, at: usize, new: String| -> Done<()> {
            match given.values.get(at) {
                Some(Value::Address(place)) => hoc.set(&place.clone(), Value::Text(new.into())),
                _ => Err(format!("`{name}` writes into a text").into()),
            }
        };
        let number = match name {
            "ropen" => {
                let path = if given.values.is_empty() { file.borrow().name.as_str().into() } else { given.text(0)? };
                let found = self.found(&path);
                let open = found.is_some();
                let text = found.map_or(String::new(), |bytes| String::from_utf8_lossy(&bytes).into_owned());
                self.room(text.len() / 8)?;
                file.replace(Open { name: path.to_string(), text, at: 0, open });
                f64::from(u8::from(open))
            }
            "wopen" | "aopen" => {
                self.model.note("a file that the script writes was passed over");
                1.0
            }
            "printf" | "close" | "chooser" | "flush" | "unlink" | "vwrite" => 0.0,
            "dir" => return Ok(Value::Text("".into())),
            "isopen" => f64::from(u8::from(file.borrow().open)),
            "eof" => f64::from(u8::from(file.borrow().rest().is_empty())),
            "scanvar" => {
                file.borrow_mut().number().ok_or_else(|| super::Stop::from("the file has no more numbers".to_owned()))?
            }
            "getname" => return Ok(Value::Text(file.borrow().name.as_str().into())),
            "seek" => {
                let to = given.number_or(0, 0.0)?.max(0.0) as usize;
                let mut file = file.borrow_mut();
                file.at = (0..=to.min(file.text.len())).rev().find(|at| file.text.is_char_boundary(*at)).unwrap_or(0);
                0.0
            }
            "tell" => file.borrow().at as f64,
            "scanstr" => match file.borrow_mut().word() {
                Some(word) => {
                    let length = word.len() as f64;
                    give(self, 0, word)?;
                    length
                }
                None => -1.0,
            },
            "gets" => {
                let line = {
                    let mut file = file.borrow_mut();
                    let Open { text, at, .. } = &mut *file;
                    line(text, at).unwrap_or_default()
                };
                if line.is_empty() {
                    -1.0
                } else {
                    let length = line.len() as f64;
                    give(self, 0, line)?;
                    length
                }
            }
            _ => return Err(self.no_method(object, name)),
        };
        Ok(Value::Number(number))
    }

    /// `sscanf(text, format, &x, ...)`: numbers and words.
    pub(super) fn scan(&mut self, text: &str, arguments: &[Value]) -> Done<f64> {
        let Some((first, targets)) = arguments.split_first() else { return Err("there is no format".to_owned().into()) };
        let format = match first {
            Value::Address(place) => self.get(&place.clone())?,
            other => other.clone(),
        };
        let Value::Text(format) = format else { return Err("a format is a text".to_owned().into()) };
        let mut rest = text;
        let mut count = 0;
        let mut targets = targets.iter();
        let mut chars = format.chars().peekable();
        while let Some(c) = chars.next() {
            if c.is_whitespace() {
                rest = rest.trim_start();
                continue;
            }
            if c != '%' {
                match rest.strip_prefix(c) {
                    Some(after) => rest = after,
                    None => break,
                }
                continue;
            }
            while chars.peek().is_some_and(|c| c.is_ascii_digit() || *c == 'l') {
                chars.next();
            }
            let kind = chars.next().unwrap_or('s');
            rest = rest.trim_start();
            let length = match kind {
                's' => rest.find(char::is_whitespace).unwrap_or(rest.len()),
                'd' | 'i' => rest.find(|c: char| !(c.is_ascii_digit() || c == '-' || c == '+')).unwrap_or(rest.len()),
                _ => rest.find(|c: char| !(c.is_ascii_digit() || "+-.eE".contains(c))).unwrap_or(rest.len()),
            };
            let word = &rest[..length];
            let value = match kind {
                's' => Value::Text(word.into()),
                _ => match word.parse() {
                    Ok(value) => Value::Number(value),
                    Err(_) => break,
                },
            };
            match targets.next() {
                Some(Value::Address(place)) => self.set(&place.clone(), value)?,
                _ => break,
            }
            rest = &rest[length..];
            count += 1;
        }
        Ok(f64::from(count))
    }
}
