//! Credentials for wallets, from the offer to the revocation, over HTTP. The wallet's side is `wallet`'s and `mdoc`'s.

mod attestation;
mod attestations;
mod by_consent;
mod by_details;
mod codes;
mod credentials;
mod encryption;
mod metadata;
mod modules;
mod offers;
mod persons;
mod phone;
mod possession;
#[expect(dead_code, unused_imports, reason = "it is that of another test, and does more than is asked of it here")]
#[path = "../oidc/relying_party/mod.rs"]
mod relying_party;
mod sign_in;
mod status;
mod wallet;
