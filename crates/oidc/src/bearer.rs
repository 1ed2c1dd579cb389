//! How a client shows its access token (RFC 6750 section 2), and how it is told that it is not good
//! (section 3).

use crate::form::Parameters;
use crate::{Credential, ErrorCode, OAuthError};

/// The longest access token, in bytes.
pub const TOKEN_BYTES_MAX: usize = 4096;

/// The token is missing or sent in a wrong way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BearerError {
    /// No token at all; the answer names no error then (section 3.1).
    #[error("no access token")]
    Missing,
    /// `invalid_request` or `invalid_token`.
    #[error(transparent)]
    Refused(OAuthError),
}

/// What is said of a token that is unknown, expired or revoked.
pub const INVALID_TOKEN: BearerError = BearerError::Refused(OAuthError::new(
    ErrorCode::InvalidToken,
    "the access token is unknown, has expired or was revoked",
));

/// Finds the token in the `Authorization` header (section 2.1) or the form body of a POST (section
/// 2.2). The query is never looked at: a URL is written down in too many places.
///
/// # Errors
///
/// [`BearerError`]; two tokens at once are `invalid_request`.
pub fn token(authorization: Option<&str>, body: Option<&str>) -> Result<Credential, BearerError> {
    let refused = |description| BearerError::Refused(OAuthError::invalid_request(description));
    let in_body = match body {
        None => None,
        Some(body) => {
            let mut parameters = Parameters::read(body).map_err(|_| refused("the body is too large or not UTF-8"))?;
            if parameters.any_repeated() {
                return Err(refused("a parameter is given more than once"));
            }
            parameters.take("access_token")
        }
    };
    let in_header = authorization.and_then(|header| {
        let (scheme, token) = header.split_once(' ')?;
        scheme.eq_ignore_ascii_case("Bearer").then(|| token.trim_matches(' ').to_owned())
    });
    let token = match (in_header, in_body) {
        (Some(_), Some(_)) => return Err(refused("more than one access token")),
        (Some(token), None) | (None, Some(token)) => token,
        (None, None) => return Err(BearerError::Missing),
    };
    if is_b64token(&token) { Ok(Credential::new(token)) } else { Err(INVALID_TOKEN) }
}

/// Section 2.1: `b64token`.
fn is_b64token(token: &str) -> bool {
    let stem = token.trim_end_matches('=');
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte);
    !stem.is_empty() && token.len() <= TOKEN_BYTES_MAX && stem.bytes().all(allowed)
}

impl BearerError {
    /// The value of `WWW-Authenticate`.
    pub fn www_authenticate(&self) -> String {
        match self {
            BearerError::Missing => "Bearer".to_owned(),
            BearerError::Refused(error) => {
                format!(r#"Bearer error="{}", error_description="{}""#, error.code.as_str(), error.description)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_comes_in_the_header_or_the_body() {
        for (header, body) in [
            (Some("Bearer mF_9.B5f-4.1JqM"), None),
            (Some("bearer mF_9.B5f-4.1JqM"), Some("")),
            (Some("Bearer  mF_9.B5f-4.1JqM"), Some("x=1")),
            (None, Some("access_token=mF_9.B5f-4.1JqM")),
            (Some("Basic YTpi"), Some("access_token=mF_9.B5f-4.1JqM")),
        ] {
            assert_eq!(token(header, body).unwrap().expose(), "mF_9.B5f-4.1JqM", "{header:?} {body:?}");
        }
        assert_eq!(token(Some("Bearer YWI="), None).unwrap().expose(), "YWI=");
    }

    #[test]
    fn o31_a_missing_repeated_or_damaged_token_is_answered_as_rfc_6750_says() {
        let long = format!("Bearer {}", "a".repeat(TOKEN_BYTES_MAX + 1));
        let invalid_request = r#"Bearer error="invalid_request","#;
        let invalid_token = r#"Bearer error="invalid_token","#;
        for (header, body, answer) in [
            (None, None, "Bearer"),
            (Some("Basic YTpi"), None, "Bearer"),
            (Some("Bearer"), None, "Bearer"),
            (None, Some("access_token="), "Bearer"),
            (Some("Bearer a"), Some("access_token=a"), invalid_request),
            (None, Some("access_token=a&access_token=b"), invalid_request),
            (None, Some("access_token=%ff"), invalid_request),
            (Some("Bearer "), None, invalid_token),
            (Some("Bearer a b"), None, invalid_token),
            (Some("Bearer a\"b"), None, invalid_token),
            (Some("Bearer ="), None, invalid_token),
            (Some(&long), None, invalid_token),
        ] {
            let answered = token(header, body).unwrap_err().www_authenticate();
            assert!(answered.starts_with(answer), "{header:?} {body:?}: {answered}");
            assert!(answer != "Bearer" || answered == "Bearer", "no error is named when nothing was sent");
        }
    }
}
