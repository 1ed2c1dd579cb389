//! The status lists of others: whether what they signed is still good, fetched and kept for a minute at most.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use ::wallet::sd_jwt::StatusReference;
use ::wallet::status_list::{STATUS_TOKEN_BYTES_MAX, Status, StatusListExpected, StatusListFault, StatusListToken};
use ::wallet::trust::{ChainFault, Signer};
use model::{Timestamp, limits};

use crate::upstream::{Outbound, OutboundCall};

/// The lists that were read, by their address, and until when they are used.
#[derive(Default)]
pub(super) struct StatusLists(Mutex<HashMap<String, (Arc<SignedList>, Timestamp)>>);

/// A list, and who signed it.
struct SignedList {
    token: StatusListToken,
    signer: Signer,
}

impl StatusLists {
    /// What a list says, and who signed it: only its own issuer can say it of a credential. What cannot be had says
    /// nothing (row V07). `judge` decides on the certificates.
    pub(super) async fn status(
        &self,
        outbound: &dyn Outbound,
        reference: &StatusReference,
        judge: impl Fn(&[Vec<u8>]) -> Result<Signer, ChainFault>,
        now: Timestamp,
    ) -> Option<(Status, Signer)> {
        let uri = &reference.uri;
        let told = |reason: &dyn std::fmt::Display| {
            tracing::warn!(uri, %reason, "a status list cannot be used");
        };
        let list = if let Some(list) = self.fresh(uri, now) {
            list
        } else {
            let call = OutboundCall { url: uri, authorization: None, form: None, bytes_max: STATUS_TOKEN_BYTES_MAX };
            let body = outbound.call(&call).await.map_err(|reason| told(&reason)).ok()?;
            let token = std::str::from_utf8(&body).map_err(|reason| told(&reason)).ok()?;
            let list = SignedList::read(token.trim_ascii(), uri, judge, now).map_err(|reason| told(&reason)).ok()?;
            let list = Arc::new(list);
            self.keep(uri, list.clone(), now);
            list
        };
        let status = list.token.list.status(reference.index).ok()?;
        Some((status, list.signer.clone()))
    }

    fn fresh(&self, uri: &str, now: Timestamp) -> Option<Arc<SignedList>> {
        let lists = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lists.get(uri).filter(|(_, until)| now < *until).map(|(list, _)| list.clone())
    }

    fn keep(&self, uri: &str, list: Arc<SignedList>, now: Timestamp) {
        let until = Timestamp::from_seconds(list.token.fresh_until(now.seconds())).min(now + limits::STATUS_LIST_CACHE);
        let mut lists = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lists.len() >= limits::STATUS_LISTS {
            lists.retain(|_, (_, until)| now < *until);
        }
        if lists.len() < limits::STATUS_LISTS {
            lists.insert(uri.to_owned(), (list, until));
        }
    }
}

impl SignedList {
    fn read(
        token: &str,
        uri: &str,
        judge: impl Fn(&[Vec<u8>]) -> Result<Signer, ChainFault>,
        now: Timestamp,
    ) -> Result<Self, StatusListFault> {
        let mut signer = None;
        let expected = StatusListExpected { uri, now: now.seconds() };
        let token = StatusListToken::verify(token, &expected, |chain| Ok(signer.insert(judge(chain)?).clone()))?;
        let signer = signer.ok_or(StatusListFault::Chain(ChainFault::Malformed))?;
        Ok(Self { token, signer })
    }
}
