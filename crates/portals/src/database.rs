//! A database file of one page of the demo.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::Connection;

/// How long a statement waits for another process that holds the file.
const BUSY: Duration = Duration::from_secs(5);

/// A database file of the demo could not be opened.
#[derive(Debug, thiserror::Error)]
#[error("the demo's database {} cannot be opened", file.display())]
pub struct OpenError {
    file: PathBuf,
    #[source]
    source: rusqlite::Error,
}

/// A database file of the demo could not be read or written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DatabaseFault {
    #[error("the demo's database does not answer")]
    Sqlite(#[from] rusqlite::Error),
    #[error("the work on the demo's database was given up")]
    GivenUp(#[from] tokio::task::JoinError),
}

/// One connection, used by one caller at a time: the demo has few visitors.
#[derive(Clone)]
pub(crate) struct Database(Arc<Mutex<Connection>>);

impl Database {
    /// Opens the file, or makes it; `schema` must be repeatable.
    pub(crate) fn open(file: &Path, schema: &str) -> Result<Self, OpenError> {
        let connect = || -> rusqlite::Result<Connection> {
            let connection = Connection::open(file)?;
            connection.busy_timeout(BUSY)?;
            connection.pragma_update(None, "journal_mode", "WAL")?;
            connection.execute_batch(schema)?;
            Ok(connection)
        };
        let connection = connect().map_err(|source| OpenError { file: file.to_owned(), source })?;
        Ok(Self(Arc::new(Mutex::new(connection))))
    }

    /// Does `work` in one transaction at once, before anything is served.
    pub(crate) fn at_start<T>(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> rusqlite::Result<T> {
        transact(&self.0, work)
    }

    /// Does `work` in one transaction, off the threads that serve.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, DatabaseFault> {
        let shared = Arc::clone(&self.0);
        let done = tokio::task::spawn_blocking(move || transact(&shared, work));
        Ok(done.await??)
    }
}

fn transact<T>(
    shared: &Mutex<Connection>,
    work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    // A panic in another caller's work rolled its transaction back; the connection is sound.
    let mut connection = shared.lock().unwrap_or_else(PoisonError::into_inner);
    let transaction = connection.transaction()?;
    let value = work(&transaction)?;
    transaction.commit()?;
    Ok(value)
}
