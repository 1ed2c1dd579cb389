//! Row 14, idle: what `serve` takes when nobody asks anything.

use std::time::Duration;

use super::Run;
use crate::installation::Installation;
use crate::machine::pause;
use crate::process::Program;
use crate::sample::{Sample, figure};
use crate::table::{Row, Trust};

/// After this long a gateway that just started is idle.
pub(super) const IDLE_AFTER: Duration = Duration::from_secs(5);
/// The memory of one hash, in MiB.
const ARENA_MIB: f64 = 19.0;

/// Measures it, with the many accounts.
pub(crate) async fn memory(run: &Run<'_>, installation: &Installation) -> anyhow::Result<Vec<Row>> {
    run.cores.spread()?;
    let kapu = installation.start(std::process::Command::new(installation.kapu())).await?;
    pause(IDLE_AFTER).await;
    let operation = "idle memory of serve, anonymous PSS less arenas";
    let row = idle(("14", operation), &kapu.program, run.goals.serve_mib)?;
    kapu.program.stop()?;
    Ok(vec![row])
}

/// The row of a program that is idle. SQLite's cache would be left out as well; it is nearly empty
/// then, so nothing is.
pub(super) fn idle(named: (&'static str, &str), program: &Program, goal: f64) -> anyhow::Result<Row> {
    let memory = program.memory()?;
    let arenas = program.usage()?.hash_threads();
    let arenas_mib = ARENA_MIB * u32::try_from(arenas).map_or(f64::NAN, f64::from);
    let note = format!(
        "{arenas} arenas {} MiB; in all {} MiB, with shared files {} MiB",
        figure(arenas_mib),
        figure(memory.anonymous),
        figure(memory.pss)
    );
    let ours = Sample::of(vec![memory.anonymous - arenas_mib]);
    Ok(Row::figure(named, (&ours, "MiB"), &note, goal, &Trust::Fair))
}
