//! Artifacts that are redeemed, and envelopes that are refused. The answer with a message in it is tested with the
//! response that it delivers.

use super::*;
use crate::binding::soap;
use crate::samples::{NOW, assert_canonical, children, keys, signer};
use crate::{SignatureDemand, StatusCode, StatusReason};

fn resolve() -> ArtifactResolve {
    ArtifactResolve {
        id: "_resolve".to_owned(),
        issue_instant: NOW,
        issuer: "https://sp.example".to_owned(),
        destination: Some("https://kau.example/saml/artifact".to_owned()),
        artifact: Artifact::new("https://kau.example", 0, [9; 20]),
    }
}

fn read(envelope: &str) -> Result<ArtifactResolve, MessageError> {
    let received = soap::decode(Direction::Request, envelope.as_bytes().to_vec()).unwrap();
    received.claims()?;
    ArtifactResolve::read(&received.authenticate(&keys(), SignatureDemand::IfPresent)?)
}

#[test]
fn what_is_written_is_read() {
    for signer in [None, Some(&signer())] {
        let xml = resolve().write(signer).unwrap();
        assert_canonical(&xml);
        assert_eq!(children(&xml).last().map(String::as_str), Some("Artifact"));
        assert_eq!(read(&soap::envelope(&xml)), Ok(resolve()));
    }
}

#[test]
fn a_message_in_an_answer_stays_what_it_was() {
    let head = ArtifactResponseHead { id: "_a", issue_instant: NOW, issuer: "urn:idp", in_response_to: "_resolve" };
    let inner = resolve().write(Some(&signer())).unwrap();
    let xml = ArtifactResponse::write(&head, Some(&inner), Some(&signer())).unwrap();
    assert_canonical(&xml);
    let expected = ["Issuer", "Signature", "Status", "ArtifactResolve"];
    assert_eq!(children(&xml), expected);
    let envelope = soap::envelope(&xml).into_bytes();
    let received = soap::decode(Direction::Response, envelope).unwrap();
    let answer = ArtifactResponse::read(&received.authenticate(&keys(), SignatureDemand::Required).unwrap()).unwrap();
    let message = answer.message.unwrap();
    // A request is no answer, however well it is signed.
    assert_eq!(message.claims(), Err(MessageError::Kind));
    let two = xml.replace("</samlp:ArtifactResponse>", "<samlp:Response></samlp:Response></samlp:ArtifactResponse>");
    let received = soap::decode(Direction::Response, soap::envelope(&two).into_bytes()).unwrap();
    assert!(received.authenticate(&keys(), SignatureDemand::Required).is_err());
    let two = ArtifactResponse::write(&head, Some(&format!("{inner}<x xmlns=\"urn:x\"></x>")), None).unwrap();
    let received = soap::decode(Direction::Response, soap::envelope(&two).into_bytes()).unwrap();
    let authentic = received.authenticate(&[], SignatureDemand::IfPresent).unwrap();
    assert!(matches!(ArtifactResponse::read(&authentic), Err(MessageError::Form(_))));
}

#[test]
fn an_answer_may_say_that_the_request_was_not_understood() {
    let xml = "<samlp:ArtifactResponse xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"_a\" Version=\"2.0\" \
               IssueInstant=\"2025-01-16T00:00:00Z\"><saml:Issuer xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">\
               urn:idp</saml:Issuer><samlp:Status><samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Requester\">\
               <samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:RequestDenied\"/></samlp:StatusCode>\
               <samlp:StatusMessage>no</samlp:StatusMessage></samlp:Status></samlp:ArtifactResponse>";
    let received = soap::decode(Direction::Response, soap::envelope(xml).into_bytes()).unwrap();
    let answer = ArtifactResponse::read(&received.authenticate(&[], SignatureDemand::IfPresent).unwrap()).unwrap();
    let status = Status::refused(StatusCode::Requester, StatusReason::RequestDenied);
    assert_eq!(answer.status, Status { message: Some("no".to_owned()), ..status });
    assert!(answer.message.is_none() && answer.in_response_to.is_none());
}

#[test]
fn an_envelope_with_anything_else_is_refused() {
    let inner = resolve().write(None).unwrap();
    let good = soap::envelope(&inner);
    let header = |inner: &str| good.replace("<soap:Body>", &format!("<soap:Header>{inner}</soap:Header><soap:Body>"));
    assert_eq!(read(&header("<x xmlns=\"urn:x\"/>")), Ok(resolve()), "a header that may be passed over");
    assert_eq!(read(&format!("<?xml version=\"1.0\"?>\n{good}")), Ok(resolve()));
    for (what, xml) in [
        ("a header that must be understood", header("<x xmlns=\"urn:x\" soap:mustUnderstand=\"1\"/>")),
        ("no body", "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"/>".to_owned()),
        ("an empty body", soap::envelope("")),
        ("two messages", soap::envelope(&format!("{inner}{inner}"))),
        ("two bodies", good.replace("</soap:Body>", "</soap:Body><soap:Body/>")),
        (
            "SOAP 1.2",
            good.replace("http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope"),
        ),
        ("no envelope", inner.clone()),
        ("a fault", soap::fault(soap::Fault::Client, "no")),
        ("no artifact", soap::envelope(&inner.replace("AAQ", "AAE"))),
        ("another issuer's name for it", soap::envelope(&inner.replace("samlp:Artifact>", "samlp:Artefact>"))),
    ] {
        assert!(read(&xml).is_err(), "{what}");
    }
    assert_canonical(&good);
    assert_canonical(&soap::fault(soap::Fault::Server, "busy"));
    let large = soap::decode(Direction::Request, vec![b' '; crate::binding::MESSAGE_BYTES_MAX + 1]);
    assert!(large.is_err());
}
