//! "Aktiválás és inaktiválás", and "Beállítás másik eszközre".

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use broker::{Enroller, FactorChange, Fault, TotpCode, TotpCodeError};
use journey::SecondFactor;
use model::{Loa, Secret, Timestamp};

use super::session::{Full, MayEnrol, frame, onward};
use crate::answer::{page, see_other};
use crate::fault::{Refusal, Refused};
use crate::form::{Fields, OwnForm, code_problem};
use crate::pages::status::{Authenticator, Deeds, Done, FactorState, OtherDevice, Status, StatusProblem};
use crate::pages::{CodeProblem, fields, paths};
use crate::visitor::Visitor;
use crate::{Web, moment};

/// The state of Ügyfélkapu+ in words.
pub(super) fn factor_state(visitor: &Visitor, status: broker::Status, now: Timestamp) -> FactorState {
    let (Some(label), Some(changed)) = (status.label, status.changed_at) else { return FactorState::None };
    let authenticator = Authenticator { label, since: moment::date_and_time(changed, visitor.lang) };
    match status.second_factor {
        SecondFactor::None => FactorState::None,
        SecondFactor::Active { usable_from, .. } if now < usable_from => {
            FactorState::Held { authenticator, until: moment::date_and_time(usable_from, visitor.lang) }
        }
        SecondFactor::Active { .. } => FactorState::Active(authenticator),
        SecondFactor::Inactive | SecondFactor::Frozen => FactorState::Inactive(authenticator),
    }
}

/// Whether a wallet may lift the provenance of the authenticator in use.
pub(super) fn can_be_lifted(web: &Web, second_factor: SecondFactor) -> bool {
    let is_active = matches!(second_factor, SecondFactor::Active { .. });
    is_active && second_factor.loa() < Loa::Substantial && web.broker().has_wallets()
}

async fn status_page(
    web: &Web,
    visitor: &Visitor,
    enroller: &Enroller,
    problems: Vec<StatusProblem>,
) -> Result<Status, Fault> {
    let status = web.broker().status(enroller).await?;
    let now = web.broker().now();
    let done = if problems.is_empty() { done(enroller, &status, now) } else { None };
    let can_be_lifted = can_be_lifted(web, status.second_factor) && matches!(enroller, Enroller::Account(_));
    let state = factor_state(visitor, status, now);
    let all = Deeds::All {
        action: paths::STATUS.to_owned(),
        other_device: paths::OTHER_DEVICE.to_owned(),
        enrol: paths::ENROL.to_owned(),
    };
    let deeds = match (enroller, &state) {
        (_, FactorState::Held { .. }) => Deeds::Wait,
        (Enroller::Account(_), _) | (Enroller::Enrolment(_), FactorState::None | FactorState::Inactive(_)) => all,
        // After "Befejezés" an enrolment session may only look; both factors open the rest.
        (Enroller::Enrolment(_), FactorState::Active(_)) => Deeds::Look { sign_in: paths::START.to_owned() },
    };
    Ok(Status {
        frame: frame(web, visitor, enroller).await?,
        state,
        done,
        deeds,
        can_be_lifted,
        cutover: web.cutover(visitor.lang),
        onward: onward(web, visitor, enroller.login_id()).await?,
        problems,
    })
}

/// `GET /aktivalas`
pub(super) async fn show(
    State(web): State<Web>,
    MayEnrol(enroller): MayEnrol,
    visitor: Visitor,
) -> Result<Response, Refused> {
    match status_page(&web, &visitor, &enroller, Vec::new()).await {
        Ok(status) => Ok(page(&visitor, StatusCode::OK, &status)),
        Err(fault) => Err(Refused::ugyfelkapu(&web, &visitor, fault)),
    }
}

/// What has just happened, as far as the state tells: it changed during this very session.
fn done(enroller: &Enroller, status: &broker::Status, now: Timestamp) -> Option<Done> {
    let bound_here = status.bound_at.is_some_and(|at| at >= enroller.started_at());
    let changed_here = status.changed_at.is_some_and(|at| at >= enroller.started_at());
    match status.second_factor {
        SecondFactor::Active { usable_from, .. } if now < usable_from => bound_here.then_some(Done::EnrolledOnHold),
        SecondFactor::Active { .. } if status.bound_at == status.changed_at => bound_here.then_some(Done::Enrolled),
        SecondFactor::Active { .. } => changed_here.then_some(Done::Activated),
        SecondFactor::Inactive => changed_here.then_some(Done::Inactivated),
        SecondFactor::None | SecondFactor::Frozen => None,
    }
}

/// Password and code of a form that changes the factor, or what is wrong with them.
pub(super) fn proof(fields: &Fields) -> Result<(Secret<String>, TotpCode), Result<Vec<StatusProblem>, Refusal>> {
    let password = fields.secret(fields::PASSWORD);
    let missing = password.expose().is_empty().then_some(StatusProblem::PasswordMissing);
    match (missing, TotpCode::parse(fields.text(fields::CODE))) {
        (None, Ok(code)) => Ok((password, code)),
        (_, Err(TotpCodeError::TooLong)) => Err(Err(Refusal::TooLarge)),
        (missing, Ok(_)) => Err(Ok(missing.into_iter().collect())),
        (missing, Err(error)) => {
            Err(Ok(missing.into_iter().chain([StatusProblem::Code(code_problem(error))]).collect()))
        }
    }
}

/// What is said of a change that was not made; `Err` when it is not about the form.
pub(super) fn refused_change(change: FactorChange) -> Result<StatusProblem, Fault> {
    match change {
        FactorChange::PasswordDiffered | FactorChange::CodeDiffered => Ok(StatusProblem::Wrong),
        FactorChange::CodeReused => Ok(StatusProblem::Code(CodeProblem::Used)),
        FactorChange::Limited { until } => Err(Fault::TooMany { until }),
        FactorChange::Frozen | FactorChange::NotApplicable | FactorChange::Done => Err(Fault::Stale),
    }
}

/// `POST /aktivalas`
pub(super) async fn change(
    State(web): State<Web>,
    MayEnrol(enroller): MayEnrol,
    form: OwnForm,
) -> Result<Response, Refused> {
    let OwnForm { visitor, fields } = form;
    let refused = |fault: Fault| Refused::ugyfelkapu(&web, &visitor, fault);
    let problems = match proof(&fields) {
        Err(Err(refusal)) => return Err(Refused::ugyfelkapu(&web, &visitor, refusal)),
        Err(Ok(problems)) => problems,
        Ok((password, code)) => {
            let changed = match (fields.text(fields::DEED), &enroller) {
                (fields::ACTIVATE, _) => web.broker().activate(&enroller, &password, &code, &visitor.caller).await,
                (fields::INACTIVATE, Enroller::Account(session)) => {
                    web.broker().inactivate(session, &password, &code, &visitor.caller).await
                }
                // Switching off needs a full session (T33, T37).
                (fields::INACTIVATE, Enroller::Enrolment(session)) => {
                    web.broker().note_scope_violation(session).await.map_err(refused)?;
                    return Err(Refused::ugyfelkapu(&web, &visitor, Refusal::EnrolmentOnly));
                }
                _ => return Err(Refused::ugyfelkapu(&web, &visitor, Refusal::Status(StatusCode::BAD_REQUEST))),
            };
            match changed.map_err(refused)? {
                FactorChange::Done => return Ok(see_other(&visitor, paths::STATUS)),
                other => vec![refused_change(other).map_err(refused)?],
            }
        }
    };
    let status = status_page(&web, &visitor, &enroller, problems).await.map_err(refused)?;
    Ok(page(&visitor, StatusCode::UNPROCESSABLE_ENTITY, &status))
}

async fn other_device_form(
    web: &Web,
    visitor: &Visitor,
    enroller: &Enroller,
    problems: Vec<StatusProblem>,
) -> Result<OtherDevice, Fault> {
    let frame = frame(web, visitor, enroller).await?;
    Ok(OtherDevice { frame, action: paths::OTHER_DEVICE.to_owned(), problems })
}

/// `GET /masik-eszkoz`
pub(super) async fn other_device_page(
    State(web): State<Web>,
    Full(session): Full,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let form = other_device_form(&web, &visitor, &Enroller::Account(session), Vec::new()).await;
    let form = form.map_err(|fault| Refused::ugyfelkapu(&web, &visitor, fault))?;
    Ok(page(&visitor, StatusCode::OK, &form))
}

/// `POST /masik-eszkoz`
pub(super) async fn other_device(
    State(web): State<Web>,
    Full(session): Full,
    form: OwnForm,
) -> Result<Response, Refused> {
    let OwnForm { visitor, fields } = form;
    let refused = |fault: Fault| Refused::ugyfelkapu(&web, &visitor, fault);
    let problems = match proof(&fields) {
        Err(Err(refusal)) => return Err(Refused::ugyfelkapu(&web, &visitor, refusal)),
        Err(Ok(problems)) => problems,
        Ok((password, code)) => {
            let begun = web.broker().begin_on_other_device(&session, &password, &code, &visitor.caller).await;
            match begun.map_err(refused)? {
                FactorChange::Done => return Ok(see_other(&visitor, paths::ENROL_APP)),
                other => vec![refused_change(other).map_err(refused)?],
            }
        }
    };
    let form = other_device_form(&web, &visitor, &Enroller::Account(session), problems).await.map_err(refused)?;
    Ok(page(&visitor, StatusCode::UNPROCESSABLE_ENTITY, &form))
}
