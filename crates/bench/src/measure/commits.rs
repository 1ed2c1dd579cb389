//! How many durable commits a sign-in makes, alone and among others: counted in the write-ahead log.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, ensure};
use rusqlite::{Connection as Database, OpenFlags};
use tokio::task::JoinSet;

use super::Run;
use crate::http::Connection;
use crate::installation::{Installation, Running};
use crate::sample::Sample;
use crate::sign_in::{SignIn, Turn};
use crate::table::{Row, Trust};

/// Sign-ins one after the other.
const ALONE: u32 = 20;
/// Sign-ins at one time.
const TOGETHER: u32 = 64;
/// Times that so many sign in at one time.
const TIMES: usize = 3;

/// A count of commits that the log never forgets: while a reader stands in it, it is not begun anew.
struct Log {
    file: std::path::PathBuf,
    _reader: Database,
}

impl Log {
    /// Takes a place in the log.
    async fn hold(database: &Path, kapu: &Running, person: u64) -> anyhow::Result<Self> {
        let reader = Database::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        reader.execute_batch("BEGIN")?;
        reader.query_row("SELECT count(*) FROM client", [], |_| Ok(()))?;
        // Where the whole log was in the file already, it begins anew once more, here.
        SignIn::whole(person, Connection::open(kapu.address).await?).await?;
        let mut file = database.as_os_str().to_owned();
        file.push("-wal");
        Ok(Self { file: file.into(), _reader: reader })
    }

    fn commits(&self) -> anyhow::Result<u32> {
        commits_in(&fs::read(&self.file)?)
    }
}

/// Counts the frames that end a transaction (SQLite file format, section 4.1): those that say how many pages the
/// database has, among the frames of the log's present salt.
fn commits_in(log: &[u8]) -> anyhow::Result<u32> {
    const HEAD: usize = 32;
    const FRAME_HEAD: usize = 24;
    let number = |at: usize| -> Option<u32> { Some(u32::from_be_bytes(log.get(at..at + 4)?.try_into().ok()?)) };
    let page = usize::try_from(number(8).context("a write-ahead log")?)?;
    ensure!(page >= 512, "a write-ahead log names its page size");
    let salt = &log[16..24];
    let frames = log[HEAD..].chunks_exact(FRAME_HEAD + page).take_while(|frame| frame[8..16] == *salt);
    Ok(frames.map(|frame| u32::from(frame[4..8] != [0; 4])).sum())
}

/// Counts them.
pub(crate) async fn commits(run: &Run<'_>, installation: &Installation) -> anyhow::Result<Vec<Row>> {
    run.cores.spread()?;
    let kapu = installation.start(std::process::Command::new(installation.kapu())).await?;
    let mut turn = Turn::among(installation.people());
    let mut next = || turn.next().context("somebody");
    let log = Log::hold(&installation.database(), &kapu, next()?).await?;

    let before = log.commits()?;
    let mut connection = Connection::open(kapu.address).await?;
    for _ in 0..ALONE {
        connection = SignIn::whole(next()?, connection).await?;
    }
    let alone = Sample::of(vec![f64::from(log.commits()? - before) / f64::from(ALONE)]);

    let mut together = Vec::new();
    for _ in 0..TIMES {
        let mut people = Vec::new();
        for _ in 0..TOGETHER {
            people.push(SignIn::of(next()?, Connection::open(kapu.address).await?));
        }
        let before = log.commits()?;
        for step in [Step::Begin, Step::Password, Step::Code, Step::Tokens] {
            people = all(people, step).await?;
        }
        together.push(f64::from(log.commits()? - before) / f64::from(TOGETHER));
    }
    kapu.program.stop()?;
    let row = |operation, sample: &Sample, note, goal| {
        Row::figure(("13", operation), (sample, "commits"), note, goal, &Trust::Fair)
    };
    Ok(vec![
        row("durable commits of a sign-in, alone", &alone, "frames of the log", run.goals.commits_alone),
        row(
            &format!("durable commits of a sign-in, {TOGETHER} at one time"),
            &Sample::of(together),
            "shared commits; the hash pool spreads one of five",
            run.goals.commits_together,
        ),
    ])
}

#[derive(Clone, Copy)]
enum Step {
    Begin,
    Password,
    Code,
    Tokens,
}

/// All take the same step at one time.
async fn all(people: Vec<SignIn>, step: Step) -> anyhow::Result<Vec<SignIn>> {
    let mut steps = JoinSet::new();
    for mut person in people {
        steps.spawn(async move {
            match step {
                Step::Begin => person.begin().await,
                Step::Password => person.password().await,
                Step::Code => person.code().await,
                Step::Tokens => person.tokens().await,
            }?;
            anyhow::Ok(person)
        });
    }
    let mut made = Vec::new();
    while let Some(person) = steps.join_next().await {
        made.push(person??);
    }
    Ok(made)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_commit_of_a_log_is_counted_once() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("some.sqlite");
        let database = Database::open(&file).unwrap();
        database.execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE t (a TEXT);").unwrap();
        let count = || commits_in(&fs::read(folder.path().join("some.sqlite-wal")).unwrap()).unwrap();
        let before = count();
        for _ in 0..5 {
            database.execute("INSERT INTO t VALUES (?1)", ["x".repeat(20_000)]).unwrap();
        }
        database.execute_batch("BEGIN; INSERT INTO t VALUES ('a'); INSERT INTO t VALUES ('b'); COMMIT;").unwrap();
        assert_eq!(count() - before, 6);
        assert!(commits_in(b"too short").is_err());
    }
}
