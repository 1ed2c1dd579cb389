//! The receiver's key and its public half.

use std::fmt;

use aws_lc_rs::agreement::{self, ECDH_P256, ParsedPublicKey, PrivateKey, UnparsedPublicKey};
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::encoding::{AsBigEndian, EcPrivateKeyBin};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};
use zeroize::Zeroizing;

use super::{ContentEncryption, ECDH_ES, Parties, concat_kdf};
use crate::jwk::{COORDINATE_BYTES, KID_BYTES_MAX, PRIVATE_MEMBERS, number, text_member};
use crate::{JwkError, KeyError, base64url};

/// A public key on P-256 that messages are encrypted to (RFC 7517).
///
/// Invariant: the point is on the curve.
#[derive(Clone, PartialEq, Eq)]
pub struct EncryptionKey {
    kid: Option<String>,
    x: Vec<u8>,
    y: Vec<u8>,
}

/// The private key that opens what was encrypted to it. It cannot be printed, and is overwritten when
/// dropped.
pub struct DecryptionKey {
    private: PrivateKey,
    public: EncryptionKey,
}

impl EncryptionKey {
    /// Reads one public key.
    ///
    /// # Errors
    ///
    /// See [`JwkError`]; [`JwkError::Foreign`] for a key of another type, curve, use or algorithm, which a
    /// reader of a set skips. Members that are not known are ignored (RFC 7517 section 4).
    pub fn parse(text: &[u8]) -> Result<Self, JwkError> {
        Self::from_members(&crate::json::from_slice(text).map_err(|_| JwkError::Form)?)
    }

    /// Reads one public key from the members of its object.
    ///
    /// # Errors
    ///
    /// As [`EncryptionKey::parse`].
    pub fn from_members(members: &Map<String, Value>) -> Result<Self, JwkError> {
        if PRIVATE_MEMBERS.iter().any(|name| members.contains_key(*name)) {
            return Err(JwkError::Private);
        }
        let is = |name: &str, value: &str| Ok(text_member(members, name)?.is_none_or(|stated| stated == value));
        let is_stated =
            |name: &'static str, value: &str| Ok(text_member(members, name)?.ok_or(JwkError::Member(name))? == value);
        let is_ours = is_stated("kty", "EC")? && is("use", "enc")? && is("alg", ECDH_ES)?;
        if !is_ours || !is_stated("crv", "P-256")? {
            return Err(JwkError::Foreign);
        }
        let kid = match text_member(members, "kid")? {
            Some(kid) if kid.len() > KID_BYTES_MAX => return Err(JwkError::Member("kid")),
            kid => kid.map(str::to_owned),
        };
        Self::new(kid, number(members, "x")?, number(members, "y")?)
    }

    pub(super) fn new(kid: Option<String>, x: Vec<u8>, y: Vec<u8>) -> Result<Self, JwkError> {
        for (coordinate, name) in [(&x, "x"), (&y, "y")] {
            if coordinate.len() != COORDINATE_BYTES {
                return Err(JwkError::Member(name));
            }
        }
        let key = Self { kid, x, y };
        ParsedPublicKey::try_from(key.point()).map_err(|_| JwkError::OffCurve)?;
        Ok(key)
    }

    /// SEC 1 section 2.3.3: the byte 4, then both coordinates.
    fn point(&self) -> UnparsedPublicKey<Vec<u8>> {
        UnparsedPublicKey::new(&ECDH_P256, [&[4], self.x.as_slice(), self.y.as_slice()].concat())
    }

    /// The key's name in its set.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The SHA-256 thumbprint (RFC 7638 section 3), as bytes: OpenID4VP 1.0 appendix B.2.6 binds a
    /// presentation to it.
    pub fn thumbprint(&self) -> [u8; 32] {
        let (x, y) = (base64url::encode(&self.x), base64url::encode(&self.y));
        let canonical = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
        let mut thumbprint = [0; 32];
        thumbprint.copy_from_slice(digest(&SHA256, canonical.as_bytes()).as_ref());
        thumbprint
    }

    /// The members of the bare public key, as `epk` has them (RFC 7518 section 4.6.1.1).
    pub(super) fn bare_members(&self) -> Value {
        json!({"kty": "EC", "crv": "P-256", "x": base64url::encode(&self.x), "y": base64url::encode(&self.y)})
    }
}

impl DecryptionKey {
    /// A new key, for one exchange or for a set under the name `kid`.
    ///
    /// # Errors
    ///
    /// [`KeyError::Generation`].
    pub fn generate(kid: Option<String>) -> Result<Self, KeyError> {
        Self::new(kid, PrivateKey::generate(&ECDH_P256).map_err(|_| KeyError::Generation)?)
    }

    /// Reads what [`DecryptionKey::to_bytes`] wrote.
    ///
    /// # Errors
    ///
    /// [`KeyError::Rejected`] when it is no private key of the curve.
    pub fn from_bytes(kid: Option<String>, bytes: &[u8]) -> Result<Self, KeyError> {
        Self::new(kid, PrivateKey::from_private_key(&ECDH_P256, bytes).map_err(|_| KeyError::Rejected)?)
    }

    fn new(kid: Option<String>, private: PrivateKey) -> Result<Self, KeyError> {
        let public = private.compute_public_key().map_err(|_| KeyError::Rejected)?;
        let point = public.as_ref().get(1..=2 * COORDINATE_BYTES).ok_or(KeyError::Rejected)?;
        let (x, y) = point.split_at(COORDINATE_BYTES);
        let public = EncryptionKey::new(kid, x.to_vec(), y.to_vec()).map_err(|_| KeyError::Rejected)?;
        Ok(Self { private, public })
    }

    /// The private number, 32 bytes, to be sealed and stored as long as an answer is awaited. The copy is
    /// overwritten when dropped.
    ///
    /// # Errors
    ///
    /// [`KeyError::Encoding`].
    pub fn to_bytes(&self) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let bytes: EcPrivateKeyBin<'_> = self.private.as_be_bytes().map_err(|_| KeyError::Encoding)?;
        Ok(Zeroizing::new(bytes.as_ref().to_vec()))
    }

    /// The public half, for metadata.
    pub fn public_key(&self) -> &EncryptionKey {
        &self.public
    }

    /// The content encryption key that this key and `other` agree on; nothing if `other` is no key.
    pub(super) fn agree(
        &self,
        other: &EncryptionKey,
        encryption: ContentEncryption,
        parties: Parties<'_>,
    ) -> Option<Zeroizing<Vec<u8>>> {
        agreement::agree(&self.private, other.point(), (), |agreed| Ok(concat_kdf::derive(agreed, encryption, parties)))
            .ok()
    }
}

impl Serialize for EncryptionKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = self.bare_members();
        members["use"] = "enc".into();
        members["alg"] = ECDH_ES.into();
        if let Some(kid) = &self.kid {
            members["kid"] = kid.as_str().into();
        }
        members.serialize(serializer)
    }
}

impl fmt::Debug for EncryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EncryptionKey").field("kid", &self.kid).finish_non_exhaustive()
    }
}

impl fmt::Debug for DecryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { private: _, public } = self;
        f.debug_struct("DecryptionKey").field("public", public).finish_non_exhaustive()
    }
}
