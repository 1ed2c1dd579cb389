//! Choosing a method, going to enrol, going back.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use broker::{Cancelled, FirstPage, LoginView, MethodView};
use journey::{Offer, Stage};
use model::Method;

use super::consent::left_at_kau;
use super::wallet;
use super::{frame, login_frame, refused_step, saml, upstream};
use crate::Web;
use crate::answer::{page, see_other, with_cookie, without_cookie};
use crate::cookie::Cookie;
use crate::fault::Refused;
use crate::form::OwnForm;
use crate::pages::kau::{Choose, ChooseProblem, End, Offer as Shown, OfferState, Start};
use crate::pages::{ServiceName, fields, paths};
use crate::visitor::Visitor;

/// `GET /`
pub(super) async fn start(State(web): State<Web>, visitor: Visitor) -> Response {
    let account = web.0.ugyfelkapu.clone();
    page(&visitor, StatusCode::OK, &Start { frame: frame(&web, &visitor, None), account })
}

/// `GET /b/{id}`: the sign-in page, or the step that is next.
pub(super) async fn show(
    State(web): State<Web>,
    Path(id): Path<String>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let view =
        web.broker().login_view(&id, &visitor.browser).await.map_err(|fault| Refused::kau(&web, &visitor, fault))?;
    if view.linking.is_some() {
        // Whatever is chosen would connect it: the person says first that it shall not.
        return Ok(see_other(&visitor, &paths::link(&id)));
    }
    if view.proof.is_some() {
        // Nothing is to be chosen.
        return Ok(see_other(&visitor, &paths::wallet(&id)));
    }
    Ok(page(&visitor, StatusCode::OK, &choose_page(&web, &visitor, &view, None)))
}

pub(super) fn choose_page(web: &Web, visitor: &Visitor, view: &LoginView, problem: Option<ChooseProblem>) -> Choose {
    let remembered = visitor.method.as_deref().and_then(Method::from_name);
    Choose {
        frame: login_frame(web, visitor, &view.id, &view.service),
        action: paths::choose(&view.id),
        service: ServiceName::of(&view.service, visitor.lang),
        offers: view.methods.iter().map(|method| shown(*method, remembered)).collect(),
        upstreams: view.upstreams.iter().filter_map(|shown| upstream::shown(web, visitor, shown)).collect(),
        cutover: web.cutover(visitor.lang),
        enrol: paths::enrol_from_broker(&view.id),
        problem,
    }
}

fn shown(view: MethodView, remembered: Option<Method>) -> Shown {
    let state = match view.offer {
        Offer::Offered if remembered == Some(view.method) => OfferState::Remembered,
        Offer::Offered => OfferState::Offered,
        Offer::NotYet | Offer::Absent => OfferState::NotYet,
        Offer::BelowService => OfferState::TooWeak,
    };
    Shown { method: view.method, state }
}

/// `POST /b/{id}`: the choice. It is in the address of the next page, so nothing is written but requests to wallets.
pub(super) async fn choose(State(web): State<Web>, Path(id): Path<String>, form: OwnForm) -> Result<Response, Refused> {
    let OwnForm { visitor, fields } = form;
    let view =
        web.broker().login_view(&id, &visitor.browser).await.map_err(|fault| Refused::kau(&web, &visitor, fault))?;
    let elsewhere = fields.text(fields::UPSTREAM);
    if !elsewhere.is_empty() {
        return upstream::ask(&web, &visitor, &view, elsewhere).await;
    }
    let chosen = Method::from_name(fields.text(fields::METHOD));
    let offered = chosen.filter(|method| view.offers(*method));
    let next = match offered {
        Some(Method::AuthenticatorApp) => paths::password(&id),
        Some(Method::Password) => paths::password_alone(&id),
        Some(Method::Wallet) => {
            let purpose = wallet::purpose_to_begin(&view);
            let asked = web.broker().ask_wallet(&view, &visitor.browser, purpose, &visitor.caller).await;
            asked.map_err(|fault| Refused::kau(&web, &visitor, fault))?;
            paths::wallet(&id)
        }
        Some(Method::EmailedCode | Method::Passkey | Method::Upstream(_)) | None => {
            let problem = Some(ChooseProblem::NotOffered);
            return Ok(page(&visitor, StatusCode::UNPROCESSABLE_ENTITY, &choose_page(&web, &visitor, &view, problem)));
        }
    };
    let response = see_other(&visitor, &next);
    Ok(match offered {
        Some(method) if fields.ticked(fields::REMEMBER) => with_cookie(response, Cookie::Method, method.as_str()),
        // Left empty: what was remembered on this computer is forgotten.
        Some(_) | None if visitor.method.is_some() => without_cookie(response, Cookie::Method),
        Some(_) | None => response,
    })
}

/// `GET /b/{id}/igenyles`: to Ügyfélkapu, with the name of the sign-in and no session. A link, so
/// that `form-action` has no say; it does nothing but keep the request longer.
pub(super) async fn enrol(
    State(web): State<Web>,
    Path(id): Path<String>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let kept = web.broker().went_to_enrol(&id, &visitor.browser).await;
    kept.map_err(|fault| Refused::kau(&web, &visitor, fault))?;
    let location = web.at_account(paths::START, &id, visitor.lang);
    Ok(see_other(&visitor, &location))
}

/// `GET /b/{id}/megsem`: back to the service, which is told. A link: whoever knows the 128 random
/// bits of the address in this very browser is the person who is signing in.
pub(super) async fn cancel(
    State(web): State<Web>,
    Path(id): Path<String>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    match web.broker().cancel(&id, &visitor.browser, visitor.single_sign_on.as_ref()).await {
        Ok(Cancelled { service, onward, left }) => {
            Ok(left_at_kau(saml::go_on(&web, &visitor, &service, onward, End::of(left)), left))
        }
        Err(fault) => Err(refused_step(&web, &visitor, &id, fault).await),
    }
}

/// Where a sign-in begins.
pub(super) fn path_of_first(id: &str, first: FirstPage) -> String {
    match first {
        FirstPage::Choose => paths::choose(id),
        FirstPage::Consent => paths::consent(id),
    }
}

/// Where a sign-in's page leads when the stage is another's.
pub(super) fn path_of(id: &str, stage: &Stage) -> String {
    match stage {
        Stage::AwaitingCode { .. } => paths::code(id),
        Stage::Short { .. } => paths::missing_step(id),
        Stage::AwaitingConsent { .. } => paths::consent(id),
        Stage::Open | Stage::SignedIn { .. } | Stage::Refused(_) | Stage::Answered => paths::choose(id),
    }
}
