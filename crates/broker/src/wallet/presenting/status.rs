//! Whether credentials are still good: the lists of their issuers, fetched and kept for a minute at most.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use model::{Timestamp, limits};
use wallet::sd_jwt::StatusReference;
use wallet::status_list::{STATUS_TOKEN_BYTES_MAX, Status, StatusListExpected, StatusListToken};

use super::Presenting;
use crate::upstream::OutboundCall;

/// The lists that were read, by their address, and until when they are used.
#[derive(Default)]
pub(super) struct Lists(Mutex<HashMap<String, (Arc<StatusListToken>, Timestamp)>>);

impl Lists {
    fn fresh(&self, uri: &str, now: Timestamp) -> Option<Arc<StatusListToken>> {
        let lists = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lists.get(uri).filter(|(_, until)| now < *until).map(|(list, _)| list.clone())
    }

    fn keep(&self, uri: &str, list: Arc<StatusListToken>, now: Timestamp) {
        let until = Timestamp::from_seconds(list.fresh_until(now.seconds())).min(now + limits::STATUS_LIST_CACHE);
        let mut lists = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lists.len() >= limits::STATUS_LISTS {
            lists.retain(|_, (_, until)| now < *until);
        }
        if lists.len() < limits::STATUS_LISTS {
            lists.insert(uri.to_owned(), (list, until));
        }
    }
}

impl Presenting {
    /// What the lists say of these credentials; what cannot be had says nothing (row V07).
    pub(super) async fn states(
        &self,
        references: &[StatusReference],
        now: Timestamp,
    ) -> HashMap<StatusReference, Status> {
        let mut states = HashMap::new();
        for reference in references {
            let Some(list) = self.list(&reference.uri, now).await else { continue };
            if let Ok(status) = list.list.status(reference.index) {
                states.insert(reference.clone(), status);
            }
        }
        states
    }

    async fn list(&self, uri: &str, now: Timestamp) -> Option<Arc<StatusListToken>> {
        if let Some(list) = self.lists.fresh(uri, now) {
            return Some(list);
        }
        let call = OutboundCall { url: uri, authorization: None, form: None, bytes_max: STATUS_TOKEN_BYTES_MAX };
        let told = |reason: &dyn std::fmt::Display| {
            tracing::warn!(uri, %reason, "a status list cannot be used");
        };
        let body = self.wallets.outbound.call(&call).await.map_err(|reason| told(&reason)).ok()?;
        let token = std::str::from_utf8(&body).map_err(|reason| told(&reason)).ok()?;
        let expected = StatusListExpected { uri, now: now.seconds() };
        let list = StatusListToken::verify(token.trim_ascii(), &expected, self.judge(now));
        let list = Arc::new(list.map_err(|reason| told(&reason)).ok()?);
        self.lists.keep(uri, list.clone(), now);
        Some(list)
    }
}
