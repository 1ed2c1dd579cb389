//! The letters that the post office keeps.

use std::path::Path;

use model::{Email, Lang, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use super::letter::Words;
use crate::database::{Database, DatabaseFault, OpenError};

/// Letters kept in one mailbox; beyond it the oldest goes.
pub(super) const MAILBOX: u32 = 100;
/// Letters kept in all; beyond it the oldest goes.
const OFFICE: u32 = 5_000;

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS letter (
    id INTEGER PRIMARY KEY AUTOINCREMENT, mailbox TEXT NOT NULL, sender TEXT NOT NULL, subject TEXT NOT NULL,
    text TEXT NOT NULL, lang TEXT, received INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS letter_mailbox ON letter (mailbox, id);
";

/// A letter in a mailbox.
#[derive(Clone, Debug)]
pub(super) struct Letter {
    pub(super) id: i64,
    pub(super) mailbox: String,
    pub(super) words: Words,
    pub(super) received: Timestamp,
}

/// A mailbox with letters.
#[derive(Clone, Debug)]
pub(super) struct Mailbox {
    pub(super) address: String,
    pub(super) letters: i64,
    /// When the latest came.
    pub(super) latest: Timestamp,
}

/// The letters of all mailboxes.
#[derive(Clone)]
pub(super) struct Letters(Database);

impl Letters {
    pub(super) fn open(file: &Path) -> Result<Self, OpenError> {
        Ok(Self(Database::open(file, SCHEMA)?))
    }

    /// Puts a letter into each mailbox, or into none.
    pub(super) async fn deliver(
        &self,
        recipients: Vec<Email>,
        words: Words,
        now: Timestamp,
    ) -> Result<(), DatabaseFault> {
        let work = move |db: &Connection| {
            for recipient in &recipients {
                let mailbox = folded(recipient);
                db.execute(
                    "INSERT INTO letter (mailbox, sender, subject, text, lang, received)
                     VALUES (:mailbox, :sender, :subject, :text, :lang, :received)",
                    named_params! {
                        ":mailbox": mailbox, ":sender": words.sender, ":subject": words.subject,
                        ":text": words.text, ":lang": words.lang.map(Lang::tag), ":received": now.micros(),
                    },
                )?;
                db.execute(
                    "DELETE FROM letter WHERE id IN
                     (SELECT id FROM letter WHERE mailbox = ?1 ORDER BY id DESC LIMIT -1 OFFSET ?2)",
                    (&mailbox, MAILBOX),
                )?;
            }
            db.execute(
                "DELETE FROM letter WHERE id IN (SELECT id FROM letter ORDER BY id DESC LIMIT -1 OFFSET ?1)",
                [OFFICE],
            )?;
            Ok(())
        };
        self.0.run(work).await
    }

    /// The mailboxes that have letters, the one with the latest first.
    pub(super) async fn mailboxes(&self) -> Result<Vec<Mailbox>, DatabaseFault> {
        let work = |db: &Connection| {
            let mut statement = db.prepare(
                "SELECT mailbox, COUNT(*), MAX(received) FROM letter GROUP BY mailbox ORDER BY MAX(id) DESC",
            )?;
            let rows = statement.query_map([], |row| {
                let latest = Timestamp::from_micros(row.get(2)?);
                Ok(Mailbox { address: row.get(0)?, letters: row.get(1)?, latest })
            })?;
            rows.collect()
        };
        self.0.run(work).await
    }

    /// The letters of a mailbox, the latest first.
    pub(super) async fn of(&self, address: Email) -> Result<Vec<Letter>, DatabaseFault> {
        let work = move |db: &Connection| {
            let mut statement = db.prepare(
                "SELECT id, mailbox, sender, subject, text, lang, received FROM letter
                 WHERE mailbox = ?1 ORDER BY id DESC",
            )?;
            let rows = statement.query_map([folded(&address)], read)?;
            rows.collect()
        };
        self.0.run(work).await
    }

    /// One letter.
    pub(super) async fn find(&self, id: i64) -> Result<Option<Letter>, DatabaseFault> {
        let work = move |db: &Connection| {
            db.query_row(
                "SELECT id, mailbox, sender, subject, text, lang, received FROM letter WHERE id = ?1",
                [id],
                read,
            )
            .optional()
        };
        self.0.run(work).await
    }
}

/// This post office does not tell capital letters from small ones.
fn folded(address: &Email) -> String {
    address.as_str().to_ascii_lowercase()
}

fn read(row: &Row<'_>) -> rusqlite::Result<Letter> {
    let lang: Option<String> = row.get("lang")?;
    Ok(Letter {
        id: row.get("id")?,
        mailbox: row.get("mailbox")?,
        words: Words {
            sender: row.get("sender")?,
            subject: row.get("subject")?,
            text: row.get("text")?,
            lang: lang.as_deref().and_then(Lang::from_tag),
        },
        received: Timestamp::from_micros(row.get("received")?),
    })
}
