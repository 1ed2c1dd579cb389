//! Answers whose parts were moved, copied, wrapped or left unsigned (rows S01 to S10, S30 to S33, S49, S52).

use super::*;
use crate::samples::STRANGE_KEY;

const SAML: &str = "xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"";

fn good() -> String {
    assertion().write(Some(&signer())).unwrap()
}

/// An unsigned assertion about somebody else.
fn evil() -> String {
    let name_id = NameId::new(NameIdFormat::Persistent, "admin");
    Assertion { id: "_evil".to_owned(), name_id, ..assertion() }.write(None).unwrap()
}

/// What stands between, with both.
fn cut<'a>(xml: &'a str, from: &str, to: &str) -> &'a str {
    let begin = xml.find(from).unwrap();
    let end = xml[begin..].find(to).unwrap() + begin + to.len();
    &xml[begin..end]
}

fn signature(xml: &str) -> &str {
    cut(xml, "<ds:Signature ", "</ds:Signature>")
}

#[test]
fn s01_s02_a_signed_response_is_the_one_that_is_read() {
    let genuine = answer().write(&signer(), None, &mut fill).unwrap();
    let unsigned = genuine.replacen(signature(&genuine), "", 1);
    let detached = signature(&genuine);
    let evil = genuine.replacen("a1b2c3", "admin", 1).replacen("_response", "_evil", 1);
    // XSW1: the original, without its signature, inside of the evil one's signature.
    let into = detached.replace("</ds:Signature>", &format!("<ds:Object>{unsigned}</ds:Object></ds:Signature>"));
    let xsw1 = evil.replacen(detached, &into, 1);
    // XSW2: the original before the signature that refers to it.
    let xsw2 = evil.replacen(detached, &format!("{unsigned}{detached}"), 1);
    for (what, xml) in [("XSW1", xsw1), ("XSW2", xsw2)] {
        let error = check(&xml).unwrap_err();
        assert!(matches!(error, ResponseError::Signature(_)), "{what}: {error:?}");
    }
}

#[test]
fn s03_to_s10_s52_there_is_one_assertion_and_it_is_in_its_place() {
    let (good, evil) = (good(), evil());
    let unsigned = good.replacen(signature(&good), "", 1);
    let keeping = |within: &str| {
        // The evil one keeps the genuine signature, with something more in it.
        let kept = signature(&good).replace("</ds:Signature>", &format!("{within}</ds:Signature>"));
        evil.replacen("</saml:Issuer>", &format!("</saml:Issuer>{kept}"), 1)
    };
    let last = "</saml:Assertion>";
    let extensions = |inner: &str| format!("<samlp:Extensions>{inner}</samlp:Extensions>");
    let object = format!("<ds:Object>{unsigned}</ds:Object>");
    for (what, children) in [
        ("XSW3", format!("{evil}{good}")),
        ("XSW4", evil.replacen(last, &format!("{good}{last}"), 1)),
        ("XSW5", format!("{}{unsigned}", keeping(""))),
        ("XSW6", keeping(&unsigned)),
        ("XSW7", format!("{}{good}", extensions(&evil))),
        ("XSW7 the other way", format!("{}{evil}", extensions(&good))),
        ("XSW8", keeping(&object)),
        ("in advice", evil.replacen(last, &format!("<saml:Advice {SAML}>{good}</saml:Advice>{last}"), 1)),
        ("signed first", format!("{good}{evil}")),
        ("the same twice", format!("{good}{good}")),
        ("two that are signed", format!("{good}{}", changed("_assertion", "_assertion2"))),
        ("one level down", format!("<samlp:Wrapper>{good}</samlp:Wrapper>")),
    ] {
        assert_refused(what, &around(&children, None), "assertions≠1");
        assert_refused(what, &around(&children, Some(&signer())), "assertions≠1");
    }
    // With nothing evil in them, extensions are refused all the same.
    assert_refused("extensions", &around(&format!("{}{good}", extensions("")), None), "profile");
}

#[test]
fn the_assertion_is_a_child_of_the_response_and_of_nothing_else() {
    let whole = around(&good(), None);
    assert_refused("a root that is the assertion", &good(), "profile");
    let wrapped =
        format!("<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\">{whole}</samlp:Response>");
    assert_refused("a response in a response", &wrapped, "profile");
    let inner = whole
        .replace("<samlp:Response ", "<samlp:ArtifactResponse ")
        .replace("/samlp:Response>", "/samlp:ArtifactResponse>");
    assert_refused("another message", &inner, "profile");
}

#[test]
fn s27_s29_only_the_issuers_keys_count() {
    let strange = Signer { key: &STRANGE_KEY, certificate: Some(&certificate(&STRANGE_KEY)) };
    let assertion = assertion().write(Some(&strange)).unwrap();
    assert_refused("assertion of a stranger", &around(&assertion, None), "sig-key");
    assert_refused("assertion of a stranger in our response", &around(&assertion, Some(&signer())), "sig-key");
    assert_refused("response of a stranger", &around(&good(), Some(&strange)), "sig-key");
    assert_refused("changed", &around(&good().replace("a1b2c3", "admin"), None), "digest");
}

#[test]
fn s30_s31_an_assertion_is_signed_itself() {
    let unsigned = assertion().write(None).unwrap();
    assert_refused("nothing signed", &around(&unsigned, None), "assertion-unsigned");
    assert_refused("only the response signed", &around(&unsigned, Some(&signer())), "assertion-unsigned");
}

#[test]
fn s32_s33_an_encrypted_assertion_is_signed_inside() {
    let unsigned = assertion().write(None).unwrap();
    assert_refused("unsigned inside", &around(&encrypted(&unsigned), Some(&signer())), "assertion-unsigned");
    assert_refused("unsigned inside", &around(&encrypted(&unsigned), None), "assertion-unsigned");
    let two = format!("{}{}", good(), evil());
    assert_refused("two inside", &around(&encrypted(&two), None), "not-wellformed");
    let nested = evil().replacen("</saml:Assertion>", &format!("{}</saml:Assertion>", good()), 1);
    assert_refused("one in the other inside", &around(&encrypted(&nested), None), "assertions≠1");
    let other = "<saml:NameID xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">x</saml:NameID>";
    assert_refused("something else inside", &around(&encrypted(other), None), "assertions≠1");

    let good = around(&encrypted(&good()), None);
    assert!(check(&good).is_ok());
    // The nonce is what `fill` gives.
    let damaged = good.replace("AQIDBAUGBwgJCgsM", "AQIDBAUGBwgJCgsN");
    assert_ne!(damaged, good);
    assert_refused("damaged", &damaged, "decrypt");
    let cbc = good.replace("http://www.w3.org/2009/xmlenc11#aes256-gcm", "http://www.w3.org/2001/04/xmlenc#aes256-cbc");
    assert_refused("CBC", &cbc, "enc-alg");
    let rsa15 =
        good.replace("http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p", "http://www.w3.org/2001/04/xmlenc#rsa-1_5");
    assert_refused("RSA 1.5", &rsa15, "enc-alg");
}

#[test]
fn s49_an_encrypted_assertion_does_not_hide_behind_a_signed_one() {
    let (good, evil) = (good(), evil());
    for children in [
        format!("{}{good}", encrypted(&evil)),
        format!("{good}{}", encrypted(&evil)),
        format!("{}{}", encrypted(&good), encrypted(&evil)),
    ] {
        assert_refused("two", &around(&children, None), "assertions≠1");
        assert_refused("two", &around(&children, Some(&signer())), "assertions≠1");
    }
    // It is counted before anything is decrypted.
    let garbage = format!("<saml:EncryptedAssertion {SAML}><x/></saml:EncryptedAssertion>{good}");
    assert_refused("garbage and one", &around(&garbage, None), "assertions≠1");
    assert_refused("garbage", &around(&garbage.replace(&good, ""), None), "profile");
}

#[test]
fn s15_s16_a_name_is_what_it_looks_like() {
    for (from, to, code) in [
        ("a1b2c3", "admin@x<!---->.evil", "comment"),
        ("a1b2c3", "admin<?x?>", "pi"),
        ("a1b2c3", "<![CDATA[admin]]>", "cdata"),
        ("a1b2c3", "&foo;", "entity"),
    ] {
        let xml = assertion().write(None).unwrap().replacen(from, to, 1);
        assert_refused(to, &around(&xml, None), code);
    }
    // A reference to a character is that character, and this one nobody sees.
    assert_refused("zero width", &around(&changed("a1b2c3", "admin@x\u{200b}.evil"), None), "profile");
}
