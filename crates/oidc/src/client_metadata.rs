//! What a client registers (RFC 7591 section 2, OpenID Connect Dynamic Client Registration 1.0
//! section 2, RP-Initiated Logout 1.0 section 3.1, Back-Channel Logout 1.0 section 2.2).

mod members;
mod words;

use std::collections::BTreeSet;

use jose::{Algorithm, JwkSet, JwkSetError};
use serde_json::{Map, Value};

use crate::discovery::WALLET_CLAIMS;
use crate::{Credential, LoaLevel, Scope, UriFault, WebUri};
use members::Members;
pub use words::{AuthMethod, LegalBasis, NameArticle, PkceRule, SubjectType};

/// The longest metadata that is read, in bytes.
pub const METADATA_BYTES_MAX: usize = 64 * 1024;
/// The most URIs of one member.
pub const URIS_MAX: usize = 64;
/// The shortest client secret, in characters: 128 random bits in base64url.
pub const CLIENT_SECRET_CHARS_MIN: usize = 22;
/// The longest `client_id`, `client_secret` and `client_name`, in characters.
const TEXT_CHARS_MAX: usize = 255;

/// A client's registration, checked.
///
/// Our own members are `pkce`, `kapu_min_level`, `kapu_min_loa`, `kapu_legal_basis`, `kapu_purposes`,
/// `kapu_wallet_claims` and `kapu_name_article`. A member
/// beginning with `kapu_` that is not known is refused, because a mistyped demand would be no demand;
/// all others that are not known are ignored (RFC 7591 section 2).
#[derive(Clone, Debug)]
pub struct ClientMetadata {
    /// `client_id`; absent when we are to choose it.
    pub client_id: Option<String>,
    /// `client_secret`; absent when we are to choose it or there is none.
    pub client_secret: Option<Credential>,
    /// `client_name`, or `client_name#hu`: the Hungarian name.
    pub name_hu: String,
    /// `client_name#en`, or else the Hungarian name.
    pub name_en: String,
    /// `kapu_name_article`: the article before the Hungarian name.
    pub name_article: Option<NameArticle>,
    /// `client_uri`: where the service begins.
    pub client_uri: Option<WebUri>,
    /// `redirect_uris`, at least one.
    pub redirect_uris: Vec<WebUri>,
    /// `post_logout_redirect_uris`.
    pub post_logout_redirect_uris: Vec<WebUri>,
    /// `token_endpoint_auth_method`.
    pub auth_method: AuthMethod,
    /// `token_endpoint_auth_signing_alg`; absent allows every algorithm of ours.
    pub auth_signing_alg: Option<Algorithm>,
    /// `jwks` or `jwks_uri`, for `private_key_jwt`.
    pub keys: Option<ClientKeys>,
    /// `pkce`.
    pub pkce: PkceRule,
    /// `id_token_signed_response_alg`; RS256 when absent.
    pub id_token_alg: Algorithm,
    /// `subject_type`; pairwise when absent.
    pub subject_type: SubjectType,
    /// The host whose services see the same pairwise `sub`: that of `sector_identifier_uri`, or the
    /// one host of the redirect URIs (OpenID Connect Core 1.0 section 8.1).
    pub sector: String,
    /// `scope`: the scopes it may ask for. Without the member `openid profile email`; the
    /// identification data of `person` are given only to who registered for them.
    pub scopes: Vec<Scope>,
    /// `default_max_age`, in seconds.
    pub default_max_age: Option<u32>,
    /// `backchannel_logout_uri`.
    pub backchannel_logout_uri: Option<WebUri>,
    /// `backchannel_logout_session_required`.
    pub backchannel_logout_session_required: bool,
    /// `kapu_min_level`: 1, 2 or 3.
    pub min_level: Option<u8>,
    /// `kapu_min_loa`.
    pub min_loa: Option<LoaLevel>,
    /// `kapu_legal_basis`: why it may receive what it receives of a person.
    pub legal_basis: Option<LegalBasis>,
    /// `kapu_purposes`: what it wants each datum for, an object whose members are judged by who knows the data.
    pub purposes: Option<Map<String, Value>>,
    /// `kapu_wallet_claims`: those of [`WALLET_CLAIMS`] that it may ask for.
    pub wallet_claims: Vec<&'static str>,
}

/// Where a client's public keys are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientKeys {
    /// In the registration; at least one.
    Inline(JwkSet),
    /// To be fetched.
    At(WebUri),
}

/// Why a registration is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MetadataError {
    /// More than [`METADATA_BYTES_MAX`] bytes.
    #[error("the client metadata is longer than 64 KiB")]
    TooLarge,
    /// No JSON object, or a member named twice.
    #[error("the client metadata is no JSON object that names each member once: {0}")]
    Form(String),
    /// One member is wrong.
    #[error("`{member}` {fault}")]
    Member {
        /// Its name.
        member: String,
        /// What is wrong.
        fault: MetadataFault,
    },
}

/// What is wrong with a member; the text continues its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MetadataFault {
    /// Another JSON type, or too long, too large or empty.
    #[error("must be {0}")]
    Expected(&'static str),
    /// It is needed.
    #[error("is missing")]
    Missing,
    /// Not a member that is known, though it looks like one of ours.
    #[error("is not known")]
    Unknown,
    /// It asks for what this provider does not do.
    #[error("asks for something that is not supported: {0}")]
    Unsupported(&'static str),
    /// A URI is refused.
    #[error("{0}")]
    Uri(#[from] UriFault),
    /// A key is refused.
    #[error("cannot be used: {0}")]
    Keys(#[from] JwkSetError),
    /// It does not fit another member.
    #[error("{0}")]
    Conflict(&'static str),
}

impl ClientMetadata {
    /// Reads a registration.
    ///
    /// # Errors
    ///
    /// See [`MetadataError`]; the first fault found.
    pub fn parse(text: &[u8]) -> Result<Self, MetadataError> {
        let mut members = Members::read(text)?;
        refuse_unsupported(&mut members)?;
        let (name_hu, name_en) = names(&mut members)?;
        let auth_method = members.one_of("token_endpoint_auth_method", &AuthMethod::NAMES)?;
        let redirect_uris = members.uris("redirect_uris")?;
        if redirect_uris.is_empty() {
            return Err(members::wrong("redirect_uris", MetadataFault::Missing));
        }
        let subject_type = members.one_of("subject_type", &SubjectType::NAMES)?.unwrap_or(SubjectType::Pairwise);
        let sector = sector(members.uri("sector_identifier_uri")?, &redirect_uris, subject_type)?;
        let metadata = Self {
            client_id: members.text("client_id", TEXT_CHARS_MAX)?,
            client_secret: members.text("client_secret", TEXT_CHARS_MAX)?.map(Credential::new),
            name_hu,
            name_en,
            name_article: members.one_of("kapu_name_article", &[("a", NameArticle::A), ("az", NameArticle::Az)])?,
            client_uri: members.uri("client_uri")?,
            redirect_uris,
            post_logout_redirect_uris: members.uris("post_logout_redirect_uris")?,
            auth_method: auth_method.unwrap_or(AuthMethod::ClientSecretBasic),
            auth_signing_alg: members.algorithm("token_endpoint_auth_signing_alg")?,
            keys: keys(&mut members)?,
            pkce: members
                .one_of("pkce", &[("S256", PkceRule::S256), ("nonce", PkceRule::Nonce)])?
                .unwrap_or(PkceRule::S256),
            id_token_alg: members.algorithm("id_token_signed_response_alg")?.unwrap_or(Algorithm::Rs256),
            subject_type,
            sector,
            scopes: scopes(&mut members)?,
            default_max_age: members.number("default_max_age")?,
            backchannel_logout_uri: members.uri("backchannel_logout_uri")?,
            backchannel_logout_session_required: members.flag("backchannel_logout_session_required")?.unwrap_or(false),
            min_level: min_level(&mut members)?,
            min_loa: members.one_of("kapu_min_loa", &LOA_NAMES)?,
            legal_basis: members.one_of("kapu_legal_basis", &LegalBasis::NAMES)?,
            purposes: members.object("kapu_purposes")?,
            wallet_claims: members.several_of("kapu_wallet_claims", &WALLET_CLAIMS)?,
        };
        members.refuse_unknown_of_ours()?;
        metadata.check_together()?;
        Ok(metadata)
    }

    fn check_together(&self) -> Result<(), MetadataError> {
        let visible = |text: &str| text.bytes().all(|byte| matches!(byte, 0x20..=0x7e));
        if self.client_id.as_ref().is_some_and(|id| !visible(id)) {
            return Err(members::wrong("client_id", MetadataFault::Expected("printable ASCII")));
        }
        if let Some(secret) = &self.client_secret {
            let secret = secret.expose();
            if !visible(secret) || secret.len() < CLIENT_SECRET_CHARS_MIN {
                let fault = MetadataFault::Expected("at least 22 characters of printable ASCII");
                return Err(members::wrong("client_secret", fault));
            }
            if matches!(self.auth_method, AuthMethod::PrivateKeyJwt | AuthMethod::None) {
                let fault = MetadataFault::Conflict("belongs to client_secret_basic or client_secret_post");
                return Err(members::wrong("client_secret", fault));
            }
        }
        if self.auth_method == AuthMethod::PrivateKeyJwt && self.keys.is_none() {
            let fault = MetadataFault::Conflict("needs jwks or jwks_uri when it is private_key_jwt");
            return Err(members::wrong("token_endpoint_auth_method", fault));
        }
        if self.pkce == PkceRule::Nonce && !self.is_confidential() {
            return Err(members::wrong("pkce", MetadataFault::Conflict("must be S256 for a public client")));
        }
        Ok(())
    }

    /// Whether the client can keep a secret.
    pub fn is_confidential(&self) -> bool {
        self.auth_method != AuthMethod::None
    }

    /// Whether `uri` is registered for answers, byte for byte (RFC 9700 section 2.1).
    pub fn allows_redirect(&self, uri: &str) -> bool {
        self.redirect_uris.iter().any(|registered| registered.as_str() == uri)
    }

    /// Whether `uri` is registered for the way back after signing out, byte for byte.
    pub fn allows_post_logout_redirect(&self, uri: &str) -> bool {
        self.post_logout_redirect_uris.iter().any(|registered| registered.as_str() == uri)
    }

    /// Whether one of its URIs leads to this machine, so that only a demonstration may register it.
    pub fn is_local_demo(&self) -> bool {
        let key_uri = match &self.keys {
            Some(ClientKeys::At(uri)) => Some(uri),
            Some(ClientKeys::Inline(_)) | None => None,
        };
        let several = self.redirect_uris.iter().chain(&self.post_logout_redirect_uris);
        let single = [self.client_uri.as_ref(), self.backchannel_logout_uri.as_ref(), key_uri];
        several.chain(single.into_iter().flatten()).any(WebUri::is_local_demo)
    }
}

const LOA_NAMES: [(&str, LoaLevel); 3] = [
    (LoaLevel::Low.as_str(), LoaLevel::Low),
    (LoaLevel::Substantial.as_str(), LoaLevel::Substantial),
    (LoaLevel::High.as_str(), LoaLevel::High),
];

/// What a client may ask to be done to its tokens or requests, and we do not do: to ignore it would
/// send in the clear what it wants encrypted.
fn refuse_unsupported(members: &mut Members) -> Result<(), MetadataError> {
    for name in [
        "id_token_encrypted_response_alg",
        "userinfo_encrypted_response_alg",
        "request_object_encryption_alg",
        "authorization_encrypted_response_alg",
    ] {
        members.refuse(name, "encryption")?;
    }
    members.refuse("authorization_signed_response_alg", "signed authorization answers")?;
    match members.text("userinfo_signed_response_alg", TEXT_CHARS_MAX)?.as_deref() {
        None | Some("none") => {}
        Some(_) => {
            let fault = MetadataFault::Unsupported("UserInfo is plain JSON");
            return Err(members::wrong("userinfo_signed_response_alg", fault));
        }
    }
    members.only("response_types", "code", "only the response type code")?;
    members.only("grant_types", "authorization_code", "only the grant authorization_code")
}

fn names(members: &mut Members) -> Result<(String, String), MetadataError> {
    let plain = members.text("client_name", TEXT_CHARS_MAX)?;
    let hu = members.text("client_name#hu", TEXT_CHARS_MAX)?.or(plain);
    let hu = hu.ok_or_else(|| members::wrong("client_name", MetadataFault::Missing))?;
    let en = members.text("client_name#en", TEXT_CHARS_MAX)?;
    Ok((hu.clone(), en.unwrap_or(hu)))
}

fn sector(
    identifier: Option<WebUri>,
    redirect_uris: &[WebUri],
    subject_type: SubjectType,
) -> Result<String, MetadataError> {
    if let Some(uri) = identifier {
        return Ok(uri.host().to_owned());
    }
    let hosts: BTreeSet<&str> = redirect_uris.iter().map(WebUri::host).collect();
    match (hosts.len(), subject_type, hosts.first()) {
        (1, _, Some(host)) | (_, SubjectType::Public, Some(host)) => Ok((*host).to_owned()),
        (_, SubjectType::Pairwise | SubjectType::Public, _) => {
            let fault = MetadataFault::Conflict("is needed when the redirect URIs have different hosts");
            Err(members::wrong("sector_identifier_uri", fault))
        }
    }
}

fn keys(members: &mut Members) -> Result<Option<ClientKeys>, MetadataError> {
    let at = members.uri("jwks_uri")?;
    let inline = match members.value("jwks") {
        None => None,
        Some(value) => {
            let set =
                JwkSet::parse(value.to_string().as_bytes()).map_err(|error| members::wrong("jwks", error.into()))?;
            if set.is_empty() {
                let fault = MetadataFault::Expected("a set with an ES256, RS256 or PS256 key");
                return Err(members::wrong("jwks", fault));
            }
            Some(set)
        }
    };
    match (inline, at) {
        (None, None) => Ok(None),
        (Some(set), None) => Ok(Some(ClientKeys::Inline(set))),
        (None, Some(uri)) => Ok(Some(ClientKeys::At(uri))),
        (Some(_), Some(_)) => Err(members::wrong("jwks_uri", MetadataFault::Conflict("must not stand beside jwks"))),
    }
}

fn scopes(members: &mut Members) -> Result<Vec<Scope>, MetadataError> {
    let Some(text) = members.text("scope", crate::SCOPE_BYTES_MAX)? else {
        return Ok(vec![Scope::OpenId, Scope::Profile, Scope::Email]);
    };
    Scope::parse_list(&text).filter(|scopes| scopes.contains(&Scope::OpenId)).ok_or_else(|| {
        members::wrong("scope", MetadataFault::Expected("scopes separated by spaces, openid among them"))
    })
}

fn min_level(members: &mut Members) -> Result<Option<u8>, MetadataError> {
    let fault = || members::wrong("kapu_min_level", MetadataFault::Expected("1, 2 or 3"));
    match members.value("kapu_min_level") {
        None => Ok(None),
        Some(Value::Number(number)) => match number.as_u64().and_then(|level| u8::try_from(level).ok()) {
            Some(level @ 1..=3) => Ok(Some(level)),
            Some(_) | None => Err(fault()),
        },
        Some(_) => Err(fault()),
    }
}

#[cfg(test)]
mod tests;
