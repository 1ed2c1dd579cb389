//! How a client says at the token endpoint who it is.

use data_encoding::{BASE64, BASE64URL_NOPAD};
use serde::Deserialize;

use crate::form::{Parameters, decode};
use crate::{Credential, OAuthError};

/// RFC 7523 section 2.2.
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Who the client says it is, and its proof. Nothing of it is checked yet.
#[derive(Clone, Debug)]
pub enum ClientAuthentication {
    /// `client_secret_basic`: in the `Authorization` header (RFC 6749 section 2.3.1).
    Basic {
        /// The client.
        client_id: String,
        /// Its secret; may be empty, which is wrong.
        secret: Credential,
    },
    /// `client_secret_post`: in the body.
    Post {
        /// The client.
        client_id: String,
        /// Its secret.
        secret: Credential,
    },
    /// `private_key_jwt` (RFC 7523 section 2.2).
    PrivateKeyJwt {
        /// The client that the assertion or the body claims; only good for finding its keys.
        client_id: String,
        /// To be checked by [`crate::ClientAssertion::verify`].
        assertion: Credential,
    },
    /// `none`: a public client.
    None {
        /// The client.
        client_id: String,
    },
}

impl ClientAuthentication {
    /// The client that is claimed.
    pub fn client_id(&self) -> &str {
        match self {
            ClientAuthentication::Basic { client_id, .. }
            | ClientAuthentication::Post { client_id, .. }
            | ClientAuthentication::PrivateKeyJwt { client_id, .. }
            | ClientAuthentication::None { client_id } => client_id,
        }
    }

    /// Finds the one method that was used. The parameters have been checked to come once each.
    ///
    /// # Errors
    ///
    /// `invalid_request` for two methods at once (RFC 6749 section 2.3) or two clients;
    /// `invalid_client` when none or an unreadable one is given.
    pub(crate) fn read(authorization: Option<&str>, parameters: &mut Parameters) -> Result<Self, OAuthError> {
        let client_id = parameters.take("client_id");
        let secret = parameters.take_credential("client_secret");
        let assertion = parameters.take_credential("client_assertion");
        let assertion_type = parameters.take("client_assertion_type");
        let found = match (authorization, secret, assertion) {
            (Some(header), None, None) => basic(header)?,
            (None, Some(secret), None) => Self::Post { client_id: named(client_id.clone())?, secret },
            (None, None, Some(assertion)) => {
                if assertion_type.as_deref() != Some(JWT_BEARER) {
                    return Err(OAuthError::invalid_client("client_assertion_type must be that of RFC 7523"));
                }
                let subject = claimed_subject(assertion.expose());
                Self::PrivateKeyJwt { client_id: named(subject.or_else(|| client_id.clone()))?, assertion }
            }
            (None, None, None) => Self::None { client_id: named(client_id.clone())? },
            (Some(_), Some(_), _) | (Some(_), _, Some(_)) | (None, Some(_), Some(_)) => {
                return Err(OAuthError::invalid_request("more than one method of client authentication"));
            }
        };
        if client_id.is_some_and(|named| named != found.client_id()) {
            return Err(OAuthError::invalid_request("client_id names another client than the authentication"));
        }
        Ok(found)
    }
}

fn named(client_id: Option<String>) -> Result<String, OAuthError> {
    client_id.ok_or(OAuthError::invalid_client("the client does not say who it is"))
}

fn basic(header: &str) -> Result<ClientAuthentication, OAuthError> {
    const UNREADABLE: OAuthError = OAuthError::invalid_client("the Authorization header is not readable as Basic");
    let (scheme, encoded) = header.split_once(' ').ok_or(UNREADABLE)?;
    if !scheme.eq_ignore_ascii_case("Basic") {
        return Err(UNREADABLE);
    }
    let decoded = zeroize::Zeroizing::new(BASE64.decode(encoded.trim_start().as_bytes()).map_err(|_| UNREADABLE)?);
    let text = str::from_utf8(&decoded).map_err(|_| UNREADABLE)?;
    let (client_id, secret) = text.split_once(':').ok_or(UNREADABLE)?;
    // RFC 6749 section 2.3.1: both halves are form-encoded first.
    match (decode(client_id), decode(secret)) {
        (Some(client_id), Some(secret)) if !client_id.is_empty() => {
            Ok(ClientAuthentication::Basic { client_id, secret: Credential::new(secret) })
        }
        (_, _) => Err(UNREADABLE),
    }
}

/// The `sub` of an assertion that nobody has checked: RFC 7521 section 4.2 lets a client name itself
/// there alone, so its keys are found by it. It is believed only when the signature proves it.
fn claimed_subject(assertion: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Claimed {
        sub: String,
    }
    let payload = BASE64URL_NOPAD.decode(assertion.split('.').nth(1)?.as_bytes()).ok()?;
    jose::json::from_slice(&payload).ok().map(|claimed: Claimed| claimed.sub)
}
