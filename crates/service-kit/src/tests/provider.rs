//! What the tests share: a service, and an identity provider that answers it.

use std::sync::LazyLock;

use data_encoding::BASE64;
use saml::metadata::{Endpoint, EntityDescriptor, IdpDescriptor, KeyDescriptor, KeyUsage, Loopback, Role, Scope};
use saml::{Assertion, Attribute, AuthnStatement, Bearer, Binding, Recipient, Response, Signer};
use xmlsec::certificate::{Request, self_signed};
use xmlsec::{Certificate, DataCipher, KeyTransport, SigningKey};

use crate::*;

/// 2025-01-16T00:00:00Z.
pub(super) const NOW: i64 = 1_736_985_600;
pub(super) const IDP: &str = "https://idp.example/metadata";
pub(super) const SP: &str = "https://sp.example/metadata";
pub(super) const ACS: &str = "https://sp.example/acs";
pub(super) const SLO: &str = "https://sp.example/slo";
pub(super) const SLO_SOAP: &str = "https://sp.example/slo/soap";
pub(super) const REQUEST: &str = "_request";
pub(super) const CLASS: &str = "urn:eksz.gov.hu:1.0:azonositas:kau:2:uk:totp";

pub(super) static KEY: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::generate(KeyType::P256).unwrap());
pub(super) static STRANGE_KEY: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::generate(KeyType::P256).unwrap());
static STORED: LazyLock<[StoredKey; 2]> = LazyLock::new(|| {
    [KeyType::P256, KeyType::Rsa2048].map(|kind| StoredKey::draw(kind, "sp.example", NOW, &mut fill).unwrap())
});

/// Random enough for a test.
pub(super) fn fill(octets: &mut [u8]) {
    for (octet, value) in octets.iter_mut().zip((1..=u8::MAX).cycle()) {
        *octet = value;
    }
}

pub(super) fn service() -> Service {
    let text = |language: &str, text: &str| Localized { language: language.into(), text: text.into() };
    Service::new(ServiceConfig {
        entity_id: SP.into(),
        acs_url: ACS.into(),
        slo_url: Some(SLO.into()),
        slo_soap_url: Some(SLO_SOAP.into()),
        keys: ServiceKeys::read(&STORED[0], &STORED[1]).unwrap(),
        names: vec![text("hu", "Próba"), text("en", "Trial")],
        descriptions: vec![text("hu", "Próba."), text("en", "A trial.")],
        identifier: SubjectIdRequirement::PairwiseId,
        attributes: vec![
            Asked::Required(whatever(names::CURRENT_FAMILY_NAME)),
            Asked::Optional(whatever_named("https://idp.example/attributes/MothersName", "MothersName")),
        ],
    })
}

pub(super) fn idp_entity() -> EntityDescriptor {
    let request = Request { common_name: "idp", not_before: NOW, not_after: NOW + 1, serial: &[1] };
    let certificate = Certificate::parse(&self_signed(&KEY, &request).unwrap()).unwrap();
    let endpoint = |location: &str, response: Option<&str>| Endpoint {
        binding: Binding::Redirect,
        location: location.into(),
        response_location: response.map(str::to_owned),
    };
    EntityDescriptor {
        entity_id: IDP.into(),
        idp: Some(IdpDescriptor {
            role: Role {
                keys: vec![KeyDescriptor {
                    usage: Some(KeyUsage::Signing),
                    certificates: vec![certificate],
                    encryption_methods: Vec::new(),
                }],
                single_logout: vec![endpoint("https://idp.example/slo", Some("https://idp.example/slo/answer"))],
                ..Role::default()
            },
            scopes: vec![Scope { value: "idp.example".into(), is_regexp: false }],
            single_sign_on: vec![endpoint("https://idp.example/sso", None)],
            ..IdpDescriptor::default()
        }),
        ..EntityDescriptor::default()
    }
}

pub(super) fn idp() -> IdentityProvider {
    let xml = idp_entity().write("_metadata", None).unwrap();
    IdentityProvider::read(xml.as_bytes(), IDP, Loopback::Refused, NOW).unwrap()
}

pub(super) fn response() -> Response {
    Response {
        id: "_response".into(),
        issue_instant: NOW,
        issuer: IDP.into(),
        destination: ACS.into(),
        in_response_to: REQUEST.into(),
        status: Status::SUCCESS,
        assertion: Some(Assertion {
            id: "_assertion".into(),
            issue_instant: NOW,
            issuer: IDP.into(),
            name_id: NameId::new(NameIdFormat::Transient, "_anna"),
            confirmations: vec![Bearer {
                recipient: Some(ACS.into()),
                in_response_to: Some(REQUEST.into()),
                not_before: None,
                not_on_or_after: Some(NOW + 300),
            }],
            not_before: Some(NOW - 60),
            not_on_or_after: Some(NOW + 300),
            audience_restrictions: vec![vec![SP.into()]],
            authn: AuthnStatement {
                authn_instant: NOW,
                session_index: Some("_session".into()),
                session_not_on_or_after: Some(NOW + 3600),
                context_class: Some(CLASS.into()),
                authorities: Vec::new(),
            },
            attributes: vec![
                Attribute::new(names::CURRENT_FAMILY_NAME, "Kovács"),
                Attribute::new(names::PAIRWISE_ID, "ANNA7@idp.example"),
                Attribute {
                    name: "https://idp.example/attributes/LevelOfAssurance".into(),
                    ..Attribute::new(names::MAIL, "http://eidas.europa.eu/NotNotified/LoA/low")
                },
            ],
        }),
    }
}

/// The response as a browser posts it, encrypted for the service.
pub(super) fn posted(response: &Response, key: &SigningKey) -> String {
    let certificate = Certificate::parse(&STORED[1].certificate).unwrap().encryption_key().unwrap();
    let (transport, cipher) = (KeyTransport::OaepMgf1Sha1, DataCipher::Aes256Gcm);
    let recipient = Recipient { key: &certificate, transport, cipher };
    form("SAMLResponse", &response.write(&Signer { key, certificate: None }, Some(&recipient), &mut fill).unwrap())
}

pub(super) fn form(parameter: &str, xml: &str) -> String {
    format!("{parameter}={}&RelayState=r", BASE64.encode(xml.as_bytes()).replace('+', "%2B").replace('=', "%3D"))
}
