//! How often one may try (`decisions.md` section 7): arithmetic only, the counters are rows.
//!
//! An attempt is counted *before* it is checked, by a conditional write against
//! [`Limit::room`]; one that turns out right is given back. So a thousand attempts at one time
//! are no more than the limit, and a crash in between counts.

mod buckets;
mod totp;

use std::time::Duration;

use model::Timestamp;

pub use buckets::{Bucket, Device, Network, client_secret, contact_codes, deletion_code, enrolments, password};
pub use totp::{TotpStanding, TotpTries};

const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);

/// So many tries in a span of time, counted in windows that begin at whole multiples of their
/// length since the epoch.
///
/// A limit over one window is simple and may let twice as many pass around its edge. A limit over
/// several counts all windows that its span could touch: no span of that length ever holds more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    tries: u32,
    window: Duration,
    windows: u32,
}

/// What a window's counter holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// When the window began.
    pub window: Timestamp,
    /// Tries counted in it.
    pub tries: u32,
}

impl Limit {
    /// A limit over one window.
    pub const fn fixed(tries: u32, window: Duration) -> Self {
        Self { tries, window, windows: 1 }
    }

    /// A limit over every span of that length, counted by windows that it is a multiple of.
    #[expect(clippy::cast_possible_truncation, reason = "a span of a few hundred windows")]
    pub const fn rolling(tries: u32, span: Duration, window: Duration) -> Self {
        // A span that begins within one window touches one more than it is long.
        Self { tries, window, windows: (span.as_secs() / window.as_secs()) as u32 + 1 }
    }

    /// Tries that may be counted in all.
    pub const fn tries(&self) -> u32 {
        self.tries
    }

    /// The start of the window that a try at `now` is counted in.
    pub fn window_of(&self, now: Timestamp) -> Timestamp {
        let length = self.window_micros();
        Timestamp::from_micros(now.micros().div_euclid(length).saturating_mul(length))
    }

    /// The start of the oldest window that still counts at `now`. Older counters may be swept.
    pub fn oldest_window(&self, now: Timestamp) -> Timestamp {
        self.window_of(now) - self.window * (self.windows - 1)
    }

    /// How long a counter is of use after its window began.
    pub fn lifetime(&self) -> Duration {
        self.window * self.windows
    }

    /// What the present window's counter may reach at most, given the others that count: the
    /// bound of the conditional write. 0 when there is no room.
    pub fn room(&self, counted: &[Counted], now: Timestamp) -> u32 {
        let (oldest, present) = (self.oldest_window(now), self.window_of(now));
        let earlier = counted.iter().filter(|c| c.window >= oldest && c.window < present);
        self.tries.saturating_sub(earlier.fold(0, |sum: u32, c| sum.saturating_add(c.tries)))
    }

    /// `None` when a try may be counted at `now`, else the first instant at which one may.
    pub fn closed_until(&self, counted: &[Counted], now: Timestamp) -> Option<Timestamp> {
        let oldest = self.oldest_window(now);
        let mut counting: Vec<_> = counted.iter().filter(|c| c.window >= oldest).collect();
        counting.sort_unstable_by_key(|c| c.window);
        let mut sum = counting.iter().fold(0, |sum: u32, c| sum.saturating_add(c.tries));
        let mut open = None;
        for leaving in counting {
            if sum < self.tries {
                break;
            }
            sum -= leaving.tries;
            open = Some(leaving.window + self.lifetime());
        }
        open
    }

    fn window_micros(&self) -> i64 {
        i64::try_from(self.window.as_micros()).unwrap_or(i64::MAX).max(1)
    }
}

#[cfg(test)]
mod tests;
