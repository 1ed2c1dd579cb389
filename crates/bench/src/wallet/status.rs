//! A status list of a million entries.

use anyhow::ensure;
use model::Random;
use wallet::status_list::{Bits, Status, StatusList, StatusListExpected, StatusListToken};
use wallet::trust::Purpose;

use super::{Issuer, NOW, ORIGIN};
use crate::machine::Seeded;

const ENTRIES: u32 = 1_000_000;

/// A list, its issuer, and an entry that is revoked.
pub(super) struct List {
    issuer: Issuer,
    token: StatusListToken,
    uri: String,
}

impl List {
    /// `revoked` of a thousand entries are revoked, at places that were drawn.
    pub(super) fn prepare(revoked: u32) -> anyhow::Result<Self> {
        let uri = format!("{ORIGIN}/status/1");
        let mut list = StatusList::new(Bits::One, ENTRIES.into())?;
        let random: &dyn Random = &Seeded::new(u64::from(revoked));
        let mut left = ENTRIES / 1000 * revoked;
        while left > 0 {
            let place = u64::from(random.below(ENTRIES));
            if list.status(place)? == Status::Valid {
                list.set(place, Status::Revoked)?;
                left -= 1;
            }
        }
        let token =
            StatusListToken { uri: uri.clone(), issued_at: NOW, expires_at: Some(NOW + 60), ttl: Some(20), list };
        Ok(Self { issuer: Issuer::new()?, token, uri })
    }

    /// What the issuer does anew every twenty seconds.
    pub(super) fn sign(&self) -> anyhow::Result<String> {
        Ok(self.token.sign(&self.issuer.key, &self.issuer.chain)?)
    }

    /// What a verifier does that fetched it: signature, chain, inflation, one entry.
    pub(super) fn check(&self, token: &str) -> anyhow::Result<Status> {
        let expected = StatusListExpected { uri: &self.uri, now: NOW };
        let judge = |chain: &[Vec<u8>]| self.issuer.trusted.check(chain, Purpose::Credentials, NOW);
        let read = StatusListToken::verify(token, &expected, judge)?;
        Ok(read.list.status(u64::from(ENTRIES / 2))?)
    }

    /// What a verifier does for the rest of the minute.
    pub(super) fn look(&self, nth: u32) -> anyhow::Result<Status> {
        let place = nth.wrapping_mul(7919) % ENTRIES;
        let status = self.token.list.status(u64::from(place))?;
        ensure!(matches!(status, Status::Valid | Status::Revoked), "an entry of one bit");
        Ok(status)
    }
}
