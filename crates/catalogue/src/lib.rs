//! Texts that people read, from `hu.ftl` and `en.ftl` to one method per text.
//!
//! Used while building: a text that lacks its translation, or whose translation has other
//! placeholders, does not compile. The format is a small part of Fluent: `key = text`,
//! `{ $name }`, lines that begin with `#` are comments, indented lines continue a text.

mod emit;
mod prose;
mod read;

use std::path::{Path, PathBuf};
use std::{env, fs};

pub use prose::{Sentence, banned_words, sentences, unused_keys};
pub use read::{Fault, Message, Piece, read};

/// The two languages of one catalogue; the messages stand in the order of the Hungarian file
/// and each has the same key and the same placeholders in both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Catalogue {
    /// Hungarian and English of each key.
    pub pairs: Vec<(Message, Message)>,
}

impl Catalogue {
    /// Reads `hu.ftl` and `en.ftl` in the folder.
    ///
    /// # Errors
    ///
    /// Every fault of both files, each with its file and line.
    pub fn load(folder: &Path) -> Result<Self, Vec<Fault>> {
        let (hu, en) = (folder.join("hu.ftl"), folder.join("en.ftl"));
        let open = |path: &PathBuf| {
            fs::read_to_string(path).map_err(|error| {
                vec![Fault { file: path.clone(), line: 0, reason: format!("cannot be read: {error}") }]
            })
        };
        Self::pair(&hu, &open(&hu)?, &en, &open(&en)?)
    }

    /// Joins the two files' texts; the paths are for the messages alone.
    ///
    /// # Errors
    ///
    /// Every fault of both, each with its file and line.
    pub fn pair(hu_path: &Path, hu: &str, en_path: &Path, en: &str) -> Result<Self, Vec<Fault>> {
        let (hu, mut faults) = read(hu_path, hu);
        let (en, more) = read(en_path, en);
        faults.extend(more);
        for (here, path, there) in [(&hu, hu_path, &en), (&en, en_path, &hu)] {
            for message in here {
                let Some(other) = there.iter().find(|other| other.key == message.key) else {
                    faults.push(message.fault(path, "is in this language only"));
                    continue;
                };
                if let Some(name) = message.names().iter().find(|name| !other.names().contains(name)) {
                    faults.push(message.fault(path, &format!("has the placeholder ${name} in this language only")));
                }
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let translated = |message: Message| {
            let other = en.iter().find(|other| other.key == message.key)?.clone();
            Some((message, other))
        };
        Ok(Self { pairs: hu.into_iter().filter_map(translated).collect() })
    }

    /// Rust source of `pub struct Text { lang }` with one method per key.
    pub fn source(&self) -> String {
        emit::source(self)
    }
}

/// For a build script: turns the folder `text` of the crate being built into `text.rs` in its
/// output folder. The including module must have a `Lang` with `Hu` and `En` in scope.
///
/// # Errors
///
/// What is wrong with the texts, one fault a line, or why the source could not be written.
pub fn build() -> Result<(), String> {
    let folder = |name: &str| env::var_os(name).map(PathBuf::from).ok_or_else(|| format!("{name} is not set"));
    let texts = folder("CARGO_MANIFEST_DIR")?.join("text");
    println!("cargo::rerun-if-changed={}", texts.display());
    let catalogue =
        Catalogue::load(&texts).map_err(|faults| faults.iter().map(Fault::to_string).collect::<Vec<_>>().join("\n"))?;
    fs::write(folder("OUT_DIR")?.join("text.rs"), catalogue.source()).map_err(|error| error.to_string())
}
