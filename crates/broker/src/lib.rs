//! The conductor: it loads, asks the pure machine, does, and saves.
//!
//! One layer speaks all languages: what a protocol asked becomes a [`journey::Demand`], and an
//! answer is built in one function per protocol from what happened and from nothing else. It
//! knows no HTTP, no SQL and no page; the clock and randomness are parameters.

mod account;
mod attempts;
mod counts;
mod credentials;
mod deliver;
mod device;
mod edge;
mod fault;
mod letter;
mod login;
mod logout;
mod purposes;
mod refusals;
mod register;
mod session;
mod signing;
mod upstream;
mod wallet;

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use edge::saml::{KeptServices, ServedMetadata};
use idp::{Hasher, Keys};
use journey::{Availability, Policy};
use model::{Clock, Random, Timestamp};
use store::{Store, record::AuditRecord};
use tokio::sync::Notify;

pub use account::{
    AccountSignIn, Activated, Before, CodeMailed, Confirmation, Connect, ContactAnswer, DeletionCodeView,
    EnrolmentView, FactorChange, Finished, Lifted, Linked, Lost, NewPassword, PasswordChanged, PasswordGiven,
    ProofUsed, ProofView, Proving, Receiver, Status, Withdrawal,
};
pub use counts::{SignIn, SignInOutcome, SignInTo};
pub use credentials::Caller;
pub use deliver::{Deliverer, DeliveryError};
pub use device::DeviceCookie;
pub use edge::oidc::{
    Authorized, EndSession, EndpointPaths, OidcEndpoints, SignedOut, TokenAnswer, TokenRefusal, UserInfoRefusal,
};
pub use edge::saml::{
    Examined, MetadataFetcher, Problem, SamlAbout, SamlCaptured, SamlEndpoints, SamlLogout, SamlOptions, SamlPaths,
    SamlReceived, SamlRegistered, SamlRequest, SamlSource, SoapRefusal, Weight, examine_saml_metadata,
};
pub use edge::{FirstPage, Onward};
pub use fault::Fault;
pub use idp::deletion_code::{DeletionCode, DeletionCodeError};
pub use idp::one_time_code::{ActivationCode, ActivationCodeError, ContactCode};
pub use idp::password::{PasswordError, Weakness};
pub use idp::phone_digits::{PhoneDigits, PhoneDigitsError};
pub use idp::qr::QrCode;
pub use idp::totp::{Code as TotpCode, CodeError as TotpCodeError, Direction, Drift, Key as TotpKey};
pub use letter::{Letter, LetterContent, Notice};
pub use login::{
    Cancelled, ConsentStep, ConsentView, Consented, Declined, Left, LoginView, MethodView, Next, Typed, is_login_id,
};
pub use logout::{RoundNext, RoundStep, RoundView, ServiceState};
pub use oidc::bearer::BearerError;
pub use oidc::{ErrorCode, LoaScheme, OAuthError};
pub use purposes::{MemberError, MemberFault, PurposesError, read_purposes};
pub use register::{NewPerson, RegisterError, Registered, RegistrableClient, Replacing, registrable_client};
pub use session::{AccountSession, Enroller, EnrolmentSession, SessionHandle};
pub use store::record::CredentialFormat;
pub use store::record::{AuthenticatorState, SessionKind};
pub use upstream::{
    Arrival, Arrived, AskedUpstream, AttributeNames, Outbound, OutboundCall, OutboundError, SamlMetadataError,
    Upstream, UpstreamProtocol, UpstreamView, Upstreams,
};
pub use wallet::presenting::{
    AnswerRefusal, BROWSER_PROTOCOL, BrowserAnswer, BrowserRequest, DigitsOutcome, Entered, KnownBy, PhoneView,
    Picture, Place, Posting, ProofWords, RequestRefusal, Returned, TrustedIssuer, WalletStep, WalletWatch, Wallets,
};

pub use wallet::{
    Carriage, CredentialAnswer, CredentialIssuer, CredentialState, HeldCredential, Identified, IssuedCredential,
    IssuerPaths, IssuingRefusal, KeyAttestationTerms, NotOffered, NotPossessed, OfferMade, OfferView, ServedStatusList,
    ShownToken, ShownWallet, TrustedWallet, WalletClaims, WalletView,
};

/// Everything the conductor works with.
pub struct Parts {
    /// Where things rest.
    pub store: Store,
    /// The derived keys.
    pub keys: Arc<Keys>,
    /// The slow hash.
    pub hasher: Hasher,
    /// The rules of this installation.
    pub policy: Policy,
    /// The public addresses.
    pub endpoints: OidcEndpoints,
    /// Those of the identity provider.
    pub saml: SamlEndpoints,
    /// The issuer of credentials for wallets, if there is one.
    pub credential_issuer: Option<CredentialIssuer>,
    /// The other identity providers whose sign-ins are taken; the policy is told of them here.
    pub upstreams: Upstreams,
    /// Whose credentials wallets may show; none where wallets are not asked. The policy is told of it here.
    pub wallets: Option<Wallets>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Where randomness comes from.
    pub random: Arc<dyn Random>,
}

/// The conductor. Cheap to clone.
#[derive(Clone)]
pub struct Broker(Arc<Inner>);

struct Inner {
    parts: Parts,
    signing: signing::Signing,
    saml_metadata: ArcSwapOption<ServedMetadata>,
    upstream: upstream::Memory,
    upstream_keys: Option<upstream::StoredKeys>,
    saml_services: KeptServices,
    issuer: Option<wallet::issuing::Issuer>,
    delivery: Notify,
    sign_ins: counts::SignIns,
    refusals: refusals::Refusals,
    wallet_calls: refusals::Refusals,
    presenting: Option<wallet::presenting::Presenting>,
}

impl Broker {
    /// Starts with the signing keys that are stored, making those that are missing.
    ///
    /// # Errors
    ///
    /// [`Fault`] when the store cannot be used or a stored key cannot be opened.
    pub async fn start(mut parts: Parts) -> Result<Self, Fault> {
        parts.policy.upstreams = parts.upstreams.levels();
        let signing = signing::Signing::load(&parts).await?;
        let upstream_keys =
            if parts.upstreams.speak_saml() { Some(upstream::StoredKeys::load(&parts).await?) } else { None };
        let issuer = match &parts.credential_issuer {
            Some(config) => Some(Box::pin(wallet::issuing::Issuer::load(&parts, config)).await?),
            None => None,
        };
        let presenting = match &mut parts.wallets {
            Some(wallets) => {
                wallets.issuers.extend(issuer.as_ref().map(wallet::issuing::Issuer::trusted));
                let wallets = wallets.clone();
                Some(Box::pin(wallet::presenting::Presenting::load(&parts, &wallets)).await?)
            }
            None => None,
        };
        if presenting.is_some() {
            parts.policy.wallet = Availability::On;
            parts.endpoints.tell_wallet_claims();
        }
        Ok(Self(Arc::new(Inner {
            parts,
            signing,
            saml_metadata: ArcSwapOption::empty(),
            upstream: upstream::Memory::default(),
            upstream_keys,
            saml_services: KeptServices::default(),
            issuer,
            delivery: Notify::new(),
            sign_ins: counts::SignIns::default(),
            refusals: refusals::Refusals::default(),
            wallet_calls: refusals::Refusals::default(),
            presenting,
        })))
    }

    /// The present instant.
    pub fn now(&self) -> Timestamp {
        self.0.parts.clock.now()
    }

    /// The rules of this installation.
    pub fn policy(&self) -> &Policy {
        &self.0.parts.policy
    }

    /// The derived keys.
    pub fn keys(&self) -> &Keys {
        &self.0.parts.keys
    }

    /// Where randomness comes from.
    pub fn random(&self) -> &dyn Random {
        &*self.0.parts.random
    }

    fn store(&self) -> &Store {
        &self.0.parts.store
    }

    fn hasher(&self) -> &Hasher {
        &self.0.parts.hasher
    }

    /// The token of a form, bound to a browser and to whatever sessions it is in.
    pub fn form_token(&self, browser: &[u8], account: &[u8], enrolment: &[u8]) -> [u8; 32] {
        self.keys().mac(idp::Purpose::Csrf, &[browser, account, enrolment])
    }

    /// What a person says on the phone so that an operator finds the line in the log.
    pub fn draw_reference(&self) -> String {
        let drawn = data_encoding::BASE32_NOPAD.encode(&self.random().bytes::<5>());
        format!("{}-{}", &drawn[..4], &drawn[4..])
    }

    /// How much waits to be hashed now.
    pub fn hash_load(&self) -> idp::Load {
        self.hasher().load()
    }

    /// Whether the store answers.
    ///
    /// # Errors
    ///
    /// [`Fault::Unavailable`] when it does not.
    pub async fn probe(&self) -> Result<(), Fault> {
        Ok(self.store().probe().await?)
    }
}

/// What an answer told a service, for the audit: the service last, since only it may hold spaces.
fn told(context: &model::AuthenticationContext, service: &model::ServiceId) -> String {
    format!("method={} loa={} service={}", context.method.as_str(), context.loa.as_str(), service.as_str())
}

/// An audit record without a person.
fn audit(at: Timestamp, event: &'static str) -> AuditRecord {
    AuditRecord { at, person: None, event, detail: String::new() }
}

/// An audit record about a person.
fn audit_of(at: Timestamp, person: &model::PersonId, event: &'static str) -> AuditRecord {
    AuditRecord { at, person: Some(person.clone()), event, detail: String::new() }
}
