//! The words for good and bad metadata and requests.

use data_encoding::BASE64;
use model::{StatedTerms, Timestamp};
use saml::binding::redirect;
use saml::{AnswerTo, AuthnRequest, Direction, NameIdPolicy};
use xmlsec::certificate::{Request, self_signed};
use xmlsec::{KeyType, SigningKey};

use super::*;

const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);
const HERE: &str = "https://kau.example/saml/sso";
const OPTIONS: SamlOptions = SamlOptions {
    terms: StatedTerms { min_level: None, min_loa: None, basis: None },
    purposes: None,
    loopback: false,
    entity: None,
    source: None,
};

fn certificate(key: &SigningKey, not_after: i64) -> String {
    let request = Request { common_name: "sp.example", not_before: 0, not_after, serial: &[1] };
    BASE64.encode(&self_signed(key, &request).unwrap())
}

/// Metadata on numbered lines: the key on line 4, the address on line 7.
fn metadata(certificate: &str) -> String {
    format!(
        "<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"https://sp.example/saml\">\n\
         <md:SPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">\n\
         <md:KeyDescriptor use=\"signing\"><ds:KeyInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:X509Data>\n\
         <ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>\n\
         <md:SingleLogoutService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:SOAP\" Location=\"https://sp.example/slo\"/>\n\
         <md:NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress</md:NameIDFormat>\n\
         <md:AssertionConsumerService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" \
         Location=\"https://sp.example/acs\" index=\"0\"/>\n\
         <md:AttributeConsumingService index=\"0\"><md:ServiceName xml:lang=\"en\">Sample</md:ServiceName>\n\
         <md:RequestedAttribute Name=\"urn:oid:0.9.2342.19200300.100.1.3\" \
         NameFormat=\"urn:oasis:names:tc:SAML:2.0:attrname-format:uri\"/></md:AttributeConsumingService>\n\
         </md:SPSSODescriptor></md:EntityDescriptor>"
    )
}

fn key() -> SigningKey {
    SigningKey::generate(KeyType::P256).unwrap()
}

#[test]
fn good_metadata_is_told_in_words() {
    let text = metadata(&certificate(&key(), 2_000_000_000));
    let found = examine_saml_metadata(text.as_bytes(), &OPTIONS, NOW);
    assert_eq!(
        found.sentences,
        [
            "This is SAML metadata of the service https://sp.example/saml.",
            "People would see it as “Sample” in Hungarian and “Sample” in English; it begins at https://sp.example/.",
            "https://sp.example/acs (index 0, HTTP-POST) is where answers go by default.",
            "https://sp.example/slo (SOAP) is told of logouts.",
            "It has a key to sign: ECDSA on P-256, its certificate good until 2033-05-18.",
            "Assertions would not be encrypted: it has no RSA key to encrypt to.",
            "People would be named to it as a request asks: transient (the default), persistent, emailAddress.",
            "Of what it asks for it would receive mail.",
            "Its requests need not be signed; a signature that is there must be good.",
        ]
    );
    assert_eq!(found.problems, []);
}

#[test]
fn what_answers_are_signed_with_is_told_when_it_is_not_the_usual() {
    let text = metadata(&certificate(&key(), 2_000_000_000));
    let says = "Answers would be signed by ECDSA on P-256, which its alg:SigningMethod names.";
    for (named, is_told) in [("ecdsa-sha256", true), ("rsa-sha256", false), ("ecdsa-sha512", false)] {
        let extensions = format!(
            "<md:Extensions><alg:SigningMethod xmlns:alg=\"urn:oasis:names:tc:SAML:metadata:algsupport\" \
             Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#{named}\"/></md:Extensions><md:KeyDescriptor"
        );
        let text = text.replace("<md:KeyDescriptor", &extensions);
        let found = examine_saml_metadata(text.as_bytes(), &OPTIONS, NOW);
        assert_eq!(found.sentences.iter().any(|sentence| sentence == says), is_told, "{named}: {found:?}");
        assert_eq!(found.problems, []);
    }
}

#[test]
fn bad_metadata_is_told_with_its_line_and_what_to_do() {
    let good = metadata(&certificate(&key(), 2_000_000_000));
    let is_idp = good.replace("SPSSODescriptor", "IDPSSODescriptor");
    #[rustfmt::skip]
    let table = [
        (good.replace("https://sp.example/acs", "http://sp.example/acs"), Some(7), "Location must begin with https://.", "Give an absolute https://"),
        (good.replace("https://sp.example/acs", "https://sp.example/*"), Some(7), "Location must not contain a wildcard.", "Give an absolute https://"),
        (good.replace("https://sp.example/acs", "http://sp.localhost/acs"), Some(7), "Location must begin with https://.", "Give an absolute https://"),
        (good.replace(" index=\"0\"/>", "/>"), Some(7), "index is missing.", "Add it"),
        (good.replace("use=\"signing\"", "use=\"sining\""), Some(3), "use has a value that is not allowed.", "Correct the value"),
        (good.replace("<ds:X509Certificate>M", "<ds:X509Certificate>*"), Some(4), "X509Certificate has a value that is not allowed.", "Correct the value"),
        (good.replace("<ds:X509Certificate>", "<ds:X509Certificate>MIIB"), Some(4), "The certificate is refused: the key or certificate is no proper DER.", "Give the service a certificate"),
        (good.replace("<md:EntityDescriptor", "<md:EntityDescriptor validUntil=\"2020-01-01T00:00:00Z\""), Some(1), "The metadata has expired.", "Export the metadata anew"),
        (good.replace("HTTP-POST", "SOAP"), None, "No AssertionConsumerService takes HTTP-POST or HTTP-Artifact.", "Add an AssertionConsumerService"),
        (good.replace("SAML:2.0:protocol", "SAML:1.1:protocol"), Some(1), "The entity has no role of SAML 2.0 that is known here.", "Add an SPSSODescriptor"),
        (is_idp, None, "The entity is no service: it has no SPSSODescriptor.", "Take the metadata of the service"),
        (good.replace("</md:EntityDescriptor>", ""), None, "The document is not well-formed.", "Copy or export it again"),
        (format!("<!DOCTYPE a>{good}"), None, "The document has a document type declaration.", "Take the <!DOCTYPE"),
        ("<html><body>404</body></html>".to_owned(), Some(1), "EntityDescriptor is missing.", "Add it"),
    ];
    for (text, line, what, advice) in table {
        let found = examine_saml_metadata(text.as_bytes(), &OPTIONS, NOW);
        assert!(found.is_refused(), "{what}");
        let [problem] = &found.problems[..] else { panic!("{found:?}") };
        assert_eq!((problem.line, problem.what.as_str()), (line, what));
        assert!(problem.advice.starts_with(advice), "{what} {}", problem.advice);
    }
}

#[test]
fn what_does_no_harm_is_remarked_upon() {
    let text = metadata(&certificate(&key(), 1_000_000_000)).replace("100.1.3\"", "100.1.1\"");
    let text = text.replace("nameid-format:emailAddress", "nameid-format:kerberos");
    let found = examine_saml_metadata(text.as_bytes(), &OPTIONS, NOW);
    assert!(!found.is_refused());
    let told: Vec<(Option<u32>, &str)> =
        found.problems.iter().map(|problem| (problem.line, problem.what.as_str())).collect();
    assert_eq!(
        told,
        [
            (
                None,
                "The NameIDFormat urn:oasis:names:tc:SAML:1.1:nameid-format:kerberos is none that people are named by here."
            ),
            (None, "It asks for the attribute urn:oid:0.9.2342.19200300.100.1.1, which is not given here."),
            (Some(4), "The certificate has expired."),
        ]
    );
    let local =
        metadata(&certificate(&key(), 2_000_000_000)).replace("https://sp.example/acs", "http://sp.localhost/acs");
    let demo = SamlOptions { loopback: true, ..OPTIONS };
    assert!(!examine_saml_metadata(local.as_bytes(), &demo, NOW).is_refused());
}

fn request() -> AuthnRequest {
    AuthnRequest {
        id: "_a".to_owned(),
        issue_instant: NOW.seconds(),
        issuer: "https://sp.example/saml".to_owned(),
        destination: Some(HERE.to_owned()),
        force_authn: false,
        is_passive: false,
        answer_to: AnswerTo::Default,
        protocol_binding: None,
        attribute_consuming_service: None,
        subject: None,
        name_id_policy: None,
        authn_context: None,
    }
}

/// The query that a browser would have been sent with.
fn query(request: &AuthnRequest, key: Option<&SigningKey>) -> String {
    let message = request.write(None).unwrap();
    let address = redirect::encode(HERE, Direction::Request, &message, Some("state"), key).unwrap();
    address.split_once('?').unwrap().1.to_owned()
}

#[test]
fn a_good_request_is_told_in_words() {
    let key = key();
    let metadata = metadata(&certificate(&key, 2_000_000_000));
    let query = query(&request(), Some(&key));
    let found = SamlCaptured::Query(&query).examine(Some((metadata.as_bytes(), &OPTIONS)), Some(HERE), NOW);
    assert_eq!(
        found.sentences,
        [
            "This is an AuthnRequest by HTTP-Redirect, with a signature, that says it comes from https://sp.example/saml.",
            "Its signature is good, by a key of the metadata.",
            "Its answer would go to https://sp.example/acs by HTTP-POST, as the metadata has it.",
            "It was made at 2027-01-15T08:00:00Z for https://kau.example/saml/sso, with the ID _a.",
            "Its RelayState has 5 bytes and is given back as it came.",
            "The person would be named by a transient name, another one each time.",
        ]
    );
    assert_eq!(found.problems, []);
    let alone = SamlCaptured::Query(&query).examine(None, None, NOW);
    assert!(alone.sentences.last().unwrap().contains("--metadata"), "{alone:?}");
}

#[test]
fn a_bad_request_is_told_with_what_to_do() {
    let (key, foreign) = (key(), self::key());
    let good = metadata(&certificate(&key, 2_000_000_000));
    let signs = good.replace("<md:SPSSODescriptor", "<md:SPSSODescriptor AuthnRequestsSigned=\"true\"");
    let policy = |format| {
        let policy = NameIdPolicy { format, sp_name_qualifier: None, allow_create: true };
        AuthnRequest { name_id_policy: Some(policy), ..request() }
    };
    let unsigned = query(&request(), None);
    #[rustfmt::skip]
    let table = [
        (&good, query(&request(), Some(&foreign)), "The signature is none of the expected keys'.", "Sign with the key in the registered metadata"),
        (&signs, unsigned.clone(), "The message is not signed.", "Sign the requests"),
        (&good, query(&AuthnRequest { issuer: "https://other.example".to_owned(), ..request() }, None), "Its Issuer is not the service of the metadata, https://sp.example/saml.", "Register the service first"),
        (&good, query(&AuthnRequest { destination: Some("https://kau.example/sso".to_owned()), ..request() }, None), "Its Destination is not the address that it was sent to.", "Send the request to the SingleSignOnService"),
        (&good, query(&AuthnRequest { answer_to: AnswerTo::Url("https://sp.example/acs2".to_owned()), ..request() }, None), "It wants its answer at an address or by a binding that the service's metadata does not have.", "Name an AssertionConsumerService"),
        (&good, query(&AuthnRequest { issue_instant: NOW.seconds() + 600, ..request() }, None), "Its IssueInstant lies in the future.", "Set the clock"),
        (&good, query(&AuthnRequest { force_authn: true, is_passive: true, ..request() }, None), "It wants a person to sign in anew (ForceAuthn) and to see nothing (IsPassive), which cannot both be.", "Leave one"),
        (&good, query(&AuthnRequest { attribute_consuming_service: Some(7), ..request() }, None), "Its AttributeConsumingServiceIndex is none of the metadata's.", "Leave it out"),
        (&good, query(&policy(NameIdFormat::Other("urn:x".to_owned())), None), "Its NameIDPolicy cannot be met.", "Ask for transient"),
        (&good, unsigned.replace("SAMLRequest", "SAMLResponse"), "This message is not expected here.", "Send an AuthnRequest"),
        (&good, format!("{unsigned}&SAMLRequest=x"), "The parameter SAMLRequest is given twice or written in an unusual way.", "Send each parameter once"),
        (&good, "SAMLRequest=PGEvPg%3D%3D".to_owned(), "The message is no DEFLATE stream of a reasonable size.", "By HTTP-Redirect, compress"),
        (&good, "SAMLRequest=%21".to_owned(), "The message is no base64.", "Encode the message in base64"),
    ];
    for (metadata, query, what, advice) in table {
        let found = SamlCaptured::Query(&query).examine(Some((metadata.as_bytes(), &OPTIONS)), Some(HERE), NOW);
        assert!(found.is_refused(), "{what}: {found:?}");
        let [problem] = &found.problems[..] else { panic!("{found:?}") };
        assert_eq!(problem.what, what);
        assert!(problem.advice.starts_with(advice), "{what} {}", problem.advice);
    }
    let late = SamlCaptured::Query(&unsigned).examine(
        Some((good.as_bytes(), &OPTIONS)),
        Some(HERE),
        NOW + std::time::Duration::from_hours(1),
    );
    assert!(!late.is_refused() && late.problems[0].what.starts_with("It is older than 13 minutes"), "{late:?}");
}
