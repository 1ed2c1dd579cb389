//! An account gets its password, by the code that was mailed.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use broker::{Activated, ActivationCode, ActivationCodeError, Fault, NewPassword};
use model::limits;

use super::account::{missing_new, new_problem};
use crate::Web;
use crate::answer::page;
use crate::fault::{Refusal, Refused};
use crate::form::OwnForm;
use crate::pages::account::{Activate, ActivateProblem, SignIn, SignInReason};
use crate::pages::{fields, paths};
use crate::visitor::Visitor;

fn form_page(web: &Web, visitor: &Visitor, user_name: String, problems: Vec<ActivateProblem>) -> Activate {
    Activate {
        frame: web.account_frame(visitor, None),
        action: paths::ACTIVATE_ACCOUNT.to_owned(),
        user_name,
        least: limits::PASSWORD_CHARS_MIN,
        problems,
    }
}

/// `GET /aktivalas-kod`
pub(super) async fn show(State(web): State<Web>, visitor: Visitor) -> Response {
    page(&visitor, StatusCode::OK, &form_page(&web, &visitor, String::new(), Vec::new()))
}

/// `POST /aktivalas-kod`
pub(super) async fn activate(State(web): State<Web>, form: OwnForm) -> Result<Response, Refused> {
    let OwnForm { visitor, fields } = form;
    let name = fields.text(fields::USER_NAME).to_owned();
    let new =
        NewPassword { first: fields.secret(fields::NEW_PASSWORD), again: fields.secret(fields::NEW_PASSWORD_AGAIN) };
    let mut problems = Vec::new();
    if name.trim().is_empty() {
        problems.push(ActivateProblem::NameMissing);
    }
    let code = match ActivationCode::parse(fields.text(fields::ACTIVATION_CODE)) {
        Ok(code) => Some(code),
        Err(ActivationCodeError::TooLong) => return Err(Refused::ugyfelkapu(&web, &visitor, Refusal::TooLarge)),
        Err(error) => {
            problems.push(code_problem(error));
            None
        }
    };
    problems.extend(missing_new(&new).into_iter().map(ActivateProblem::New));
    if let (Some(code), true) = (code, problems.is_empty()) {
        let activated = web.broker().activate_account(&name, &code, &new, &visitor.caller).await;
        match activated.map_err(|fault| Refused::ugyfelkapu(&web, &visitor, fault))? {
            Activated::Done => return Ok(done(&web, &visitor, name)),
            Activated::Differed => problems.push(ActivateProblem::Wrong),
            Activated::Password(refusal) => problems.extend(new_problem(refusal).map(ActivateProblem::New)),
            Activated::Limited { until } => {
                return Err(Refused::ugyfelkapu(&web, &visitor, Fault::TooMany { until }));
            }
        }
    }
    Ok(page(&visitor, StatusCode::UNPROCESSABLE_ENTITY, &form_page(&web, &visitor, name, problems)))
}

/// The sign-in, with a word on the new password.
fn done(web: &Web, visitor: &Visitor, user_name: String) -> Response {
    let sign_in = SignIn {
        frame: web.account_frame(visitor, None),
        action: paths::START.to_owned(),
        user_name,
        reason: SignInReason::NewPassword,
        problems: Vec::new(),
    };
    page(visitor, StatusCode::OK, &sign_in)
}

fn code_problem(error: ActivationCodeError) -> ActivateProblem {
    match error {
        ActivationCodeError::Empty => ActivateProblem::CodeMissing,
        ActivationCodeError::Length(typed) => ActivateProblem::CodeLength { typed },
        ActivationCodeError::Character | ActivationCodeError::TooLong => ActivateProblem::CodeCharacter,
    }
}
