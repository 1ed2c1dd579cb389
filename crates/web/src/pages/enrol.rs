//! Requesting Ügyfélkapu+: the seed's steps in the seed's order.

use askama::Template;
use ui::{Frame, Page, Problem, QrCode};

use super::{CodeProblem, Cutover, Onward, Progress, Texts as _, fields, paths};

/// `/igenyles`: what is going to happen.
#[derive(Template)]
#[template(path = "enrol/start.html")]
pub struct Start {
    /// The frame, with the enrolment's band.
    pub frame: Frame,
    /// Where the start is posted.
    pub action: String,
    /// Why the person is here.
    pub reason: StartReason,
    /// How the person will prove that the account is theirs.
    pub owner_proof: OwnerProof,
    /// The day of the change, and whether it has come.
    pub cutover: Cutover,
    /// Where it goes on afterwards.
    pub onward: Option<Onward>,
}

/// Why somebody starts an enrolment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StartReason {
    /// The first time.
    First,
    /// The last time it was not finished: there is a dead entry in the app.
    Unfinished,
    /// The old authenticator was just removed with the deletion code.
    Deleted,
    /// The code of the old device was just shown: the new one replaces it.
    OtherDevice,
    /// There is an authenticator, but inactive; it can be activated at `activate`.
    Inactive {
        /// "Aktiválás és inaktiválás".
        activate: String,
    },
}

/// How the person proves that the account is theirs before the QR code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnerProof {
    /// By a code mailed to the registered contact.
    ContactCode,
    /// By what has been shown already.
    Given,
}

impl Page for Start {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        match self.reason {
            StartReason::First | StartReason::Unfinished | StartReason::Inactive { .. } => {
                self.t().enrol_heading().into()
            }
            StartReason::Deleted => self.t().enrol_deleted_heading().into(),
            StartReason::OtherDevice => self.t().enrol_other_heading().into(),
        }
    }
}

/// `/igenyles/alkalmazas`: get an app.
#[derive(Template)]
#[template(path = "enrol/app.html")]
pub struct App {
    /// The frame, with the enrolment's band.
    pub frame: Frame,
    /// Where "Tovább" is posted.
    pub action: String,
    /// Which step this is.
    pub progress: Progress,
    /// The apps in the order shown.
    pub apps: Vec<StoreApp>,
}

/// An authenticator app and where it is got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreApp {
    /// Its name.
    pub name: &'static str,
    /// Its publisher, as the store names it.
    pub publisher: &'static str,
    /// For Android: Google Play.
    pub android: Option<&'static str>,
    /// For iPhone: App Store.
    pub iphone: Option<&'static str>,
}

/// The apps that we name: the two of the announcement and two open ones.
pub const APPS: [StoreApp; 4] = [
    StoreApp {
        name: "Google Authenticator",
        publisher: "Google LLC",
        android: Some("https://play.google.com/store/apps/details?id=com.google.android.apps.authenticator2"),
        iphone: Some("https://apps.apple.com/app/google-authenticator/id388497605"),
    },
    StoreApp {
        name: "Microsoft Authenticator",
        publisher: "Microsoft Corporation",
        android: Some("https://play.google.com/store/apps/details?id=com.azure.authenticator"),
        iphone: Some("https://apps.apple.com/app/microsoft-authenticator/id983156458"),
    },
    StoreApp {
        name: "Aegis Authenticator",
        publisher: "Beem Development",
        android: Some("https://play.google.com/store/apps/details?id=com.beemdevelopment.aegis"),
        iphone: None,
    },
    StoreApp {
        name: "2FAS Auth",
        publisher: "2FAS",
        android: Some("https://play.google.com/store/apps/details?id=com.twofasapp"),
        iphone: Some("https://apps.apple.com/app/2fa-authenticator-2fas/id1217793794"),
    },
];

impl Page for App {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        self.t().app_heading().into()
    }
}

/// `/igenyles/kapcsolat`: a code will be mailed.
#[derive(Template)]
#[template(path = "enrol/contact.html")]
pub struct Contact {
    /// The frame, with the enrolment's band.
    pub frame: Frame,
    /// Where "Kód küldése" is posted.
    pub action: String,
    /// Which step this is.
    pub progress: Progress,
    /// The address as `k•••@p•••.hu`.
    pub masked: String,
    /// Why nothing was sent.
    pub problem: Option<ContactProblem>,
}

/// Why no contact code was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContactProblem {
    /// Three codes in an hour were sent.
    TooMany {
        /// Clock time of the next: "14:50".
        until: String,
    },
}

impl ContactProblem {
    fn message(&self, t: super::Text) -> String {
        match self {
            ContactProblem::TooMany { until } => t.contact_too_many(until),
        }
    }
}

impl Page for Contact {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        self.t().contact_heading().into()
    }

    fn problems(&self) -> Vec<Problem> {
        let problem = |problem: &ContactProblem| Problem { field: "kuldes", message: problem.message(self.t()) };
        self.problem.iter().map(problem).collect()
    }
}

/// `/igenyles/kapcsolat/kod`: the mailed code.
#[derive(Template)]
#[template(path = "enrol/contact_code.html")]
pub struct ContactCode {
    /// The frame, with the enrolment's band.
    pub frame: Frame,
    /// Where the code is posted.
    pub action: String,
    /// Where a new code is asked for (POST).
    pub resend: String,
    /// Which step this is.
    pub progress: Progress,
    /// The address as `k•••@p•••.hu`.
    pub masked: String,
    /// What was wrong.
    pub problem: Option<ContactCodeProblem>,
}

/// What can be wrong with a mailed code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContactCodeProblem {
    /// Nothing was typed.
    Missing,
    /// Not six digits.
    Length {
        /// How many digits were typed.
        typed: usize,
    },
    /// Something else than digits, spaces and dashes, or far too long.
    NotDigits,
    /// Wrong or run out.
    Wrong,
    /// Five wrong: this code is dead, ask for a new one.
    TooManyTries,
    /// Three codes in an hour were sent.
    TooManyCodes {
        /// Clock time of the next: "14:50".
        until: String,
    },
}

impl ContactCodeProblem {
    fn message(&self, t: super::Text) -> String {
        match self {
            ContactCodeProblem::Missing => t.contact_code_missing().into(),
            ContactCodeProblem::Length { typed } => t.code_length(typed),
            ContactCodeProblem::NotDigits => t.code_not_digits().into(),
            ContactCodeProblem::Wrong => t.contact_code_wrong().into(),
            ContactCodeProblem::TooManyTries => t.contact_code_dead().into(),
            ContactCodeProblem::TooManyCodes { until } => t.contact_too_many(until),
        }
    }
}

impl Page for ContactCode {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        self.t().contact_code_heading().into()
    }

    fn problems(&self) -> Vec<Problem> {
        let problem =
            |problem: &ContactCodeProblem| Problem { field: fields::CODE, message: problem.message(self.t()) };
        self.problem.iter().map(problem).collect()
    }
}

/// `/igenyles/osszekapcsolas`: QR code, key, password and code. Not `Debug`: it holds the key.
#[derive(Template)]
#[template(path = "enrol/connect.html")]
pub struct Connect {
    /// The frame, with the enrolment's band.
    pub frame: Frame,
    /// Where it is posted.
    pub action: String,
    /// Back to the choice of an app.
    pub back: String,
    /// Which step this is.
    pub progress: Progress,
    /// The picture.
    pub qr: QrCode,
    /// The key in groups of four characters.
    pub key_groups: Vec<String>,
    /// The `otpauth:` address.
    pub otpauth: String,
    /// The user name, for password managers.
    pub user_name: String,
    /// The account's name in the app: "Kapu:kovacs.anna".
    pub label: String,
    /// The issuer in the app.
    pub issuer: String,
    /// Whether the password is still asked.
    pub password: PasswordState,
    /// What to know before.
    pub notice: Option<ConnectNotice>,
    /// What was wrong.
    pub problems: Vec<ConnectProblem>,
}

/// Whether the password is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordState {
    /// It is.
    Asked,
    /// It was right a moment ago.
    Confirmed,
}

/// What to know before connecting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectNotice {
    /// The picture of before ran out or was used up by wrong codes; this one is new.
    NewPicture,
    /// The last time it was not finished: delete the dead entry.
    Unfinished,
    /// The app already has an entry of ours: delete the old one afterwards.
    Replaces,
}

/// What can be wrong while connecting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectProblem {
    /// No password.
    PasswordMissing,
    /// The password is not right.
    PasswordWrong,
    /// Something about the code.
    Code(CodeProblem),
    /// The code belongs to another picture.
    OtherPicture,
    /// The phone's clock is slow.
    ClockSlow {
        /// By about how many minutes.
        minutes: u32,
    },
    /// The phone's clock is fast.
    ClockFast {
        /// By about how many minutes.
        minutes: u32,
    },
}

impl ConnectProblem {
    fn problem(self, t: super::Text) -> Problem {
        let (field, message) = match self {
            ConnectProblem::PasswordMissing => (fields::PASSWORD, t.password_missing().into()),
            ConnectProblem::PasswordWrong => (fields::PASSWORD, t.password_not_right().into()),
            ConnectProblem::Code(problem) => (fields::CODE, problem.message(t)),
            ConnectProblem::OtherPicture => (fields::CODE, t.connect_other_picture().into()),
            ConnectProblem::ClockSlow { minutes } => (fields::CODE, t.connect_clock_slow(minutes)),
            ConnectProblem::ClockFast { minutes } => (fields::CODE, t.connect_clock_fast(minutes)),
        };
        Problem { field, message }
    }
}

impl Page for Connect {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        self.t().connect_heading().into()
    }

    fn problems(&self) -> Vec<Problem> {
        self.problems.iter().map(|problem| problem.problem(self.t())).collect()
    }
}

/// `/igenyles/torlokod`: the deletion code. Not `Debug`: it holds the code.
#[derive(Template)]
#[template(path = "enrol/deletion_code.html")]
pub struct DeletionCode {
    /// The frame, with the enrolment's band.
    pub frame: Frame,
    /// Where "Befejezés" is posted.
    pub action: String,
    /// The sheet to print.
    pub print: String,
    /// The text file.
    pub download: String,
    /// Which step this is.
    pub progress: Progress,
    /// Four groups of five digits.
    pub groups: [String; 4],
    /// What was wrong.
    pub problem: Option<DeletionCodeProblem>,
}

/// What can be wrong at "Befejezés".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeletionCodeProblem {
    /// The box is not ticked.
    NotTicked,
}

impl Page for DeletionCode {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        self.t().deletion_heading().into()
    }

    fn problems(&self) -> Vec<Problem> {
        let message = |problem| match problem {
            DeletionCodeProblem::NotTicked => self.t().deletion_not_ticked().into(),
        };
        self.problem.map(|problem| Problem { field: fields::SAVED, message: message(problem) }).into_iter().collect()
    }
}

/// `/igenyles/torlokod/nyomtatas`: the deletion code on paper. Not `Debug`: it holds the code.
#[derive(Template)]
#[template(path = "enrol/deletion_sheet.html")]
pub struct DeletionSheet {
    /// The frame.
    pub frame: Frame,
    /// Back to the deletion code.
    pub back: String,
    /// The user name.
    pub user_name: String,
    /// Today: "2025. január 16.".
    pub date: String,
    /// Where a lost phone is reported, as people type it: "ugyfelkapu.pelda.hu/elveszett".
    pub address: String,
    /// Four groups of five digits.
    pub groups: [String; 4],
}

impl Page for DeletionSheet {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        self.t().sheet_heading().into()
    }
}

/// `/igenyles/torlokod/letoltes`: the same as plain text, lines ended as every system reads them.
/// Not `Debug`: it holds the code.
pub struct DeletionText {
    /// The language.
    pub lang: model::Lang,
    /// The user name.
    pub user_name: String,
    /// Today: "2025. január 16.".
    pub date: String,
    /// Where a lost phone is reported, as people type it.
    pub address: String,
    /// Four groups of five digits.
    pub groups: [String; 4],
}

impl DeletionText {
    /// What the file is called.
    pub const fn file_name(&self) -> &'static str {
        match self.lang {
            model::Lang::Hu => "torlokod.txt",
            model::Lang::En => "deletion-code.txt",
        }
    }

    /// The file.
    pub fn body(&self) -> String {
        let text =
            super::Text::of(self.lang).sheet_file(&self.user_name, self.groups.join(" "), &self.date, &self.address);
        format!("{}\r\n", text.replace('\n', "\r\n"))
    }
}
