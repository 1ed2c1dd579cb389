//! The portal's routes.

use axum::body::Body;
use axum::extract::{Path, RawQuery, Request, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode, header};
use model::Handle;

use super::Portal;
use super::logout_token::LogoutTokenFault;
use super::sessions::Used;
use super::sign_in::{Attempt, failure_of};
use crate::answer;
use crate::fault::Fault;
use crate::own_form::{self, OwnForm};
use crate::portal::demand::{Demand, Failure};
use crate::portal::pages;
use crate::visitor::{Visitor, renew, stored};

/// `GET /`
pub(super) async fn home(State(portal): State<Portal>, visitor: Visitor) -> Response {
    match portal.sessions.find(visitor.digest(), portal.demo.clock.now()).await {
        Ok(Some(session)) => pages::person(&visitor, &session, &portal.neighbours),
        Ok(None) => pages::front(&visitor),
        Err(fault) => Fault::from(fault).answer(&visitor),
    }
}

/// `GET /belepes`: changes nothing but what this browser may come back with.
pub(super) async fn sign_in(State(portal): State<Portal>, visitor: Visitor) -> Response {
    begin(&portal, &visitor, Demand::Ordinary).await
}

/// `GET /friss-belepes`
pub(super) async fn sign_in_afresh(State(portal): State<Portal>, visitor: Visitor) -> Response {
    begin(&portal, &visitor, Demand::Fresh).await
}

/// `GET /emelt-belepes`
pub(super) async fn sign_in_higher(State(portal): State<Portal>, visitor: Visitor) -> Response {
    begin(&portal, &visitor, Demand::Substantial).await
}

/// `GET /nagykorusag`
pub(super) async fn sign_in_as_adult(State(portal): State<Portal>, visitor: Visitor) -> Response {
    begin(&portal, &visitor, Demand::Adult).await
}

async fn begin(portal: &Portal, visitor: &Visitor, demand: Demand) -> Response {
    let state = Handle::draw(&*portal.demo.random);
    let attempt = Attempt::new(visitor, state, demand, portal.demo.clock.now());
    let url = match portal.provider.authorization_url(&attempt, visitor.lang).await {
        Ok(url) => url,
        Err(failure) => return pages::failed(visitor, failure),
    };
    match portal.sessions.expect(visitor.digest(), &attempt).await {
        Ok(()) => answer::see_other(url.as_str()),
        Err(fault) => Fault::from(fault).answer(visitor),
    }
}

/// `GET /callback`: always answers with a redirect, so that the code and the state leave the address bar.
pub(super) async fn callback(State(portal): State<Portal>, visitor: Visitor, RawQuery(query): RawQuery) -> Response {
    match returned(&portal, &visitor, &query.unwrap_or_default()).await {
        Ok(Ok(response)) => response,
        Ok(Err(failure)) => answer::see_other(&format!("/sikertelen/{}", failure.as_str())),
        Err(fault) => fault.answer(&visitor),
    }
}

async fn returned(portal: &Portal, visitor: &Visitor, query: &str) -> Result<Result<Response, Failure>, Fault> {
    let now = portal.demo.clock.now();
    let Some(state) = parameter(query, "state").as_deref().and_then(Handle::parse) else {
        return Ok(Err(Failure::Stale));
    };
    let Some((demand, begun)) = portal.sessions.take(visitor.digest(), stored(&state), now).await? else {
        return Ok(Err(Failure::Stale));
    };
    if !parameter(query, "iss").is_some_and(|issuer| portal.provider.is_issuer(&issuer)) {
        return Ok(Err(Failure::Implausible));
    }
    if let Some(error) = parameter(query, "error") {
        return Ok(Err(failure_of(&error)));
    }
    let Some(code) = parameter(query, "code") else {
        return Ok(Err(Failure::Implausible));
    };
    let attempt = Attempt::new(visitor, state, demand, begun);
    let signed_in = match portal.provider.redeem(code, &attempt).await {
        Ok(signed_in) => signed_in,
        Err(failure) => return Ok(Err(failure)),
    };
    let mut response = answer::see_other("/");
    let new = stored(&renew(&mut response, &*portal.demo.random));
    portal.sessions.begin(visitor.digest(), new, signed_in, now).await?;
    Ok(Ok(response))
}

/// The parameter's value; of two with the same name neither counts (RFC 6749 section 3.1).
fn parameter(query: &str, name: &str) -> Option<String> {
    let mut found = form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| key == name);
    let (_, value) = found.next()?;
    found.next().is_none().then(|| value.into_owned())
}

/// `GET /sikertelen/{reason}`
pub(super) async fn failed(visitor: Visitor, Path(reason): Path<String>) -> Response {
    match Failure::from_name(&reason) {
        Some(failure) => pages::failed(&visitor, failure),
        None => Fault::NotFound.answer(&visitor),
    }
}

/// `POST /kilepes`: ends the session here, and leads on to Kapu to end it there.
///
/// The answer is a page and no redirect: `form-action 'self'` forbids a form to end at another origin.
pub(super) async fn sign_out(State(portal): State<Portal>, visitor: Visitor, _: OwnForm) -> Response {
    let id_token = match portal.sessions.end(visitor.digest()).await {
        Ok(id_token) => id_token,
        Err(fault) => return Fault::from(fault).answer(&visitor),
    };
    let onward = match id_token {
        Some(id_token) => portal.provider.end_session_url(&id_token, visitor.lang).await,
        None => None,
    };
    let mut response = match onward {
        Some(url) => pages::leaving(&visitor, url.as_str()),
        None => answer::see_other(super::SIGNED_OUT),
    };
    renew(&mut response, &*portal.demo.random);
    response
}

/// `GET /kilepett`: where Kapu sends back to after a sign-out.
pub(super) async fn signed_out(visitor: Visitor) -> Response {
    pages::signed_out(&visitor)
}

/// `POST /backchannel-logout`: Kapu says that a session has ended.
pub(super) async fn back_channel_logout(State(portal): State<Portal>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    match ended(&portal, &parts.headers, body).await {
        Ok(()) => answer::plain(StatusCode::OK),
        Err(fault) => {
            tracing::warn!(%fault, "a logout token ended nothing");
            let headers = [(header::CACHE_CONTROL, "no-store"), (header::CONTENT_TYPE, "application/json")];
            let words = serde_json::json!({"error": "invalid_request", "error_description": fault.to_string()});
            // Section 2.8: 400 for whatever is wrong.
            (StatusCode::BAD_REQUEST, headers, words.to_string()).into_response()
        }
    }
}

async fn ended(portal: &Portal, headers: &HeaderMap, body: Body) -> Result<(), LogoutTokenFault> {
    let fields = own_form::fields(headers, body).await.map_err(|_| LogoutTokenFault::Missing)?;
    let mut tokens = fields.iter().filter(|(name, _)| name == "logout_token");
    let (Some((_, token)), None) = (tokens.next(), tokens.next()) else {
        return Err(LogoutTokenFault::Missing);
    };
    let token = portal.provider.logout(token).await?;
    match portal.sessions.use_up(token, portal.demo.clock.now()).await {
        Ok(Used::Now) => Ok(()),
        Ok(Used::Before) => Err(LogoutTokenFault::Replayed),
        Err(fault) => {
            tracing::error!(error = &fault as &dyn std::error::Error, "a session cannot be ended");
            Err(LogoutTokenFault::Unavailable)
        }
    }
}
