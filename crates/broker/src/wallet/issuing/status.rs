//! The status lists: whether what was issued is still good (Token Status List). A place is drawn at random, so that
//! neighbours in a list have nothing in common, and given once.

use std::sync::{Arc, PoisonError};

use ::wallet::status_list::{Bits, Status, StatusList, StatusListToken};
use bytes::Bytes;
use idp::keys::digest_text;
use model::{Timestamp, limits};
use store::record::StatusPlace;

use super::Issuer;
use crate::{Broker, Fault};

const DAMAGED: Fault = Fault::Damaged("status list");

/// A signed list as it is served.
#[derive(Debug)]
pub struct ServedStatusList {
    /// The token.
    pub token: Bytes,
    /// Names these very octets.
    pub tag: String,
    /// For how many seconds it may be kept.
    pub max_age: u64,
    made_at: Timestamp,
}

impl Issuer {
    /// The address of a list.
    pub(super) fn status_uri(&self, list: u32) -> String {
        format!("{}{}/{list}", self.config.origin, self.config.paths.status)
    }

    /// A list as it was signed last, if that is still served.
    fn kept_list(&self, list: u32, now: Timestamp) -> Option<Arc<ServedStatusList>> {
        let kept = self.served.lock().unwrap_or_else(PoisonError::into_inner).get(&list).cloned();
        kept.filter(|kept| (kept.made_at..kept.made_at + limits::STATUS_LIST_KEPT).contains(&now))
    }

    /// The place that an entry of one of our lists is.
    pub(super) fn status_place(&self, uri: &str, index: u64) -> Option<StatusPlace> {
        let list = uri.strip_prefix(&self.config.origin)?.strip_prefix(self.config.paths.status)?.strip_prefix('/')?;
        let list = list.parse().ok().filter(|list| self.status_uri(*list) == uri)?;
        Some(StatusPlace { list, place: u32::try_from(index).ok()? })
    }
}

impl Broker {
    /// A status list, signed: every revocation is in it within [`limits::REVOKED_WITHIN`].
    ///
    /// # Errors
    ///
    /// [`Fault::Gone`] when there is no such list.
    pub async fn status_list(&self, list: u32) -> Result<Arc<ServedStatusList>, Fault> {
        let issuer = self.issuer()?;
        if let Some(kept) = issuer.kept_list(list, self.now()) {
            return Ok(kept);
        }
        if !(1..=self.store().status_lists().await?.last).contains(&list) {
            return Err(Fault::Gone);
        }
        // Whoever comes while one is signed waits for that one, and is served it.
        let _turn = issuer.signing.lock().await;
        let now = self.now();
        match issuer.kept_list(list, now) {
            Some(kept) => Ok(kept),
            None => self.sign_list(issuer, list, now).await,
        }
    }

    async fn sign_list(&self, issuer: &Issuer, list: u32, now: Timestamp) -> Result<Arc<ServedStatusList>, Fault> {
        let mut states = StatusList::new(Bits::One, limits::STATUS_LIST_PLACES.into()).map_err(|_| DAMAGED)?;
        for place in self.store().revoked_places(list).await? {
            states.set(place.into(), Status::Revoked).map_err(|_| DAMAGED)?;
        }
        let kept_for = limits::STATUS_LIST_KEPT;
        let token = StatusListToken {
            uri: issuer.status_uri(list),
            issued_at: now.seconds(),
            expires_at: Some((now + limits::REVOKED_WITHIN).seconds()),
            ttl: Some(i64::try_from(kept_for.as_secs()).unwrap_or(1)),
            list: states,
        };
        let keys = issuer.keys.load();
        let token = token.sign(&keys.signer, &keys.chain).map_err(|_| DAMAGED)?;
        let tag = digest_text(&token).as_str()[..32].to_owned();
        let served = ServedStatusList { token: token.into(), tag, max_age: kept_for.as_secs(), made_at: now };
        let served = Arc::new(served);
        issuer.served.lock().unwrap_or_else(PoisonError::into_inner).insert(list, Arc::clone(&served));
        Ok(served)
    }

    /// Places for `count` credentials, drawn at random. Who writes them down finds out whether they are free.
    pub(super) async fn draw_places(&self, count: usize) -> Result<Vec<StatusPlace>, Fault> {
        let lists = self.store().status_lists().await?;
        let list = if lists.given < limits::STATUS_LIST_GIVEN { lists.last } else { lists.last + 1 };
        let drawn = || StatusPlace { list, place: self.random().below(limits::STATUS_LIST_PLACES) };
        Ok((0..count).map(|_| drawn()).collect())
    }
}
