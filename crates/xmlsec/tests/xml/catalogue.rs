//! Rows of the catalogue of bad inputs: what a signature may say, each with a good signature over it by
//! the partner's own key, so that only the rule itself can refuse it.

use xmlsec::{PREFIXES_MAX, SigningKey};

use crate::party::{
    ATTACKER, PARTNER, assertion_halves, forged, forged_assertion, genuine, numbered, read, response, signed_assertion,
};

const EXC: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";

/// What a reader says to a `SignedInfo` in which `from` became `to`.
fn edited(from: &str, to: &str) -> Result<String, &'static str> {
    read(&response(&forged_assertion(&PARTNER, |signed_info| signed_info.replacen(from, to, 1))))
}

#[test]
fn s14_references_elsewhere() {
    let reference = "URI=\"#_a\"";
    for other in
        ["", "#xpointer(id('_a'))", "#xpointer(/)", "https://evil.example/", "file:///etc/passwd", "#_x", "_a", " #_a"]
    {
        assert_eq!(edited(reference, &format!("URI=\"{other}\"")), Err("reference"), "{other}");
    }
    assert_eq!(edited(" URI=\"#_a\"", ""), Err("reference"));
    let twice = forged_assertion(&PARTNER, |signed_info| {
        let begin = signed_info.find("<ds:Reference").unwrap();
        let end = signed_info.find("</ds:SignedInfo>").unwrap();
        format!("{}{}", &signed_info[..end], &signed_info[begin..])
    });
    assert_eq!(read(&response(&twice)), Err("reference"));
    let none = forged_assertion(&PARTNER, |signed_info| {
        format!("{}</ds:SignedInfo>", &signed_info[..signed_info.find("<ds:Reference").unwrap()])
    });
    assert_eq!(read(&response(&none)), Err("reference"));
}

#[test]
fn s19_the_digest_of_nothing() {
    let digest = edit_digest(|_| data_encoding::BASE64.encode(&sha256(b"")));
    assert_eq!(digest, Err("c14n-empty"));
}

fn sha256(octets: &[u8]) -> Vec<u8> {
    aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, octets).as_ref().to_vec()
}

fn edit_digest(edit: impl Fn(&str) -> String) -> Result<String, &'static str> {
    read(&response(&forged_assertion(&PARTNER, |signed_info| {
        let begin = signed_info.find("<ds:DigestValue>").unwrap() + "<ds:DigestValue>".len();
        let end = signed_info.find("</ds:DigestValue>").unwrap();
        format!("{}{}{}", &signed_info[..begin], edit(&signed_info[begin..end]), &signed_info[end..])
    })))
}

#[test]
fn s22_inclusive_prefixes() {
    let transform = format!("<ds:Transform Algorithm=\"{EXC}\"></ds:Transform>");
    let method = format!("<ds:CanonicalizationMethod Algorithm=\"{EXC}\"></ds:CanonicalizationMethod>");
    for element in [&transform, &method] {
        let with = |count: usize| {
            let list = numbered(count, |number| format!("p{number} "));
            let list =
                format!("<ec:InclusiveNamespaces xmlns:ec=\"{EXC}\" PrefixList=\"{list}\"></ec:InclusiveNamespaces></");
            edited(element, &element.replace("</", &list))
        };
        assert_eq!(with(PREFIXES_MAX), Ok("kovacs.peter".to_owned()));
        assert_eq!(with(PREFIXES_MAX + 1), Err("prefixlist>16"));
        assert_eq!(with(10_000), Err("prefixlist>16"));
    }
}

#[test]
fn s23_other_transforms() {
    let [enveloped, exclusive] =
        [ENVELOPED, EXC].map(|uri| format!("<ds:Transform Algorithm=\"{uri}\"></ds:Transform>"));
    let both = format!("{enveloped}{exclusive}");
    let other = |uri: &str| format!("<ds:Transform Algorithm=\"{uri}\"></ds:Transform>");
    for uri in [
        "http://www.w3.org/TR/1999/REC-xslt-19991116",
        "http://www.w3.org/TR/1999/REC-xpath-19991116",
        "http://www.w3.org/2002/06/xmldsig-filter2",
        "http://www.w3.org/2000/09/xmldsig#base64",
        "",
    ] {
        for transforms in [
            other(uri),
            format!("{}{exclusive}", other(uri)),
            format!("{enveloped}{}", other(uri)),
            format!("{enveloped}{}{exclusive}", other(uri)),
            format!("{both}{}", other(uri)),
        ] {
            assert_eq!(edited(&both, &transforms), Err("transform"), "{transforms}");
        }
    }
    for transforms in [&enveloped, &exclusive, &format!("{exclusive}{enveloped}"), &format!("{both}{exclusive}"), ""] {
        assert_eq!(edited(&both, transforms), Err("transform"), "{transforms}");
    }
    let xpath = enveloped.replace("</", "<ds:XPath>ancestor::*</ds:XPath></");
    assert_eq!(edited(&enveloped, &xpath), Err("transform"));
}

#[test]
fn s24_other_canonicalizations() {
    for uri in [
        "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments",
        "http://www.w3.org/2006/12/xml-c14n11",
    ] {
        let (from, to) = (format!("Method Algorithm=\"{EXC}\""), format!("Method Algorithm=\"{uri}\""));
        assert_eq!(edited(&from, &to), Err("c14n-alg"), "{uri}");
        let (from, to) = (format!("Transform Algorithm=\"{EXC}\""), format!("Transform Algorithm=\"{uri}\""));
        assert_eq!(edited(&from, &to), Err("c14n-alg"), "{uri}");
    }
    assert_eq!(edited(&format!("Method Algorithm=\"{EXC}\""), "Method"), Err("c14n-alg"));
}

#[test]
fn s25_other_signature_algorithms() {
    let ours = PARTNER.algorithm().uri();
    for uri in [
        "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
        "http://www.w3.org/2000/09/xmldsig#dsa-sha1",
        "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256",
        "http://www.w3.org/2001/04/xmldsig-more#rsa-md5",
        "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha1",
        "none",
        "",
    ] {
        assert_eq!(edited(ours, uri), Err("sig-alg"), "{uri}");
    }
    let parameter = "<ds:HMACOutputLength>1</ds:HMACOutputLength></ds:SignatureMethod>";
    assert_eq!(edited("</ds:SignatureMethod>", parameter), Err("sig-alg"));
    // A known algorithm of another type of key.
    assert_eq!(edited(ours, "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"), Err("sig-key"));
}

#[test]
fn s26_other_digests() {
    let ours = "http://www.w3.org/2001/04/xmlenc#sha256";
    for uri in ["http://www.w3.org/2000/09/xmldsig#sha1", "http://www.w3.org/2001/04/xmldsig-more#md5", ""] {
        assert_eq!(edited(ours, uri), Err("digest-alg"), "{uri}");
    }
    for octets in [0, 1, 16, 31] {
        let shorter = edit_digest(|whole| {
            let whole = data_encoding::BASE64.decode(whole.as_bytes()).unwrap();
            data_encoding::BASE64.encode(&whole[..octets])
        });
        assert_eq!(shorter, Err(if octets == 0 { "sig-form" } else { "digest-alg" }), "{octets}");
    }
    assert_eq!(edited(ours, "http://www.w3.org/2001/04/xmlenc#sha512"), Err("digest-alg"));
}

#[test]
fn s27_and_s28_keys_of_the_senders_own() {
    assert_eq!(read(&response(&signed_assertion(&ATTACKER, "_a", "admin"))), Err("sig-key"));
    // Whatever KeyInfo refers to, a good signature stays good and nothing is fetched: there is no code to.
    for inside in [
        "<ds:RetrievalMethod URI=\"https://evil.example/key\"></ds:RetrievalMethod>",
        "<ds:KeyName>/etc/passwd</ds:KeyName>",
        "<x:KeyInfoReference xmlns:x=\"http://www.w3.org/2009/xmldsig11#\" URI=\"#x\"></x:KeyInfoReference>",
        "<ds:X509Data><ds:X509Certificate>no base64</ds:X509Certificate></ds:X509Data>",
    ] {
        let with = genuine().replace("</ds:Signature>", &format!("<ds:KeyInfo>{inside}</ds:KeyInfo></ds:Signature>"));
        assert_eq!(read(&with), Ok("kovacs.peter".to_owned()), "{inside}");
    }
}

#[test]
fn what_was_not_signed_is_refused() {
    let good = genuine();
    for (from, to, code) in [
        ("kovacs.peter", "kovacs.petera", "digest"),
        ("Version=\"2.0\">", "Version=\"2.1\">", "digest"),
        ("<saml:Subject>", "<saml:Subject Extra=\"\">", "digest"),
        ("<saml:Subject>", "<saml:Subject> ", "digest"),
        ("ID=\"_a\"", "ID=\"_b\"", "reference"),
    ] {
        // The last occurrence is the assertion's.
        let (before, after) = good.rsplit_once(from).unwrap();
        assert_eq!(read(&format!("{before}{to}{after}")), Err(code), "{to}");
    }
    assert_eq!(read(&good.replace("<ds:Reference ", "<ds:Reference Type=\"\" ")), Err("sig-key"));
}

/// What is signed twice over stays what it was: our own edits do not change what the key says.
#[test]
fn a_forger_without_the_key_gets_nowhere() {
    let (before, after) = assertion_halves("_a", "admin");
    let forge = |key: &SigningKey| {
        let signature = key.enveloped("_a", format!("{before}{after}").as_bytes(), None).unwrap();
        let edited = forged(key, &signature, |signed_info| signed_info.replace("<ds:Transforms>", "<ds:Transforms> "));
        read(&response(&format!("{before}{edited}{after}")))
    };
    assert_eq!(forge(&ATTACKER), Err("sig-key"));
    assert_eq!(forge(&PARTNER), Ok("admin".to_owned()));
}
