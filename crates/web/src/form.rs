//! A form that was sent from one of our own pages.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts as _, Request};
use axum::http::{HeaderMap, StatusCode, header};
use broker::TotpCodeError;
use model::{Secret, limits};

use crate::Web;
use crate::fault::{Refusal, Refused};
use crate::pages::{CodeProblem, PasswordProblem, fields};
use crate::visitor::Visitor;

/// A posted form and who posted it. Extracting it has checked that the form is ours: by the
/// browser's own word about the request's site, and by the form's token.
pub(crate) struct OwnForm {
    /// Who posted it.
    pub(crate) visitor: Visitor,
    /// What was typed.
    pub(crate) fields: Fields,
}

/// The fields of a form. A field that comes twice makes the form unreadable, and so do bytes that
/// are no UTF-8.
pub(crate) struct Fields(Vec<(String, Secret<String>)>);

impl Fields {
    fn parse(body: &[u8]) -> Option<Self> {
        // Otherwise every such byte would be read as the same character, in passwords too.
        percent_encoding::percent_decode(body).decode_utf8().ok()?;
        let mut fields: Vec<(String, Secret<String>)> = Vec::new();
        for (name, value) in form_urlencoded::parse(body) {
            if fields.iter().any(|(known, _)| *known == name) {
                return None;
            }
            fields.push((name.into_owned(), Secret::new(value.into_owned())));
        }
        Some(Self(fields))
    }

    /// The text of a field, empty when it is absent.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.expose().as_str())
    }

    /// A field that must not be printed.
    pub(crate) fn secret(&self, name: &str) -> Secret<String> {
        Secret::new(self.text(name).to_owned())
    }

    /// What follows `prefix` in the names of the boxes that are ticked, where a page has one for each of several things.
    pub(crate) fn ticked_after<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = &'a str> {
        let ticked = self.0.iter().filter(|(_, value)| !value.expose().is_empty());
        ticked.filter_map(move |(name, _)| name.strip_prefix(prefix))
    }

    /// Whether a box is ticked.
    pub(crate) fn ticked(&self, name: &str) -> bool {
        !self.text(name).is_empty()
    }
}

impl FromRequest<Web> for OwnForm {
    type Rejection = Refused;

    async fn from_request(request: Request, web: &Web) -> Result<Self, Refused> {
        let (mut parts, body) = request.into_parts();
        let Ok(visitor) = Visitor::from_request_parts(&mut parts, web).await;
        let host = parts.headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default().to_owned();
        let refuse = |refusal: Refusal| Refused::new(web, &host, &visitor_frame(&visitor), &refusal);
        if !is_form(&parts.headers) {
            return Err(refuse(Refusal::Status(StatusCode::UNSUPPORTED_MEDIA_TYPE)));
        }
        if !same_origin(&parts.headers, web, &host) {
            return Err(refuse(Refusal::ForeignForm));
        }
        let request = Request::from_parts(parts, body);
        let Ok(bytes) = Bytes::from_request(request, web).await else {
            return Err(refuse(Refusal::TooLarge));
        };
        if bytes.len() > limits::BODY_BYTES {
            return Err(refuse(Refusal::TooLarge));
        }
        let Some(fields) = Fields::parse(&bytes) else {
            return Err(refuse(Refusal::Status(StatusCode::BAD_REQUEST)));
        };
        if !same_token(&visitor.csrf, fields.text(fields::CSRF)) {
            return Err(refuse(Refusal::ForeignForm));
        }
        Ok(Self { visitor, fields })
    }
}

fn visitor_frame(visitor: &Visitor) -> crate::fault::Asker {
    crate::fault::Asker { lang: visitor.lang, path: visitor.path.clone(), csrf: visitor.csrf.clone() }
}

/// Equality in a time that depends on the lengths alone.
fn same_token(expected: &str, sent: &str) -> bool {
    aws_lc_rs::constant_time::verify_slices_are_equal(expected.as_bytes(), sent.as_bytes()).is_ok()
}

/// Whether the body says that it is a form (W06).
fn is_form(headers: &HeaderMap) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") && !headers.contains_key(header::CONTENT_ENCODING)
}

/// Whether the browser says that the form comes from our own origin: `Sec-Fetch-Site` where it is
/// sent, else the exact `Origin`. A browser that sends neither is older than both.
fn same_origin(headers: &HeaderMap, web: &Web, host: &str) -> bool {
    let one = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match (one("sec-fetch-site"), one("origin")) {
        (Some(site), _) => site == "same-origin",
        (None, Some(origin)) => {
            [&web.0.kau, &web.0.ugyfelkapu].into_iter().any(|own| own == origin && host_of(own) == host)
        }
        (None, None) => false,
    }
}

/// The host, with its port, of an origin.
pub(crate) fn host_of(origin: &str) -> &str {
    origin.split_once("://").map_or(origin, |(_, host)| host)
}

/// What is missing of a user name and password.
pub(crate) fn missing_credentials(name: &str, password: &Secret<String>) -> Vec<PasswordProblem> {
    let name = name.trim().is_empty().then_some(PasswordProblem::NameMissing);
    let password = password.expose().is_empty().then_some(PasswordProblem::PasswordMissing);
    name.into_iter().chain(password).collect()
}

/// What is said of a text that no code can be. None of these spends a try.
pub(crate) fn code_problem(error: TotpCodeError) -> CodeProblem {
    match error {
        TotpCodeError::Empty => CodeProblem::Missing,
        TotpCodeError::Digits(typed) => CodeProblem::Length { typed },
        TotpCodeError::Character | TotpCodeError::TooLong => CodeProblem::NotDigits,
    }
}
