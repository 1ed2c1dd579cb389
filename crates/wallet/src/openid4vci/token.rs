//! An offer's code becomes an access token (section 6).

use std::collections::HashMap;

use jose::json;
use serde::{Deserialize, Serialize};

use super::{IssuanceError, IssuanceFault, MESSAGE_BYTES_MAX, PARAMETERS_MAX, PRE_AUTHORIZED_CODE, SecretText};

/// The longest token request, in bytes.
const REQUEST_BYTES_MAX: usize = 16 * 1024;

/// A request for a token by an offer's code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRequest {
    /// The offer's code.
    pub code: SecretText,
    /// What the person typed.
    pub transaction_code: Option<SecretText>,
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
}

#[derive(Serialize, Deserialize)]
struct ResponseMembers {
    access_token: String,
    token_type: String,
    #[serde(default)]
    expires_in: u64,
}

impl TokenRequest {
    /// Reads the body of a request. Parameters that are not known, a client's name among them, are ignored; one
    /// without a value counts as left out (RFC 6749 section 3.1).
    ///
    /// # Errors
    ///
    /// [`IssuanceError::InvalidRequest`] and [`IssuanceError::UnsupportedGrantType`].
    pub fn parse(body: &str) -> Result<Self, IssuanceFault> {
        let invalid = |description| IssuanceError::InvalidRequest.because(description);
        if body.len() > REQUEST_BYTES_MAX {
            return Err(invalid("the request is too long"));
        }
        let mut parameters = HashMap::new();
        for (name, value) in form_urlencoded::parse(body.as_bytes()) {
            if parameters.len() == PARAMETERS_MAX {
                return Err(invalid("the request has too many parameters"));
            }
            if parameters.insert(name.into_owned(), SecretText::new(value.into_owned())).is_some() {
                return Err(invalid("a parameter is given more than once"));
            }
        }
        let mut take = |name: &str| parameters.remove(name).filter(|value| !value.expose().is_empty());
        match take("grant_type") {
            None => return Err(invalid("grant_type is missing")),
            Some(grant) if grant.expose() != PRE_AUTHORIZED_CODE => {
                return Err(IssuanceError::UnsupportedGrantType.because("only an offer's code is redeemed here"));
            }
            Some(_) => {}
        }
        let code = take("pre-authorized_code").ok_or(invalid("pre-authorized_code is missing"))?;
        Ok(Self { code, transaction_code: take("tx_code") })
    }

    /// The body of the request.
    pub fn write(&self) -> String {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("grant_type", PRE_AUTHORIZED_CODE);
        form.append_pair("pre-authorized_code", self.code.expose());
        if let Some(typed) = &self.transaction_code {
            form.append_pair("tx_code", typed.expose());
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
        };
        serde_json::to_string(&members).unwrap_or_default()
    }

    /// Reads an answer; `None` when it is none.
    pub fn parse(text: &[u8]) -> Option<Self> {
        if text.len() > MESSAGE_BYTES_MAX {
            return None;
        }
        let read: ResponseMembers = json::from_slice(text).ok()?;
        let access_token = SecretText::new(read.access_token);
        Some(Self { access_token, token_type: read.token_type, expires_in: read.expires_in })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_wallet_writes_is_read() {
        for transaction_code in [None, Some(SecretText::new("12 34+56".to_owned()))] {
            let request = TokenRequest { code: SecretText::new("c/ode=".to_owned()), transaction_code };
            assert_eq!(TokenRequest::parse(&request.write()), Ok(request));
        }
        let access_token = SecretText::new("t".to_owned());
        let response = TokenResponse { access_token, token_type: "Bearer".to_owned(), expires_in: 300 };
        assert_eq!(TokenResponse::parse(response.to_json().as_bytes()), Some(response.clone()));
        assert_eq!(TokenResponse::parse(b"{}"), None);
        assert!(!format!("{response:?}").contains("\"t\""));
    }

    #[test]
    fn what_is_no_token_request() {
        use IssuanceError::{InvalidRequest, UnsupportedGrantType};
        let grant = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Apre-authorized_code";
        #[rustfmt::skip]
        let table = [
            (format!("{grant}&pre-authorized_code=a&client_id=x&scope="), Ok(())),
            (format!("{grant}&pre-authorized_code=a&tx_code="),           Ok(())),
            (grant.to_owned(),                                            Err(InvalidRequest)),
            (format!("{grant}&pre-authorized_code="),                     Err(InvalidRequest)),
            (format!("{grant}&pre-authorized_code=a&pre-authorized_code=b"), Err(InvalidRequest)),
            (format!("{grant}&pre-authorized_code=a&tx_code=1&tx_code=1"), Err(InvalidRequest)),
            ("pre-authorized_code=a".to_owned(),                          Err(InvalidRequest)),
            ("grant_type=authorization_code&code=a".to_owned(),           Err(UnsupportedGrantType)),
            ("grant_type=pre-authorized_code&pre-authorized_code=a".to_owned(), Err(UnsupportedGrantType)),
            (String::new(),                                               Err(InvalidRequest)),
            ("a".repeat(REQUEST_BYTES_MAX + 1),                           Err(InvalidRequest)),
            ((0..33).map(|n| format!("p{n}=1")).collect::<Vec<_>>().join("&"), Err(InvalidRequest)),
        ];
        for (body, expected) in table {
            assert_eq!(TokenRequest::parse(&body).map(drop).map_err(|fault| fault.code), expected, "{body:.90}");
        }
    }
}
