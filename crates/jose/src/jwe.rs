//! Encrypted messages in the compact serialisation (RFC 7516 section 3.1), for one receiver whose key
//! is agreed upon directly: `ECDH-ES` on P-256 with `A128GCM` or `A256GCM`, and nothing else.
//!
//! [`DecryptionKey`] opens, [`EncryptionKey`] is its public half, [`encrypt`] and [`decrypt`] are the two
//! directions. What an encrypted message says is not signed by anybody: it is for the caller to judge.

mod concat_kdf;
mod decrypt;
mod encrypt;
mod header;
mod key;
#[cfg(test)]
mod tests;

use aws_lc_rs::aead;

pub use decrypt::{Decrypted, JweError, JweExpected, decrypt};
pub use encrypt::{EncryptError, Parties, encrypt};
pub use key::{DecryptionKey, EncryptionKey};

/// The value of `alg` (RFC 7518 section 4.6): the agreed key is the content encryption key itself.
const ECDH_ES: &str = "ECDH-ES";
/// The length of an initialisation vector (RFC 7518 section 5.3).
const IV_BYTES: usize = 12;
/// The length of an authentication tag (RFC 7518 section 5.3).
const TAG_BYTES: usize = 16;
/// The longest `apu` or `apv`, in bytes once decoded.
pub const PARTY_BYTES_MAX: usize = 256;

/// How the content is encrypted (RFC 7518 section 5.3). There are no others here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ContentEncryption {
    /// AES-128 in GCM.
    A128Gcm,
    /// AES-256 in GCM.
    A256Gcm,
}

impl ContentEncryption {
    /// All of them.
    pub const ALL: [ContentEncryption; 2] = [ContentEncryption::A128Gcm, ContentEncryption::A256Gcm];

    /// The value of `enc`.
    pub const fn as_str(self) -> &'static str {
        match self {
            ContentEncryption::A128Gcm => "A128GCM",
            ContentEncryption::A256Gcm => "A256GCM",
        }
    }

    /// The one whose `enc` value is `name`; the case matters.
    pub fn from_name(name: &str) -> Option<Self> {
        ContentEncryption::ALL.into_iter().find(|encryption| encryption.as_str() == name)
    }

    const fn key_bytes(self) -> usize {
        match self {
            ContentEncryption::A128Gcm => 16,
            ContentEncryption::A256Gcm => 32,
        }
    }

    fn cipher(self) -> &'static aead::Algorithm {
        match self {
            ContentEncryption::A128Gcm => &aead::AES_128_GCM,
            ContentEncryption::A256Gcm => &aead::AES_256_GCM,
        }
    }
}
