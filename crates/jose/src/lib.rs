//! JSON Object Signing and Encryption, as little of it as a login needs: signed tokens in the
//! compact serialisation, and the public keys that check them.
//!
//! - [`SigningKey`] signs; [`Jwk`] and [`JwkSet`] are public keys; [`verify`] checks a token.
//! - The algorithms are a closed list, [`Algorithm`]. Which one a token was signed with is decided
//!   by what the caller allows and by the key, never by the token alone (RFC 8725 section 3.1).
//! - There is no way to read a token without checking it.
//!
//! Sources: RFC 7515 (JWS), RFC 7517 (JWK), RFC 7518 (algorithms), RFC 7638 (thumbprint),
//! RFC 8725 (best practice). Nothing here reads a clock; the random numbers of a new key and of a
//! signature come from the cryptographic library.

mod algorithm;
mod base64url;
pub mod json;
mod jwk;
mod jwk_set;
mod signing_key;
mod verify;

pub use algorithm::Algorithm;
pub use jwk::{Jwk, JwkError, RSA_BITS_MAX, RSA_BITS_MIN};
pub use jwk_set::{JwkSet, JwkSetError, SET_BYTES_MAX, SET_KEYS_MAX};
pub use signing_key::{KeyError, SignError, SigningKey};
pub use verify::{Expected, JwsError, TOKEN_BYTES_MAX, TokenType, Verified, verify, verify_json};
