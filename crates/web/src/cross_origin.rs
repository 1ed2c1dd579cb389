//! What a wallet that is a page of another origin may call (Fetch, CORS protocol). Nothing here knows a cookie, so every
//! origin may read every answer.

use axum::Router;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::map_response;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodRouter, options};

use crate::Web;

const ANY: HeaderValue = HeaderValue::from_static("*");
const EXPOSED: HeaderValue = HeaderValue::from_static("dpop-nonce, www-authenticate");
const ALLOWED: HeaderValue = HeaderValue::from_static(
    "authorization, content-type, dpop, oauth-client-attestation, oauth-client-attestation-pop",
);
const METHODS: HeaderValue = HeaderValue::from_static("GET, POST");
/// For how long a browser need not ask again, in seconds.
const MAX_AGE: HeaderValue = HeaderValue::from_static("600");

/// The same routes for pages of every origin; answers of errors too.
pub(crate) fn open(routes: Router<Web>) -> Router<Web> {
    routes.layer(map_response(async |mut response: Response| {
        let headers = response.headers_mut();
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, ANY);
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
        response
    }))
}

/// What also answers the question that a browser asks before a call with headers of its own.
pub(crate) fn asked_first(route: MethodRouter<Web>) -> MethodRouter<Web> {
    route.merge(options(async || {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, METHODS);
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, ALLOWED);
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, MAX_AGE);
        (StatusCode::NO_CONTENT, headers).into_response()
    }))
}
