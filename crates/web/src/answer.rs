//! Answers: a page with its status and cookies, or a redirect.

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};

use crate::cookie::Cookie;
use crate::visitor::Visitor;

/// A page. A page that is not well-formed enough to be rendered is our fault.
pub(crate) fn page(visitor: &Visitor, status: StatusCode, template: &impl Template) -> Response {
    let mut response = render(status, template);
    set_cookies(&mut response, visitor.set.iter().cloned());
    response
}

/// The same without a visitor's cookies.
pub(crate) fn render(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// A redirect to a GET (303). `location` is one of our own paths or a registered address.
pub(crate) fn see_other(visitor: &Visitor, location: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    match HeaderValue::from_str(location) {
        Ok(location) => {
            response.headers_mut().insert(header::LOCATION, location);
            set_cookies(&mut response, visitor.set.iter().cloned());
            response
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Adds a cookie to an answer.
pub(crate) fn with_cookie(mut response: Response, cookie: Cookie, value: &str) -> Response {
    set_cookies(&mut response, [cookie.set(value)]);
    response
}

/// Removes a cookie with an answer.
pub(crate) fn without_cookie(mut response: Response, cookie: Cookie) -> Response {
    set_cookies(&mut response, [cookie.remove()]);
    response
}

fn set_cookies(response: &mut Response, cookies: impl IntoIterator<Item = HeaderValue>) {
    for cookie in cookies {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}
