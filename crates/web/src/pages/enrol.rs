//! Requesting Ügyfélkapu+: the seed's steps in the seed's order.

use askama::Template;
use ui::{Frame, Page};

use super::{Cutover, Onward, Progress, Texts as _, paths};

mod connect;
mod contact;
mod deletion_code;

pub use connect::{Connect, ConnectNotice, ConnectProblem, PasswordState};
pub use contact::{Contact, ContactCode, ContactCodeProblem, ContactProblem};
pub use deletion_code::{DeletionCode, DeletionCodeProblem, DeletionSheet, DeletionText};

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
