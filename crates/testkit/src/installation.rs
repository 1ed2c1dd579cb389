//! A whole gateway without a socket: store, conductor and pages, on a clock that a test moves.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::response::{IntoResponse as _, Response};
use broker::{
    AuthenticatorState, Broker, DeletionCode, Deliverer, DeliveryError, Identified, KeyAttestationTerms, Letter,
    LetterContent, LoaScheme, NewPerson, OidcEndpoints, Parts, Registered, TotpCode, TotpKey, TrustedWallet, Upstreams,
    Wallets,
};
use data_encoding::BASE32_NOPAD;
use http::{Request, StatusCode, header};
use idp::password::Password;
use idp::{HashParameters, HashPool, Hasher, Keys, MasterKey};
use journey::{Availability, OwnerProof, Policy};
use model::{Binding, Clock, Email, Lang, Person, PersonId, PersonName, Place, Random, Secret, Timestamp, UserName};
use store::{Store, StoreConfig};
use tempfile::TempDir;
use tower::ServiceExt as _;
use wallet::openid4vci::OFFER_SCHEME;
use web::{ClientAddress, Mail, Web};

use crate::{Browser, SeededRandom, VirtualClock};

/// The broker's origin.
pub const KAU: &str = "http://kau.localhost:8080";
/// The account pages' origin.
pub const UGYFELKAPU: &str = "http://ugyfelkapu.localhost:8080";
/// The credential issuer's origin.
pub const DAP: &str = "http://dap.localhost:8080";
/// The demo's cut-over: 2025-01-16 00:00 in Budapest.
pub const CUTOVER: Timestamp = Timestamp::from_seconds(1_736_982_000);

/// How an installation differs from the usual one.
pub struct Settings {
    /// How an enrolment from the cut-over proves its owner.
    pub owner_proof: OwnerProof,
    /// When it starts: by default a year after the cut-over.
    pub now: Timestamp,
    /// Where things rest; by default a SQLite file of its own.
    pub store: Option<StoreConfig>,
    /// Two installations with the same key are two nodes of one.
    pub master_key: [u8; 32],
    /// Draws what the installation draws.
    pub seed: u64,
    /// The other identity providers whose sign-ins are taken.
    pub upstreams: Upstreams,
    /// Whose credentials wallets may show.
    pub wallets: Option<Wallets>,
    /// The wallets that may ask for credentials by themselves.
    pub credential_wallets: Vec<TrustedWallet>,
    /// Where a wallet takes offers.
    pub offer_link: String,
    /// Whose word on wallets' keys counts.
    pub key_attestations: KeyAttestationTerms,
}

impl Default for Settings {
    fn default() -> Self {
        let now = Timestamp::from_seconds(1_767_225_600);
        Self {
            owner_proof: OwnerProof::ContactCode,
            now,
            store: None,
            master_key: [7; 32],
            seed: 1,
            upstreams: Upstreams::none(),
            wallets: None,
            credential_wallets: Vec::new(),
            offer_link: OFFER_SCHEME.to_owned(),
            key_attestations: KeyAttestationTerms::default(),
        }
    }
}

/// What was delivered: letters with their words, and logouts with their addresses.
#[derive(Default)]
pub struct Delivered {
    /// The letters, oldest first.
    pub letters: Vec<(Letter, Mail)>,
    /// Address and token, oldest first.
    pub logouts: Vec<(String, String)>,
    /// Address and SOAP envelope, oldest first, answered or not.
    pub envelopes: Vec<(String, String)>,
}

/// Services that answer SOAP envelopes: given address and envelope; no answer is none in time.
pub type Answers<'a> = dyn Fn(&str, &str) -> Option<String> + Send + Sync + 'a;

/// A whole gateway.
pub struct Installation {
    /// The clock that the gateway sees.
    pub clock: Arc<VirtualClock>,
    /// The conductor.
    pub broker: Broker,
    /// The store.
    pub store: Store,
    web: Web,
    hasher: Hasher,
    random: Arc<dyn Random>,
    keep: Option<TempDir>,
}

impl Installation {
    /// The usual one: SQLite, a year after the cut-over, a contact code before enrolment.
    pub async fn start() -> Self {
        Self::with(Settings::default()).await
    }

    /// One with other settings.
    ///
    /// # Panics
    ///
    /// When it cannot start.
    pub async fn with(settings: Settings) -> Self {
        let clock = Arc::new(VirtualClock::at(settings.now));
        let random: Arc<dyn Random> = Arc::new(SeededRandom::new(settings.seed));
        let keep = settings.store.is_none().then(|| tempfile::tempdir().expect("a temporary folder"));
        let config = settings.store.unwrap_or_else(|| StoreConfig::Sqlite {
            path: keep.as_ref().expect("a temporary folder").path().join("kapu.sqlite"),
        });
        let store = Store::open(&config).await.expect("the store opens");
        let keys = Arc::new(Keys::new(&MasterKey::from_bytes(settings.master_key)));
        let hasher = || Hasher::new(cheap_pool(clock.clone()), keys.clone(), &*random);
        let (owner_proof, wallet) = (settings.owner_proof, Availability::NotYet);
        let policy = Policy { cutover: CUTOVER, owner_proof, wallet, upstreams: journey::Upstreams::NONE };
        let parts = Parts {
            store: store.clone(),
            keys: keys.clone(),
            hasher: hasher(),
            policy,
            endpoints: OidcEndpoints::new(KAU, &web::ENDPOINT_PATHS, LoaScheme::NotNotified),
            saml: web::saml_endpoints(KAU, UGYFELKAPU),
            credential_issuer: Some(web::credential_issuer(
                DAP,
                settings.offer_link,
                "HU",
                settings.key_attestations,
                settings.credential_wallets,
            )),
            upstreams: settings.upstreams,
            wallets: settings.wallets,
            clock: clock.clone(),
            random: random.clone(),
        };
        let broker = Box::pin(Broker::start(parts)).await.expect("the conductor starts");
        let web = Web::new(web::Installation {
            broker: broker.clone(),
            kau: KAU.to_owned(),
            ugyfelkapu: UGYFELKAPU.to_owned(),
            phone: Some("+36 1 555 0100".to_owned()),
        });
        let hasher = hasher();
        Self { clock, broker, store, web, hasher, random, keep }
    }

    /// Where the SQLite file is, if it is one of the installation's own.
    pub fn folder(&self) -> Option<&std::path::Path> {
        self.keep.as_ref().map(TempDir::path)
    }

    /// All origins as one service that looks at `Host`, as the gateway does.
    pub fn app(&self) -> Router {
        let (kau, ugyfelkapu, dap) = (self.web.kau(), self.web.ugyfelkapu(), self.web.dap());
        let dispatch = tower::service_fn(move |mut request: Request<Body>| {
            if let Some(ConnectInfo(peer)) = request.extensions().get::<ConnectInfo<SocketAddr>>().copied() {
                request.extensions_mut().insert(ClientAddress(peer.ip()));
            }
            let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
            let router = match host {
                "kau.localhost:8080" => Some(kau.clone()),
                "ugyfelkapu.localhost:8080" => Some(ugyfelkapu.clone()),
                "dap.localhost:8080" => Some(dap.clone()),
                _ => None,
            };
            async move {
                Ok::<Response, Infallible>(match router {
                    Some(router) => router.oneshot(request).await.unwrap_or_else(|never| match never {}),
                    None => StatusCode::MISDIRECTED_REQUEST.into_response(),
                })
            }
        });
        Router::new().fallback_service(dispatch)
    }

    /// Somebody at a browser. Other hosts than ours answer 421.
    pub fn browser(&self, lang: Lang) -> Browser {
        Browser::new(self.app(), lang)
    }

    /// Adds a person with a password.
    ///
    /// # Panics
    ///
    /// When the name is taken or a text is not what it should be.
    pub async fn add_person(&self, name: &str, password: &str) -> PersonId {
        let typed = Password::parse(&Secret::new(password.to_owned())).expect("a password");
        let hash = typed.hash(&self.hasher, &*self.random).await.expect("a hash");
        self.add(name, Some(hash)).await
    }

    /// Adds a person whose account is still to be activated; the code is mailed.
    ///
    /// # Panics
    ///
    /// When the name is taken.
    pub async fn add_new_person(&self, name: &str) -> PersonId {
        self.add(name, None).await
    }

    async fn add(&self, name: &str, password: Option<String>) -> PersonId {
        let id = PersonId::draw(&*self.random);
        let name_of = |family: &str, given: &str| PersonName { family: family.to_owned(), given: given.to_owned() };
        let person = Person {
            id: id.clone(),
            name: name_of("Minta", "Anna"),
            birth_name: name_of("Példa", "Anna"),
            birth_place: Place { country: "HU".to_owned(), region: None, locality: "Győr".to_owned() },
            birth_date: "1958-03-05".to_owned(),
            mothers_name: name_of("Próba", "Mária"),
            nationalities: vec!["HU".to_owned()],
            email: Email::parse(&format!("{name}@pelda.hu")).expect("an address"),
        };
        let user_names = vec![UserName::parse(name).expect("a user name")];
        let new = NewPerson { person, user_names, lang: Lang::Hu, password };
        self.broker.register_persons(&[new]).await.expect("the person is new");
        id
    }

    /// Gives a person an active authenticator, and says its key and deletion code.
    ///
    /// # Panics
    ///
    /// When there is no such person.
    pub async fn enrol(&self, name: &str) -> (TotpKey, DeletionCode) {
        let key = TotpKey::draw(&*self.random);
        let code = DeletionCode::draw(&*self.random);
        let name = UserName::parse(name).expect("a user name");
        let active = AuthenticatorState::Active;
        self.broker
            .seed_authenticator(&name, &key, &code, active, Binding::Password)
            .await
            .expect("the authenticator is bound");
        (key, code)
    }

    /// A clerk sees somebody with the app that has this key, half a minute later, so that its code is a fresh one.
    ///
    /// # Panics
    ///
    /// When that is not the app that is in use, or somebody vouched for it before.
    pub async fn identify(&self, name: &str, key: &TotpKey) {
        self.clock.pass(Duration::from_secs(30));
        let name = UserName::parse(name).expect("a user name");
        let code = TotpCode::parse(&self.code(key)).expect("six digits");
        assert_eq!(self.broker.identify(&name, Some(&code)).await.expect("the person is known"), Identified::Done);
    }

    /// The code that an app shows now for a key.
    ///
    /// # Panics
    ///
    /// Never: the clock is after the epoch.
    pub fn code(&self, key: &TotpKey) -> String {
        self.code_after(key, 0)
    }

    /// The code that an app shows some steps later (or earlier).
    ///
    /// # Panics
    ///
    /// When the step lies before the epoch.
    pub fn code_after(&self, key: &TotpKey, steps: i64) -> String {
        let step = idp::totp::step_at(self.clock.now()) + steps;
        key.code_of_step(step).expect("a step after the epoch").expose().expose().clone()
    }

    /// The code for a key in base32, as a page shows it, with or without spaces.
    ///
    /// # Panics
    ///
    /// When it is no key.
    pub fn code_of_text(&self, key: &str) -> String {
        let packed: String = key.chars().filter(|c| !c.is_whitespace()).collect();
        let bytes = BASE32_NOPAD.decode(packed.as_bytes()).expect("base32");
        self.code(&TotpKey::from_bytes(&bytes).expect("160 bits"))
    }

    /// Registers a client from its metadata.
    ///
    /// # Panics
    ///
    /// When the metadata are refused.
    pub async fn client(&self, metadata: &serde_json::Value) -> Registered {
        self.broker
            .register_client(metadata.to_string().as_bytes(), None, broker::Replacing::Allowed)
            .await
            .expect("good metadata")
    }

    /// Makes the deliveries that are due.
    ///
    /// # Panics
    ///
    /// When the store cannot be used.
    pub async fn deliver(&self) -> Delivered {
        self.deliver_among(&|_, _| None).await
    }

    /// The same where services answer by SOAP.
    ///
    /// # Panics
    ///
    /// When the store cannot be used.
    pub async fn deliver_among(&self, answers: &Answers<'_>) -> Delivered {
        let post = Post { web: self.web.clone(), answers, delivered: Mutex::default() };
        while self.broker.deliver(&post).await.expect("the store answers") > 0 {}
        post.delivered.into_inner().expect("no panic")
    }

    /// The six-digit code of the last letter that carries one.
    ///
    /// # Panics
    ///
    /// When no letter does.
    pub async fn mailed_code(&self) -> String {
        let letters = self.deliver().await.letters;
        let code = |(letter, _): &(Letter, Mail)| match &letter.content {
            LetterContent::ContactCode { code }
            | LetterContent::ActivationCode { code, .. }
            | LetterContent::NewPasswordCode { code, .. }
            | LetterContent::WalletCode { code } => Some(code.clone()),
            LetterContent::Notice { .. } => None,
        };
        letters.iter().rev().find_map(code).expect("a letter with a code")
    }
}

/// A pool whose hashes cost next to nothing: what a test asks is not how slow they are.
fn cheap_pool(clock: Arc<VirtualClock>) -> HashPool {
    let parameters = HashParameters::new(64, 1, 1).expect("parameters");
    HashPool::start(parameters, NonZeroUsize::new(1), clock).expect("threads")
}

/// Keeps what is delivered.
struct Post<'a> {
    web: Web,
    answers: &'a Answers<'a>,
    delivered: Mutex<Delivered>,
}

#[async_trait::async_trait]
impl Deliverer for Post<'_> {
    async fn letter(&self, letter: &Letter) -> Result<(), DeliveryError> {
        let mail = self.web.write_letter(letter);
        self.delivered.lock().expect("no panic").letters.push((letter.clone(), mail));
        Ok(())
    }

    async fn logout(&self, uri: &str, logout_token: &str) -> Result<(), DeliveryError> {
        self.delivered.lock().expect("no panic").logouts.push((uri.to_owned(), logout_token.to_owned()));
        Ok(())
    }

    async fn soap(&self, uri: &str, envelope: &str) -> Result<Vec<u8>, DeliveryError> {
        self.delivered.lock().expect("no panic").envelopes.push((uri.to_owned(), envelope.to_owned()));
        let answer = (self.answers)(uri, envelope);
        answer.map(String::into_bytes).ok_or_else(|| DeliveryError("the service did not answer".to_owned()))
    }
}
