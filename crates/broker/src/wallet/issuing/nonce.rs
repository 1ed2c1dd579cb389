//! Nonces for proofs: given out without a write, and used up by the commit that issues.

use ::wallet::openid4vci::NonceResponse;
use data_encoding::BASE64URL_NOPAD;
use idp::Purpose;
use idp::keys::digest_text;
use model::{Timestamp, limits};
use store::Op;

use crate::Broker;

/// An instant, what is drawn, and the keyed digest of both.
const SECONDS_BYTES: usize = 8;
const DRAWN_BYTES: usize = 16;

impl Broker {
    /// A nonce, as the endpoint answers (`OpenID4VCI` 1.0 section 7.2).
    pub fn credential_nonce(&self) -> String {
        let until = (self.now() + limits::CREDENTIAL_NONCE).seconds().to_be_bytes();
        let drawn: [u8; DRAWN_BYTES] = self.random().bytes();
        let mac = self.keys().mac(Purpose::CredentialNonce, &[&until, &drawn]);
        let c_nonce = BASE64URL_NOPAD.encode(&[&until[..], &drawn, &mac].concat());
        NonceResponse { c_nonce }.to_json()
    }

    /// The write that uses a nonce up, if it is one of ours that has not lapsed.
    pub(super) fn use_nonce(&self, nonce: &str) -> Option<Op> {
        let octets = BASE64URL_NOPAD.decode(nonce.as_bytes()).ok()?;
        let (seconds, rest) = octets.split_at_checked(SECONDS_BYTES)?;
        let (drawn, mac) = rest.split_at_checked(DRAWN_BYTES)?;
        if !self.keys().mac_matches(Purpose::CredentialNonce, &[seconds, drawn], mac) {
            return None;
        }
        let until = Timestamp::from_seconds(i64::from_be_bytes(seconds.try_into().ok()?));
        if self.now() >= until {
            return None;
        }
        Some(Op::UseOnce { kind: "credential_nonce", digest: digest_text(nonce), expires_at: until })
    }
}
