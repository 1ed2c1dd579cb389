//! How the texts read: length of sentences, words to avoid, texts that nobody uses.

use std::path::Path;
use std::{fs, io};

use crate::{Catalogue, Message, Piece};

/// One sentence of a text, in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// The key it stands in.
    pub key: String,
    /// The sentence.
    pub words: String,
    /// How many words it has; a placeholder counts as one.
    pub length: usize,
}

/// The sentences of texts. Only what ends like a sentence counts, so that short labels do not
/// flatter the mean.
pub fn sentences<'a>(messages: impl Iterator<Item = &'a Message>) -> Vec<Sentence> {
    let mut found = Vec::new();
    for message in messages {
        let mut words: Vec<String> = Vec::new();
        for word in shown(message).split_whitespace() {
            words.push(word.to_owned());
            let bare = word.trim_end_matches(['”', '"', ')', '’']);
            // "16." in a date ends no sentence.
            let number = bare.trim_end_matches('.').chars().all(|c| c.is_ascii_digit());
            if bare.ends_with(['.', '?', '!', ':']) && !number {
                let length = words.len();
                found.push(Sentence { key: message.key.clone(), words: words.join(" "), length });
                words.clear();
            }
        }
    }
    found
}

/// The key of each text that holds one of `words`, whatever their case, with that word.
pub fn banned_words<'w>(catalogue: &Catalogue, words: &[&'w str]) -> Vec<(String, &'w str)> {
    let mut found = Vec::new();
    for message in catalogue.pairs.iter().flat_map(|(hu, en)| [hu, en]) {
        let text = shown(message).to_lowercase();
        found.extend(
            words.iter().filter(|word| text.contains(&word.to_lowercase())).map(|word| (message.key.clone(), *word)),
        );
    }
    found
}

/// The keys whose method is called in no file below `folders`.
///
/// # Errors
///
/// When a folder or file cannot be read.
pub fn unused_keys(catalogue: &Catalogue, folders: &[&Path]) -> io::Result<Vec<String>> {
    let mut source = String::new();
    for folder in folders {
        gather(folder, &mut source)?;
    }
    let called = |key: &str| source.contains(&format!(".{key}("));
    Ok(catalogue.pairs.iter().filter(|(hu, _)| !called(&hu.method())).map(|(hu, _)| hu.key.clone()).collect())
}

fn gather(folder: &Path, source: &mut String) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            gather(&path, source)?;
        } else {
            source.push_str(&fs::read_to_string(path)?);
        }
    }
    Ok(())
}

fn shown(message: &Message) -> String {
    message
        .pieces
        .iter()
        .map(|piece| match piece {
            Piece::Words(words) => words.as_str(),
            Piece::Placeholder(_) => "…",
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn sentences_are_counted_and_labels_and_dates_are_not() {
        let text = "a = Írja be a nevét. Utána { $n } perc!\nb = Csak címke\nc = Január 16. óta így van.";
        let (messages, _) = crate::read(Path::new("hu.ftl"), text);
        let lengths: Vec<_> = sentences(messages.iter()).iter().map(|s| s.length).collect();
        assert_eq!(lengths, [4, 3, 5]);
    }
}
