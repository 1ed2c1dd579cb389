//! A code becomes an access token (section 6).

use jose::json;
use serde::{Deserialize, Serialize};

use super::form::Parameters;
use super::{
    AUTHORIZATION_CODE, GrantedDetails, IssuanceError, IssuanceFault, MESSAGE_BYTES_MAX, PRE_AUTHORIZED_CODE,
    SecretText,
};

/// A request for a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRequest {
    /// What it is asked for with.
    pub grant: TokenGrant,
    /// The wallet's name as a client, where it says it here.
    pub client_id: Option<String>,
}

/// What a token is asked for with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenGrant {
    /// An offer's code.
    PreAuthorized {
        /// The code.
        code: SecretText,
        /// What the person typed.
        transaction_code: Option<SecretText>,
    },
    /// The code that came back from the authorization endpoint (RFC 6749 section 4.1.3).
    AuthorizationCode {
        /// The code.
        code: SecretText,
        /// Where it came back to.
        redirect_uri: String,
        /// What the challenge was made of (RFC 7636 section 4.5).
        code_verifier: SecretText,
    },
}

/// What the token endpoint answers (RFC 6749 section 5.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenResponse {
    /// The token.
    pub access_token: SecretText,
    /// `Bearer` or `DPoP`.
    pub token_type: String,
    /// For how many seconds it is good.
    pub expires_in: u64,
    /// What it is good for, separated by spaces; where it is not said, for what was offered.
    pub scope: Option<String>,
    /// What it is good for of what was asked for by the names of configurations.
    pub details: Vec<GrantedDetails>,
}

#[derive(Serialize, Deserialize)]
struct ResponseMembers {
    access_token: String,
    token_type: String,
    #[serde(default)]
    expires_in: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    authorization_details: Vec<GrantedDetails>,
}

impl TokenRequest {
    /// Reads the body of a request. Parameters that are not known are ignored; one without a value counts as left out
    /// (RFC 6749 section 3.1).
    ///
    /// # Errors
    ///
    /// [`IssuanceError::InvalidRequest`] and [`IssuanceError::UnsupportedGrantType`].
    pub fn parse(body: &str) -> Result<Self, IssuanceFault> {
        let mut parameters = Parameters::read(body)?;
        let invalid = |description| IssuanceError::InvalidRequest.because(description);
        let grant_type = parameters.take("grant_type").ok_or(invalid("grant_type is missing"))?;
        let grant = match grant_type.expose() {
            PRE_AUTHORIZED_CODE => TokenGrant::PreAuthorized {
                code: parameters.take("pre-authorized_code").ok_or(invalid("pre-authorized_code is missing"))?,
                transaction_code: parameters.take("tx_code"),
            },
            AUTHORIZATION_CODE => TokenGrant::AuthorizationCode {
                code: parameters.take("code").ok_or(invalid("code is missing"))?,
                redirect_uri: parameters.take_text("redirect_uri").ok_or(invalid("redirect_uri is missing"))?,
                code_verifier: parameters.take("code_verifier").ok_or(invalid("code_verifier is missing"))?,
            },
            _ => return Err(IssuanceError::UnsupportedGrantType.because("only codes are redeemed here")),
        };
        Ok(Self { grant, client_id: parameters.take_text("client_id") })
    }

    /// The body of the request.
    pub fn write(&self) -> String {
        let mut form = form_urlencoded::Serializer::new(String::new());
        match &self.grant {
            TokenGrant::PreAuthorized { code, transaction_code } => {
                form.append_pair("grant_type", PRE_AUTHORIZED_CODE);
                form.append_pair("pre-authorized_code", code.expose());
                if let Some(typed) = transaction_code {
                    form.append_pair("tx_code", typed.expose());
                }
            }
            TokenGrant::AuthorizationCode { code, redirect_uri, code_verifier } => {
                form.append_pair("grant_type", AUTHORIZATION_CODE);
                form.append_pair("code", code.expose());
                form.append_pair("redirect_uri", redirect_uri);
                form.append_pair("code_verifier", code_verifier.expose());
            }
        }
        if let Some(client_id) = &self.client_id {
            form.append_pair("client_id", client_id);
        }
        form.finish()
    }
}

impl TokenResponse {
    /// The body of the answer.
    pub fn to_json(&self) -> String {
        let members = ResponseMembers {
            access_token: self.access_token.expose().to_owned(),
            token_type: self.token_type.clone(),
            expires_in: self.expires_in,
            scope: self.scope.clone(),
            authorization_details: self.details.clone(),
        };
        serde_json::to_string(&members).unwrap_or_default()
    }

    /// Reads an answer; `None` when it is none.
    pub fn parse(text: &[u8]) -> Option<Self> {
        if text.len() > MESSAGE_BYTES_MAX {
            return None;
        }
        let read: ResponseMembers = json::from_slice(text).ok()?;
        let access_token = SecretText::new(read.access_token.clone());
        let ResponseMembers { token_type, expires_in, scope, authorization_details: details, .. } = read;
        Some(Self { access_token, token_type, expires_in, scope, details })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> SecretText {
        SecretText::new(text.to_owned())
    }

    #[test]
    fn what_a_wallet_writes_is_read() {
        let offered = |transaction_code| TokenGrant::PreAuthorized { code: secret("c/ode="), transaction_code };
        let returned = TokenGrant::AuthorizationCode {
            code: secret("c/ode="),
            redirect_uri: "wallet://cb?x=1&y=é".to_owned(),
            code_verifier: secret("v ~"),
        };
        for grant in [offered(None), offered(Some(secret("12 34+56"))), returned] {
            for client_id in [None, Some("https://wallet.example/?a=b&c".to_owned())] {
                let request = TokenRequest { grant: grant.clone(), client_id };
                assert_eq!(TokenRequest::parse(&request.write()), Ok(request));
            }
        }
        for (scope, details) in [(None, vec![GrantedDetails::new("a", "b")]), (Some("a b".to_owned()), vec![])] {
            let (access_token, token_type) = (secret("t"), "Bearer".to_owned());
            let response = TokenResponse { access_token, token_type, expires_in: 300, scope, details };
            assert_eq!(TokenResponse::parse(response.to_json().as_bytes()), Some(response.clone()));
            assert!(!format!("{response:?}").contains("\"t\""));
        }
        assert_eq!(TokenResponse::parse(b"{}"), None);
    }

    #[test]
    fn what_is_no_token_request() {
        use IssuanceError::{InvalidRequest, UnsupportedGrantType};
        let grant = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Apre-authorized_code";
        let code = "grant_type=authorization_code&code=a&redirect_uri=b&code_verifier=c";
        #[rustfmt::skip]
        let table = [
            (format!("{grant}&pre-authorized_code=a&client_id=x&scope="), Ok(())),
            (format!("{grant}&pre-authorized_code=a&tx_code="),           Ok(())),
            (grant.to_owned(),                                            Err(InvalidRequest)),
            (format!("{grant}&pre-authorized_code="),                     Err(InvalidRequest)),
            (format!("{grant}&pre-authorized_code=a&pre-authorized_code=b"), Err(InvalidRequest)),
            (format!("{grant}&pre-authorized_code=a&tx_code=1&tx_code=1"), Err(InvalidRequest)),
            ("pre-authorized_code=a".to_owned(),                          Err(InvalidRequest)),
            (code.to_owned(),                                             Ok(())),
            (code.replace("&code=a", ""),                                 Err(InvalidRequest)),
            (code.replace("&code=a", "&code=a&code=a"),                   Err(InvalidRequest)),
            (code.replace("&redirect_uri=b", ""),                         Err(InvalidRequest)),
            (code.replace("&redirect_uri=b", "&redirect_uri="),           Err(InvalidRequest)),
            (code.replace("&code_verifier=c", ""),                        Err(InvalidRequest)),
            (format!("{code}&client_id=x&client_id=x"),                   Err(InvalidRequest)),
            ("grant_type=refresh_token&refresh_token=a".to_owned(),       Err(UnsupportedGrantType)),
            ("grant_type=pre-authorized_code&pre-authorized_code=a".to_owned(), Err(UnsupportedGrantType)),
            (String::new(),                                               Err(InvalidRequest)),
            ("a".repeat(16 * 1024 + 1),                           Err(InvalidRequest)),
            ((0..33).map(|n| format!("p{n}=1")).collect::<Vec<_>>().join("&"), Err(InvalidRequest)),
        ];
        for (body, expected) in table {
            assert_eq!(TokenRequest::parse(&body).map(drop).map_err(|fault| fault.code), expected, "{body:.90}");
        }
    }
}
