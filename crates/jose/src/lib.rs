//! JSON Object Signing and Encryption, as little of it as a login needs: signed tokens and
//! encrypted messages in the compact serialisation, and the public keys that check or encrypt them.
//!
//! - [`SigningKey`] signs; [`Jwk`] and [`JwkSet`] are public keys; [`verify`] checks a token.
//! - The algorithms are a closed list, [`Algorithm`]. Which one a token was signed with is decided
//!   by what the caller allows and by the key, never by the token alone (RFC 8725 section 3.1).
//! - A token may bring its signer's certificates along only where the caller judges them:
//!   [`verify_by_chain`]. It may bring its signer's bare key only to prove that the signer holds it:
//!   [`verify_by_own_key`], and [`verify_by_stated_key`] where somebody else attests it.
//! - There is no way to read a token without checking it.
//! - [`encrypt`] and [`decrypt`] know one way: a key agreed upon directly on P-256, and AES in GCM.
//!
//! Sources: RFC 7515 (JWS), RFC 7516 (JWE), RFC 7517 (JWK), RFC 7518 (algorithms), RFC 7638 (thumbprint),
//! RFC 8725 (best practice). Nothing here reads a clock; the random numbers of a new key, of a
//! signature and of an encryption come from the cryptographic library.

mod algorithm;
mod base64url;
mod chain;
pub mod json;
mod jwe;
mod jwk;
mod jwk_set;
mod own_key;
mod signing_key;
mod verify;

pub use algorithm::Algorithm;
pub use chain::{CERTIFICATE_BYTES_MAX, CHAIN_CERTIFICATES_MAX, ChainError, ExpectedChain, verify_by_chain};
pub use jwe::{
    ContentEncryption, Decrypted, DecryptionKey, EncryptError, EncryptionKey, JweError, JweExpected, PARTY_BYTES_MAX,
    Parties, decrypt, encrypt,
};
pub use jwk::{Jwk, JwkError, RSA_BITS_MAX, RSA_BITS_MIN};
pub use jwk_set::{JwkSet, JwkSetError, SET_BYTES_MAX, SET_KEYS_MAX};
pub use own_key::{StatedKey, verify_by_own_key, verify_by_stated_key};
pub use signing_key::{KeyError, SignError, SigningKey};
pub use verify::{Expected, JwsError, TOKEN_BYTES_MAX, TokenType, Verified, verify, verify_by_key, verify_json};
