//! Signing out at the broker.

use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use broker::{EndSession, RoundStep, RoundView, ServiceState, SignedOut};
use model::Service;

use super::frame;
use super::saml::go_on;
use crate::Web;
use crate::answer::{page, see_other, without_cookie};
use crate::cookie::Cookie;
use crate::fault::Refused;
use crate::form::{Fields, OwnForm};
use crate::pages::kau::End;
use crate::pages::sign_out::{RoundNext, ServiceTold, SignOut, SignOutRound, SignedOut as SignedOutPage};
use crate::pages::{Onward, ServiceName, paths};
use crate::visitor::Visitor;

/// The hidden fields that a logout request is carried in.
const CARRIED: [&str; 3] = ["client_id", "post_logout_redirect_uri", "state"];

/// `GET /kijelentkezes`
pub(super) async fn ask(State(web): State<Web>, visitor: Visitor) -> Result<Response, Refused> {
    match web.broker().end_session("", &visitor.browser, visitor.single_sign_on.as_ref(), visitor.lang).await {
        Ok(EndSession::Confirm { services, carried }) => {
            let frame = frame(&web, &visitor, None);
            let ask = SignOut { frame, action: paths::SIGN_OUT.to_owned(), services, carried };
            Ok(page(&visitor, StatusCode::OK, &ask))
        }
        // Whoever comes back from a service that did not answer goes on where they were.
        Ok(EndSession::Done(signed_out)) => match web.broker().open_round(&visitor.browser).await {
            Ok(Some(id)) => Ok(see_other(&visitor, &paths::sign_out_round(&id))),
            Ok(None) => Ok(done(&web, &visitor, signed_out)),
            Err(fault) => Err(Refused::kau(&web, &visitor, fault)),
        },
        Ok(EndSession::BadRequest { .. }) => Ok(see_other(&visitor, paths::START)),
        Err(fault) => Err(Refused::kau(&web, &visitor, fault)),
    }
}

/// `POST /kijelentkezes`
pub(super) async fn sign_out(State(web): State<Web>, form: OwnForm) -> Result<Response, Refused> {
    let OwnForm { visitor, fields } = form;
    let query = carried(&fields);
    let session = visitor.single_sign_on.as_ref();
    match web.broker().end_session_confirmed(&query, &visitor.browser, session, visitor.lang).await {
        Ok(signed_out) => Ok(done(&web, &visitor, signed_out)),
        Err(fault) => Err(Refused::kau(&web, &visitor, fault)),
    }
}

/// The logout request again, as a query.
fn carried(fields: &Fields) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for name in CARRIED.into_iter().filter(|name| !fields.text(name).is_empty()) {
        query.append_pair(name, fields.text(name));
    }
    query.finish()
}

/// Where the client wants the browser, or our own page that says what was ended.
pub(super) fn done(web: &Web, visitor: &Visitor, signed_out: SignedOut) -> Response {
    if let Some(id) = &signed_out.round {
        return signed_out_to(see_other(visitor, &paths::sign_out_round(id)));
    }
    let response = match signed_out.onward {
        // A GET may redirect; after our own form the page leads on, since the form may not.
        Some((_, location)) if visitor.path == super::oidc::END_SESSION => see_other(visitor, &location),
        onward => {
            let onward =
                onward.map(|(service, href)| Onward { service: ServiceName::of(&service, visitor.lang), href });
            let told = SignedOutPage {
                frame: frame(web, visitor, None),
                services: signed_out.told,
                remaining: signed_out.remaining,
                onward,
                again: None,
            };
            page(visitor, StatusCode::OK, &told)
        }
    };
    signed_out_to(response)
}

/// An answer to a browser whose single sign-on session is ended.
pub(super) fn signed_out_to(mut response: Response) -> Response {
    // What the browser kept of signed-in pages is of no use to whoever sits here next.
    response.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"cache\""));
    without_cookie(response, Cookie::SingleSignOn)
}

/// Services and what became of each, for a page.
pub(crate) fn services_told(visitor: &Visitor, services: &[(Service, ServiceState)]) -> Vec<ServiceTold> {
    let told = |(service, state): &(Service, ServiceState)| ServiceTold {
        name: service.name(visitor.lang).to_owned(),
        state: *state,
    };
    services.iter().map(told).collect()
}

/// `GET /kijelentkezes/{id}`
pub(super) async fn round(
    State(web): State<Web>,
    Path(id): Path<String>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let view = web.broker().view_round(&id, &visitor.browser).await;
    let RoundView { services, next } = view.map_err(|fault| Refused::kau(&web, &visitor, fault))?;
    let onward =
        |service: &Service| Onward { service: ServiceName::of(service, visitor.lang), href: paths::sign_out_step(&id) };
    let is_well = services.iter().all(|(_, state)| state.is_well());
    let next = match &next {
        broker::RoundNext::Tell(service) => RoundNext::Tell(onward(service)),
        broker::RoundNext::Return(service) if is_well => RoundNext::Return(onward(service)),
        broker::RoundNext::Return(service) => RoundNext::ReturnLater(onward(service)),
        broker::RoundNext::Nothing => RoundNext::Nothing,
    };
    let services = services_told(&visitor, &services);
    Ok(page(&visitor, StatusCode::OK, &SignOutRound { frame: frame(&web, &visitor, None), services, next }))
}

/// The page of a sign-out whose session is ended and which nobody waits for.
pub(super) fn ended(web: &Web, visitor: &Visitor, services: &[(Service, ServiceState)]) -> Response {
    let services = services_told(visitor, services);
    let round = SignOutRound { frame: frame(web, visitor, None), services, next: RoundNext::Nothing };
    signed_out_to(page(visitor, StatusCode::OK, &round))
}

/// `GET /kijelentkezes/{id}/tovabb`: the session is ended already; this leads the browser on.
pub(super) async fn step(
    State(web): State<Web>,
    Path(id): Path<String>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    match web.broker().step_round(&id, &visitor.browser).await {
        Ok(RoundStep::Onward { service, onward, is_told }) => {
            let end = if is_told { End::SigningOut } else { End::SignedOut };
            Ok(go_on(&web, &visitor, &service, onward, end))
        }
        Ok(RoundStep::Look) => Ok(see_other(&visitor, &paths::sign_out_round(&id))),
        Err(fault) => Err(Refused::kau(&web, &visitor, fault)),
    }
}
