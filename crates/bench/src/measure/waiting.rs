//! Pages that wait for a wallet: each shows a picture and holds its events open.

use std::net::Ipv4Addr;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::ensure;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::Run;
use crate::http::Connection;
use crate::installation::{Installation, Running};
use crate::machine::{Meter, now, pause};
use crate::sample::{Sample, figure};
use crate::sign_in::{Arrived, SignIn};
use crate::table::{Row, Trust};

/// Twice as many connections as pages wait at most; and a proxy that says whose they are, since a network has its limit.
const CONFIGURATION: &str = "[wallet]\n[limits]\nconnections = 24000\ntrusted_proxies = [\"127.0.0.1\"]\n";
/// Browsers that do something at one time.
const AT_ONCE: u32 = 32;
/// Browsers of one network.
const OF_NETWORK: u32 = 100;
/// How long nothing happens but waiting.
const IDLE: Duration = Duration::from_secs(20);
/// A picture lapses after a minute: what took longer is no waiting any more.
const WHOLE: Duration = Duration::from_secs(55);

/// Measures memory and time.
pub(crate) async fn waiting(run: &Run<'_>, kapu: &Path) -> anyhow::Result<Vec<Row>> {
    let (pages, goals) = (run.protocol.waiting_pages, run.goals);
    let folder = run.folder.join("waiting");
    let installation = Box::pin(Installation::configured(kapu, folder, 1, CONFIGURATION)).await?;
    run.cores.spread()?;
    let kapu = installation.start(Command::new(installation.kapu())).await?;
    let browsers = arrived(&kapu, pages).await?;
    pause(super::memory::IDLE_AFTER).await;
    let before = kapu.program.memory()?;

    let begun = now();
    let mut streams = opened(&kapu, browsers).await?;
    pause(Duration::from_secs(1)).await;
    let open_after = begun.elapsed();
    let (usage, meter) = (kapu.program.usage()?, Meter::begin(&[kapu.program.id(), std::process::id()])?);
    pause(IDLE).await;
    let spent = kapu.program.usage()?.since(&usage);
    let after = kapu.program.memory()?;
    let trust = if begun.elapsed() > WHOLE {
        Trust::Disturbed(format!("the pages were open after {} s", open_after.as_secs()))
    } else {
        meter.trust(run.protocol.others_cores)?
    };
    for stream in &mut streams {
        let told = stream.try_read(&mut [0]);
        let is_open = told.is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock);
        ensure!(is_open || begun.elapsed() > WHOLE, "a page that waits was told something");
    }
    kapu.program.stop()?;

    let scale = f64::from(pages) / 10_000.0;
    let note = format!("{pages} pages, open after {} s", open_after.as_secs());
    let grown = Sample::of(vec![after.anonymous - before.anonymous]);
    let percent = 100.0 * (spent.hashing + spent.rest).as_secs_f64() / IDLE.as_secs_f64();
    let each = format!("{note}; {} KiB each", figure(grown.median() * 1024.0 / f64::from(pages)));
    Ok(vec![
        Row::figure(
            ("17", "pages that wait for a wallet, memory"),
            (&grown, "MiB"),
            &each,
            goals.waiting_mib * scale,
            &trust,
        ),
        Row::figure(
            ("17", "pages that wait for a wallet, time"),
            (&Sample::of(vec![percent]), "% of a core"),
            &note,
            goals.waiting_core * scale,
            &trust,
        ),
    ])
}

/// Browsers before the choice of the method.
async fn arrived(kapu: &Running, pages: u32) -> anyhow::Result<Vec<Vec<Arrived>>> {
    let (mut tasks, address) = (JoinSet::new(), kapu.address);
    for share in 0..AT_ONCE {
        tasks.spawn(async move {
            let (mut browsers, mut connection) = (Vec::new(), Connection::open(address).await?);
            for nth in (share..pages).step_by(AT_ONCE as usize) {
                let from = Ipv4Addr::from_bits(u32::from_be_bytes([10, 0, 0, 0]) + ((nth / OF_NETWORK) << 8) + 1);
                let (browser, own) = SignIn::of(0, connection).forwarded(from).arrive().await?;
                connection = own;
                browsers.push(browser);
            }
            anyhow::Ok(browsers)
        });
    }
    tasks.join_all().await.into_iter().collect()
}

/// Their pages, waiting.
async fn opened(kapu: &Running, browsers: Vec<Vec<Arrived>>) -> anyhow::Result<Vec<TcpStream>> {
    let (mut tasks, address) = (JoinSet::new(), kapu.address);
    for browsers in browsers {
        tasks.spawn(async move {
            let mut streams = Vec::new();
            for browser in browsers {
                streams.push(browser.wait_for_wallet(Connection::open(address).await?).await?);
            }
            anyhow::Ok(streams)
        });
    }
    let streams: Vec<Vec<TcpStream>> = tasks.join_all().await.into_iter().collect::<anyhow::Result<_>>()?;
    Ok(streams.into_iter().flatten().collect())
}
