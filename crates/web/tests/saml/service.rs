//! A service that knows the gateway by its metadata alone.

use std::sync::LazyLock;
use std::time::Duration;

use broker::{Replacing, SamlOptions, TotpKey};
use data_encoding::BASE64;
use model::{Clock as _, ServiceTerms, StatedTerms};
use saml::binding::{post, redirect};
use saml::metadata::{
    EntityDescriptor, IndexedEndpoint, KeyDescriptor, KeyUsage, Loopback, MetadataReading, Role, SpDescriptor, Trust,
};
use saml::{
    AnswerTo, Assertion, AuthnRequest, Binding, Direction, ResponseCheck, ResponseError, SignatureDemand, Signer,
};
use testkit::{Browser, Installation, KAU};
use xmlsec::certificate::{Request, self_signed};
use xmlsec::{Certificate, DecryptionKey, KeyType, SigningKey, VerifyingKey};

/// Everybody's password.
pub(crate) const PASSWORD: &str = "zold-kapu-hazfal-42";
/// Where single sign-on is.
pub(crate) const SSO: &str = "/saml/sso";

/// Keys are dear to make, so every service of these tests has the same.
pub(crate) struct Keys {
    pub(crate) signing: SigningKey,
    pub(crate) certificate: Certificate,
    pub(crate) decryption: DecryptionKey,
}

pub(crate) static KEYS: LazyLock<Keys> = LazyLock::new(|| {
    let signing = SigningKey::generate(KeyType::Rsa2048).unwrap();
    let certificate = certificate_of(&signing);
    Keys { signing, certificate, decryption: DecryptionKey::generate().unwrap() }
});

/// A certificate around a key of a service's.
pub(crate) fn certificate_of(key: &SigningKey) -> Certificate {
    let request = Request { common_name: "sp.pelda.hu", not_before: 0, not_after: 4_000_000_000, serial: &[1] };
    Certificate::parse(&self_signed(key, &request).unwrap()).unwrap()
}

/// A registered service.
pub(crate) struct Service {
    pub(crate) entity: EntityDescriptor,
}

impl Service {
    /// The usual one: an address for HTTP-POST and one for HTTP-Artifact, a key, unsigned requests.
    pub(crate) fn usual(host: &str) -> Self {
        let origin = format!("https://{host}");
        let consumer = |index, binding, path: &str| IndexedEndpoint {
            index,
            is_default: None,
            binding,
            location: format!("{origin}{path}"),
        };
        let signing = KeyDescriptor {
            usage: Some(KeyUsage::Signing),
            certificates: vec![KEYS.certificate.clone()],
            encryption_methods: Vec::new(),
        };
        let sp = SpDescriptor {
            role: Role { keys: vec![signing], ..Role::default() },
            assertion_consumers: vec![
                consumer(0, Binding::Post, "/acs"),
                consumer(1, Binding::Artifact, "/acs/artifact"),
            ],
            ..SpDescriptor::default()
        };
        let entity =
            EntityDescriptor { entity_id: format!("{origin}/saml"), sp: Some(sp), ..EntityDescriptor::default() };
        Self { entity }
    }

    pub(crate) fn sp(&mut self) -> &mut SpDescriptor {
        self.entity.sp.as_mut().unwrap()
    }

    /// Registers it.
    pub(crate) async fn register(self, gate: &Installation) -> Self {
        self.register_with(gate, ServiceTerms::default()).await
    }

    pub(crate) async fn register_with(self, gate: &Installation, terms: ServiceTerms) -> Self {
        let ServiceTerms { min_level, min_loa, basis } = terms;
        let terms = StatedTerms { min_level, min_loa, basis: Some(basis) };
        self.state(gate, SamlOptions { terms, ..SamlOptions::default() }).await;
        self
    }

    /// Registers it, or registers it anew, with what an operator says of it.
    pub(crate) async fn state(&self, gate: &Installation, options: SamlOptions) {
        let xml = self.entity.write("_metadata", None).unwrap();
        gate.broker.register_saml_service(xml.as_bytes(), &options, Replacing::Allowed).await.unwrap();
    }

    pub(crate) fn id(&self) -> &str {
        &self.entity.entity_id
    }

    /// The registered address of an index.
    pub(crate) fn consumer(&self, index: usize) -> &str {
        &self.entity.sp.as_ref().unwrap().assertion_consumers[index].location
    }

    /// A request with no wishes, made now.
    pub(crate) fn request(&self, gate: &Installation, id: &str) -> AuthnRequest {
        AuthnRequest {
            id: id.to_owned(),
            issue_instant: gate.clock.now().seconds(),
            issuer: self.id().to_owned(),
            destination: Some(format!("{KAU}{SSO}")),
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

    /// What the page that leads on posts to this service: fields by name.
    #[track_caller]
    pub(crate) fn posted(&self, browser: &Browser) -> Vec<(String, String)> {
        let page = browser.page();
        assert_eq!(page.attribute("form#tovabb", "action").as_deref(), Some(self.consumer(0)), "{}", page.html());
        let names = page.attributes("form#tovabb input", "name");
        names.into_iter().zip(page.attributes("form#tovabb input", "value")).collect()
    }

    /// The answer on the page that leads on, checked as a service checks it.
    #[track_caller]
    pub(crate) fn answer(
        &self,
        gate: &Installation,
        browser: &Browser,
        request: &str,
    ) -> Result<Assertion, ResponseError> {
        self.checked(gate, &self.posted(browser), request)
    }

    #[track_caller]
    pub(crate) fn checked(
        &self,
        gate: &Installation,
        fields: &[(String, String)],
        request: &str,
    ) -> Result<Assertion, ResponseError> {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let received = post::decode(&body).unwrap();
        self.check(gate, self.consumer(0), request, |check| check.check(&received))
    }

    /// Checks with this service's keys and what our metadata says.
    pub(crate) fn check<T>(
        &self,
        gate: &Installation,
        acs_url: &str,
        request: &str,
        check: impl FnOnce(&ResponseCheck<'_>) -> T,
    ) -> T {
        let idp = idp_of(gate);
        let keys: Vec<VerifyingKey> =
            idp.idp.as_ref().unwrap().role.signing().map(|certificate| certificate.key().clone()).collect();
        check(&ResponseCheck {
            issuer: &idp.entity_id,
            keys: &keys,
            decryption_keys: std::slice::from_ref(&KEYS.decryption),
            acs_url,
            sp_entity_id: self.id(),
            in_response_to: request,
            now: gate.clock.now().seconds(),
            skew: 0,
            contexts: &[],
            authenticated_since: None,
        })
    }
}

/// What the gateway's metadata says.
pub(crate) fn idp_of(gate: &Installation) -> EntityDescriptor {
    let xml = gate.broker.saml_metadata().unwrap();
    let reading =
        MetadataReading { loopback: Loopback::Allowed, trust: Trust::Bearer, now: gate.clock.now().seconds() };
    reading.read(&xml).unwrap().entities.remove(0)
}

/// The address that carries a request, signed or not.
pub(crate) fn by_redirect(request: &AuthnRequest, relay_state: Option<&str>, key: Option<&SigningKey>) -> String {
    redirect::encode(&format!("{KAU}{SSO}"), Direction::Request, &request.write(None).unwrap(), relay_state, key)
        .unwrap()
}

/// The fields that carry a request, signed or not.
pub(crate) fn by_post(request: &AuthnRequest, signer: Option<&Signer<'_>>) -> [(&'static str, String); 1] {
    [("SAMLRequest", BASE64.encode(request.write(signer).unwrap().as_bytes()))]
}

/// The service's own signature.
pub(crate) fn signer() -> Signer<'static> {
    Signer { key: &KEYS.signing, certificate: Some(&KEYS.certificate) }
}

/// What a status says: top-level and second-level code by their last words, and no assertion.
#[track_caller]
pub(crate) fn status_of(fields: &[(String, String)]) -> String {
    let (_, message) = fields.iter().find(|(name, _)| name == "SAMLResponse").unwrap();
    let xml = String::from_utf8(BASE64.decode(message.as_bytes()).unwrap()).unwrap();
    assert!(!xml.contains("Assertion"), "{xml}");
    let codes = xml.split("StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:").skip(1);
    codes.map(|rest| rest.split('"').next().unwrap().to_owned()).collect::<Vec<_>>().join(" ")
}

/// Whether a signature vouches for what was posted, by the gateway's own keys.
pub(crate) fn is_signed(gate: &Installation, fields: &[(String, String)]) -> bool {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let idp = idp_of(gate);
    let keys: Vec<VerifyingKey> =
        idp.idp.as_ref().unwrap().role.signing().map(|certificate| certificate.key().clone()).collect();
    post::decode(&body).unwrap().authenticate(&keys, SignatureDemand::Required).is_ok()
}

/// Whether the page shows what the service receives.
pub(crate) fn is_asked(browser: &Browser) -> bool {
    browser.page().url.path().ends_with("/adatok")
}

/// Agrees to what the service receives, where a page shows it.
pub(crate) async fn agree_if_asked(browser: &mut Browser) {
    if is_asked(browser) {
        browser.press("Hozzájárulok", &[]).await;
    }
}

/// Somebody with an authenticator app.
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) key: TotpKey,
}

impl Person {
    pub(crate) async fn enrolled(gate: &Installation, name: &str) -> Self {
        gate.add_person(name, PASSWORD).await;
        let (key, _) = gate.enrol(name).await;
        Self { name: name.to_owned(), key }
    }

    /// From the choice of method to the page that leads on. Half a minute passes first, so that the app shows a
    /// code that was not used.
    pub(crate) async fn sign_in(&self, gate: &Installation, browser: &mut Browser) {
        gate.clock.pass(Duration::from_secs(30));
        browser.press("Ügyfélkapu+ hitelesítő alkalmazással", &[]).await;
        browser.press("Bejelentkezés", &[("Felhasználónév", &self.name), ("Jelszó", PASSWORD)]).await;
        browser.press("Bejelentkezés", &[("Hatjegyű kód", &gate.code(&self.key))]).await;
        agree_if_asked(browser).await;
    }
}
