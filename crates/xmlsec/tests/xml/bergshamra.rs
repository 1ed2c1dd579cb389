//! Another implementation in Rust, with its own parser and its own canonicalization, in both directions.

use bergshamra_dsig::verify::{VerifyResult, verify_all};
use bergshamra_dsig::{DsigContext, sign};
use bergshamra_keys::KeysManager;
use bergshamra_keys::loader::{load_pem_auto, load_spki_der};
use xmlsec::{Document, Limits, SigningKey};

use crate::algorithms::KEYS;
use crate::mutations::mutants;
use crate::party::{PARTNER, genuine, read, response, signed_assertion, verify_by};
use crate::xmlsec1::{pem, template};

const MUTANTS: usize = 20_000;

/// What it takes for checking with one key, which is not taken from the document.
fn checking(key: &SigningKey) -> DsigContext {
    let mut keys = KeysManager::new();
    keys.add_key(load_spki_der(key.verifying_key().spki_der()).unwrap());
    DsigContext::new_permissive(keys).with_trusted_keys_only(true)
}

/// Whether it finds a signature that is good.
fn accepts(context: &DsigContext, text: &str) -> bool {
    verify_all(context, text).is_ok_and(|results| results.iter().any(VerifyResult::all_reference_digests_verified))
}

#[test]
fn it_verifies_what_we_sign() {
    for key in KEYS.iter() {
        let signed = response(&signed_assertion(key, "_a", "kovacs.péter"));
        assert!(accepts(&checking(key), &signed), "{:?}", key.algorithm());
        assert!(!accepts(&checking(key), &signed.replace("kovacs", "nagy")));
        assert!(!accepts(&checking(&PARTNER), &signed));
    }
}

#[test]
fn we_verify_what_it_signs() {
    for key in KEYS.iter() {
        let mut keys = KeysManager::new();
        keys.add_key(load_pem_auto(pem("PRIVATE KEY", &key.to_pkcs8_der().unwrap()).as_bytes(), None).unwrap());
        let context = DsigContext::new(keys);
        let template = template(key.algorithm(), "http://www.w3.org/2001/04/xmlenc#sha256");
        let signed = sign::sign(&context, &template).unwrap();
        let document = Document::parse(signed.as_bytes(), &Limits::METADATA).unwrap();
        let element = document.root().first_element_child().unwrap();
        assert!(verify_by(key, &document, element).is_ok(), "{:?}: {signed}", key.algorithm());
    }
}

/// Whether no identifier occurs twice. That of the signed element never may; others it refuses and we do
/// not, since nothing is found by them.
fn has_unique_ids(text: &str) -> bool {
    let document = Document::parse(text.as_bytes(), &Limits::MESSAGE).unwrap();
    let named = document.root().descendants().flat_map(|node| node.attributes());
    let mut ids: Vec<&str> =
        named.filter(|attribute| attribute.name().eq_ignore_ascii_case("id")).map(|id| id.value()).collect();
    ids.sort_unstable();
    ids.windows(2).all(|pair| pair[0] != pair[1])
}

/// It may accept more than we do, but never less: what we accept is a good signature to others too.
#[test]
fn what_we_accept_it_accepts() {
    let context = checking(&PARTNER);
    let genuine = genuine();
    let mut accepted = 0;
    for mutant in mutants(&genuine, 35, 3).take(MUTANTS).filter(|mutant| read(mutant).is_ok() && has_unique_ids(mutant))
    {
        assert!(accepts(&context, &mutant), "{mutant}");
        accepted += 1;
    }
    assert!(accepted > MUTANTS / 200, "{accepted}");
}
