//! Row 14, under load: with the hash pool full, discovery and the key set stay quick and memory stays flat.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

use super::Run;
use crate::http::Connection;
use crate::installation::{DISCOVERY, Installation, KAU, Running, get};
use crate::machine::{Meter, now, pause};
use crate::process::Memory;
use crate::sample::Sample;
use crate::sign_in::SignIn;
use crate::table::{Row, Trust};

/// Browsers that try passwords at one time: more than the pool has threads, fewer than its queue admits.
const GUESSERS: u64 = 32;
/// A document is asked for this often, so that asking is no load of its own.
const ASK_EVERY: Duration = Duration::from_millis(4);
/// How long the unloaded latency is measured, before and after.
const UNLOADED: Duration = Duration::from_secs(5);
/// A pool that computes less than this part of the time is not full.
const FULL: f64 = 0.5;

/// Measures both.
pub(crate) async fn saturation(run: &Run<'_>, installation: &Installation) -> anyhow::Result<Vec<Row>> {
    run.cores.spread()?;
    let kapu = installation.start(run.cores.pinned(installation.kapu())).await?;
    let paths = [DISCOVERY.to_owned(), kapu.key_set().await?];
    run.cores.stand_aside()?;
    let mut unloaded = latencies(&kapu, &paths, UNLOADED).await?;

    let mut guessers = JoinSet::new();
    for nth in 0..GUESSERS {
        let mut browser = SignIn::of(0, Connection::open(kapu.address).await?);
        browser.begin().await?;
        guessers.spawn(guess(browser, nth));
    }
    let meter = Meter::begin(&[kapu.program.id()])?;
    let (begun, before) = (now(), kapu.program.usage()?);
    let settled = Duration::from_secs(run.protocol.settled_seconds);
    let whole = Duration::from_secs(run.protocol.saturated_seconds);
    let mut loaded = latencies(&kapu, &paths, settled).await?;
    let first = kapu.program.memory()?;
    loaded.extend(latencies(&kapu, &paths, whole.saturating_sub(settled)).await?);
    let last = kapu.program.memory()?;
    let full = kapu.program.usage()?.since(&before).hashing.as_secs_f64() / begun.elapsed().as_secs_f64();
    let quiet = meter.trust(run.protocol.others_cores)?;
    if let Some(ended) = guessers.try_join_next() {
        ended??;
    }
    guessers.shutdown().await;

    // What waits in the queue is worked off first.
    pause(UNLOADED).await;
    unloaded.extend(latencies(&kapu, &paths, UNLOADED).await?);
    kapu.program.stop()?;
    run.cores.spread()?;
    let trust = if full < FULL {
        Trust::Disturbed(format!("the hash pool computed only {:.0} % of the time", full * 100.0))
    } else {
        quiet
    };
    Ok(vec![latency(run, &Sample::of(unloaded), &Sample::of(loaded), full, &trust), growth(run, first, last, &trust)])
}

fn latency(run: &Run<'_>, unloaded: &Sample, loaded: &Sample, full: f64, trust: &Trust) -> Row {
    let slice = run.protocol.scheduler_slice_ms;
    let ratio = (loaded.p99() - slice).max(0.0) / unloaded.p99();
    Row::compared(
        ("14", &format!("p99 of discovery and key set, hash pool {:.0} % busy", full * 100.0)),
        (unloaded.p99(), &format!("ms unloaded; less a slice of {slice} ms")),
        (loaded.p99(), "ms"),
        ratio,
        run.goals.saturated_p99_ratio,
        trust,
    )
}

fn growth(run: &Run<'_>, first: Memory, last: Memory, trust: &Trust) -> Row {
    let (settled, end) = (run.protocol.settled_seconds, run.protocol.saturated_seconds);
    Row::compared(
        ("14", "PSS with the hash pool full, end to settled"),
        (first.pss, &format!("MiB after {settled} s")),
        (last.pss, &format!("MiB after {end} s")),
        last.pss / first.pss,
        run.goals.saturated_growth,
        trust,
    )
}

/// Wrong, or waited longer than the queue's patience allows.
const ANSWERS: [u16; 2] = [422, 503];

/// Tries passwords of names that nobody has, each costing a hash, until it is ended.
async fn guess(mut browser: SignIn, nth: u64) -> anyhow::Result<()> {
    for attempt in 0_u64.. {
        let status = browser.wrong_password(&format!("senki.{nth}.{attempt}")).await?;
        ensure!(ANSWERS.contains(&status), "a wrong password is answered {status}");
    }
    Ok(())
}

/// Asks for the documents in turn and says how long each answer took, in milliseconds.
async fn latencies(kapu: &Running, paths: &[String], span: Duration) -> anyhow::Result<Vec<f64>> {
    let requests: Vec<Vec<u8>> = paths.iter().map(|path| get(KAU, path)).collect();
    let mut connection = Connection::open(kapu.address).await?;
    let mut ticks = interval(ASK_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let begun = now();
    let mut took = Vec::new();
    for request in requests.iter().cycle() {
        ticks.tick().await;
        if begun.elapsed() >= span {
            break;
        }
        let asked = now();
        let response = connection.exchange(request).await.context("a document under load")?;
        took.push(asked.elapsed().as_secs_f64() * 1000.0);
        ensure!(response.status == 200, "a document is answered {}", response.status);
    }
    Ok(took)
}
