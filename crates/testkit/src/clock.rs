//! A clock that stands still until a test moves it.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use model::{Clock, Timestamp};

/// A clock that stands still until a test moves it.
///
/// Share it as an `Arc`: the product holds one end as a [`Clock`], the test the other.
pub struct VirtualClock(AtomicI64);

impl VirtualClock {
    /// Starts at a readable instant, after the demo's cut-over: 2026-01-01T00:00:00Z.
    pub fn new() -> Self {
        Self::at(Timestamp::from_seconds(1_767_225_600))
    }

    /// Starts at `instant`.
    pub fn at(instant: Timestamp) -> Self {
        Self(AtomicI64::new(instant.micros()))
    }

    /// Lets `span` pass.
    pub fn pass(&self, span: Duration) {
        let micros = i64::try_from(span.as_micros()).unwrap_or(i64::MAX);
        self.0.fetch_add(micros, Ordering::SeqCst);
    }

    /// Sets the clock, backwards too, as an administrator's mistake would.
    pub fn set(&self, instant: Timestamp) {
        self.0.store(instant.micros(), Ordering::SeqCst);
    }
}

impl Default for VirtualClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_passes_when_told_and_not_otherwise() {
        let clock = VirtualClock::new();
        let before = clock.now();
        assert_eq!(clock.now(), before);
        clock.pass(Duration::from_secs(30));
        assert_eq!(clock.now().since(before), Duration::from_secs(30));
        clock.set(before);
        assert_eq!(clock.now(), before);
    }
}
