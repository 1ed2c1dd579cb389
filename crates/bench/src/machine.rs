//! The machine: its clock, its cores, and what others do on it meanwhile.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context as _, ensure};
use model::{Clock, Random, Timestamp};

use crate::process::Usage;
use crate::table::Trust;

/// The present, for measuring spans.
#[expect(clippy::disallowed_methods, reason = "measuring time is what this program is for")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// The system's clock.
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "codes of an authenticator depend on the time that the gateway sees")]
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    }
}

/// Numbers that are the same in every run: `SplitMix64`. Nothing secret comes from it.
pub(crate) struct Seeded(std::sync::Mutex<u64>);

impl Seeded {
    pub(crate) fn new(seed: u64) -> Self {
        Self(std::sync::Mutex::new(seed))
    }

    pub(crate) fn next(&self) -> u64 {
        let mut state = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = *state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

impl Random for Seeded {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.next().to_le_bytes()[..chunk.len()]);
        }
    }
}

/// Which cores are whose: what is measured has one for itself, the load comes from another.
#[derive(Clone)]
pub(crate) struct Cores {
    all: String,
    apart: Option<(String, String)>,
}

impl Cores {
    /// Looks at the cores that this process may use, and whether `taskset` is there to share them out.
    pub(crate) fn look() -> anyhow::Result<Self> {
        let status = fs::read_to_string("/proc/self/status").context("this needs Linux")?;
        let all = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:")).unwrap_or_default();
        let all = all.trim().to_owned();
        let numbers: Vec<u32> = all.split(',').flat_map(span_of_cores).collect();
        let there = Command::new("taskset").arg("--version").stdout(Stdio::null()).status().is_ok();
        let apart = match numbers[..] {
            [first, second, ..] if there => Some((first.to_string(), second.to_string())),
            _ => None,
        };
        Ok(Self { all, apart })
    }

    /// How it is said at the table's head.
    pub(crate) fn told(&self) -> String {
        match &self.apart {
            Some((served, load)) => format!("gateway and limits on core {served}, load from core {load}"),
            None => "not pinned: this takes two cores and taskset".to_owned(),
        }
    }

    /// A command that will run on the core of what is measured.
    pub(crate) fn pinned(&self, program: &Path) -> Command {
        match &self.apart {
            None => Command::new(program),
            Some((served, _)) => {
                let mut command = Command::new("taskset");
                command.args(["-c", served]).arg(program);
                command
            }
        }
    }

    /// Moves this process to the core of the load.
    pub(crate) fn stand_aside(&self) -> anyhow::Result<()> {
        self.apart.as_ref().map_or(Ok(()), |(_, load)| move_to(load))
    }

    /// Lets this process use all cores again.
    pub(crate) fn spread(&self) -> anyhow::Result<()> {
        self.apart.as_ref().map_or(Ok(()), |_| move_to(&self.all))
    }
}

/// The cores of `3` or `0-3`.
fn span_of_cores(text: &str) -> Vec<u32> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    match (first.trim().parse(), last.trim().parse()) {
        (Ok(first), Ok(last)) => (first..=last).collect(),
        _ => Vec::new(),
    }
}

fn move_to(cores: &str) -> anyhow::Result<()> {
    let own = std::process::id().to_string();
    let status = Command::new("taskset").args(["-acp", cores, &own]).stdout(Stdio::null()).status()?;
    ensure!(status.success(), "taskset cannot move this process to core {cores}");
    Ok(())
}

/// Sees how much of the machine others use.
pub(crate) struct Meter {
    processes: Vec<u32>,
    begun: Instant,
    busy: Duration,
    ours: Duration,
}

impl Meter {
    /// Begins; `processes` and this one are ours.
    pub(crate) fn begin(processes: &[u32]) -> anyhow::Result<Self> {
        let mut processes = processes.to_vec();
        processes.push(std::process::id());
        Ok(Self { begun: now(), busy: busy()?, ours: used(&processes)?, processes })
    }

    /// The cores that others used on average since.
    pub(crate) fn others(&self) -> anyhow::Result<f64> {
        let busy = busy()?.saturating_sub(self.busy);
        let ours = used(&self.processes)?.saturating_sub(self.ours);
        Ok(busy.saturating_sub(ours).as_secs_f64() / self.begun.elapsed().as_secs_f64().max(0.001))
    }

    /// Whether they left enough of it.
    pub(crate) fn trust(&self, others_cores: f64) -> anyhow::Result<Trust> {
        let others = self.others()?;
        let busy = others > others_cores;
        Ok(if busy { Trust::Disturbed(format!("others used {others:.2} cores")) } else { Trust::Fair })
    }
}

/// What these processes used, and the children of this one that have ended.
fn used(processes: &[u32]) -> anyhow::Result<Duration> {
    let running: Duration =
        processes.iter().map(|process| Ok(Usage::of(*process)?.total())).sum::<anyhow::Result<_>>()?;
    Ok(running + ended()?)
}

/// `cutime` and `cstime` of `/proc/self/stat`, in ticks of 10 ms.
pub(crate) fn ended() -> anyhow::Result<Duration> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let (_, after_name) = stat.rsplit_once(')').context("/proc/self/stat has another form")?;
    let ticks = after_name.split_whitespace().skip(13).take(2).map(str::parse::<u64>);
    Ok(Duration::from_millis(10 * ticks.sum::<Result<u64, _>>()?))
}

/// What all processes used since the machine started, and what its host took away: `user`, `nice`,
/// `system` and `steal` of `/proc/stat`, in ticks of 10 ms.
fn busy() -> anyhow::Result<Duration> {
    let stat = fs::read_to_string("/proc/stat")?;
    let line = stat.lines().next().unwrap_or_default();
    let ticks: Vec<u64> = line.split_whitespace().skip(1).filter_map(|number| number.parse().ok()).collect();
    let [user, nice, system, _, _, _, _, steal, ..] = ticks[..] else { anyhow::bail!("/proc/stat has another form") };
    Ok(Duration::from_millis(10 * (user + nice + system + steal)))
}

/// Waits; nothing that could be waited for happens meanwhile.
pub(crate) async fn pause(span: Duration) {
    let nothing = std::future::pending::<()>();
    let _elapsed = tokio::time::timeout(span, nothing).await;
}
