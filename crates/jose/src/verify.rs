//! Checking a token.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::{Algorithm, Jwk, JwkSet, base64url, json};

/// The longest token that is looked at, in bytes.
pub const TOKEN_BYTES_MAX: usize = 16 * 1024;
/// Header members that would change what is signed, or bring a key along. The first kind must not
/// be ignored (RFC 7515 section 4.1.11, RFC 7797 section 6), the second must not be believed
/// (RFC 8725 section 3.10). The exceptions are the chain of certificates in `x5c`, for readers that judge it,
/// and the key in `jwk`, for proofs that whoever sends them holds it.
const REFUSED_MEMBERS: [&str; 4] = ["crit", "b64", "jku", "x5u"];

/// What the caller expects of a token.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// The kind of token.
    pub typ: TokenType<'a>,
    /// The algorithms that it may be signed with.
    pub algorithms: &'a [Algorithm],
    /// The keys of whoever should have signed it.
    pub keys: &'a JwkSet,
}

/// What the header member `typ` must say (RFC 7515 section 4.1.9). Compared without regard to case,
/// and with or without `application/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenType<'a> {
    /// This, for kinds of tokens that have a name of their own (RFC 8725 section 3.11).
    Stated(&'a str),
    /// One of these, or nothing, for kinds that are older than that advice.
    AbsentOr(&'a [&'a str]),
}

/// A token whose signature is good. What it says is for the caller to judge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    algorithm: Algorithm,
    payload: Vec<u8>,
}

/// Why a token is refused. For the log; the sender learns no more than "invalid".
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JwsError {
    /// More than [`TOKEN_BYTES_MAX`] bytes, or than its reader allows.
    #[error("the token is too long")]
    TooLong,
    /// Not three parts.
    #[error("the token has not three parts")]
    Form,
    /// A part is not canonical base64url.
    #[error("a part of the token is not canonical base64url")]
    Encoding,
    /// The header is no JSON object, or has a member of the wrong type or twice.
    #[error("the token's header is malformed")]
    Header,
    /// The header has `crit`, `b64`, or a key of its own.
    #[error("the token's header has a member that is not accepted")]
    RefusedMember,
    /// The token is of another kind.
    #[error("the token is of another type")]
    Type,
    /// Signed with an algorithm that is not allowed, or not signed.
    #[error("the token's algorithm is not allowed")]
    Algorithm,
    /// No key, or more than one, could have signed it.
    #[error("no known key fits the token")]
    UnknownKey,
    /// The signature is not the key's.
    #[error("the token's signature is wrong")]
    Signature,
    /// The payload is no JSON of the expected form, or names a member twice.
    #[error("the token's payload is malformed")]
    Payload,
}

/// Checks a token in the compact serialisation (RFC 7515 section 5.2).
///
/// # Errors
///
/// The first fault found; see [`JwsError`].
pub fn verify(token: &str, expected: &Expected<'_>) -> Result<Verified, JwsError> {
    let parts = Parts::read(token, TOKEN_BYTES_MAX)?;
    let algorithm = parts.algorithm(expected.typ, expected.algorithms)?;
    parts.header.refuse_own_key()?;
    let key = expected.keys.find(parts.header.kid.as_deref(), algorithm).ok_or(JwsError::UnknownKey)?;
    parts.verified_by(key, algorithm)
}

/// Checks a token by one key that is known to be its signer's, whatever name the token gives to it.
///
/// # Errors
///
/// As [`verify`].
pub fn verify_by_key(
    token: &str,
    typ: TokenType<'_>,
    algorithms: &[Algorithm],
    key: &Jwk,
) -> Result<Verified, JwsError> {
    let parts = Parts::read(token, TOKEN_BYTES_MAX)?;
    let algorithm = parts.algorithm(typ, algorithms)?;
    parts.header.refuse_own_key()?;
    parts.verified_by(key, algorithm)
}

/// Checks a token and reads its payload.
///
/// # Errors
///
/// As [`verify`], and [`JwsError::Payload`].
pub fn verify_json<T: DeserializeOwned>(token: &str, expected: &Expected<'_>) -> Result<T, JwsError> {
    verify(token, expected)?.json()
}

impl Verified {
    /// The algorithm of the signature.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The payload, whatever it is.
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// The payload, read from JSON.
    ///
    /// # Errors
    ///
    /// [`JwsError::Payload`], also when an object in it names a member twice.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, JwsError> {
        json::from_slice(&self.payload).map_err(|_| JwsError::Payload)
    }
}

impl TokenType<'_> {
    fn admits(self, stated: Option<&str>) -> bool {
        match (self, stated.map(without_application)) {
            (TokenType::Stated(typ), Some(stated)) => typ.eq_ignore_ascii_case(stated),
            (TokenType::AbsentOr(types), Some(stated)) => types.iter().any(|typ| typ.eq_ignore_ascii_case(stated)),
            (TokenType::AbsentOr(_), None) => true,
            (TokenType::Stated(_), None) => false,
        }
    }
}

/// RFC 7515 section 4.1.9: `application/` may be left out when no other slash follows.
fn without_application(typ: &str) -> &str {
    match typ.split_at_checked("application/".len()) {
        Some((prefix, rest)) if prefix.eq_ignore_ascii_case("application/") && !rest.contains('/') => rest,
        Some(_) | None => typ,
    }
}

/// The parts of a token that nobody has checked yet.
pub(crate) struct Parts<'a> {
    signed: &'a str,
    pub(crate) header: Header,
    payload: Vec<u8>,
    signature: Vec<u8>,
}

impl<'a> Parts<'a> {
    pub(crate) fn read(token: &'a str, bytes_max: usize) -> Result<Self, JwsError> {
        if token.len() > bytes_max {
            return Err(JwsError::TooLong);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(JwsError::Form)?;
        let (header, payload) = signed.split_once('.').ok_or(JwsError::Form)?;
        if payload.contains('.') {
            return Err(JwsError::Form);
        }
        let [header, payload, signature] = [header, payload, signature].map(base64url::decode);
        let (Some(header), Some(payload), Some(signature)) = (header, payload, signature) else {
            return Err(JwsError::Encoding);
        };
        Ok(Self { signed, header: Header::parse(&header)?, payload, signature })
    }

    /// The algorithm that the token names, if it is one of these and the token of this kind.
    pub(crate) fn algorithm(&self, typ: TokenType<'_>, algorithms: &[Algorithm]) -> Result<Algorithm, JwsError> {
        if !typ.admits(self.header.typ.as_deref()) {
            return Err(JwsError::Type);
        }
        Algorithm::from_name(&self.header.alg)
            .filter(|algorithm| algorithms.contains(algorithm))
            .ok_or(JwsError::Algorithm)
    }

    pub(crate) fn verified_by(self, key: &Jwk, algorithm: Algorithm) -> Result<Verified, JwsError> {
        if !key.allows(algorithm) {
            return Err(JwsError::UnknownKey);
        }
        if !key.verifies(algorithm, self.signed.as_bytes(), &self.signature) {
            return Err(JwsError::Signature);
        }
        Ok(Verified { algorithm, payload: self.payload })
    }
}

/// What we read of the protected header.
pub(crate) struct Header {
    alg: String,
    pub(crate) kid: Option<String>,
    typ: Option<String>,
    /// Whatever it is.
    pub(crate) x5c: Option<Value>,
    /// Whatever it is.
    pub(crate) jwk: Option<Value>,
    /// What only some kinds of tokens have.
    pub(crate) others: Map<String, Value>,
}

impl Header {
    fn parse(text: &[u8]) -> Result<Self, JwsError> {
        let mut members: Map<String, Value> = json::from_slice(text).map_err(|_| JwsError::Header)?;
        if REFUSED_MEMBERS.iter().any(|name| members.contains_key(*name)) {
            return Err(JwsError::RefusedMember);
        }
        let (x5c, jwk) = (members.remove("x5c"), members.remove("jwk"));
        let mut text = |name: &str| match members.remove(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(JwsError::Header),
        };
        let (alg, kid, typ) = (text("alg")?.ok_or(JwsError::Header)?, text("kid")?, text("typ")?);
        Ok(Self { alg, kid, typ, x5c, jwk, others: members })
    }

    /// Where the key is known, none that the token brings along is looked at.
    fn refuse_own_key(&self) -> Result<(), JwsError> {
        if self.x5c.is_some() || self.jwk.is_some() { Err(JwsError::RefusedMember) } else { Ok(()) }
    }
}
