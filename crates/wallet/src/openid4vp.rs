//! The messages between a verifier and a wallet: OpenID4VP 1.0, in the profile HAIP 1.0 where that does not
//! exclude what wallets do.
//!
//! | message | verifier | wallet |
//! |---|---|---|
//! | link to a request, and its fetching | [`RequestLink::to_uri`], [`RequestFetch::read`] | [`RequestLink::parse`], [`RequestFetch::to_form`] |
//! | signed request | [`RequestObject::sign`] | [`RequestObject::verify`] |
//! | answer | [`verify_answer`], then [`Unconfirmed::confirm`] | [`Answer::post`] |
//! | refusal | in [`Outcome::Refused`] | [`WalletRefusal::post`] |
//! | where the person goes on | [`post_reply`] | [`read_post_reply`] |
//!
//! Addresses may be plain http here, since a demonstration's are; who serves the public refuses such.

mod answer;
mod client_id;
mod document;
mod form;
mod link;
mod metadata;
mod posted;
mod refusal;
mod request;
#[cfg(test)]
mod tests;
mod verify;
mod vp_token;

pub use answer::{Answer, AnswerError};
pub use client_id::ClientId;
pub use document::{PresentedDocument, transcript};
pub use link::{FetchMethod, LINK_BYTES_MAX, RequestFetch, RequestLink, post_reply, read_post_reply};
pub use metadata::{Format, VerifierMetadata};
pub use posted::Posted;
pub use refusal::{RefusalCode, WalletRefusal};
pub use request::{
    RequestError, RequestExpected, RequestFault, RequestObject, ResponseMode, VerifierInfo, request_link,
};
pub use verify::{AnswerExpected, AnswerFault, AnswerMode, Outcome, Presentation, Shown, Unconfirmed, verify_answer};
pub use vp_token::VpToken;

/// The longest request, in bytes of its token.
pub const REQUEST_BYTES_MAX: usize = 64 * 1024;
/// The longest answer, in bytes of its body, encrypted or not.
pub const ANSWER_BYTES_MAX: usize = 64 * 1024;
/// The most parameters of an answer that is a form.
pub const ANSWER_PARAMETERS_MAX: usize = 16;
/// The most presentations for one credential of a query.
pub const PRESENTATIONS_MAX: usize = 8;
/// The longest `nonce`, `state` or `wallet_nonce`, in bytes.
pub const NONCE_BYTES_MAX: usize = 512;
/// The most origins of a request through a browser, and the most attestations about a verifier.
pub const ORIGINS_MAX: usize = 16;
/// How much of a wallet's own words is kept for the log, in characters.
pub const DESCRIPTION_CHARS_MAX: usize = 256;

/// Whether a text is one that nonces and states may be: what a URL carries unescaped (OpenID4VP 1.0 section
/// 5.2).
fn is_url_safe(text: &str) -> bool {
    (1..=NONCE_BYTES_MAX).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
}
