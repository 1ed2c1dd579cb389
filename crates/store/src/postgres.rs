//! The engine for everything larger: any number of nodes on one PostgreSQL.

mod migrate;
mod pool;
mod time;
mod tls;
mod together;
mod value;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use model::Secret;
use tokio_postgres::error::SqlState;

use crate::StoreError;
use crate::change::Committed;
use crate::plan::Step;
use crate::value::Value;
use pool::{Link, Pool};

/// How often a change is tried that the server could not put into an order with others.
const TRIES: u32 = 5;
const COMMITTING: &str = "committing a change";

const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED";
const COMMIT: &str = "COMMIT";
const ROLLBACK: &str = "ROLLBACK";

/// A PostgreSQL server that is connected.
pub(crate) struct Postgres {
    pool: Pool,
    /// Retries so far: spreads the waits of those that collided.
    retries: AtomicU32,
}

/// Why a change was not written, or a row not read.
#[derive(Clone, Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Server(Arc<tokio_postgres::Error>),
    #[error("all connections were in use for {} seconds", time::ADMISSION.as_secs())]
    Full,
    #[error("the server did not answer within {} seconds", time::ANSWER.as_secs())]
    Silent,
}

impl From<tokio_postgres::Error> for Failure {
    fn from(error: tokio_postgres::Error) -> Self {
        Failure::Server(Arc::new(error))
    }
}

impl Failure {
    /// Whether the same transaction may succeed when it is tried again: a serialization failure
    /// or a deadlock, after which nothing of it was written.
    fn passing(&self) -> bool {
        self.is(&[SqlState::T_R_SERIALIZATION_FAILURE, SqlState::T_R_DEADLOCK_DETECTED])
    }

    /// A key is taken, or what is referred to is gone.
    fn conflict(&self) -> bool {
        self.is(&[SqlState::UNIQUE_VIOLATION, SqlState::FOREIGN_KEY_VIOLATION])
    }

    fn is(&self, states: &[SqlState]) -> bool {
        match self {
            Failure::Server(error) => error.code().is_some_and(|code| states.contains(code)),
            Failure::Full | Failure::Silent => false,
        }
    }
}

impl Postgres {
    /// What is wrong with an address or its root certificates; connects to nothing.
    pub(crate) fn check(address: &Secret<String>, roots: Option<&Path>) -> Result<(), StoreError> {
        Pool::new(address, 1, roots).map(drop)
    }

    /// Connects once, and brings the schema up to date.
    pub(crate) async fn open(
        address: &Secret<String>,
        connections: usize,
        roots: Option<&Path>,
    ) -> Result<Self, StoreError> {
        let pool = Pool::new(address, connections, roots)?;
        migrate::migrate(&pool).await?;
        Ok(Self { pool, retries: AtomicU32::new(0) })
    }

    /// Commits a change as a transaction of its own.
    pub(crate) async fn commit(&self, steps: &[Step]) -> Result<Committed, StoreError> {
        for attempt in 1.. {
            match time::within(time::ANSWER, self.try_commit(steps)).await.unwrap_or(Err(Failure::Silent)) {
                Err(failure) if attempt < TRIES && failure.passing() => {
                    time::back_off(attempt, self.retries.fetch_add(1, Ordering::Relaxed)).await;
                }
                outcome => return outcome.map_err(StoreError::unavailable(COMMITTING)),
            }
        }
        unreachable!("the last attempt returns")
    }

    async fn try_commit(&self, steps: &[Step]) -> Result<Committed, Failure> {
        let mut link = self.pool.link().await?;
        let outcome = write(&mut link, steps).await;
        let end = link.prepare(if matches!(outcome, Ok(Committed::Done)) { COMMIT } else { ROLLBACK }).await?;
        let ended = link.client().execute(&end, &[]).await;
        if ended.is_ok() {
            link.give_back();
        }
        let committed = outcome?;
        ended?;
        Ok(committed)
    }

    /// What a statement reads, with a row's columns in its order. A connection that turns out to
    /// be broken is replaced once.
    pub(crate) async fn rows(
        &self,
        doing: &'static str,
        statement: &'static str,
        values: &[Value],
    ) -> Result<Vec<Vec<Value>>, StoreError> {
        let attempt = || async {
            time::within(time::ANSWER, self.try_rows(statement, values)).await.unwrap_or(Err(Failure::Silent))
        };
        let rows = match attempt().await {
            Err(Failure::Server(error)) if error.is_closed() => attempt().await,
            outcome => outcome,
        };
        rows.map_err(StoreError::unavailable(doing))
    }

    async fn try_rows(&self, statement: &'static str, values: &[Value]) -> Result<Vec<Vec<Value>>, Failure> {
        let mut link = self.pool.link().await?;
        let prepared = link.prepare(statement).await?;
        let parameters: Vec<&(dyn tokio_postgres::types::ToSql + Sync)> =
            values.iter().map(|value| value as &(dyn tokio_postgres::types::ToSql + Sync)).collect();
        let rows = link.client().query(&prepared, &parameters).await?;
        link.give_back();
        let columns = |row: &tokio_postgres::Row| (0..row.len()).map(|index| row.try_get(index)).collect();
        Ok(rows.iter().map(columns).collect::<Result<_, _>>()?)
    }
}

/// Begins a transaction and executes all steps, without waiting for one before the next is sent:
/// what a step finds never changes which steps follow, and a refusal takes all of them back.
async fn write(link: &mut Link<'_>, steps: &[Step]) -> Result<Committed, Failure> {
    // Before the transaction begins: on a failed one nothing can be prepared.
    link.prepare(ROLLBACK).await?;
    link.prepare(COMMIT).await?;
    let mut prepared = vec![(link.prepare(BEGIN).await?, [].as_slice())];
    for step in steps {
        prepared.push((link.prepare(step.statement).await?, step.values.as_slice()));
    }
    let client = link.client();
    let executions = prepared.iter().map(|(statement, values)| client.execute_raw(statement, values.iter()));
    let mut executed = together::in_order(executions).await.into_iter();
    if let Some(Err(not_begun)) = executed.next() {
        return Err(not_begun.into());
    }
    for (step, rows) in steps.iter().zip(executed) {
        let refusal = match rows.map_err(Failure::from) {
            Ok(rows) => step.rule.refusal(rows),
            Err(failure) if failure.conflict() => Some(step.rule.conflict().ok_or(failure)?),
            Err(failure) => return Err(failure),
        };
        if let Some(op) = refusal {
            return Ok(Committed::Refused(op));
        }
    }
    Ok(Committed::Done)
}

#[cfg(test)]
mod tests {
    use testkit::postgres::Server;
    use tokio_postgres::types::Type;

    use super::*;

    #[tokio::test]
    async fn every_statement_can_be_prepared_and_takes_the_three_types_only() {
        let server = Server::shared();
        let postgres = Postgres::open(&server.database().into(), 1, None).await.unwrap();
        let mut link = postgres.pool.link().await.unwrap();
        for (name, statement) in crate::statements::ALL {
            let prepared = link.prepare(statement).await.unwrap_or_else(|error| panic!("{name}: {error}"));
            let columns = prepared.columns().iter().map(tokio_postgres::Column::type_);
            for of in prepared.params().iter().chain(columns) {
                assert!([Type::INT8, Type::TEXT, Type::BYTEA].contains(of), "{name}: {of}");
            }
        }
    }
}
