//! Other identity providers whose sign-ins are taken: Kapu as their relying party.
//!
//! A request leaves with a handle that comes back with the answer. The handle is used up by one conditional write before
//! anything of the answer is looked at, and only the browser that began gets further. An identity that is linked with
//! an account signs it in; one that is not waits for one proof by the account's owner.

mod arrive;
mod ask;
mod oidc;
mod provider;
mod saml;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use journey::{IdentitySource, Linking, Stated};
use model::{HandleDigest, Lang, Level, Loa, Secret, Timestamp};
use serde::{Deserialize, Serialize};

pub(crate) use arrive::closed;
pub use arrive::{Arrival, Arrived};
pub use ask::{AskedUpstream, UpstreamView};

pub use self::saml::SamlMetadataError;
pub(crate) use self::saml::StoredKeys;

use crate::{Broker, Fault};
use provider::Known;

/// Calls that a sign-in makes by itself, to the providers that an operator named. Whoever implements it keeps them from
/// private networks, and within limits of size and time.
#[async_trait::async_trait]
pub trait Outbound: Send + Sync {
    /// Sends a request and gives the body of an answer with status 200.
    ///
    /// # Errors
    ///
    /// [`OutboundError`] for any other status, and when there is no answer.
    async fn call(&self, call: &OutboundCall<'_>) -> Result<Vec<u8>, OutboundError>;
}

/// One such request: a GET, or a POST where there is a form.
#[derive(Clone, Copy)]
pub struct OutboundCall<'a> {
    /// Where to.
    pub url: &'a str,
    /// The header `Authorization`.
    pub authorization: Option<&'a str>,
    /// The form, written.
    pub form: Option<&'a str>,
    /// The longest answer that is taken, in bytes.
    pub bytes_max: usize,
}

/// A call came to nothing. The reason is for the log and holds nothing of the message.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct OutboundError(pub String);

/// The identity providers that an operator named.
#[derive(Clone)]
pub struct Upstreams {
    /// Which.
    pub providers: Vec<Upstream>,
    /// How they are called.
    pub outbound: Arc<dyn Outbound>,
}

/// An identity provider whose sign-ins are taken.
#[derive(Clone, Debug)]
pub struct Upstream {
    /// Names it in addresses: small letters, digits and hyphens.
    pub id: String,
    /// What it is called, in Hungarian and in English.
    pub name: [String; 2],
    /// As what its sign-ins count.
    pub level: Level,
    /// The most that is ever said of them.
    pub loa: Loa,
    /// The contexts (`acr`) that are asked for, and of which the answer must name one; none leaves it to the provider.
    pub contexts: Vec<String>,
    /// What it calls the data by which an identity is compared with an account.
    pub attributes: AttributeNames,
    /// Who it is, in the language that it speaks.
    pub protocol: UpstreamProtocol,
}

/// What a provider calls data of a person; what has no name here is not asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AttributeNames {
    /// The family name.
    pub family_name: Option<String>,
    /// The given name.
    pub given_name: Option<String>,
    /// The date of birth, as `YYYY-MM-DD`.
    pub birth_date: Option<String>,
}

/// How a provider is spoken with.
#[derive(Clone, Debug)]
pub enum UpstreamProtocol {
    /// OpenID Connect 1.0, by the code flow.
    OpenIdConnect {
        /// Its issuer, without a slash at the end unless it has one.
        issuer: String,
        /// What we are called there.
        client_id: String,
        /// With what we prove it.
        client_secret: Secret<String>,
    },
    /// SAML 2.0; made by [`UpstreamProtocol::saml`].
    Saml {
        /// Its entity ID.
        entity_id: String,
        /// Its metadata, as an operator brought it.
        metadata: Vec<u8>,
        /// Whether it may be on this machine without TLS.
        loopback: bool,
    },
}

impl Upstreams {
    /// None.
    pub fn none() -> Self {
        Self { providers: Vec::new(), outbound: Arc::new(Unreachable) }
    }

    /// Whether any speaks SAML.
    pub(crate) fn speak_saml(&self) -> bool {
        self.providers.iter().any(|upstream| matches!(upstream.protocol, UpstreamProtocol::Saml { .. }))
    }

    /// What the policy needs to know.
    pub(crate) fn levels(&self) -> journey::Upstreams {
        self.providers.iter().map(|upstream| (upstream.level, upstream.loa)).collect()
    }
}

/// Where nobody is to be called.
pub(crate) struct Unreachable;

#[async_trait::async_trait]
impl Outbound for Unreachable {
    async fn call(&self, _: &OutboundCall<'_>) -> Result<Vec<u8>, OutboundError> {
        Err(OutboundError("nobody is called".to_owned()))
    }
}

impl Upstream {
    /// What it is called in a language.
    pub fn name(&self, lang: Lang) -> &str {
        let [hu, en] = &self.name;
        match lang {
            Lang::Hu => hu,
            Lang::En => en,
        }
    }

    /// As it names itself.
    pub fn issuer(&self) -> &str {
        match &self.protocol {
            UpstreamProtocol::OpenIdConnect { issuer, .. } => issuer,
            UpstreamProtocol::Saml { entity_id, .. } => entity_id,
        }
    }
}

impl AttributeNames {
    /// Whether anything is asked for.
    fn any(&self) -> bool {
        *self != Self::default()
    }

    /// What a provider's words say, read by `value`.
    fn stated(&self, value: impl Fn(&str) -> Option<String>) -> Stated {
        let of = |name: &Option<String>| name.as_deref().and_then(&value).filter(|text| text.len() <= STATED_BYTES);
        Stated {
            family_name: of(&self.family_name),
            given_name: of(&self.given_name),
            birth_date: of(&self.birth_date),
        }
    }
}

/// The longest datum of a person that is kept of a provider's word, in bytes.
pub(crate) const STATED_BYTES: usize = 200;

/// What was learned of providers, in this process.
#[derive(Default)]
pub(crate) struct Memory(Mutex<HashMap<String, Known>>);

impl Memory {
    fn known(&self, upstream: &Upstream) -> Option<Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&upstream.id).cloned()
    }

    fn keep(&self, upstream: &Upstream, known: Known) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(upstream.id.clone(), known);
    }
}

/// What rests under a handle.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Resting {
    /// A request, until it is answered.
    Asked(Asked),
    /// Its answer that was posted, until the browser that began fetches it.
    Answered(Answered),
}

impl Resting {
    fn read(text: &str) -> Result<Self, Fault> {
        serde_json::from_str(text).map_err(|_| Fault::Damaged("stored upstream request"))
    }

    fn write(&self) -> Result<String, Fault> {
        serde_json::to_string(self).map_err(|_| Fault::Damaged("upstream request to be stored"))
    }
}

/// The answer to a request.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Answered {
    /// Whose.
    upstream: String,
    /// For which sign-in.
    login: String,
    /// In which browser.
    browser: HandleDigest,
    /// What it says.
    outcome: Outcome,
}

/// What an answer says.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    /// Who signed in.
    Identified(Identity),
    /// Nobody: the person went back, or did not sign in as was asked.
    Declined,
    /// Nothing that is believed.
    Refused,
}

/// A request as it rests until it is answered.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Asked {
    /// Whom.
    upstream: String,
    /// For which sign-in.
    login: String,
    /// In which browser.
    browser: HandleDigest,
    /// When.
    begun: Timestamp,
    /// Whether the person had to sign in anew.
    anew: bool,
    /// When the person must have signed in at the earliest.
    authenticated_since: Timestamp,
    /// The `ID` of a request of SAML.
    request_id: Option<String>,
}

/// Who signed in, by a provider's word that was checked.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Identity {
    /// The person, as the provider knows them.
    subject: String,
    /// When they signed in.
    at: Timestamp,
    /// What was said of them.
    stated: Stated,
}

impl Identity {
    /// The same, waiting for a proof by an account's owner.
    fn linking(&self, upstream: &Upstream) -> Linking {
        Linking {
            source: IdentitySource::Upstream,
            upstream: upstream.id.clone(),
            issuer: upstream.issuer().to_owned(),
            subject: self.subject.clone(),
            stated: self.stated.clone(),
        }
    }
}

impl Broker {
    fn upstreams(&self) -> &Upstreams {
        &self.0.parts.upstreams
    }

    /// The provider with that name.
    pub fn upstream(&self, id: &str) -> Option<&Upstream> {
        self.upstreams().providers.iter().find(|upstream| upstream.id == id)
    }

    /// The provider that names itself so.
    pub(crate) fn upstream_of(&self, issuer: &str) -> Option<&Upstream> {
        self.upstreams().providers.iter().find(|upstream| upstream.issuer() == issuer)
    }
}
