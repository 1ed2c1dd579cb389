//! A lost phone, and "not me".

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use broker::{DeletionCode, DeletionCodeError, Fault, Lost as Answer};
use model::Handle;

use crate::Web;
use crate::answer::{page, see_other, with_cookie, without_cookie};
use crate::cookie::Cookie;
use crate::fault::{Refusal, Refused};
use crate::form::OwnForm;
use crate::pages::lost::{Lost, LostProblem, NotMe, NotMeDone};
use crate::pages::{fields, paths};
use crate::visitor::Visitor;

fn lost_form(web: &Web, visitor: &Visitor, user_name: String, problems: Vec<LostProblem>) -> Lost {
    let came_from = visitor.login_id.as_ref().map(|id| format!("?{}={id}", paths::TRANSACTION_QUERY));
    let action = format!("{}{}", paths::LOST, came_from.unwrap_or_default());
    Lost { frame: web.account_frame(visitor, None), action, user_name, problems }
}

/// `GET /elveszett`
pub(super) async fn show(State(web): State<Web>, visitor: Visitor) -> Response {
    page(&visitor, StatusCode::OK, &lost_form(&web, &visitor, String::new(), Vec::new()))
}

/// `POST /elveszett`
pub(super) async fn lost(State(web): State<Web>, form: OwnForm) -> Result<Response, Refused> {
    let OwnForm { visitor, fields } = form;
    let name = fields.text(fields::USER_NAME).to_owned();
    let password = fields.secret(fields::PASSWORD);
    let mut problems = Vec::new();
    if name.trim().is_empty() {
        problems.push(LostProblem::NameMissing);
    }
    if password.expose().is_empty() {
        problems.push(LostProblem::PasswordMissing);
    }
    let code = match DeletionCode::parse(fields.text(fields::DELETION_CODE)) {
        Ok(code) => Some(code),
        Err(DeletionCodeError::TooLong) => return Err(Refused::ugyfelkapu(&web, &visitor, Refusal::TooLarge)),
        Err(error) => {
            problems.push(code_problem(error));
            None
        }
    };
    if let (Some(code), true) = (code, problems.is_empty()) {
        let login_id = visitor.login_id.clone();
        let answer = web.broker().lost_phone(&name, &password, &code, login_id, &visitor.caller).await;
        match answer.map_err(|fault| Refused::ugyfelkapu(&web, &visitor, fault))? {
            Answer::Removed { session } => {
                let response = see_other(&visitor, paths::ENROL);
                let response = with_cookie(response, Cookie::Enrolment, session.handle.expose());
                return Ok(without_cookie(response, Cookie::Account));
            }
            Answer::Differed => problems.push(LostProblem::Wrong),
            Answer::Limited { until } => return Err(Refused::ugyfelkapu(&web, &visitor, Fault::TooMany { until })),
        }
    }
    Ok(page(&visitor, StatusCode::UNPROCESSABLE_ENTITY, &lost_form(&web, &visitor, name, problems)))
}

fn code_problem(error: DeletionCodeError) -> LostProblem {
    match error {
        DeletionCodeError::Empty => LostProblem::CodeMissing,
        DeletionCodeError::Digits(typed) => LostProblem::CodeLength { typed },
        DeletionCodeError::Group(number) => LostProblem::Group { number },
        DeletionCodeError::Character | DeletionCodeError::TooLong => LostProblem::CodeNotDigits,
    }
}

/// `GET /nem-en-voltam/{token}`: asks first, so that a mail scanner freezes nobody.
pub(super) async fn not_me_page(
    State(web): State<Web>,
    Path(token): Path<String>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let handle = link(&web, &visitor, &token)?;
    web.broker().not_me_link(&handle).await.map_err(|fault| link_refused(&web, &visitor, fault))?;
    let ask = NotMe { frame: web.account_frame(&visitor, None), action: paths::not_me(&token) };
    Ok(page(&visitor, StatusCode::OK, &ask))
}

/// `POST /nem-en-voltam/{token}`
pub(super) async fn not_me(
    State(web): State<Web>,
    Path(token): Path<String>,
    form: OwnForm,
) -> Result<Response, Refused> {
    let visitor = form.visitor;
    let handle = link(&web, &visitor, &token)?;
    web.broker().not_me(&handle).await.map_err(|fault| link_refused(&web, &visitor, fault))?;
    Ok(page(&visitor, StatusCode::OK, &NotMeDone { frame: web.account_frame(&visitor, None) }))
}

fn link(web: &Web, visitor: &Visitor, token: &str) -> Result<Handle, Refused> {
    Handle::parse(token).ok_or_else(|| Refused::ugyfelkapu(web, visitor, Refusal::LinkOver))
}

fn link_refused(web: &Web, visitor: &Visitor, fault: Fault) -> Refused {
    match fault {
        Fault::Gone | Fault::NoSession => Refused::ugyfelkapu(web, visitor, Refusal::LinkOver),
        fault => Refused::ugyfelkapu(web, visitor, fault),
    }
}
