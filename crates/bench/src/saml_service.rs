//! Services that speak SAML: their metadata, and their requests by HTTP-Redirect, unsigned as most are.

use model::Clock as _;
use saml::binding::redirect;
use saml::metadata::{EntityDescriptor, IndexedEndpoint, KeyDescriptor, KeyUsage, Role, SigningMethod, SpDescriptor};
use saml::{AnswerTo, AuthnRequest, Binding, Direction};
use xmlsec::certificate::{Request, self_signed};
use xmlsec::{Certificate, KeyType, SignatureAlgorithm, SigningKey};

use crate::installation::KAU;
use crate::machine::SystemClock;

/// The metadata of the identity provider, by its path.
pub(crate) const METADATA: &str = "/saml/metadata";
/// Where requests go.
const SINGLE_SIGN_ON: &str = "/saml/sso";
const YEAR: i64 = 365 * 24 * 3600;

/// What answers to a service are signed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signed {
    Rsa,
    Ecdsa,
}

impl Signed {
    pub(crate) const ALL: [Signed; 2] = [Signed::Rsa, Signed::Ecdsa];

    /// The entity ID of the service that is answered so.
    pub(crate) fn entity_id(self) -> &'static str {
        match self {
            Signed::Rsa => "https://portal.bench.example/saml",
            Signed::Ecdsa => "https://ecdsa.bench.example/saml",
        }
    }

    fn consumer(self) -> String {
        format!("{}/acs", self.entity_id())
    }
}

/// A service, or one of its machines, and how many requests it has made.
pub(crate) struct SamlService {
    signed: Signed,
    machine: u8,
    made: u64,
}

impl SamlService {
    pub(crate) fn new(signed: Signed, machine: u8) -> Self {
        Self { signed, machine, made: 0 }
    }

    /// Its metadata, with a certificate to sign as every service has one.
    pub(crate) fn metadata(signed: Signed) -> anyhow::Result<String> {
        let key = SigningKey::generate(KeyType::Rsa2048)?;
        let now = SystemClock.now().seconds();
        let about = Request {
            common_name: "portal.bench.example",
            not_before: now - YEAR,
            not_after: now + YEAR,
            serial: &[1],
        };
        let certificate = Certificate::parse(&self_signed(&key, &about)?)?;
        let signing = KeyDescriptor {
            usage: Some(KeyUsage::Signing),
            certificates: vec![certificate],
            encryption_methods: Vec::new(),
        };
        let consumer =
            IndexedEndpoint { index: 0, is_default: None, binding: Binding::Post, location: signed.consumer() };
        let signing_methods = match signed {
            Signed::Rsa => Vec::new(),
            Signed::Ecdsa => vec![SigningMethod::any_size(SignatureAlgorithm::EcdsaSha256)],
        };
        let sp = SpDescriptor {
            role: Role { signing_methods, keys: vec![signing], ..Role::default() },
            assertion_consumers: vec![consumer],
            ..SpDescriptor::default()
        };
        let entity =
            EntityDescriptor { entity_id: signed.entity_id().to_owned(), sp: Some(sp), ..EntityDescriptor::default() };
        Ok(entity.write("_metadata", None)?)
    }

    /// The XML of its next request.
    pub(crate) fn message(&mut self) -> anyhow::Result<String> {
        self.made += 1;
        let request = AuthnRequest {
            id: format!("_{:02x}{:030x}", self.machine, self.made),
            issue_instant: SystemClock.now().seconds(),
            issuer: self.signed.entity_id().to_owned(),
            destination: Some(format!("{KAU}{SINGLE_SIGN_ON}")),
            force_authn: false,
            is_passive: false,
            answer_to: AnswerTo::Url(self.signed.consumer()),
            protocol_binding: Some(Binding::Post.uri().to_owned()),
            attribute_consuming_service: None,
            subject: None,
            name_id_policy: None,
            authn_context: None,
        };
        Ok(request.write(None)?)
    }

    /// The path that its next request is made at.
    pub(crate) fn request(&mut self) -> anyhow::Result<String> {
        Ok(redirect::encode(SINGLE_SIGN_ON, Direction::Request, &self.message()?, Some("a-state"), None)?)
    }
}
