//! OpenID Connect's endpoints: HTTP in, the conductor, HTTP out.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use broker::{Authorized, EndSession, Fault, Onward, TokenRefusal, UserInfoRefusal};
use model::limits;

use super::choose::path_of_first;
use super::{frame, sign_out};
use crate::Web;
use crate::answer::{page, see_other};
use crate::cookie::Cookie;
use crate::fault::{Refusal, Refused, json};
use crate::pages::paths;
use crate::pages::sign_out::SignOut;
use crate::visitor::Visitor;

/// The authorization endpoint.
pub(crate) const AUTHORIZE: &str = "/oidc/authorize";
/// The token endpoint.
pub(crate) const TOKEN: &str = "/oidc/token";
/// UserInfo.
pub(crate) const USERINFO: &str = "/oidc/userinfo";
/// The published keys.
pub(crate) const JWKS: &str = "/oidc/jwks";
/// RP-initiated logout.
pub(crate) const END_SESSION: &str = "/oidc/logout";

/// How long a relying party may keep discovery and keys: far less than the overlap of keys.
pub(super) const CACHE: HeaderValue = HeaderValue::from_static("public, max-age=3600");

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/.well-known/openid-configuration", get(discovery))
        .route(JWKS, get(jwks))
        .route(AUTHORIZE, get(authorize).post(authorize_form))
        .route(TOKEN, post(token))
        .route(USERINFO, get(userinfo).post(userinfo).options(may_send_token))
        .route(END_SESSION, get(end_session).post(end_session_form))
}

/// `GET /.well-known/openid-configuration`: bytes that are made once.
async fn discovery(State(web): State<Web>) -> Response {
    public_json(web.broker().discovery())
}

/// `GET /oidc/jwks`
async fn jwks(State(web): State<Web>) -> Response {
    match web.broker().jwks() {
        Ok(document) => public_json(document),
        Err(fault) => unavailable(&fault),
    }
}

/// A certificate that anybody may keep for an hour (RFC 8555 section 9.1 has its media type).
pub(crate) fn public_pem(pem: String) -> Response {
    let content_type = HeaderValue::from_static("application/pem-certificate-chain");
    ([(header::CONTENT_TYPE, content_type), (header::CACHE_CONTROL, CACHE)], pem).into_response()
}

/// A public document, readable from any origin.
pub(crate) fn public_json(document: Bytes) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, CACHE);
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    (headers, document).into_response()
}

/// `GET /oidc/authorize`
async fn authorize(State(web): State<Web>, RawQuery(query): RawQuery, visitor: Visitor) -> Result<Response, Refused> {
    answer(&web, visitor, &query.unwrap_or_default()).await
}

/// `POST /oidc/authorize`: OpenID Connect Core 1.0 section 3.1.2.1 demands both. A POST from another site
/// comes without our cookies, so it is turned into a GET of ours, which has them.
async fn authorize_form(
    State(web): State<Web>,
    visitor: Visitor,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Refused> {
    as_get(&web, &visitor, AUTHORIZE, &headers, &body)
}

async fn answer(web: &Web, visitor: Visitor, query: &str) -> Result<Response, Refused> {
    let asked = web.broker().authorize(query, &visitor.browser, visitor.single_sign_on.as_ref()).await;
    begun(web, visitor, asked)
}

/// Where a request for a sign-in leads, whoever asked.
pub(super) fn begun(web: &Web, mut visitor: Visitor, asked: Result<Authorized, Fault>) -> Result<Response, Refused> {
    match asked {
        Ok(Authorized::BadRequest { reason }) => {
            tracing::info!(reason, "a request for a sign-in was refused");
            Err(Refused::kau(web, &visitor, Refusal::UnknownService))
        }
        Ok(Authorized::Over { service }) => Err(Refused::kau(web, &visitor, Refusal::RequestOver(service))),
        Ok(Authorized::Answered(Onward::Location(location))) => Ok(see_other(&visitor, &location)),
        // No answer of this protocol is a form.
        Ok(Authorized::Answered(Onward::Form { .. })) => Err(Refused::kau(web, &visitor, Refusal::NotFound)),
        Ok(Authorized::Login { id, lang, first }) => {
            if let Some(lang) = lang {
                visitor.set.push(Cookie::Lang.set(lang.tag()));
            }
            Ok(see_other(&visitor, &path_of_first(&id, first)))
        }
        Err(fault) => Err(Refused::kau(web, &visitor, fault)),
    }
}

/// What was posted, to be asked for by GET.
pub(super) fn as_get(
    web: &Web,
    visitor: &Visitor,
    path: &str,
    headers: &HeaderMap,
    body: &Bytes,
) -> Result<Response, Refused> {
    match form_body(headers, body) {
        // It becomes part of a request's head.
        Some(query) if query.len() > limits::HEAD_BYTES => Err(Refused::kau(web, visitor, Refusal::TooLarge)),
        Some(query) => Ok(see_other(visitor, &format!("{path}?{query}"))),
        None => Err(Refused::kau(web, visitor, Refusal::Status(StatusCode::UNSUPPORTED_MEDIA_TYPE))),
    }
}

/// The body of a form that a client posted, if it is one.
pub(crate) fn form_body<'b>(headers: &HeaderMap, body: &'b Bytes) -> Option<&'b str> {
    let content_type = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let essence = content_type.split(';').next()?.trim();
    essence.eq_ignore_ascii_case("application/x-www-form-urlencoded").then(|| std::str::from_utf8(body).ok())?
}

pub(crate) fn authorization(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()
}

/// `POST /oidc/token`
async fn token(State(web): State<Web>, visitor: Visitor, headers: HeaderMap, body: Bytes) -> Response {
    let Some(form) = form_body(&headers, &body) else {
        return json(StatusCode::UNSUPPORTED_MEDIA_TYPE, r#"{"error":"invalid_request"}"#.to_owned());
    };
    let mut response = match web.broker().token(authorization(&headers), form, &visitor.caller).await {
        Ok(answer) => json(StatusCode::OK, answer.body),
        Err(TokenRefusal::Request(error)) => json(StatusCode::BAD_REQUEST, oauth_error(&error)),
        Err(TokenRefusal::Client(error)) => {
            let mut response = json(StatusCode::UNAUTHORIZED, oauth_error(&error));
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"kapu\""));
            response
        }
        Err(TokenRefusal::Limited { until }) => {
            let mut response = json(StatusCode::TOO_MANY_REQUESTS, r#"{"error":"slow_down"}"#.to_owned());
            let seconds = until.since(web.broker().now()).as_secs().max(1);
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            response
        }
        Err(TokenRefusal::Fault(fault)) => unavailable(&fault),
    };
    allow_origin(&web, &headers, &mut response).await;
    response
}

/// `GET` or `POST /oidc/userinfo`
async fn userinfo(State(web): State<Web>, method: Method, headers: HeaderMap, body: Bytes) -> Response {
    let form = if method == Method::POST { form_body(&headers, &body) } else { None };
    let mut response = match web.broker().userinfo(authorization(&headers), form).await {
        Ok(claims) => json(StatusCode::OK, claims),
        Err(UserInfoRefusal::Bearer(error)) => bearer_refusal(&error),
        Err(UserInfoRefusal::Fault(fault)) => unavailable(&fault),
    };
    allow_origin(&web, &headers, &mut response).await;
    response
}

/// `OPTIONS /oidc/userinfo`: a browser asks whether a script may send the token (Fetch section 3.3.2).
async fn may_send_token(State(web): State<Web>, headers: HeaderMap) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    allow_origin(&web, &headers, &mut response).await;
    if response.headers().contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN) {
        let allowed = HeaderValue::from_static("authorization");
        response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_HEADERS, allowed);
    }
    response
}

/// RFC 6749 section 5.2.
fn oauth_error(error: &broker::OAuthError) -> String {
    serde_json::to_string(error).unwrap_or_default()
}

/// RFC 6750 section 3: a request that is no request is 400, a token that is not good 401.
pub(crate) fn bearer_refusal(error: &broker::BearerError) -> Response {
    let status = match error {
        broker::BearerError::Refused(error) if error.code == broker::ErrorCode::InvalidRequest => {
            StatusCode::BAD_REQUEST
        }
        broker::BearerError::Refused(_) | broker::BearerError::Missing => StatusCode::UNAUTHORIZED,
    };
    let mut response = status.into_response();
    if let Ok(challenge) = HeaderValue::from_str(&error.www_authenticate()) {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    }
    response
}

pub(crate) fn unavailable(fault: &broker::Fault) -> Response {
    tracing::error!(%fault, cause = ?std::error::Error::source(fault), "an endpoint could not answer");
    let mut response = json(StatusCode::SERVICE_UNAVAILABLE, r#"{"error":"temporarily_unavailable"}"#.to_owned());
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    response
}

/// Lets the script of a registered public client read the answer (row O35): its exact origin, no
/// wildcard, no credentials.
async fn allow_origin(web: &Web, headers: &HeaderMap, response: &mut Response) {
    let Some(origin) = headers.get(header::ORIGIN) else { return };
    let registered = match origin.to_str() {
        Ok(text) => web.broker().is_public_client_origin(text).await.unwrap_or(false),
        Err(_) => false,
    };
    if registered {
        response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        response.headers_mut().insert(header::VARY, HeaderValue::from_static("origin"));
    }
}

/// `GET /oidc/logout`
async fn end_session(State(web): State<Web>, RawQuery(query): RawQuery, visitor: Visitor) -> Result<Response, Refused> {
    let query = query.unwrap_or_default();
    let asked = web.broker().end_session(&query, &visitor.browser, visitor.single_sign_on.as_ref(), visitor.lang).await;
    match asked {
        Ok(EndSession::BadRequest { reason }) => {
            tracing::info!(reason, "a logout request was refused");
            Err(Refused::kau(&web, &visitor, Refusal::UnknownService))
        }
        Ok(EndSession::Confirm { services, carried }) => {
            let frame = frame(&web, &visitor, None);
            let ask = SignOut { frame, action: paths::SIGN_OUT.to_owned(), services, carried };
            Ok(page(&visitor, StatusCode::OK, &ask))
        }
        Ok(EndSession::Done(signed_out)) => Ok(sign_out::done(&web, &visitor, signed_out)),
        Err(fault) => Err(Refused::kau(&web, &visitor, fault)),
    }
}

/// `POST /oidc/logout`, as [`authorize_form`].
async fn end_session_form(
    State(web): State<Web>,
    visitor: Visitor,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Refused> {
    as_get(&web, &visitor, END_SESSION, &headers, &body)
}
