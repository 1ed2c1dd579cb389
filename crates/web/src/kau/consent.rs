//! What the service receives, before it does: agreed to, seen, or declined.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use broker::{Cancelled, ConsentStep, ConsentView, Consented, Declined, Fault, Left};
use journey::Asking;
use model::{Datum, Release};

use super::choose::path_of;
use super::{login_frame, refused_step, saml, wallet};
use crate::answer::{page, see_other, without_cookie};
use crate::cookie::Cookie;
use crate::fault::Refused;
use crate::form::OwnForm;
use crate::pages::consent::{Consent, Purposes, Shown, Stated};
use crate::pages::credentials::Kind;
use crate::pages::into_wallet::IntoWallet;
use crate::pages::kau::End;
use crate::pages::{ServiceName, fields, paths};
use crate::visitor::Visitor;
use crate::{Web, datum};

async fn step(web: &Web, visitor: &Visitor, id: &str) -> Result<ConsentStep, Refused> {
    match web.broker().consent_view(id, &visitor.browser, visitor.single_sign_on.as_ref()).await {
        Ok(step) => Ok(step),
        Err(fault) => Err(refused_step(web, visitor, id, fault).await),
    }
}

/// `GET /b/{id}/adatok`
pub(super) async fn show(
    State(web): State<Web>,
    Path(id): Path<String>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    match step(&web, &visitor, &id).await? {
        ConsentStep::Show(view) if view.credentials.is_empty() => {
            Ok(page(&visitor, StatusCode::OK, &consent_page(&web, &visitor, &view)))
        }
        ConsentStep::Show(view) => {
            let adult = web.broker().is_adult(&view.person).map_err(|fault| Refused::kau(&web, &visitor, fault))?;
            Ok(page(&visitor, StatusCode::OK, &wallet_page(&web, &visitor, &view, adult)))
        }
        ConsentStep::Elsewhere(stage) => Ok(see_other(&visitor, &path_of(&id, &stage))),
    }
}

fn consent_page(web: &Web, visitor: &Visitor, view: &ConsentView) -> Consent {
    let ConsentView { disclosure, person, purpose, service, from_wallet, .. } = view;
    let given = |datum| from_wallet.as_ref().and_then(|claims| Some((claims.value(datum)?, claims.issuer())));
    let shown = |datum| {
        let said = given(datum).map(|(said, issuer)| {
            let issuer = web.broker().wallet_issuer(issuer).map_or(issuer, |issuer| issuer.name(visitor.lang));
            (datum::wallet_value(said, visitor.lang), issuer.to_owned())
        });
        let (of_wallet, source) = said.unzip();
        Shown {
            datum,
            value: of_wallet.or_else(|| datum::value(datum, person, visitor.lang)),
            source,
            purpose: service.purposes.of(datum).map(|purpose| Stated::of(purpose, visitor.lang)),
        }
    };
    let all = |data: &Release| data.iter().map(shown).collect::<Vec<Shown>>();
    let obtainable = disclosure.obtainable();
    let (required, optional) = (all(disclosure.required()), all(&disclosure.optional().without(&obtainable)));
    let obtainable = all(&obtainable);
    let whole = purpose.as_ref().map(|purpose| Stated::of(purpose, visitor.lang));
    Consent {
        frame: login_frame(web, visitor, &view.id, &view.service),
        action: paths::consent(&view.id),
        service: ServiceName::of(&view.service, visitor.lang),
        basis: disclosure.basis(),
        is_asked_anew: view.asking() == Asking::Anew,
        purposes: Purposes::of(required.iter().chain(&optional).chain(&obtainable), whole),
        required,
        optional,
        obtainable,
        was_asked: from_wallet.is_some(),
        is_pairwise: view.is_pairwise,
        shown: view.shown(),
        account: web.0.ugyfelkapu.clone(),
    }
}

/// What goes into a wallet, with whether its holder is 18 years old.
fn wallet_page(web: &Web, visitor: &Visitor, view: &ConsentView, adult: bool) -> IntoWallet {
    let shown = |datum, value| Shown { datum, value, source: None, purpose: None };
    let held = |datum| shown(datum, datum::value(datum, &view.person, visitor.lang));
    let age = shown(Datum::AgeOver18, Some(datum::wallet_value(&adult.into(), visitor.lang)));
    IntoWallet {
        frame: login_frame(web, visitor, &view.id, &view.service),
        action: paths::consent(&view.id),
        wallet: ServiceName::of(&view.service, visitor.lang),
        kinds: view.credentials.iter().copied().map(Kind::of).collect(),
        data: view.disclosure.required().iter().map(held).chain([age]).collect(),
        shown: view.shown(),
        account: web.0.ugyfelkapu.clone(),
    }
}

/// `POST /b/{id}/adatok`
pub(super) async fn answer(State(web): State<Web>, Path(id): Path<String>, form: OwnForm) -> Result<Response, Refused> {
    let OwnForm { visitor, fields } = form;
    let deed = fields.text(fields::DEED);
    let view = match step(&web, &visitor, &id).await? {
        ConsentStep::Show(view) => view,
        // Whoever goes back needs no page for it.
        ConsentStep::Elsewhere(_) if deed == fields::GO_BACK => return cancel(&web, &visitor, &id).await,
        ConsentStep::Elsewhere(stage) => return Ok(see_other(&visitor, &path_of(&id, &stage))),
    };
    let shown = fields.text(fields::SHOWN);
    if deed == fields::FROM_WALLET && shown == view.shown() {
        return wallet::ask_to_give(&web, &visitor, &id).await;
    }
    let ticked: Option<Release> = fields.ticked_after(fields::SHARED).map(Datum::from_name).collect();
    let to_service = |onward, end| saml::go_on_page(&web, &visitor, &view.service, onward, end);
    let left = web.broker().left_by_wallet(&view).await.map_err(|fault| Refused::kau(&web, &visitor, fault))?;
    let answered = match (deed, ticked) {
        (fields::AGREE, Some(ticked)) => web.broker().consent(&view, shown, &ticked).await,
        (fields::GO_BACK, _) => match web.broker().decline(&view, shown).await {
            Ok(Declined::Done(Cancelled { onward, left, .. })) => {
                return Ok(left_at_kau(to_service(onward, End::of(left)), left));
            }
            Ok(Declined::Changed) => Ok(Consented::Changed),
            Err(fault) => Err(fault),
        },
        _ => Ok(Consented::Changed),
    };
    match answered {
        Ok(Consented::Answer(onward)) => Ok(left_at_kau(to_service(onward, End::SignedIn), left)),
        Ok(Consented::Refused(onward)) => Ok(to_service(onward, End::NothingShared)),
        Ok(Consented::Short) => Ok(see_other(&visitor, &paths::missing_step(&id))),
        // Read again: by the time of the form something else is to be shown, or another window was faster.
        Ok(Consented::Changed) | Err(Fault::Stale) => Ok(see_other(&visitor, &paths::consent(&id))),
        Err(fault) => Err(refused_step(&web, &visitor, &id, fault).await),
    }
}

async fn cancel(web: &Web, visitor: &Visitor, id: &str) -> Result<Response, Refused> {
    match web.broker().cancel(id, &visitor.browser, visitor.single_sign_on.as_ref()).await {
        Ok(Cancelled { service, onward, left }) => {
            Ok(left_at_kau(saml::go_on_page(web, visitor, &service, onward, End::of(left)), left))
        }
        Err(fault) => Err(refused_step(web, visitor, id, fault).await),
    }
}

/// The cookie of a session that ended is taken away.
pub(super) fn left_at_kau(response: Response, left: Left) -> Response {
    match left {
        Left::SignedOut => without_cookie(response, Cookie::SingleSignOn),
        Left::AsBefore | Left::SignedIn => response,
    }
}
