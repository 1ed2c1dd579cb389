//! Rows of the catalogue of bad inputs: a signed element is moved, wrapped or doubled so that another
//! one is read (signature wrapping, XSW 1 to 9 of the literature).

use crate::party::{DS, PARTNER, assertion_halves, genuine, read, read_first_child, response, signed_assertion};

/// The attacker's assertion, unsigned or with the signature given to it.
fn evil(id: &str, signature: &str) -> String {
    let (before, after) = assertion_halves(id, "admin");
    format!("{before}{signature}{after}")
}

/// The genuine signature, and the genuine assertion without it.
fn apart() -> (String, String) {
    let (before, after) = assertion_halves("_a", "kovacs.peter");
    let canonical = format!("{before}{after}");
    (PARTNER.enveloped("_a", canonical.as_bytes(), None).unwrap(), canonical)
}

fn inside(signature: &str, what: &str) -> String {
    signature.replace("</ds:Signature>", &format!("{what}</ds:Signature>"))
}

#[test]
fn s01_the_original_inside_the_signature() {
    let (signature, original) = apart();
    let wrapped = response(&evil("_evil", &inside(&signature, &original)));
    assert_eq!(read_first_child(&wrapped), Err("sig-not-root-of-trust"));
    // And where nobody looks, in its KeyInfo.
    let key_info = format!("<ds:KeyInfo>{original}</ds:KeyInfo>");
    let wrapped = response(&evil("_evil", &inside(&signature, &key_info)));
    assert_eq!(read_first_child(&wrapped), Err("sig-not-root-of-trust"));
}

#[test]
fn s02_the_original_before_the_detached_signature() {
    let (signature, original) = apart();
    let evil = evil("_evil", &signature);
    for wrapped in [format!("{original}{evil}"), format!("{evil}{original}")] {
        assert_eq!(read(&response(&wrapped)), Err("assertions≠1"));
    }
    // Were the reader content with any: the signature is not the one of the element it stands in.
    assert_eq!(read_first_child(&response(&format!("{evil}{original}"))), Err("sig-position"));
    let (before, after) = assertion_halves("_evil", "admin");
    let beside = response(&format!("{before}{original}{signature}{after}"));
    assert_eq!(read_first_child(&beside), Err("sig-position"));
}

#[test]
fn s03_to_s07_another_assertion_somewhere() {
    let (signature, original) = apart();
    let good = signed_assertion(&PARTNER, "_a", "kovacs.peter");
    let (before, after) = assertion_halves("_evil", "admin");
    let extensions = |inside: &str| format!("<samlp:Extensions>{inside}</samlp:Extensions>");
    let rows = [
        ("s03 before", format!("{}{good}", evil("_evil", "")), Err("unsigned")),
        ("s03 after", format!("{good}{}", evil("_evil", "")), Ok("kovacs.peter")),
        ("s04 around", format!("{before}{good}{after}"), Err("unsigned")),
        ("s05 with its signature", format!("{}{original}", evil("_evil", &signature)), Err("sig-position")),
        ("s05 and its ID", format!("{}{original}", evil("_a", &signature)), Err("dup-id")),
        ("s06 in its signature", evil("_evil", &inside(&signature, &original)), Err("sig-not-root-of-trust")),
        ("s07 in an extension", format!("{}{good}", extensions(&evil("_evil", ""))), Ok("kovacs.peter")),
        ("s07 the original there", format!("{}{}", extensions(&good), evil("_evil", "")), Err("unsigned")),
    ];
    for (what, inside, careless) in rows {
        assert_eq!(read(&response(&inside)), Err("assertions≠1"), "{what}");
        assert_eq!(read_first_child(&response(&inside)), careless.map(str::to_owned), "{what}");
    }
}

#[test]
fn s08_the_original_inside_an_object() {
    let (signature, original) = apart();
    for name in ["Object", "Manifest", "SignatureProperties"] {
        let wrapped = inside(&signature, &format!("<ds:{name}>{original}</ds:{name}>"));
        assert_eq!(read_first_child(&response(&evil("_evil", &wrapped))), Err("ds-object"), "{name}");
        assert_eq!(read_first_child(&response(&evil("_a", &wrapped))), Err("ds-object"), "{name}");
    }
}

#[test]
fn s09_and_s50_two_signed_infos() {
    let (signature, _) = apart();
    let begin = signature.find("<ds:SignedInfo>").unwrap();
    let end = signature.find("<ds:SignatureValue>").unwrap();
    let genuine = &signature[begin..end];
    let evil_info = genuine.replace("<ds:DigestValue>", "<ds:DigestValue>AAAA");
    let foreign = evil_info
        .replace("<ds:SignedInfo>", "<x:SignedInfo xmlns:x=\"urn:x\">")
        .replace("</ds:SignedInfo>", "</x:SignedInfo>");
    for other in [genuine, &evil_info, &foreign, "<SignedInfo xmlns=\"\"></SignedInfo>"] {
        for both in [format!("{genuine}{other}"), format!("{other}{genuine}")] {
            let (before, after) = assertion_halves("_a", "kovacs.peter");
            let document = response(&format!("{before}{}{after}", signature.replace(genuine, &both)));
            assert_eq!(read(&document), Err("signedinfo≠1"), "{both}");
        }
    }
}

#[test]
fn s10_the_signed_assertion_in_the_advice_of_another() {
    let good = signed_assertion(&PARTNER, "_a", "kovacs.peter");
    let (before, after) = assertion_halves("_evil", "admin");
    let advised = response(&format!("{before}<saml:Advice>{good}</saml:Advice>{after}"));
    assert_eq!(read(&advised), Err("assertions≠1"));
    assert_eq!(read_first_child(&advised), Err("unsigned"));
}

#[test]
fn s12_an_id_twice() {
    for twice in [
        genuine().replace("ID=\"_r\"", "ID=\"_a\""),
        genuine().replace("<saml:Subject>", "<saml:Subject ID=\"_a\">"),
        genuine().replace("<ds:SignatureValue>", "<ds:SignatureValue Id=\"_a\">"),
    ] {
        assert_eq!(read(&twice), Err("dup-id"), "{twice}");
    }
}

#[test]
fn s13_another_attribute_than_id() {
    let (signature, canonical) = apart();
    for name in ["Id", "id", "iD", "xml:id", "saml:ID", "xml:ID"] {
        let element = canonical.replacen(" ID=", &format!(" {name}="), 1);
        let (before, after) = element.split_once("<saml:Subject>").unwrap();
        let renamed = response(&format!("{before}{signature}<saml:Subject>{after}"));
        assert_eq!(read(&renamed), Err("id-attr"), "{name}");
    }
    // Beside an ID of its own.
    let both = genuine().replace("ID=\"_a\"", "ID=\"_evil\" Id=\"_a\"");
    assert_eq!(read(&both), Err("id-attr"));
}

#[test]
fn s20_an_id_in_a_namespace_beside_it() {
    for name in ["saml:ID", "samlp:id", "xml:id"] {
        let polluted = genuine().replace("ID=\"_a\"", &format!("ID=\"_a\" {name}=\"_b\""));
        assert_eq!(read(&polluted), Err("attr-ns"), "{name}");
    }
}

#[test]
fn s21_a_part_of_the_signature_in_another_namespace() {
    let good = genuine();
    for name in [
        "SignedInfo",
        "CanonicalizationMethod",
        "SignatureMethod",
        "Reference",
        "Transforms",
        "Transform",
        "DigestMethod",
        "DigestValue",
        "SignatureValue",
    ] {
        let rebind = |end: &str| [format!("<ds:{name}{end}"), format!("<ds:{name} xmlns:ds=\"urn:evil\"{end}")];
        let [[plain, rebound], [with_attribute, rebound_with]] = [">", " "].map(rebind);
        let rebound = good.replace(&with_attribute, &rebound_with).replace(&plain, &rebound);
        assert_eq!(read(&rebound), Err("sig-ns"), "{name}");
    }
    // The prefix is nobody's business.
    let other = good.replace("ds:", "sig:").replace(":ds=", ":sig=");
    assert_eq!(read(&other), Err("sig-key"), "SignedInfo is hashed with its prefix");
    let rebound =
        good.replace(&format!("<ds:Signature xmlns:ds=\"{}\"", DS.uri), "<ds:Signature xmlns:ds=\"urn:evil\"");
    assert_eq!(read(&rebound), Err("unsigned"));
}

#[test]
fn s30_and_s31_no_signature_of_its_own() {
    let (_, original) = apart();
    assert_eq!(read(&response(&original)), Err("unsigned"));
    // The Response may be signed, but that is another element.
    let unsigned = response(&original);
    let signature = PARTNER.enveloped("_r", unsigned.as_bytes(), None).unwrap();
    let signed = unsigned.replace("<samlp:Status>", &format!("{signature}<samlp:Status>"));
    assert_eq!(read(&signed), Err("unsigned"));
    let document = xmlsec::Document::parse(signed.as_bytes(), &xmlsec::Limits::MESSAGE).unwrap();
    assert_eq!(crate::party::verify(&document, document.root()).unwrap().octets, unsigned);
}
