//! A wallet proves that an account is its owner's: for enrolling, for "Megerősítés", and for opening a frozen account.
//! Each has a page that asks, which leads to KAÜ, and one below it to which KAÜ leads back.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use broker::{Enroller, EnrolmentView, FactorChange, Fault, Lifted, ProofUsed, ProofView, Proving};
use journey::{ProofAim, Unproved};
use model::{Article, Handle};
use ui::Frame;

use super::session::{Full, MayEnrol, frame};
use super::status::{proof, refused_change};
use crate::Web;
use crate::answer::{page, see_other};
use crate::fault::{Refusal, Refused};
use crate::form::OwnForm;
use crate::pages::kau::{End, GoOn};
use crate::pages::proof::{NotProved, Prove, Proved, Unfrozen, Why, asking};
use crate::pages::status::StatusProblem;
use crate::pages::{ServiceName, Text, paths};
use crate::visitor::Visitor;

type Answer = Result<Response, Refused>;

/// Where wallets are not asked, there are no such pages.
fn refused(web: &Web, visitor: &Visitor, fault: Fault) -> Refused {
    match fault {
        Fault::NoJourney => Refused::ugyfelkapu(web, visitor, Refusal::NotFound),
        fault => Refused::ugyfelkapu(web, visitor, fault),
    }
}

/// The page that asks.
fn ask(web: &Web, visitor: &Visitor, frame: Frame, aim: ProofAim) -> Answer {
    if !web.broker().has_wallets() {
        return Err(refused(web, visitor, Fault::NoJourney));
    }
    Ok(page(visitor, StatusCode::OK, &Prove { frame, aim, action: asking(aim).to_owned() }))
}

/// The page that leads on to KAÜ: a posted form may not redirect to another origin.
async fn lead_on(web: &Web, visitor: &Visitor, frame: Frame, proving: Proving<'_>) -> Answer {
    let asked = web.broker().ask_proof(proving, &visitor.caller).await;
    let handle = asked.map_err(|fault| refused(web, visitor, fault))?;
    let (language, tag) = (paths::LANG_QUERY, visitor.lang.tag());
    let href = format!("{}{}?{language}={tag}", web.0.kau, paths::proof(handle.expose()));
    let service = ServiceName { name: Text::of(visitor.lang).part_kau().to_owned(), article: Article::A };
    Ok(page(visitor, StatusCode::OK, &GoOn { frame, service, href, end: End::ToProve }))
}

/// What became of it: the page of what was shown, or the one that says why it proves nothing.
async fn show(
    web: &Web,
    visitor: &Visitor,
    frame: Frame,
    (proving, aim): (Proving<'_>, ProofAim),
    token: &str,
    problems: Vec<StatusProblem>,
) -> Answer {
    let Some(handle) = Handle::parse(token) else { return Ok(not_proved(visitor, frame, aim, Why::Over)) };
    let why = match web.broker().proof_view(proving, &handle).await {
        Ok(ProofView::Good { address }) => {
            let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
            let action = format!("{}/{token}", asking(aim));
            return Ok(page(visitor, status, &Proved { frame, aim, action, address, problems }));
        }
        Ok(ProofView::Unknown) => Why::Unknown,
        Ok(ProofView::Not(unproved)) => why(unproved),
        Err(Fault::Gone) => Why::Over,
        Err(fault) => return Err(refused(web, visitor, fault)),
    };
    Ok(not_proved(visitor, frame, aim, why))
}

fn why(unproved: Unproved) -> Why {
    match unproved {
        Unproved::SomebodyElse => Why::SomebodyElse,
        Unproved::NotNeeded => Why::NotNeeded,
        Unproved::TooWeak => Why::TooWeak,
        Unproved::OwnWord => Why::OwnWord,
    }
}

fn not_proved(visitor: &Visitor, frame: Frame, aim: ProofAim, why: Why) -> Response {
    let status = if why == Why::Over { StatusCode::GONE } else { StatusCode::FORBIDDEN };
    page(visitor, status, &NotProved { frame, aim, why })
}

/// The page that says why it was not used, unless it was.
fn unused(
    web: &Web,
    visitor: &Visitor,
    frame: Frame,
    aim: ProofAim,
    used: Result<ProofUsed, Fault>,
) -> Result<Option<Response>, Refused> {
    let why = match used {
        Ok(ProofUsed::Done) => return Ok(None),
        Ok(ProofUsed::Unknown) => Why::Unknown,
        Ok(ProofUsed::Not(unproved)) => why(unproved),
        Err(Fault::Gone) => Why::Over,
        Err(fault) => return Err(refused(web, visitor, fault)),
    };
    Ok(Some(not_proved(visitor, frame, aim, why)))
}

async fn own_frame(web: &Web, visitor: &Visitor, enroller: &Enroller) -> Result<Frame, Refused> {
    frame(web, visitor, enroller).await.map_err(|fault| refused(web, visitor, fault))
}

/// Whether the enrolment still awaits a proof; if not, its start page knows what comes next.
async fn awaits_proof(web: &Web, visitor: &Visitor, enroller: &Enroller) -> Result<bool, Refused> {
    let view = web.broker().enrolment_view(enroller).await.map_err(|fault| refused(web, visitor, fault))?;
    Ok(matches!(view, EnrolmentView::ProveContact { .. }))
}

/// `GET /igenyles/dap`
pub(super) async fn enrolment_page(State(web): State<Web>, MayEnrol(enroller): MayEnrol, visitor: Visitor) -> Answer {
    if !awaits_proof(&web, &visitor, &enroller).await? {
        return Ok(see_other(&visitor, paths::ENROL));
    }
    let frame = own_frame(&web, &visitor, &enroller).await?;
    ask(&web, &visitor, frame, ProofAim::Enrolment)
}

/// `POST /igenyles/dap`
pub(super) async fn enrolment(State(web): State<Web>, MayEnrol(enroller): MayEnrol, form: OwnForm) -> Answer {
    let visitor = form.visitor;
    if !awaits_proof(&web, &visitor, &enroller).await? {
        return Ok(see_other(&visitor, paths::ENROL));
    }
    let frame = own_frame(&web, &visitor, &enroller).await?;
    lead_on(&web, &visitor, frame, Proving::Enrolment(&enroller)).await
}

/// `GET /igenyles/dap/{token}`
pub(super) async fn enrolment_proved(
    State(web): State<Web>,
    Path(token): Path<String>,
    MayEnrol(enroller): MayEnrol,
    visitor: Visitor,
) -> Answer {
    let frame = own_frame(&web, &visitor, &enroller).await?;
    let asked = (Proving::Enrolment(&enroller), ProofAim::Enrolment);
    show(&web, &visitor, frame, asked, &token, Vec::new()).await
}

/// `POST /igenyles/dap/{token}`
pub(super) async fn enrol_by_proof(
    State(web): State<Web>,
    Path(token): Path<String>,
    MayEnrol(enroller): MayEnrol,
    form: OwnForm,
) -> Answer {
    let visitor = form.visitor;
    let frame = own_frame(&web, &visitor, &enroller).await?;
    let used = match Handle::parse(&token) {
        Some(handle) => web.broker().enrol_by_proof(&enroller, &handle).await,
        None => Err(Fault::Gone),
    };
    match unused(&web, &visitor, frame, ProofAim::Enrolment, used)? {
        None => Ok(see_other(&visitor, paths::ENROL_CONNECT)),
        Some(answer) => Ok(answer),
    }
}

/// `GET /megerosites`
pub(super) async fn lift_page(State(web): State<Web>, Full(session): Full, visitor: Visitor) -> Answer {
    let frame = own_frame(&web, &visitor, &Enroller::Account(session)).await?;
    ask(&web, &visitor, frame, ProofAim::Lift)
}

/// `POST /megerosites`
pub(super) async fn lift(State(web): State<Web>, Full(session): Full, form: OwnForm) -> Answer {
    let visitor = form.visitor;
    let frame = own_frame(&web, &visitor, &Enroller::Account(session.clone())).await?;
    lead_on(&web, &visitor, frame, Proving::Lift(&session)).await
}

/// `GET /megerosites/{token}`
pub(super) async fn lift_proved(
    State(web): State<Web>,
    Path(token): Path<String>,
    Full(session): Full,
    visitor: Visitor,
) -> Answer {
    let frame = own_frame(&web, &visitor, &Enroller::Account(session.clone())).await?;
    show(&web, &visitor, frame, (Proving::Lift(&session), ProofAim::Lift), &token, Vec::new()).await
}

/// `POST /megerosites/{token}`: password and live code.
pub(super) async fn lift_by_proof(
    State(web): State<Web>,
    Path(token): Path<String>,
    Full(session): Full,
    form: OwnForm,
) -> Answer {
    let OwnForm { visitor, fields } = form;
    let frame = own_frame(&web, &visitor, &Enroller::Account(session.clone())).await?;
    let over = |frame| Ok(not_proved(&visitor, frame, ProofAim::Lift, Why::Over));
    let Some(handle) = Handle::parse(&token) else { return over(frame) };
    let problems = match proof(&fields) {
        Err(Err(refusal)) => return Err(Refused::ugyfelkapu(&web, &visitor, refusal)),
        Err(Ok(problems)) => problems,
        Ok((password, code)) => {
            let lifted = web.broker().lift(&session, &handle, &password, &code, &visitor.caller).await;
            let used = match lifted {
                Ok(Lifted::By(FactorChange::Done)) => return Ok(see_other(&visitor, paths::STATUS)),
                // Used at the same time, or revoked; or the authenticator is another by now.
                Ok(Lifted::By(FactorChange::NotApplicable)) => return over(frame),
                Ok(Lifted::By(change)) => {
                    let problem = refused_change(change).map_err(|fault| refused(&web, &visitor, fault))?;
                    let asked = (Proving::Lift(&session), ProofAim::Lift);
                    return show(&web, &visitor, frame, asked, &token, vec![problem]).await;
                }
                Ok(Lifted::Unknown) => Ok(ProofUsed::Unknown),
                Ok(Lifted::Not(unproved)) => Ok(ProofUsed::Not(unproved)),
                Err(fault) => Err(fault),
            };
            return match unused(&web, &visitor, frame, ProofAim::Lift, used)? {
                None => Ok(see_other(&visitor, paths::STATUS)),
                Some(answer) => Ok(answer),
            };
        }
    };
    show(&web, &visitor, frame, (Proving::Lift(&session), ProofAim::Lift), &token, problems).await
}

/// `GET /feloldas`
pub(super) async fn unfreeze_page(State(web): State<Web>, visitor: Visitor) -> Answer {
    ask(&web, &visitor, web.account_frame(&visitor, None), ProofAim::Unfreeze)
}

/// `POST /feloldas`
pub(super) async fn unfreeze(State(web): State<Web>, form: OwnForm) -> Answer {
    let visitor = form.visitor;
    let frame = web.account_frame(&visitor, None);
    lead_on(&web, &visitor, frame, Proving::Unfreeze(&visitor.browser)).await
}

/// `GET /feloldas/{token}`
pub(super) async fn unfreeze_proved(State(web): State<Web>, Path(token): Path<String>, visitor: Visitor) -> Answer {
    let asked = (Proving::Unfreeze(&visitor.browser), ProofAim::Unfreeze);
    show(&web, &visitor, web.account_frame(&visitor, None), asked, &token, Vec::new()).await
}

/// `POST /feloldas/{token}`
pub(super) async fn unfreeze_by_proof(State(web): State<Web>, Path(token): Path<String>, form: OwnForm) -> Answer {
    let visitor = form.visitor;
    let frame = || web.account_frame(&visitor, None);
    let Some(handle) = Handle::parse(&token) else {
        return Ok(not_proved(&visitor, frame(), ProofAim::Unfreeze, Why::Over));
    };
    let used = web.broker().unfreeze_by_proof(&visitor.browser, &handle).await;
    match unused(&web, &visitor, frame(), ProofAim::Unfreeze, used)? {
        None => Ok(page(&visitor, StatusCode::OK, &Unfrozen { frame: frame() })),
        Some(answer) => Ok(answer),
    }
}
