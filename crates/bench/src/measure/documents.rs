//! Row 1: discovery and the key set, beside a bare axum route with the same bytes.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::ensure;
use async_trait::async_trait;
use tokio::task::JoinSet;

use super::Run;
use crate::bare::{Answer, BareServer};
use crate::http::Connection;
use crate::installation::{DISCOVERY, Installation, KAU, Running, get};
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

/// A document, and what it is held to.
pub(super) struct Served<'a> {
    pub(super) number: &'static str,
    pub(super) operation: &'a str,
    pub(super) origin: &'a str,
    pub(super) path: &'a str,
    pub(super) goal: f64,
}

impl<'a> Served<'a> {
    /// One of row 1, at the broker's origin.
    pub(super) fn at_broker(run: &Run<'_>, operation: &'a str, path: &'a str) -> Self {
        Self { number: "1", operation, origin: KAU, path, goal: run.goals.documents_ratio }
    }
}

/// Measures both documents.
pub(crate) async fn documents(run: &Run<'_>, installation: &Installation) -> anyhow::Result<Vec<Row>> {
    run.cores.spread()?;
    let kapu = installation.start(run.cores.pinned(installation.kapu())).await?;
    let key_set = kapu.key_set().await?;
    let [discovery, keys] = [("discovery", DISCOVERY), ("key set", key_set.as_str())];
    let both = [discovery, keys].map(|(operation, path)| Served::at_broker(run, operation, path));
    let rows = served(run, &kapu, &both).await?;
    kapu.program.stop()?;
    run.cores.spread()?;
    Ok(rows)
}

/// Measures documents of a gateway that runs.
pub(super) async fn served(run: &Run<'_>, kapu: &Running, documents: &[Served<'_>]) -> anyhow::Result<Vec<Row>> {
    run.cores.spread()?;
    let mut answers = Vec::new();
    for document in documents {
        answers.push(Answer::of(&kapu.get(document.origin, document.path).await?));
    }
    let bare = BareServer::start(run.cores, run.folder, &answers, None)?;
    run.cores.stand_aside()?;
    let connections = run.protocol.connections;
    let of = |program, address, request| -> Box<dyn Contender + '_> {
        Box::new(Document { program, address, request, connections })
    };
    let pairs = documents.iter().enumerate().flat_map(|(nth, document)| {
        let ours = of(&kapu.program, kapu.address, get(document.origin, document.path));
        [ours, of(&bare.program, bare.address, get(KAU, &format!("/{nth}")))]
    });
    let mut contenders: Vec<Box<dyn Contender + '_>> = pairs.collect();
    let outcome = play(run.protocol, &[kapu.program.id(), bare.program.id()], &mut contenders).await?;
    let trust = outcome.trust();
    let rows = documents.iter().enumerate().map(|(nth, Served { number, operation, goal, .. })| {
        let (ours, limit) = (outcome.of(2 * nth, 0), outcome.of(2 * nth + 1, 0));
        Row::ratio((number, operation), (&limit, "µs, bare axum"), (&ours, "µs"), *goal, &trust)
    });
    Ok(rows.collect())
}
