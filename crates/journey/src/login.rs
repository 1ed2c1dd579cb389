//! A sign-in under way at the broker: one value, moved by one pure function.

use model::{AuthenticationContext, PersonId, ServiceId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{Demand, Disclosure, Linking, Shortfall};

/// A sign-in under way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Login {
    /// Who asked.
    pub service: ServiceId,
    /// What was asked.
    pub demand: Demand,
    /// What the protocol's edge needs to build the answer; opaque here.
    pub reply_to: String,
    /// The single sign-on session that this sign-in would raise, if there was one.
    pub session: Option<model::HandleDigest>,
    /// A name to put into the form (`login_hint`), if it has the form of one.
    pub name_hint: Option<String>,
    /// An identity of another identity provider that the next full sign-in connects with its account.
    #[serde(default)]
    pub linking: Option<Linking>,
    /// Where it stands.
    pub stage: Stage,
    /// When it lapses.
    pub expires_at: Timestamp,
}

/// Where a sign-in stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// A method and a password are to be given.
    Open,
    /// The password matched; the code is to be given before `until`.
    AwaitingCode {
        /// Whose password it was.
        person: PersonId,
        /// The name that was typed.
        user_name: String,
        /// When the password has to be given again.
        until: Timestamp,
    },
    /// The sign-in cannot suffice; the page says why, and the person may go back or enrol.
    Short {
        /// What is missing.
        shortfall: Shortfall,
    },
    /// Every factor matched and single sign-on stands; the person is to see what the service receives.
    AwaitingConsent {
        /// Who signed in.
        person: PersonId,
        /// What may be said of it.
        context: AuthenticationContext,
        /// What the page shows.
        disclosure: Disclosure,
        /// The values that a wallet gave for it; sealed, and opaque here.
        #[serde(default)]
        from_wallet: Option<String>,
    },
    /// Ready to be answered.
    SignedIn {
        /// Who signed in.
        person: PersonId,
        /// What may be said of it.
        context: AuthenticationContext,
    },
    /// Over without a positive answer.
    Refused(Refusal),
    /// Answered; a request is answered once.
    Answered,
}

/// Why a sign-in ended without a positive answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// The person went back.
    Cancelled,
    /// Time ran out.
    Expired,
}

/// A fact, already checked by the caller. Never a raw form field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The password matched, and a code is needed.
    PasswordMatched {
        /// Whose it is.
        person: PersonId,
        /// The name that was typed.
        user_name: String,
        /// When the password has to be given again.
        until: Timestamp,
    },
    /// The password matched, and nothing more can come of it here.
    FellShort(Shortfall),
    /// Every factor that was needed matched.
    Matched {
        /// Who signed in.
        person: PersonId,
        /// What may be said of it.
        context: AuthenticationContext,
    },
    /// The person is to see what the service receives before it is answered.
    ConsentDue {
        /// What that is.
        disclosure: Disclosure,
        /// The values that a wallet gave for it; sealed.
        from_wallet: Option<String>,
    },
    /// The person agreed to what was shown, or saw it where nothing is asked.
    Consented,
    /// Back to the password: too many wrong codes, another method, or the session of the sign-in is over.
    StartedOver,
    /// The person enrols at Ügyfélkapu meanwhile.
    WentToEnrol,
    /// The person went back to the service.
    Cancelled,
    /// The answer is being committed.
    Answered,
}

/// The whole control flow of a sign-in, on one screen.
///
/// Total: an event that does not fit (a late or repeated form) leaves the stage as it stands,
/// and its screen is shown again.
pub fn advance(stage: Stage, event: Event, expires_at: Timestamp, now: Timestamp) -> Stage {
    use Stage::{Answered, AwaitingCode, AwaitingConsent, Open, Refused, Short, SignedIn};
    match (stage, event) {
        (ended @ (Answered | Refused(_)), _) => ended,
        (_, _) if now >= expires_at => Refused(Refusal::Expired),
        (_, Event::Cancelled) => Refused(Refusal::Cancelled),
        (SignedIn { .. }, Event::Answered) => Answered,
        (
            SignedIn { .. } | AwaitingConsent { .. } | AwaitingCode { .. } | Short { .. } | Open,
            Event::FellShort(shortfall),
        ) => Short { shortfall },
        // Anew, too: what the service receives changed while the page was read.
        (
            SignedIn { person, context } | AwaitingConsent { person, context, .. },
            Event::ConsentDue { disclosure, from_wallet },
        ) => AwaitingConsent { person, context, disclosure, from_wallet },
        (AwaitingConsent { person, context, .. }, Event::Consented) => SignedIn { person, context },
        (AwaitingCode { person, until, .. }, Event::Matched { person: matched, context })
            if person == matched && now < until =>
        {
            SignedIn { person, context }
        }
        // From an awaited code too: somebody went back and signs in under another name, or again.
        (
            Open | Short { .. } | AwaitingCode { .. } | AwaitingConsent { .. },
            Event::PasswordMatched { person, user_name, until },
        ) => AwaitingCode { person, user_name, until },
        // The password alone, before the cut-over, or another identity provider's sign-in. From an awaited code the
        // former would be a way around it.
        (Open | Short { .. } | AwaitingConsent { .. }, Event::Matched { person, context }) => {
            SignedIn { person, context }
        }
        (
            AwaitingConsent { .. } | AwaitingCode { .. } | Short { .. } | Open,
            Event::StartedOver | Event::WentToEnrol,
        ) => Open,
        (stage @ AwaitingConsent { .. }, Event::Answered)
        | (
            stage @ AwaitingCode { .. },
            Event::Matched { .. } | Event::ConsentDue { .. } | Event::Consented | Event::Answered,
        )
        | (stage @ (Open | Short { .. }), Event::ConsentDue { .. } | Event::Consented | Event::Answered)
        | (
            stage @ SignedIn { .. },
            Event::PasswordMatched { .. }
            | Event::Matched { .. }
            | Event::Consented
            | Event::StartedOver
            | Event::WentToEnrol,
        ) => stage,
    }
}

impl Stage {
    /// Whether the code still awaited has waited too long: the password is asked for again.
    pub fn code_overdue(&self, now: Timestamp) -> bool {
        matches!(self, Stage::AwaitingCode { until, .. } if now >= *until)
    }
}

#[cfg(test)]
mod tests;
