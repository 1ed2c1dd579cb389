//! What the service receives, before it does: agreed to, seen, or declined.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use broker::{ConsentStep, ConsentView, Consented, Fault};

use super::choose::path_of;
use super::{login_frame, saml};
use crate::answer::{page, see_other};
use crate::fault::Refused;
use crate::form::OwnForm;
use crate::pages::consent::Consent;
use crate::pages::kau::End;
use crate::pages::{ServiceName, fields, paths};
use crate::visitor::Visitor;
use crate::{Web, datum};

async fn step(web: &Web, visitor: &Visitor, id: &str) -> Result<ConsentStep, Refused> {
    let step = web.broker().consent_view(id, &visitor.browser, visitor.single_sign_on.as_ref()).await;
    step.map_err(|fault| Refused::kau(web, visitor, fault))
}

/// `GET /b/{id}/adatok`
pub(super) async fn show(
    State(web): State<Web>,
    Path(id): Path<String>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    match step(&web, &visitor, &id).await? {
        ConsentStep::Show(view) => Ok(page(&visitor, StatusCode::OK, &consent_page(&web, &visitor, &view))),
        ConsentStep::Elsewhere(stage) => Ok(see_other(&visitor, &path_of(&id, &stage))),
    }
}

fn consent_page(web: &Web, visitor: &Visitor, view: &ConsentView) -> Consent {
    let release = &view.disclosure.release;
    Consent {
        frame: login_frame(web, visitor, &view.id, &view.service),
        action: paths::consent(&view.id),
        service: ServiceName::of(&view.service, visitor.lang),
        basis: view.disclosure.basis,
        data: release.iter().map(|datum| (datum, datum::value(datum, &view.person, visitor.lang))).collect(),
        shown: release.write(),
        account: web.0.ugyfelkapu.clone(),
    }
}

/// `POST /b/{id}/adatok`
pub(super) async fn answer(State(web): State<Web>, Path(id): Path<String>, form: OwnForm) -> Result<Response, Refused> {
    let OwnForm { visitor, fields } = form;
    let refused = |fault| Refused::kau(&web, &visitor, fault);
    if fields.text(fields::DEED) == fields::GO_BACK {
        let (service, onward) = web.broker().cancel(&id, &visitor.browser).await.map_err(refused)?;
        return Ok(saml::go_on_page(&web, &visitor, &service, onward, End::NotSignedIn));
    }
    let view = match step(&web, &visitor, &id).await? {
        ConsentStep::Show(view) => view,
        ConsentStep::Elsewhere(stage) => return Ok(see_other(&visitor, &path_of(&id, &stage))),
    };
    if fields.text(fields::DEED) != fields::AGREE {
        return Ok(see_other(&visitor, &paths::consent(&id)));
    }
    match web.broker().consent(&view, fields.text(fields::SHOWN)).await {
        Ok(Consented::Answer(onward)) => Ok(saml::go_on_page(&web, &visitor, &view.service, onward, End::SignedIn)),
        Ok(Consented::Short) => Ok(see_other(&visitor, &paths::missing_step(&id))),
        // Read again: by the time of the form something else is to be shown, or another window was faster.
        Ok(Consented::Changed) | Err(Fault::Stale) => Ok(see_other(&visitor, &paths::consent(&id))),
        Err(fault) => Err(refused(fault)),
    }
}
