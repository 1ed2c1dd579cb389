//! This machine's clock and randomness: the one place that asks for them.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use model::{Clock, Random, Timestamp};

/// The system's clock.
#[derive(Debug)]
pub struct SystemClock;

impl SystemClock {
    /// The clock, to be handed out.
    pub fn shared() -> Arc<dyn Clock> {
        Arc::new(Self)
    }
}

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that everybody else is given")]
    fn now(&self) -> Timestamp {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_micros(i64::try_from(since_epoch.as_micros()).unwrap_or(i64::MAX))
    }
}

/// The system's randomness, straight from the kernel: the cryptographic library's own generator takes
/// fifty milliseconds to gather its first seed, which would stand before the first answer.
#[derive(Debug)]
pub struct SystemRandom;

impl SystemRandom {
    /// The source, to be handed out.
    pub fn shared() -> Arc<dyn Random> {
        Arc::new(Self)
    }
}

impl Random for SystemRandom {
    /// Ends the process when there is no randomness: nothing weaker may stand in for it.
    #[expect(clippy::disallowed_methods, reason = "this is the source that everybody else is given")]
    fn fill(&self, bytes: &mut [u8]) {
        if getrandom::fill(bytes).is_err() {
            eprintln!("kapu: the operating system gives no randomness");
            std::process::abort();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_is_past_the_day_this_was_written_and_draws_differ() {
        assert!(SystemClock.now() > Timestamp::from_seconds(1_763_000_000));
        let random: &dyn Random = &SystemRandom;
        assert_ne!(random.bytes::<32>(), random.bytes::<32>());
    }
}
