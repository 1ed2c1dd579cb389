//! Attempts counted: pure arithmetic over the instants of what was tried.
//!
//! An attempt is reserved (written down) before it is checked. The stored value is replaced
//! only if it is still the one that was read, so that of a thousand parallel guesses exactly
//! as many are admitted as the limit says.

use std::time::Duration;

use model::{Timestamp, limits};
use serde::{Deserialize, Serialize};

/// The attempts of one kind that one subject made, newest last; never more than the limit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempts(Vec<Timestamp>);

impl Attempts {
    /// Reserves one more, when fewer than `limit` were made within `window` before `now`; a limit
    /// of 0 admits none.
    ///
    /// # Errors
    ///
    /// When the limit is reached: the instant from which one more will be admitted.
    pub fn reserve(&self, now: Timestamp, limit: u32, window: Duration) -> Result<Self, Timestamp> {
        let mut recent: Vec<Timestamp> = self.0.iter().copied().filter(|at| *at + window > now).collect();
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        if recent.len() >= limit {
            // The oldest of the newest `limit` must leave the window first.
            let leaving = recent.get(recent.len() - limit).copied().unwrap_or(now);
            return Err(leaving + window);
        }
        recent.push(now);
        Ok(Self(recent))
    }

    /// Takes back one attempt made at `at`: it was no wrong guess.
    #[must_use]
    pub fn release(&self, at: Timestamp) -> Self {
        let mut kept = self.0.clone();
        if let Some(index) = kept.iter().rposition(|made| *made == at) {
            kept.remove(index);
        }
        Self(kept)
    }

    /// How many attempts lie within `window` before `now`.
    pub fn count(&self, now: Timestamp, window: Duration) -> u32 {
        u32::try_from(self.0.iter().filter(|at| **at + window > now).count()).unwrap_or(u32::MAX)
    }
}

/// Wrong authenticator codes of one person (`security.md` section 0.2).
///
/// Five in a row send the person back to the password and to a wait that doubles; twenty since
/// the last success, or a hundred in 365 days whatever succeeded between, freeze the authenticator.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TotpAttempts {
    /// Wrong codes since the last success or wait.
    in_row: u32,
    /// Wrong codes since the last success.
    since_success: u32,
    /// Waits since the last success.
    waits: u32,
    /// The end of the present wait.
    wait_until: Option<Timestamp>,
    /// The instants of all wrong codes in the last year.
    wrong: Attempts,
}

/// Whether a code may be checked now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TotpAdmission {
    /// It may.
    Admitted,
    /// Not before the instant.
    Wait(Timestamp),
    /// Not at all: the authenticator is frozen.
    Frozen,
}

impl TotpAttempts {
    /// Whether a code may be checked at `now`.
    pub fn admission(&self, now: Timestamp) -> TotpAdmission {
        if self.since_success >= limits::TOTP_FREEZE
            || self.wrong.count(now, limits::TOTP_YEAR) >= limits::TOTP_YEAR_TRIES
        {
            return TotpAdmission::Frozen;
        }
        match self.wait_until {
            Some(until) if now < until => TotpAdmission::Wait(until),
            _ => TotpAdmission::Admitted,
        }
    }

    /// The state after one more wrong code at `now`, which must have been admitted.
    #[must_use]
    pub fn after_wrong(&self, now: Timestamp) -> Self {
        let wrong =
            self.wrong.reserve(now, limits::TOTP_YEAR_TRIES, limits::TOTP_YEAR).unwrap_or_else(|_| self.wrong.clone());
        let since_success = self.since_success.saturating_add(1);
        if self.in_row + 1 < limits::TOTP_TRIES {
            return Self { in_row: self.in_row + 1, since_success, wrong, ..self.clone() };
        }
        let wait = limits::TOTP_WAIT.saturating_mul(1 << self.waits.min(16)).min(limits::TOTP_WAIT_MAX);
        Self { in_row: 0, since_success, waits: self.waits + 1, wait_until: Some(now + wait), wrong }
    }

    /// The state after a right code: the year's count stays.
    #[must_use]
    pub fn after_right(&self) -> Self {
        Self { wrong: self.wrong.clone(), ..Self::default() }
    }

    /// Wrong codes since the last success or wait: the second one gets a longer text.
    pub fn in_row(&self) -> u32 {
        self.in_row
    }
}

#[cfg(test)]
mod tests;
