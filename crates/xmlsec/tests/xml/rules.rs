//! The nine rules that the crate's page names, each with what happens when it is broken.

use xmlsec::{Document, Limits, SignatureAlgorithm, SignatureError, XmlError, verify_enveloped};

use crate::party::{
    ATTACKER, PARTNER, SAML, assertion_halves, forged_assertion, genuine, numbered, read, read_first_child, response,
    signed_assertion, verify, verify_by,
};

#[test]
fn what_the_partner_signed_is_read() {
    assert_eq!(read(&genuine()), Ok("kovacs.peter".to_owned()));
}

#[test]
fn rule_1_one_parser_within_limits() {
    let limits = Limits { bytes: 1_000, nodes: 10, depth: 3, ..Limits::MESSAGE };
    let parse = |text: &str| Document::parse(text.as_bytes(), &limits).map(drop);
    for (fits, exceeds) in [
        ("<a><b><c/></b></a>".to_owned(), "<a><b><c><d/></c></b></a>".to_owned()),
        ("<a><b><c></c></b></a>".to_owned(), "<a><b><c><d></d></c></b></a>".to_owned()),
        (format!("<a>{}</a>", "<b/>".repeat(9)), format!("<a>{}</a>", "<b/>".repeat(10))),
        (format!("<a>{}</a>", "<b/>x".repeat(4)), format!("<a>{}</a>", "<b/>x".repeat(5))),
        (format!("<a>{}</a>", "x".repeat(993)), format!("<a>{}</a>", "x".repeat(994))),
        (format!("<a {}/>", attributes(10)), format!("<a {}/>", attributes(11))),
    ] {
        assert_eq!(parse(&fits), Ok(()), "{fits}");
        assert_eq!(parse(&exceeds), Err(XmlError::Limits), "{exceeds}");
    }
    // A tag ends where its last quote does, so that nothing hides in a value.
    assert_eq!(parse("<a b='>'><b c=\"'/>\"><c/></b></a>"), Ok(()));
    assert_eq!(parse("<a b='/>'><b c=\"'/>\"><c><d/></c></b></a>"), Err(XmlError::Limits));
}

fn attributes(count: usize) -> String {
    numbered(count, |number| format!(" a{number}=\"\""))
}

#[test]
fn rule_2_the_caller_picks_the_element_by_its_place() {
    let genuine = genuine();
    let document = Document::parse(genuine.as_bytes(), &Limits::MESSAGE).unwrap();
    // Nothing is searched for: the Response is not signed, whatever stands in it.
    assert_eq!(verify(&document, document.root()), Err("unsigned"));
    let assertion = document.root().last_element_child().unwrap();
    assert!(verify(&document, assertion).is_ok());
    for other in assertion.children() {
        assert_eq!(verify(&document, other), Err("unsigned"));
    }
    // Even a reader that takes the first of several gets an error or what was signed.
    let (before, after) = assertion_halves("_evil", "admin");
    let (evil, good) = (format!("{before}{after}"), signed_assertion(&PARTNER, "_a", "kovacs.peter"));
    assert_eq!(read(&response(&format!("{evil}{good}"))), Err("assertions≠1"));
    assert_eq!(read(&response(&format!("{good}{evil}"))), Err("assertions≠1"));
    assert_eq!(read_first_child(&response(&format!("{evil}{good}"))), Err("unsigned"));
    assert_eq!(read_first_child(&response(&format!("{good}{evil}"))), Ok("kovacs.peter".to_owned()));
}

#[test]
fn rule_3_one_signature_of_fixed_shape() {
    let good = genuine();
    let rows = [
        ("none", cut(&good, "<ds:Signature ", "</ds:Signature>"), "unsigned"),
        ("two", doubled(&good, "<ds:Signature ", "</ds:Signature>"), "sig-position"),
        ("no SignedInfo", cut(&good, "<ds:SignedInfo>", "</ds:SignedInfo>"), "signedinfo≠1"),
        ("two SignedInfo", doubled(&good, "<ds:SignedInfo>", "</ds:SignedInfo>"), "signedinfo≠1"),
        ("no SignatureValue", cut(&good, "<ds:SignatureValue>", "</ds:SignatureValue>"), "sig-form"),
        ("two SignatureValue", doubled(&good, "<ds:SignatureValue>", "</ds:SignatureValue>"), "sig-form"),
        ("an Object", good.replace("</ds:Signature>", "<ds:Object/></ds:Signature>"), "ds-object"),
        ("a Manifest", good.replace("</ds:Signature>", "<ds:Manifest/></ds:Signature>"), "ds-object"),
        ("KeyInfo first", good.replace("<ds:SignedInfo>", "<ds:KeyInfo/><ds:SignedInfo>"), "sig-form"),
        ("something else", good.replace("</ds:Signature>", "<x/></ds:Signature>"), "sig-not-root-of-trust"),
        ("text", good.replace("</ds:Signature>", "x</ds:Signature>"), "sig-form"),
        ("another name", good.replace("ds:SignatureValue", "ds:Signaturevalue"), "sig-not-root-of-trust"),
    ];
    for (what, document, code) in rows {
        assert_eq!(read(&document), Err(code), "{what}");
    }
    // Not a direct child.
    let nested = good
        .replace("<ds:Signature ", "<saml:Advice><ds:Signature ")
        .replace("</ds:Signature>", "</ds:Signature></saml:Advice>");
    assert_eq!(read(&nested), Err("unsigned"));
    // White space between its parts is nobody's.
    let spaced = good.replace("<ds:SignatureValue>", " \n\t<ds:SignatureValue>");
    assert_eq!(read(&spaced), Ok("kovacs.peter".to_owned()));
}

fn part<'t>(text: &'t str, begin: &str, end: &str) -> &'t str {
    let begin = text.find(begin).unwrap();
    &text[begin..text.find(end).unwrap() + end.len()]
}

fn cut(text: &str, begin: &str, end: &str) -> String {
    text.replace(part(text, begin, end), "")
}

fn doubled(text: &str, begin: &str, end: &str) -> String {
    text.replace(part(text, begin, end), &part(text, begin, end).repeat(2))
}

#[test]
fn rule_4_one_reference_to_the_elements_own_unique_id() {
    let edits: [(&str, &str, &str); 6] = [
        ("URI=\"#_a\"", "URI=\"\"", "reference"),
        ("URI=\"#_a\"", "URI=\"#\"", "reference"),
        ("URI=\"#_a\"", "URI=\"_a\"", "reference"),
        ("URI=\"#_a\"", "URI=\"#_A\"", "reference"),
        ("URI=\"#_a\"", "URI=\"#_r\"", "sig-position"),
        (" URI=\"#_a\"", "", "reference"),
    ];
    for (from, to, code) in edits {
        let forged = forged_assertion(&PARTNER, |signed_info| signed_info.replace(from, to));
        assert_eq!(read(&response(&forged)), Err(code), "{to}");
    }
    for name in ["ID", "Id", "id", "iD", "xml:id", "saml:ID"] {
        let twice = genuine().replace("<saml:Subject>", &format!("<saml:Subject {name}=\"_a\">"));
        assert_eq!(read(&twice), Err("dup-id"), "{name}");
    }
}

#[test]
fn rule_5_transforms_and_algorithms_are_closed_lists() {
    let document = response(&signed_assertion(&PARTNER, "_a", "kovacs.peter"));
    let document = Document::parse(document.as_bytes(), &Limits::MESSAGE).unwrap();
    let assertion = document.root().last_element_child().unwrap();
    let keys = [PARTNER.verifying_key().clone()];
    for algorithm in SignatureAlgorithm::ALL {
        let expected = if algorithm == PARTNER.algorithm() { None } else { Some(SignatureError::Algorithm) };
        assert_eq!(verify_enveloped(&document, assertion, &keys, &[algorithm]).err(), expected, "{algorithm:?}");
    }
    assert_eq!(verify_enveloped(&document, assertion, &keys, &[]).err(), Some(SignatureError::Algorithm));
    // Each row of the catalogue about algorithms and transforms: s22 to s26.
}

#[test]
fn rule_6_keys_come_from_the_caller_alone() {
    let (before, after) = assertion_halves("_a", "admin");
    let canonical = format!("{before}{after}");
    let certificate = crate::certificates::of(&ATTACKER);
    let signature = ATTACKER.enveloped("_a", canonical.as_bytes(), Some(&certificate)).unwrap();
    assert!(signature.contains("<ds:X509Certificate>"));
    let evil = response(&format!("{before}{signature}{after}"));
    assert_eq!(read(&evil), Err("sig-key"));
    let document = Document::parse(evil.as_bytes(), &Limits::MESSAGE).unwrap();
    let assertion = document.root().last_element_child().unwrap();
    assert!(verify_by(&ATTACKER, &document, assertion).is_ok(), "the signature itself is good");
    let keys = [ATTACKER.verifying_key().clone(), PARTNER.verifying_key().clone()];
    assert_eq!(verify_enveloped(&document, assertion, &keys, &SignatureAlgorithm::ALL).unwrap().key_index, 0);
    assert_eq!(verify_enveloped(&document, assertion, &[], &SignatureAlgorithm::ALL), Err(SignatureError::Key));
}

#[test]
fn rule_7_the_signature_before_any_digest_and_base64_in_one_text() {
    // Content and SignedInfo are both changed: the signature is what is named.
    let good = genuine();
    let changed = good.replace("kovacs.peter", "admin");
    assert_eq!(read(&changed), Err("digest"));
    let value = part(&good, "<ds:DigestValue>", "</ds:DigestValue>");
    let other = format!("<ds:DigestValue>{}=</ds:DigestValue>", "A".repeat(43));
    assert_eq!(read(&changed.replace(value, &other)), Err("sig-key"));
    for name in ["DigestValue", "SignatureValue"] {
        let [begin, end] = [format!("<ds:{name}>"), format!("</ds:{name}>")];
        for split in ["A<x/>", "<x/>", "?", "\u{a0}"] {
            let split = good.replace(&begin, &format!("{begin}{split}"));
            assert_eq!(read(&split), Err("sig-form"), "{name}");
        }
        assert_eq!(read(&cut(&good, &begin, &end)), Err("sig-form"));
        assert_eq!(read(&good.replace(part(&good, &begin, &end), &format!("{begin}{end}"))), Err("sig-form"));
        let followed = good.replace(&end, &format!("<x/>{end}"));
        assert_eq!(read(&followed), Err("sig-form"), "{name}");
        // A comment gets this far in a metadata file only.
        let remarked = good.replace(&begin, &format!("{begin}<!---->"));
        let document = Document::parse(remarked.as_bytes(), &Limits::METADATA).unwrap();
        assert_eq!(verify(&document, document.root().last_element_child().unwrap()), Err("sig-form"));
    }
}

#[test]
fn rule_8_what_was_hashed_is_what_is_returned() {
    let (before, after) = assertion_halves("_a", "kovacs.peter");
    let canonical = format!("{before}{after}");
    // As other software would write it: other quotes, order, white space in tags, references, prefixes.
    let good = genuine()
        .replace("<saml:Assertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"_a\" Version=\"2.0\">", "<saml:Assertion\n Version = '2.0' xmlns:unused='urn:x' ID='_a' xmlns:saml='urn:oasis:names:tc:SAML:2.0:assertion' >")
        .replace("kovacs", "k&#x6f;v&#97;cs")
        .replace("&gt;", ">");
    assert!(good.contains("xmlns:unused"));
    let document = Document::parse(good.as_bytes(), &Limits::MESSAGE).unwrap();
    let verified = verify(&document, document.root().last_element_child().unwrap()).unwrap();
    assert_eq!(verified.octets, canonical);
    // A comment that splits a text is gone from them, and with it what a careless reader would cut off.
    let split = good.replace("peter", "pet<!-- x -->er");
    let document = Document::parse(split.as_bytes(), &Limits::METADATA).unwrap();
    assert_eq!(verify(&document, document.root().last_element_child().unwrap()).unwrap().octets, canonical);
}

#[test]
fn rule_9_nothing_beside_the_element_is_returned() {
    let good = genuine().replace("urn:x:Success", "urn:x:Forged").replace("ID=\"_r\"", "ID=\"_forged\"");
    let document = Document::parse(good.as_bytes(), &Limits::MESSAGE).unwrap();
    let octets = verify(&document, document.root().last_element_child().unwrap()).unwrap().octets;
    assert!(!octets.to_lowercase().contains("forged") && !octets.contains("Signature"));
    let signed = Document::parse(octets.as_bytes(), &Limits::MESSAGE).unwrap();
    assert!(SAML.is(signed.root(), "Assertion"));
}
