//! Whatever is changed of an answer, it is refused or says the same.

use mdoc::{Asked, Document, Element, ExpectedIssuer, MdocError, Need};
use proptest::prelude::*;

use crate::party::{PARTY, response, verify};
use crate::published::{ANNEX_D, key_of, octets};
use crate::targets;

fn refused_or_the_same(changed: &[u8]) {
    if let Ok(presented) = verify(changed) {
        assert_eq!(presented.elements(), verify(&response()).unwrap().elements());
    }
}

#[test]
fn every_bit_of_an_answer_that_is_turned_is_refused_or_says_the_same() {
    let good = response();
    let mut believed = 0;
    for at in 0..good.len() {
        for bit in 0..8 {
            let mut changed = good.clone();
            changed[at] ^= 1 << bit;
            refused_or_the_same(&changed);
            believed += usize::from(verify(&changed).is_ok());
        }
    }
    // The certificates are the caller's to judge, and the same of each: this holds that little else is free.
    let certificates: usize = crate::party::CHAIN.iter().map(|certificate| certificate.len()).sum();
    assert!(believed <= 8 * (certificates + 8), "{believed} bits may be turned");
}

fn mdl(identifier: &str) -> Asked<'_> {
    Asked { namespace: "org.iso.18013.5.1", identifier, need: Need::Required }
}

fn as_signed(good: &[u8], expected: &ExpectedIssuer<'_>, asked: &[Asked<'_>]) -> Vec<Element> {
    Document::parse(good).unwrap().issuer_signed().verify(expected).unwrap().elements(asked).unwrap()
}

/// One change of a few octets.
fn changed(octets: &[u8], at: prop::sample::Index, kind: u8, with: &[u8]) -> Vec<u8> {
    let mut octets = octets.to_vec();
    let at = at.index(octets.len());
    let end = (at + with.len()).min(octets.len());
    match kind {
        0 => octets[at] = with[0],
        1 => drop(octets.drain(at..end)),
        2 => drop(octets.splice(at..at, with.iter().copied())),
        3 => octets.truncate(at),
        _ => {
            let copy = octets[at..end].to_vec();
            drop(octets.splice(at..at, copy));
        }
    }
    octets
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_change_of_an_answer_is_refused_or_says_the_same(
        at: prop::sample::Index, kind in 0_u8..5, with in prop::collection::vec(any::<u8>(), 1..20),
    ) {
        let changed = changed(&response(), at, kind, &with);
        refused_or_the_same(&changed);
        targets::reading_cbor(&changed);
        targets::responding(&changed);
        targets::issuing(&changed);
    }

    #[test]
    fn any_change_of_the_standards_example_is_refused_or_says_the_same(at: prop::sample::Index, octet: u8) {
        let good = octets(ANNEX_D);
        let key = key_of(Document::parse(&good).unwrap().issuer_signed().x5chain().unwrap()[0]);
        let expected = ExpectedIssuer { doc_type: "org.iso.18013.5.1.mDL", key: &key, at: 1_620_000_000 };
        let changed = changed(&good, at, 0, &[octet]);
        let Ok(document) = Document::parse(&changed) else { return Ok(()) };
        if let Ok(issued) = document.issuer_signed().verify(&expected) {
            let asked = ["family_name", "portrait"].map(mdl);
            match issued.elements(&asked) {
                Ok(elements) => prop_assert_eq!(elements, as_signed(&good, &expected, &asked)),
                // Its name was changed, or that of the map that it was in: a holder need not show it.
                Err(refusal) => prop_assert_eq!(refusal, MdocError::Missing),
            }
        }
    }

    #[test]
    fn anything_at_all_is_read_without_a_panic(octets in prop::collection::vec(any::<u8>(), 0..200)) {
        targets::reading_cbor(&octets);
        targets::responding(&octets);
        targets::issuing(&octets);
        targets::keys(&octets);
    }

    #[test]
    fn any_change_of_a_document_is_read_without_a_panic(
        at: prop::sample::Index, kind in 0_u8..5, with in prop::collection::vec(any::<u8>(), 1..20),
    ) {
        targets::issuing(&changed(&PARTY.issued, at, kind, &with));
        targets::keys(&changed(&PARTY.issuer.verifying_key().to_spki_der(), at, kind, &with));
    }
}
