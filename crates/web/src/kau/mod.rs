//! The broker's origin: the sign-in pages in front of every service, and OpenID Connect.

mod choose;
mod consent;
mod login;
pub(crate) mod oidc;
mod proof;
pub(crate) mod saml;
mod sign_out;
mod single_logout;
mod upstream;
mod wallet;
mod wallet_browser;
mod wallet_endpoints;
mod wallet_events;

pub(crate) use login::wrong_password;
pub(crate) use sign_out::services_told;

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use axum::routing::{get, post};
use broker::{Fault, LoginView};
use model::Service;
use ui::{Band, Frame};

use crate::Web;
use crate::fault::{Refusal, Refused};
use crate::pages::{ServiceName, bands, paths};
use crate::visitor::Visitor;

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route(paths::START, get(choose::start))
        .route(paths::CHOOSE, get(choose::show).post(choose::choose))
        .route(paths::ENROL_FROM_BROKER, get(choose::enrol))
        .route(paths::PASSWORD, get(login::password_page).post(login::password))
        .route(paths::PASSWORD_ALONE, get(login::password_alone_page).post(login::password_alone))
        .route(paths::CODE, get(login::code_page).post(login::code))
        .route(paths::MISSING_STEP, get(login::missing_step))
        .route(paths::CONSENT, get(consent::show).post(consent::answer))
        .route(paths::LINK, get(upstream::link_page).post(upstream::drop_link))
        .route(paths::UPSTREAM_CALLBACK, get(upstream::callback))
        .route(paths::UPSTREAM_ACS, post(upstream::response))
        .route(paths::UPSTREAM_RETURN, get(upstream::fetched))
        .route(paths::UPSTREAM_METADATA, get(upstream::metadata))
        .route(paths::CANCEL, get(choose::cancel))
        .route(paths::SIGN_OUT, get(sign_out::ask).post(sign_out::sign_out))
        .route(paths::SIGN_OUT_ROUND, get(sign_out::round))
        .route(paths::SIGN_OUT_STEP, get(sign_out::step))
        .route(paths::WALLET, get(wallet::show).post(wallet::go_on))
        .route(paths::WALLET_DIGITS, post(wallet::digits))
        .route(paths::WALLET_EVENTS, get(wallet_events::events))
        .route(paths::WALLET_BROWSER, post(wallet_browser::ask))
        .route(paths::WALLET_BROWSER_ANSWER, post(wallet_browser::answer))
        .route(paths::WALLET_RETURN, get(wallet::returned).head(wallet::not_returned))
        .route(paths::PROOF, get(proof::begin))
        .route(paths::AUTHORIZE_WALLET, get(authorize_wallet))
        .merge(wallet_endpoints::routes())
        .merge(oidc::routes())
        .merge(saml::routes())
        .merge(single_logout::routes())
}

/// `GET /wallet/authorize`: a person comes from the issuer, with the name of what a wallet asks for.
async fn authorize_wallet(
    State(web): State<Web>,
    RawQuery(query): RawQuery,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let (query, session) = (query.unwrap_or_default(), visitor.single_sign_on.as_ref());
    let asked = web.broker().authorize_wallet(&query, &visitor.browser, session).await;
    oidc::begun(&web, visitor, asked)
}

/// The frame of a page of this origin.
fn frame(web: &Web, visitor: &Visitor, band: Option<Band>) -> Frame {
    Frame {
        lang: visitor.lang,
        site: web.kau_site(visitor.lang),
        other_language: crate::site::other_language(visitor),
        csrf: visitor.csrf.clone(),
        band,
    }
}

/// A refusal on the way of a sign-in: where it is over, the service is named at which to begin again.
async fn refused_step(web: &Web, visitor: &Visitor, id: &str, fault: Fault) -> Refused {
    let refusal = match fault {
        Fault::Over => match web.broker().login_service(id).await {
            Ok(Some(service)) => Refusal::RequestOver(Box::new(service)),
            Ok(None) => fault.into(),
            Err(fault) => fault.into(),
        },
        fault => fault.into(),
    };
    Refused::kau(web, visitor, refusal)
}

/// The frame of a page about a wallet: of a sign-in, or of a proof to a page of the account.
fn wallet_frame(web: &Web, visitor: &Visitor, view: &LoginView) -> Frame {
    match view.proof {
        Some(aim) => frame(web, visitor, Some(bands::proving(visitor.lang, aim, paths::cancel(&view.id)))),
        None => login_frame(web, visitor, &view.id, &view.service),
    }
}

/// The frame of a sign-in's page, with its service's band.
fn login_frame(web: &Web, visitor: &Visitor, id: &str, service: &Service) -> Frame {
    let name = ServiceName::of(service, visitor.lang);
    let host = crate::form::host_of(&service.home).split('/').next().unwrap_or_default();
    frame(web, visitor, Some(bands::signing_in(visitor.lang, &name, host, paths::cancel(id))))
}
