//! Checking a token that brings its signer's certificates along (RFC 7515 section 4.1.6).

use std::fmt;

use data_encoding::BASE64;
use serde_json::Value;

use crate::verify::Parts;
use crate::{Algorithm, Jwk, JwsError, TokenType, Verified};

/// The most certificates of a chain.
pub const CHAIN_CERTIFICATES_MAX: usize = 6;
/// The longest certificate, in bytes of its DER.
pub const CERTIFICATE_BYTES_MAX: usize = 8 * 1024;

/// What the caller expects of such a token.
#[derive(Clone, Copy, Debug)]
pub struct ExpectedChain<'a> {
    /// The kind of token.
    pub typ: TokenType<'a>,
    /// The algorithms that it may be signed with.
    pub algorithms: &'a [Algorithm],
    /// The longest token that is looked at, in bytes.
    pub bytes_max: usize,
}

/// Why such a token is refused. For the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChainError<E> {
    /// The token itself, or the form of its chain.
    Token(JwsError),
    /// The caller's word on the chain.
    Chain(E),
}

/// Checks a token by the key of the chain in its header. `key_of` is given the certificates, DER, the
/// signer's own first, and answers with the signer's key if the chain leads to somebody it trusts.
///
/// # Errors
///
/// [`ChainError::Token`] with [`JwsError::Header`] also for a chain that is missing, empty or longer than
/// [`CHAIN_CERTIFICATES_MAX`], and for a certificate that is not base64 or longer than
/// [`CERTIFICATE_BYTES_MAX`]; [`ChainError::Chain`] with what `key_of` says.
pub fn verify_by_chain<E>(
    token: &str,
    expected: &ExpectedChain<'_>,
    key_of: impl FnOnce(&[Vec<u8>]) -> Result<Jwk, E>,
) -> Result<Verified, ChainError<E>> {
    let parts = Parts::read(token, expected.bytes_max).map_err(ChainError::Token)?;
    let algorithm = parts.algorithm(expected.typ, expected.algorithms).map_err(ChainError::Token)?;
    if parts.header.jwk.is_some() {
        return Err(ChainError::Token(JwsError::RefusedMember));
    }
    let chain = certificates(parts.header.x5c.as_ref()).ok_or(ChainError::Token(JwsError::Header))?;
    let key = key_of(&chain).map_err(ChainError::Chain)?;
    parts.verified_by(&key, algorithm).map_err(ChainError::Token)
}

fn certificates(x5c: Option<&Value>) -> Option<Vec<Vec<u8>>> {
    let listed = x5c?.as_array()?;
    if !(1..=CHAIN_CERTIFICATES_MAX).contains(&listed.len()) {
        return None;
    }
    // Base64 with padding, other than everywhere else.
    let certificate = |text: &Value| BASE64.decode(text.as_str()?.as_bytes()).ok();
    listed.iter().map(|text| certificate(text).filter(|der| der.len() <= CERTIFICATE_BYTES_MAX)).collect()
}

impl<E: fmt::Display> fmt::Display for ChainError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ChainError::Token(error) => error.fmt(f),
            ChainError::Chain(error) => error.fmt(f),
        }
    }
}

impl<E: fmt::Debug + fmt::Display> std::error::Error for ChainError<E> {}
