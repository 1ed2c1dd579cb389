//! Credentials for wallets, from the offer to the revocation, over HTTP. The wallet's side is `wallet`'s and `mdoc`'s.

mod attestations;
mod by_consent;
mod codes;
mod credentials;
mod metadata;
mod offers;
mod persons;
mod phone;
mod possession;
mod status;
mod wallet;
