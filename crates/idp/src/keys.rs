//! The master key and what is derived from it.
//!
//! One secret of 32 bytes, kept outside the database; every use has a key of its own by
//! HKDF-SHA-256 (RFC 5869), so that what is made for one purpose is nothing for another.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM, LessSafeKey, UnboundKey};
use aws_lc_rs::{digest, hkdf, hmac};
use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use model::{Handle, HandleDigest, Random, Secret};
use zeroize::Zeroizing;

/// Bytes of a [`MasterKey`].
pub const MASTER_KEY_BYTES: usize = 32;

/// The secret that all others come from. Who loses it loses every password and authenticator.
pub struct MasterKey(Secret<[u8; MASTER_KEY_BYTES]>);

/// The file does not hold a master key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a master key is 64 hexadecimal digits on one line")]
pub struct MasterKeyError;

impl MasterKey {
    /// Draws a new one.
    pub fn draw(random: &dyn Random) -> Self {
        Self::from_bytes(random.bytes())
    }

    /// From the 32 bytes themselves.
    pub fn from_bytes(bytes: [u8; MASTER_KEY_BYTES]) -> Self {
        Self(Secret::new(bytes))
    }

    /// Reads what [`MasterKey::to_file`] wrote: 64 hexadecimal digits; white space after them is dropped.
    ///
    /// # Errors
    ///
    /// [`MasterKeyError`] for anything else.
    pub fn from_file(content: &[u8]) -> Result<Self, MasterKeyError> {
        let digits = content.trim_ascii_end();
        let mut bytes = Zeroizing::new([0; MASTER_KEY_BYTES]);
        if digits.len() != 2 * MASTER_KEY_BYTES {
            return Err(MasterKeyError);
        }
        HEXLOWER_PERMISSIVE.decode_mut(digits, bytes.as_mut_slice()).map_err(|_| MasterKeyError)?;
        Ok(Self::from_bytes(*bytes))
    }

    /// The content of the file that keeps it: one line.
    pub fn to_file(&self) -> Secret<String> {
        Secret::new(HEXLOWER_PERMISSIVE.encode(self.0.expose()) + "\n")
    }
}

/// What a key is used for with [`Keys::mac`]. One key each, so nothing crosses over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Below the slow hash of a password.
    PasswordPepper,
    /// Below the slow hash of a deletion code.
    DeletionCode,
    /// A mailed contact code at rest.
    ContactCode,
    /// The mailed code of a new account at rest.
    ActivationCode,
    /// A form's token against cross-site request forgery.
    Csrf,
    /// A pairwise subject identifier (OpenID Connect Core 1.0 section 8.1).
    Pairwise,
    /// The cookie of a known device.
    DeviceCookie,
    /// The names of the counters of attempts.
    Throttle,
    /// A client's secret at rest.
    ClientSecret,
    /// What is derived from the handle of a request to another identity provider: nonce and PKCE verifier.
    UpstreamRequest,
    /// The code of an offer of credentials, from the offer's address.
    CredentialOffer,
    /// A nonce for a wallet's proofs.
    CredentialNonce,
    /// The number by which credentials name a person.
    AdministrativeNumber,
    /// The key that encrypted requests for credentials are opened by.
    CredentialRequest,
}

impl Purpose {
    const ALL: [Purpose; 14] = [
        Purpose::PasswordPepper,
        Purpose::DeletionCode,
        Purpose::ContactCode,
        Purpose::ActivationCode,
        Purpose::Csrf,
        Purpose::Pairwise,
        Purpose::DeviceCookie,
        Purpose::Throttle,
        Purpose::ClientSecret,
        Purpose::UpstreamRequest,
        Purpose::CredentialOffer,
        Purpose::CredentialNonce,
        Purpose::AdministrativeNumber,
        Purpose::CredentialRequest,
    ];

    /// The `info` of the derivation. Never changed: whatever was made with it would be lost.
    const fn info(self) -> &'static str {
        match self {
            Purpose::PasswordPepper => "kapu password pepper",
            Purpose::DeletionCode => "kapu deletion code",
            Purpose::ContactCode => "kapu contact code",
            Purpose::ActivationCode => "kapu activation code",
            Purpose::Csrf => "kapu csrf",
            Purpose::Pairwise => "kapu pairwise",
            Purpose::DeviceCookie => "kapu device cookie",
            Purpose::Throttle => "kapu throttle",
            Purpose::ClientSecret => "kapu client secret",
            Purpose::UpstreamRequest => "kapu upstream request",
            Purpose::CredentialOffer => "kapu credential offer",
            Purpose::CredentialNonce => "kapu credential nonce",
            Purpose::AdministrativeNumber => "kapu administrative number",
            Purpose::CredentialRequest => "kapu credential request",
        }
    }
}

const SEALING: &str = "kapu sealing";
const IDENTIFIER: &str = "kapu key identifier";

/// Bytes of a [`Keys::identifier`]: an Argon2 `keyid` has at most eight.
pub const KEY_IDENTIFIER_BYTES: usize = 6;

/// The derived keys, ready for use.
pub struct Keys {
    macs: [hmac::Key; Purpose::ALL.len()],
    sealing: LessSafeKey,
    identifier: [u8; KEY_IDENTIFIER_BYTES],
}

impl Keys {
    /// Derives them.
    ///
    /// # Panics
    ///
    /// When the cryptographic library refuses lengths that are constants here.
    pub fn new(master: &MasterKey) -> Self {
        let extracted = hkdf::Salt::new(hkdf::HKDF_SHA256, b"kapu").extract(master.0.expose());
        let derive = |info: &str| {
            let mut key = Zeroizing::new([0; 32]);
            extracted
                .expand(&[info.as_bytes()], hkdf::HKDF_SHA256)
                .and_then(|okm| okm.fill(key.as_mut_slice()))
                .expect("RFC 5869 allows 255 times the 32 bytes asked for");
            key
        };
        let identifier = derive(IDENTIFIER);
        Self {
            macs: Purpose::ALL.map(|purpose| hmac::Key::new(hmac::HMAC_SHA256, derive(purpose.info()).as_slice())),
            sealing: LessSafeKey::new(
                UnboundKey::new(&AES_256_GCM, derive(SEALING).as_slice()).expect("AES-256 takes 32 bytes"),
            ),
            identifier: std::array::from_fn(|i| identifier[i]),
        }
    }

    /// HMAC-SHA-256 of `parts` under the key for `purpose`. Every part is preceded by its
    /// length, so that no two lists of parts look alike.
    pub fn mac(&self, purpose: Purpose, parts: &[&[u8]]) -> [u8; 32] {
        let mut context = hmac::Context::with_key(&self.macs[purpose as usize]);
        for part in parts {
            context.update(&(part.len() as u64).to_be_bytes());
            context.update(part);
        }
        let mut tag = [0; 32];
        tag.copy_from_slice(context.sign().as_ref());
        tag
    }

    /// Whether `tag` is the [`Keys::mac`] of `parts`, in a time that says nothing of where it differs.
    pub fn mac_matches(&self, purpose: Purpose, parts: &[&[u8]], tag: &[u8]) -> bool {
        same(&self.mac(purpose, parts), tag)
    }

    /// Says which master key these came from, and nothing else of it.
    pub fn identifier(&self) -> [u8; KEY_IDENTIFIER_BYTES] {
        self.identifier
    }

    pub(crate) fn sealing(&self) -> &LessSafeKey {
        &self.sealing
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys(…)")
    }
}

/// What is stored of a handle: its SHA-256. A handle has 256 random bits, so nothing slower is needed.
pub fn digest_handle(handle: &Handle) -> HandleDigest {
    digest_text(handle.expose())
}

/// The SHA-256 of a text, for what is kept as it was used: whoever makes it sees to it that it cannot be guessed,
/// or that it need not be secret.
pub fn digest_text(text: &str) -> HandleDigest {
    HandleDigest::from_bytes(&sha256(text.as_bytes()))
}

/// The SHA-256 of a public key, in hexadecimal digits: its name.
pub fn fingerprint(public_key: &[u8]) -> String {
    HEXLOWER.encode(&sha256(public_key))
}

fn sha256(octets: &[u8]) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes.copy_from_slice(digest::digest(&digest::SHA256, octets).as_ref());
    bytes
}

/// Equality in a time that depends on the lengths alone.
pub(crate) fn same(one: &[u8], other: &[u8]) -> bool {
    aws_lc_rs::constant_time::verify_slices_are_equal(one, other).is_ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::{Seeded, keys};

    #[test]
    fn purposes_index_their_own_keys() {
        for (index, purpose) in Purpose::ALL.into_iter().enumerate() {
            assert_eq!(purpose as usize, index);
        }
    }

    #[test]
    fn a_master_key_survives_its_file() {
        let drawn = MasterKey::draw(&Seeded::new(3));
        let read = MasterKey::from_file(drawn.to_file().expose().as_bytes()).unwrap();
        assert_eq!(read.0.expose(), drawn.0.expose());
        let digits = "0".repeat(64);
        for good in [digits.clone(), format!("{digits}\r\n"), "aB".repeat(32)] {
            assert!(MasterKey::from_file(good.as_bytes()).is_ok(), "{good:?}");
        }
        for bad in [String::new(), "0".repeat(63), "0".repeat(66), format!(" {digits}"), "g".repeat(64)] {
            assert!(MasterKey::from_file(bad.as_bytes()).is_err(), "{bad:?}");
        }
    }

    /// Computed with another implementation of RFC 5869 and RFC 2104. Should these ever change,
    /// every stored password and sealed key is lost.
    #[test]
    fn derived_keys_stay_what_they_are() {
        let keys = keys(7);
        #[rustfmt::skip]
        let table = [
            (Purpose::PasswordPepper, "e3554d3f27e96173931c666eb4f88e248bc4fe6c7ca5c4785d8406848df70ba1"),
            (Purpose::DeletionCode,   "4b339d386728c022e2a21f6aa1f8c8dff776d6ab76c3f3aae04617ed60c1383e"),
            (Purpose::Pairwise,       "ff74c4045296f1af8d244552a97a3c99a9632e7d32a9922f315b2c34b212c323"),
            (Purpose::ClientSecret,   "7e4779bbd809f93805922439cbb49c28bf1c8d11ffb5a2773636606094436e1d"),
        ];
        for (purpose, tag) in table {
            assert_eq!(HEXLOWER.encode(&keys.mac(purpose, &[b"one", b"", b"two"])), tag, "{purpose:?}");
        }
        assert_eq!(HEXLOWER.encode(&keys.identifier()), "3f19fe082a91");
    }

    #[test]
    fn a_handle_is_stored_as_its_sha_256() {
        let handle = Handle::parse(&"ab".repeat(32)).unwrap();
        assert_eq!(digest_handle(&handle).as_str(), "271a413bd339c5709fdceaec41f14f11e9fbfb5042d72d331c65f32b284cd09a");
    }

    #[test]
    fn no_two_purposes_and_no_two_master_keys_agree() {
        let mut tags = Vec::new();
        for byte in [1, 2] {
            tags.extend(Purpose::ALL.map(|purpose| keys(byte).mac(purpose, &[b"x"])));
        }
        tags.sort_unstable();
        tags.dedup();
        assert_eq!(tags.len(), 2 * Purpose::ALL.len());
        assert_ne!(keys(1).identifier(), keys(2).identifier());
    }

    #[test]
    fn parts_do_not_run_together() {
        let keys = keys(1);
        let mac = |parts: &[&[u8]]| keys.mac(Purpose::Csrf, parts);
        let tags = [mac(&[b"ab", b"c"]), mac(&[b"a", b"bc"]), mac(&[b"abc"]), mac(&[b"abc", b""]), mac(&[])];
        for (i, one) in tags.iter().enumerate() {
            assert!(tags[i + 1..].iter().all(|other| other != one));
        }
    }

    #[test]
    fn keys_print_nothing_of_themselves() {
        assert_eq!(format!("{:?}", keys(1)), "Keys(…)");
    }

    proptest! {
        #[test]
        fn a_tag_matches_unless_a_bit_is_flipped(part in proptest::collection::vec(any::<u8>(), 0..40), bit in 0_usize..256) {
            let keys = keys(9);
            let mut tag = keys.mac(Purpose::Csrf, &[&part]);
            prop_assert!(keys.mac_matches(Purpose::Csrf, &[&part], &tag));
            prop_assert!(!keys.mac_matches(Purpose::DeviceCookie, &[&part], &tag));
            prop_assert!(!keys.mac_matches(Purpose::Csrf, &[&part], &tag[..31]));
            tag[bit / 8] ^= 1 << (bit % 8);
            prop_assert!(!keys.mac_matches(Purpose::Csrf, &[&part], &tag));
        }
    }
}
