//! Sign-in with a wallet as a language: credentials, requests and presentations are written, read and
//! checked.
//!
//! Nothing here opens a socket, keeps a session, reads a clock or knows a person. Times are seconds since
//! the epoch and are parameters; so is the randomness of salts and serial numbers. Keys, signatures and encryption draw theirs
//! inside the cryptographic library.
//!
//! | what | module |
//! |---|---|
//! | credentials that are shown in part | [`sd_jwt`] |
//! | the claims of a person credential | [`credential`] |
//! | what a verifier asks for | [`dcql`] |
//! | whether a credential is still good | [`status_list`] |
//! | the messages between verifier and wallet | [`openid4vp`] |
//! | the messages between issuer and wallet | [`openid4vci`] |
//! | tokens that only a key's holder can use | [`dpop`] |
//! | the provider's word on a wallet | [`client_attestation`] |
//! | whose signature counts | [`trust`] |
//! | certificates for our own keys | [`authority`] |

pub mod authority;
pub mod claim_path;
pub mod client_attestation;
pub mod credential;
pub mod dcql;
pub mod dpop;
pub mod openid4vci;
pub mod openid4vp;
pub mod sd_jwt;
pub mod status_list;
pub mod trust;

#[cfg(test)]
mod samples;

pub use claim_path::{ClaimPath, PathStep};
