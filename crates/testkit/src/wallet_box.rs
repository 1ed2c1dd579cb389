//! A wallet and the issuer of its credentials, in a box.

mod calls;
mod status;

use std::sync::{Arc, Mutex};

use axum::Router;
use broker::{TrustedIssuer, Wallets};
use data_encoding::BASE64URL_NOPAD;
use http::{Method, StatusCode};
use jose::{Algorithm, SigningKey};
use mdoc::pid::Attribute;
use mdoc::{Asked, FullDate, Need, Validity, Value as Element};
use model::Loa;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
};
use serde_json::{Value, json};
use wallet::credential::{PERSON_DOC_TYPE, PERSON_VCT, PersonClaim};
use wallet::openid4vp::{Answer, RequestExpected, RequestObject, ResponseMode, VpToken, transcript};
use wallet::sd_jwt::{Held, Issuance, KeyBindingExpected};
use wallet::status_list::Status;
use wallet::trust::{Purpose, TrustList};

pub use calls::{Posted, called, fetched, parameter};
use status::StatusHost;

use crate::{KAU, VirtualClock};

/// The issuer, as an operator names it.
pub const PID_ISSUER: &str = "https://pid.pelda.hu";
/// Where its issuer says whether the credential is still good.
pub const STATUS_URI: &str = "https://pid.pelda.hu/status/1";
const STATUS_INDEX: u64 = 7;

/// In which form a credential is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `dc+sd-jwt`.
    SdJwt,
    /// `mso_mdoc`.
    Mdoc,
}

impl Form {
    /// Both.
    pub const ALL: [Form; 2] = [Form::SdJwt, Form::Mdoc];

    /// Its name in the gateway's query.
    pub fn id(self) -> &'static str {
        match self {
            Form::SdJwt => "pid_sd_jwt",
            Form::Mdoc => "pid_mdoc",
        }
    }
}

/// A wallet of one person, and its credentials' issuer.
pub struct WalletBox {
    /// The claims of the credential about the person.
    pub claims: Value,
    /// Until when the credential holds, in seconds from now.
    pub holds_for: i64,
    /// When the document was signed, in seconds before now.
    pub signed_ago: i64,
    /// The origin that a browser says that its page has.
    pub page_origin: String,
    issuer: Certified,
    holder: SigningKey,
    device: mdoc::SigningKey,
    status: Arc<StatusHost>,
}

/// An issuer's authority and signer.
struct Certified {
    key: SigningKey,
    chain: Vec<Vec<u8>>,
    anchor: Vec<u8>,
}

fn params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::new(Vec::<String>::new()).expect("parameters");
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = rcgen::date_time_ymd(2024, 1, 1);
    params.not_after = rcgen::date_time_ymd(2036, 1, 1);
    params
}

impl Certified {
    fn new(usage: &[u64]) -> Self {
        let pair = || KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).expect("a key");
        let mut authority = params("Issuers");
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let of_authority = pair();
        let anchor = authority.self_signed(&of_authority).expect("a certificate").der().to_vec();
        let issuer = Issuer::new(authority, of_authority);
        let key = SigningKey::generate(Algorithm::Es256).expect("a key");
        let own = KeyPair::try_from(key.to_pkcs8().expect("bytes").as_slice()).expect("a key");
        let mut signer = params("Issuer");
        signer.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        signer.extended_key_usages = vec![ExtendedKeyUsagePurpose::Other(usage.to_vec())];
        let chain = vec![signer.signed_by(&own, &issuer).expect("a certificate").der().to_vec()];
        Self { key, chain, anchor }
    }

    /// The key once more, and what certifies it.
    fn again(&self) -> (SigningKey, Vec<Vec<u8>>) {
        let key = SigningKey::from_pkcs8(Algorithm::Es256, &self.key.to_pkcs8().expect("bytes"));
        (key.expect("a key"), self.chain.clone())
    }
}

impl Default for WalletBox {
    fn default() -> Self {
        Self::new()
    }
}

impl WalletBox {
    /// The wallet of the person that [`crate::Installation::add_person`] adds.
    ///
    /// # Panics
    ///
    /// When no key can be made.
    pub fn new() -> Self {
        Self::signed_for(&[1, 0, 18013, 5, 1, 2])
    }

    /// One whose issuer's certificate is for something else.
    ///
    /// # Panics
    ///
    /// When no key can be made.
    pub fn signed_for(usage: &[u64]) -> Self {
        let issuer = Certified::new(usage);
        let status = StatusHost {
            state: Mutex::new((Some(Status::Valid), 0)),
            entries: Mutex::new(100),
            signer: Mutex::new(issuer.again()),
            clock: Mutex::default(),
        };
        Self {
            claims: json!({
                "family_name": "Minta", "given_name": "Anna", "birthdate": "1958-03-05",
                "personal_administrative_number": "7A-1", "nationalities": ["HU"],
            }),
            holds_for: 86_400,
            signed_ago: 3600,
            page_origin: KAU.to_owned(),
            issuer,
            holder: SigningKey::generate(Algorithm::Es256).expect("a key"),
            device: mdoc::SigningKey::generate().expect("a key"),
            status: Arc::new(status),
        }
    }

    /// What an operator configures.
    pub fn wallets(&self) -> Wallets {
        let issuer = TrustedIssuer {
            id: PID_ISSUER.to_owned(),
            name: ["Próbahivatal".to_owned(), "Test office".to_owned()],
            anchors: vec![self.issuer.anchor.clone()],
            loa: Loa::High,
        };
        Wallets {
            issuers: vec![issuer],
            outbound: self.status.clone(),
            link: "openid4vp://".to_owned(),
            known_by: broker::KnownBy::default(),
            posting: broker::Posting::default(),
            watches_max: 300,
        }
    }

    /// Lets the issuer's clock be the gateway's.
    ///
    /// # Panics
    ///
    /// Never.
    pub fn set_clock(&self, clock: Arc<VirtualClock>) {
        *self.status.clock.lock().expect("no panic") = Some(clock);
    }

    /// Fetches and checks the request that a link or picture leads to.
    ///
    /// # Panics
    ///
    /// When there is none, or it is not good.
    pub async fn fetch(&self, app: &Router, link: &str, now: i64) -> RequestObject {
        let token = fetched(app, link, None).await;
        assert_eq!(token.status, StatusCode::OK, "{}", token.text);
        Self::check(app, link, &token.text, None, now).await
    }

    /// Checks a request that was fetched, as wallets do.
    ///
    /// # Panics
    ///
    /// When it is not good.
    pub async fn check(app: &Router, link: &str, token: &str, wallet_nonce: Option<&str>, now: i64) -> RequestObject {
        Self::read(app, Some(&parameter(link, "client_id")), token, wallet_nonce, now).await
    }

    /// The same of a request that a browser handed over.
    ///
    /// # Panics
    ///
    /// When it is not good.
    pub async fn handed_over(app: &Router, token: &str, now: i64) -> RequestObject {
        Self::read(app, None, token, None, now).await
    }

    async fn read(
        app: &Router,
        client_id: Option<&str>,
        token: &str,
        wallet_nonce: Option<&str>,
        now: i64,
    ) -> RequestObject {
        let anchor = called(app, Method::GET, "/wallet/verifier.pem", None).await.text;
        let packed: String = anchor.lines().filter(|line| !line.starts_with('-')).collect();
        let der = data_encoding::BASE64.decode(packed.as_bytes()).expect("PEM");
        let trusted = TrustList::new(&[der], []).expect("an authority");
        let expected = RequestExpected { client_id, wallet_nonce, now };
        let judge = |chain: &[Vec<u8>]| trusted.check(chain, Purpose::Requests, now);
        RequestObject::verify(token, &expected, judge).expect("a good request").0
    }

    /// A presentation for `request`, made at `now`.
    ///
    /// # Panics
    ///
    /// When the credential does not have what is asked.
    pub fn present(&self, request: &RequestObject, form: Form, now: i64) -> String {
        match form {
            Form::SdJwt => self.sd_jwt(request, now),
            Form::Mdoc => BASE64URL_NOPAD.encode(&self.document(request, now)),
        }
    }

    fn sd_jwt(&self, request: &RequestObject, now: i64) -> String {
        let mut claims = self.claims.as_object().expect("claims").clone();
        let names: Vec<String> = claims.keys().cloned().collect();
        let path = |name: &String| wallet::ClaimPath::from_json(&json!([name])).expect("a path");
        let disclosable: Vec<_> = names.iter().map(path).collect();
        claims.insert("vct".to_owned(), PERSON_VCT.into());
        claims.insert("exp".to_owned(), (now + self.holds_for.max(1)).into());
        claims.insert("status".to_owned(), json!({"status_list": {"idx": STATUS_INDEX, "uri": STATUS_URI}}));
        let holder = self.holder.public_jwk();
        let mut drawn = 0_u128;
        let mut salts = || {
            drawn += 1;
            drawn.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835).to_be_bytes()
        };
        let issuance = Issuance { claims, disclosable: &disclosable, decoys: 1, holder: &holder };
        let issued = wallet::sd_jwt::issue(issuance, &self.issuer.key, &self.issuer.chain, &mut salts);
        let trusted = TrustList::new(std::slice::from_ref(&self.issuer.anchor), []).expect("an authority");
        let key = self.issuer.key.public_jwk();
        let judge = |chain: &[Vec<u8>]| {
            // Whatever the certificate is for: that is for the verifier to judge.
            trusted.check(chain, Purpose::Credentials, now).or_else(|_| {
                let fingerprint = wallet::trust::fingerprint(&chain[0]);
                let (spki, valid) = (Vec::new(), (0, i64::MAX));
                let (dns_names, uris) = (Vec::new(), Vec::new());
                let (anchor, common_name) = (fingerprint, None);
                Ok(wallet::trust::Signer { key, spki, valid, fingerprint, anchor, common_name, dns_names, uris })
            })
        };
        let held = Held::receive(&issued.expect("a credential"), now, judge).expect("a credential");
        let audience = match &request.response {
            ResponseMode::DirectPost(_) | ResponseMode::DirectPostJwt(_) => request.client_id.to_string(),
            ResponseMode::DcApiJwt(_) => format!("origin:{}", self.page_origin),
        };
        let binding = KeyBindingExpected { audience: &audience, nonce: &request.nonce };
        // All of it: a verifier drops what it did not ask for.
        held.present(&disclosable, &self.holder, &binding, now).expect("a presentation")
    }

    fn document(&self, request: &RequestObject, now: i64) -> Vec<u8> {
        let said = |claim: PersonClaim| self.claims.get(claim.name()).and_then(Value::as_str);
        let texts = [PersonClaim::FamilyName, PersonClaim::GivenName, PersonClaim::PersonalAdministrativeNumber];
        let text = |claim: PersonClaim| Some(claim.attribute().element(said(claim)?.into()).expect("a text"));
        let mut elements: Vec<_> = texts.into_iter().filter_map(text).collect();
        if let Some(day) = said(PersonClaim::Birthdate) {
            let day = Element::FullDate(FullDate::parse(day).expect("a day"));
            elements.push(Attribute::BirthDate.element(day).expect("a day"));
        }
        let sex = self.claims.get("sex").and_then(Value::as_i64).unwrap_or(2);
        elements.push(Attribute::Sex.element(Element::Integer(sex)).expect("a number"));
        let texts =
            [("/address/formatted", Attribute::ResidentAddress), ("/phone_number", Attribute::MobilePhoneNumber)];
        for (place, attribute) in texts {
            if let Some(text) = self.claims.pointer(place).and_then(Value::as_str) {
                elements.push(attribute.element(text.into()).expect("a text"));
            }
        }
        if let Some(truth) = self.claims.pointer("/age_equal_or_over/18").and_then(Value::as_bool) {
            elements.push(Attribute::AgeOver18.element(Element::Bool(truth)).expect("a truth"));
        }
        let chain: Vec<&[u8]> = self.issuer.chain.iter().map(Vec::as_slice).collect();
        let status = mdoc::StatusReference { index: STATUS_INDEX, uri: STATUS_URI.to_owned() };
        let issuance = mdoc::Issuance {
            doc_type: PERSON_DOC_TYPE,
            elements: &elements,
            device_key: self.device.verifying_key(),
            validity: Validity { signed: now - self.signed_ago, from: now - 3600, until: now + self.holds_for },
            status: Some(&status),
            x5chain: &chain,
        };
        let key = mdoc::SigningKey::from_pkcs8(&self.issuer.key.to_pkcs8().expect("bytes")).expect("a key");
        let mut state = 1_u64;
        let mut random = |octets: &mut [u8]| {
            for octet in octets {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                *octet = state.to_be_bytes()[0];
            }
        };
        let issued = mdoc::issue(&issuance, &key, &mut random).expect("a document");
        let issued = mdoc::IssuerSigned::parse(&issued).expect("a document");
        let thumbprint = || request.metadata.encryption_keys[0].thumbprint();
        let client_id = request.client_id.to_string();
        let session = match &request.response {
            ResponseMode::DirectPost(uri) => transcript(&client_id, &request.nonce, None, uri),
            ResponseMode::DirectPostJwt(uri) => transcript(&client_id, &request.nonce, Some(&thumbprint()), uri),
            ResponseMode::DcApiJwt(_) => {
                mdoc::SessionTranscript::openid4vp_dc_api(&self.page_origin, &request.nonce, Some(&thumbprint()))
            }
        };
        let chosen: Vec<Asked<'_>> = elements
            .iter()
            .map(|element| Asked {
                namespace: &element.namespace,
                identifier: &element.identifier,
                need: Need::Required,
            })
            .collect();
        mdoc::present(&issued, PERSON_DOC_TYPE, &chosen, &session, &self.device).expect("a presentation")
    }

    /// The body that answers `request` with these presentations.
    ///
    /// # Panics
    ///
    /// When it cannot be encrypted.
    pub fn body(request: &RequestObject, presentations: &[(Form, String)]) -> String {
        let listed = presentations.iter().map(|(form, shown)| (form.id().to_owned(), vec![shown.clone()]));
        Answer { vp_token: VpToken::new(listed.collect()) }.post(request).expect("an answer")
    }

    /// Posts a body to where `request` wants it.
    ///
    /// # Panics
    ///
    /// When the request wants it elsewhere than at the gateway.
    pub async fn post(app: &Router, request: &RequestObject, body: &str) -> Posted {
        let (ResponseMode::DirectPost(uri) | ResponseMode::DirectPostJwt(uri)) = &request.response else {
            panic!("{request:?}")
        };
        let path = uri.strip_prefix(KAU).expect("an address of the gateway");
        called(app, Method::POST, path, Some(body)).await
    }

    /// The whole of it: fetches, shows, posts.
    ///
    /// # Panics
    ///
    /// When the request is not good.
    pub async fn approve(&self, app: &Router, link: &str, form: Form, now: i64) -> Posted {
        let request = self.fetch(app, link, now).await;
        let shown = self.present(&request, form, now);
        Self::post(app, &request, &Self::body(&request, &[(form, shown)])).await
    }
}
