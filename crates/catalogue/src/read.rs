//! Reading one file.

use std::fmt;
use std::path::{Path, PathBuf};

/// What is wrong with a file, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The file.
    pub file: PathBuf,
    /// Counted from 1; 0 is the file as a whole.
    pub line: usize,
    /// What is wrong.
    pub reason: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file.display(), self.line, self.reason)
    }
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Words as they are.
    Words(String),
    /// A placeholder's name.
    Placeholder(String),
}

/// One text in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Lower-case words joined by hyphens.
    pub key: String,
    /// Where it begins, counted from 1.
    pub line: usize,
    /// The text, in parts.
    pub pieces: Vec<Piece>,
}

impl Message {
    /// The placeholders, each once, in the order of their first use.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for piece in &self.pieces {
            if let Piece::Placeholder(name) = piece
                && !names.contains(&name.as_str())
            {
                names.push(name);
            }
        }
        names
    }

    /// The key as the name of a method.
    pub fn method(&self) -> String {
        self.key.replace('-', "_")
    }

    pub(crate) fn fault(&self, file: &Path, reason: &str) -> Fault {
        Fault { file: file.to_owned(), line: self.line, reason: format!("{} {reason}", self.key) }
    }
}

/// Reads one file's text. What is readable comes back beside the faults, so that one build
/// names them all.
pub fn read(file: &Path, text: &str) -> (Vec<Message>, Vec<Fault>) {
    let mut messages: Vec<Message> = Vec::new();
    let mut faults = Vec::new();
    for (line, key, body) in blocks(text) {
        let mut fault = |reason: String| faults.push(Fault { file: file.to_owned(), line, reason });
        if !is_name(&key, '-') {
            fault(format!("expected `key = text`, a comment or an indented line, found {key:?}"));
            continue;
        }
        if let Some(first) = messages.iter().find(|message| message.key == key) {
            fault(format!("{key} is already on line {}", first.line));
        }
        if let Some(reason) = stray(&body) {
            fault(format!("{key} {reason}"));
        }
        match pieces(&body) {
            Ok(pieces) => messages.push(Message { key, line, pieces }),
            Err(reason) => fault(format!("{key} {reason}")),
        }
    }
    (messages, faults)
}

/// The file cut into (line, key, text); lines without `=` come back as a key with no text.
fn blocks(text: &str) -> Vec<(usize, String, String)> {
    let mut blocks: Vec<(usize, String, String)> = Vec::new();
    let mut blank = 0;
    for (number, line) in text.lines().enumerate() {
        if line.trim().is_empty() {
            blank += 1;
            continue;
        }
        if line.starts_with('#') {
            blank = 0;
            continue;
        }
        if let (Some(more), Some((_, _, body))) = (line.strip_prefix("    "), blocks.last_mut()) {
            body.push_str(&"\n".repeat(if body.is_empty() { 0 } else { blank + 1 }));
            body.push_str(more);
        } else {
            let (key, body) = line.split_once(" =").unwrap_or((line, ""));
            let body = body.strip_prefix(' ').unwrap_or(body);
            blocks.push((number + 1, key.to_owned(), body.to_owned()));
        }
        blank = 0;
    }
    blocks
}

/// Why the spaces of a text are wrong, if they are.
fn stray(body: &str) -> Option<&'static str> {
    if body.is_empty() {
        return Some("is empty");
    }
    if body.lines().any(|line| line != line.trim()) {
        return Some("has a space at the beginning or end of a line");
    }
    (body.contains("  ") || body.contains('\t')).then_some("has two spaces or a tab in a row")
}

fn is_name(name: &str, joint: char) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == joint)
}

fn pieces(body: &str) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    let mut rest = body;
    while let Some((words, after)) = rest.split_once('{') {
        let Some((inside, after)) = after.split_once('}') else {
            return Err("has a { that is not closed".into());
        };
        let name = inside.strip_prefix(" $").and_then(|name| name.strip_suffix(' '));
        match name {
            Some(name) if is_name(name, '_') => {
                pieces.push(Piece::Words(words.to_owned()));
                pieces.push(Piece::Placeholder(name.to_owned()));
            }
            Some(_) | None => return Err(format!("has {{{inside}}} where {{ $name }} was expected")),
        }
        rest = after;
    }
    if rest.contains('}') {
        return Err("has a } that was not opened".into());
    }
    pieces.push(Piece::Words(rest.to_owned()));
    pieces.retain(|piece| !matches!(piece, Piece::Words(words) if words.is_empty()));
    Ok(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Vec<String> {
        read(Path::new("hu.ftl"), text).1.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_text_a_comment_and_a_continued_text_are_read() {
        let text = "# words\nhello = Szia, { $name }!\n\nletter =\n    Első\n\n    Második\n";
        let (messages, faults) = read(Path::new("hu.ftl"), text);
        assert_eq!(faults, []);
        assert_eq!(messages[0].names(), ["name"]);
        assert_eq!((messages[1].line, &messages[1].pieces[..]), (4, &[Piece::Words("Első\n\nMásodik".into())][..]));
    }

    #[test]
    fn each_fault_names_file_and_line() {
        #[rustfmt::skip]
        let table = [
            ("a = x\na = y",        "hu.ftl:2: a is already on line 1"),
            ("\na =  x",            "hu.ftl:2: a has a space at the beginning or end of a line"),
            ("a = x ",              "hu.ftl:1: a has a space at the beginning or end of a line"),
            ("a = x  y",            "hu.ftl:1: a has two spaces or a tab in a row"),
            ("a =",                 "hu.ftl:1: a is empty"),
            ("a = {x}",             "hu.ftl:1: a has {x} where { $name } was expected"),
            ("a = { $x",            "hu.ftl:1: a has a { that is not closed"),
            ("a = x }",             "hu.ftl:1: a has a } that was not opened"),
            ("A = x",               "hu.ftl:1: expected `key = text`, a comment or an indented line, found \"A\""),
            ("just words",          "hu.ftl:1: expected `key = text`, a comment or an indented line, found \"just words\""),
        ];
        for (text, fault) in table {
            assert_eq!(one(text), [fault], "{text:?}");
        }
    }
}
