//! Metadata that is refused, each with its line, and what is only remarked upon.

use super::*;
use crate::FormFault;

/// A service's metadata whose parts begin on known lines.
fn service(consumer: &str, rest: &str) -> String {
    format!(
        "<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"urn:sp\">\n\
         <md:SPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">\n{rest}\n\
         <md:AssertionConsumerService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" {consumer}/>\n\
         </md:SPSSODescriptor>\n</md:EntityDescriptor>"
    )
}

const CONSUMER: &str = "index=\"0\" Location=\"https://sp.example/acs\"";

fn certified(usage: &str, certificate: &str) -> String {
    let key = format!(
        "<md:KeyDescriptor{usage}><ds:KeyInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:X509Data>\
         <ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
    );
    service(CONSUMER, &key)
}

#[track_caller]
fn fault(xml: &str) -> (u32, MetadataFault) {
    match read(xml) {
        Err(MetadataError::At { line, fault }) => (line, fault),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_address_that_anybody_could_answer_at_is_refused() {
    for (location, expected) in [
        ("http://sp.example/acs", LocationFault::Scheme),
        ("http://localhost/acs", LocationFault::Scheme),
        ("https://*.sp.example/acs", LocationFault::Wildcard),
        ("https://sp.example/acs*", LocationFault::Wildcard),
        ("javascript:alert(1)", LocationFault::Form),
        ("", LocationFault::Form),
    ] {
        let xml = service(&format!("index=\"0\" Location=\"{location}\""), "");
        assert_eq!(fault(&xml), (4, MetadataFault::Location { name: "Location", fault: expected }), "{location}");
        let logout = format!(
            "<md:SingleLogoutService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:SOAP\" \
             Location=\"https://sp.example/\" ResponseLocation=\"{location}\"/>"
        );
        let expected = MetadataFault::Location { name: "ResponseLocation", fault: expected };
        assert_eq!(fault(&service(CONSUMER, &logout)), (3, expected), "{location}");
    }
    let local = service("index=\"0\" Location=\"http://sp.localhost:8080/acs\"", "");
    let demo = MetadataReading { loopback: Loopback::Allowed, ..reading() };
    assert!(demo.read(local.as_bytes()).is_ok());
    let scripted = "<md:Extensions><mdui:UIInfo xmlns:mdui=\"urn:oasis:names:tc:SAML:metadata:ui\">\
                    <mdui:PrivacyStatementURL xml:lang=\"en\">javascript:alert(1)</mdui:PrivacyStatementURL></mdui:UIInfo></md:Extensions>";
    let expected = MetadataFault::Location { name: "PrivacyStatementURL", fault: LocationFault::Scheme };
    assert_eq!(fault(&service(CONSUMER, scripted)), (3, expected));
}

#[test]
fn a_key_that_is_too_small_is_refused_and_an_odd_certificate_is_not() {
    assert_eq!(fault(&certified("", WEAK)), (3, MetadataFault::Key(xmlsec::KeyError::Weak)));
    assert_eq!(fault(&certified("", "AAAA")), (3, MetadataFault::Key(xmlsec::KeyError::Form)));
    let invalid = MetadataFault::Form { name: "X509Certificate", fault: FormFault::Invalid };
    assert_eq!(fault(&certified("", "-----BEGIN CERTIFICATE-----")), (3, invalid));

    let warnings = |xml: &str| read(xml).unwrap().warnings;
    let warning = |remark| Warning { line: 3, remark };
    let sha1 = certified(" use=\"signing\"", SHA1);
    assert_eq!(warnings(&sha1), [warning(Remark::CertificateNotYetValid), warning(Remark::CertificateSha1)]);
    assert_eq!(warnings(&sha1)[1].to_string(), "line 3: the certificate was signed with SHA-1");
    let later = MetadataReading { now: NOW + 400 * 86_400, ..reading() };
    let ours = certified("", &BASE64.encode(certificate(&RSA_KEY).der()));
    assert_eq!(later.read(ours.as_bytes()).unwrap().warnings, [warning(Remark::CertificateExpired)]);
    assert_eq!(warnings(&ours), []);
}

#[test]
fn a_role_has_so_many_certificates_and_no_more() {
    let text = BASE64.encode(certificate(&RSA_KEY).der());
    let key = certified("", &text).lines().nth(2).unwrap().to_owned();
    let keys = |count: usize| service(CONSUMER, &vec![key.as_str(); count].join("\n"));
    let read_keys = read(&keys(CERTIFICATES_MAX)).unwrap().entities.remove(0).sp.unwrap().role.keys;
    assert_eq!(read_keys.len(), CERTIFICATES_MAX);
    let surplus = MetadataFault::Form { name: "X509Certificate", fault: FormFault::Repeated };
    let line = u32::try_from(CERTIFICATES_MAX).unwrap() + 3;
    assert_eq!(fault(&keys(CERTIFICATES_MAX + 1)), (line, surplus));
    // All in one descriptor come to the same.
    let one = format!("<ds:X509Certificate>{text}</ds:X509Certificate>");
    let many = certified("", &text).replace(&one, &one.repeat(CERTIFICATES_MAX + 1));
    assert_eq!(fault(&many), (3, surplus));
}

#[test]
fn a_signature_with_sha1_is_refused_even_unchecked() {
    let signed = sp().write("_1", Some(&signer())).unwrap();
    for (from, to) in [
        ("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", "http://www.w3.org/2000/09/xmldsig#rsa-sha1"),
        ("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"),
        ("http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2000/09/xmldsig#sha1"),
    ] {
        let xml = signed.replace(from, to);
        assert_ne!(xml, signed);
        assert_eq!(fault(&xml), (1, MetadataFault::SignatureAlgorithm), "{to}");
    }
}

#[test]
fn metadata_that_is_over_is_refused() {
    let until = |seconds| EntityDescriptor { valid_until: Some(NOW + seconds), ..sp() }.write("_1", None).unwrap();
    assert!(read(&until(1)).is_ok());
    assert_eq!(fault(&until(0)), (1, MetadataFault::Expired));
    let group = format!(
        "<md:EntitiesDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" validUntil=\"2025-01-15T00:00:00Z\">{}\
         </md:EntitiesDescriptor>",
        until(100)
    );
    assert_eq!(fault(&group), (1, MetadataFault::Expired));
}

#[test]
fn what_breaks_the_schema_is_named_with_its_line() {
    use FormFault::{Invalid, Missing, Repeated};
    let good = service(CONSUMER, "");
    assert!(read(&good).is_ok());
    let consumer = "<md:AssertionConsumerService index=\"0\" Location=\"https://sp.example/other\" \
                    Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\"/>";
    for (xml, line, name, fault_) in [
        (good.replace(" entityID=\"urn:sp\"", ""), 1, "entityID", Missing),
        (good.replace("urn:sp", ""), 1, "entityID", Invalid),
        (good.replace("index=\"0\"", ""), 4, "index", Missing),
        (good.replace("index=\"0\"", "index=\"x\""), 4, "index", Invalid),
        (good.replace("Location=\"https://sp.example/acs\"", ""), 4, "Location", Missing),
        (good.replace("bindings:HTTP-POST", "bindings:PAOS"), 2, "AssertionConsumerService", Missing),
        (service(CONSUMER, consumer), 4, "index", Repeated),
        (service(CONSUMER, "<md:KeyDescriptor use=\"both\"/>"), 3, "use", Invalid),
        (service(CONSUMER, "<md:KeyDescriptor/>"), 3, "KeyInfo", Missing),
        (
            good.replace("<md:SPSSODescriptor ", "<md:SPSSODescriptor AuthnRequestsSigned=\"ja\" "),
            2,
            "AuthnRequestsSigned",
            Invalid,
        ),
        (good.replace("entityID", "cacheDuration=\"6h\" entityID"), 1, "cacheDuration", Invalid),
        (good.replace("entityID", "validUntil=\"soon\" entityID"), 1, "validUntil", Invalid),
        (good.replace(":metadata\"", ":metadata:1\""), 1, "EntityDescriptor", Missing),
        (
            format!(
                "<md:EntitiesDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\">\n{good}\n{good}</md:EntitiesDescriptor>"
            ),
            8,
            "EntityDescriptor",
            Repeated,
        ),
    ] {
        assert_eq!(fault(&xml), (line, MetadataFault::Form { name, fault: fault_ }), "{xml}");
    }
    let other = good.replace("SAML:2.0:protocol", "SAML:1.1:protocol");
    assert_eq!(fault(&other), (1, MetadataFault::NoRole));
    let error = read(&good.replace("index=\"0\"", "")).unwrap_err();
    assert_eq!(error.to_string(), "line 4: index is missing");
}

#[test]
fn what_is_no_metadata_is_refused() {
    let large = format!("<a>{}</a>", " ".repeat(METADATA_BYTES_MAX));
    assert_eq!(read(&large), Err(MetadataError::TooLarge));
    let dtd = format!("<!DOCTYPE x>{}", service(CONSUMER, ""));
    assert_eq!(read(&dtd), Err(MetadataError::Xml(xmlsec::XmlError::Dtd)));
    assert!(matches!(read(""), Err(MetadataError::Xml(_))));
    assert!(matches!(read("{\"client_id\": 1}"), Err(MetadataError::Xml(_))));
}

#[test]
fn one_entity_of_a_group_is_read_whatever_is_wrong_with_the_others() {
    let good = service(CONSUMER, "");
    let bad = good.replace("urn:sp", "urn:other").replace("https://", "http://");
    let group = format!(
        "<md:EntitiesDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\">{bad}{good}</md:EntitiesDescriptor>"
    );
    let pick = |group: &str, id: &str| reading().read_entity(group.as_bytes(), id);
    assert!(read(&group).is_err());
    assert_eq!(pick(&group, "urn:sp").unwrap().unwrap().entities, read(&good).unwrap().entities);
    assert_eq!(pick(&group, "urn:nobody"), Ok(None));
    // What surrounds it holds for it.
    let expired = group.replacen("EntitiesDescriptor ", "EntitiesDescriptor validUntil=\"2001-01-01T00:00:00Z\" ", 1);
    assert!(pick(&expired, "urn:sp").is_err());
}
