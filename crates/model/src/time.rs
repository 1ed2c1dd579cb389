//! Instants, and the clock as a parameter.

use std::ops::{Add, Sub};
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// An instant: whole microseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Timestamp(i64);

impl Timestamp {
    /// From microseconds since the epoch.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// From whole seconds since the epoch.
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1_000_000))
    }

    /// Microseconds since the epoch.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Whole seconds since the epoch, rounded down; a JWT's `NumericDate` (RFC 7519 section 2).
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// How long ago `earlier` was; zero when it lies in the future.
    pub fn since(self, earlier: Timestamp) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

/// A span as microseconds, saturating after 292,000 years.
fn micros(span: Duration) -> i64 {
    i64::try_from(span.as_micros()).unwrap_or(i64::MAX)
}

impl Add<Duration> for Timestamp {
    type Output = Timestamp;
    fn add(self, span: Duration) -> Timestamp {
        Timestamp(self.0.saturating_add(micros(span)))
    }
}

impl Sub<Duration> for Timestamp {
    type Output = Timestamp;
    fn sub(self, span: Duration) -> Timestamp {
        Timestamp(self.0.saturating_sub(micros(span)))
    }
}

/// What time it is. The system's clock in the binary, a virtual one in tests.
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> Timestamp;
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn seconds_round_down_before_the_epoch_too() {
        assert_eq!(Timestamp::from_micros(-1).seconds(), -1);
        assert_eq!(Timestamp::from_micros(1_999_999).seconds(), 1);
    }

    #[test]
    fn the_future_is_not_long_ago() {
        let now = Timestamp::from_seconds(10);
        assert_eq!(now.since(now + Duration::from_secs(1)), Duration::ZERO);
        assert_eq!((now + Duration::from_secs(5)).since(now), Duration::from_secs(5));
    }

    #[test]
    fn the_ends_of_time_do_not_wrap() {
        let (first, last) = (Timestamp::from_micros(i64::MIN), Timestamp::from_micros(i64::MAX));
        assert_eq!(last + Duration::from_secs(1), last);
        assert_eq!(first + Duration::MAX, Timestamp::from_micros(-1), "a span is at most as long as a timestamp");
        assert_eq!(first - Duration::from_secs(1), first);
        assert_eq!(Timestamp::from_seconds(i64::MAX), last);
        assert_eq!(last.since(first), Duration::from_micros(i64::MAX.unsigned_abs()));
    }

    proptest! {
        #[test]
        fn a_span_added_is_the_span_between(
            micros in -1_000_000_000_000_000_000_i64..1_000_000_000_000_000_000,
            span in 0_u64..1_000_000_000_000_000_000,
        ) {
            let (start, span) = (Timestamp::from_micros(micros), Duration::from_micros(span));
            prop_assert_eq!((start + span).since(start), span);
            prop_assert_eq!((start + span) - span, start);
            prop_assert!(start + span >= start);
        }
    }
}
