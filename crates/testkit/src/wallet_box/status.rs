//! The list that says which credentials are still good.

use std::sync::{Arc, Mutex};

use broker::{Outbound, OutboundCall, OutboundError};
use jose::SigningKey;
use model::{Clock as _, Random as _};
use wallet::status_list::{Bits, Status, StatusList, StatusListToken};

use super::{STATUS_INDEX, STATUS_URI, WalletBox};
use crate::{SeededRandom, VirtualClock};

/// Where the list of states is.
pub(super) struct StatusHost {
    pub(super) state: Mutex<(Option<Status>, u32)>,
    /// How many entries it has.
    pub(super) entries: Mutex<u64>,
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
        let entries = *self.entries.lock().expect("no panic");
        let mut list = StatusList::new(Bits::Two, entries).expect("no more than a list may have");
        // What is said of the others repeats itself nowhere, so that a long list stays one when it is compressed.
        let mut drawn = vec![0; usize::try_from(entries).expect("a list in memory")];
        SeededRandom::new(1).fill(&mut drawn);
        let said = [Status::Valid, Status::Revoked, Status::Suspended, Status::Other(3)];
        for (index, octet) in (0..).zip(drawn) {
            list.set(index, said[usize::from(octet % 4)]).expect("an entry");
        }
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

impl WalletBox {
    /// What the issuer says of the credential from now on; nothing when it cannot be reached.
    ///
    /// # Panics
    ///
    /// Never.
    pub fn set_status(&self, status: Option<Status>) {
        self.status.state.lock().expect("no panic").0 = status;
    }

    /// Lets the list have so many entries of two bits from now on.
    ///
    /// # Panics
    ///
    /// Never.
    pub fn set_status_entries(&self, entries: u64) {
        *self.status.entries.lock().expect("no panic") = entries;
    }

    /// Lets the issuer of another wallet sign the list from now on.
    ///
    /// # Panics
    ///
    /// Never.
    pub fn let_list_be_signed_by(&self, other: &WalletBox) {
        *self.status.signer.lock().expect("no panic") = other.issuer.again();
    }

    /// How often the list was fetched.
    ///
    /// # Panics
    ///
    /// Never.
    pub fn status_calls(&self) -> u32 {
        self.status.state.lock().expect("no panic").1
    }
}
