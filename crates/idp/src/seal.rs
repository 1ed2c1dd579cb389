//! Sealing what must be read again: an authenticator's key, a deletion code before it is saved.
//!
//! AES-256-GCM with a random nonce. What is sealed for one row opens in no other.

use aws_lc_rs::aead::{Aad, MAX_TAG_LEN, NONCE_LEN, Nonce};
use model::{Random, Secret};
use zeroize::Zeroizing;

use crate::Keys;

/// The first byte of everything sealed this way.
const VERSION: u8 = 1;

/// How many bytes longer the sealed form is.
pub const SEAL_BYTES: usize = 1 + NONCE_LEN + MAX_TAG_LEN;

/// Where a sealed value rests; it opens nowhere else.
#[derive(Clone, Copy, Debug)]
pub struct SealedFor<'a> {
    /// The table, or cookie.
    pub table: &'a str,
    /// Whose row: an identifier that never changes.
    pub owner: &'a str,
    /// What the value is.
    pub purpose: &'a str,
}

impl SealedFor<'_> {
    /// The additional authenticated data: every part after its length, so that none runs into the next.
    fn authenticated(&self) -> Vec<u8> {
        let mut data = vec![VERSION];
        for part in [self.table, self.owner, self.purpose] {
            data.extend((part.len() as u64).to_be_bytes());
            data.extend(part.as_bytes());
        }
        data
    }
}

/// A sealed value that does not open: damaged, moved from another row, or sealed with another master key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a sealed value does not open here")]
pub struct SealError;

/// Seals `plain`: version ‖ nonce ‖ ciphertext ‖ tag.
///
/// # Panics
///
/// When the library refuses to seal, which it does only beyond 64 GiB.
pub fn seal(keys: &Keys, random: &dyn Random, place: &SealedFor<'_>, plain: &[u8]) -> Vec<u8> {
    let nonce = random.bytes::<NONCE_LEN>();
    let mut body = Zeroizing::new(Vec::with_capacity(plain.len() + MAX_TAG_LEN));
    body.extend_from_slice(plain);
    keys.sealing()
        .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(place.authenticated()), &mut *body)
        .expect("AES-GCM seals any value that fits in memory");
    let mut sealed = Vec::with_capacity(plain.len() + SEAL_BYTES);
    sealed.push(VERSION);
    sealed.extend_from_slice(&nonce);
    sealed.extend_from_slice(&body);
    sealed
}

/// Opens what [`seal`] made for the same place.
///
/// # Errors
///
/// [`SealError`] when it is not that.
pub fn open(keys: &Keys, place: &SealedFor<'_>, sealed: &[u8]) -> Result<Secret<Vec<u8>>, SealError> {
    let (&VERSION, rest) = sealed.split_first().ok_or(SealError)? else {
        return Err(SealError);
    };
    let (nonce, body) = rest.split_at_checked(NONCE_LEN).ok_or(SealError)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| SealError)?;
    let mut body = Zeroizing::new(body.to_vec());
    let plain = keys
        .sealing()
        .open_in_place(nonce, Aad::from(place.authenticated()), body.as_mut_slice())
        .map_err(|_| SealError)?;
    Ok(Secret::new(plain.to_vec()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::{Seeded, keys};

    const PLACE: SealedFor<'static> = SealedFor { table: "authenticator", owner: "anna", purpose: "totp key" };

    #[test]
    fn a_value_opens_only_where_it_was_sealed() {
        let sealed = seal(&keys(1), &Seeded::new(1), &PLACE, b"secret");
        assert_eq!(open(&keys(1), &PLACE, &sealed).unwrap().expose(), b"secret");
        let elsewhere = [
            SealedFor { table: "enrolment", ..PLACE },
            SealedFor { owner: "bela", ..PLACE },
            SealedFor { purpose: "deletion code", ..PLACE },
            SealedFor { table: "authenticatora", owner: "nna", ..PLACE },
        ];
        for place in elsewhere {
            assert_eq!(open(&keys(1), &place, &sealed).unwrap_err(), SealError, "{place:?}");
        }
        assert_eq!(open(&keys(2), &PLACE, &sealed).unwrap_err(), SealError);
    }

    #[test]
    fn the_same_value_never_looks_the_same() {
        let random = Seeded::new(1);
        assert_ne!(seal(&keys(1), &random, &PLACE, b"secret"), seal(&keys(1), &random, &PLACE, b"secret"));
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_noticed() {
        let sealed = seal(&keys(1), &Seeded::new(1), &PLACE, b"secret");
        for bit in 0..sealed.len() * 8 {
            let mut damaged = sealed.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            assert!(open(&keys(1), &PLACE, &damaged).is_err(), "bit {bit}");
        }
        for length in 0..sealed.len() {
            assert!(open(&keys(1), &PLACE, &sealed[..length]).is_err(), "{length} bytes");
        }
    }

    proptest! {
        #[test]
        fn any_value_survives(plain in proptest::collection::vec(any::<u8>(), 0..300), seed: u64) {
            let sealed = seal(&keys(1), &Seeded::new(seed), &PLACE, &plain);
            prop_assert_eq!(sealed.len(), plain.len() + SEAL_BYTES);
            let opened = open(&keys(1), &PLACE, &sealed).unwrap();
            prop_assert_eq!(opened.expose(), &plain);
        }
    }
}
