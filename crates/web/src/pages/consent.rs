//! What services receive: shown before the first time at KAÜ, and afterwards at Ügyfélkapu.

use askama::Template;
use journey::Decision;
use model::{Datum, Lang, LegalBasis, Purpose};
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
            Datum::Address => t.data_address(),
            Datum::PhoneNumber => t.data_phone_number(),
            Datum::Gender => t.data_gender(),
            Datum::AgeOver18 => t.data_age_over_18(),
            Datum::Identifier => t.data_identifier(),
        }
    }
}

/// Why a service asks for something, in its own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stated {
    /// The words.
    pub text: String,
    /// Their language, where it is not that of the page.
    pub lang: Option<Lang>,
}

impl Stated {
    /// In the page's language if it is said in it.
    pub fn of(purpose: &Purpose, lang: Lang) -> Self {
        let (text, said_in) = purpose.said(lang);
        Self { text: text.to_owned(), lang: (said_in != lang).then_some(said_in) }
    }
}

/// A datum as the page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Which.
    pub datum: Datum,
    /// Its value; none for what is made for the service alone.
    pub value: Option<String>,
    /// Who says so, where it comes from a wallet.
    pub source: Option<String>,
    /// Why the service asks for it.
    pub purpose: Option<Stated>,
}

impl Shown {
    fn has_hint(&self) -> bool {
        self.source.is_some() || self.purpose.is_some()
    }

    /// The name of its box.
    fn field(&self) -> String {
        format!("{}{}", fields::SHARED, self.datum.as_str())
    }
}

/// What is said once of why the service asks for the data, besides what stands at each of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purposes {
    /// That the service's own words stand at each of them.
    AtEach,
    /// What the service says of all, or of those at which nothing stands.
    Whole(Stated),
    /// The same, and that it does not say it of some.
    AtSome,
    /// That it does not say it.
    Nowhere,
}

impl Purposes {
    /// What is to be said of these data, where `whole` is what the service says of all together. What an opaque
    /// identifier is for is said by its own words.
    pub fn of<'a>(data: impl Iterator<Item = &'a Shown>, whole: Option<Stated>) -> Self {
        let (stated, silent): (Vec<&Shown>, Vec<&Shown>) =
            data.filter(|shown| shown.datum != Datum::Identifier).partition(|shown| shown.purpose.is_some());
        match (silent.is_empty(), whole) {
            (true, _) => Purposes::AtEach,
            (false, Some(whole)) => Purposes::Whole(whole),
            (false, None) if stated.is_empty() => Purposes::Nowhere,
            (false, None) => Purposes::AtSome,
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
    /// Why it receives what it requires: what the law requires is no choice.
    pub basis: LegalBasis,
    /// Whether the service asked for the page itself: it may do so again.
    pub is_asked_anew: bool,
    /// What it requires.
    pub required: Vec<Shown>,
    /// What it would like to have: each with a box, never ticked beforehand.
    pub optional: Vec<Shown>,
    /// What it would like to have besides, and a wallet could give.
    pub obtainable: Vec<Shown>,
    /// Whether the wallet was asked for that, and did not give it.
    pub was_asked: bool,
    /// Why, as far as that is not said at each.
    pub purposes: Purposes,
    /// Whether the identifier among it is one that no other service knows.
    pub is_pairwise: bool,
    /// Which state of the sign-in is shown, as the form says it back.
    pub shown: String,
    /// Where Ügyfélkapu is.
    pub account: String,
}

impl Consent {
    /// Whether anything of it comes or may come from a wallet.
    fn is_for_wallet(&self) -> bool {
        self.optional.iter().chain(&self.obtainable).any(|shown| shown.datum.is_from_wallet())
    }

    /// Whether all that may be ticked comes from a wallet, so that it is shown each time.
    fn is_from_wallet_alone(&self) -> bool {
        self.optional.iter().all(|shown| shown.datum.is_from_wallet())
    }
}

impl Page for Consent {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        // Hungarian has the name within the sentence, English at its beginning.
        let the_service = self.t().the(&self.service);
        if self.required.is_empty() {
            self.t().consent_heading_optional(the_service)
        } else {
            self.t().consent_heading(the_service)
        }
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
    /// The law requires a part of it, and of the rest the person decided.
    LawInPart,
    /// It was the one and is the other now: nothing is passed on before it was shown as that.
    Changed,
}

impl Ground {
    /// As it was decided or seen, `known`, and as the service states it now.
    pub fn of(known: &Decision, now: LegalBasis) -> Self {
        match (known.basis, now) {
            (LegalBasis::Consent, LegalBasis::Consent) => Ground::Consent,
            (LegalBasis::Law, LegalBasis::Law) if known.is_choice() => Ground::LawInPart,
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
    /// What, on that ground.
    pub data: Vec<Datum>,
    /// What it receives besides because the person ticked it, where the ground is the law.
    pub chosen: Vec<Datum>,
    /// What it received from a wallet, once.
    pub from_wallet: Vec<Datum>,
    /// What it would like to have and does not receive.
    pub withheld: Vec<Datum>,
    /// The last time that it was agreed to or seen: "2025. január 16. 14:50".
    pub last: String,
}

/// Data in a row: "E-mail-cím, Anyja neve".
fn row(data: &[Datum], t: Text) -> String {
    data.iter().map(|datum| datum.label(t)).collect::<Vec<_>>().join(", ")
}

impl Page for Services {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        self.t().services_heading().into()
    }
}
