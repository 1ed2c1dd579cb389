//! A client sends the person to sign out (OpenID Connect RP-Initiated Logout 1.0).

use crate::form::{Parameters, with_query};
use crate::{Credential, OAuthError, STATE_BYTES_MAX};

/// A logout request at the end-session endpoint (section 2). Reading checks form alone.
///
/// Nothing ends and nobody is sent anywhere because of the request alone: the caller checks the hint,
/// that it belongs to `client_id`, and that the way back is registered for that client.
#[derive(Clone, Debug, Default)]
pub struct EndSessionRequest {
    /// See [`crate::IdTokenHint`].
    pub id_token_hint: Option<Credential>,
    /// Who the client thinks is signed in.
    pub logout_hint: Option<String>,
    /// Who asks.
    pub client_id: Option<String>,
    /// Where to go afterwards. Compared byte for byte with the registered ones.
    pub post_logout_redirect_uri: Option<String>,
    /// Returned unread. At most [`STATE_BYTES_MAX`] bytes.
    pub state: Option<String>,
    /// Language tags (BCP 47), the dearest first. Not checked.
    pub ui_locales: Vec<String>,
}

impl EndSessionRequest {
    /// Reads the query of a GET or the body of a POST.
    ///
    /// # Errors
    ///
    /// `invalid_request`, to be shown on a page of ours.
    pub fn parse(query: &str) -> Result<Self, OAuthError> {
        let mut parameters = Parameters::read(query)
            .map_err(|_| OAuthError::invalid_request("the request is too large or not UTF-8"))?;
        if parameters.any_repeated() {
            return Err(OAuthError::invalid_request("a parameter is given more than once"));
        }
        let state = parameters.take("state");
        if state.as_ref().is_some_and(|state| state.len() > STATE_BYTES_MAX) {
            return Err(OAuthError::invalid_request("state is longer than 1024 bytes"));
        }
        let locales = parameters.take("ui_locales").unwrap_or_default();
        Ok(Self {
            id_token_hint: parameters.take_credential("id_token_hint"),
            logout_hint: parameters.take("logout_hint"),
            client_id: parameters.take("client_id"),
            post_logout_redirect_uri: parameters.take("post_logout_redirect_uri"),
            state,
            ui_locales: locales.split(' ').filter(|tag| !tag.is_empty()).map(str::to_owned).collect(),
        })
    }
}

/// The registered way back, with the `state` as received (section 3).
pub fn post_logout_location(registered_uri: &str, state: Option<&str>) -> String {
    let state: Vec<(&str, &str)> = state.map(|state| ("state", state)).into_iter().collect();
    with_query(registered_uri, &state)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorCode;

    #[test]
    fn a_request_is_read_in_all_its_parts() {
        let request = EndSessionRequest::parse(
            "id_token_hint=a.b.c&logout_hint=anna&client_id=rp&post_logout_redirect_uri=https%3A%2F%2Frp.example%2Fbye\
             &state=s%20t&ui_locales=hu%20en&unknown=1",
        )
        .unwrap();
        assert_eq!(request.id_token_hint.as_ref().map(Credential::expose), Some("a.b.c"));
        assert_eq!(request.logout_hint.as_deref(), Some("anna"));
        assert_eq!(request.client_id.as_deref(), Some("rp"));
        assert_eq!(request.post_logout_redirect_uri.as_deref(), Some("https://rp.example/bye"));
        assert_eq!(request.state.as_deref(), Some("s t"));
        assert_eq!(request.ui_locales, ["hu", "en"]);
    }

    #[test]
    fn o33_a_request_without_anything_is_one_to_confirm() {
        let request = EndSessionRequest::parse("").unwrap();
        assert!(request.id_token_hint.is_none() && request.post_logout_redirect_uri.is_none());
    }

    #[test]
    fn o33_repeated_or_overlong_parameters_are_refused() {
        let long = format!("state={}", "s".repeat(STATE_BYTES_MAX + 1));
        for bad in
            ["state=1&state=2", "x=1&x=1", "post_logout_redirect_uri=a&post_logout_redirect_uri=b", "state=%ff", &long]
        {
            let error = EndSessionRequest::parse(bad).unwrap_err();
            assert_eq!(error.code, ErrorCode::InvalidRequest, "{bad:.40}");
        }
    }

    #[test]
    fn the_way_back_carries_the_state() {
        assert_eq!(post_logout_location("https://rp.example/bye", None), "https://rp.example/bye");
        assert_eq!(post_logout_location("https://rp.example/bye?a=1", Some("s")), "https://rp.example/bye?a=1&state=s");
    }
}
