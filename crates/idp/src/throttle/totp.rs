//! The limit of wrong authenticator codes.
//!
//! A guess needs the right password first, so a stranger can lock nobody out by it, and the limit
//! may be hard: it bounds the guesses of a year, not of a window.

use model::Timestamp;
use model::limits::{TOTP_FREEZE, TOTP_TRIES, TOTP_WAIT, TOTP_WAIT_MAX, TOTP_YEAR, TOTP_YEAR_TRIES};

use super::{DAY, Limit};

/// What is known of the wrong codes of one person. A code is counted as wrong before it is
/// checked; a right one sets `since_success` back to 0 and takes its own count off `in_year`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TotpTries {
    /// Wrong codes since the last right one.
    pub since_success: u32,
    /// Wrong codes in [`TOTP_YEAR`], right ones between or not.
    pub in_year: u32,
    /// When the last one was counted.
    pub last: Option<Timestamp>,
}

/// Whether a code may be tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TotpStanding {
    /// It may: this many more before the next wait or freeze.
    Open {
        /// At least 1.
        left: u32,
    },
    /// Back to the password, and not before this instant.
    Wait {
        /// The first instant at which a code may be tried again.
        until: Timestamp,
    },
    /// Never again with this authenticator; it needs another way.
    Frozen,
}

impl TotpTries {
    /// The limit behind `in_year`: windows of a day, so that no 365 days hold more.
    pub const fn year() -> Limit {
        Limit::rolling(TOTP_YEAR_TRIES, TOTP_YEAR, DAY)
    }

    /// Where the person stands at `now`. Ask before a code is counted, and again after a wrong
    /// one to say what follows.
    pub fn standing(&self, now: Timestamp) -> TotpStanding {
        if self.since_success >= TOTP_FREEZE || self.in_year >= TOTP_YEAR_TRIES {
            return TotpStanding::Frozen;
        }
        if let Some(until) = self.wait_ends().filter(|until| now < *until) {
            return TotpStanding::Wait { until };
        }
        let before_wait = TOTP_TRIES - self.since_success % TOTP_TRIES;
        let before_freeze = (TOTP_FREEZE - self.since_success).min(TOTP_YEAR_TRIES - self.in_year);
        TotpStanding::Open { left: before_wait.min(before_freeze) }
    }

    /// The end of the wait that the last wrong code began: each fifth in a row begins one, twice
    /// as long as the one before.
    fn wait_ends(&self) -> Option<Timestamp> {
        let rounds = self.since_success / TOTP_TRIES;
        if rounds == 0 || !self.since_success.is_multiple_of(TOTP_TRIES) {
            return None;
        }
        let doubled = 1_u32.checked_shl(rounds - 1).unwrap_or(u32::MAX);
        self.last.map(|last| last + TOTP_WAIT.saturating_mul(doubled).min(TOTP_WAIT_MAX))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const LAST: Timestamp = Timestamp::from_seconds(1_736_500_000);

    fn standing(since_success: u32, in_year: u32, seconds_later: u64) -> TotpStanding {
        let tries = TotpTries { since_success, in_year, last: Some(LAST) };
        tries.standing(LAST + Duration::from_secs(seconds_later))
    }

    fn wait(seconds: u64) -> TotpStanding {
        TotpStanding::Wait { until: LAST + Duration::from_secs(seconds) }
    }

    #[test]
    fn t08_t09_t10_wrong_codes_end_in_a_wait_and_then_in_a_freeze() {
        let open = |left| TotpStanding::Open { left };
        #[rustfmt::skip]
        let table = [
            // in a row, in a year, seconds after the last
            ( 0,   0,   0, open(5)),
            ( 1,   1,   0, open(4)),
            ( 4,   4,   0, open(1)),
            ( 5,   5,   0, wait(60)),
            ( 5,   5,  59, wait(60)),
            ( 5,   5,  60, open(5)),
            ( 6,   6,   0, open(4)),
            (10,  10, 119, wait(120)),
            (10,  10, 120, open(5)),
            (15,  15, 239, wait(240)),
            (15,  15, 240, open(5)),
            (19,  19,   0, open(1)),
            (20,  20,   0, TotpStanding::Frozen),
            (20,  20, 31_536_000, TotpStanding::Frozen),
            ( 0,  99,   0, open(1)),
            ( 0, 100,   0, TotpStanding::Frozen),
            ( 3,  98,   0, open(2)),
            ( 5, 100,   0, TotpStanding::Frozen),
        ];
        for (since_success, in_year, later, expected) in table {
            assert_eq!(standing(since_success, in_year, later), expected, "{since_success} {in_year} after {later} s");
        }
    }

    #[test]
    fn t10_no_365_days_hold_more_than_the_year_s_tries() {
        assert_eq!(TotpTries::year().tries(), 100);
        assert_eq!(TotpTries::year().lifetime(), Duration::from_hours(366 * 24));
    }

    /// Somebody who types a wrong code whenever one may be tried.
    #[test]
    fn t09_a_guesser_who_obeys_every_wait_gets_twenty_guesses() {
        let mut tries = TotpTries { since_success: 0, in_year: 0, last: None };
        let (mut now, mut guesses) = (LAST, 0);
        loop {
            match tries.standing(now) {
                TotpStanding::Open { left } => {
                    assert!(left >= 1);
                    guesses += 1;
                    tries = TotpTries { since_success: guesses, in_year: guesses, last: Some(now) };
                }
                TotpStanding::Wait { until } => {
                    assert!(until > now && until.since(now) <= TOTP_WAIT_MAX);
                    now = until;
                }
                TotpStanding::Frozen => break,
            }
        }
        assert_eq!(guesses, 20);
        assert_eq!(now.since(LAST), Duration::from_mins(1 + 2 + 4));
    }
}
