//! Signing in by a wallet: its pages at the browser that began, and on the phone.

use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use broker::{
    DigitsOutcome, Entered, Fault, LoginView, PhoneDigits, PhoneDigitsError, PhoneView, Picture, QrCode, Returned,
    WalletStep,
};
use journey::Stage;
use model::Lang;
use ui::Frame;

use super::choose::choose_page;
use super::{frame, login, proof, refused_step, wallet_events, wallet_frame};
use crate::answer::{page, see_other};
use crate::fault::{Refusal, Refused};
use crate::form::OwnForm;
use crate::pages::kau::ChooseProblem;
use crate::pages::wallet::{
    Aim, DigitsProblem, Wallet, WalletDigits, WalletElsewhere, WalletPhone, WalletPicture, WalletProblem, WalletState,
    named,
};
use crate::pages::{Text, fields, paths};
use crate::site::other_language_of;
use crate::visitor::Visitor;
use crate::{Web, moment};

/// A page that waits: its script hears of what becomes of the sign-in, and asks for a request for its browser.
const CONTENT_SECURITY_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; script-src 'self'; \
     connect-src 'self'; frame-ancestors 'none'; base-uri 'none'",
);

/// What the issuer of a credential is called in the language of the page.
pub(super) fn issuer_name(web: &Web, visitor: &Visitor, id: &str) -> String {
    let issuer = web.broker().wallet_issuer(id).map(|issuer| issuer.name(visitor.lang));
    named(Text::of(visitor.lang), issuer)
}

/// What the wallet says that it is asked for at this stage, in Hungarian and in English.
pub(super) fn purpose(view: &LoginView) -> [String; 2] {
    match aim(view) {
        Aim::SignIn | Aim::Prove => purpose_to_begin(view),
        Aim::Give => [Lang::Hu, Lang::En].map(|lang| Text::of(lang).wallet_give_purpose(view.service.name(lang))),
    }
}

/// The same where it is chosen as the way in.
pub(super) fn purpose_to_begin(view: &LoginView) -> [String; 2] {
    match view.proof {
        Some(aim) => proof::purpose(aim),
        None => [Lang::Hu, Lang::En].map(|lang| Text::of(lang).wallet_purpose(view.service.name(lang))),
    }
}

/// The page of consent asks the wallet of its person for more.
pub(super) async fn ask_to_give(web: &Web, visitor: &Visitor, id: &str) -> Result<Response, Refused> {
    let view = login::view(web, visitor, id).await?;
    let purpose = purpose(&view);
    match web.broker().ask_wallet_to_give(&view, &visitor.browser, purpose, &visitor.caller).await {
        Ok(()) => Ok(see_other(visitor, &paths::wallet(id))),
        Err(Fault::Stale) => Ok(see_other(visitor, &paths::consent(id))),
        Err(fault) => Err(refused_step(web, visitor, id, fault).await),
    }
}

/// What the wallet is at work for: whoever signed in already is asked for no more than data.
fn aim(view: &LoginView) -> Aim {
    if view.proof.is_some() {
        return Aim::Prove;
    }
    match view.stage {
        Stage::AwaitingConsent { .. } => Aim::Give,
        Stage::Open
        | Stage::AwaitingCode { .. }
        | Stage::Short { .. }
        | Stage::SignedIn { .. }
        | Stage::Refused(_)
        | Stage::Answered => Aim::SignIn,
    }
}

/// The way without the wallet.
fn other_way(view: &LoginView) -> String {
    match aim(view) {
        Aim::SignIn | Aim::Prove => paths::choose(&view.id),
        Aim::Give => paths::consent(&view.id),
    }
}

/// `GET /b/{id}/dap`: how far it has come.
pub(super) async fn show(
    State(web): State<Web>,
    Path(id): Path<String>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let view = login::view(&web, &visitor, &id).await?;
    step_page(&web, &visitor, &view, None).await
}

async fn step_page(
    web: &Web,
    visitor: &Visitor,
    view: &LoginView,
    problem: Option<WalletProblem>,
) -> Result<Response, Refused> {
    let refused = |fault: Fault| Refused::kau(web, visitor, fault);
    if view.linking.is_some() {
        return Ok(see_other(visitor, &paths::link(&view.id)));
    }
    web.broker().admit_wallet_call(&visitor.caller).map_err(refused)?;
    let step = web.broker().wallet_step(view, &visitor.browser).await.map_err(refused)?;
    let events = wallet_events::address(&view.id, &wallet_events::mark(&step));
    let state = match step {
        WalletStep::Digits => {
            return Ok(page(visitor, StatusCode::OK, &digits_page(web, visitor, view, None)));
        }
        WalletStep::Ask { link, picture } => {
            let picture = match picture {
                Some(picture) => Some(drawn(&picture).map_err(refused)?),
                None => None,
            };
            WalletState::Ask { link, picture }
        }
        WalletStep::Elsewhere => WalletState::Elsewhere,
        WalletStep::Underway => WalletState::Underway,
        WalletStep::Refused => WalletState::Refused,
        WalletStep::Failed => WalletState::Failed,
        WalletStep::Lapsed => WalletState::Lapsed,
    };
    Ok(state_page(web, visitor, view, state, events, problem))
}

/// The page of a state.
pub(super) fn state_page(
    web: &Web,
    visitor: &Visitor,
    view: &LoginView,
    state: WalletState,
    events: String,
    problem: Option<WalletProblem>,
) -> Response {
    let shown = wallet_page(web, visitor, view, state, events, problem);
    // What is over says so itself, and nothing more of it comes.
    let is_open = shown.is_open();
    let problem = shown.problem.filter(|_| is_open);
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let mut response = page(visitor, status, &Wallet { problem, ..shown });
    if is_open {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY);
    }
    response
}

fn wallet_page(
    web: &Web,
    visitor: &Visitor,
    view: &LoginView,
    state: WalletState,
    events: String,
    problem: Option<WalletProblem>,
) -> Wallet {
    Wallet {
        frame: wallet_frame(web, visitor, view),
        action: paths::wallet(&view.id),
        browser: paths::wallet_browser(&view.id),
        other_way: other_way(view),
        events,
        aim: aim(view),
        state,
        problem,
    }
}

fn drawn(picture: &Picture) -> Result<WalletPicture, Fault> {
    let QrCode { size, path } = QrCode::of(&picture.text).map_err(|_| Fault::Damaged("picture for a wallet"))?;
    let until = moment::clock_to_the_second(picture.until);
    Ok(WalletPicture { qr: ui::QrCode { size, path }, typed: picture.typed.clone(), until })
}

/// `POST /b/{id}/dap`: "Jóváhagytam, tovább" or "Új ábra kérése", the latter also in place of the digits.
pub(super) async fn go_on(State(web): State<Web>, Path(id): Path<String>, form: OwnForm) -> Result<Response, Refused> {
    let OwnForm { visitor, fields } = form;
    let view = login::view(&web, &visitor, &id).await?;
    let deed = fields.text(fields::DEED);
    if deed == fields::OTHER_PICTURE {
        let forgotten = web.broker().forget_digits(&view, &visitor.browser, &visitor.caller).await;
        forgotten.map_err(|fault| Refused::kau(&web, &visitor, fault))?;
    }
    if deed == fields::NEW_PICTURE || deed == fields::OTHER_PICTURE {
        if aim(&view) == Aim::Give {
            return ask_to_give(&web, &visitor, &id).await;
        }
        let purpose = purpose(&view);
        return match web.broker().ask_wallet(&view, &visitor.browser, purpose, &visitor.caller).await {
            Ok(()) => Ok(see_other(&visitor, &paths::wallet(&id))),
            Err(Fault::Stale) => Ok(see_other(&visitor, &paths::choose(&id))),
            Err(fault) => Err(Refused::kau(&web, &visitor, fault)),
        };
    }
    step_page(&web, &visitor, &view, Some(WalletProblem::NotYet)).await
}

fn digits_page(web: &Web, visitor: &Visitor, view: &LoginView, problem: Option<DigitsProblem>) -> WalletDigits {
    WalletDigits {
        frame: wallet_frame(web, visitor, view),
        action: paths::wallet_digits(&view.id),
        anew: paths::wallet(&view.id),
        other_way: other_way(view),
        aim: aim(view),
        problem,
    }
}

/// `POST /b/{id}/dap/szamok`
pub(super) async fn digits(State(web): State<Web>, Path(id): Path<String>, form: OwnForm) -> Result<Response, Refused> {
    let OwnForm { visitor, fields } = form;
    let view = login::view(&web, &visitor, &id).await?;
    let again = |problem: DigitsProblem| {
        let form = digits_page(&web, &visitor, &view, Some(problem));
        Ok(page(&visitor, StatusCode::UNPROCESSABLE_ENTITY, &form))
    };
    let typed = match PhoneDigits::parse(fields.text(fields::CODE)) {
        Ok(typed) => typed,
        Err(PhoneDigitsError::Empty) => return again(DigitsProblem::Missing),
        Err(PhoneDigitsError::Count(typed)) => return again(DigitsProblem::Count { typed }),
        Err(PhoneDigitsError::Character) => return again(DigitsProblem::NotDigits),
    };
    let present = visitor.single_sign_on.as_ref();
    match web.broker().offer_digits(&view, &typed, &visitor.browser, present, &visitor.caller).await {
        Ok(DigitsOutcome::Entered(entered)) => go_in(&web, &visitor, &view, entered),
        Ok(DigitsOutcome::Differed { left }) => again(DigitsProblem::Wrong { left }),
        Ok(DigitsOutcome::NotShown) => again(DigitsProblem::NotShown),
        Ok(DigitsOutcome::Over) | Err(Fault::Stale) => Ok(see_other(&visitor, &paths::wallet(&id))),
        Err(fault) => Err(refused_step(&web, &visitor, &id, fault).await),
    }
}

/// Whether nobody has opened the page yet: a browser fetches it ahead (Fetch, header `Sec-Purpose`; older names of the
/// same), or a preview does. What can be opened once must not be used up by that.
fn is_ahead(headers: &HeaderMap) -> bool {
    ["sec-purpose", "purpose", "x-purpose", "x-moz"].into_iter().any(|name| {
        let said = headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        ["prefetch", "prerender", "preview"].into_iter().any(|purpose| said.contains(purpose))
    })
}

/// `HEAD /wallet/vissza`, and what is fetched ahead: nothing comes of it, and the browser asks again when somebody opens it.
pub(super) async fn not_returned() -> Response {
    ([(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))], StatusCode::SERVICE_UNAVAILABLE).into_response()
}

/// `GET /wallet/vissza`: the wallet led its person here.
pub(super) async fn returned(
    State(web): State<Web>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    visitor: Visitor,
) -> Result<Response, Refused> {
    if is_ahead(&headers) {
        return Ok(not_returned().await);
    }
    web.broker().admit_wallet_call(&visitor.caller).map_err(|fault| Refused::kau(&web, &visitor, fault))?;
    let query = query.unwrap_or_default();
    let mut codes = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == paths::RESPONSE_CODE_QUERY);
    let (Some((_, code)), None) = (codes.next(), codes.next()) else {
        return Err(Refused::kau(&web, &visitor, Refusal::NotFound));
    };
    match web.broker().wallet_returned(&code, &visitor.browser, visitor.single_sign_on.as_ref()).await {
        Ok(Returned::Here { view, entered }) => go_in(&web, &visitor, &view, entered),
        Ok(Returned::Phone(phone)) => Ok(page(&visitor, StatusCode::OK, &phone_page(&web, &visitor, phone, &code))),
        Ok(Returned::OtherBrowser) => {
            let elsewhere = WalletElsewhere { frame: frame(&web, &visitor, None) };
            Ok(page(&visitor, StatusCode::NOT_FOUND, &elsewhere))
        }
        Err(fault) => Err(Refused::kau(&web, &visitor, fault)),
    }
}

/// The phone's page, in its own language if it has one here, else in that of the sign-in.
fn phone_page(web: &Web, visitor: &Visitor, phone: PhoneView, code: &str) -> WalletPhone {
    let [hu, en] = phone.service;
    let lang = visitor.own_lang.unwrap_or(phone.lang);
    let this_page = format!("{}&{}={code}", other_language_of(&visitor.path, None, lang), paths::RESPONSE_CODE_QUERY);
    WalletPhone {
        frame: Frame { lang, site: web.kau_site(lang), other_language: this_page, ..frame(web, visitor, None) },
        digits: phone.digits.chars().collect(),
        service: match lang {
            Lang::Hu => hu,
            Lang::En => en,
        },
        began: moment::clock(phone.began_at),
        until: moment::clock_to_the_second(phone.until),
    }
}

/// What comes after what a wallet showed.
pub(super) fn go_in(web: &Web, visitor: &Visitor, view: &LoginView, entered: Entered) -> Result<Response, Refused> {
    match entered {
        Entered::Known(next) => login::follow(web, visitor, view, next),
        Entered::Given => Ok(see_other(visitor, &paths::consent(&view.id))),
        Entered::NotTheirs => {
            let told = wallet_page(web, visitor, view, WalletState::NotTheirs, String::new(), None);
            Ok(page(visitor, StatusCode::UNPROCESSABLE_ENTITY, &told))
        }
        Entered::Told(onward) => Ok(proof::told(web, visitor, view, onward)),
        Entered::Unknown => Ok(see_other(visitor, &paths::link(&view.id))),
        Entered::Unlinkable => {
            let name = named(Text::of(visitor.lang), None);
            let problem = Some(ChooseProblem::UpstreamUnknown { name });
            let form = choose_page(web, visitor, view, problem);
            Ok(page(visitor, StatusCode::UNPROCESSABLE_ENTITY, &form))
        }
    }
}
