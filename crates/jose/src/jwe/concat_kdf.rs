//! The key derivation of `ECDH-ES` (RFC 7518 section 4.6.2; NIST SP 800-56A section 5.8.1).

use aws_lc_rs::digest::{Context, SHA256};
use zeroize::Zeroizing;

use super::{ContentEncryption, Parties};

/// The content encryption key for the shared secret `agreed`.
///
/// One round of SHA-256 gives as many bits as the largest key has, so the counter is always 1.
pub(super) fn derive(agreed: &[u8], encryption: ContentEncryption, parties: Parties<'_>) -> Zeroizing<Vec<u8>> {
    let key_bits = u32::try_from(encryption.key_bytes() * 8).unwrap_or(0);
    let mut hash = Context::new(&SHA256);
    hash.update(&1_u32.to_be_bytes());
    hash.update(agreed);
    for field in [encryption.as_str().as_bytes(), parties.apu, parties.apv] {
        hash.update(&u32::try_from(field.len()).unwrap_or(u32::MAX).to_be_bytes());
        hash.update(field);
    }
    hash.update(&key_bits.to_be_bytes());
    let round = hash.finish();
    Zeroizing::new(round.as_ref()[..encryption.key_bytes()].to_vec())
}
