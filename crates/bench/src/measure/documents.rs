//! Row 1: discovery and the key set, beside a bare axum route with the same bytes.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::ensure;
use async_trait::async_trait;
use tokio::task::JoinSet;

use super::Run;
use crate::bare::{Answer, BareServer};
use crate::http::Connection;
use crate::installation::{DISCOVERY, Installation, Running, get};
use crate::machine::now;
use crate::process::Program;
use crate::rounds::{Contender, play};
use crate::table::Row;

/// One document of one server, asked for by several connections at one time.
struct Document<'a> {
    program: &'a Program,
    address: SocketAddr,
    request: Vec<u8>,
    connections: usize,
}

#[async_trait(?Send)]
impl Contender for Document<'_> {
    async fn work(&mut self, span: Duration) -> anyhow::Result<Vec<f64>> {
        let mut askers = JoinSet::new();
        let before = self.program.usage()?;
        let end = now() + span;
        for _ in 0..self.connections {
            let (address, request) = (self.address, self.request.clone());
            askers.spawn(async move {
                let mut connection = Connection::open(address).await?;
                let mut answered = 0_u32;
                while now() < end {
                    ensure!(connection.exchange(&request).await?.status == 200, "not 200");
                    answered += 1;
                }
                anyhow::Ok(f64::from(answered))
            });
        }
        let mut answered = 0.0;
        while let Some(asker) = askers.join_next().await {
            answered += asker??;
        }
        let spent = self.program.usage()?.since(&before);
        Ok(vec![(spent.rest + spent.hashing).as_secs_f64() * 1e6 / answered])
    }
}

/// Measures both documents.
pub(crate) async fn documents(run: &Run<'_>, installation: &Installation) -> anyhow::Result<Vec<Row>> {
    run.cores.spread()?;
    let kapu = installation.start(run.cores.pinned(installation.kapu())).await?;
    let key_set = kapu.key_set().await?;
    let rows = served(run, &kapu, &[("discovery", DISCOVERY), ("key set", &key_set)]).await?;
    kapu.program.stop()?;
    run.cores.spread()?;
    Ok(rows)
}

/// Measures documents of a gateway that runs, each given by what it is and its path.
pub(super) async fn served(run: &Run<'_>, kapu: &Running, documents: &[(&str, &str)]) -> anyhow::Result<Vec<Row>> {
    run.cores.spread()?;
    let mut answers = Vec::new();
    for (_, path) in documents {
        answers.push(Answer::of(&kapu.get(path).await?));
    }
    let bare = BareServer::start(run.cores, run.folder, &answers, None)?;
    run.cores.stand_aside()?;
    let connections = run.protocol.connections;
    let of = |program, address, path: &str| -> Box<dyn Contender + '_> {
        Box::new(Document { program, address, request: get(path), connections })
    };
    let pairs = documents.iter().enumerate().flat_map(|(nth, (_, path))| {
        [of(&kapu.program, kapu.address, path), of(&bare.program, bare.address, &format!("/{nth}"))]
    });
    let mut contenders: Vec<Box<dyn Contender + '_>> = pairs.collect();
    let outcome = play(run.protocol, &[kapu.program.id(), bare.program.id()], &mut contenders).await?;
    let trust = outcome.trust();
    let rows = documents.iter().enumerate().map(|(nth, (operation, _))| {
        let (ours, limit) = (outcome.of(2 * nth, 0), outcome.of(2 * nth + 1, 0));
        let goal = run.goals.documents_ratio;
        Row::ratio(("1", operation), (&limit, "µs, bare axum"), (&ours, "µs"), goal, &trust)
    });
    Ok(rows.collect())
}
