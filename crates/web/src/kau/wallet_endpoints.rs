//! What wallets call: requests, answers, and whom to trust. Errors are JSON and say little.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use broker::{AnswerRefusal, Fault, RequestRefusal};
use serde_json::json;

use super::oidc::{public_pem, unavailable};
use crate::Web;
use crate::cross_origin::open;
use crate::fault::json as json_answer;
use crate::pages::{Text, paths};
use crate::visitor::Visitor;

pub(super) fn routes() -> Router<Web> {
    open(
        Router::new()
            .route(paths::WALLET_REQUEST, get(request).post(request_with_nonce))
            .route(paths::WALLET_RESPONSE, post(response))
            .route(paths::WALLET_TYPED, get(typed))
            .route(paths::WALLET_ANCHOR, get(anchor)),
    )
}

/// `GET /wallet/request/{id}`: the signed request (RFC 9101 section 5.2.3).
async fn request(State(web): State<Web>, Path(id): Path<String>, visitor: Visitor) -> Response {
    signed(&web, &visitor, &id, None).await
}

/// `POST /wallet/request/{id}`: the same with the wallet's nonce in it (OpenID4VP 1.0 section 5.10). What the wallet says
/// of itself is not needed: there is one profile.
async fn request_with_nonce(State(web): State<Web>, Path(id): Path<String>, visitor: Visitor, body: Bytes) -> Response {
    let mut nonces = form_urlencoded::parse(&body).filter(|(name, _)| name == "wallet_nonce");
    match (nonces.next(), nonces.next()) {
        (nonce, None) => signed(&web, &visitor, &id, nonce.as_ref().map(|(_, nonce)| &**nonce)).await,
        (_, Some(_)) => refused(StatusCode::BAD_REQUEST, "wallet_nonce"),
    }
}

async fn signed(web: &Web, visitor: &Visitor, id: &str, wallet_nonce: Option<&str>) -> Response {
    match web.broker().wallet_request(id, wallet_nonce, &visitor.caller).await {
        Ok(token) => {
            let mut response = token.into_response();
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/oauth-authz-req+jwt"));
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            response
        }
        Err(RequestRefusal::Unknown) => refused(StatusCode::NOT_FOUND, "unknown"),
        Err(RequestRefusal::WalletNonce) => refused(StatusCode::BAD_REQUEST, "wallet_nonce"),
        // For the person, in the person's language where we know it (row V18).
        Err(RequestRefusal::Gone) => refused(StatusCode::GONE, Text::of(visitor.lang).wallet_lapsed()),
        Err(RequestRefusal::Fault(fault)) => at_fault(web, &fault),
    }
}

/// `POST /wallet/response/{id}` (OpenID4VP 1.0 section 8.2).
async fn response(State(web): State<Web>, Path(id): Path<String>, visitor: Visitor, body: Bytes) -> Response {
    match web.broker().wallet_answer(&id, &body, &visitor.caller).await {
        Ok(Some(redirect_uri)) => json_answer(StatusCode::OK, json!({"redirect_uri": redirect_uri}).to_string()),
        Ok(None) => json_answer(StatusCode::OK, "{}".to_owned()),
        Err(AnswerRefusal::Bad) => refused(StatusCode::BAD_REQUEST, "the answer is not accepted"),
        Err(AnswerRefusal::Fault(fault)) => at_fault(&web, &fault),
    }
}

/// `GET /wallet/kod/{code}`: the request that was typed into a wallet.
async fn typed(State(web): State<Web>, Path(code): Path<String>, visitor: Visitor) -> Response {
    match web.broker().wallet_typed(&code, &visitor.caller).await {
        Ok(request) => json_answer(StatusCode::OK, json!({"request": request}).to_string()),
        Err(fault) => at_fault(&web, &fault),
    }
}

/// `GET /wallet/verifier.pem`
async fn anchor(State(web): State<Web>) -> Response {
    match web.broker().verifier_anchor_pem() {
        Ok(pem) => public_pem(pem),
        Err(fault) => at_fault(&web, &fault),
    }
}

fn refused(status: StatusCode, description: &str) -> Response {
    let body = json!({"error": "invalid_request", "error_description": description});
    json_answer(status, body.to_string())
}

fn at_fault(web: &Web, fault: &Fault) -> Response {
    match fault {
        Fault::NoJourney | Fault::Over | Fault::NoSession | Fault::Gone | Fault::Stale => {
            refused(StatusCode::NOT_FOUND, "unknown")
        }
        Fault::TooMany { until } => {
            let mut response = json_answer(StatusCode::TOO_MANY_REQUESTS, r#"{"error":"slow_down"}"#.to_owned());
            let seconds = until.since(web.broker().now()).as_secs().max(1);
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            response
        }
        Fault::Busy { .. } | Fault::Unavailable(_) | Fault::Damaged(_) => unavailable(fault),
    }
}
