//! The contact code: sending it, and taking what was typed.

use axum::extract::State;
use axum::http::StatusCode;
use broker::{CodeMailed, ContactAnswer, ContactCode as TypedCode, Enroller, EnrolmentView, Fault, TotpCodeError};

use super::super::session::{MayEnrol, frame};
use super::{Answer, path_of, progress};
use crate::answer::{page, see_other};
use crate::fault::{Refusal, Refused};
use crate::form::OwnForm;
use crate::pages::enrol::{Contact, ContactCode, ContactCodeProblem, ContactProblem};
use crate::pages::{Progress, fields, paths};
use crate::visitor::Visitor;
use crate::{Web, moment};

/// The masked address and the step while the contact is to be confirmed, or the page to go to instead.
async fn masked(web: &Web, enroller: &Enroller) -> Result<Result<(String, Progress), &'static str>, Fault> {
    let view = web.broker().enrolment_view(enroller).await?;
    let progress = Progress { step: 2, ..progress(&view) };
    Ok(match view {
        EnrolmentView::ProveContact { address, .. } => Ok((address, progress)),
        EnrolmentView::Vouched { .. } => Err(paths::ENROL_CONNECT),
        view @ (EnrolmentView::NotBegun { .. }
        | EnrolmentView::Connect { .. }
        | EnrolmentView::SaveDeletionCode { .. }) => Err(path_of(&view)),
    })
}

/// `GET /igenyles/kapcsolat`
pub(in super::super) async fn contact_page(
    State(web): State<Web>,
    MayEnrol(enroller): MayEnrol,
    visitor: Visitor,
) -> Answer {
    show_contact(&web, &visitor, &enroller, StatusCode::OK, None).await
}

async fn show_contact(
    web: &Web,
    visitor: &Visitor,
    enroller: &Enroller,
    status: StatusCode,
    problem: Option<ContactProblem>,
) -> Answer {
    let refused = |fault: Fault| Refused::ugyfelkapu(web, visitor, fault);
    let (masked, progress) = match masked(web, enroller).await.map_err(refused)? {
        Ok(masked) => masked,
        Err(path) => return Ok(see_other(visitor, path)),
    };
    let contact = Contact {
        frame: frame(web, visitor, enroller).await.map_err(refused)?,
        action: paths::ENROL_CONTACT.to_owned(),
        progress,
        masked,
        has_wallets: web.broker().has_wallets(),
        problem,
    };
    Ok(page(visitor, status, &contact))
}

/// `POST /igenyles/kapcsolat`: "Kód küldése", and "Kérek új kódot".
pub(in super::super) async fn contact(State(web): State<Web>, MayEnrol(enroller): MayEnrol, form: OwnForm) -> Answer {
    let visitor = form.visitor;
    match web.broker().mail_contact_code(&enroller).await {
        Ok(CodeMailed::Sent) => Ok(see_other(&visitor, paths::ENROL_CONTACT_CODE)),
        Ok(CodeMailed::Limited { until }) => {
            let problem = ContactProblem::TooMany { until: moment::clock(until) };
            show_contact(&web, &visitor, &enroller, StatusCode::TOO_MANY_REQUESTS, Some(problem)).await
        }
        Err(fault) => Err(Refused::ugyfelkapu(&web, &visitor, fault)),
    }
}

/// `GET /igenyles/kapcsolat/kod`
pub(in super::super) async fn contact_code_page(
    State(web): State<Web>,
    MayEnrol(enroller): MayEnrol,
    visitor: Visitor,
) -> Answer {
    show_contact_code(&web, &visitor, &enroller, StatusCode::OK, None).await
}

async fn show_contact_code(
    web: &Web,
    visitor: &Visitor,
    enroller: &Enroller,
    status: StatusCode,
    problem: Option<ContactCodeProblem>,
) -> Answer {
    let refused = |fault: Fault| Refused::ugyfelkapu(web, visitor, fault);
    let (masked, progress) = match masked(web, enroller).await.map_err(refused)? {
        Ok(masked) => masked,
        Err(path) => return Ok(see_other(visitor, path)),
    };
    let code = ContactCode {
        frame: frame(web, visitor, enroller).await.map_err(refused)?,
        action: paths::ENROL_CONTACT_CODE.to_owned(),
        resend: paths::ENROL_CONTACT.to_owned(),
        progress,
        masked,
        problem,
    };
    Ok(page(visitor, status, &code))
}

/// `POST /igenyles/kapcsolat/kod`
pub(in super::super) async fn contact_code(
    State(web): State<Web>,
    MayEnrol(enroller): MayEnrol,
    form: OwnForm,
) -> Answer {
    let OwnForm { visitor, fields } = form;
    let problem = match TypedCode::parse(fields.text(fields::CODE)) {
        Err(TotpCodeError::TooLong) => return Err(Refused::ugyfelkapu(&web, &visitor, Refusal::TooLarge)),
        Err(TotpCodeError::Empty) => ContactCodeProblem::Missing,
        Err(TotpCodeError::Digits(typed)) => ContactCodeProblem::Length { typed },
        Err(TotpCodeError::Character) => ContactCodeProblem::NotDigits,
        Ok(code) => match web.broker().confirm_contact(&enroller, &code).await {
            Ok(ContactAnswer::Matched) => return Ok(see_other(&visitor, paths::ENROL_CONNECT)),
            Ok(ContactAnswer::Differed) => ContactCodeProblem::Wrong,
            Ok(ContactAnswer::Void) => ContactCodeProblem::TooManyTries,
            Err(Fault::Stale) => return Ok(see_other(&visitor, paths::ENROL)),
            Err(fault) => return Err(Refused::ugyfelkapu(&web, &visitor, fault)),
        },
    };
    show_contact_code(&web, &visitor, &enroller, StatusCode::UNPROCESSABLE_ENTITY, Some(problem)).await
}
