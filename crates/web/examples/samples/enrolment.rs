//! The pages of an enrolment.

use ui::{Lang, QrCode};
use web::pages::enrol::{
    self, ConnectNotice, ConnectProblem, ContactCodeProblem, ContactProblem, DeletionCodeProblem, OwnerProof,
    PasswordState, StartReason,
};
use web::pages::{CodeProblem, Cutover, Progress, paths};

use super::{Sample, at_enrolment, date, frame, onward, sample, since};

fn start(lang: Lang, reason: StartReason, owner_proof: OwnerProof) -> enrol::Start {
    enrol::Start {
        frame: at_enrolment(lang),
        action: paths::ENROL.into(),
        reason,
        owner_proof,
        cutover: since(lang),
        onward: Some(onward()),
    }
}

fn contact(lang: Lang, problem: Option<ContactProblem>) -> enrol::Contact {
    enrol::Contact {
        frame: at_enrolment(lang),
        action: paths::ENROL_CONTACT.into(),
        progress: Progress { step: 2, of: 4 },
        masked: "k•••@p•••.hu".into(),
        has_wallets: true,
        problem,
    }
}

fn contact_code(lang: Lang, problem: Option<ContactCodeProblem>) -> enrol::ContactCode {
    enrol::ContactCode {
        frame: at_enrolment(lang),
        action: paths::ENROL_CONTACT_CODE.into(),
        resend: paths::ENROL_CONTACT.into(),
        progress: Progress { step: 2, of: 4 },
        masked: "k•••@p•••.hu".into(),
        problem,
    }
}

const KEY: &str = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

/// A picture of the right size, drawn in runs as a real one; its modules are a pattern, not a code.
fn picture() -> QrCode {
    let dark = |x: usize, y: usize| (x * 31 + y * 17 + x * y * 5 + x / 3) % 7 < 3;
    let mut path = String::new();
    for y in 4..45 {
        let mut x = 4;
        while x < 45 {
            let run = (x..45).take_while(|&x| dark(x, y)).count();
            if run > 0 {
                path.extend([format!("M{x} {y}h{run}v1h-{run}z")]);
            }
            x += run.max(1);
        }
    }
    QrCode { size: 49, path }
}

fn connect(
    lang: Lang,
    password: PasswordState,
    notice: Option<ConnectNotice>,
    problems: Vec<ConnectProblem>,
) -> enrol::Connect {
    enrol::Connect {
        frame: at_enrolment(lang),
        action: paths::ENROL_CONNECT.into(),
        back: paths::ENROL_APP.into(),
        progress: Progress { step: 3, of: 4 },
        qr: picture(),
        key_groups: KEY.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group).into_owned()).collect(),
        otpauth: format!("otpauth://totp/Kapu:kovacs.anna?secret={KEY}&issuer=Kapu"),
        user_name: "kovacs.anna".into(),
        label: "Kapu:kovacs.anna".into(),
        issuer: "Kapu".into(),
        password,
        notice,
        problems,
    }
}

fn groups() -> [String; 4] {
    ["48213", "90576", "61034", "27718"].map(String::from)
}

fn deletion_code(lang: Lang, problem: Option<DeletionCodeProblem>) -> enrol::DeletionCode {
    enrol::DeletionCode {
        frame: at_enrolment(lang),
        action: paths::ENROL_DELETION_CODE.into(),
        print: paths::ENROL_DELETION_CODE_PRINT.into(),
        download: paths::ENROL_DELETION_CODE_TEXT.into(),
        progress: Progress { step: 4, of: 4 },
        groups: groups(),
        problem,
    }
}

pub(super) fn all(lang: Lang) -> Result<Vec<Sample>, askama::Error> {
    use PasswordState::{Asked, Confirmed};
    let app = enrol::App {
        frame: at_enrolment(lang),
        action: paths::ENROL_APP.into(),
        progress: Progress { step: 1, of: 4 },
        apps: enrol::APPS.to_vec(),
    };
    let before = enrol::Start {
        cutover: Cutover::Before { date: date(lang) },
        ..start(lang, StartReason::First, OwnerProof::Given)
    };
    let inactive = StartReason::Inactive { activate: paths::STATUS.into() };
    let sheet = enrol::DeletionSheet {
        frame: frame(lang, "Ügyfélkapu"),
        back: paths::ENROL_DELETION_CODE.into(),
        user_name: "kovacs.anna".into(),
        date: date(lang),
        address: "ugyfelkapu.pelda.hu/elveszett".into(),
        groups: groups(),
    };
    let empty = vec![ConnectProblem::PasswordMissing, ConnectProblem::Code(CodeProblem::Missing)];
    let until = ContactProblem::TooMany { until: "14:50".into() };
    let codes = ContactCodeProblem::TooManyCodes { until: "14:50".into() };
    Ok(vec![
        sample("enrol-start", &start(lang, StartReason::First, OwnerProof::ContactCode))?,
        sample("enrol-start-before", &before)?,
        sample("enrol-start-unfinished", &start(lang, StartReason::Unfinished, OwnerProof::ContactCode))?,
        sample("enrol-start-deleted", &start(lang, StartReason::Deleted, OwnerProof::Given))?,
        sample("enrol-start-other", &start(lang, StartReason::OtherDevice, OwnerProof::Given))?,
        sample("enrol-start-inactive", &start(lang, inactive, OwnerProof::ContactCode))?,
        sample("enrol-app", &app)?,
        sample("enrol-contact", &contact(lang, None))?,
        sample("enrol-contact-many", &contact(lang, Some(until)))?,
        sample("enrol-contact-code", &contact_code(lang, None))?,
        sample("enrol-contact-code-wrong", &contact_code(lang, Some(ContactCodeProblem::Wrong)))?,
        sample("enrol-contact-code-missing", &contact_code(lang, Some(ContactCodeProblem::Missing)))?,
        sample("enrol-contact-code-dead", &contact_code(lang, Some(ContactCodeProblem::TooManyTries)))?,
        sample("enrol-contact-code-many", &contact_code(lang, Some(codes)))?,
        sample("enrol-connect", &connect(lang, Asked, None, vec![]))?,
        sample("enrol-connect-unfinished", &connect(lang, Asked, Some(ConnectNotice::Unfinished), vec![]))?,
        sample("enrol-connect-replaces", &connect(lang, Asked, Some(ConnectNotice::Replaces), vec![]))?,
        sample("enrol-connect-new", &connect(lang, Asked, Some(ConnectNotice::NewPicture), vec![]))?,
        sample("enrol-connect-empty", &connect(lang, Asked, None, empty))?,
        sample("enrol-connect-password", &connect(lang, Asked, None, vec![ConnectProblem::PasswordWrong]))?,
        sample("enrol-connect-slow", &connect(lang, Confirmed, None, vec![ConnectProblem::ClockSlow { minutes: 3 }]))?,
        sample("enrol-connect-fast", &connect(lang, Confirmed, None, vec![ConnectProblem::ClockFast { minutes: 3 }]))?,
        sample("enrol-connect-other", &connect(lang, Confirmed, None, vec![ConnectProblem::OtherPicture]))?,
        sample("enrol-deletion-code", &deletion_code(lang, None))?,
        sample("enrol-deletion-code-error", &deletion_code(lang, Some(DeletionCodeProblem::NotTicked)))?,
        sample("enrol-deletion-sheet", &sheet)?,
    ])
}
