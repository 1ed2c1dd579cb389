//! What the phone remembers.

use std::path::Path;

use model::Secret;
use rusqlite::Connection;

use super::otpauth::Account;
use crate::database::{Database, DatabaseFault, OpenError};

/// The most accounts on the phone.
pub(super) const ACCOUNTS: i64 = 50;

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS account (
    id INTEGER PRIMARY KEY AUTOINCREMENT, label TEXT NOT NULL UNIQUE, key BLOB NOT NULL
) STRICT;
";

/// Whether an account was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kept {
    /// It was; one with the same label is gone.
    Yes,
    /// The phone has [`ACCOUNTS`] others.
    Full,
}

/// The accounts on the phone.
#[derive(Clone)]
pub(super) struct Accounts(Database);

impl Accounts {
    pub(super) fn open(file: &Path) -> Result<Self, OpenError> {
        Ok(Self(Database::open(file, SCHEMA)?))
    }

    /// All, the latest first.
    pub(super) async fn all(&self) -> Result<Vec<Account>, DatabaseFault> {
        let work = |db: &Connection| {
            let mut statement = db.prepare("SELECT label, key FROM account ORDER BY id DESC")?;
            let rows = statement
                .query_map([], |row| Ok(Account { label: row.get(0)?, key: Secret::new(row.get::<_, Vec<u8>>(1)?) }))?;
            rows.collect()
        };
        self.0.run(work).await
    }

    /// Keeps an account in the place of the one with the same label, as real apps do.
    pub(super) async fn keep(&self, account: Account) -> Result<Kept, DatabaseFault> {
        let work = move |db: &Connection| {
            db.execute("DELETE FROM account WHERE label = ?1", [&account.label])?;
            let kept = db.execute(
                "INSERT INTO account (label, key) SELECT ?1, ?2 WHERE (SELECT COUNT(*) FROM account) < ?3",
                (&account.label, account.key.expose(), ACCOUNTS),
            )?;
            Ok(if kept == 1 { Kept::Yes } else { Kept::Full })
        };
        self.0.run(work).await
    }

    /// Deletes the account with this label, if there is one.
    pub(super) async fn delete(&self, label: String) -> Result<(), DatabaseFault> {
        self.0.run(move |db| db.execute("DELETE FROM account WHERE label = ?1", [&label]).map(|_| ())).await
    }
}
