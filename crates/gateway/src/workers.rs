//! What the gateway does by itself while it serves. None of it stands before the first answer.

use std::sync::Arc;
use std::time::Duration;

use broker::{Deliverer, MetadataFetcher};
use tokio::task::JoinSet;
use tokio::time::{Interval, MissedTickBehavior, interval, timeout};

use crate::engine::Engine;
use crate::http::listen::Shutdown;

/// Deliveries that another process wrote, or that are due again, are looked for this often.
const LOOK_FOR_DELIVERIES: Duration = Duration::from_secs(1);
/// What another process registered or rotated is seen after this.
const LOOK_FOR_KEYS: Duration = Duration::from_secs(1);
/// How often a key's age is looked at.
const ROTATE: Duration = Duration::from_hours(1);
/// How often metadata that are due are looked for.
const LOOK_FOR_METADATA: Duration = Duration::from_mins(1);
/// What another process did to a wallet's request is seen after this.
const LOOK_FOR_WALLETS: Duration = Duration::from_secs(1);
/// How often what lapsed is removed.
const SWEEP: Duration = Duration::from_mins(1);

/// Starts them. They end when the end is announced.
pub fn start(
    engine: &Engine,
    deliverer: Arc<dyn Deliverer>,
    fetcher: Arc<dyn MetadataFetcher>,
    shutdown: &Shutdown,
) -> JoinSet<()> {
    let mut workers = JoinSet::new();
    workers.spawn(deliver(engine.clone(), deliverer, shutdown.clone()));
    workers.spawn(follow_keys(engine.clone(), shutdown.clone()));
    workers.spawn(every(ROTATE, engine.clone(), shutdown.clone(), async |engine: &Engine| {
        engine.broker.rotate_due_keys().await
    }));
    workers.spawn(every(SWEEP, engine.clone(), shutdown.clone(), async |engine: &Engine| engine.broker.sweep().await));
    workers.spawn(refresh_metadata(engine.clone(), fetcher, shutdown.clone()));
    workers.spawn(look_for_wallets(engine.clone(), shutdown.clone()));
    workers
}

/// Reads the metadata of services again when they are due.
async fn refresh_metadata(engine: Engine, fetcher: Arc<dyn MetadataFetcher>, shutdown: Shutdown) {
    let mut rounds = Rounds::every(LOOK_FOR_METADATA, shutdown);
    while rounds.next().await {
        told(engine.broker.refresh_metadata(&*fetcher).await);
    }
}

/// Tells the pages that wait for a wallet what became of it. At the end none of them is kept.
async fn look_for_wallets(engine: Engine, shutdown: Shutdown) {
    let mut rounds = Rounds::every(LOOK_FOR_WALLETS, shutdown);
    while rounds.next().await {
        told(engine.broker.look_for_wallets().await);
    }
    engine.broker.end_wallet_watches();
}

/// Delivers whatever is due, until nothing is, and again when something is.
async fn deliver(engine: Engine, deliverer: Arc<dyn Deliverer>, mut shutdown: Shutdown) {
    loop {
        let made = tokio::select! {
            biased;
            () = shutdown.announced() => return,
            made = engine.broker.deliver(&*deliverer) => made,
        };
        match made {
            Ok(1..) => continue,
            Ok(0) => {}
            Err(fault) => tracing::error!(fault = &fault as &dyn std::error::Error, "deliveries cannot be read"),
        }
        tokio::select! {
            () = shutdown.announced() => return,
            _due = timeout(LOOK_FOR_DELIVERIES, engine.broker.delivery_due()) => {}
        }
    }
}

/// Reads the signing keys again when somebody wrote some.
async fn follow_keys(engine: Engine, mut shutdown: Shutdown) {
    let mut seen = None;
    loop {
        match engine.store.revision().await {
            Ok(now) if seen == Some(now) => {}
            Ok(now) => match engine.broker.reload_keys().await {
                Ok(()) => seen = Some(now),
                Err(fault) => tracing::error!(fault = &fault as &dyn std::error::Error, "the keys cannot be read"),
            },
            Err(error) => tracing::error!(fault = &error as &dyn std::error::Error, "the database does not answer"),
        }
        if timeout(LOOK_FOR_KEYS, shutdown.announced()).await.is_ok() {
            return;
        }
    }
}

/// Does something at once and then at intervals.
async fn every<W>(span: Duration, engine: Engine, shutdown: Shutdown, work: W)
where
    W: AsyncFn(&Engine) -> Result<(), broker::Fault>,
{
    let mut rounds = Rounds::every(span, shutdown);
    while rounds.next().await {
        told(work(&engine).await);
    }
}

fn told(done: Result<(), broker::Fault>) {
    if let Err(fault) = done {
        tracing::error!(fault = &fault as &dyn std::error::Error, "upkeep failed");
    }
}

/// At once and then at intervals, until the end is announced.
struct Rounds {
    ticks: Interval,
    shutdown: Shutdown,
}

impl Rounds {
    fn every(span: Duration, shutdown: Shutdown) -> Self {
        let mut ticks = interval(span);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self { ticks, shutdown }
    }

    /// Waits for the next one; false when there is none.
    async fn next(&mut self) -> bool {
        tokio::select! {
            biased;
            () = self.shutdown.announced() => false,
            _tick = self.ticks.tick() => true,
        }
    }
}
