//! The embedded engine: one thread writes, a few connections read in place.

mod open;
mod writer;

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;
use rusqlite::types::{ToSqlOutput, ValueRef};

use crate::StoreError;
use crate::change::Committed;
use crate::plan::Step;
use crate::value::Value;
use writer::Writer;

/// Connections that read at the same time. A read takes microseconds, so few serve many.
const READERS: usize = 4;

/// A SQLite database that is open.
pub(crate) struct Sqlite {
    /// Closed before the writer, which then moves the log into the file.
    readers: Vec<Mutex<Connection>>,
    next: AtomicUsize,
    writer: Writer,
}

impl Sqlite {
    /// Opens a database file, or makes it, and brings its schema up to date.
    pub(crate) fn open(file: &Path) -> Result<Self, StoreError> {
        let writing = open::writing(file)?;
        let readers = (0..READERS).map(|_| open::reading(file).map(Mutex::new)).collect::<Result<_, _>>()?;
        let writer = Writer::start(writing).map_err(open::unopened(file))?;
        Ok(Self { readers, next: AtomicUsize::new(0), writer })
    }

    /// Commits a change together with those that wait at the same time.
    pub(crate) async fn commit(&self, steps: Vec<Step>) -> Result<Committed, StoreError> {
        self.writer.commit(steps).await
    }

    /// What a statement reads, with a row's columns in its order.
    pub(crate) fn rows(
        &self,
        doing: &'static str,
        statement: &'static str,
        values: &[Value],
    ) -> Result<Vec<Vec<Value>>, StoreError> {
        read(&self.reader(), statement, values).map_err(StoreError::unavailable(doing))
    }

    /// Whether changes are still written.
    pub(crate) fn probe(&self) -> Result<(), StoreError> {
        self.writer.probe()
    }

    /// The first connection that nobody uses at the moment, so that one page cache is kept warm and not each
    /// in turn; when all are in use, the next one in turn.
    fn reader(&self) -> MutexGuard<'_, Connection> {
        self.readers.iter().find_map(|reader| reader.try_lock().ok()).unwrap_or_else(|| {
            let next = self.next.fetch_add(1, Ordering::Relaxed) % READERS;
            self.readers[next].lock().unwrap_or_else(PoisonError::into_inner)
        })
    }
}

fn read(connection: &Connection, statement: &str, values: &[Value]) -> rusqlite::Result<Vec<Vec<Value>>> {
    let mut prepared = connection.prepare_cached(statement)?;
    bind(&mut prepared, values)?;
    let columns = prepared.column_count();
    let mut rows = prepared.raw_query();
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let column = |index| -> rusqlite::Result<Value> {
            let column = row.get_ref(index)?;
            Ok(match column {
                ValueRef::Null => Value::Null,
                ValueRef::Integer(number) => Value::Integer(number),
                ValueRef::Blob(bytes) => Value::Blob(bytes.to_owned()),
                ValueRef::Text(_) => Value::Text(column.as_str()?.to_owned()),
                ValueRef::Real(_) => {
                    let name = row.as_ref().column_name(index)?.to_owned();
                    return Err(rusqlite::Error::InvalidColumnType(index, name, column.data_type()));
                }
            })
        };
        found.push((0..columns).map(column).collect::<rusqlite::Result<_>>()?);
    }
    Ok(found)
}

/// Binds `$1`, `$2`, … to the values. To SQLite `$1` is a name, so the number is read from it.
fn bind(prepared: &mut rusqlite::CachedStatement<'_>, values: &[Value]) -> rusqlite::Result<()> {
    for index in 1..=prepared.parameter_count() {
        let number = prepared.parameter_name(index).and_then(|name| name.strip_prefix('$')?.parse::<usize>().ok());
        let value = number.and_then(|number| values.get(number.checked_sub(1)?));
        let value = value.ok_or(rusqlite::Error::InvalidParameterCount(index, values.len()))?;
        prepared.raw_bind_parameter(index, value)?;
    }
    Ok(())
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Null => ValueRef::Null,
            Value::Integer(number) => ValueRef::Integer(*number),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_statement_can_be_prepared() {
        let folder = tempfile::tempdir().unwrap();
        let connection = open::writing(&folder.path().join("kapu.sqlite")).unwrap();
        for (name, statement) in crate::statements::ALL {
            connection.prepare(statement).unwrap_or_else(|error| panic!("{name}: {error}"));
        }
    }

    /// A plan that depended on bound values would be made anew at each use.
    #[test]
    fn what_is_prepared_once_stays_prepared() {
        use rusqlite::StatementStatus::RePrepare;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("kapu.sqlite");
        let _writing = open::writing(&file).unwrap();
        let connection = open::reading(&file).unwrap();
        let reads = crate::statements::ALL.iter().filter(|(_, statement)| statement.starts_with("SELECT"));
        for (name, statement) in reads {
            for value in [0, 7, 1] {
                read(&connection, statement, &[value, value + 1, value + 2].map(Value::Integer)).unwrap();
            }
            let prepared = connection.prepare_cached(statement).unwrap();
            assert_eq!(prepared.get_status(RePrepare), 0, "{name}");
        }
    }

    #[test]
    fn parameters_are_bound_by_number_and_none_may_be_missing() {
        let connection = Connection::open_in_memory().unwrap();
        let values = [Value::from(1_i64), Value::from("two")];
        let found = read(&connection, "SELECT $2, $1, $2", &values).unwrap();
        assert_eq!(found, [[Value::from("two"), Value::from(1_i64), Value::from("two")]]);
        assert!(read(&connection, "SELECT $3", &values).is_err());
        assert!(read(&connection, "SELECT $0", &values).is_err());
    }
}
