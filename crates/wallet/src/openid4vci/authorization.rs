//! A wallet asks that a person be let choose what it may have (section 5). The request is put beforehand where the
//! person's browser has no part in it (RFC 9126), and the person comes with its name alone.

use serde::{Deserialize, Serialize};

use super::form::Parameters;
use super::{
    IssuanceError, IssuanceFault, OFFERED_MAX, REDIRECT_URI_BYTES_MAX, SecretText, TEXT_BYTES_MAX,
    authorization_details,
};

/// What the name of a pushed request begins with (RFC 9126 section 2.2).
const REQUEST_URI: &str = "urn:ietf:params:oauth:request_uri:";

/// A request for authorization, as it is pushed. Reading checks form alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorizationRequest {
    /// Who asks.
    pub client_id: String,
    /// Where the answer goes; compared byte for byte.
    pub redirect_uri: String,
    /// Returned unread.
    pub state: Option<String>,
    /// The challenge of the method `S256` (RFC 7636 section 4.3); its form is not checked.
    pub code_challenge: String,
    /// By which scopes credentials are asked for (section 5.1.2), each once.
    pub scopes: Vec<String>,
    /// By the names of which configurations (section 5.1.1), each once; one of either kind at least.
    pub details: Vec<String>,
    /// The thumbprint of the key that the token is to be bound to (RFC 9449 section 10).
    pub dpop_jkt: Option<String>,
}

/// The answer to a request that was pushed (RFC 9126 section 2.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushedResponse {
    /// The request's name.
    pub request_uri: String,
    /// For how many seconds it is good.
    pub expires_in: u64,
}

/// What the person's browser brings to the authorization endpoint (RFC 9126 section 4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushedReference {
    /// Who asks.
    pub client_id: String,
    /// What is in the request's name besides what all names have.
    pub reference: SecretText,
}

impl AuthorizationRequest {
    /// Reads the body of a request that is pushed. Parameters that are not known are ignored.
    ///
    /// # Errors
    ///
    /// In the words of RFC 6749 section 4.1.2.1.
    pub fn parse(body: &str) -> Result<Self, IssuanceFault> {
        let mut parameters = Parameters::read(body)?;
        let invalid = |description| IssuanceError::InvalidRequest.because(description);
        if parameters.take("request_uri").is_some() || parameters.take("request").is_some() {
            return Err(invalid("the request is given by its parameters"));
        }
        let mut text = |name, bytes_max| match parameters.take_text(name) {
            Some(value) if value.len() > bytes_max => Err(invalid("a parameter is too long")),
            value => Ok(value),
        };
        let client_id = text("client_id", TEXT_BYTES_MAX)?.ok_or(invalid("client_id is missing"))?;
        let redirect_uri = text("redirect_uri", REDIRECT_URI_BYTES_MAX)?.ok_or(invalid("redirect_uri is missing"))?;
        match text("response_type", TEXT_BYTES_MAX)?.as_deref() {
            Some("code") => {}
            Some(_) => return Err(IssuanceError::UnsupportedResponseType.because("response_type must be code")),
            None => return Err(invalid("response_type is missing")),
        }
        if text("response_mode", TEXT_BYTES_MAX)?.is_some_and(|mode| mode != "query") {
            return Err(invalid("response_mode must be query"));
        }
        let code_challenge = text("code_challenge", TEXT_BYTES_MAX)?.ok_or(invalid("code_challenge is missing"))?;
        if text("code_challenge_method", TEXT_BYTES_MAX)?.as_deref() != Some("S256") {
            return Err(invalid("code_challenge_method must be S256"));
        }
        let scope = text("scope", TEXT_BYTES_MAX)?;
        let (state, dpop_jkt) = (text("state", TEXT_BYTES_MAX)?, text("dpop_jkt", TEXT_BYTES_MAX)?);
        let details = parameters.take_text("authorization_details");
        let details = details.map(|details| authorization_details::read(&details)).transpose()?.unwrap_or_default();
        let scopes = read_scopes(&scope.unwrap_or_default());
        let scopes = scopes.filter(|scopes| !scopes.is_empty() || !details.is_empty());
        let scopes = scopes.ok_or(IssuanceError::InvalidScope.because("scope is missing, or has too many words"))?;
        Ok(Self { client_id, redirect_uri, state, code_challenge, scopes, details, dpop_jkt })
    }
}

fn read_scopes(scope: &str) -> Option<Vec<String>> {
    let mut scopes = Vec::new();
    for word in scope.split(' ').filter(|word| !word.is_empty()) {
        if !scopes.iter().any(|known| known == word) {
            scopes.push(word.to_owned());
        }
    }
    (scopes.len() <= OFFERED_MAX).then_some(scopes)
}

impl PushedResponse {
    /// The answer about a request with this in its name.
    pub fn new(reference: &str, expires_in: u64) -> Self {
        Self { request_uri: format!("{REQUEST_URI}{reference}"), expires_in }
    }

    /// The body of the answer.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl PushedReference {
    /// Reads the query. Whatever else is in it is not looked at: what counts was pushed (RFC 9101 section 6.3).
    ///
    /// # Errors
    ///
    /// [`IssuanceError::InvalidRequest`].
    pub fn parse(query: &str) -> Result<Self, IssuanceFault> {
        let mut parameters = Parameters::read(query)?;
        let invalid = |description| IssuanceError::InvalidRequest.because(description);
        let client_id = parameters.take_text("client_id").ok_or(invalid("client_id is missing"))?;
        let request_uri = parameters.take("request_uri").ok_or(invalid("request_uri is missing"))?;
        let reference = request_uri.expose().strip_prefix(REQUEST_URI).filter(|rest| rest.len() <= TEXT_BYTES_MAX);
        let reference = reference.ok_or(invalid("request_uri names no request that was pushed"))?;
        Ok(Self { client_id, reference: SecretText::new(reference.to_owned()) })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const GOOD: &str = "response_type=code&client_id=w&redirect_uri=wallet%3A%2F%2Fcb&code_challenge=c\
        &code_challenge_method=S256&scope=pid-sd-jwt";

    #[test]
    fn a_pushed_request_is_read() {
        let body =
            format!("{GOOD}+pid-mdoc++pid-sd-jwt&state=s+t&dpop_jkt=k&issuer_state=i&unknown=1&response_mode=query");
        let read = AuthorizationRequest::parse(&body).unwrap();
        assert_eq!((read.client_id.as_str(), read.redirect_uri.as_str()), ("w", "wallet://cb"));
        assert_eq!(read.scopes, ["pid-sd-jwt", "pid-mdoc"]);
        assert_eq!((read.state.as_deref(), read.dpop_jkt.as_deref()), (Some("s t"), Some("k")));
        assert_eq!(read.code_challenge, "c");
        let read = AuthorizationRequest::parse(GOOD).unwrap();
        assert_eq!((read.state, read.dpop_jkt, read.details), (None, None, vec![]));
        // In place of a scope, or beside it.
        let details = "authorization_details=%5B%7B%22type%22%3A%22openid_credential%22%2C\
            %22credential_configuration_id%22%3A%22pid%22%7D%5D";
        for (body, scopes) in [(format!("{GOOD}&{details}"), 1), (GOOD.replace("scope=pid-sd-jwt", details), 0)] {
            let read = AuthorizationRequest::parse(&body).unwrap();
            assert_eq!((read.scopes.len(), read.details), (scopes, vec!["pid".to_owned()]));
        }
        let other = AuthorizationRequest::parse(&format!("{GOOD}&authorization_details=%5B%5D")).unwrap_err();
        assert_eq!(other.code, IssuanceError::InvalidAuthorizationDetails);
    }

    #[test]
    fn what_is_no_pushed_request() {
        use IssuanceError::{InvalidRequest, InvalidScope, UnsupportedResponseType};
        let many: Vec<String> = (0..17).map(|number| format!("s{number}")).collect();
        let mut table = vec![
            (GOOD.replace("response_type=code", "response_type=token"), UnsupportedResponseType),
            (GOOD.replace("method=S256", "method=plain"), InvalidRequest),
            (GOOD.replace("pid-sd-jwt", "+"), InvalidScope),
            (GOOD.replace("pid-sd-jwt", &many.join("+")), InvalidScope),
            (format!("{GOOD}&response_mode=fragment"), InvalidRequest),
            (format!("{GOOD}&request_uri=urn%3Ax"), InvalidRequest),
            (format!("{GOOD}&request=e30.e30."), InvalidRequest),
            (format!("{GOOD}&state={}", "s".repeat(1025)), InvalidRequest),
            (format!("{GOOD}&dpop_jkt={}", "s".repeat(1025)), InvalidRequest),
            ("a".repeat(16 * 1024 + 1), InvalidRequest),
            (String::new(), InvalidRequest),
        ];
        for pair in GOOD.split('&') {
            let name = pair.split('=').next().unwrap();
            let missing = if name == "scope" { InvalidScope } else { InvalidRequest };
            let without = |value: &str| GOOD.replace(pair, value).replace("&&", "&").trim_matches('&').to_owned();
            table.push((without(""), missing));
            table.push((without(&format!("{name}=")), missing));
            table.push((format!("{GOOD}&{pair}"), InvalidRequest));
            let long = "x".repeat(REDIRECT_URI_BYTES_MAX + 1);
            table.push((without(&format!("{name}={long}")), InvalidRequest));
        }
        for (body, expected) in table {
            let found = AuthorizationRequest::parse(&body).map(drop).map_err(|fault| fault.code);
            assert_eq!(found, Err(expected), "{body:.200}");
        }
    }

    #[test]
    fn a_request_is_known_by_its_name_alone() {
        let pushed = PushedResponse::new("abc", 60);
        assert_eq!(pushed.to_json(), r#"{"request_uri":"urn:ietf:params:oauth:request_uri:abc","expires_in":60}"#);
        let query = format!("client_id=w&request_uri={}", pushed.request_uri);
        let read = PushedReference::parse(&format!("{query}&scope=other")).unwrap();
        assert_eq!((read.client_id.as_str(), read.reference.expose()), ("w", "abc"));
        for bad in [
            "client_id=w".to_owned(),
            "client_id=w&request_uri=".to_owned(),
            "client_id=w&request_uri=abc".to_owned(),
            "client_id=w&request_uri=https%3A%2F%2Fw.example".to_owned(),
            query.replace("client_id=w&", ""),
            format!("{query}&client_id=w"),
            format!("{query}&{query}"),
            format!("{query}{}", "a".repeat(1025)),
        ] {
            assert_eq!(PushedReference::parse(&bad).unwrap_err().code, IssuanceError::InvalidRequest, "{bad:.90}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_the_readers_fail_otherwise_than_by_an_error(text: String) {
            let _outcome = AuthorizationRequest::parse(&text);
            let _outcome = PushedReference::parse(&text);
        }
    }
}
