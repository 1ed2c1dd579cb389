//! HTTP-Redirect with the DEFLATE encoding (SAML Bindings section 3.4.4.1).
//!
//! The signature is over the query as it was sent, byte for byte: what is verified is cut out of the
//! raw query, never encoded again.

use std::io::Write;

use data_encoding::BASE64;
use flate2::write::DeflateEncoder;
use flate2::{Compression, Decompress, FlushDecompress, Status};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use xmlsec::{SignatureAlgorithm, SigningKey};

use super::parameters::Parameters;
use super::{BindingError, Direction, MESSAGE_BYTES_MAX, RELAY_STATE_BYTES_MAX};
use crate::received::{Detached, Received};

/// How much longer a message may be than its compressed form.
pub const INFLATE_RATIO_MAX: usize = 20;
/// The one encoding (`SAMLEncoding`), which is also the default.
const DEFLATE: &str = "urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE";
/// What RFC 3986 section 2.3 leaves as it is.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Reads a raw query, as it stands after the `?`.
///
/// # Errors
///
/// See [`BindingError`]. A signature is not checked yet; see [`Received::authenticate`].
pub fn decode(query: &str) -> Result<Received, BindingError> {
    let parameters = Parameters::read(query)?;
    let direction = parameters.direction()?;
    if parameters.text("SAMLEncoding")?.is_some_and(|encoding| encoding != DEFLATE) {
        return Err(BindingError::Encoding);
    }
    let deflated = parameters.base64(direction.parameter())?.ok_or(BindingError::Parameters)?;
    let octets = inflate(&deflated)?;
    let detached = detached(&parameters, direction)?;
    Ok(Received::new(direction, octets, parameters.relay_state()?, detached))
}

fn detached(parameters: &Parameters<'_>, direction: Direction) -> Result<Option<Detached>, BindingError> {
    let (algorithm, signature) = match (parameters.text("SigAlg")?, parameters.raw("Signature")) {
        (None, None) => return Ok(None),
        (Some(algorithm), Some(_)) => (algorithm, parameters.base64("Signature")?),
        (Some(_), None) | (None, Some(_)) => return Err(BindingError::Parameters),
    };
    let algorithm = SignatureAlgorithm::from_uri(&algorithm).ok_or(BindingError::Algorithm)?;
    let signed = [direction.parameter(), "RelayState", "SigAlg"].into_iter();
    let signed = signed.filter_map(|name| parameters.raw(name).map(|raw| format!("{name}={raw}")));
    let octets = signed.collect::<Vec<_>>().join("&").into_bytes();
    Ok(Some(Detached { octets, algorithm, signature: signature.unwrap_or_default() }))
}

/// Inflates a raw stream that ends with the data and stays within the limits.
fn inflate(deflated: &[u8]) -> Result<Vec<u8>, BindingError> {
    let limit = MESSAGE_BYTES_MAX.min(deflated.len().saturating_mul(INFLATE_RATIO_MAX));
    // One more than may come out, so that a stream that fills it is one that is too long.
    let mut octets = Vec::with_capacity(limit + 1);
    let mut stream = Decompress::new(false);
    let status = stream.decompress_vec(deflated, &mut octets, FlushDecompress::Finish);
    let is_whole = matches!(status, Ok(Status::StreamEnd)) && stream.total_in() == deflated.len() as u64;
    if is_whole && octets.len() <= limit { Ok(octets) } else { Err(BindingError::Inflate) }
}

/// The address that carries `message` to `location`, whose query may exist already.
///
/// # Errors
///
/// [`EncodeError`].
pub fn encode(
    location: &str,
    direction: Direction,
    message: &str,
    relay_state: Option<&str>,
    key: Option<&SigningKey>,
) -> Result<String, EncodeError> {
    if relay_state.is_some_and(|text| text.len() > RELAY_STATE_BYTES_MAX) {
        return Err(EncodeError::RelayState);
    }
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    let deflated = encoder.write_all(message.as_bytes()).and_then(|()| encoder.finish());
    let deflated = deflated.map_err(|_| EncodeError::Deflate)?;
    let escaped = |text: &str| utf8_percent_encode(text, ESCAPED).to_string();
    let mut query = format!("{}={}", direction.parameter(), escaped(&BASE64.encode(&deflated)));
    if let Some(relay_state) = relay_state {
        query = format!("{query}&RelayState={}", escaped(relay_state));
    }
    if let Some(key) = key {
        query = format!("{query}&SigAlg={}", escaped(key.algorithm().uri()));
        let signature = key.sign_detached(query.as_bytes()).map_err(EncodeError::Sign)?;
        query = format!("{query}&Signature={}", escaped(&BASE64.encode(&signature)));
    }
    Ok(joined(location, &query))
}

/// The address that carries form fields to `location`, whose query may exist already: an artifact (section 3.6.3).
pub fn with_fields(location: &str, fields: &[(&'static str, String)]) -> String {
    let escaped = |text: &str| utf8_percent_encode(text, ESCAPED).to_string();
    let pairs: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect();
    joined(location, &pairs.join("&"))
}

fn joined(location: &str, query: &str) -> String {
    let joint = match location.split_once('?') {
        None => "?",
        Some((_, before)) if before.is_empty() || before.ends_with('&') => "",
        Some(_) => "&",
    };
    format!("{location}{joint}{query}")
}

/// Why a message cannot be sent.
#[derive(Debug, thiserror::Error)]
pub enum EncodeError {
    /// Longer than [`RELAY_STATE_BYTES_MAX`].
    #[error("the relay state is too long")]
    RelayState,
    /// It could not be compressed.
    #[error("the message could not be compressed")]
    Deflate,
    /// It could not be signed.
    #[error(transparent)]
    Sign(xmlsec::SignError),
}

#[cfg(test)]
mod tests;
