//! The answer at the client's redirect URI.

use crate::OAuthError;
use crate::form::with_query;

/// The location of the answer: `redirect_uri` with the code or the error, the `state` as received,
/// and always our issuer, by which a client of many providers knows whose answer it is (RFC 9207).
///
/// RFC 6749 sections 4.1.2 and 4.1.2.1. The redirect URI must be one that the client registered.
pub fn authorization_response(
    redirect_uri: &str,
    state: Option<&str>,
    issuer: &str,
    answer: Result<&str, &OAuthError>,
) -> String {
    let mut parameters = match answer {
        Ok(code) => vec![("code", code)],
        Err(error) => vec![("error", error.code.as_str()), ("error_description", error.description)],
    };
    parameters.extend(state.map(|state| ("state", state)));
    parameters.push(("iss", issuer));
    with_query(redirect_uri, &parameters)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorCode;

    #[test]
    fn a_code_goes_back_with_state_and_issuer() {
        assert_eq!(
            authorization_response("https://a.example/cb?x=1", Some("s t&u"), "https://kau.example", Ok("c0de")),
            "https://a.example/cb?x=1&code=c0de&state=s+t%26u&iss=https%3A%2F%2Fkau.example"
        );
    }

    #[test]
    fn an_error_goes_back_with_state_and_issuer_too() {
        let error = OAuthError::new(ErrorCode::LoginRequired, "nobody is signed in");
        assert_eq!(
            authorization_response("https://a.example/cb", None, "https://kau.example", Err(&error)),
            "https://a.example/cb?error=login_required&error_description=nobody+is+signed+in&iss=https%3A%2F%2Fkau.example"
        );
    }
}
