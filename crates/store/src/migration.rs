//! The schema, as a list of migrations that each database goes through once and in order.

use crate::StoreError;

/// One migration, with a text for each engine.
pub(crate) struct Migration {
    /// `NNNN_name`, the files' name.
    pub(crate) name: &'static str,
    pub(crate) sqlite: &'static str,
    pub(crate) postgres: &'static str,
}

/// All migrations, in order. Those that were released never change.
pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration {
        name: "0001_gateway",
        sqlite: include_str!("../migrations/sqlite/0001_gateway.sql"),
        postgres: include_str!("../migrations/postgres/0001_gateway.sql"),
    },
    Migration {
        name: "0002_saml",
        sqlite: include_str!("../migrations/sqlite/0002_saml.sql"),
        postgres: include_str!("../migrations/postgres/0002_saml.sql"),
    },
    Migration {
        name: "0003_logout",
        sqlite: include_str!("../migrations/sqlite/0003_logout.sql"),
        postgres: include_str!("../migrations/postgres/0003_logout.sql"),
    },
    Migration {
        name: "0004_consent_basis",
        sqlite: include_str!("../migrations/sqlite/0004_consent_basis.sql"),
        postgres: include_str!("../migrations/postgres/0004_consent_basis.sql"),
    },
    Migration {
        name: "0005_names",
        sqlite: include_str!("../migrations/sqlite/0005_names.sql"),
        postgres: include_str!("../migrations/postgres/0005_names.sql"),
    },
    Migration {
        name: "0006_metadata_source",
        sqlite: include_str!("../migrations/sqlite/0006_metadata_source.sql"),
        postgres: include_str!("../migrations/postgres/0006_metadata_source.sql"),
    },
    Migration {
        name: "0007_upstream",
        sqlite: include_str!("../migrations/sqlite/0007_upstream.sql"),
        postgres: include_str!("../migrations/postgres/0007_upstream.sql"),
    },
    Migration {
        name: "0008_consent_parts",
        sqlite: include_str!("../migrations/sqlite/0008_consent_parts.sql"),
        postgres: include_str!("../migrations/postgres/0008_consent_parts.sql"),
    },
    Migration {
        name: "0009_issuing",
        sqlite: include_str!("../migrations/sqlite/0009_issuing.sql"),
        postgres: include_str!("../migrations/postgres/0009_issuing.sql"),
    },
    Migration {
        name: "0010_presentation",
        sqlite: include_str!("../migrations/sqlite/0010_presentation.sql"),
        postgres: include_str!("../migrations/postgres/0010_presentation.sql"),
    },
    Migration {
        name: "0011_artifact_session",
        sqlite: include_str!("../migrations/sqlite/0011_artifact_session.sql"),
        postgres: include_str!("../migrations/postgres/0011_artifact_session.sql"),
    },
    Migration {
        name: "0012_pushed_request",
        sqlite: include_str!("../migrations/sqlite/0012_pushed_request.sql"),
        postgres: include_str!("../migrations/postgres/0012_pushed_request.sql"),
    },
    Migration {
        name: "0014_presentation_ways",
        sqlite: include_str!("../migrations/sqlite/0014_presentation_ways.sql"),
        postgres: include_str!("../migrations/postgres/0014_presentation_ways.sql"),
    },
    Migration {
        name: "0015_wallet_proof",
        sqlite: include_str!("../migrations/sqlite/0015_wallet_proof.sql"),
        postgres: include_str!("../migrations/postgres/0015_wallet_proof.sql"),
    },
];

/// The table that says what a database went through. Portable.
pub(crate) const TABLE: &str =
    "CREATE TABLE IF NOT EXISTS migration (name TEXT NOT NULL PRIMARY KEY, checksum TEXT NOT NULL)";
/// What it went through.
pub(crate) const APPLIED: &str = "SELECT name, checksum FROM migration ORDER BY name";
/// It went through one more.
pub(crate) const RECORD: &str = "INSERT INTO migration (name, checksum) VALUES ($1, $2)";

/// A 64-bit FNV-1a of a migration's text: it tells an edit, and guards against nobody.
pub(crate) fn checksum(text: &str) -> String {
    let sum = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{sum:016x}")
}

/// Which migrations are still to be applied to a database that went through `applied`
/// (names and checksums), where `text` is the engine's text of a migration.
///
/// # Errors
///
/// [`StoreError::Newer`] and [`StoreError::Altered`].
pub(crate) fn pending(
    applied: &[(String, String)],
    text: fn(&Migration) -> &'static str,
) -> Result<Vec<&'static Migration>, StoreError> {
    for (name, sum) in applied {
        let Some(known) = MIGRATIONS.iter().find(|migration| migration.name == name) else {
            return Err(StoreError::Newer { migration: name.clone() });
        };
        if *sum != checksum(text(known)) {
            return Err(StoreError::Altered { migration: name.clone() });
        }
    }
    let missing = |migration: &&Migration| !applied.iter().any(|(name, _)| name == migration.name);
    Ok(MIGRATIONS.iter().filter(missing).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Vectors of the FNV authors' test suite.
    #[test]
    fn the_checksum_is_fnv_1a() {
        assert_eq!(checksum(""), "cbf29ce484222325");
        assert_eq!(checksum("a"), "af63dc4c8601ec8c");
        assert_eq!(checksum("foobar"), "85944171f73967e8");
    }

    #[test]
    fn migrations_stand_in_order() {
        assert!(MIGRATIONS.windows(2).all(|pair| pair[0].name < pair[1].name));
    }

    /// A column that only one engine has would make one statement text impossible.
    #[test]
    fn both_engines_get_the_same_schema_but_for_the_names_of_types() {
        let portable = |text: &str| {
            let rules: Vec<&str> =
                text.lines().map(|line| line.split("--").next().unwrap_or_default().trim_end()).collect();
            rules
                .join("\n")
                .replace("INTEGER PRIMARY KEY AUTOINCREMENT", "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY")
                .replace("INTEGER", "BIGINT")
                .replace("BLOB", "BYTEA")
                .replace(") STRICT, WITHOUT ROWID;", ");")
                .replace(") STRICT;", ");")
        };
        for migration in MIGRATIONS {
            assert_eq!(portable(migration.sqlite), portable(migration.postgres), "{}", migration.name);
        }
    }
}
