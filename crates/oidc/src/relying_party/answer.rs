//! Messages that a relying party receives.

use serde::Deserialize;

use crate::Credential;
use crate::form::Parameters;

/// The longest answer of the token endpoint that is read, in bytes: an ID token and an access token.
const TOKEN_ANSWER_BYTES_MAX: usize = 64 * 1024;

/// What a provider's redirect brought (OpenID Connect Core 1.0 sections 3.1.2.5 and 3.1.2.6). Nothing of it is proved.
#[derive(Clone, Debug)]
pub struct AuthorizationAnswer {
    /// What the request sent.
    pub state: String,
    /// Who says that it answers (RFC 9207).
    pub iss: Option<String>,
    /// The code, or the word of the error.
    pub outcome: Result<Credential, AuthorizationError>,
}

/// A provider's word for why there is no code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthorizationError {
    /// The person went back, or did not sign in as was asked.
    Declined,
    /// Anything else.
    Failed,
}

impl AuthorizationAnswer {
    /// Reads the query of the redirect. `None` when it has no state, a parameter twice, or neither code nor error.
    pub fn parse(query: &str) -> Option<Self> {
        let mut parameters = Parameters::read(query).ok()?;
        if parameters.any_repeated() {
            return None;
        }
        let state = parameters.take("state")?;
        let iss = parameters.take("iss");
        let outcome = match (parameters.take_credential("code"), parameters.take("error").as_deref()) {
            (Some(code), None) => Ok(code),
            (
                None,
                Some(
                    "access_denied"
                    | "login_required"
                    | "interaction_required"
                    | "account_selection_required"
                    | "consent_required"
                    | "unmet_authentication_requirements",
                ),
            ) => Err(AuthorizationError::Declined),
            (None, Some(_)) => Err(AuthorizationError::Failed),
            (Some(_), Some(_)) | (None, None) => return None,
        };
        Some(Self { state, iss, outcome })
    }
}

/// What the token endpoint answered (OpenID Connect Core 1.0 section 3.1.3.3).
#[derive(Clone, Debug)]
pub struct TokenAnswer {
    /// The ID token, unchecked.
    pub id_token: String,
    /// The access token, of the type `Bearer`.
    pub access_token: Credential,
}

#[derive(Deserialize)]
struct TokenMembers {
    id_token: String,
    access_token: String,
    token_type: String,
}

impl TokenAnswer {
    /// Reads it. `None` when it is no such answer.
    pub fn parse(body: &[u8]) -> Option<Self> {
        if body.len() > TOKEN_ANSWER_BYTES_MAX {
            return None;
        }
        let members: TokenMembers = jose::json::from_slice(body).ok()?;
        let is_bearer = members.token_type.eq_ignore_ascii_case("bearer");
        let access_token = Credential::new(members.access_token);
        is_bearer.then_some(Self { id_token: members.id_token, access_token })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_has_a_state_and_one_outcome() {
        let good = AuthorizationAnswer::parse("code=c&state=s&iss=https%3A%2F%2Fidp.example").unwrap();
        assert_eq!((good.state.as_str(), good.iss.as_deref()), ("s", Some("https://idp.example")));
        assert_eq!(good.outcome.unwrap().expose(), "c");
        for (error, expected) in [
            ("access_denied", AuthorizationError::Declined),
            ("unmet_authentication_requirements", AuthorizationError::Declined),
            ("server_error", AuthorizationError::Failed),
            ("anything", AuthorizationError::Failed),
        ] {
            let answer = AuthorizationAnswer::parse(&format!("error={error}&state=s")).unwrap();
            assert_eq!(answer.outcome.err(), Some(expected));
        }
        for bad in
            ["", "code=c", "state=s", "code=c&error=e&state=s", "code=c&code=d&state=s", "code=c&state=s&iss=a&iss=b"]
        {
            assert!(AuthorizationAnswer::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_token_answer_is_of_the_type_bearer() {
        let answer =
            |typ: &str| format!(r#"{{"id_token":"i","access_token":"a","token_type":"{typ}","expires_in":1}}"#);
        let read = TokenAnswer::parse(answer("bearer").as_bytes()).unwrap();
        assert_eq!((read.id_token.as_str(), read.access_token.expose()), ("i", "a"));
        assert!(TokenAnswer::parse(answer("DPoP").as_bytes()).is_none());
        assert!(TokenAnswer::parse(br#"{"error":"invalid_grant"}"#).is_none());
        assert!(TokenAnswer::parse(" ".repeat(TOKEN_ANSWER_BYTES_MAX + 1).as_bytes()).is_none());
    }
}
