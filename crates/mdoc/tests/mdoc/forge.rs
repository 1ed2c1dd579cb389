//! Changing what was signed, and signing it anew where the rule in question lies behind the signature.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm};
use ciborium::Value;
use mdoc::SigningKey;

pub(crate) fn decoded(octets: &[u8]) -> Value {
    ciborium::from_reader(octets).unwrap()
}

pub(crate) fn encoded(value: &Value) -> Vec<u8> {
    let mut octets = Vec::new();
    ciborium::into_writer(value, &mut octets).unwrap();
    octets
}

/// The place that a path leads to: members of maps by their names, items of arrays by their numbers.
pub(crate) fn at<'v>(value: &'v mut Value, path: &[&str]) -> &'v mut Value {
    path.iter().fold(value, |value, step| match value {
        Value::Map(members) => {
            let found = members.iter_mut().find(|(key, _)| key.as_text() == Some(step));
            &mut found.unwrap_or_else(|| panic!("no member {step}")).1
        }
        Value::Array(items) => &mut items[step.parse::<usize>().unwrap()],
        _ => panic!("{step} leads nowhere"),
    })
}

/// A response in which what is there was changed.
pub(crate) fn changed(response: &[u8], path: &[&str], change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let mut response = decoded(response);
    change(at(&mut response, path));
    encoded(&response)
}

/// Changes what is embedded in `#6.24(bstr)`.
pub(crate) fn inside(value: &mut Value, change: impl FnOnce(&mut Value)) {
    let Value::Tag(24, inner) = value else { panic!("nothing is embedded here") };
    let Value::Bytes(octets) = inner.as_mut() else { panic!("nothing is embedded here") };
    let mut embedded = decoded(octets);
    change(&mut embedded);
    *octets = encoded(&embedded);
}

pub(crate) const ISSUER_AUTH: [&str; 4] = ["documents", "0", "issuerSigned", "issuerAuth"];
pub(crate) const NAMESPACES: [&str; 4] = ["documents", "0", "issuerSigned", "nameSpaces"];
pub(crate) const DEVICE_AUTH: [&str; 4] = ["documents", "0", "deviceSigned", "deviceAuth"];

/// A response whose security object was changed and signed anew.
pub(crate) fn reissued(response: &[u8], key: &SigningKey, change: impl FnOnce(&mut Value)) -> Vec<u8> {
    changed(response, &ISSUER_AUTH, |auth| {
        let Value::Bytes(payload) = at(auth, &["2"]) else { panic!("no payload") };
        let mut mso = decoded(payload);
        inside(&mut mso, change);
        *payload = encoded(&mso);
        sign(auth, &pair(key, &ECDSA_P256_SHA256_FIXED_SIGNING));
    })
}

pub(crate) fn pair(key: &SigningKey, algorithm: &'static EcdsaSigningAlgorithm) -> EcdsaKeyPair {
    EcdsaKeyPair::from_pkcs8(algorithm, &key.to_pkcs8().unwrap()).unwrap()
}

/// Signs a `COSE_Sign1` as it stands.
#[expect(clippy::disallowed_methods, reason = "the library draws the nonce itself and takes this for form's sake")]
pub(crate) fn sign(auth: &mut Value, pair: &EcdsaKeyPair) {
    let [protected, payload] = ["0", "2"].map(|at_number| at(auth, &[at_number]).clone());
    let structure = Value::Array(vec!["Signature1".into(), protected, Value::Bytes(Vec::new()), payload]);
    let signature = pair.sign(&SystemRandom::new(), &encoded(&structure)).unwrap();
    *at(auth, &["3"]) = Value::Bytes(signature.as_ref().to_vec());
}

/// A protected header with these members.
pub(crate) fn protected(members: &[(i64, Value)]) -> Value {
    let members = members.iter().map(|(label, value)| (Value::from(*label), value.clone()));
    Value::Bytes(encoded(&Value::Map(members.collect())))
}
