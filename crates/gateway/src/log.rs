//! The log: one JSON object a line on standard error, without secrets.

use tracing::Level;

/// Starts it; called once.
pub fn start(level: Level) {
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_max_level(level)
        .with_writer(std::io::stderr)
        .init();
}
