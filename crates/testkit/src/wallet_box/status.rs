//! The list that says which credentials are still good.

use std::sync::{Arc, Mutex};

use broker::{Outbound, OutboundCall, OutboundError};
use jose::SigningKey;
use model::Clock as _;
use wallet::status_list::{Bits, Status, StatusList, StatusListToken};

use super::{STATUS_INDEX, STATUS_URI};
use crate::VirtualClock;

/// Where the list of states is.
pub(super) struct StatusHost {
    pub(super) state: Mutex<(Option<Status>, u32)>,
    /// Who signs the list: a key, and what certifies it.
    pub(super) signer: Mutex<(SigningKey, Vec<Vec<u8>>)>,
    pub(super) clock: Mutex<Option<Arc<VirtualClock>>>,
}

#[async_trait::async_trait]
impl Outbound for StatusHost {
    async fn call(&self, call: &OutboundCall<'_>) -> Result<Vec<u8>, OutboundError> {
        let mut state = self.state.lock().expect("no panic");
        state.1 += 1;
        let status = state.0.filter(|_| call.url == STATUS_URI);
        let status = status.ok_or_else(|| OutboundError("the server cannot be reached".to_owned()))?;
        let mut list = StatusList::new(Bits::Two, 100).expect("a short list");
        list.set(STATUS_INDEX, status).expect("an entry");
        let now = self.clock.lock().expect("no panic").as_ref().expect("a clock").now().seconds();
        let token = StatusListToken {
            uri: STATUS_URI.to_owned(),
            issued_at: now,
            expires_at: Some(now + 3600),
            ttl: Some(600),
            list,
        };
        let signer = self.signer.lock().expect("no panic");
        Ok(token.sign(&signer.0, &signer.1).expect("a list").into_bytes())
    }
}
