//! Metadata that is written, read, remarked upon and refused.

mod clients;
mod refused;
mod signing_method;

use data_encoding::BASE64;

use super::*;
use crate::samples::{KEY, NOW, RSA_KEY, STRANGE_KEY, assert_canonical, certificate, children, keys, signer};
use crate::{Signer, SubjectIdRequirement, attribute, subject_identifier};

/// RSA of 1024 bits, made by `openssl req -x509 -newkey rsa:1024 -sha256`.
const WEAK: &str = "MIICBjCCAW+gAwIBAgIUEH2NOkKYcC7BvQUg/AlgwCXVQhIwDQYJKoZIhvcNAQELBQAwFTETMBEGA1UEAwwKc3AuZXhhbXBsZTAe\
     Fw0yNjExMjUwOTQ1NTlaFw0zNjExMjIwOTQ1NTlaMBUxEzARBgNVBAMMCnNwLmV4YW1wbGUwgZ8wDQYJKoZIhvcNAQEBBQADgY0A\
     MIGJAoGBALH5CcmgBa/G+z25LQ50pCbnRn3EuG0r+GoaxQu21NVmje9IPQOJulYMvcTVeczj+h3Gt1BBr7auYTD+jXnbufYNoj9l\
     bDaBn3ixx0H8qNVX3LT6oimqIE41z9jYc36pa0iyr/gIGhPfvV7lMgcQG9Wmod/vKcPokM3+G1YOUKa/AgMBAAGjUzBRMB0GA1Ud\
     DgQWBBSkVE8n++HdRA2ork8swgLs6FAl1DAfBgNVHSMEGDAWgBSkVE8n++HdRA2ork8swgLs6FAl1DAPBgNVHRMBAf8EBTADAQH/\
     MA0GCSqGSIb3DQEBCwUAA4GBAFGZJhbfsUnBiMMXxqlJRvMGgkGOmWwolpe0tU2K2X0E4fT2YnNHIgP9dSTaikOjdjfntfAvXg6P\
     Lg1nqv1ZRhNFx30xFoChOVtrh6bQ23R3OWySWJQslwAWs/SkoZ5AHoGyA5xj7H7CiJOEs4nfHMlG8fNVuFRgAyMfuJO/pRgK";
/// P-256, signed with SHA-1 and valid from 2026-11-25, made by `openssl req -x509 -newkey ec -sha1`.
const SHA1: &str = "MIIBfDCCASSgAwIBAgIUfduyaQFI/GJkuRtJr7EP+2VDUpgwCQYHKoZIzj0EATAVMRMwEQYDVQQDDApzcC5leGFtcGxlMB4XDTI2\
     MTEyNTA5NDgzM1oXDTM2MTEyMjA5NDgzM1owFTETMBEGA1UEAwwKc3AuZXhhbXBsZTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IA\
     BAUVWPMlzBnuYivAiwWq+AQLkC5NW29BcXbaRpHopLMMj47JORfpctHClDe2wHgY3+mmdZSCRCpz5Jy54VJ6sU2jUzBRMB0GA1Ud\
     DgQWBBRWWVJNnsAX27wQ0O+o7SPj0coqgjAfBgNVHSMEGDAWgBRWWVJNnsAX27wQ0O+o7SPj0coqgjAPBgNVHRMBAf8EBTADAQH/\
     MAkGByqGSM49BAEDRwAwRAIgUqruFMLKkhnLjgMLcD6ZskqS9pbsdCHkOIJ9qNQdHkICICmNR2kZtvCL2HePsiFgLh9MNWBaJQke\
     jf1/Oy/LeFaN";

fn reading() -> MetadataReading<'static> {
    MetadataReading { loopback: Loopback::Refused, trust: Trust::Bearer, now: NOW }
}

fn read(xml: &str) -> Result<Metadata, MetadataError> {
    reading().read(xml.as_bytes())
}

fn text(language: &str, text: &str) -> Localized {
    Localized { language: language.to_owned(), text: text.to_owned() }
}

fn endpoint(binding: Binding, location: &str) -> Endpoint {
    Endpoint { binding, location: location.to_owned(), response_location: None }
}

fn indexed(index: u16, is_default: Option<bool>, binding: Binding, location: &str) -> IndexedEndpoint {
    IndexedEndpoint { index, is_default, binding, location: location.to_owned() }
}

fn key(usage: Option<KeyUsage>, key: &xmlsec::SigningKey) -> KeyDescriptor {
    KeyDescriptor { usage, certificates: vec![certificate(key)], encryption_methods: Vec::new() }
}

/// The gateway's own: two certificates, as while its key rotates.
fn idp() -> EntityDescriptor {
    let role = Role {
        error_url: Some("https://kau.example/error?code=ERRORURL_CODE".to_owned()),
        ui: UiInfo {
            display_names: vec![text("hu", "Központi Azonosítás"), text("en", "Central Sign-in")],
            descriptions: vec![text("hu", "Bejelentkezés")],
            information_urls: vec![text("en", "https://kau.example/about")],
            privacy_statement_urls: vec![text("hu", "https://kau.example/adatvedelem")],
        },
        signing_methods: vec![SigningMethod::any_size(SignatureAlgorithm::EcdsaSha256)],
        keys: vec![key(Some(KeyUsage::Signing), &KEY), key(Some(KeyUsage::Signing), &STRANGE_KEY)],
        artifact_resolution: vec![indexed(0, Some(true), Binding::Soap, "https://kau.example/saml/artifact")],
        single_logout: vec![
            endpoint(Binding::Redirect, "https://kau.example/saml/slo"),
            Endpoint {
                response_location: Some("https://kau.example/saml/slo/answer".to_owned()),
                ..endpoint(Binding::Post, "https://kau.example/saml/slo")
            },
            endpoint(Binding::Soap, "https://kau.example/saml/slo/soap"),
        ],
        name_id_formats: vec![NameIdFormat::Transient, NameIdFormat::Persistent],
    };
    let idp = IdpDescriptor {
        role,
        want_authn_requests_signed: true,
        scopes: vec![Scope { value: "kau.example".to_owned(), is_regexp: false }],
        single_sign_on: vec![
            endpoint(Binding::Redirect, "https://kau.example/saml/sso"),
            endpoint(Binding::Post, "https://kau.example/saml/sso"),
        ],
    };
    EntityDescriptor {
        entity_id: "https://kau.example/saml/metadata".to_owned(),
        valid_until: Some(NOW + 86_400),
        cache_duration: Some(21_600),
        idp: Some(idp),
        organization: Some(Organization {
            names: vec![text("hu", "Hivatal")],
            display_names: vec![text("hu", "Hivatal")],
            urls: vec![text("hu", "https://kau.example/")],
        }),
        contacts: vec![Contact {
            kind: "technical".to_owned(),
            company: Some("Hivatal".to_owned()),
            given_name: Some("Ügyelet".to_owned()),
            surname: None,
            emails: vec!["mailto:ugyelet@kau.example".to_owned()],
        }],
        ..EntityDescriptor::default()
    }
}

fn sp() -> EntityDescriptor {
    let requirement = Attribute {
        name: subject_identifier::REQUIREMENT_NAME.to_owned(),
        name_format: attribute::NAME_FORMAT_URI.to_owned(),
        friendly_name: None,
        values: vec!["pairwise-id".to_owned()],
    };
    let requested = |name: attribute::names::Name, is_required| RequestedAttribute {
        attribute: Attribute { values: Vec::new(), ..Attribute::new(name, "") },
        is_required,
    };
    let encryption = KeyDescriptor {
        encryption_methods: vec![
            "http://www.w3.org/2009/xmlenc11#aes128-gcm".to_owned(),
            "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p".to_owned(),
        ],
        ..key(Some(KeyUsage::Encryption), &RSA_KEY)
    };
    let sp = SpDescriptor {
        role: Role { keys: vec![key(Some(KeyUsage::Signing), &KEY), encryption], ..Role::default() },
        authn_requests_signed: true,
        want_assertions_signed: true,
        assertion_consumers: vec![
            indexed(0, Some(false), Binding::Artifact, "https://sp.example/artifact"),
            indexed(3, None, Binding::Post, "https://sp.example/acs"),
        ],
        attribute_consumers: vec![AttributeConsumer {
            index: 7,
            is_default: Some(true),
            names: vec![text("hu", "Szolgáltatás")],
            descriptions: vec![text("hu", "Leírás")],
            requested: vec![
                requested(attribute::names::CURRENT_FAMILY_NAME, true),
                requested(attribute::names::MAIL, false),
            ],
        }],
    };
    EntityDescriptor {
        entity_id: "https://sp.example/metadata".to_owned(),
        attributes: vec![requirement],
        sp: Some(sp),
        ..EntityDescriptor::default()
    }
}

#[test]
fn what_is_written_is_read() {
    let both = EntityDescriptor { idp: idp().idp, ..sp() };
    for entity in [idp(), sp(), both] {
        let plain = entity.write("_1", None).unwrap();
        assert_canonical(&plain);
        let metadata = read(&plain).unwrap();
        assert!(!metadata.is_signed && metadata.warnings.is_empty());
        assert_eq!(metadata.entities, std::slice::from_ref(&entity));

        let signed = entity.write("_1", Some(&Signer { key: &KEY, certificate: Some(&certificate(&KEY)) })).unwrap();
        assert_canonical(&signed);
        assert_eq!(children(&signed)[0], "Signature");
        let reading = MetadataReading { trust: Trust::SignedBy(&keys()), ..reading() };
        let metadata = reading.read(signed.as_bytes()).unwrap();
        assert!(metadata.is_signed);
        assert_eq!(metadata.entities, [entity]);
        assert!(read(&signed).unwrap().is_signed, "who brought it is believed");
        assert_eq!(reading.read(plain.as_bytes()), Err(MetadataError::Unsigned));
        let changed =
            signed.replace("https://sp.example/acs", "https://sp.example/acs2").replace("saml/sso", "saml/so");
        assert!(matches!(reading.read(changed.as_bytes()), Err(MetadataError::Signature(_))));
        let strange = [STRANGE_KEY.verifying_key().clone()];
        let strange = MetadataReading { trust: Trust::SignedBy(&strange), ..reading };
        assert!(matches!(strange.read(signed.as_bytes()), Err(MetadataError::Signature(_))));
    }
}

#[test]
fn the_parts_are_in_the_order_of_the_schema() {
    let order = |xml: &str, names: &[&str]| {
        let at: Vec<usize> = names.iter().map(|name| xml.find(&format!("<{name}")).unwrap()).collect();
        assert!(at.is_sorted(), "{names:?} {at:?}");
    };
    let xml = idp().write("_1", Some(&signer())).unwrap();
    assert_eq!(children(&xml), ["Signature", "IDPSSODescriptor", "Organization", "ContactPerson"]);
    order(
        &xml,
        &[
            "md:Extensions",
            "shibmd:Scope",
            "mdui:UIInfo",
            "md:KeyDescriptor",
            "md:ArtifactResolutionService",
            "md:SingleLogoutService",
            "md:NameIDFormat",
            "md:SingleSignOnService",
        ],
    );
    let xml = sp().write("_1", None).unwrap();
    assert_eq!(children(&xml), ["Extensions", "SPSSODescriptor"]);
    order(&xml, &["md:KeyDescriptor", "md:AssertionConsumerService", "md:AttributeConsumingService"]);
    order(&xml, &["md:ServiceName", "md:ServiceDescription", "md:RequestedAttribute"]);
}

#[test]
fn what_a_role_offers_is_found() {
    let sp = sp().sp.unwrap();
    let index = |bindings: &[Binding]| sp.default_consumer(bindings).map(|consumer| consumer.index);
    assert_eq!(index(&[Binding::Post, Binding::Artifact]), Some(3), "the other says that it is not the default");
    assert_eq!((index(&[Binding::Artifact]), index(&[Binding::Soap])), (Some(0), None));
    assert_eq!(sp.attribute_consumer(None).map(|consumer| consumer.index), Some(7));
    assert!(sp.attribute_consumer(Some(7)).is_some() && sp.attribute_consumer(Some(8)).is_none());
    assert_eq!(sp.role.signing().map(Certificate::key).collect::<Vec<_>>(), [KEY.verifying_key()]);
    let (certificate, transport, cipher) = sp.role.encryption().unwrap();
    assert_eq!(certificate.key(), RSA_KEY.verifying_key());
    assert_eq!((transport, cipher), (KeyTransport::OaepMgf1Sha1, DataCipher::Aes128Gcm));

    let idp = idp().idp.unwrap();
    assert_eq!(idp.role.signing().count(), 2);
    assert!(idp.role.encryption().is_none());
    assert!(idp.has_scope("kau.example") && !idp.has_scope("example") && !idp.has_scope("akau.example"));
    assert_eq!(idp.single_sign_on(Binding::Post).unwrap().response_location(), "https://kau.example/saml/sso");
    let post = idp.role.single_logout(Binding::Post).unwrap();
    assert_eq!(post.response_location(), "https://kau.example/saml/slo/answer");
    assert_eq!(in_language(&idp.role.ui.display_names, "EN"), Some("Central Sign-in"));
    assert_eq!(in_language(&idp.role.ui.display_names, "de"), Some("Központi Azonosítás"));
    assert_eq!(in_language(&[], "de"), None);
}

#[test]
fn the_way_to_encrypt_is_what_the_list_leaves() {
    const GCM128: &str = "http://www.w3.org/2009/xmlenc11#aes128-gcm";
    const GCM256: &str = "http://www.w3.org/2009/xmlenc11#aes256-gcm";
    const CBC: &str = "http://www.w3.org/2001/04/xmlenc#aes256-cbc";
    const SHA1: &str = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p";
    const SHA256: &str = "http://www.w3.org/2009/xmlenc11#rsa-oaep";
    const RSA15: &str = "http://www.w3.org/2001/04/xmlenc#rsa-1_5";
    let (old, new) = (KeyTransport::OaepMgf1Sha1, KeyTransport::OaepSha256);
    let (aes128, aes256) = (DataCipher::Aes128Gcm, DataCipher::Aes256Gcm);
    for (methods, transport, cipher) in [
        (&[][..], Some(old), Some(aes256)),
        (&[GCM128], Some(old), Some(aes128)),
        (&[CBC, GCM128, GCM256], Some(old), Some(aes256)),
        (&[CBC], Some(old), None),
        (&[SHA256], Some(new), Some(aes256)),
        (&[SHA256, SHA1], Some(old), Some(aes256)),
        (&[RSA15], None, Some(aes256)),
        (&[RSA15, SHA256, GCM128], Some(new), Some(aes128)),
    ] {
        let methods: Vec<String> = methods.iter().map(|&method| method.to_owned()).collect();
        let key = KeyDescriptor { encryption_methods: methods, ..key(Some(KeyUsage::Encryption), &RSA_KEY) };
        assert_eq!((key.transport(), key.cipher()), (transport, cipher), "{:?}", key.encryption_methods);
        let entity = EntityDescriptor {
            sp: sp().sp.map(|sp| SpDescriptor { role: Role { keys: vec![key], ..Role::default() }, ..sp }),
            ..sp()
        };
        let result = read(&entity.write("_1", None).unwrap());
        assert_eq!(result.is_ok(), transport.is_some() && cipher.is_some(), "{result:?}");
    }
}

#[test]
fn a_service_says_which_identifier_it_needs() {
    let saying = |values: &[&str]| {
        let mut entity = sp();
        entity.attributes[0].values = values.iter().map(|&value| value.to_owned()).collect();
        let metadata = read(&entity.write("_1", None).unwrap()).unwrap();
        SubjectIdRequirement::of(&metadata.entities[0])
    };
    for (word, requirement) in [
        ("subject-id", SubjectIdRequirement::SubjectId),
        ("pairwise-id", SubjectIdRequirement::PairwiseId),
        ("any", SubjectIdRequirement::Any),
        ("none", SubjectIdRequirement::None),
    ] {
        assert_eq!(saying(&[word]), Some(requirement));
        assert_eq!(saying(&[&format!("\n{word} ")]), Some(requirement));
        assert_eq!(requirement.as_str(), word);
    }
    for values in [&[][..], &["all"], &["any", "none"]] {
        assert_eq!(saying(values), None, "{values:?}");
    }
    assert_eq!(SubjectIdRequirement::of(&idp()), None);
}
