//! The one place where this crate waits for time to pass. It measures patience with a server,
//! and decides nothing else; instants that mean something are parameters.

use std::future::Future;
use std::time::Duration;

/// For a connection of the pool.
pub(super) const ADMISSION: Duration = Duration::from_secs(2);
/// For a connection to be made.
pub(super) const CONNECTING: Duration = Duration::from_secs(2);
/// For a read or a transaction in all, a connection included. More than [`ADMISSION`] and
/// [`CONNECTING`], so that their errors are the ones that are told.
pub(super) const ANSWER: Duration = Duration::from_secs(5);

/// The first wait after a collision; it doubles each time.
const BACK_OFF: Duration = Duration::from_millis(4);
/// By how much the waits of two that collided differ.
const SPREAD: Duration = Duration::from_millis(1);

/// What the future gives, unless it takes longer.
pub(super) async fn within<T>(limit: Duration, future: impl Future<Output = T>) -> Option<T> {
    tokio::time::timeout(limit, future).await.ok()
}

/// Lets those that collided with us pass. `nth` differs between those that wait at one time.
#[expect(clippy::disallowed_methods, reason = "there is no event that says when a row is free of others")]
pub(super) async fn back_off(attempt: u32, nth: u32) {
    tokio::time::sleep(BACK_OFF * (1 << attempt.min(8)) + SPREAD * (nth % 8)).await;
}
