//! The full session's own pages.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use broker::{AccountSession, Enroller, Fault, NewPassword, PasswordChanged, PasswordError, Weakness};
use model::limits;

use super::session::{Full, frame, onward};
use super::status::factor_state;
use crate::answer::page;
use crate::fault::Refused;
use crate::form::OwnForm;
use crate::kau::services_told;
use crate::pages::account::{ChangePassword, ChangePasswordProblem, Home, HomeDone, NewPasswordProblem, OwnData};
use crate::pages::sign_out::SignedOutOfServices;
use crate::pages::{fields, paths};
use crate::visitor::Visitor;
use crate::{Web, datum, moment};

/// `GET /fiok`
pub(super) async fn home(State(web): State<Web>, Full(session): Full, visitor: Visitor) -> Result<Response, Refused> {
    show_home(&web, &visitor, session, None).await.map_err(|fault| Refused::ugyfelkapu(&web, &visitor, fault))
}

async fn show_home(
    web: &Web,
    visitor: &Visitor,
    session: AccountSession,
    done: Option<HomeDone>,
) -> Result<Response, Fault> {
    let person = web.broker().own_data(&session).await?;
    let enroller = Enroller::Account(session);
    let home = Home {
        frame: frame(web, visitor, &enroller).await?,
        name: person.name.display(visitor.lang),
        state: factor_state(visitor, web.broker().status(&enroller).await?, web.broker().now()),
        done,
        onward: onward(web, visitor, enroller.login_id()).await?,
        has_upstreams: web.broker().has_upstreams(),
        has_wallet: web.broker().issues_credentials(),
    };
    Ok(page(visitor, StatusCode::OK, &home))
}

/// `POST /kijelentkezes-mindenhonnan`
pub(super) async fn sign_out_of_services(
    State(web): State<Web>,
    Full(session): Full,
    form: OwnForm,
) -> Result<Response, Refused> {
    let visitor = form.visitor;
    let signed_out = async {
        let services = web.broker().sign_out_everywhere(&session).await?;
        let frame = frame(&web, &visitor, &Enroller::Account(session)).await?;
        Ok::<_, Fault>(SignedOutOfServices { frame, services: services_told(&visitor, &services) })
    };
    match signed_out.await {
        Ok(signed_out) => Ok(page(&visitor, StatusCode::OK, &signed_out)),
        Err(fault) => Err(Refused::ugyfelkapu(&web, &visitor, fault)),
    }
}

/// `GET /adataim`
pub(super) async fn own_data(
    State(web): State<Web>,
    Full(session): Full,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let enroller = Enroller::Account(session.clone());
    let shown = async {
        let person = web.broker().own_data(&session).await?;
        Ok::<_, Fault>(OwnData {
            frame: frame(&web, &visitor, &enroller).await?,
            name: person.name.display(visitor.lang),
            birth_name: person.birth_name.display(visitor.lang),
            birth_place: datum::place(&person.birth_place, visitor.lang),
            birth_date: moment::day(&person.birth_date, visitor.lang),
            mothers_name: person.mothers_name.display(visitor.lang),
            nationalities: datum::countries(&person.nationalities, visitor.lang),
            email: person.email.as_str().to_owned(),
            user_name: enroller.user_name().as_str().to_owned(),
        })
    };
    match shown.await {
        Ok(data) => Ok(page(&visitor, StatusCode::OK, &data)),
        Err(fault) => Err(Refused::ugyfelkapu(&web, &visitor, fault)),
    }
}

async fn password_form(
    web: &Web,
    visitor: &Visitor,
    enroller: &Enroller,
    problems: Vec<ChangePasswordProblem>,
) -> Result<ChangePassword, Fault> {
    Ok(ChangePassword {
        frame: frame(web, visitor, enroller).await?,
        action: paths::CHANGE_PASSWORD.to_owned(),
        user_name: enroller.user_name().as_str().to_owned(),
        least: limits::PASSWORD_CHARS_MIN,
        problems,
    })
}

/// `GET /jelszo`
pub(super) async fn password_page(
    State(web): State<Web>,
    Full(session): Full,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let enroller = Enroller::Account(session);
    let form = password_form(&web, &visitor, &enroller, Vec::new()).await;
    let form = form.map_err(|fault| Refused::ugyfelkapu(&web, &visitor, fault))?;
    Ok(page(&visitor, StatusCode::OK, &form))
}

/// `POST /jelszo`
pub(super) async fn change_password(
    State(web): State<Web>,
    Full(session): Full,
    form: OwnForm,
) -> Result<Response, Refused> {
    let OwnForm { visitor, fields } = form;
    let refused = |fault: Fault| Refused::ugyfelkapu(&web, &visitor, fault);
    let old = fields.secret(fields::PASSWORD);
    let new =
        NewPassword { first: fields.secret(fields::NEW_PASSWORD), again: fields.secret(fields::NEW_PASSWORD_AGAIN) };
    let enroller = Enroller::Account(session.clone());
    let mut problems = Vec::new();
    if old.expose().is_empty() {
        problems.push(ChangePasswordProblem::OldMissing);
    }
    problems.extend(missing_new(&new).into_iter().map(ChangePasswordProblem::New));
    if problems.is_empty() {
        match web.broker().change_password(&session, &old, &new, &visitor.caller).await.map_err(refused)? {
            PasswordChanged::Done => {
                return show_home(&web, &visitor, session, Some(HomeDone::PasswordChanged)).await.map_err(refused);
            }
            PasswordChanged::Limited { until } => return Err(refused(Fault::TooMany { until })),
            PasswordChanged::OldDiffered => problems.push(ChangePasswordProblem::OldWrong),
            other => problems.extend(new_problem(other).map(ChangePasswordProblem::New)),
        }
    }
    let form = password_form(&web, &visitor, &enroller, problems).await.map_err(refused)?;
    Ok(page(&visitor, StatusCode::UNPROCESSABLE_ENTITY, &form))
}

/// What is missing of a new password.
pub(super) fn missing_new(new: &NewPassword) -> Vec<NewPasswordProblem> {
    let first = new.first.expose().is_empty().then_some(NewPasswordProblem::Missing);
    let again = new.again.expose().is_empty().then_some(NewPasswordProblem::AgainMissing);
    first.into_iter().chain(again).collect()
}

/// What is wrong with a new password; `None` when it is something else.
pub(super) fn new_problem(changed: PasswordChanged) -> Option<NewPasswordProblem> {
    match changed {
        PasswordChanged::AgainDiffers => Some(NewPasswordProblem::Differ),
        PasswordChanged::Unusable(PasswordError::Empty) => Some(NewPasswordProblem::Missing),
        PasswordChanged::Unusable(PasswordError::TooLong) => {
            Some(NewPasswordProblem::TooLong { most: limits::PASSWORD_CHARS_MAX })
        }
        PasswordChanged::Unusable(PasswordError::Control) => Some(NewPasswordProblem::Control),
        PasswordChanged::Weak(Weakness::TooShort) => {
            Some(NewPasswordProblem::TooShort { least: limits::PASSWORD_CHARS_MIN })
        }
        PasswordChanged::Weak(Weakness::UserName) => Some(NewPasswordProblem::UserName),
        PasswordChanged::Weak(Weakness::ServiceWord) => Some(NewPasswordProblem::ServiceWord),
        PasswordChanged::Weak(Weakness::Predictable) => Some(NewPasswordProblem::Predictable),
        PasswordChanged::Done | PasswordChanged::OldDiffered | PasswordChanged::Limited { .. } => None,
    }
}
