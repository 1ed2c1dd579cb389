//! The programs that are measured: their start and end, their CPU time, their memory.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, ensure};

/// How the threads of the hash pool are named.
pub(crate) const HASHING: &str = "hash-";

/// A program that runs until it is stopped.
pub(crate) struct Program(Child);

impl Program {
    /// Starts it; what it logs goes into a file, as a journal would take it.
    pub(crate) fn start(mut command: Command, log: &Path) -> anyhow::Result<Self> {
        let log = File::options().create(true).append(true).open(log)?;
        command.stdout(log.try_clone()?).stderr(log).stdin(Stdio::null());
        Self::spawn(command)
    }

    /// Starts it and keeps its standard input and output for talking to it.
    pub(crate) fn start_talking(mut command: Command) -> anyhow::Result<Self> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        Self::spawn(command)
    }

    fn spawn(mut command: Command) -> anyhow::Result<Self> {
        let child = command.spawn().with_context(|| command.get_program().display().to_string())?;
        Ok(Self(child))
    }

    pub(crate) fn child(&mut self) -> &mut Child {
        &mut self.0
    }

    pub(crate) fn id(&self) -> u32 {
        self.0.id()
    }

    pub(crate) fn usage(&self) -> anyhow::Result<Usage> {
        Usage::of(self.id())
    }

    pub(crate) fn memory(&self) -> anyhow::Result<Memory> {
        Memory::of(self.id())
    }

    /// Ends it as an operator would, and waits.
    pub(crate) fn stop(mut self) -> anyhow::Result<()> {
        let status = Command::new("kill").args(["-TERM", &self.id().to_string()]).status()?;
        ensure!(status.success(), "process {} cannot be stopped", self.id());
        let status = self.0.wait()?;
        ensure!(status.success(), "process {} ended with {status}", self.0.id());
        Ok(())
    }
}

/// Nothing is left behind, whatever goes wrong.
impl Drop for Program {
    fn drop(&mut self) {
        let _gone = self.0.kill();
        let _gone = self.0.wait();
    }
}

/// The CPU time of a process, thread by thread.
pub(crate) struct Usage(BTreeMap<u32, Thread>);

#[derive(Clone, Copy)]
struct Thread {
    spent: Duration,
    hashes: Hashes,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Hashes {
    InThePool,
    Elsewhere,
}

/// What was spent between two looks.
#[derive(Clone, Copy)]
pub(crate) struct Spent {
    /// By the threads of the hash pool.
    pub(crate) hashing: Duration,
    /// By all others.
    pub(crate) rest: Duration,
}

impl Usage {
    /// Looks at `/proc/PID/task/*/schedstat`, whose first number is nanoseconds on a core.
    pub(crate) fn of(process: u32) -> anyhow::Result<Self> {
        let mut threads = BTreeMap::new();
        for entry in fs::read_dir(format!("/proc/{process}/task"))? {
            let folder = entry?.path();
            // A thread may end meanwhile.
            let (Ok(name), Ok(schedstat)) =
                (fs::read_to_string(folder.join("comm")), fs::read_to_string(folder.join("schedstat")))
            else {
                continue;
            };
            let id = folder.file_name().and_then(|name| name.to_str()?.parse().ok()).context("a thread's number")?;
            let hashes = if name.starts_with(HASHING) { Hashes::InThePool } else { Hashes::Elsewhere };
            threads.insert(id, Thread { spent: on_core(&schedstat)?, hashes });
        }
        Ok(Self(threads))
    }

    pub(crate) fn total(&self) -> Duration {
        self.0.values().map(|thread| thread.spent).sum()
    }

    /// How many threads hash.
    pub(crate) fn hash_threads(&self) -> usize {
        self.0.values().filter(|thread| thread.hashes == Hashes::InThePool).count()
    }

    /// What was spent since an earlier look, by the threads that are there now.
    pub(crate) fn since(&self, earlier: &Usage) -> Spent {
        let mut spent = Spent { hashing: Duration::ZERO, rest: Duration::ZERO };
        for (id, thread) in &self.0 {
            let before = earlier.0.get(id).map_or(Duration::ZERO, |before| before.spent);
            let more = thread.spent.saturating_sub(before);
            match thread.hashes {
                Hashes::InThePool => spent.hashing += more,
                Hashes::Elsewhere => spent.rest += more,
            }
        }
        spent
    }
}

/// The first number of a `schedstat` file.
pub(crate) fn on_core(schedstat: &str) -> anyhow::Result<Duration> {
    let nanoseconds = schedstat.split_whitespace().next().and_then(|number| number.parse().ok());
    nanoseconds.map(Duration::from_nanos).context("schedstat has another form")
}

/// The memory of a process in MiB: its proportional share, and the part of it that no file stands behind.
#[derive(Clone, Copy)]
pub(crate) struct Memory {
    pub(crate) pss: f64,
    pub(crate) anonymous: f64,
}

impl Memory {
    fn of(process: u32) -> anyhow::Result<Self> {
        let rollup = fs::read_to_string(format!("/proc/{process}/smaps_rollup"))?;
        let of = |name: &str| -> anyhow::Result<f64> {
            let line =
                rollup.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).context("smaps_rollup")?;
            Ok(line.trim().trim_end_matches("kB").trim().parse::<f64>()? / 1024.0)
        };
        Ok(Self { pss: of("Pss")?, anonymous: of("Pss_Anon")? })
    }
}
