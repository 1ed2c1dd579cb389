//! The OpenID Connect edge: requests become demands, outcomes become answers.

mod authorize;
mod claims;
mod client;
mod logout;
pub(crate) mod stored;
mod token;
mod userinfo;

pub use authorize::Authorized;
pub(in crate::edge) use authorize::unmet;
pub(crate) use claims::data_told_by;
pub use logout::{EndSession, SignedOut};
pub use token::{TokenAnswer, TokenRefusal};
pub use userinfo::UserInfoRefusal;

use bytes::Bytes;

use journey::Acr;
use model::{Level, Loa, Method};
use oidc::discovery::{Document, Endpoints};
use oidc::{AcrValue, ClientMetadata, LoaLevel, LoaScheme, WebUri};
use store::record::{ClientRecord, ClientState, Protocol};

use crate::{Broker, Fault};

/// The public addresses of this installation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OidcEndpoints {
    /// The issuer: the broker's origin, without a trailing slash.
    pub issuer: String,
    /// The token endpoint's URL: an audience of client assertions.
    pub token: String,
    /// In which scheme levels of assurance are told.
    pub loa_scheme: LoaScheme,
    document: Document,
    /// The discovery document, made once.
    discovery: Bytes,
}

impl OidcEndpoints {
    /// The host of the issuer, without a port: the scope of the names that we give.
    pub fn host(&self) -> &str {
        let authority = self.issuer.split_once("://").map_or(self.issuer.as_str(), |(_, authority)| authority);
        authority.split([':', '/']).next().unwrap_or_default()
    }

    /// The endpoints of an issuer, by our own paths.
    pub fn new(issuer: &str, paths: &EndpointPaths, loa_scheme: LoaScheme) -> Self {
        let at = |path: &str| format!("{issuer}{path}");
        let endpoints = Endpoints {
            issuer: issuer.to_owned(),
            authorization_endpoint: at(paths.authorization),
            token_endpoint: at(paths.token),
            userinfo_endpoint: at(paths.userinfo),
            jwks_uri: at(paths.jwks),
            end_session_endpoint: at(paths.end_session),
        };
        let spoken = |value: &AcrValue| !matches!(value, AcrValue::Loa(of, _) if *of != loa_scheme);
        let values: Vec<AcrValue> = AcrValue::ALL.into_iter().filter(spoken).collect();
        let document = Document::new(endpoints, &values);
        let discovery = written(&document);
        Self { issuer: issuer.to_owned(), token: at(paths.token), loa_scheme, document, discovery }
    }

    /// Tells clients of the claims that wallets are asked for.
    pub(crate) fn tell_wallet_claims(&mut self) {
        self.document = self.document.clone().with_wallet_claims();
        self.discovery = written(&self.document);
    }
}

fn written(document: &Document) -> Bytes {
    serde_json::to_vec(document).unwrap_or_default().into()
}

/// The paths of the endpoints below the issuer, each beginning with a slash.
#[derive(Clone, Copy, Debug)]
pub struct EndpointPaths {
    /// The authorization endpoint.
    pub authorization: &'static str,
    /// The token endpoint.
    pub token: &'static str,
    /// UserInfo.
    pub userinfo: &'static str,
    /// The key set.
    pub jwks: &'static str,
    /// RP-initiated logout.
    pub end_session: &'static str,
}

impl Broker {
    /// The discovery document (OpenID Connect Discovery 1.0 section 3), as it is served.
    pub fn discovery(&self) -> Bytes {
        self.endpoints().discovery.clone()
    }

    /// Whether an origin is that of a registered public client, whose scripts may read our answers.
    ///
    /// # Errors
    ///
    /// [`Fault`] when the store cannot be used.
    pub async fn is_public_client_origin(&self, origin: &str) -> Result<bool, Fault> {
        let clients = self.store().clients().await?;
        let speaks = |record: &&ClientRecord| record.protocol == Protocol::OpenIdConnect;
        let enabled = clients.iter().filter(speaks).filter(|record| record.state == ClientState::Enabled);
        let metadata = enabled.filter_map(|record| ClientMetadata::parse(record.metadata.as_bytes()).ok());
        let wanted = origin.split_once("://");
        let of_origin = |uri: &WebUri| {
            let (scheme, rest) = uri.as_str().split_once("://").unwrap_or_default();
            wanted == Some((scheme, rest.split(['/', '?']).next().unwrap_or_default()))
        };
        Ok(metadata.filter(|client| !client.is_confidential()).any(|client| client.redirect_uris.iter().any(of_origin)))
    }
}

/// A requested `acr` value in our words.
pub(in crate::edge) fn acr_of(value: AcrValue) -> Acr {
    match value {
        AcrValue::Password => Acr::Method(Method::Password),
        AcrValue::EmailedCode => Acr::Method(Method::EmailedCode),
        AcrValue::AuthenticatorApp | AcrValue::TimeSyncToken => Acr::Method(Method::AuthenticatorApp),
        AcrValue::Wallet => Acr::Method(Method::Wallet),
        AcrValue::Loa(_, level) => Acr::Loa(loa_of(level)),
        AcrValue::RefedsMfa => Acr::MultiFactor,
        AcrValue::PasswordProtectedTransport | AcrValue::PasswordClass | AcrValue::Unspecified => Acr::ServiceMinimum,
    }
}

pub(crate) const fn loa_of(level: LoaLevel) -> Loa {
    match level {
        LoaLevel::Low => Loa::Low,
        LoaLevel::Substantial => Loa::Substantial,
        LoaLevel::High => Loa::High,
    }
}

const fn loa_level(loa: Loa) -> LoaLevel {
    match loa {
        Loa::Low => LoaLevel::Low,
        Loa::Substantial => LoaLevel::Substantial,
        Loa::High => LoaLevel::High,
    }
}

/// The method's own URI, where it has one yet. Of another identity provider's sign-in a service learns the level alone.
pub(in crate::edge) fn method_uri(broker: &Broker, method: Method) -> Option<String> {
    match method {
        Method::Upstream(level) => Some(upstream_uri(broker, level)),
        method => method_value(method).map(|value| value.as_str().to_owned()),
    }
}

fn upstream_uri(broker: &Broker, level: Level) -> String {
    format!("{}/methods/upstream/{}", broker.endpoints().issuer, level.number())
}

/// The method that a URI below our own issuer names.
pub(in crate::edge) fn upstream_acr(broker: &Broker, uri: &str) -> Option<Acr> {
    let levels = [Level::One, Level::Two, Level::Three];
    let level = levels.into_iter().find(|level| upstream_uri(broker, *level) == uri)?;
    Some(Acr::Method(Method::Upstream(level)))
}

/// A level of assurance as its URI in the configured scheme.
pub(in crate::edge) fn loa_uri_of(broker: &Broker, loa: Loa) -> &'static str {
    AcrValue::Loa(broker.endpoints().loa_scheme, loa_level(loa)).as_str()
}

/// The method's own URI, or `None` for one that has no word on this edge yet.
const fn method_value(method: Method) -> Option<AcrValue> {
    match method {
        Method::Password => Some(AcrValue::Password),
        Method::EmailedCode => Some(AcrValue::EmailedCode),
        Method::AuthenticatorApp => Some(AcrValue::AuthenticatorApp),
        Method::Wallet => Some(AcrValue::Wallet),
        Method::Passkey | Method::Upstream(_) => None,
    }
}
