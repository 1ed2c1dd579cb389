//! The thread that writes. It takes all changes that wait, makes each a savepoint of one
//! transaction, syncs once, and answers every caller only then.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

use rusqlite::{Connection, ErrorCode, ffi};
use tokio::sync::{mpsc, oneshot};

use super::bind;
use crate::StoreError;
use crate::change::Committed;
use crate::plan::Step;

/// Changes that share one commit at most.
const GROUP: usize = 256;
/// Changes that may wait for the thread; a caller beyond them waits to get in.
const WAITING: usize = 1024;
const DOING: &str = "committing a change";

/// The way to the writing thread.
pub(super) struct Writer {
    /// Emptied when dropped: that is how the thread learns that it is over.
    jobs: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
    /// Set for good when a sync failed: what the disk holds is then unknown.
    stopped: Arc<AtomicBool>,
}

struct Job {
    steps: Vec<Step>,
    answer: oneshot::Sender<Result<Committed, StoreError>>,
}

/// Why a change was not written.
#[derive(Clone, Debug, thiserror::Error)]
enum Failure {
    #[error("{0}")]
    Engine(Arc<rusqlite::Error>),
    #[error("writing stopped after the disk failed to sync; check the disk and start again")]
    Stopped,
    #[error("the writing thread has ended")]
    Ended,
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Failure::Engine(Arc::new(error))
    }
}

impl Writer {
    /// Gives the connection to a thread of its own.
    pub(super) fn start(connection: Connection) -> io::Result<Self> {
        let (jobs, waiting) = mpsc::channel(WAITING);
        let stopped = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&stopped);
        let thread =
            thread::Builder::new().name("store-writer".to_owned()).spawn(move || serve(&connection, waiting, &seen))?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread), stopped })
    }

    /// Waits until the change is durable, or refused.
    pub(super) async fn commit(&self, steps: Vec<Step>) -> Result<Committed, StoreError> {
        let ended = || StoreError::unavailable(DOING)(Failure::Ended);
        let (answer, answered) = oneshot::channel();
        let jobs = self.jobs.as_ref().ok_or_else(ended)?;
        jobs.send(Job { steps, answer }).await.map_err(|_| ended())?;
        answered.await.map_err(|_| ended())?
    }

    /// Whether changes are still written.
    pub(super) fn probe(&self) -> Result<(), StoreError> {
        let stopped = self.stopped.load(Ordering::Relaxed);
        let ended = self.thread.as_ref().is_none_or(JoinHandle::is_finished);
        match (stopped, ended) {
            (true, _) => Err(StoreError::unavailable("writing")(Failure::Stopped)),
            (false, true) => Err(StoreError::unavailable("writing")(Failure::Ended)),
            (false, false) => Ok(()),
        }
    }
}

/// The last changes are written and the file is closed before the store is gone.
impl Drop for Writer {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn serve(connection: &Connection, mut waiting: mpsc::Receiver<Job>, stopped: &AtomicBool) {
    while let Some(first) = waiting.blocking_recv() {
        let mut group = vec![first];
        while group.len() < GROUP {
            let Ok(job) = waiting.try_recv() else { break };
            group.push(job);
        }
        let outcomes =
            if stopped.load(Ordering::Relaxed) { Err(Failure::Stopped) } else { commit_together(connection, &group) };
        if outcomes.as_ref().is_err_and(Failure::of_sync) {
            tracing::error!("the disk failed to sync: nothing more is written until a restart");
            stopped.store(true, Ordering::Relaxed);
        }
        answer(group, outcomes);
    }
}

impl Failure {
    /// After a failed sync the operating system may have dropped what was to be written, and a
    /// later sync would not say so.
    fn of_sync(&self) -> bool {
        match self {
            Failure::Engine(error) => error.sqlite_error().is_some_and(|error| {
                matches!(error.extended_code, ffi::SQLITE_IOERR_FSYNC | ffi::SQLITE_IOERR_DIR_FSYNC)
            }),
            Failure::Stopped | Failure::Ended => false,
        }
    }
}

type Outcome = Result<Committed, Failure>;

/// A caller that no longer waits has still been served.
fn answer(group: Vec<Job>, outcomes: Result<Vec<Outcome>, Failure>) {
    match outcomes {
        Ok(outcomes) => {
            for (job, outcome) in group.into_iter().zip(outcomes) {
                let _ = job.answer.send(outcome.map_err(StoreError::unavailable(DOING)));
            }
        }
        Err(failure) => {
            for job in group {
                let _ = job.answer.send(Err(StoreError::unavailable(DOING)(failure.clone())));
            }
        }
    }
}

/// One transaction for all. An `Err` is everybody's.
fn commit_together(connection: &Connection, group: &[Job]) -> Result<Vec<Outcome>, Failure> {
    run(connection, "BEGIN IMMEDIATE")?;
    let written = group
        .iter()
        .map(|job| {
            // A change that is alone needs no savepoint: the transaction is its own.
            let outcome =
                if group.len() == 1 { execute_all(connection, &job.steps) } else { write_one(connection, &job.steps) };
            // A full disk, for example, ends the whole transaction on the spot.
            if connection.is_autocommit() { Err(outcome.err().unwrap_or(Failure::Ended)) } else { Ok(outcome) }
        })
        .collect::<Result<Vec<Outcome>, Failure>>()?;
    let anything = written.iter().any(|outcome| matches!(outcome, Ok(Committed::Done)));
    let end = run(connection, if anything { "COMMIT" } else { "ROLLBACK" });
    if end.is_err() && !connection.is_autocommit() {
        run(connection, "ROLLBACK")?;
    }
    end.map(|()| written)
}

/// One change as a savepoint: whole, or not at all.
fn write_one(connection: &Connection, steps: &[Step]) -> Outcome {
    run(connection, "SAVEPOINT change")?;
    let outcome = execute_all(connection, steps);
    if !matches!(outcome, Ok(Committed::Done)) && !connection.is_autocommit() {
        run(connection, "ROLLBACK TO change")?;
    }
    if !connection.is_autocommit() {
        run(connection, "RELEASE change")?;
    }
    outcome
}

fn execute_all(connection: &Connection, steps: &[Step]) -> Outcome {
    for step in steps {
        let refusal = match execute(connection, step) {
            Ok(rows) => step.rule.refusal(rows),
            Err(error) if is_conflict(&error) => Some(step.rule.conflict().ok_or(error)?),
            Err(error) => return Err(error.into()),
        };
        if let Some(op) = refusal {
            return Ok(Committed::Refused(op));
        }
    }
    Ok(Committed::Done)
}

fn execute(connection: &Connection, step: &Step) -> rusqlite::Result<u64> {
    let mut prepared = connection.prepare_cached(step.statement)?;
    bind(&mut prepared, &step.values)?;
    prepared.raw_execute().map(|rows| rows as u64)
}

/// A key is taken, or what is referred to is gone.
fn is_conflict(error: &rusqlite::Error) -> bool {
    error.sqlite_error().is_some_and(|error| {
        error.code == ErrorCode::ConstraintViolation
            && matches!(
                error.extended_code,
                ffi::SQLITE_CONSTRAINT_FOREIGNKEY | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_UNIQUE
            )
    })
}

fn run(connection: &Connection, statement: &'static str) -> Result<(), Failure> {
    connection.prepare_cached(statement)?.raw_execute()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use model::Timestamp;

    use super::*;
    use crate::record::{AuditRecord, OutboxDraft, OutboxKind};
    use crate::{Change, plan::plan};

    fn job(nth: usize, bytes: usize) -> Job {
        let record = AuditRecord { at: Timestamp::from_seconds(0), person: None, event: "test", detail: String::new() };
        let draft = OutboxDraft { id: nth.to_string(), kind: OutboxKind::Mail, body: "x".repeat(bytes) };
        Job { steps: plan(Change::new(record).deliver(draft)), answer: oneshot::channel().0 }
    }

    fn count(connection: &Connection, table: &str) -> i64 {
        connection.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
    }

    #[test]
    fn f04_a_full_disk_refuses_what_does_not_fit_and_what_fits_later_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let connection = super::super::open::writing(&folder.path().join("kapu.sqlite")).unwrap();
        let pages: i64 = connection.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
        let limit = |pages: i64| {
            connection.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |row| row.get::<_, i64>(0)).unwrap()
        };
        limit(pages + 20);

        let group = [job(1, 100), job(2, 1_000_000), job(3, 100)];
        // Each answered alike, by its own outcome or by everybody's.
        let made = match commit_together(&connection, &group) {
            Ok(outcomes) => {
                assert!(outcomes[1].is_err());
                outcomes.iter().filter(|outcome| matches!(outcome, Ok(Committed::Done))).count()
            }
            Err(_) => 0,
        };
        assert!(connection.is_autocommit());
        assert_eq!(count(&connection, "outbox"), i64::try_from(made).unwrap());
        assert_eq!(count(&connection, "audit"), count(&connection, "outbox"));

        limit(pages + 2000);
        let outcomes = commit_together(&connection, &group[1..2]).unwrap();
        assert!(matches!(outcomes[..], [Ok(Committed::Done)]));
        assert_eq!(count(&connection, "audit"), i64::try_from(made).unwrap() + 1);
    }

    #[test]
    fn many_changes_are_one_commit() {
        let folder = tempfile::tempdir().unwrap();
        let connection = super::super::open::writing(&folder.path().join("kapu.sqlite")).unwrap();
        let version = || connection.pragma_query_value(None, "data_version", |row| row.get::<_, i64>(0)).unwrap();
        let other = Connection::open(folder.path().join("kapu.sqlite")).unwrap();
        let seen = || other.pragma_query_value(None, "data_version", |row| row.get::<_, i64>(0)).unwrap();
        let (own, before) = (version(), seen());
        let group: Vec<Job> = (0..GROUP).map(|nth| job(nth, 10)).collect();
        assert_eq!(commit_together(&connection, &group).unwrap().len(), GROUP);
        assert_eq!(count(&connection, "audit"), i64::try_from(GROUP).unwrap());
        assert_eq!(seen(), before + 1, "one commit of another connection");
        assert_eq!(version(), own);
    }
}
