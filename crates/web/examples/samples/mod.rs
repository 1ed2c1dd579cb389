//! One sample of every page and of every state that looks different. All persons are made up.

use askama::Template;
use model::{Article, Method};
use ui::{Frame, Lang, Link, QrCode, Site};
use web::pages::account::{self, ActivateProblem, ChangePasswordProblem, NewPasswordProblem, SignInReason};
use web::pages::enrol::{
    self, ConnectNotice, ConnectProblem, ContactCodeProblem, ContactProblem, DeletionCodeProblem, OwnerProof,
    PasswordState, StartReason,
};
use web::pages::fault::{Fault, FaultPage};
use web::pages::kau::{self, ChooseProblem, End, Missing, Offer, OfferState};
use web::pages::lost::{self, LostProblem};
use web::pages::status::{self, Authenticator, Deeds, Done, FactorState, StatusProblem};
use web::pages::{CodeProblem, Cutover, Onward, PasswordProblem, Progress, ServiceName, bands, help, paths};

/// A page with a name for its file.
pub struct Sample {
    /// The file's name without language and ending.
    pub name: &'static str,
    /// The page.
    pub html: String,
}

/// All samples in one language.
pub fn all(lang: Lang) -> Result<Vec<Sample>, askama::Error> {
    let mut samples = Vec::new();
    for part in [broker(lang), account(lang), enrolment(lang), authenticator(lang), others(lang)] {
        samples.extend(part?);
    }
    Ok(samples)
}

fn sample(name: &'static str, page: &impl Template) -> Result<Sample, askama::Error> {
    Ok(Sample { name, html: page.render()? })
}

fn either(lang: Lang, hu: &str, en: &str) -> String {
    match lang {
        Lang::Hu => hu.to_owned(),
        Lang::En => en.to_owned(),
    }
}

fn frame(lang: Lang, part: &str) -> Frame {
    Frame {
        lang,
        site: Site {
            name: "Kapu".into(),
            part: Some(part.into()),
            home: paths::START.into(),
            help: Some("https://ugyfelkapu.pelda.hu".into()),
            phone: Some("+36 1 555 0100".into()),
        },
        other_language: either(lang, "?nyelv=en", "?nyelv=hu"),
        csrf: "4f1c".into(),
        band: None,
    }
}

fn kenyszi() -> ServiceName {
    ServiceName { name: "KENYSZI".into(), article: Article::A }
}

fn at_broker(lang: Lang) -> Frame {
    let band = bands::signing_in(lang, &kenyszi(), "kenyszi.pelda.hu", paths::cancel("b1"));
    Frame { band: Some(band), ..frame(lang, "KAÜ") }
}

fn at_account(lang: Lang) -> Frame {
    let band = bands::signed_in(lang, "kovacs.anna", "14:50", paths::ACCOUNT_SIGN_OUT.into());
    Frame { band: Some(band), ..frame(lang, "Ügyfélkapu") }
}

fn at_enrolment(lang: Lang) -> Frame {
    let band = bands::enrolling(lang, Some(&kenyszi()), paths::ACCOUNT_SIGN_OUT.into());
    Frame { band: Some(band), ..frame(lang, "Ügyfélkapu") }
}

fn date(lang: Lang) -> String {
    either(lang, "2025. január 16.", "16 January 2025")
}

fn instant(lang: Lang) -> String {
    either(lang, "2025. január 20. 14:50", "20 January 2025, 14:50")
}

fn since(lang: Lang) -> Cutover {
    Cutover::Since { date: date(lang) }
}

fn onward() -> Option<Onward> {
    Some(Onward { service: kenyszi(), href: paths::choose("b1") })
}

fn choose(lang: Lang, offers: &[(Method, OfferState)], cutover: Cutover) -> kau::Choose {
    kau::Choose {
        frame: at_broker(lang),
        action: paths::choose("b1"),
        service: kenyszi(),
        offers: offers.iter().map(|&(method, state)| Offer { method, state }).collect(),
        cutover,
        enrol: "https://ugyfelkapu.pelda.hu/?b=b1".into(),
        problem: None,
    }
}

fn password(lang: Lang, problems: Vec<PasswordProblem>) -> kau::Password {
    kau::Password {
        frame: at_broker(lang),
        action: paths::password("b1"),
        user_name: if problems.is_empty() { String::new() } else { "kovacs.anna".into() },
        method: Method::AuthenticatorApp,
        other_way: paths::choose("b1"),
        problems,
    }
}

fn code(lang: Lang, problem: Option<CodeProblem>) -> kau::Code {
    kau::Code {
        frame: at_broker(lang),
        action: paths::code("b1"),
        other_way: paths::choose("b1"),
        lost: paths::LOST.into(),
        problem,
    }
}

fn missing(lang: Lang, missing: Missing) -> kau::MissingStep {
    kau::MissingStep {
        frame: at_broker(lang),
        service: kenyszi(),
        missing,
        set_up: "https://ugyfelkapu.pelda.hu/?b=b1".into(),
        cancel: paths::cancel("b1"),
    }
}

fn go_on(lang: Lang, end: End) -> kau::GoOn {
    kau::GoOn {
        frame: frame(lang, "KAÜ"),
        service: ServiceName { name: "ePapír".into(), article: Article::Az },
        href: "https://epapir.pelda.hu/cb?code=abc&state=def".into(),
        end,
    }
}

fn broker(lang: Lang) -> Result<Vec<Sample>, askama::Error> {
    use OfferState::{NotYet, Offered, Remembered, TooWeak};
    let after = [(Method::AuthenticatorApp, Remembered), (Method::Wallet, NotYet)];
    let before = [(Method::Password, Offered), (Method::AuthenticatorApp, Offered), (Method::Wallet, NotYet)];
    let weak = [(Method::AuthenticatorApp, Offered), (Method::Password, TooWeak), (Method::Wallet, NotYet)];
    let not_offered = kau::Choose { problem: Some(ChooseProblem::NotOffered), ..choose(lang, &after, since(lang)) };
    Ok(vec![
        sample("kau-choose", &choose(lang, &after, since(lang)))?,
        sample("kau-choose-before", &choose(lang, &before, Cutover::Before { date: date(lang) }))?,
        sample("kau-choose-weak", &choose(lang, &weak, Cutover::Before { date: date(lang) }))?,
        sample("kau-choose-error", &not_offered)?,
        sample("kau-password", &password(lang, vec![]))?,
        sample(
            "kau-password-empty",
            &password(lang, vec![PasswordProblem::NameMissing, PasswordProblem::PasswordMissing]),
        )?,
        sample("kau-password-wrong", &password(lang, vec![PasswordProblem::Wrong]))?,
        sample("kau-password-few", &password(lang, vec![PasswordProblem::WrongFewLeft { tries: 2 }]))?,
        sample("kau-password-again", &password(lang, vec![PasswordProblem::AfterWrongCodes]))?,
        sample("kau-code", &code(lang, None))?,
        sample("kau-code-missing", &code(lang, Some(CodeProblem::Missing)))?,
        sample("kau-code-length", &code(lang, Some(CodeProblem::Length { typed: 5 })))?,
        sample("kau-code-letters", &code(lang, Some(CodeProblem::NotDigits)))?,
        sample("kau-code-wrong", &code(lang, Some(CodeProblem::Wrong)))?,
        sample("kau-code-wrong-again", &code(lang, Some(CodeProblem::WrongAgain)))?,
        sample("kau-code-used", &code(lang, Some(CodeProblem::Used)))?,
        sample("kau-missing-step", &missing(lang, Missing::SecondStep { date: date(lang) }))?,
        sample("kau-missing-active", &missing(lang, Missing::Active))?,
        sample("kau-missing-level", &missing(lang, Missing::Level))?,
        sample("kau-missing-assurance", &missing(lang, Missing::Assurance))?,
        sample("kau-missing-held", &missing(lang, Missing::Held { until: instant(lang) }))?,
        sample("kau-missing-frozen", &missing(lang, Missing::Frozen))?,
        sample("kau-go-on", &go_on(lang, End::SignedIn))?,
        sample("kau-go-back", &go_on(lang, End::NotSignedIn))?,
        sample("kau-start", &kau::Start { frame: frame(lang, "KAÜ"), account: "https://ugyfelkapu.pelda.hu/".into() })?,
        sample(
            "kau-sign-out",
            &kau::SignOut {
                frame: frame(lang, "KAÜ"),
                action: paths::SIGN_OUT.into(),
                services: vec!["Magyarorszag.hu".into(), "KENYSZI".into()],
                carried: vec![("state".into(), "x\"y".into())],
            },
        )?,
        sample(
            "kau-signed-out",
            &kau::SignedOut {
                frame: frame(lang, "KAÜ"),
                services: vec!["Magyarorszag.hu".into()],
                remaining: vec!["KENYSZI".into()],
                onward: onward(),
                again: None,
            },
        )?,
    ])
}

fn sign_in(lang: Lang, reason: SignInReason, problems: Vec<PasswordProblem>) -> account::SignIn {
    account::SignIn {
        frame: match reason {
            SignInReason::SetUp => at_broker(lang),
            SignInReason::Own | SignInReason::NewPassword => frame(lang, "Ügyfélkapu"),
        },
        action: paths::START.into(),
        user_name: String::new(),
        reason,
        problems,
    }
}

fn home(lang: Lang, state: FactorState) -> account::Home {
    account::Home {
        frame: at_account(lang),
        name: either(lang, "Kovács Anna", "Anna Kovács"),
        state,
        done: None,
        onward: onward(),
    }
}

fn change_password(lang: Lang, problems: Vec<ChangePasswordProblem>) -> account::ChangePassword {
    account::ChangePassword {
        frame: at_account(lang),
        action: paths::CHANGE_PASSWORD.into(),
        user_name: "kovacs.anna".into(),
        least: 12,
        problems,
    }
}

fn activate(lang: Lang, problems: Vec<ActivateProblem>) -> account::Activate {
    account::Activate {
        frame: frame(lang, "Ügyfélkapu"),
        action: paths::ACTIVATE_ACCOUNT.into(),
        user_name: "kovacs.anna".into(),
        least: 12,
        problems,
    }
}

fn account(lang: Lang) -> Result<Vec<Sample>, askama::Error> {
    use ChangePasswordProblem as Change;
    use NewPasswordProblem as New;
    let changed = account::Home {
        done: Some(account::HomeDone::PasswordChanged),
        ..home(lang, FactorState::Inactive(authenticator_of(lang)))
    };
    Ok(vec![
        sample("account-sign-in", &sign_in(lang, SignInReason::Own, vec![]))?,
        sample("account-sign-in-set-up", &sign_in(lang, SignInReason::SetUp, vec![]))?,
        sample("account-sign-in-new", &sign_in(lang, SignInReason::NewPassword, vec![]))?,
        sample("account-sign-in-wrong", &sign_in(lang, SignInReason::Own, vec![PasswordProblem::Wrong]))?,
        sample("account-home", &home(lang, FactorState::Active(authenticator_of(lang))))?,
        sample("account-home-none", &home(lang, FactorState::None))?,
        sample("account-home-inactive", &changed)?,
        sample(
            "account-own-data",
            &account::OwnData {
                frame: at_account(lang),
                name: either(lang, "Kovács Anna", "Anna Kovács"),
                birth_name: either(lang, "Szabó Anna", "Anna Szabó"),
                birth_place: either(lang, "Kecskemét, Magyarország", "Kecskemét, Hungary"),
                birth_date: either(lang, "1958. március 4.", "4 March 1958"),
                mothers_name: either(lang, "Tóth Ilona", "Ilona Tóth"),
                nationalities: either(lang, "magyar", "Hungarian"),
                email: "kovacs.anna@posta.pelda.hu".into(),
                user_name: "kovacs.anna".into(),
            },
        )?,
        sample("account-password", &change_password(lang, vec![]))?,
        sample(
            "account-password-error",
            &change_password(
                lang,
                vec![Change::OldWrong, Change::New(New::TooShort { least: 12 }), Change::New(New::Differ)],
            ),
        )?,
        sample("account-activate", &activate(lang, vec![]))?,
        sample(
            "account-activate-error",
            &activate(lang, vec![ActivateProblem::CodeLength { typed: 9 }, ActivateProblem::New(New::Predictable)]),
        )?,
        sample("account-frozen", &account::Frozen { frame: frame(lang, "Ügyfélkapu") })?,
    ])
}

fn start(lang: Lang, reason: StartReason, owner_proof: OwnerProof) -> enrol::Start {
    enrol::Start {
        frame: at_enrolment(lang),
        action: paths::ENROL.into(),
        reason,
        owner_proof,
        cutover: since(lang),
        onward: onward(),
    }
}

fn contact(lang: Lang, problem: Option<ContactProblem>) -> enrol::Contact {
    enrol::Contact {
        frame: at_enrolment(lang),
        action: paths::ENROL_CONTACT.into(),
        progress: Progress { step: 2, of: 4 },
        masked: "k•••@p•••.hu".into(),
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
                path.push_str(&format!("M{x} {y}h{run}v1h-{run}z"));
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

fn enrolment(lang: Lang) -> Result<Vec<Sample>, askama::Error> {
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

fn authenticator_of(lang: Lang) -> Authenticator {
    Authenticator { label: "Kapu:kovacs.anna".into(), since: instant(lang) }
}

fn status(lang: Lang, state: FactorState, done: Option<Done>, problems: Vec<StatusProblem>) -> status::Status {
    status::Status {
        frame: at_account(lang),
        state,
        done,
        deeds: Deeds::All {
            action: paths::STATUS.into(),
            other_device: paths::OTHER_DEVICE.into(),
            enrol: paths::ENROL.into(),
        },
        cutover: since(lang),
        onward: None,
        problems,
    }
}

fn authenticator(lang: Lang) -> Result<Vec<Sample>, askama::Error> {
    let active = || FactorState::Active(authenticator_of(lang));
    let inactive = || FactorState::Inactive(authenticator_of(lang));
    let enrolled = status::Status {
        frame: frame(lang, "Ügyfélkapu"),
        deeds: Deeds::Look { sign_in: paths::START.into() },
        onward: onward(),
        ..status(lang, active(), Some(Done::Enrolled), vec![])
    };
    let before = status::Status {
        cutover: Cutover::Before { date: date(lang) },
        ..status(lang, active(), Some(Done::Activated), vec![])
    };
    let other =
        |problems| status::OtherDevice { frame: at_account(lang), action: paths::OTHER_DEVICE.into(), problems };
    let lost = |problems| lost::Lost {
        frame: frame(lang, "Ügyfélkapu"),
        action: paths::LOST.into(),
        user_name: "kovacs.anna".into(),
        problems,
    };
    let code = StatusProblem::Code(CodeProblem::Length { typed: 4 });
    Ok(vec![
        sample("status-enrolled", &enrolled)?,
        sample("status-active", &status(lang, active(), None, vec![]))?,
        sample("status-active-before", &before)?,
        sample("status-active-error", &status(lang, active(), None, vec![StatusProblem::PasswordMissing, code]))?,
        sample("status-inactive", &status(lang, inactive(), Some(Done::Inactivated), vec![]))?,
        sample("status-inactive-error", &status(lang, inactive(), None, vec![StatusProblem::Wrong]))?,
        sample("status-none", &status(lang, FactorState::None, None, vec![]))?,
        sample("other-device", &other(vec![]))?,
        sample("other-device-error", &other(vec![StatusProblem::Wrong]))?,
        sample("lost", &lost(vec![]))?,
        sample("lost-empty", &lost(vec![LostProblem::PasswordMissing, LostProblem::CodeMissing]))?,
        sample("lost-length", &lost(vec![LostProblem::CodeLength { typed: 19 }]))?,
        sample("lost-group", &lost(vec![LostProblem::Group { number: 3 }]))?,
        sample("lost-wrong", &lost(vec![LostProblem::Wrong]))?,
        sample("not-me", &lost::NotMe { frame: frame(lang, "Ügyfélkapu"), action: paths::not_me("h") })?,
        sample("not-me-done", &lost::NotMeDone { frame: frame(lang, "Ügyfélkapu") })?,
        sample(
            "account-signed-out",
            &kau::SignedOut {
                frame: frame(lang, "Ügyfélkapu"),
                services: vec![],
                remaining: vec![],
                onward: None,
                again: Some(paths::START.into()),
            },
        )?,
    ])
}

fn others(lang: Lang) -> Result<Vec<Sample>, askama::Error> {
    let fault = |name, fault| {
        let page = FaultPage {
            frame: frame(lang, "KAÜ"),
            fault,
            onward: Some(Link {
                href: paths::START.into(),
                words: either(lang, "Vissza az elejére", "Back to the start"),
            }),
            reference: Some("7F3K-21".into()),
        };
        sample(name, &page)
    };
    Ok(vec![
        sample("help", &help::Help { frame: frame(lang, "Ügyfélkapu") })?,
        sample("accessibility", &help::Accessibility { frame: frame(lang, "Ügyfélkapu") })?,
        sample("privacy", &help::Privacy { frame: frame(lang, "Ügyfélkapu") })?,
        sample("guide", &help::Guide { frame: frame(lang, "Ügyfélkapu"), address: "ugyfelkapu.pelda.hu".into() })?,
        fault("fault-unknown-service", Fault::UnknownService)?,
        fault("fault-request", Fault::FaultyRequest { service: kenyszi() })?,
        fault("fault-transaction", Fault::TransactionOver)?,
        fault("fault-session", Fault::SessionOver { minutes: 15 })?,
        fault("fault-gone", Fault::Gone)?,
        fault("fault-link", Fault::LinkOver)?,
        fault("fault-overtaken", Fault::Overtaken)?,
        fault("fault-form", Fault::ForeignForm)?,
        fault("fault-enrolment-only", Fault::EnrolmentOnly)?,
        fault("fault-proof", Fault::ProofTooOld)?,
        fault("fault-not-found", Fault::NotFound)?,
        fault("fault-method", Fault::WrongMethod)?,
        fault("fault-too-large", Fault::TooLarge)?,
        fault("fault-misdirected", Fault::Misdirected)?,
        fault("fault-tries", Fault::TooManyTries { until: "14:35".into() })?,
        fault("fault-busy", Fault::Busy)?,
        fault("fault-internal", Fault::Internal)?,
        fault("fault-unavailable", Fault::Unavailable)?,
    ])
}
