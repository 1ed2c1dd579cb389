//! Signing in by a wallet: its pages at the browser that began, and on the phone.

use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use broker::{
    DigitsOutcome, Entered, Fault, LoginView, PhoneDigits, PhoneDigitsError, PhoneView, Picture, QrCode, Returned,
    WalletStep,
};
use model::Lang;

use super::choose::choose_page;
use super::{frame, login, proof, refused_step, wallet_frame};
use crate::answer::{page, see_other};
use crate::fault::{Refusal, Refused};
use crate::form::OwnForm;
use crate::pages::kau::ChooseProblem;
use crate::pages::wallet::{
    DigitsProblem, Wallet, WalletDigits, WalletElsewhere, WalletPhone, WalletPicture, WalletProblem, WalletState, named,
};
use crate::pages::{Text, fields, paths};
use crate::visitor::Visitor;
use crate::{Web, moment};

/// What the issuer of a credential is called in the language of the page.
pub(super) fn issuer_name(web: &Web, visitor: &Visitor, id: &str) -> String {
    let issuer = web.broker().wallet_issuer(id).map(|issuer| issuer.name(visitor.lang));
    named(Text::of(visitor.lang), issuer)
}

/// What the wallet says that it is asked for, in Hungarian and in English.
pub(super) fn purpose(view: &LoginView) -> [String; 2] {
    match view.proof {
        Some(aim) => proof::purpose(aim),
        None => [Lang::Hu, Lang::En].map(|lang| Text::of(lang).wallet_purpose(view.service.name(lang))),
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
    let state = match web.broker().wallet_step(view, &visitor.browser).await.map_err(refused)? {
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
        WalletStep::Underway => WalletState::Underway,
        WalletStep::Refused => WalletState::Refused,
        WalletStep::Failed => WalletState::Failed,
        WalletStep::Lapsed => WalletState::Lapsed,
    };
    let shown = Wallet {
        frame: wallet_frame(web, visitor, view),
        action: paths::wallet(&view.id),
        other_way: paths::choose(&view.id),
        is_proof: view.proof.is_some(),
        state,
        problem,
    };
    // What is over says so itself.
    let problem = shown.problem.filter(|_| shown.is_open());
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(page(visitor, status, &Wallet { problem, ..shown }))
}

fn drawn(picture: &Picture) -> Result<WalletPicture, Fault> {
    let QrCode { size, path } = QrCode::of(&picture.text).map_err(|_| Fault::Damaged("picture for a wallet"))?;
    let until = moment::clock_to_the_second(picture.until);
    Ok(WalletPicture { qr: ui::QrCode { size, path }, typed: picture.typed.clone(), until })
}

/// `POST /b/{id}/dap`: "Jóváhagytam, tovább" or "Új ábra kérése".
pub(super) async fn go_on(State(web): State<Web>, Path(id): Path<String>, form: OwnForm) -> Result<Response, Refused> {
    let OwnForm { visitor, fields } = form;
    let view = login::view(&web, &visitor, &id).await?;
    if fields.text(fields::DEED) == fields::NEW_PICTURE {
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
        other_way: paths::choose(&view.id),
        is_proof: view.proof.is_some(),
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

/// `GET /wallet/vissza`: the wallet led its person here.
pub(super) async fn returned(
    State(web): State<Web>,
    RawQuery(query): RawQuery,
    visitor: Visitor,
) -> Result<Response, Refused> {
    web.broker().admit_wallet_call(&visitor.caller).map_err(|fault| Refused::kau(&web, &visitor, fault))?;
    let query = query.unwrap_or_default();
    let mut codes = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == paths::RESPONSE_CODE_QUERY);
    let (Some((_, code)), None) = (codes.next(), codes.next()) else {
        return Err(Refused::kau(&web, &visitor, Refusal::NotFound));
    };
    match web.broker().wallet_returned(&code, &visitor.browser, visitor.single_sign_on.as_ref()).await {
        Ok(Returned::Here { view, entered }) => go_in(&web, &visitor, &view, entered),
        Ok(Returned::Phone(phone)) => Ok(page(&visitor, StatusCode::OK, &phone_page(&web, &visitor, phone))),
        Ok(Returned::OtherBrowser) => {
            let elsewhere = WalletElsewhere { frame: frame(&web, &visitor, None) };
            Ok(page(&visitor, StatusCode::NOT_FOUND, &elsewhere))
        }
        Err(fault) => Err(Refused::kau(&web, &visitor, fault)),
    }
}

fn phone_page(web: &Web, visitor: &Visitor, phone: PhoneView) -> WalletPhone {
    let [hu, en] = phone.service;
    WalletPhone {
        frame: frame(web, visitor, None),
        digits: phone.digits.chars().collect(),
        service: match visitor.lang {
            Lang::Hu => hu,
            Lang::En => en,
        },
        began: moment::clock(phone.began_at),
        until: moment::clock_to_the_second(phone.until),
    }
}

/// What comes after what a wallet showed.
fn go_in(web: &Web, visitor: &Visitor, view: &LoginView, entered: Entered) -> Result<Response, Refused> {
    match entered {
        Entered::Known(next) => login::follow(web, visitor, view, next),
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
