//! Requesting Ügyfélkapu+: the seed's steps in the seed's order.

pub(super) mod contact;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use broker::{
    Before, Confirmation, Direction, Enroller, EnrolmentView, Fault, Finished, PasswordGiven, TotpCode, TotpCodeError,
};
use journey::SecondFactor;
use model::Binding;

use super::session::{MayEnrol, frame, onward};
use crate::answer::{page, see_other};
use crate::fault::{Refusal, Refused};
use crate::form::{OwnForm, code_problem};
use crate::pages::enrol::{
    APPS, App, Connect, ConnectNotice, ConnectProblem, DeletionCode, DeletionCodeProblem, DeletionSheet, DeletionText,
    OwnerProof, PasswordState, Start, StartReason,
};
use crate::pages::{Progress, fields, paths};
use crate::visitor::Visitor;
use crate::{Web, moment};

/// A page, or what it is refused for.
type Answer = Result<Response, Refused>;

/// A numbered step: app, (contact code or wallet,) connection, deletion code.
fn progress(view: &EnrolmentView) -> Progress {
    let proof = match view {
        EnrolmentView::ProveContact { .. } => true,
        EnrolmentView::Vouched { binding }
        | EnrolmentView::Connect { binding }
        | EnrolmentView::SaveDeletionCode { binding } => matches!(binding, Binding::ContactCode | Binding::Wallet),
        EnrolmentView::NotBegun { .. } => false,
    };
    let before = match view {
        EnrolmentView::NotBegun { .. } => 0,
        EnrolmentView::ProveContact { .. } | EnrolmentView::Vouched { .. } | EnrolmentView::Connect { .. } => 1,
        EnrolmentView::SaveDeletionCode { .. } => 2,
    };
    let past_contact = !matches!(view, EnrolmentView::ProveContact { .. });
    let extra = u8::from(proof);
    Progress { step: before + 1 + if past_contact { extra } else { 0 }, of: 3 + extra }
}

/// Where the enrolment stands, and the page that shows it.
fn path_of(view: &EnrolmentView) -> &'static str {
    match view {
        EnrolmentView::NotBegun { .. } => paths::ENROL,
        EnrolmentView::ProveContact { sent_at: None, .. } | EnrolmentView::Vouched { .. } => paths::ENROL_APP,
        EnrolmentView::ProveContact { sent_at: Some(_), .. } => paths::ENROL_CONTACT_CODE,
        EnrolmentView::Connect { .. } => paths::ENROL_CONNECT,
        EnrolmentView::SaveDeletionCode { .. } => paths::ENROL_DELETION_CODE,
    }
}

/// `GET /igenyles`
pub(super) async fn start_page(State(web): State<Web>, MayEnrol(enroller): MayEnrol, visitor: Visitor) -> Answer {
    let refused = |fault: Fault| Refused::ugyfelkapu(&web, &visitor, fault);
    let view = web.broker().enrolment_view(&enroller).await.map_err(refused)?;
    let status = web.broker().status(&enroller).await.map_err(refused)?;
    let reason = match (status.second_factor, &view) {
        (SecondFactor::Active { .. } | SecondFactor::Frozen, EnrolmentView::NotBegun { .. }) => {
            return Ok(see_other(&visitor, paths::STATUS));
        }
        (SecondFactor::Inactive, EnrolmentView::NotBegun { .. }) => {
            StartReason::Inactive { activate: paths::STATUS.to_owned() }
        }
        (SecondFactor::None, EnrolmentView::NotBegun { before: Before::Unfinished }) => StartReason::Unfinished,
        (SecondFactor::None, EnrolmentView::NotBegun { before: Before::Nothing }) => StartReason::First,
        (_, EnrolmentView::Vouched { binding: Binding::DeletionCode(_) }) => StartReason::Deleted,
        (_, view) => return Ok(see_other(&visitor, path_of(view))),
    };
    let contact_code = web.broker().policy().contact_code_needed(web.broker().now());
    let owner_proof = match (&reason, contact_code) {
        (StartReason::Deleted | StartReason::OtherDevice, _) | (_, false) => OwnerProof::Given,
        (_, true) => OwnerProof::ContactCode,
    };
    let start = Start {
        frame: frame(&web, &visitor, &enroller).await.map_err(refused)?,
        action: paths::ENROL.to_owned(),
        reason,
        owner_proof,
        cutover: web.cutover(visitor.lang),
        onward: onward(&web, &visitor, enroller.login_id()).await.map_err(refused)?,
    };
    Ok(page(&visitor, StatusCode::OK, &start))
}

/// `POST /igenyles`
pub(super) async fn start(State(web): State<Web>, MayEnrol(enroller): MayEnrol, form: OwnForm) -> Answer {
    let visitor = form.visitor;
    let refused = |fault: Fault| Refused::ugyfelkapu(&web, &visitor, fault);
    web.broker().begin_enrolment(&enroller).await.map_err(refused)?;
    let view = web.broker().enrolment_view(&enroller).await.map_err(refused)?;
    Ok(see_other(&visitor, path_of(&view)))
}

/// `GET /igenyles/alkalmazas`
pub(super) async fn app_page(State(web): State<Web>, MayEnrol(enroller): MayEnrol, visitor: Visitor) -> Answer {
    let refused = |fault: Fault| Refused::ugyfelkapu(&web, &visitor, fault);
    let view = web.broker().enrolment_view(&enroller).await.map_err(refused)?;
    match view {
        EnrolmentView::ProveContact { .. } | EnrolmentView::Vouched { .. } | EnrolmentView::Connect { .. } => {}
        EnrolmentView::NotBegun { .. } | EnrolmentView::SaveDeletionCode { .. } => {
            return Ok(see_other(&visitor, path_of(&view)));
        }
    }
    let app = App {
        frame: frame(&web, &visitor, &enroller).await.map_err(refused)?,
        action: paths::ENROL_APP.to_owned(),
        progress: Progress { step: 1, ..progress(&view) },
        apps: APPS.to_vec(),
    };
    Ok(page(&visitor, StatusCode::OK, &app))
}

/// `POST /igenyles/alkalmazas`: "Tovább".
pub(super) async fn app(State(web): State<Web>, MayEnrol(enroller): MayEnrol, form: OwnForm) -> Answer {
    let visitor = form.visitor;
    let view = web.broker().enrolment_view(&enroller).await;
    let next = match view.map_err(|fault| Refused::ugyfelkapu(&web, &visitor, fault))? {
        EnrolmentView::ProveContact { sent_at: None, .. } => paths::ENROL_CONTACT,
        EnrolmentView::ProveContact { sent_at: Some(_), .. } => paths::ENROL_CONTACT_CODE,
        EnrolmentView::Vouched { .. } | EnrolmentView::Connect { .. } => paths::ENROL_CONNECT,
        view @ (EnrolmentView::NotBegun { .. } | EnrolmentView::SaveDeletionCode { .. }) => path_of(&view),
    };
    Ok(see_other(&visitor, next))
}

/// `GET /igenyles/osszekapcsolas`
pub(super) async fn connect_page(State(web): State<Web>, MayEnrol(enroller): MayEnrol, visitor: Visitor) -> Answer {
    show_connect(&web, &visitor, &enroller, StatusCode::OK, None, Vec::new()).await
}

async fn show_connect(
    web: &Web,
    visitor: &Visitor,
    enroller: &Enroller,
    status: StatusCode,
    notice: Option<ConnectNotice>,
    problems: Vec<ConnectProblem>,
) -> Answer {
    let refused = |fault: Fault| Refused::ugyfelkapu(web, visitor, fault);
    let connect = match web.broker().connect(enroller).await {
        Ok(connect) => connect,
        Err(Fault::Stale) => return Ok(see_other(visitor, paths::ENROL)),
        Err(fault) => return Err(refused(fault)),
    };
    let view = web.broker().enrolment_view(enroller).await.map_err(refused)?;
    let notice = notice.or((connect.nth > 1).then_some(ConnectNotice::Replaces));
    let connect = Connect {
        frame: frame(web, visitor, enroller).await.map_err(refused)?,
        action: paths::ENROL_CONNECT.to_owned(),
        back: paths::ENROL_APP.to_owned(),
        progress: progress(&view),
        qr: ui::QrCode { size: connect.qr.size, path: connect.qr.path },
        key_groups: connect.key.expose().split(' ').map(str::to_owned).collect(),
        otpauth: connect.otpauth.expose().clone(),
        user_name: enroller.user_name().as_str().to_owned(),
        label: connect.label,
        issuer: connect.issuer.to_owned(),
        password: match connect.password_given {
            PasswordGiven::Recently => PasswordState::Confirmed,
            PasswordGiven::NotYet => PasswordState::Asked,
        },
        notice,
        problems,
    };
    Ok(page(visitor, status, &connect))
}

/// `POST /igenyles/osszekapcsolas`
pub(super) async fn connect(State(web): State<Web>, MayEnrol(enroller): MayEnrol, form: OwnForm) -> Answer {
    let OwnForm { visitor, fields } = form;
    let refused = |fault: Fault| Refused::ugyfelkapu(&web, &visitor, fault);
    let password = fields.secret(fields::PASSWORD);
    let asked = web.broker().password_asked(&enroller).await.map_err(refused)? == PasswordGiven::NotYet;
    let mut problems = Vec::new();
    if asked && password.expose().is_empty() {
        problems.push(ConnectProblem::PasswordMissing);
    }
    let code = match TotpCode::parse(fields.text(fields::CODE)) {
        Ok(code) => Some(code),
        Err(TotpCodeError::TooLong) => return Err(Refused::ugyfelkapu(&web, &visitor, Refusal::TooLarge)),
        Err(error) => {
            problems.push(ConnectProblem::Code(code_problem(error)));
            None
        }
    };
    let mut notice = None;
    if let (Some(code), true) = (code, problems.is_empty()) {
        let typed = asked.then_some(&password);
        match web.broker().confirm_connection(&enroller, typed, &code, &visitor.caller).await.map_err(refused)? {
            Confirmation::Confirmed => return Ok(see_other(&visitor, paths::ENROL_DELETION_CODE)),
            Confirmation::Limited { until } => return Err(refused(Fault::TooMany { until })),
            Confirmation::PasswordDiffered => problems.push(ConnectProblem::PasswordWrong),
            Confirmation::CodeDiffered { drift: None } => problems.push(ConnectProblem::OtherPicture),
            Confirmation::CodeDiffered { drift: Some(drift) } => {
                let minutes = u32::try_from(drift.minutes).unwrap_or(u32::MAX);
                problems.push(match drift.direction {
                    Direction::Slow => ConnectProblem::ClockSlow { minutes },
                    Direction::Fast => ConnectProblem::ClockFast { minutes },
                });
            }
            Confirmation::NewPicture => {
                problems.push(ConnectProblem::OtherPicture);
                notice = Some(ConnectNotice::NewPicture);
            }
        }
    }
    show_connect(&web, &visitor, &enroller, StatusCode::UNPROCESSABLE_ENTITY, notice, problems).await
}

/// `GET /igenyles/torlokod`
pub(super) async fn deletion_code_page(
    State(web): State<Web>,
    MayEnrol(enroller): MayEnrol,
    visitor: Visitor,
) -> Answer {
    show_deletion_code(&web, &visitor, &enroller, StatusCode::OK, None).await
}

async fn show_deletion_code(
    web: &Web,
    visitor: &Visitor,
    enroller: &Enroller,
    status: StatusCode,
    problem: Option<DeletionCodeProblem>,
) -> Answer {
    let refused = |fault: Fault| Refused::ugyfelkapu(web, visitor, fault);
    let code = web.broker().deletion_code(enroller).await.map_err(refused)?;
    let view = web.broker().enrolment_view(enroller).await.map_err(refused)?;
    let shown = DeletionCode {
        frame: frame(web, visitor, enroller).await.map_err(refused)?,
        action: paths::ENROL_DELETION_CODE.to_owned(),
        print: paths::ENROL_DELETION_CODE_PRINT.to_owned(),
        download: paths::ENROL_DELETION_CODE_TEXT.to_owned(),
        progress: progress(&view),
        groups: code.groups.expose().clone(),
        problem,
    };
    Ok(page(visitor, status, &shown))
}

async fn sheet(web: &Web, visitor: &Visitor, enroller: &Enroller) -> Result<DeletionSheet, Fault> {
    let code = web.broker().deletion_code(enroller).await?;
    let host = crate::form::host_of(&web.0.ugyfelkapu);
    Ok(DeletionSheet {
        frame: frame(web, visitor, enroller).await?,
        back: paths::ENROL_DELETION_CODE.to_owned(),
        user_name: enroller.user_name().as_str().to_owned(),
        date: moment::date(web.broker().now(), visitor.lang),
        address: format!("{host}{}", paths::LOST),
        groups: code.groups.expose().clone(),
    })
}

/// `GET /igenyles/torlokod/nyomtatas`
pub(super) async fn deletion_sheet(State(web): State<Web>, MayEnrol(enroller): MayEnrol, visitor: Visitor) -> Answer {
    match sheet(&web, &visitor, &enroller).await {
        Ok(sheet) => Ok(page(&visitor, StatusCode::OK, &sheet)),
        Err(fault) => Err(Refused::ugyfelkapu(&web, &visitor, fault)),
    }
}

/// `GET /igenyles/torlokod/letoltes`
pub(super) async fn deletion_text(State(web): State<Web>, MayEnrol(enroller): MayEnrol, visitor: Visitor) -> Answer {
    match sheet(&web, &visitor, &enroller).await {
        Ok(sheet) => {
            let text = DeletionText {
                lang: visitor.lang,
                user_name: sheet.user_name,
                date: sheet.date,
                address: sheet.address,
                groups: sheet.groups,
            };
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
            let attachment = format!("attachment; filename=\"{}\"", text.file_name());
            if let Ok(attachment) = HeaderValue::from_str(&attachment) {
                headers.insert(header::CONTENT_DISPOSITION, attachment);
            }
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            Ok((headers, text.body()).into_response())
        }
        Err(fault) => Err(Refused::ugyfelkapu(&web, &visitor, fault)),
    }
}

/// `POST /igenyles/torlokod`: "Befejezés".
pub(super) async fn finish(State(web): State<Web>, MayEnrol(enroller): MayEnrol, form: OwnForm) -> Answer {
    let OwnForm { visitor, fields } = form;
    let refused = |fault: Fault| Refused::ugyfelkapu(&web, &visitor, fault);
    let view = web.broker().enrolment_view(&enroller).await.map_err(refused)?;
    if matches!(view, EnrolmentView::SaveDeletionCode { .. }) && !fields.ticked(fields::SAVED) {
        let problem = Some(DeletionCodeProblem::NotTicked);
        return show_deletion_code(&web, &visitor, &enroller, StatusCode::UNPROCESSABLE_ENTITY, problem).await;
    }
    match web.broker().finish_enrolment(&enroller).await.map_err(refused)? {
        Finished::Active | Finished::Already => Ok(see_other(&visitor, paths::STATUS)),
    }
}
