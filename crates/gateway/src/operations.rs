//! Health and metrics, on an address of their own that only this machine reaches.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{StatusCode, header};
use tokio::time::timeout;

use crate::engine::Engine;
use crate::metrics::{self, Exposition, Kind, MEDIA_TYPE, RequestCounts};

/// How long the database may take to say that it is there.
const PROBE: Duration = Duration::from_secs(2);
/// Deliveries that are counted at most.
const DELIVERIES_COUNTED: u32 = 10_000;

#[derive(Clone)]
struct Operations {
    engine: Engine,
    counts: Arc<RequestCounts>,
}

/// The pages for whoever watches over the gateway.
pub fn router(engine: Engine, counts: Arc<RequestCounts>) -> Router {
    Router::new()
        .route("/health/live", get(|| async { "live\n" }))
        .route("/health/ready", get(ready))
        .route("/metrics", get(show_metrics))
        .with_state(Operations { engine, counts })
}

/// Whether the gateway can do its work: the database answers, for reading and writing.
async fn ready(State(operations): State<Operations>) -> Response {
    match timeout(PROBE, operations.engine.broker.probe()).await {
        Ok(Ok(())) => "ready\n".into_response(),
        Ok(Err(fault)) => {
            tracing::warn!(fault = &fault as &dyn std::error::Error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response()
        }
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer in time\n").into_response(),
    }
}

/// In Prometheus' text format.
async fn show_metrics(State(operations): State<Operations>) -> Response {
    let Operations { engine, counts } = &operations;
    let mut text = Exposition::default();
    text.metric("kapu_build_info", Kind::Gauge, "The program that runs.")
        .sample(&[("version", env!("CARGO_PKG_VERSION"))], 1);
    counts.write(&mut text);
    metrics::write_sign_ins(&engine.broker.sign_ins(), &mut text);
    let mut changes = text.metric("kapu_changes_total", Kind::Counter, "Committed changes by the audit's word.");
    for (event, count) in engine.store.committed() {
        changes.sample(&[("event", event)], count);
    }
    let load = engine.broker.hash_load();
    text.metric("kapu_hash_queue", Kind::Gauge, "Passwords that wait to be hashed.").sample(&[], load.waiting);
    text.metric("kapu_hash_queue_capacity", Kind::Gauge, "How many may wait; one more is turned away.")
        .sample(&[], load.capacity);
    // Without an answer of the database there is no sample: that says more than a wrong one.
    if let Ok(Ok(outbox)) = timeout(PROBE, engine.store.outbox_waiting(DELIVERIES_COUNTED)).await {
        let age = outbox.oldest.map_or(Duration::ZERO, |oldest| engine.broker.now().since(oldest));
        text.metric("kapu_deliveries_waiting", Kind::Gauge, "Letters and logouts that were not delivered yet.")
            .sample(&[], outbox.count);
        text.metric("kapu_deliveries_oldest_seconds", Kind::Gauge, "How long the oldest of them has waited.")
            .sample(&[], age.as_secs());
    }
    ([(header::CONTENT_TYPE, MEDIA_TYPE)], text.into_text()).into_response()
}
