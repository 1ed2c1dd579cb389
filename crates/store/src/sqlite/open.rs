//! Opening a database file: what is sound is opened, what is missing is made, what is damaged is
//! refused and left as it is.

use std::fs::OpenOptions;
use std::io;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior, config::DbConfig};

use crate::StoreError;
use crate::migration::{self, Migration};

/// Marks a database file as ours: the bytes `Kapu`.
const APPLICATION: i32 = 0x4b61_7075;
/// How long to wait for another process that writes, the command line for example.
const BUSY: Duration = Duration::from_secs(5);
/// Page cache of the writing connection in KiB. Caches are stated apart from the memory goal.
const WRITER_CACHE_KIB: i64 = 2 * 1024;
/// Page cache of each reading connection in KiB. The file is not mapped into memory: SQLite would map it anew
/// after every commit, which costs more than all that a request reads.
const READER_CACHE_KIB: i64 = 1024;
/// The write-ahead log is cut back to this size after a checkpoint, in bytes.
const LOG_KEPT: i64 = 16 * 1024 * 1024;
/// Prepared statements kept by a connection: more than there are.
const STATEMENTS: usize = 128;

/// The connection that writes, after migration.
pub(super) fn writing(file: &Path) -> Result<Connection, StoreError> {
    create(file).map_err(unopened(file))?;
    let mut connection = connect(file, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    own(&connection, file)?;
    connection
        .pragma_update(None, "journal_mode", "WAL")
        .and_then(|()| connection.pragma_update(None, "synchronous", "FULL"))
        .and_then(|()| connection.pragma_update(None, "journal_size_limit", LOG_KEPT))
        .and_then(|()| connection.pragma_update(None, "cache_size", -WRITER_CACHE_KIB))
        // The journal of a savepoint is small: no file is made for it.
        .and_then(|()| connection.pragma_update(None, "temp_store", "MEMORY"))
        // What is deleted is overwritten where the page is written anyway.
        .and_then(|()| connection.pragma_update(None, "secure_delete", "FAST"))
        .map_err(unsound(file))?;
    migrate(&mut connection, file)?;
    Ok(connection)
}

/// A connection that only reads.
pub(super) fn reading(file: &Path) -> Result<Connection, StoreError> {
    let connection = connect(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    connection
        .pragma_update(None, "query_only", true)
        .and_then(|()| connection.pragma_update(None, "cache_size", -READER_CACHE_KIB))
        .map_err(unsound(file))?;
    Ok(connection)
}

/// For `map_err`: the file itself is the matter.
pub(super) fn unopened<E>(file: &Path) -> impl FnOnce(E) -> StoreError
where
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    move |source| StoreError::Unopened { file: file.to_owned(), source: source.into() }
}

/// Makes an empty file that nobody else may read, unless there is one. SQLite gives the files
/// that it adds the same mode.
fn create(file: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(file) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

fn connect(file: &Path, access: OpenFlags) -> Result<Connection, StoreError> {
    let connection =
        Connection::open_with_flags(file, access | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(unopened(file))?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection
        .busy_timeout(BUSY)
        .and_then(|()| connection.pragma_update(None, "foreign_keys", true))
        .and_then(|()| connection.pragma_update(None, "trusted_schema", false))
        .and_then(|()| connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true))
        // A plan never depends on bound values, so that what was prepared once stays prepared:
        // without it the hot path costs eight times as much.
        .and_then(|_| connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true))
        .map_err(unsound(file))?;
    Ok(connection)
}

/// Refuses a database of another program: it is not ours to change.
fn own(connection: &Connection, file: &Path) -> Result<(), StoreError> {
    let application: i32 =
        connection.pragma_query_value(None, "application_id", |row| row.get(0)).map_err(unsound(file))?;
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(unsound(file))?;
    if application == APPLICATION || (application == 0 && tables == 0) {
        return Ok(());
    }
    let reason = "it is a SQLite database of another program".to_owned();
    Err(StoreError::Damaged { file: file.to_owned(), reason })
}

fn migrate(connection: &mut Connection, file: &Path) -> Result<(), StoreError> {
    let text = |migration: &Migration| migration.sqlite;
    // Of two processes that start at the same time, the second finds the work done.
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(unsound(file))?;
    transaction.execute_batch(migration::TABLE).map_err(unsound(file))?;
    let applied: Vec<(String, String)> = transaction
        .prepare(migration::APPLIED)
        .and_then(|mut statement| statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect())
        .map_err(unsound(file))?;
    let pending = migration::pending(&applied, text)?;
    for migration in &pending {
        transaction
            .execute_batch(text(migration))
            .and_then(|()| {
                let sum = migration::checksum(text(migration));
                transaction.execute(migration::RECORD, (migration.name, sum))
            })
            .map_err(unsound(file))?;
    }
    if pending.is_empty() {
        return Ok(());
    }
    transaction
        .pragma_update(None, "application_id", APPLICATION)
        .and_then(|()| transaction.commit())
        .map_err(unsound(file))
}

/// For `map_err`, while opening: damage is told apart from a file that cannot be opened.
fn unsound(file: &Path) -> impl FnOnce(rusqlite::Error) -> StoreError {
    move |error| match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
            StoreError::Damaged { file: file.to_owned(), reason: error.to_string() }
        }
        Some(_) | None => StoreError::Unopened { file: file.to_owned(), source: error.into() },
    }
}
