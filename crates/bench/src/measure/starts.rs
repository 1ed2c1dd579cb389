//! Row 15: from nothing to the first answer, and how the demo comes back.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{ChildStdout, Command, Stdio};

use anyhow::{Context as _, ensure};

use super::Run;
use super::memory::{IDLE_AFTER, idle};
use crate::installation::{Installation, free_address};
use crate::machine::{Meter, now, pause};
use crate::process::Program;
use crate::sample::Sample;
use crate::table::Row;

/// Starts `serve` several times; what it reads is in the cache after the first.
pub(crate) async fn starts(run: &Run<'_>, installation: &Installation) -> anyhow::Result<Vec<Row>> {
    run.cores.spread()?;
    let mut took = Vec::new();
    let meter = Meter::begin(&[])?;
    for nth in 0..=run.protocol.starts {
        let begun = now();
        let kapu = installation.start(Command::new(installation.kapu())).await?;
        if nth > 0 {
            took.push(begun.elapsed().as_secs_f64() * 1000.0);
        }
        kapu.program.stop()?;
    }
    let operation = format!("start to the first discovery answer, {} accounts", installation.people());
    let trust = meter.trust(run.protocol.others_cores)?;
    let goal = run.goals.start_ms;
    Ok(vec![Row::figure(("15", &operation), (&Sample::of(took), "ms"), "warm cache", goal, &trust)])
}

/// A demo that is ready. What it says is kept open, so that it can go on.
struct Demo {
    program: Program,
    _told: BufReader<ChildStdout>,
}

/// The demo: ready again after its first start, and idle.
pub(crate) async fn demo(run: &Run<'_>, kapu: &Path) -> anyhow::Result<Vec<Row>> {
    run.cores.spread()?;
    let folder = run.folder.join("demo");
    fs::create_dir(&folder)?;
    let listen = free_address()?.to_string();
    let start = || -> anyhow::Result<Demo> {
        let mut command = Command::new(kapu);
        command.args(["demo", "--listen", &listen, "--data"]).arg(folder.join("data")).current_dir(&folder);
        command.stderr(File::options().create(true).append(true).open(folder.join("log"))?).stdin(Stdio::null());
        let mut program = Program::start_talking(command)?;
        let told = program.child().stdout.take().context("standard output")?;
        let mut told = BufReader::new(told);
        let mut line = String::new();
        while told.read_line(&mut line)? > 0 {
            if line.starts_with("ready ") {
                return Ok(Demo { program, _told: told });
            }
            line.clear();
        }
        anyhow::bail!("the demo ended; its log:\n{}", fs::read_to_string(folder.join("log"))?)
    };
    start()?.program.stop()?;
    let mut took = Vec::new();
    let meter = Meter::begin(&[])?;
    for _ in 0..run.protocol.starts {
        let begun = now();
        let demo = start()?;
        took.push(begun.elapsed().as_secs_f64() * 1000.0);
        demo.program.stop()?;
    }
    let trust = meter.trust(run.protocol.others_cores)?;
    let demo = start()?;
    pause(IDLE_AFTER).await;
    let memory = idle(("14", "idle memory of demo, anonymous PSS less arenas"), &demo.program, run.goals.demo_mib)?;
    demo.program.stop()?;
    ensure!(!took.is_empty(), "the demo was never started");
    let took = Sample::of(took);
    let ready = Row::figure(("15", "demo ready again"), (&took, "ms"), "kept data", run.goals.demo_start_ms, &trust);
    Ok(vec![memory, ready])
}
