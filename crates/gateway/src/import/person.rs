//! Persons, from CSV or JSON.

mod columns;
mod countries;
mod csv;
mod json;
mod rules;

use std::collections::HashMap;
use std::path::Path;

use model::{Lang, Person, Random, UserName};

pub use columns::{COLUMNS, Column, Need, table};

use super::{ImportError, Source};

/// A person of a file, checked.
#[derive(Clone, Debug)]
pub struct ImportedPerson {
    /// Where it stands, from 1.
    pub line: u64,
    /// Who.
    pub person: Person,
    /// By what names; at least one.
    pub user_names: Vec<UserName>,
    /// The language of letters.
    pub lang: Lang,
}

/// What stands in a file of one person, member by member as [`COLUMNS`] has them.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Entry {
    user_names: List,
    family_name: String,
    given_name: String,
    birth_family_name: String,
    birth_given_name: String,
    birth_country: String,
    birth_region: String,
    birth_locality: String,
    birthdate: String,
    mothers_family_name: String,
    mothers_given_name: String,
    nationalities: List,
    email: String,
    language: String,
}

/// Several words: separated by spaces in CSV, an array in JSON.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(from = "Words")]
struct List(Vec<String>);

#[derive(serde::Deserialize)]
#[serde(untagged)]
enum Words {
    One(String),
    Many(Vec<String>),
}

impl From<Words> for List {
    fn from(words: Words) -> Self {
        Self(match words {
            Words::One(text) => text.split_whitespace().map(String::from).collect(),
            Words::Many(list) => list,
        })
    }
}

/// Reads a file of persons: JSON when it begins with a bracket or brace, CSV otherwise. `today` is the
/// present day as `YYYY-MM-DD`: nobody is born after it.
///
/// # Errors
///
/// The first fault of the file; nothing of it may then be used.
pub fn read(source: &Source, today: &str, random: &dyn Random) -> Result<Vec<ImportedPerson>, ImportError> {
    let mut taken = Taken::default();
    let mut persons = Vec::new();
    let mut take = |line: u64, entry: Entry| {
        let person = rules::check(line, &entry, today, random).map_err(|reason| source.fault(line, reason))?;
        taken.claim(&person).map_err(|reason| source.fault(line, reason))?;
        persons.push(person);
        Ok(())
    };
    if source.text().trim_start().starts_with(['[', '{']) {
        json::each(source, &mut take)?;
    } else {
        csv::each(source, &mut take)?;
    }
    if persons.is_empty() {
        return Err(ImportError { file: source.file().to_owned(), line: None, reason: "holds no person".to_owned() });
    }
    Ok(persons)
}

/// Reads the file at a path.
///
/// # Errors
///
/// As [`read`].
pub fn read_file(file: &Path, today: &str, random: &dyn Random) -> Result<Vec<ImportedPerson>, ImportError> {
    read(&Source::read(file)?, today, random)
}

/// Which user names of the file are taken, and on which line.
#[derive(Default)]
struct Taken(HashMap<UserName, u64>);

impl Taken {
    fn claim(&mut self, person: &ImportedPerson) -> Result<(), String> {
        for name in &person.user_names {
            if let Some(line) = self.0.insert(name.clone(), person.line) {
                return Err(format!("the user name {} stands on line {line} already", name.as_str()));
            }
        }
        Ok(())
    }
}
