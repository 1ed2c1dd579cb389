//! What can go wrong with a database.

use std::path::PathBuf;

/// Why the store did not do what it was asked. Nothing was written, unless it says so.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Try again later: the server is away, the disk is full, too many wait.
    ///
    /// When the connection broke while a change was being committed, it may have been written.
    #[error("the database cannot be reached while {doing}")]
    Unavailable {
        /// What was being done.
        doing: &'static str,
        /// What the engine said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A row that this version cannot read. Never retried: somebody has to look.
    #[error("a stored {what} cannot be read")]
    Unreadable {
        /// What kind of row.
        what: &'static str,
    },
    /// The database file cannot be opened or made.
    #[error("the database file {} cannot be opened", file.display())]
    Unopened {
        /// The file.
        file: PathBuf,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The file is not a database of ours, or is damaged. It was left as it is.
    #[error("{} is not a sound database of this program: {reason}", file.display())]
    Damaged {
        /// The file.
        file: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The database was written by a newer version, which knows a migration that this one does not.
    #[error("the database is newer than this program: it has the migration {migration}")]
    Newer {
        /// The migration's name.
        migration: String,
    },
    /// A migration that was applied is not the one that this version knows by that name.
    #[error("the migration {migration} is not the one that was applied to the database")]
    Altered {
        /// The migration's name.
        migration: String,
    },
    /// The certificates by which the PostgreSQL server is to be known cannot be used.
    #[error("the root certificates of {whose} cannot be used: {reason}")]
    Roots {
        /// The file, or this machine.
        whose: String,
        /// Why.
        reason: String,
    },
    /// The address of the PostgreSQL server is not understood, or not used.
    #[error("the address of the PostgreSQL server cannot be used: {reason}")]
    Address {
        /// What is wrong; never the address itself, which may hold a password.
        reason: String,
    },
}

impl StoreError {
    /// For `map_err`: the engine could not do it.
    pub(crate) fn unavailable<E>(doing: &'static str) -> impl FnOnce(E) -> Self
    where
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        move |source| Self::Unavailable { doing, source: source.into() }
    }
}
