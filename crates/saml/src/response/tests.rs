//! Answers that are written, believed and refused.

mod attacks;
mod mutations;
mod profile;

use xmlsec::{Document, Limits, canonical};

use super::*;
use crate::samples::{
    KEY, NOW, RSA_KEY, assert_canonical, certificate, children, decryption_keys, fill, keys, response, signer,
};
use crate::write::signed;
use crate::{
    ArtifactResponse, ArtifactResponseHead, Attribute, AuthnStatement, Bearer, Direction, MessageError, NameId,
    NameIdFormat, Received, SignatureDemand, StatusCode, StatusReason, attribute, binding,
};

const IDP: &str = "https://idp.example/metadata";
const SP: &str = "https://sp.example/metadata";
const ACS: &str = "https://sp.example/acs";
const REQUEST: &str = "_request";
const CONTEXT: &str = "urn:eksz.gov.hu:1.0:azonositas:kau:2:uk:totp";

fn assertion() -> Assertion {
    Assertion {
        id: "_assertion".to_owned(),
        issue_instant: NOW,
        issuer: IDP.to_owned(),
        name_id: NameId {
            name_qualifier: Some(IDP.to_owned()),
            sp_name_qualifier: Some(SP.to_owned()),
            ..NameId::new(NameIdFormat::Persistent, "a1b2c3")
        },
        confirmations: vec![Bearer {
            recipient: Some(ACS.to_owned()),
            in_response_to: Some(REQUEST.to_owned()),
            not_before: None,
            not_on_or_after: Some(NOW + 300),
        }],
        not_before: Some(NOW - 60),
        not_on_or_after: Some(NOW + 300),
        audience_restrictions: vec![vec![SP.to_owned()]],
        authn: AuthnStatement {
            authn_instant: NOW - 10,
            session_index: Some("_session".to_owned()),
            session_not_on_or_after: Some(NOW + 3600),
            context_class: Some(CONTEXT.to_owned()),
            authorities: vec!["https://upstream.example".to_owned()],
        },
        attributes: vec![
            Attribute::new(attribute::names::CURRENT_FAMILY_NAME, "Kőszegi <&> \"Őz\""),
            Attribute {
                values: vec!["a@example.hu".to_owned(), String::new(), "b@example.hu".to_owned()],
                ..Attribute::new(attribute::names::MAIL, "")
            },
        ],
    }
}

fn answer() -> Response {
    Response {
        id: "_response".to_owned(),
        issue_instant: NOW,
        issuer: IDP.to_owned(),
        destination: ACS.to_owned(),
        in_response_to: REQUEST.to_owned(),
        status: Status::SUCCESS,
        assertion: Some(assertion()),
    }
}

/// Checks as the service that asked would.
fn check_at(received: &Received, now: i64) -> Result<Assertion, ResponseError> {
    let check = ResponseCheck {
        issuer: IDP,
        keys: &keys(),
        decryption_keys: decryption_keys(),
        acs_url: ACS,
        sp_entity_id: SP,
        in_response_to: REQUEST,
        now,
        skew: 30,
        contexts: &[CONTEXT],
        authenticated_since: None,
    };
    check.check(received)
}

fn check(xml: &str) -> Result<Assertion, ResponseError> {
    check_at(&response(xml), NOW)
}

#[track_caller]
fn assert_refused(what: &str, xml: &str, code: &str) {
    match check(xml) {
        Ok(_) => panic!("{what} is believed"),
        Err(error) => assert_eq!(error.code(), code, "{what}: {error:?}"),
    }
}

/// A response around these children, signed or not.
fn around(children: &str, signer: Option<&Signer<'_>>) -> String {
    let head = format!(
        "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" Destination=\"{ACS}\" ID=\"_response\" \
         InResponseTo=\"{REQUEST}\" IssueInstant=\"2025-01-16T00:00:00Z\" Version=\"2.0\">\
         <saml:Issuer xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">{IDP}</saml:Issuer>"
    );
    let status = "<samlp:Status><samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"></samlp:StatusCode>\
                  </samlp:Status>";
    let xml = format!("{head}{status}{children}</samlp:Response>");
    let Some(_) = signer else { return xml };
    let canonical = canonical(Document::parse(xml.as_bytes(), &Limits::MESSAGE).unwrap().root());
    signed(canonical, "_response", head.len(), signer).unwrap()
}

/// An assertion as [`Assertion::write`] writes it, changed before it is signed.
fn changed(from: &str, to: &str) -> String {
    let xml = assertion().write(None).unwrap();
    assert!(xml.contains(from), "{from} is not in {xml}");
    let xml = xml.replacen(from, to, 1);
    let at = xml.find("</saml:Issuer>").unwrap() + "</saml:Issuer>".len();
    signed(xml, "_assertion", at, Some(&signer())).unwrap()
}

fn encrypted(assertion: &str) -> String {
    let key = certificate(&RSA_KEY).encryption_key().unwrap();
    let (transport, cipher) = (KeyTransport::OaepMgf1Sha1, DataCipher::Aes256Gcm);
    let data = xmlsec::encrypt(assertion.as_bytes(), &key, transport, cipher, &mut fill).unwrap();
    format!(
        "<saml:EncryptedAssertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">{data}</saml:EncryptedAssertion>"
    )
}

#[test]
fn what_is_written_is_believed() {
    let key = certificate(&RSA_KEY).encryption_key().unwrap();
    let sha256 = Recipient { key: &key, transport: KeyTransport::OaepSha256, cipher: DataCipher::Aes128Gcm };
    let sha1 = Recipient { key: &key, transport: KeyTransport::OaepMgf1Sha1, cipher: DataCipher::Aes256Gcm };
    for recipient in [None, Some(&sha256), Some(&sha1)] {
        let xml = answer().write(&signer(), recipient, &mut fill).unwrap();
        assert_canonical(&xml);
        let last = if recipient.is_some() { "EncryptedAssertion" } else { "Assertion" };
        assert_eq!(children(&xml), ["Issuer", "Signature", "Status", last]);
        assert_eq!(xml.contains("a1b2c3"), recipient.is_none());
        assert_eq!(check(&xml), Ok(assertion()));
    }
    let named = Signer { key: &KEY, certificate: Some(&certificate(&KEY)) };
    assert_eq!(check(&answer().write(&named, None, &mut fill).unwrap()), Ok(assertion()));
}

#[test]
fn an_assertion_has_its_parts_in_the_order_of_the_schema() {
    let xml = assertion().write(Some(&signer())).unwrap();
    assert_canonical(&xml);
    let expected = ["Issuer", "Signature", "Subject", "Conditions", "AuthnStatement", "AttributeStatement"];
    assert_eq!(children(&xml), expected);
    let bare = Assertion { attributes: Vec::new(), ..assertion() }.write(None).unwrap();
    assert_eq!(children(&bare), ["Issuer", "Subject", "Conditions", "AuthnStatement"]);
}

#[test]
fn a_response_that_is_not_signed_itself_will_do() {
    // Every identity provider may leave it at the assertion's own signature (Profiles section 4.1.4.5).
    let signed = assertion().write(Some(&signer())).unwrap();
    assert_eq!(check(&around(&signed, None)), Ok(assertion()));
    assert_eq!(check(&around(&encrypted(&signed), None)), Ok(assertion()));
    assert_eq!(check(&around(&signed, Some(&signer()))), Ok(assertion()));
    assert_eq!(check(&around(&encrypted(&signed), Some(&signer()))), Ok(assertion()));
}

#[test]
fn other_prefixes_and_white_space_are_no_matter() {
    let xml = around(&assertion().write(Some(&signer())).unwrap(), None);
    let other = xml
        .replace("samlp:", "ns0:")
        .replace("xmlns:samlp", "xmlns:ns0")
        .replace("><ns0:Status>", ">\n  <ns0:Status>\n");
    assert_eq!(check(&format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{other}\n")), Ok(assertion()));
}

#[test]
fn an_answer_that_says_no_says_why() {
    for reason in StatusReason::ALL {
        let status =
            Status { code: StatusCode::Responder, reason: Some(reason), message: Some("a <b> \u{171}".to_owned()) };
        let xml = Response { status: status.clone(), assertion: None, ..answer() };
        let xml = xml.write(&signer(), None, &mut fill).unwrap();
        assert_canonical(&xml);
        assert_eq!(check(&xml), Err(ResponseError::Status(status)));
    }
    for code in StatusCode::ALL {
        assert_eq!(StatusCode::from_uri(code.uri()), Some(code));
    }
    let unknown = around("", None).replace(
        "<samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\">",
        "<samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Requester\"><samlp:StatusCode Value=\"urn:own\"/>",
    );
    let expected = Status { code: StatusCode::Requester, reason: None, message: None };
    assert_eq!(check(&unknown), Err(ResponseError::Status(expected)));
    assert_refused("success with nothing", &around("", None), "assertions≠1");
    // No person is taken from an answer that says no.
    let both = Response { status: Status::refused(StatusCode::Responder, StatusReason::NoPassive), ..answer() };
    assert_refused("failure with a person", &both.write(&signer(), None, &mut fill).unwrap(), "status");
}

#[test]
fn an_answer_may_be_fetched_by_its_artifact() {
    let head = ArtifactResponseHead { id: "_fetched", issue_instant: NOW, issuer: IDP, in_response_to: "_resolve" };
    let inner = answer().write(&signer(), None, &mut fill).unwrap();
    for outer in [None, Some(&signer())] {
        let xml = ArtifactResponse::write(&head, Some(&inner), outer).unwrap();
        assert_canonical(&xml);
        let envelope = binding::soap::envelope(&xml);
        let received = binding::soap::decode(Direction::Response, envelope.into_bytes()).unwrap();
        let authentic = received.authenticate(&keys(), SignatureDemand::IfPresent).unwrap();
        assert_eq!(authentic.is_signed(), outer.is_some());
        let fetched = ArtifactResponse::read(&authentic).unwrap();
        assert_eq!((fetched.id.as_str(), fetched.in_response_to.as_deref()), ("_fetched", Some("_resolve")));
        assert!(fetched.status.is_success());
        assert_eq!(check_at(&fetched.message.unwrap(), NOW), Ok(assertion()));
    }
    let xml = ArtifactResponse::write(&head, None, None).unwrap();
    let received = binding::soap::decode(Direction::Response, binding::soap::envelope(&xml).into_bytes()).unwrap();
    let fetched = ArtifactResponse::read(&received.authenticate(&[], SignatureDemand::IfPresent).unwrap()).unwrap();
    assert!(fetched.message.is_none() && fetched.status.is_success());
}
