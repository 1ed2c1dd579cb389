//! The two structures of COSE that documents use: `COSE_Sign1` (RFC 9052 section 4.2) and `COSE_Key` for
//! a point (RFC 9053 section 7.1).

use ciborium::Value;
use coset::{
    AsCborValue, CoseKey, CoseKeyBuilder, CoseSign1, CoseSign1Builder, Header, HeaderBuilder, Label, RegisteredLabel,
    RegisteredLabelWithPrivate, iana,
};

use crate::cbor::{self, Limits};
use crate::error::MdocError;
use crate::key::{Algorithm, SignError, SigningKey, VerifyingKey};

/// Certificates of one chain: a leaf, an authority of the state, and two for whoever has more between.
pub const CERTIFICATES_MAX: usize = 4;

/// The header parameter `x5chain` (RFC 9360 section 2).
const X5CHAIN: i64 = iana::HeaderParameter::X5Chain as i64;
/// Those whose contents the library would read on its own, beyond our limits (RFC 8152 section 4.5).
const COUNTER_SIGNATURE: i64 = iana::HeaderParameter::CounterSignature as i64;

/// Reads a `COSE_Sign1` without its tag.
pub(crate) fn read(value: &Value) -> Result<CoseSign1, MdocError> {
    let [Value::Bytes(protected), Value::Map(unprotected), _, _] = value.as_array().map_or(&[][..], Vec::as_slice)
    else {
        return Err(MdocError::Form);
    };
    let is_nested =
        |map: &Value| map.as_map().is_some_and(|map| map.iter().any(|(key, _)| *key == Value::from(COUNTER_SIGNATURE)));
    let has_nested = unprotected.iter().any(|(key, _)| *key == Value::from(COUNTER_SIGNATURE))
        || is_nested(&cbor::read(protected, &Limits::MESSAGE)?);
    if has_nested {
        return Err(MdocError::Form);
    }
    let signed = CoseSign1::from_cbor_value(value.clone()).map_err(|_| MdocError::Form)?;
    if signed.protected.header.crit.is_empty() && signed.unprotected.crit.is_empty() {
        Ok(signed)
    } else {
        Err(MdocError::Critical)
    }
}

/// The algorithm, which must stand in the protected header.
pub(crate) fn algorithm(signed: &CoseSign1) -> Option<Algorithm> {
    let Some(RegisteredLabelWithPrivate::Assigned(stated)) = signed.protected.header.alg else { return None };
    Algorithm::ALL.into_iter().find(|algorithm| algorithm.registered() == stated)
}

/// The certificates of the unprotected header, the signer's first.
pub(crate) fn x5chain(signed: &CoseSign1) -> Result<Vec<&[u8]>, MdocError> {
    let mut chains = signed.unprotected.rest.iter().filter(|(label, _)| *label == Label::Int(X5CHAIN));
    let chain = match chains.next().map(|(_, chain)| chain) {
        Some(Value::Bytes(certificate)) => vec![certificate.as_slice()],
        Some(Value::Array(chain)) => {
            chain.iter().map(|one| one.as_bytes().map(Vec::as_slice)).collect::<Option<_>>().ok_or(MdocError::Chain)?
        }
        Some(_) | None => return Err(MdocError::Chain),
    };
    if (1..=CERTIFICATES_MAX).contains(&chain.len()) { Ok(chain) } else { Err(MdocError::Chain) }
}

/// Whether `key` signed the payload that is inside.
pub(crate) fn verifies(signed: &CoseSign1, key: &VerifyingKey) -> bool {
    signed.payload.is_some() && checked(key, |check| signed.verify_signature(&[], check))
}

/// Whether `key` signed `payload`, and nothing is inside.
pub(crate) fn verifies_detached(signed: &CoseSign1, payload: &[u8], key: &VerifyingKey) -> bool {
    signed.payload.is_none() && checked(key, |check| signed.verify_detached_signature(payload, &[], check))
}

fn checked(
    key: &VerifyingKey,
    verify: impl FnOnce(&dyn Fn(&[u8], &[u8]) -> Result<(), MdocError>) -> Result<(), MdocError>,
) -> bool {
    verify(&|signature, octets| if key.verifies(octets, signature) { Ok(()) } else { Err(MdocError::Form) }).is_ok()
}

/// Signs `payload`, which goes inside, and puts `x5chain` beside it.
pub(crate) fn sign(payload: Vec<u8>, x5chain: &[&[u8]], key: &SigningKey) -> Result<Value, SignError> {
    let chain: Vec<Value> = x5chain.iter().map(|certificate| Value::Bytes(certificate.to_vec())).collect();
    // RFC 9360 section 2: one is not wrapped.
    let chain = if let [one] = chain.as_slice() { one.clone() } else { Value::Array(chain) };
    let builder = CoseSign1Builder::new()
        .protected(protected())
        .unprotected(HeaderBuilder::new().value(X5CHAIN, chain).build())
        .payload(payload)
        .try_create_signature(&[], |octets| key.sign(octets))?;
    builder.build().to_cbor_value().map_err(|_| SignError)
}

/// Signs `payload`, which stays outside.
pub(crate) fn sign_detached(payload: &[u8], key: &SigningKey) -> Result<Value, SignError> {
    let builder =
        CoseSign1Builder::new()
            .protected(protected())
            .try_create_detached_signature(payload, &[], |octets| key.sign(octets))?;
    builder.build().to_cbor_value().map_err(|_| SignError)
}

fn protected() -> Header {
    HeaderBuilder::new().algorithm(Algorithm::Es256.registered()).build()
}

/// Writes a public key.
pub(crate) fn write_key(key: &VerifyingKey) -> Option<Value> {
    let curve = match key.algorithm() {
        Algorithm::Es256 => iana::EllipticCurve::P_256,
        Algorithm::Es384 => iana::EllipticCurve::P_384,
    };
    let (x, y) = key.coordinates();
    CoseKeyBuilder::new_ec2_pub_key(curve, x.to_vec(), y.to_vec()).build().to_cbor_value().ok()
}

/// Reads a device's public key: a point on P-256 with both coordinates.
pub(crate) fn read_key(value: &Value) -> Option<VerifyingKey> {
    let key = CoseKey::from_cbor_value(value.clone()).ok()?;
    let parameter = |label: iana::Ec2KeyParameter| {
        let mut found = key.params.iter().filter(|(stated, _)| *stated == Label::Int(label as i64));
        found.next().map(|(_, value)| value)
    };
    let is_p256 = key.kty == RegisteredLabel::Assigned(iana::KeyType::EC2)
        && parameter(iana::Ec2KeyParameter::Crv) == Some(&Value::from(iana::EllipticCurve::P_256 as i64));
    let [x, y] = [iana::Ec2KeyParameter::X, iana::Ec2KeyParameter::Y].map(|label| parameter(label)?.as_bytes());
    if is_p256 { VerifyingKey::from_coordinates(Algorithm::Es256, x?, y?).ok() } else { None }
}
