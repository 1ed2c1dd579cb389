//! Signing in to the account's own pages, and out.

use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use broker::{AccountSignIn, Enroller, Fault, SessionKind, TotpCode, TotpCodeError};

use super::session::present;
use crate::Web;
use crate::answer::{page, see_other, with_cookie, without_cookie};
use crate::cookie::Cookie;
use crate::fault::{Refusal, Refused};
use crate::form::{OwnForm, code_problem, missing_credentials};
use crate::kau::wrong_password;
use crate::pages::account::{Frozen, SignIn, SignInReason};
use crate::pages::kau::Code;
use crate::pages::sign_out::SignedOut;
use crate::pages::{CodeProblem, PasswordProblem, ServiceName, bands, fields, paths};
use crate::visitor::Visitor;

/// `GET /`: the sign-in, or where the person already is.
pub(super) async fn show(State(web): State<Web>, visitor: Visitor) -> Result<Response, Refused> {
    let refused = |fault: Fault| Refused::ugyfelkapu(&web, &visitor, fault);
    if visitor.login_id.is_none()
        && let Some(enroller) = present(&web, &visitor).await.map_err(refused)?
    {
        return Ok(see_other(&visitor, first_page(&enroller)));
    }
    let form = sign_in_form(&web, &visitor, String::new(), Vec::new()).await.map_err(refused)?;
    Ok(page(&visitor, StatusCode::OK, &form))
}

const fn first_page(enroller: &Enroller) -> &'static str {
    match enroller {
        Enroller::Account(_) => paths::ACCOUNT,
        Enroller::Enrolment(_) => paths::ENROL,
    }
}

async fn sign_in_form(
    web: &Web,
    visitor: &Visitor,
    user_name: String,
    problems: Vec<PasswordProblem>,
) -> Result<SignIn, Fault> {
    let service = match &visitor.login_id {
        Some(id) => web.broker().login_service(id).await?.map(|service| (service, id)),
        None => None,
    };
    let (band, reason) = match &service {
        Some((service, id)) => {
            let name = ServiceName::of(service, visitor.lang);
            let host = crate::form::host_of(&service.home).split('/').next().unwrap_or_default();
            let cancel = format!("{}{}", web.0.kau, paths::cancel(id));
            (Some(bands::signing_in(visitor.lang, &name, host, cancel)), SignInReason::SetUp)
        }
        None => (None, SignInReason::Own),
    };
    Ok(SignIn { frame: web.account_frame(visitor, band), action: own_address(visitor), user_name, reason, problems })
}

/// The sign-in's address, with the broker's sign-in that the person came from.
fn own_address(visitor: &Visitor) -> String {
    match &visitor.login_id {
        Some(id) => format!("{}?{}={id}", paths::START, paths::TRANSACTION_QUERY),
        None => paths::START.to_owned(),
    }
}

/// `POST /`
pub(super) async fn sign_in(State(web): State<Web>, form: OwnForm) -> Result<Response, Refused> {
    let OwnForm { visitor, fields } = form;
    let name = fields.text(fields::USER_NAME).to_owned();
    let password = fields.secret(fields::PASSWORD);
    let missing = missing_credentials(&name, &password);
    if !missing.is_empty() {
        return again(&web, &visitor, name, missing).await;
    }
    let login_id = visitor.login_id.clone();
    let signed_in = web.broker().sign_in(&name, &password, &visitor.browser, login_id, &visitor.caller).await;
    match signed_in.map_err(|fault| Refused::ugyfelkapu(&web, &visitor, fault))? {
        AccountSignIn::PasswordDiffered { left } => again(&web, &visitor, name, vec![wrong_password(left)]).await,
        other => Ok(follow(&web, &visitor, other)),
    }
}

async fn again(
    web: &Web,
    visitor: &Visitor,
    name: String,
    problems: Vec<PasswordProblem>,
) -> Result<Response, Refused> {
    let form = sign_in_form(web, visitor, name, problems).await;
    let form = form.map_err(|fault| Refused::ugyfelkapu(web, visitor, fault))?;
    Ok(page(visitor, StatusCode::UNPROCESSABLE_ENTITY, &form))
}

fn code_form(web: &Web, visitor: &Visitor, id: &str, problem: Option<CodeProblem>) -> Code {
    Code {
        frame: web.account_frame(visitor, None),
        action: paths::account_code(id),
        other_way: paths::START.to_owned(),
        lost: paths::LOST.to_owned(),
        linking: None,
        problem,
    }
}

/// `GET /kod/{id}`
pub(super) async fn code_page(
    State(web): State<Web>,
    Path(id): Path<String>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    match web.broker().awaits_code(&id, &visitor.browser).await {
        Ok(()) => Ok(page(&visitor, StatusCode::OK, &code_form(&web, &visitor, &id, None))),
        Err(Fault::NoJourney | Fault::Over) => Ok(see_other(&visitor, paths::START)),
        Err(fault) => Err(Refused::ugyfelkapu(&web, &visitor, fault)),
    }
}

/// `POST /kod/{id}`
pub(super) async fn code(State(web): State<Web>, Path(id): Path<String>, form: OwnForm) -> Result<Response, Refused> {
    let OwnForm { visitor, fields } = form;
    let again =
        |problem| page(&visitor, StatusCode::UNPROCESSABLE_ENTITY, &code_form(&web, &visitor, &id, Some(problem)));
    let code = match TotpCode::parse(fields.text(fields::CODE)) {
        Ok(code) => code,
        Err(TotpCodeError::TooLong) => return Err(Refused::ugyfelkapu(&web, &visitor, Refusal::TooLarge)),
        Err(error) => return Ok(again(code_problem(error))),
    };
    let signed_in = web.broker().sign_in_code(&id, &visitor.browser, &code).await;
    match signed_in.map_err(|fault| Refused::ugyfelkapu(&web, &visitor, fault))? {
        AccountSignIn::CodeDiffered { in_row } => {
            Ok(again(if in_row > 1 { CodeProblem::WrongAgain } else { CodeProblem::Wrong }))
        }
        AccountSignIn::CodeReused => Ok(again(CodeProblem::Used)),
        other => Ok(follow(&web, &visitor, other)),
    }
}

/// From what became of a step to a page.
fn follow(web: &Web, visitor: &Visitor, signed_in: AccountSignIn) -> Response {
    use axum::response::IntoResponse as _;
    match signed_in {
        AccountSignIn::SignedIn { session, device, .. } => {
            let (cookie, other, next) = match session.kind {
                SessionKind::Enrolment => (Cookie::Enrolment, Cookie::Account, paths::ENROL),
                SessionKind::Account | SessionKind::SingleSignOn => {
                    (Cookie::Account, Cookie::Enrolment, paths::ACCOUNT)
                }
            };
            let response = with_cookie(see_other(visitor, next), cookie, session.handle.expose());
            let response = without_cookie(response, other);
            match device {
                Some(device) => with_cookie(response, Cookie::Device, device.as_str()),
                None => response,
            }
        }
        AccountSignIn::AskCode { id } => see_other(visitor, &paths::account_code(&id)),
        AccountSignIn::Limited { until } | AccountSignIn::StartOver { until } => {
            Refused::ugyfelkapu(web, visitor, Fault::TooMany { until }).into_response()
        }
        AccountSignIn::Frozen => {
            let has_wallets = web.broker().has_wallets();
            page(visitor, StatusCode::FORBIDDEN, &Frozen { frame: web.account_frame(visitor, None), has_wallets })
        }
        // Shown by the form that they belong to, before this.
        AccountSignIn::PasswordDiffered { .. } | AccountSignIn::CodeDiffered { .. } | AccountSignIn::CodeReused => {
            see_other(visitor, paths::START)
        }
    }
}

/// `POST /kijelentkezes`
pub(super) async fn sign_out(State(web): State<Web>, form: OwnForm) -> Result<Response, Refused> {
    let visitor = form.visitor;
    web.broker()
        .sign_out_of_account(visitor.account.as_ref(), visitor.enrolment.as_ref())
        .await
        .map_err(|fault| Refused::ugyfelkapu(&web, &visitor, fault))?;
    let told = SignedOut {
        frame: web.account_frame(&visitor, None),
        services: Vec::new(),
        remaining: Vec::new(),
        onward: None,
        again: Some(paths::START.to_owned()),
    };
    let mut response = page(&visitor, StatusCode::OK, &told);
    response.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"cache\""));
    Ok(without_cookie(without_cookie(response, Cookie::Account), Cookie::Enrolment))
}
