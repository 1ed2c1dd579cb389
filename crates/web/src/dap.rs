//! The issuer's endpoints, for wallets and for whoever asks whether a credential is still good: HTTP in, the
//! conductor, HTTP out. No session is known here; the one page says to a person what this is.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use broker::{Carriage, CredentialAnswer, Fault, IssuerPaths, IssuingRefusal, ShownToken, ShownWallet};
use model::{Handle, limits};

use crate::Web;
use crate::accept::quality;
use crate::answer::page;
use crate::cross_origin::{asked_first, open};
use crate::fault::json;
use crate::kau::oidc::{authorization, bearer_refusal, form_body, public_json, public_pem, unavailable};
use crate::pages::credentials::Issuer;
use crate::pages::paths;
use crate::visitor::Visitor;

/// The issuer's paths.
pub(crate) const PATHS: IssuerPaths = IssuerPaths {
    push: "/par",
    authorize: "/authorize",
    token: "/token",
    nonce: "/nonce",
    credential: "/credential",
    notification: "/notification",
    offer: "/offer",
    status: "/status",
};

/// What a status list is (Token Status List section 8.1).
const STATUS_LIST: HeaderValue = HeaderValue::from_static("application/statuslist+jwt");
/// What is signed or encrypted.
const JWT: &str = "application/jwt";
const JSON: &str = "application/json";

pub(crate) fn routes() -> Router<Web> {
    let called = Router::new()
        .route("/.well-known/openid-credential-issuer", get(issuer_metadata))
        .route("/.well-known/oauth-authorization-server", get(server_metadata))
        .route("/offer/{reference}", get(offer))
        .route(PATHS.push, asked_first(post(push)))
        .route(PATHS.token, asked_first(post(token)))
        .route(PATHS.nonce, post(nonce))
        .route(PATHS.credential, asked_first(post(credential)))
        .route(PATHS.notification, asked_first(post(notification)))
        .route("/status/{list}", get(status_list))
        .route("/issuer.pem", get(anchor))
        .fallback(not_found);
    open(called).route(paths::START, get(start)).route(PATHS.authorize, get(authorize))
}

/// `GET /`
async fn start(State(web): State<Web>, visitor: Visitor) -> Response {
    let wallet = format!("{}{}", web.0.ugyfelkapu, paths::CREDENTIALS);
    page(&visitor, StatusCode::OK, &Issuer { frame: web.dap_frame(&visitor), wallet })
}

/// `GET /.well-known/openid-credential-issuer` (`OpenID4VCI` 1.0 section 12.2.2): signed for whoever would rather have
/// it so. All languages at once, whichever is asked for.
async fn issuer_metadata(State(web): State<Web>, headers: HeaderMap) -> Response {
    let mut response = if quality(&headers, JWT) > quality(&headers, JSON) {
        let signed = web.broker().signed_credential_issuer_metadata();
        signed.map_or_else(|fault| gone_or(&fault), |signed| as_jwt(public_json(signed.into())))
    } else {
        web.broker().credential_issuer_metadata().map_or_else(|fault| gone_or(&fault), public_json)
    };
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept"));
    response
}

/// The same octets, which are a signed or encrypted token.
fn as_jwt(mut response: Response) -> Response {
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(JWT));
    response
}

/// `GET /.well-known/oauth-authorization-server` (RFC 8414 section 3)
async fn server_metadata(State(web): State<Web>) -> Response {
    web.broker().issuing_server_metadata().map_or_else(|fault| gone_or(&fault), public_json)
}

/// `GET /offer/{reference}`: an offer by reference (section 4.1.3).
async fn offer(State(web): State<Web>, Path(reference): Path<String>) -> Response {
    let Some(reference) = Handle::parse(&reference) else { return not_found().await };
    match web.broker().credential_offer(&reference).await {
        Ok(offer) => json(StatusCode::OK, offer.expose().clone()),
        Err(fault) => gone_or(&fault),
    }
}

/// `POST /par` (RFC 9126 section 2)
async fn push(State(web): State<Web>, headers: HeaderMap, body: Bytes) -> Response {
    let form = form_body(&headers, &body).unwrap_or_default();
    match web.broker().push_request(form, &shown_wallet(&headers)).await {
        Ok(body) => json(StatusCode::CREATED, body),
        refused => answered(refused),
    }
}

/// `GET /authorize` (section 5, RFC 9126 section 4). A person signs in at KAÜ, and nowhere else: no cookie is set here.
async fn authorize(State(web): State<Web>, RawQuery(query): RawQuery) -> Redirect {
    Redirect::to(&format!("{}{}?{}", web.0.kau, paths::AUTHORIZE_WALLET, query.unwrap_or_default()))
}

/// `POST /token` (section 6)
async fn token(State(web): State<Web>, headers: HeaderMap, body: Bytes) -> Response {
    // Whoever posts something else than a form has given no parameter.
    let form = form_body(&headers, &body).unwrap_or_default();
    answered(web.broker().credential_token(form, &shown_wallet(&headers)).await)
}

/// `POST /nonce` (section 7)
async fn nonce(State(web): State<Web>) -> Response {
    json(StatusCode::OK, web.broker().credential_nonce())
}

/// `POST /credential` (section 8)
async fn credential(State(web): State<Web>, headers: HeaderMap, body: Bytes) -> Response {
    let shown = shown(&headers);
    let is_encrypted = media_type(&headers).eq_ignore_ascii_case(JWT);
    let carriage = if is_encrypted { Carriage::Encrypted } else { Carriage::Clear };
    let body = if is_encrypted { limited(&body) } else { json_body(&headers, &body) };
    match web.broker().issue_credentials(&shown, carriage, body).await {
        Ok(CredentialAnswer::Json(answer)) => json(StatusCode::OK, answer),
        Ok(CredentialAnswer::Jwt(answer)) => as_jwt(json(StatusCode::OK, answer)),
        Err(refusal) => answered(Err(refusal)),
    }
}

/// `POST /notification` (section 11)
async fn notification(State(web): State<Web>, headers: HeaderMap, body: Bytes) -> Response {
    let shown = shown(&headers);
    match web.broker().credential_notification(&shown, json_body(&headers, &body)).await {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(refusal) => answered(Err(refusal)),
    }
}

/// `GET /status/{list}` (Token Status List section 8.1). Kept for no longer than a revocation may take.
async fn status_list(State(web): State<Web>, Path(list): Path<String>, headers: HeaderMap) -> Response {
    // One address for each list.
    let number = list.parse::<u32>().ok().filter(|number| number.to_string() == list);
    let Some(number) = number else { return not_found().await };
    let served = match web.broker().status_list(number).await {
        Ok(served) => served,
        Err(fault) => return gone_or(&fault),
    };
    let tag = format!("\"{}\"", served.tag);
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let is_known = known.is_some_and(|known| known.split(',').any(|one| one.trim() == tag));
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, STATUS_LIST)], served.token.clone()).into_response()
    };
    let headers = response.headers_mut();
    if let Ok(kept) = HeaderValue::from_str(&format!("public, max-age={}", served.max_age)) {
        headers.insert(header::CACHE_CONTROL, kept);
    }
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    response
}

/// `GET /issuer.pem`: whom whoever takes our credentials trusts.
async fn anchor(State(web): State<Web>) -> Response {
    web.broker().credential_issuer_anchor_pem().map_or_else(|fault| gone_or(&fault), public_pem)
}

fn shown(headers: &HeaderMap) -> ShownToken<'_> {
    ShownToken { authorization: authorization(headers), dpop: only(headers, "dpop") }
}

fn shown_wallet(headers: &HeaderMap) -> ShownWallet<'_> {
    ShownWallet {
        attestation: only(headers, "oauth-client-attestation"),
        proof: only(headers, "oauth-client-attestation-pop"),
        dpop: only(headers, "dpop"),
    }
}

/// A header, if it came; twice at once it is none that could be good (RFC 9449 section 4.3).
fn only<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?;
    Some(if values.next().is_none() { first.to_str().unwrap_or_default() } else { "" })
}

/// The body of a request in JSON; nothing, which is no request, of any other.
fn json_body<'b>(headers: &HeaderMap, body: &'b Bytes) -> &'b [u8] {
    if media_type(headers).eq_ignore_ascii_case(JSON) { limited(body) } else { &[] }
}

fn limited(body: &Bytes) -> &[u8] {
    if body.len() <= limits::BODY_BYTES { body } else { &[] }
}

fn media_type(headers: &HeaderMap) -> &str {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    content_type.split(';').next().unwrap_or_default().trim()
}

fn answered(outcome: Result<String, IssuingRefusal>) -> Response {
    match outcome {
        Ok(body) => json(StatusCode::OK, body),
        Err(IssuingRefusal::Request(fault)) if fault.code.is_of_client() => {
            json(StatusCode::UNAUTHORIZED, fault.to_json())
        }
        Err(IssuingRefusal::Request(fault)) => json(StatusCode::BAD_REQUEST, fault.to_json()),
        Err(IssuingRefusal::Bearer(error)) => bearer_refusal(&error),
        Err(IssuingRefusal::Possession(refused)) => {
            let challenge = HeaderValue::from_static(refused.www_authenticate());
            (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, challenge)]).into_response()
        }
        Err(IssuingRefusal::Fault(fault)) => gone_or(&fault),
    }
}

fn gone_or(fault: &Fault) -> Response {
    match fault {
        Fault::Gone => json(StatusCode::NOT_FOUND, r#"{"error":"not_found"}"#.to_owned()),
        Fault::NoJourney
        | Fault::Over
        | Fault::NoSession
        | Fault::Stale
        | Fault::TooMany { .. }
        | Fault::Busy { .. }
        | Fault::Unavailable(_)
        | Fault::Damaged(_) => unavailable(fault),
    }
}

async fn not_found() -> Response {
    json(StatusCode::NOT_FOUND, r#"{"error":"not_found"}"#.to_owned())
}
