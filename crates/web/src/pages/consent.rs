//! What services receive: shown before the first time at KAÜ, and afterwards at Ügyfélkapu.

use askama::Template;
use model::{Datum, LegalBasis};
use ui::{Frame, Page};

use super::{ServiceName, Text, Texts as _, fields, paths};

/// What a datum is called.
pub(super) trait Label {
    /// In the language of the page.
    fn label(self, t: Text) -> &'static str;
}

impl Label for Datum {
    fn label(self, t: Text) -> &'static str {
        match self {
            Datum::FamilyName => t.data_family_name(),
            Datum::GivenName => t.data_given_name(),
            Datum::BirthName => t.data_birth_name(),
            Datum::BirthDate => t.data_birth_date(),
            Datum::BirthPlace => t.data_birth_place(),
            Datum::MothersName => t.data_mothers_name(),
            Datum::Nationality => t.data_nationalities(),
            Datum::Email => t.data_email(),
            Datum::Identifier => t.data_identifier(),
        }
    }
}

/// `/b/{id}/adatok`: what the service receives, before it does.
#[derive(Template)]
#[template(path = "kau/consent.html")]
pub struct Consent {
    /// The frame, with the service's band.
    pub frame: Frame,
    /// Where the answer is posted.
    pub action: String,
    /// Who receives it.
    pub service: ServiceName,
    /// Why: what the law requires is no choice.
    pub basis: LegalBasis,
    /// Whether the service asked for the page itself: it may do so again.
    pub is_asked_anew: bool,
    /// What: each datum and its value, none for what is made for the service alone.
    pub data: Vec<(Datum, Option<String>)>,
    /// Whether the identifier among it is one that no other service knows.
    pub is_pairwise: bool,
    /// Which state of the sign-in is shown, as the form says it back.
    pub shown: String,
    /// Where Ügyfélkapu is.
    pub account: String,
}

impl Page for Consent {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        // Hungarian has the name within the sentence, English at its beginning.
        self.t().consent_heading(self.t().the(&self.service))
    }
}

/// `/szolgaltatasok`: what services receive, and the way to withdraw it.
#[derive(Template)]
#[template(path = "account/services.html")]
pub struct Services {
    /// The frame, with the band of who is signed in.
    pub frame: Frame,
    /// Where a withdrawal is posted.
    pub action: String,
    /// The services.
    pub receivers: Vec<Receiver>,
    /// The service for which the consent has just been withdrawn.
    pub withdrawn: Option<ServiceName>,
}

/// Why a service receives something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// The person agreed, and may withdraw that.
    Consent,
    /// The law requires it.
    Law,
    /// It was the one and is the other now: nothing is passed on before it was shown as that.
    Changed,
}

impl Ground {
    /// As it was agreed to or seen, `known`, and as the service states it now.
    pub fn of(known: LegalBasis, now: LegalBasis) -> Self {
        match (known, now) {
            (LegalBasis::Consent, LegalBasis::Consent) => Ground::Consent,
            (LegalBasis::Law, LegalBasis::Law) => Ground::Law,
            (LegalBasis::Consent, LegalBasis::Law) | (LegalBasis::Law, LegalBasis::Consent) => Ground::Changed,
        }
    }
}

/// A service and what it receives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receiver {
    /// Its identifier, for the form.
    pub id: String,
    /// Its name.
    pub service: ServiceName,
    /// Why it receives something.
    pub ground: Ground,
    /// What.
    pub data: Vec<Datum>,
    /// The last time that it was agreed to or seen: "2025. január 16. 14:50".
    pub last: String,
}

impl Page for Services {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        self.t().services_heading().into()
    }
}
