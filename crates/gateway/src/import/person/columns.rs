//! The columns of a file of persons: what `--help` and the documentation say, and what is read.

/// Whether a column may be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// It has to stand in the header, and no row may leave it empty.
    Required,
    /// It may be left out, and be empty.
    Optional,
}

/// A column of CSV, and the member of the same name in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// Whether it may be left out.
    pub need: Need,
    /// What stands in it.
    pub about: &'static str,
}

const fn required(name: &'static str, about: &'static str) -> Column {
    Column { name, need: Need::Required, about }
}

const fn optional(name: &'static str, about: &'static str) -> Column {
    Column { name, need: Need::Optional, about }
}

/// All columns, in the order of the documentation; a file may have them in any.
pub const COLUMNS: [Column; 14] = [
    required("user_names", "1 to 8 user names, separated by spaces: 4 to 64 of a-z 0-9 . _ -, first a letter"),
    required("family_name", "family name in use"),
    required("given_name", "given name or names in use"),
    optional("birth_family_name", "family name at birth; empty: the one in use"),
    optional("birth_given_name", "given name at birth; empty: the one in use"),
    required("birth_country", "country of birth, ISO 3166-1 alpha-2: HU"),
    optional("birth_region", "region or county of birth"),
    required("birth_locality", "town of birth"),
    required("birthdate", "date of birth, YYYY-MM-DD"),
    required("mothers_family_name", "mother's family name at her birth"),
    required("mothers_given_name", "mother's given name at her birth"),
    required("nationalities", "1 to 8 countries as in birth_country, separated by spaces"),
    required("email", "where letters and codes go"),
    optional("language", "language of letters, hu or en; empty: hu"),
];

/// The columns as a table for a terminal.
pub fn table() -> String {
    let rows = COLUMNS.iter().map(|column| {
        let need = match column.need {
            Need::Required => "required",
            Need::Optional => "optional",
        };
        format!("  {:<20} {need}  {}\n", column.name, column.about)
    });
    rows.collect()
}
