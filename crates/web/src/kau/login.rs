//! Password, code, and the page that says what is missing.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use broker::{DeviceCookie, Fault, LoginView, Next, TotpCode, TotpCodeError, Typed};
use journey::{Shortfall, Stage};
use model::Method;

use super::choose::path_of;
use super::{login_frame, refused_step, saml, upstream};
use crate::answer::{page, see_other, with_cookie};
use crate::cookie::Cookie;
use crate::fault::{Refusal, Refused};
use crate::form::OwnForm;
use crate::pages::kau::{Code, End, Missing, MissingStep, Password};
use crate::pages::{CodeProblem, PasswordProblem, ServiceName, fields, paths};
use crate::visitor::Visitor;
use crate::{Web, moment};

/// From how many tries left the page says so.
const FEW_TRIES: u32 = 7;

pub(super) async fn view(web: &Web, visitor: &Visitor, id: &str) -> Result<LoginView, Refused> {
    web.broker().login_view(id, &visitor.browser).await.map_err(|fault| Refused::kau(web, visitor, fault))
}

fn password_form(web: &Web, visitor: &Visitor, view: &LoginView, method: Method) -> Password {
    let action = match method {
        Method::Password => paths::password_alone(&view.id),
        Method::EmailedCode | Method::AuthenticatorApp | Method::Passkey | Method::Wallet | Method::Upstream(_) => {
            paths::password(&view.id)
        }
    };
    Password {
        frame: login_frame(web, visitor, &view.id, &view.service),
        action,
        user_name: view.name_hint.clone().unwrap_or_default(),
        method,
        other_way: paths::choose(&view.id),
        linking: linking(web, visitor, view),
        problems: Vec::new(),
    }
}

/// What the provider is called whose identity the sign-in connects with the account.
fn linking(web: &Web, visitor: &Visitor, view: &LoginView) -> Option<String> {
    view.linking.as_ref().map(|linking| upstream::name_of(web, visitor, linking))
}

/// `GET /b/{id}/jelszo`
pub(super) async fn password_page(
    State(web): State<Web>,
    Path(id): Path<String>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    show_password(&web, &id, &visitor, Method::AuthenticatorApp).await
}

/// `GET /b/{id}/ugyfelkapu`: the password alone, before the cut-over.
pub(super) async fn password_alone_page(
    State(web): State<Web>,
    Path(id): Path<String>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    show_password(&web, &id, &visitor, Method::Password).await
}

async fn show_password(web: &Web, id: &str, visitor: &Visitor, method: Method) -> Result<Response, Refused> {
    let view = view(web, visitor, id).await?;
    if !view.offers(method) {
        return Ok(see_other(visitor, &paths::choose(id)));
    }
    Ok(page(visitor, StatusCode::OK, &password_form(web, visitor, &view, method)))
}

/// `POST /b/{id}/jelszo`
pub(super) async fn password(
    State(web): State<Web>,
    Path(id): Path<String>,
    form: OwnForm,
) -> Result<Response, Refused> {
    take_password(&web, &id, form, Method::AuthenticatorApp).await
}

/// `POST /b/{id}/ugyfelkapu`
pub(super) async fn password_alone(
    State(web): State<Web>,
    Path(id): Path<String>,
    form: OwnForm,
) -> Result<Response, Refused> {
    take_password(&web, &id, form, Method::Password).await
}

async fn take_password(web: &Web, id: &str, form: OwnForm, method: Method) -> Result<Response, Refused> {
    let OwnForm { visitor, fields } = form;
    let view = view(web, &visitor, id).await?;
    let name = fields.text(fields::USER_NAME);
    let password = fields.secret(fields::PASSWORD);
    let again = |problems: Vec<PasswordProblem>| {
        let form = password_form(web, &visitor, &view, method);
        let form = Password { user_name: name.to_owned(), problems, ..form };
        page(&visitor, StatusCode::UNPROCESSABLE_ENTITY, &form)
    };
    let missing = crate::form::missing_credentials(name, &password);
    if !missing.is_empty() {
        return Ok(again(missing));
    }
    let typed = Typed { name, password: &password };
    let present = visitor.single_sign_on.as_ref();
    let next = web.broker().offer_password(&view, method, typed, present, &visitor.caller).await;
    match next {
        Ok(Next::PasswordDiffered { left }) => Ok(again(vec![wrong_password(left)])),
        Ok(next) => follow(web, &visitor, &view, next),
        Err(Fault::Stale) => Ok(see_other(&visitor, &paths::choose(id))),
        Err(fault) => Err(refused_step(web, &visitor, id, fault).await),
    }
}

/// What is said of a wrong password: from the third miss, how many tries are left.
pub(crate) fn wrong_password(left: u32) -> PasswordProblem {
    if left <= FEW_TRIES { PasswordProblem::WrongFewLeft { tries: left } } else { PasswordProblem::Wrong }
}

/// `GET /b/{id}/kod`
pub(super) async fn code_page(
    State(web): State<Web>,
    Path(id): Path<String>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let view = view(&web, &visitor, &id).await?;
    match &view.stage {
        Stage::AwaitingCode { .. } => Ok(page(&visitor, StatusCode::OK, &code_form(&web, &visitor, &view, None))),
        stage => Ok(see_other(&visitor, &path_of(&id, stage))),
    }
}

fn code_form(web: &Web, visitor: &Visitor, view: &LoginView, problem: Option<CodeProblem>) -> Code {
    Code {
        frame: login_frame(web, visitor, &view.id, &view.service),
        action: paths::code(&view.id),
        other_way: paths::choose(&view.id),
        lost: web.at_account(paths::LOST, &view.id, visitor.lang),
        linking: linking(web, visitor, view),
        problem,
    }
}

/// `POST /b/{id}/kod`
pub(super) async fn code(State(web): State<Web>, Path(id): Path<String>, form: OwnForm) -> Result<Response, Refused> {
    let OwnForm { visitor, fields } = form;
    let view = view(&web, &visitor, &id).await?;
    if !matches!(view.stage, Stage::AwaitingCode { .. }) {
        // Sent twice, or from a page that another window is past.
        return Ok(see_other(&visitor, &path_of(&id, &view.stage)));
    }
    let again = |problem: CodeProblem| {
        page(&visitor, StatusCode::UNPROCESSABLE_ENTITY, &code_form(&web, &visitor, &view, Some(problem)))
    };
    let code = match TotpCode::parse(fields.text(fields::CODE)) {
        Ok(code) => code,
        Err(TotpCodeError::TooLong) => return Err(Refused::kau(&web, &visitor, Refusal::TooLarge)),
        Err(error) => return Ok(again(crate::form::code_problem(error))),
    };
    match web.broker().offer_code(&view, &code, visitor.single_sign_on.as_ref()).await {
        Ok(Next::CodeDiffered { in_row }) => {
            Ok(again(if in_row > 1 { CodeProblem::WrongAgain } else { CodeProblem::Wrong }))
        }
        Ok(Next::CodeReused) => Ok(again(CodeProblem::Used)),
        Ok(next) => follow(&web, &visitor, &view, next),
        Err(Fault::Stale) => Ok(see_other(&visitor, &paths::choose(&id))),
        Err(fault) => Err(refused_step(&web, &visitor, &id, fault).await),
    }
}

/// Adds the cookies of a session that has begun and of a device that has become known.
fn with_cookies(response: Response, session: &str, device: Option<DeviceCookie>) -> Response {
    let response = with_cookie(response, Cookie::SingleSignOn, session);
    match device {
        Some(device) => with_cookie(response, Cookie::Device, device.as_str()),
        None => response,
    }
}

/// The one function from what comes next to a page or redirect.
pub(super) fn follow(web: &Web, visitor: &Visitor, view: &LoginView, next: Next) -> Result<Response, Refused> {
    let id = &view.id;
    match next {
        Next::AskCode => Ok(see_other(visitor, &paths::code(id))),
        Next::Short(_) => Ok(see_other(visitor, &paths::missing_step(id))),
        Next::Limited { until } | Next::StartOver { until } => {
            Err(Refused::kau(web, visitor, Fault::TooMany { until }))
        }
        Next::AskConsent { session, device } => {
            let response = see_other(visitor, &paths::consent(id));
            Ok(with_cookies(response, session.handle.expose(), device))
        }
        Next::Answer { onward, session, device, is_positive } => {
            // Another person than was asked for: single sign-on began all the same.
            let end = if is_positive { End::SignedIn } else { End::NothingShared };
            let response = saml::go_on_page(web, visitor, &view.service, onward, end);
            Ok(with_cookies(response, session.handle.expose(), device))
        }
        // Shown by the form that they belong to, before this.
        Next::PasswordDiffered { .. } | Next::CodeDiffered { .. } | Next::CodeReused => {
            Ok(see_other(visitor, &paths::choose(id)))
        }
    }
}

/// `GET /b/{id}/tovabb`
pub(super) async fn missing_step(
    State(web): State<Web>,
    Path(id): Path<String>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let view = view(&web, &visitor, &id).await?;
    let Stage::Short { shortfall } = &view.stage else {
        return Ok(see_other(&visitor, &path_of(&id, &view.stage)));
    };
    let missing = MissingStep {
        frame: login_frame(&web, &visitor, &id, &view.service),
        service: ServiceName::of(&view.service, visitor.lang),
        missing: missing(&web, &visitor, &view, *shortfall),
        set_up: paths::enrol_from_broker(&id),
        start_over: paths::choose(&id),
        cancel: paths::cancel(&id),
        other_way: paths::choose(&id),
        prove: provable(*shortfall)
            .filter(|_| web.broker().has_wallets())
            .map(|path| web.at_account(path, &id, visitor.lang)),
    };
    Ok(page(&visitor, StatusCode::OK, &missing))
}

/// The page of the account at which a wallet proves what is missing.
fn provable(shortfall: Shortfall) -> Option<&'static str> {
    match shortfall {
        Shortfall::WeakProvenance => Some(paths::PROVE_LIFT),
        Shortfall::Frozen => Some(paths::PROVE_UNFREEZE),
        Shortfall::LowLevel
        | Shortfall::NotEnrolled
        | Shortfall::Stale
        | Shortfall::Inactive
        | Shortfall::Held(_)
        | Shortfall::SomebodyElse
        | Shortfall::CrossDevice => None,
    }
}

fn missing(web: &Web, visitor: &Visitor, view: &LoginView, shortfall: Shortfall) -> Missing {
    match shortfall {
        Shortfall::NotEnrolled if view.cut_over => {
            Missing::SecondStep { date: moment::date(web.broker().policy().cutover, visitor.lang) }
        }
        Shortfall::NotEnrolled => Missing::Level,
        Shortfall::Stale => Missing::Freshness,
        Shortfall::Inactive => Missing::Active,
        Shortfall::Held(until) => Missing::Held { until: moment::date_and_time(until, visitor.lang) },
        Shortfall::Frozen => Missing::Frozen,
        Shortfall::SomebodyElse => Missing::SomebodyElse,
        Shortfall::CrossDevice => Missing::SameDevice,
        Shortfall::WeakProvenance | Shortfall::LowLevel => Missing::Assurance,
    }
}
