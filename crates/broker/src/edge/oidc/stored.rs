//! What the OpenID Connect edge stores as JSON: a request until it is answered, a grant until its
//! tokens lapse, a client's registration.

use model::{AuthenticationContext, Release, Service, ServiceId, UserName};
use oidc::{AuthenticationRequest, ClientMetadata, LocatedRequest, Scope};
use serde::{Deserialize, Serialize};
use store::record::Protocol;

use crate::{Broker, Fault};

/// What is needed to build the answer to an authentication request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Reply {
    pub(crate) redirect_uri: String,
    pub(crate) state: Option<String>,
    pub(crate) nonce: Option<String>,
    pub(crate) challenge: Option<String>,
    pub(crate) scope: String,
    /// The `sub` that the request names; nobody else may be answered for.
    pub(crate) subject: Option<String>,
    pub(crate) userinfo_claims: Vec<String>,
    pub(crate) id_token_claims: Vec<String>,
    /// Those of both that the client says it cannot do without.
    #[serde(default)]
    pub(crate) essential_claims: Vec<String>,
}

impl Reply {
    /// What is kept of a request.
    pub(super) fn of(metadata: &ClientMetadata, located: &LocatedRequest, request: &AuthenticationRequest) -> Self {
        // What was asked for beyond the registration is not granted, and the answer says so (RFC 6749 section 3.3).
        let granted: Vec<Scope> =
            request.scopes.iter().copied().filter(|scope| metadata.scopes.contains(scope)).collect();
        let essential =
            request.claims.userinfo.iter().chain(&request.claims.id_token).filter(|(_, asked)| asked.essential);
        Self {
            redirect_uri: located.redirect_uri.clone(),
            state: located.state.clone(),
            nonce: request.nonce.clone(),
            challenge: request.code_challenge.as_ref().map(|challenge| challenge.as_str().to_owned()),
            scope: Scope::write_list(&granted),
            subject: None,
            userinfo_claims: request.claims.userinfo.keys().cloned().collect(),
            id_token_claims: request.claims.id_token.keys().cloned().collect(),
            essential_claims: essential.map(|(name, _)| name.clone()).collect(),
        }
    }
}

/// What a code, and then a token, stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Grant {
    pub(crate) reply: Reply,
    /// What the person saw: nothing else is told, whatever is registered by the time of the token.
    #[serde(default)]
    pub(crate) released: Release,
    /// What of it a wallet gave; sealed with the code.
    #[serde(default)]
    pub(crate) from_wallet: Option<String>,
    pub(crate) context: AuthenticationContext,
    pub(crate) acr: String,
    pub(crate) sid: String,
    pub(crate) subject: String,
    pub(crate) user_name: UserName,
}

pub(crate) fn write<T: Serialize>(value: &T) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(|_| Fault::Damaged("value to be stored"))
}

pub(crate) fn read<'a, T: Deserialize<'a>>(text: &'a str, what: &'static str) -> Result<T, Fault> {
    serde_json::from_str(text).map_err(|_| Fault::Damaged(what))
}

impl Broker {
    /// The registration of an enabled client.
    pub(crate) async fn client_metadata(&self, id: &str) -> Result<Option<ClientMetadata>, Fault> {
        Ok(self.registration(id).await?.map(|(metadata, _)| metadata))
    }

    /// The registration of an enabled client, and what pages and policy know of it.
    pub(crate) async fn registration(&self, id: &str) -> Result<Option<(ClientMetadata, Service)>, Fault> {
        // No registration has another character, and not every database takes every one.
        if !id.bytes().all(|byte| matches!(byte, 0x20..=0x7e)) {
            return Ok(None);
        }
        let Some(record) = self.enabled_client(&ServiceId::new(id)).await? else { return Ok(None) };
        if record.protocol != Protocol::OpenIdConnect {
            return Ok(None);
        }
        let metadata =
            ClientMetadata::parse(record.metadata.as_bytes()).map_err(|_| Fault::Damaged("client registration"))?;
        Ok(Some((metadata, record.service)))
    }
}
