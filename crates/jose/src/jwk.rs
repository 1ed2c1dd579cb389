//! One public key.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256,
    RsaPublicKeyComponents,
};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use crate::{Algorithm, base64url};

/// The smallest RSA modulus, in bits.
pub const RSA_BITS_MIN: usize = 2048;
/// The largest RSA modulus, in bits; a larger one costs the verifier more than it proves.
pub const RSA_BITS_MAX: usize = 8192;
/// The smallest RSA public exponent. Small ones have a history of forgeries.
const RSA_EXPONENT_MIN: u64 = 65_537;
/// The longest RSA public exponent, in bytes.
const RSA_EXPONENT_BYTES_MAX: usize = 4;
/// The longest key identifier, in bytes.
pub(crate) const KID_BYTES_MAX: usize = 256;
/// The length of a coordinate on P-256 (RFC 7518 section 6.2.1.2).
pub(crate) const COORDINATE_BYTES: usize = 32;
/// Members that only a private or a symmetric key has (RFC 7518 sections 6.2.2, 6.3.2 and 6.4.1).
pub(crate) const PRIVATE_MEMBERS: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// A public key that checks signatures: P-256, or RSA of 2048 to 8192 bits (RFC 7517).
///
/// Invariant: the numbers have been checked, so a signature is the only thing left to judge.
#[derive(Clone)]
pub struct Jwk {
    kid: Option<String>,
    /// What the key's owner says it is for; absent allows every algorithm of its type.
    alg: Option<Algorithm>,
    public: Public,
}

#[derive(Clone)]
enum Public {
    P256 { x: Vec<u8>, y: Vec<u8>, es256: ParsedPublicKey },
    Rsa { n: Vec<u8>, e: Vec<u8>, rs256: ParsedPublicKey, ps256: ParsedPublicKey },
}

/// Why a key is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JwkError {
    /// No object, a member named twice, or a member of the wrong type.
    #[error("the key is no JSON object, or has a member of the wrong type or named twice")]
    Form,
    /// A key type, curve, use or algorithm that is none of ours. In a set such a key is skipped
    /// (RFC 7517 section 5).
    #[error("the key is for something else than ES256, RS256 or PS256 signatures")]
    Foreign,
    /// A private or symmetric key was given where a public one belongs.
    #[error("the key holds private members; it must be treated as disclosed")]
    Private,
    /// A member that the key type demands is missing or not base64url.
    #[error("the member `{0}` is missing or not canonical base64url")]
    Member(&'static str),
    /// The point is not on the curve.
    #[error("the point is not on P-256")]
    OffCurve,
    /// RSA with a modulus or exponent outside of what is safe.
    #[error("an RSA key has an odd modulus of 2048 to 8192 bits and an odd exponent from 65537")]
    Weak,
}

impl Jwk {
    /// Reads one public key.
    ///
    /// # Errors
    ///
    /// See [`JwkError`]. Members that are not known are ignored (RFC 7517 section 4).
    pub fn parse(text: &[u8]) -> Result<Self, JwkError> {
        Self::from_members(&crate::json::from_slice(text).map_err(|_| JwkError::Form)?)
    }

    /// Reads one public key from the members of its object, as they stand in another message.
    ///
    /// # Errors
    ///
    /// As [`Jwk::parse`].
    pub fn from_members(members: &Map<String, Value>) -> Result<Self, JwkError> {
        if PRIVATE_MEMBERS.iter().any(|name| members.contains_key(*name)) {
            return Err(JwkError::Private);
        }
        let kty = text_member(members, "kty")?.ok_or(JwkError::Member("kty"))?;
        let for_signatures = text_member(members, "use")?.is_none_or(|purpose| purpose == "sig");
        if !for_signatures || !may_verify(members.get("key_ops"))? {
            return Err(JwkError::Foreign);
        }
        let alg = match text_member(members, "alg")? {
            None => None,
            Some(name) => Some(Algorithm::from_name(name).ok_or(JwkError::Foreign)?),
        };
        let public = match kty {
            "EC" => Public::p256_from_members(members)?,
            "RSA" => Public::rsa(number(members, "n")?, number(members, "e")?)?,
            _ => return Err(JwkError::Foreign),
        };
        if alg.is_some_and(|alg| public.verifier(alg).is_none()) {
            return Err(JwkError::Foreign);
        }
        let kid = match text_member(members, "kid")? {
            Some(kid) if kid.len() > KID_BYTES_MAX => return Err(JwkError::Member("kid")),
            kid => kid.map(str::to_owned),
        };
        Ok(Self { kid, alg, public })
    }

    /// A key on P-256 from its point as a certificate has it: the byte 4 and both coordinates (SEC 1 section
    /// 2.3.3, RFC 5480 section 2.2). Its thumbprint becomes its `kid`.
    ///
    /// # Errors
    ///
    /// [`JwkError::Form`] for another length or a compressed point, [`JwkError::OffCurve`].
    pub fn from_p256_point(point: &[u8]) -> Result<Self, JwkError> {
        match point.split_first() {
            Some((4, coordinates)) if coordinates.len() == 2 * COORDINATE_BYTES => {
                let (x, y) = coordinates.split_at(COORDINATE_BYTES);
                Self::of_p256(x, y)
            }
            Some(_) | None => Err(JwkError::Form),
        }
    }

    /// The public half of an RSA signing key; its thumbprint becomes its `kid`.
    pub(crate) fn of_rsa(alg: Algorithm, n: &[u8], e: &[u8]) -> Result<Self, JwkError> {
        Ok(Self::named_by_thumbprint(alg, Public::rsa(n.to_vec(), e.to_vec())?))
    }

    /// The public half of a P-256 signing key; its thumbprint becomes its `kid`.
    pub(crate) fn of_p256(x: &[u8], y: &[u8]) -> Result<Self, JwkError> {
        Ok(Self::named_by_thumbprint(Algorithm::Es256, Public::p256(x.to_vec(), y.to_vec())?))
    }

    fn named_by_thumbprint(alg: Algorithm, public: Public) -> Self {
        let mut key = Self { kid: None, alg: Some(alg), public };
        key.kid = Some(key.thumbprint());
        key
    }

    /// The key's name in its set.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The SHA-256 thumbprint in base64url (RFC 7638 section 3).
    pub fn thumbprint(&self) -> String {
        // The required members alone, in the order of their names, without white space. Base64url
        // needs no escaping, so this is that text.
        let canonical = match &self.public {
            Public::P256 { x, y, .. } => {
                let (x, y) = (base64url::encode(x), base64url::encode(y));
                format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#)
            }
            Public::Rsa { n, e, .. } => {
                let (n, e) = (base64url::encode(n), base64url::encode(e));
                format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#)
            }
        };
        base64url::encode(digest(&SHA256, canonical.as_bytes()).as_ref())
    }

    /// Whether the key may be used with `algorithm`, by its type and by its owner's word.
    pub fn allows(&self, algorithm: Algorithm) -> bool {
        self.alg.is_none_or(|alg| alg == algorithm) && self.public.verifier(algorithm).is_some()
    }

    /// Whether `signature` is one of `message` by `algorithm`.
    pub(crate) fn verifies(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        self.allows(algorithm)
            && self.public.verifier(algorithm).is_some_and(|verifier| verifier.verify_sig(message, signature).is_ok())
    }
}

impl Public {
    fn p256_from_members(members: &Map<String, Value>) -> Result<Self, JwkError> {
        match text_member(members, "crv")? {
            None => Err(JwkError::Member("crv")),
            Some("P-256") => Self::p256(number(members, "x")?, number(members, "y")?),
            Some(_) => Err(JwkError::Foreign),
        }
    }

    fn p256(x: Vec<u8>, y: Vec<u8>) -> Result<Self, JwkError> {
        for (coordinate, name) in [(&x, "x"), (&y, "y")] {
            if coordinate.len() != COORDINATE_BYTES {
                return Err(JwkError::Member(name));
            }
        }
        // SEC 1 section 2.3.3: 4 announces an uncompressed point.
        let point = [&[4], x.as_slice(), y.as_slice()].concat();
        let es256 = ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).map_err(|_| JwkError::OffCurve)?;
        Ok(Public::P256 { x, y, es256 })
    }

    fn rsa(n: Vec<u8>, e: Vec<u8>) -> Result<Self, JwkError> {
        let is_odd = |number: &[u8]| number.last().is_some_and(|last| last & 1 == 1);
        let has_leading_zero = |number: &[u8]| number.first().is_none_or(|first| *first == 0);
        if has_leading_zero(&n) || has_leading_zero(&e) {
            // RFC 7518 section 2: an integer has the fewest octets that hold it.
            return Err(JwkError::Member(if has_leading_zero(&n) { "n" } else { "e" }));
        }
        let leading_zeros = n.first().map_or(0, |first| first.leading_zeros() as usize);
        let bits = n.len() * 8 - leading_zeros;
        let exponent = e.iter().take(RSA_EXPONENT_BYTES_MAX).fold(0, |sum, byte| sum << 8 | u64::from(*byte));
        let safe = (RSA_BITS_MIN..=RSA_BITS_MAX).contains(&bits)
            && is_odd(&n)
            && is_odd(&e)
            && e.len() <= RSA_EXPONENT_BYTES_MAX
            && exponent >= RSA_EXPONENT_MIN;
        if !safe {
            return Err(JwkError::Weak);
        }
        let components = RsaPublicKeyComponents { n: &n, e: &e };
        let parsed = |parameters| components.to_parsed_public_key(parameters).map_err(|_| JwkError::Weak);
        let (rs256, ps256) = (parsed(&RSA_PKCS1_2048_8192_SHA256)?, parsed(&RSA_PSS_2048_8192_SHA256)?);
        Ok(Public::Rsa { n, e, rs256, ps256 })
    }

    fn verifier(&self, algorithm: Algorithm) -> Option<&ParsedPublicKey> {
        match (self, algorithm) {
            (Public::P256 { es256, .. }, Algorithm::Es256) => Some(es256),
            (Public::Rsa { rs256, .. }, Algorithm::Rs256) => Some(rs256),
            (Public::Rsa { ps256, .. }, Algorithm::Ps256) => Some(ps256),
            (Public::P256 { .. }, Algorithm::Rs256 | Algorithm::Ps256) | (Public::Rsa { .. }, Algorithm::Es256) => None,
        }
    }
}

pub(crate) fn text_member<'a>(members: &'a Map<String, Value>, name: &str) -> Result<Option<&'a str>, JwkError> {
    members.get(name).map(|value| value.as_str().ok_or(JwkError::Form)).transpose()
}

pub(crate) fn number(members: &Map<String, Value>, name: &'static str) -> Result<Vec<u8>, JwkError> {
    let text = text_member(members, name)?.ok_or(JwkError::Member(name))?;
    base64url::decode(text).ok_or(JwkError::Member(name))
}

fn may_verify(key_ops: Option<&Value>) -> Result<bool, JwkError> {
    match key_ops {
        None => Ok(true),
        Some(Value::Array(operations)) => Ok(operations.iter().any(|operation| operation == "verify")),
        Some(_) => Err(JwkError::Form),
    }
}

impl Jwk {
    /// The coordinates of a key on P-256, each of 32 bytes.
    pub fn p256_coordinates(&self) -> Option<(&[u8], &[u8])> {
        match &self.public {
            Public::P256 { x, y, .. } => Some((x, y)),
            Public::Rsa { .. } => None,
        }
    }

    /// The members that the key type demands and no others.
    pub(crate) fn bare(&self) -> Value {
        match &self.public {
            Public::P256 { x, y, .. } => {
                json!({"kty": "EC", "crv": "P-256", "x": base64url::encode(x), "y": base64url::encode(y)})
            }
            Public::Rsa { n, e, .. } => {
                json!({"kty": "RSA", "n": base64url::encode(n), "e": base64url::encode(e)})
            }
        }
    }
}

impl Serialize for Jwk {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = self.bare();
        members["use"] = "sig".into();
        if let Some(alg) = self.alg {
            members["alg"] = alg.as_str().into();
        }
        if let Some(kid) = &self.kid {
            members["kid"] = kid.as_str().into();
        }
        members.serialize(serializer)
    }
}

impl std::fmt::Debug for Jwk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Jwk").field("kid", &self.kid).field("alg", &self.alg).finish_non_exhaustive()
    }
}

impl PartialEq for Jwk {
    fn eq(&self, other: &Self) -> bool {
        let same_number = match (&self.public, &other.public) {
            (Public::P256 { x, y, .. }, Public::P256 { x: other_x, y: other_y, .. }) => x == other_x && y == other_y,
            (Public::Rsa { n, e, .. }, Public::Rsa { n: other_n, e: other_e, .. }) => n == other_n && e == other_e,
            (Public::P256 { .. }, Public::Rsa { .. }) | (Public::Rsa { .. }, Public::P256 { .. }) => false,
        };
        same_number && self.kid == other.kid && self.alg == other.alg
    }
}

impl Eq for Jwk {}

#[cfg(test)]
mod tests;
