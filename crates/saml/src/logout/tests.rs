//! Logout messages that are written, read and refused.

use xmlsec::{DataCipher, KeyTransport};

use super::*;
use crate::samples::{
    NOW, RSA_KEY, STRANGE_KEY, assert_canonical, certificate, children, decryption_keys, fill, keys, request, response,
    signer, unsigned,
};
use crate::{
    Claims, Direction, FormError, MessageError, NameIdFormat, SignatureDemand, StatusCode, StatusReason, binding,
};

fn plain() -> LogoutRequest {
    LogoutRequest {
        id: "_logout".to_owned(),
        issue_instant: NOW,
        issuer: "https://sp.example".to_owned(),
        destination: Some("https://kau.example/saml/slo".to_owned()),
        not_on_or_after: None,
        reason: None,
        name_id: NameId::new(NameIdFormat::Transient, "_abc"),
        session_indexes: Vec::new(),
        is_asynchronous: false,
    }
}

fn answer() -> LogoutResponse {
    LogoutResponse {
        id: "_answer".to_owned(),
        issue_instant: NOW,
        issuer: "https://kau.example".to_owned(),
        destination: Some("https://sp.example/slo".to_owned()),
        in_response_to: Some("_logout".to_owned()),
        status: Status::SUCCESS,
    }
}

#[test]
fn what_is_written_is_read() {
    let all = LogoutRequest {
        not_on_or_after: Some(NOW + 60),
        reason: Some(REASON_USER.to_owned()),
        name_id: NameId {
            name_qualifier: Some("https://kau.example".to_owned()),
            sp_name_qualifier: Some("https://sp.example".to_owned()),
            ..NameId::new(NameIdFormat::Persistent, "a1b2")
        },
        session_indexes: vec!["_s1".to_owned(), "_s2".to_owned()],
        is_asynchronous: true,
        ..plain()
    };
    let xml = all.write(Some(&signer())).unwrap();
    assert_eq!(children(&xml), ["Issuer", "Signature", "Extensions", "NameID", "SessionIndex", "SessionIndex"]);
    for message in [plain(), all] {
        let xml = message.write(None).unwrap();
        assert_canonical(&xml);
        assert_eq!(LogoutRequest::read(&unsigned(&xml), &[]), Ok(message.clone()));
        let xml = message.write(Some(&signer())).unwrap();
        assert_canonical(&xml);
        let authentic = request(&xml).authenticate(&keys(), SignatureDemand::Required).unwrap();
        assert_eq!(LogoutRequest::read(&authentic, &[]), Ok(message));
    }
    for status in [Status::SUCCESS, Status::refused(StatusCode::Responder, StatusReason::PartialLogout)] {
        for in_response_to in [None, Some("_logout".to_owned())] {
            let message = LogoutResponse { status: status.clone(), in_response_to, ..answer() };
            let xml = message.write(Some(&signer())).unwrap();
            assert_canonical(&xml);
            assert_eq!(children(&xml), ["Issuer", "Signature", "Status"]);
            let authentic = response(&xml).authenticate(&keys(), SignatureDemand::Required).unwrap();
            assert_eq!(LogoutResponse::read(&authentic), Ok(message));
        }
    }
}

#[test]
fn every_binding_carries_it() {
    let xml = plain().write(None).unwrap();
    let address = binding::redirect::encode(
        "https://kau.example/saml/slo",
        Direction::Request,
        &xml,
        Some("state"),
        Some(signer().key),
    );
    let address = address.unwrap();
    let received = binding::redirect::decode(address.split_once('?').unwrap().1).unwrap();
    let authentic = received.authenticate(&keys(), SignatureDemand::Required).unwrap();
    assert_eq!(LogoutRequest::read(&authentic, &[]), Ok(plain()));

    let xml = plain().write(Some(&signer())).unwrap();
    let envelope = binding::soap::envelope(&xml);
    assert_canonical(&envelope);
    let received = binding::soap::decode(Direction::Request, envelope.into_bytes()).unwrap();
    let claims = received.claims().unwrap();
    let expected = Claims {
        kind: MessageKind::LogoutRequest,
        id: "_logout".to_owned(),
        issuer: Some("https://sp.example".to_owned()),
        in_response_to: None,
        has_signature: true,
    };
    assert_eq!(claims, expected);
    let authentic = received.authenticate(&keys(), SignatureDemand::Required).unwrap();
    assert_eq!(LogoutRequest::read(&authentic, &[]), Ok(plain()));
}

#[test]
fn s48_a_logout_without_the_senders_signature_is_refused() {
    let bare = request(&plain().write(None).unwrap());
    assert_eq!(bare.authenticate(&keys(), SignatureDemand::Required).err(), Some(MessageError::Unsigned));
    let strange = crate::Signer { key: &STRANGE_KEY, certificate: None };
    let strange = request(&plain().write(Some(&strange)).unwrap());
    for demand in [SignatureDemand::Required, SignatureDemand::IfPresent] {
        let error = strange.authenticate(&keys(), demand).unwrap_err();
        assert_eq!(error.code(), "sig-key");
    }
    let signed = plain().write(Some(&signer())).unwrap();
    let changed = request(&signed.replace("_abc", "_abd"));
    assert!(matches!(changed.authenticate(&keys(), SignatureDemand::IfPresent), Err(MessageError::Signature(_))));
}

#[test]
fn a_reason_may_be_left_empty_as_pysaml2_does() {
    let reason = |text: &str| LogoutRequest { reason: Some(text.to_owned()), ..plain() };
    let read = |text: &str| LogoutRequest::read(&unsigned(&reason(text).write(None).unwrap()), &[]);
    assert_eq!(read(""), Ok(plain()));
    assert_eq!(read(REASON_USER), Ok(reason(REASON_USER)));
    assert!(read(&"a".repeat(URI_BYTES_MAX + 1)).is_err());
}

#[test]
fn a_request_of_the_shibboleth_sp_is_read() {
    let name = "<saml:NameID xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" \
                Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:transient\" NameQualifier=\"https://kau.example\" \
                SPNameQualifier=\"https://sp.example/shibboleth\">_abc</saml:NameID>";
    let key = certificate(&RSA_KEY).encryption_key().unwrap();
    let (transport, cipher) = (KeyTransport::OaepMgf1Sha1, DataCipher::Aes256Gcm);
    let data = xmlsec::encrypt(name.as_bytes(), &key, transport, cipher, &mut fill).unwrap();
    let whole = |name: &str| {
        format!(
            "<samlp:LogoutRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" Destination=\"https://kau.example/saml/slo\" \
             ID=\"_d1\" IssueInstant=\"2025-01-16T00:00:00Z\" NotOnOrAfter=\"2025-01-16T00:03:00Z\" Version=\"2.0\">\
             <saml:Issuer xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">https://sp.example/shibboleth</saml:Issuer>\
             <samlp:Extensions><aslo:Asynchronous xmlns:aslo=\"urn:oasis:names:tc:SAML:2.0:protocol:ext:async-slo\"/>\
             </samlp:Extensions>{name}<samlp:SessionIndex>_s1</samlp:SessionIndex></samlp:LogoutRequest>"
        )
    };
    let hidden =
        format!("<saml:EncryptedID xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">{data}</saml:EncryptedID>");
    for xml in [whole(name), whole(&hidden)] {
        let read = LogoutRequest::read(&unsigned(&xml), decryption_keys()).unwrap();
        assert!(read.is_asynchronous);
        assert_eq!((read.name_id.value.as_str(), read.session_indexes), ("_abc", vec!["_s1".to_owned()]));
        assert_eq!(read.not_on_or_after, Some(NOW + 180));
    }
    assert_eq!(LogoutRequest::read(&unsigned(&whole(&hidden)), &[]), Err(MessageError::Decrypt));
    let both = whole(&format!("{name}{hidden}"));
    assert!(matches!(LogoutRequest::read(&unsigned(&both), decryption_keys()), Err(MessageError::Form(_))));
    let other = hidden.replace("EncryptedID", "BaseID");
    assert!(matches!(LogoutRequest::read(&unsigned(&whole(&other)), &[]), Err(MessageError::Form(_))));
}

#[test]
fn a_message_that_breaks_its_schema_is_refused() {
    let good = LogoutRequest { session_indexes: vec!["_s".to_owned()], ..plain() }.write(None).unwrap();
    let name = |xml: &str| match LogoutRequest::read(&unsigned(xml), &[]) {
        Err(MessageError::Form(FormError { name, .. })) => name,
        other => panic!("{other:?}"),
    };
    let index = "<samlp:SessionIndex>_s</samlp:SessionIndex>";
    for (from, to, expected) in [
        (index, index.repeat(65), "SessionIndex"),
        (index, "<samlp:SessionIndex></samlp:SessionIndex>".to_owned(), "SessionIndex"),
        (index, "<samlp:Status></samlp:Status>".to_owned(), "LogoutRequest"),
        (">_abc<", "><".to_owned(), "NameID"),
        ("Destination=\"https://kau.example/saml/slo\"", "NotOnOrAfter=\"tomorrow\"".to_owned(), "NotOnOrAfter"),
    ] {
        assert!(good.contains(from), "{from}");
        assert_eq!(name(&good.replacen(from, &to, 1)), expected, "{to:.80}");
    }
    let response_read = |xml: &str| {
        LogoutResponse::read(&response(xml).authenticate(&[], SignatureDemand::IfPresent).unwrap()).unwrap_err()
    };
    let good = answer().write(None).unwrap();
    assert_eq!(response_read(&good.replace("LogoutResponse", "Response")), MessageError::Kind);
    for (from, to, expected) in [
        ("status:Success", "status:Fine", "StatusCode"),
        ("samlp:StatusCode", "samlp:Code", "StatusCode"),
        ("samlp:Status>", "samlp:Statue>", "LogoutResponse"),
        ("Value=", "Wert=", "Value"),
    ] {
        let error = response_read(&good.replace(from, to));
        assert!(matches!(error, MessageError::Form(FormError { name, .. }) if name == expected), "{to}: {error:?}");
    }
}

#[test]
fn a_request_does_not_come_as_a_response() {
    let xml = plain().write(None).unwrap();
    assert_eq!(response(&xml).claims(), Err(MessageError::Kind));
    let xml = answer().write(None).unwrap();
    assert_eq!(request(&xml).claims(), Err(MessageError::Kind));
    assert_eq!(request("<a/>").claims(), Err(MessageError::Kind));
}
