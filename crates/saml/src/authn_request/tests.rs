//! Requests as real services send them, requests that are refused, and our own.

use super::*;
use crate::samples::{KEY, assert_canonical, children, keys, request, signer, unsigned};
use crate::{Comparison, FormFault, SignatureDemand};

const PPT: &str = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport";

fn read(xml: &str) -> Result<AuthnRequest, MessageError> {
    AuthnRequest::read(&request(xml).authenticate(&[], SignatureDemand::IfPresent)?)
}

/// A request with these attributes and children besides what each must have.
fn with(attributes: &str, children: &str) -> String {
    format!(
        "<samlp:AuthnRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" \
         ID=\"_1\" Version=\"2.0\" IssueInstant=\"2025-01-16T00:00:00Z\" {attributes}><saml:Issuer>https://sp.example</saml:Issuer>\
         {children}</samlp:AuthnRequest>"
    )
}

fn plain() -> AuthnRequest {
    AuthnRequest {
        id: "_1".to_owned(),
        issue_instant: 1_736_985_600,
        issuer: "https://sp.example".to_owned(),
        destination: None,
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

#[test]
fn a_request_of_mod_auth_mellon_is_read() {
    let request = read(
        "<samlp:AuthnRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" \
         ID=\"_3CEE5D1B0C7F4C26A7A2D8B5D0A1C0F1\" Version=\"2.0\" IssueInstant=\"2025-01-16T00:00:00Z\" \
         Destination=\"https://kau.example/saml/sso\" Consent=\"urn:oasis:names:tc:SAML:2.0:consent:current-implicit\" \
         ForceAuthn=\"false\" IsPassive=\"false\" AssertionConsumerServiceURL=\"https://sp.example/mellon/postResponse\" \
         ProtocolBinding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\">\
         <saml:Issuer>https://sp.example/mellon/metadata</saml:Issuer>\
         <samlp:NameIDPolicy Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:transient\" AllowCreate=\"true\"/>\
         </samlp:AuthnRequest>",
    )
    .unwrap();
    assert_eq!(request.issuer, "https://sp.example/mellon/metadata");
    assert_eq!(request.destination.as_deref(), Some("https://kau.example/saml/sso"));
    assert!(!request.force_authn && !request.is_passive);
    assert_eq!(request.answer_to, AnswerTo::Url("https://sp.example/mellon/postResponse".to_owned()));
    let policy = request.name_id_policy.unwrap();
    assert_eq!((policy.format, policy.allow_create), (NameIdFormat::Transient, true));
}

#[test]
fn a_request_of_node_saml_is_read() {
    let request = read(
        "<?xml version=\"1.0\"?><samlp:AuthnRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
         ID=\"_c1d2e3f405162738495a6b7c8d9e0f1a2b3c4d5e\" Version=\"2.0\" IssueInstant=\"2025-01-16T00:00:00.123Z\" \
         ProtocolBinding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" Destination=\"https://kau.example/saml/sso\" \
         AssertionConsumerServiceURL=\"https://sp.example/login/callback\">\
         <saml:Issuer xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">node-sp</saml:Issuer>\
         <samlp:NameIDPolicy xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
         Format=\"urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress\" AllowCreate=\"true\"/>\
         <samlp:RequestedAuthnContext xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" Comparison=\"exact\">\
         <saml:AuthnContextClassRef xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">\
         urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</saml:AuthnContextClassRef>\
         </samlp:RequestedAuthnContext></samlp:AuthnRequest>",
    )
    .unwrap();
    assert_eq!((request.issuer.as_str(), request.issue_instant), ("node-sp", 1_736_985_600));
    assert_eq!(request.name_id_policy.unwrap().format, NameIdFormat::EmailAddress);
    assert_eq!(request.authn_context, Some(RequestedAuthnContext::exact(&[PPT])));
}

#[test]
fn a_request_of_python3_saml_is_read() {
    let request = read(
        "<samlp:AuthnRequest\n  xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\"\n  \
         xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"\n  ID=\"ONELOGIN_809707f0030a5d00620c9d9df97f627afe9dcc24\"\n  \
         Version=\"2.0\" ProviderName=\"SP test\"\n  IssueInstant=\"2025-01-16T00:00:00Z\"\n  \
         Destination=\"https://kau.example/saml/sso\"\n  ProtocolBinding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\"\n  \
         AssertionConsumerServiceURL=\"https://sp.example/?acs\">\n    <saml:Issuer>https://sp.example/metadata/</saml:Issuer>\n    \
         <samlp:NameIDPolicy\n        Format=\"urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified\"\n        \
         AllowCreate=\"true\" />\n    <samlp:RequestedAuthnContext Comparison=\"exact\">\n        \
         <saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</saml:AuthnContextClassRef>\n    \
         </samlp:RequestedAuthnContext>\n</samlp:AuthnRequest>",
    )
    .unwrap();
    assert_eq!(request.answer_to, AnswerTo::Url("https://sp.example/?acs".to_owned()));
    assert_eq!(request.name_id_policy.unwrap().format, NameIdFormat::Unspecified);
    assert_eq!(request.authn_context, Some(RequestedAuthnContext::exact(&[PPT])));
}

#[test]
fn a_request_of_pysaml2_is_read() {
    let request = read(
        "<?xml version='1.0' encoding='UTF-8'?>\n<ns0:AuthnRequest xmlns:ns0=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
         xmlns:ns1=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"id-7FqGbYVb0oq2fCbLk\" Version=\"2.0\" \
         IssueInstant=\"2025-01-16T00:00:00Z\" Destination=\"https://kau.example/saml/sso\" \
         ProtocolBinding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" \
         AssertionConsumerServiceURL=\"https://sp.example/acs/post\">\
         <ns1:Issuer Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:entity\">https://sp.example/sp.xml</ns1:Issuer>\
         <ns0:NameIDPolicy Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:persistent\" AllowCreate=\"false\" \
         SPNameQualifier=\"https://sp.example/group\"/></ns0:AuthnRequest>",
    )
    .unwrap();
    assert_eq!((request.id.as_str(), request.issuer.as_str()), ("id-7FqGbYVb0oq2fCbLk", "https://sp.example/sp.xml"));
    let policy = request.name_id_policy.unwrap();
    assert_eq!((policy.format, policy.allow_create), (NameIdFormat::Persistent, false));
    assert_eq!(policy.sp_name_qualifier.as_deref(), Some("https://sp.example/group"));
}

#[test]
fn a_request_of_the_shibboleth_sp_is_read() {
    let request = read(
        "<samlp:AuthnRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
         AssertionConsumerServiceURL=\"https://sp.example/Shibboleth.sso/SAML2/POST\" \
         Destination=\"https://kau.example/saml/sso\" ForceAuthn=\"1\" ID=\"_b0a2c7d9e6f84b3c9d1e2f3a4b5c6d7e\" \
         IssueInstant=\"2025-01-16T00:00:00Z\" ProtocolBinding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" \
         Version=\"2.0\"><saml:Issuer xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">https://sp.example/shibboleth\
         </saml:Issuer><samlp:NameIDPolicy AllowCreate=\"1\"/>\
         <samlp:RequestedAuthnContext><saml:AuthnContextClassRef xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">\
         https://refeds.org/profile/mfa</saml:AuthnContextClassRef></samlp:RequestedAuthnContext></samlp:AuthnRequest>",
    )
    .unwrap();
    assert!(request.force_authn && !request.is_passive);
    let policy = request.name_id_policy.unwrap();
    assert_eq!((policy.format, policy.allow_create), (NameIdFormat::Unspecified, true));
    assert_eq!(request.authn_context, Some(RequestedAuthnContext::exact(&["https://refeds.org/profile/mfa"])));
}

#[test]
fn what_is_not_for_us_is_passed_over() {
    let request = read(&with(
        "ProviderName=\"x\" Consent=\"urn:x\" xml:lang=\"hu\"",
        "<samlp:Extensions><x xmlns=\"urn:x\"><y/></x></samlp:Extensions>\
         <saml:Conditions NotBefore=\"2025-01-16T00:00:00Z\"/>\
         <samlp:Scoping ProxyCount=\"2\"><samlp:IDPList><samlp:IDPEntry ProviderID=\"urn:y\"/></samlp:IDPList>\
         <samlp:RequesterID>urn:z</samlp:RequesterID></samlp:Scoping>",
    ));
    assert_eq!(request, Ok(plain()));
    let subject = read(&with("", "<saml:Subject><saml:NameID>anna</saml:NameID></saml:Subject>")).unwrap().subject;
    assert_eq!(subject, Some(NameId::new(NameIdFormat::Unspecified, "anna")));
}

#[test]
fn every_comparison_is_read() {
    let context = |attribute: &str, children: &str| {
        let context = format!("<samlp:RequestedAuthnContext{attribute}>{children}</samlp:RequestedAuthnContext>");
        read(&with("", &context)).map(|request| request.authn_context.unwrap())
    };
    let class = "<saml:AuthnContextClassRef>\n urn:a </saml:AuthnContextClassRef>";
    assert_eq!(context("", class).unwrap().comparison, Comparison::Exact);
    for comparison in Comparison::ALL {
        let read = context(&format!(" Comparison=\"{}\"", comparison.as_str()), &class.repeat(2)).unwrap();
        assert_eq!((read.comparison, read.references), (comparison, vec!["urn:a".to_owned(); 2]));
    }
    let declaration = "<saml:AuthnContextDeclRef>urn:d</saml:AuthnContextDeclRef>";
    assert_eq!(context("", declaration).unwrap().kind, ContextKind::Declaration);
    for (attribute, children) in [
        (" Comparison=\"Exact\"", class.to_owned()),
        (" Comparison=\"\"", class.to_owned()),
        ("", String::new()),
        ("", format!("{class}{declaration}")),
        ("", format!("{declaration}{class}")),
        ("", class.repeat(33)),
        ("", "<saml:AuthnContextClassRef/>".to_owned()),
        ("", format!("{class}<saml:Audience>x</saml:Audience>")),
    ] {
        assert!(context(attribute, &children).is_err(), "{attribute} {children:.80}");
    }
}

#[test]
fn a_request_that_breaks_its_schema_is_refused() {
    use FormFault::{Invalid, Missing, Repeated, TooLong, Unexpected};
    let long = format!("AssertionConsumerServiceURL=\"https://sp.example/{}\"", "a".repeat(1024));
    for (attributes, children, name, fault) in [
        ("ForceAuthn=\"yes\"", "", "ForceAuthn", Invalid),
        ("IsPassive=\"TRUE\"", "", "IsPassive", Invalid),
        ("AssertionConsumerServiceIndex=\"-1\"", "", "AssertionConsumerServiceIndex", Invalid),
        ("AssertionConsumerServiceIndex=\"+1\"", "", "AssertionConsumerServiceIndex", Invalid),
        ("AssertionConsumerServiceIndex=\"65536\"", "", "AssertionConsumerServiceIndex", Invalid),
        (
            "AssertionConsumerServiceIndex=\"1\" AssertionConsumerServiceURL=\"https://sp.example\"",
            "",
            "AssertionConsumerServiceIndex",
            Unexpected,
        ),
        ("AssertionConsumerServiceURL=\"\"", "", "AssertionConsumerServiceURL", Invalid),
        (&long, "", "AssertionConsumerServiceURL", TooLong),
        ("", "<saml:Issuer>x</saml:Issuer>", "Issuer", Repeated),
        ("", "<samlp:NameIDPolicy/><samlp:NameIDPolicy/>", "NameIDPolicy", Repeated),
        ("", "<samlp:NameIDPolicy AllowCreate=\"maybe\"/>", "AllowCreate", Invalid),
        ("", "<samlp:Status/>", "AuthnRequest", Unexpected),
        ("", "<x xmlns=\"urn:x\"/>", "AuthnRequest", Unexpected),
        ("", "<saml:Subject><saml:EncryptedID/></saml:Subject>", "Subject", Unexpected),
        ("", "<saml:Subject><saml:NameID/></saml:Subject>", "NameID", Invalid),
    ] {
        let Err(MessageError::Form(error)) = read(&with(attributes, children)) else {
            panic!("{attributes} {children}")
        };
        assert_eq!((error.name, error.fault), (name, fault), "{attributes} {children}");
    }
    let good = with("", "");
    for (from, to, name, fault) in [
        ("ID=\"_1\"", "", "ID", Missing),
        ("ID=\"_1\"", "ID=\"1\"", "ID", Invalid),
        ("ID=\"_1\"", "ID=\"a b\"", "ID", Invalid),
        ("ID=\"_1\"", "ID=\"\"", "ID", Invalid),
        ("IssueInstant=\"2025-01-16T00:00:00Z\"", "", "IssueInstant", Missing),
        ("IssueInstant=\"2025-01-16T00:00:00Z\"", "IssueInstant=\"now\"", "IssueInstant", Invalid),
        ("<saml:Issuer>https://sp.example</saml:Issuer>", "", "Issuer", Missing),
        ("https://sp.example<", "<", "Issuer", Invalid),
        ("https://sp.example<", "<x/><", "Issuer", Invalid),
        (
            "<saml:Issuer>",
            "<saml:Issuer Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:persistent\">",
            "Issuer",
            Invalid,
        ),
        ("Version=\"2.0\"", "", "Version", Missing),
    ] {
        let Err(MessageError::Form(error)) = read(&good.replacen(from, to, 1)) else { panic!("{from} → {to}") };
        assert_eq!((error.name, error.fault), (name, fault), "{from} → {to}");
    }
    for version in ["1.1", "2", "2.1", "3.0", ""] {
        let other = good.replace("Version=\"2.0\"", &format!("Version=\"{version}\""));
        assert_eq!(read(&other), Err(MessageError::Version), "{version}");
    }
    let other = good.replace("AuthnRequest", "LogoutRequest");
    assert_eq!(AuthnRequest::read(&unsigned(&other)), Err(MessageError::Kind));
    let foreign = good.replace("SAML:2.0:protocol", "SAML:1.0:protocol");
    assert_eq!(read(&foreign), Err(MessageError::Kind));
}

#[test]
fn what_is_written_is_read() {
    let all = AuthnRequest {
        destination: Some("https://idp.example/sso?a=1&b=2".to_owned()),
        force_authn: true,
        is_passive: true,
        answer_to: AnswerTo::Url("https://sp.example/acs".to_owned()),
        protocol_binding: Some("urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST".to_owned()),
        attribute_consuming_service: Some(3),
        subject: Some(NameId::new(NameIdFormat::Persistent, "ű<&>")),
        name_id_policy: Some(NameIdPolicy {
            format: NameIdFormat::Transient,
            sp_name_qualifier: Some("https://sp.example".to_owned()),
            allow_create: true,
        }),
        authn_context: Some(RequestedAuthnContext {
            comparison: Comparison::Minimum,
            kind: ContextKind::Class,
            references: vec!["urn:a".to_owned(), "urn:b".to_owned()],
        }),
        ..plain()
    };
    let named = AuthnRequest { subject: Some(NameId::new(NameIdFormat::Persistent, "abc")), ..all.clone() };
    let index = AuthnRequest { answer_to: AnswerTo::Index(0), ..plain() };
    for request in [named, index, plain()] {
        let xml = request.write(None).unwrap();
        assert_canonical(&xml);
        assert_eq!(AuthnRequest::read(&unsigned(&xml)), Ok(request.clone()));

        let xml = request.write(Some(&signer())).unwrap();
        assert_canonical(&xml);
        assert_eq!(children(&xml)[..2], ["Issuer", "Signature"]);
        let received = super::tests::request(&xml);
        assert!(received.claims().unwrap().has_signature);
        let authentic = received.authenticate(&keys(), SignatureDemand::Required).unwrap();
        assert!(authentic.is_signed());
        assert_eq!(AuthnRequest::read(&authentic), Ok(request));
        assert!(matches!(received.authenticate(&[], SignatureDemand::IfPresent), Err(MessageError::Signature(_))));
        let changed = super::tests::request(&xml.replace("sp.example", "sp.example.evil"));
        assert!(matches!(changed.authenticate(&keys(), SignatureDemand::IfPresent), Err(MessageError::Signature(_))));
    }
    assert!(all.write(None).unwrap().contains(">ű&lt;&amp;&gt;</saml:NameID>"));
    assert!(AuthnRequest { id: "_\u{1}".to_owned(), ..plain() }.write(None).is_err());
}

#[test]
fn s48_a_request_whose_signature_is_demanded_is_not_believed_without() {
    let received = request(&with("", ""));
    assert_eq!(received.authenticate(&keys(), SignatureDemand::Required).err(), Some(MessageError::Unsigned));
    let claims = received.claims().unwrap();
    assert_eq!((claims.kind, claims.has_signature), (MessageKind::AuthnRequest, false));
    assert_eq!(claims.issuer.as_deref(), Some("https://sp.example"));
}

#[test]
fn s40_only_plain_utf8_without_a_type_is_read() {
    use xmlsec::XmlError;
    let good = with("", "");
    for (xml, error) in [
        (format!("\u{feff}{good}"), XmlError::Encoding),
        (format!("<!DOCTYPE a [<!ENTITY x \"y\">]>{good}"), XmlError::Dtd),
        (good.replace("</saml:Issuer>", "<!---->.evil</saml:Issuer>"), XmlError::Comment),
        (good.replace("</saml:Issuer>", "&foo;</saml:Issuer>"), XmlError::Entity),
        (format!("{good}x"), XmlError::NotWellFormed),
        (with("", &"<a>".repeat(40)), XmlError::Limits),
    ] {
        assert_eq!(request(&xml).claims().err(), Some(MessageError::Xml(error)), "{xml:.60}");
    }
    assert_eq!(KEY.algorithm().uri(), "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256");
}
