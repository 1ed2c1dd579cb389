//! Health and metrics, on an address of their own that only this machine reaches.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{StatusCode, header};
use tokio::time::timeout;

use crate::engine::Engine;
use crate::metrics::RequestCounts;

/// How long the database may take to say that it is there.
const PROBE: Duration = Duration::from_secs(2);
/// Deliveries that are counted at most.
const DELIVERIES_COUNTED: u32 = 1_000;

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
        .route("/metrics", get(metrics))
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

/// In Prometheus' text format, version 0.0.4.
async fn metrics(State(operations): State<Operations>) -> Response {
    let mut text = operations.counts.to_string();
    // Writing to a String cannot fail.
    let _ = write!(
        text,
        "# HELP kapu_build_info The program that runs.\n# TYPE kapu_build_info gauge\n\
         kapu_build_info{{version=\"{}\"}} 1\n",
        env!("CARGO_PKG_VERSION")
    );
    let now = operations.engine.broker.now();
    if let Ok(due) = operations.engine.store.outbox_due(now, DELIVERIES_COUNTED).await {
        let _ = write!(
            text,
            "# HELP kapu_deliveries_due Letters and logout tokens that are due and not delivered.\n\
             # TYPE kapu_deliveries_due gauge\nkapu_deliveries_due {}\n",
            due.len()
        );
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}
