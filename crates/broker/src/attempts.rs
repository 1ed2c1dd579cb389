//! Attempts are reserved before what they try is checked.
//!
//! A counter is replaced only if it is still the one that was read; whoever loses that race reads
//! again. So a thousand parallel guesses admit exactly as many as the limit says.

use std::time::Duration;

use journey::Attempts;
use model::Timestamp;
use store::record::{Version, Versioned};
use store::{Change, Committed, Op};

use crate::{Broker, Fault, audit};

/// One counter that an attempt is charged to.
#[derive(Clone, Debug)]
pub(crate) struct Bucket {
    pub(crate) key: String,
    pub(crate) limit: u32,
    pub(crate) window: Duration,
}

/// Attempts that were written down, to be released if the try was right.
#[derive(Debug)]
pub(crate) struct Reservation {
    reserved: Vec<ReservedIn>,
    /// How many further tries the scarcest bucket admits.
    pub(crate) left: u32,
}

impl Reservation {
    /// This one and another, released together.
    pub(crate) fn and(&self, other: &Reservation) -> Reservation {
        let reserved = self.reserved.iter().chain(&other.reserved).cloned().collect();
        Reservation { reserved, left: self.left.min(other.left) }
    }
}

/// An attempt in one bucket, and the counter as it was left: read again only if it moved since.
#[derive(Clone, Debug)]
struct ReservedIn {
    bucket: Bucket,
    at: Timestamp,
    version: Version,
    attempts: Attempts,
}

/// Whether an attempt may be made.
#[derive(Debug)]
pub(crate) enum Reserved {
    Admitted(Reservation),
    Refused { until: Timestamp },
}

/// Rounds of reading again after a lost race: more than any limit, since in each round one wins.
const ROUNDS: usize = 1024;

impl Broker {
    /// Writes one attempt down in every bucket, or in none.
    pub(crate) async fn reserve(&self, event: &'static str, buckets: Vec<Bucket>) -> Result<Reserved, Fault> {
        for _ in 0..ROUNDS {
            let now = self.now();
            let mut change = Change::new(audit(now, event));
            let mut left = u32::MAX;
            let mut reserved = Vec::with_capacity(buckets.len());
            for bucket in &buckets {
                let (seen, attempts): (_, Attempts) = self.attempts(&bucket.key).await?;
                match attempts.reserve(now, bucket.limit, bucket.window) {
                    Err(until) => return Ok(Reserved::Refused { until }),
                    Ok(attempts) => {
                        left = left.min(bucket.limit.saturating_sub(attempts.count(now, bucket.window)));
                        change = change.with(put(bucket, seen, &attempts, now));
                        let version = Version::after(seen, now);
                        reserved.push(ReservedIn { bucket: bucket.clone(), at: now, version, attempts });
                    }
                }
            }
            if self.store().commit(change).await? == Committed::Done {
                return Ok(Reserved::Admitted(Reservation { reserved, left }));
            }
        }
        Err(Fault::Busy { retry_after: 1 })
    }

    /// Commits `change` together with the release of a reservation: the try was right.
    ///
    /// The answer's index counts the change's own writes; the release never refuses it, since a
    /// counter that moved meanwhile is read again.
    pub(crate) async fn commit_released(
        &self,
        reservation: &Reservation,
        change: impl Fn() -> Change,
    ) -> Result<Committed, Fault> {
        for round in 0..ROUNDS {
            let change = change();
            let own = change.len();
            let mut releases = Vec::with_capacity(reservation.reserved.len());
            for ReservedIn { bucket, at, version, attempts } in &reservation.reserved {
                let (seen, attempts) =
                    if round == 0 { (Some(*version), attempts.clone()) } else { self.attempts(&bucket.key).await? };
                releases.push(put(bucket, seen, &attempts.release(*at), *at));
            }
            match self.store().commit(change.with_all(releases)).await? {
                Committed::Refused(index) if index >= own => {}
                committed => return Ok(committed),
            }
        }
        Err(Fault::Busy { retry_after: 1 })
    }

    /// How an attempt counter stands.
    pub(crate) async fn attempts<T>(&self, key: &str) -> Result<(Option<Version>, T), Fault>
    where
        T: Default + serde::de::DeserializeOwned,
    {
        match self.store().attempts(key).await? {
            None => Ok((None, T::default())),
            Some(Versioned { version, value }) => {
                let attempts = serde_json::from_str(&value).map_err(|_| Fault::Damaged("attempts"))?;
                Ok((Some(version), attempts))
            }
        }
    }
}

fn put(bucket: &Bucket, seen: Option<Version>, attempts: &Attempts, now: Timestamp) -> Op {
    put_attempts(bucket.key.clone(), seen, attempts, now + bucket.window)
}

/// The write that replaces a counter.
pub(crate) fn put_attempts(
    key: String,
    seen: Option<Version>,
    attempts: &impl serde::Serialize,
    expires_at: Timestamp,
) -> Op {
    let attempts = serde_json::to_string(attempts).unwrap_or_default();
    Op::PutAttempts { key, seen, attempts, expires_at }
}
