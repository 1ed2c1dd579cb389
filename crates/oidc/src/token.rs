//! The token request and its answer (RFC 6749 sections 4.1.3 and 5.1).

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::form::Parameters;
use crate::{ClientAuthentication, Credential, ErrorCode, OAuthError};

/// A token request. The only grant is the authorization code.
///
/// Reading checks form alone. That the code is good, was given to this client for this redirect URI,
/// and that the verifier fits or may be absent, is the caller's to check.
#[derive(Clone, Debug)]
pub struct TokenRequest {
    /// Who asks.
    pub client: ClientAuthentication,
    /// The code.
    pub code: Credential,
    /// Compared byte for byte with that of the authentication request.
    pub redirect_uri: String,
    /// The PKCE verifier, for [`crate::pkce_matches`].
    pub code_verifier: Option<Credential>,
}

impl TokenRequest {
    /// Reads the `Authorization` header and the body (`application/x-www-form-urlencoded`). The query
    /// is never read (RFC 6749 section 3.2).
    ///
    /// # Errors
    ///
    /// `invalid_request`, `invalid_client` or `unsupported_grant_type`.
    pub fn parse(authorization: Option<&str>, body: &str) -> Result<Self, OAuthError> {
        let mut parameters =
            Parameters::read(body).map_err(|_| OAuthError::invalid_request("the body is too large or not UTF-8"))?;
        if parameters.any_repeated() {
            return Err(OAuthError::invalid_request("a parameter is given more than once"));
        }
        let client = ClientAuthentication::read(authorization, &mut parameters)?;
        match parameters.take("grant_type").as_deref() {
            Some("authorization_code") => {}
            Some(_) => {
                let description = "grant_type must be authorization_code";
                return Err(OAuthError::new(ErrorCode::UnsupportedGrantType, description));
            }
            None => return Err(OAuthError::invalid_request("grant_type is missing")),
        }
        Ok(Self {
            client,
            code: parameters.take_credential("code").ok_or(OAuthError::invalid_request("code is missing"))?,
            redirect_uri: parameters
                .take("redirect_uri")
                .ok_or(OAuthError::invalid_request("redirect_uri is missing"))?,
            code_verifier: parameters.take_credential("code_verifier"),
        })
    }
}

/// A good answer of the token endpoint, to be written as JSON and never cached (RFC 6749 section 5.1).
#[derive(Clone, Debug)]
pub struct TokenResponse {
    /// Opaque.
    pub access_token: Credential,
    /// Seconds.
    pub expires_in: u32,
    /// Signed.
    pub id_token: Credential,
    /// What was granted, separated by spaces.
    pub scope: String,
}

impl Serialize for TokenResponse {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut body = serializer.serialize_struct("TokenResponse", 5)?;
        body.serialize_field("access_token", self.access_token.expose())?;
        body.serialize_field("token_type", "Bearer")?;
        body.serialize_field("expires_in", &self.expires_in)?;
        body.serialize_field("id_token", self.id_token.expose())?;
        body.serialize_field("scope", &self.scope)?;
        body.end()
    }
}

#[cfg(test)]
mod tests;
