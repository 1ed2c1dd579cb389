//! CSV (RFC 4180): a header and one person a record, separated by commas or semicolons.

use csv::{ReaderBuilder, StringRecord};

use super::columns::{COLUMNS, Need};
use super::{Entry, List};
use crate::import::{ImportError, Source};

/// Gives each record to `take`, with the line where it begins.
pub(super) fn each(
    source: &Source,
    take: &mut dyn FnMut(u64, Entry) -> Result<(), ImportError>,
) -> Result<(), ImportError> {
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter(source.text()))
        .has_headers(false)
        .flexible(true)
        .from_reader(source.text().as_bytes());
    let mut record = StringRecord::new();
    let mut columns: Option<Vec<&'static str>> = None;
    loop {
        let line = reader.position().line();
        let more = reader.read_record(&mut record).map_err(|error| source.fault(line, error.to_string()))?;
        if !more {
            return columns.map(drop).ok_or_else(|| source.fault(1, "a file of persons begins with a header"));
        }
        let line = record.position().map_or(line, csv::Position::line);
        match &columns {
            None => columns = Some(header(&record).map_err(|reason| source.fault(line, reason))?),
            Some(columns) if record.len() != columns.len() => {
                let reason = format!("has {} fields, but the header has {} columns", record.len(), columns.len());
                return Err(source.fault(line, reason));
            }
            Some(columns) => take(line, entry(columns, &record))?,
        }
    }
}

/// What separates the columns of the header. Spreadsheets of countries with a decimal comma write semicolons.
fn delimiter(text: &str) -> u8 {
    let header = text.lines().next().unwrap_or_default();
    let count = |separator: char| header.matches(separator).count();
    if count(';') > count(',') { b';' } else { b',' }
}

/// The columns of a header, in its order.
fn header(record: &StringRecord) -> Result<Vec<&'static str>, String> {
    let mut columns = Vec::with_capacity(record.len());
    for name in record {
        let known = COLUMNS.iter().find(|column| column.name == name.trim());
        let column = known.ok_or_else(|| format!("has a column that is not known: {:?}", name.trim()))?;
        if columns.contains(&column.name) {
            return Err(format!("has the column {} twice", column.name));
        }
        columns.push(column.name);
    }
    let missing = COLUMNS.iter().find(|column| column.need == Need::Required && !columns.contains(&column.name));
    match missing {
        Some(column) => Err(format!("lacks the column {}", column.name)),
        None => Ok(columns),
    }
}

fn entry(columns: &[&'static str], record: &StringRecord) -> Entry {
    let mut entry = Entry::default();
    for (name, field) in columns.iter().zip(record) {
        let text = field.to_owned();
        let words = || List(field.split_whitespace().map(String::from).collect());
        match *name {
            "user_names" => entry.user_names = words(),
            "family_name" => entry.family_name = text,
            "given_name" => entry.given_name = text,
            "birth_family_name" => entry.birth_family_name = text,
            "birth_given_name" => entry.birth_given_name = text,
            "birth_country" => entry.birth_country = text,
            "birth_region" => entry.birth_region = text,
            "birth_locality" => entry.birth_locality = text,
            "birthdate" => entry.birthdate = text,
            "mothers_family_name" => entry.mothers_family_name = text,
            "mothers_given_name" => entry.mothers_given_name = text,
            "nationalities" => entry.nationalities = words(),
            "email" => entry.email = text,
            "language" => entry.language = text,
            _ => {}
        }
    }
    entry
}
