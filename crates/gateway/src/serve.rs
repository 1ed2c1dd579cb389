//! `kapu serve`, and what it has in common with the demo.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context as _;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use web::{Installation, Web};

use crate::config::Config;
use crate::deliver::{Courier, Reach};
use crate::engine::{Engine, Settings};
use crate::http::Front;
use crate::http::listen::{FINISH_WITHIN, Shutdown, serve};
use crate::metrics::RequestCounts;
use crate::origin::Scheme;
use crate::{operations, workers};

/// Serves an installation until it is told to stop.
///
/// # Errors
///
/// What is not in order, before anything is served.
pub async fn run(config: &Config) -> anyhow::Result<()> {
    let (end, ended) = Shutdown::channel();
    on_signal(end)?;
    let listener = listen(config.listen).await?;
    let operations_listener = listen(config.operations_listen).await?;
    // Port 0 in the configuration is any free one.
    let (listen_on, operations_on) = (listener.local_addr()?, operations_listener.local_addr()?);
    let engine = Settings::from(config).start().await?;
    let web = Web::new(Installation {
        broker: engine.broker.clone(),
        kau: config.origins.kau.to_string(),
        ugyfelkapu: config.origins.ugyfelkapu.to_string(),
        phone: config.help_phone.clone(),
    });
    let counts = Arc::new(RequestCounts::default());
    let mut front = Front::builder(Scheme::Https, config.trusted_proxies.clone(), Arc::clone(&counts), &*engine.random)
        .host(&config.origins.kau, web.kau())
        .host(&config.origins.ugyfelkapu, web.ugyfelkapu());
    if let Some(wallet) = &config.wallet {
        front = front.place_headers(wallet.place_headers.clone());
    }
    if let Some(dap) = &config.origins.dap {
        front = front.host(dap, web.dap());
    }
    let front = front.build();
    let (clock, random) = (Arc::clone(&engine.clock), Arc::clone(&engine.random));
    let courier = Arc::new(Courier::new(web, &config.mail, Reach::Public, clock, random)?);
    let watched = tokio::spawn(serve(
        vec![operations_listener],
        operations::router(engine.clone(), counts),
        OPERATIONS_CONNECTIONS,
        ended.clone(),
    ));
    tracing::info!(%listen_on, %operations_on, kau = %config.origins.kau, "serving");
    run_until(&engine, courier, vec![listener], front, config.connections, ended).await;
    let _ended = watched.await;
    tracing::info!("stopped");
    Ok(())
}

/// Connections to health and metrics at one time.
pub const OPERATIONS_CONNECTIONS: usize = 32;

/// Serves and works until the end is announced, and then finishes what runs.
pub async fn run_until(
    engine: &Engine,
    courier: Arc<Courier>,
    listeners: Vec<TcpListener>,
    front: Front,
    connections: usize,
    ended: Shutdown,
) {
    let fetcher = Arc::new(courier.reach());
    let mut workers = workers::start(engine, courier, fetcher, &ended);
    serve(listeners, front, connections, ended).await;
    let finish = async { while workers.join_next().await.is_some() {} };
    if tokio::time::timeout(FINISH_WITHIN, finish).await.is_err() {
        tracing::warn!("some work did not finish in time");
    }
}

/// Listens, or says why that is not possible.
///
/// # Errors
///
/// Names the address.
pub async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))
}

/// Announces the end on the signals that ask a process to stop.
///
/// # Errors
///
/// When the system takes no handler for them.
pub fn on_signal(end: watch::Sender<bool>) -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate()).context("no handler for SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("no handler for SIGINT")?;
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        end.send_replace(true);
    });
    Ok(())
}
