//! Signing out: what is asked, and what became of each service.

use askama::Template;
use broker::ServiceState;
use ui::{Frame, Page};

use super::{Onward, Text, Texts as _, paths};

/// `/kijelentkezes` of KAÜ: asks whether to sign out of everything.
#[derive(Template)]
#[template(path = "kau/sign_out.html")]
pub struct SignOut {
    /// The frame.
    pub frame: Frame,
    /// Where the answer is posted.
    pub action: String,
    /// The services with a session, by name.
    pub services: Vec<String>,
    /// Hidden fields that go with the answer: name and value.
    pub carried: Vec<(String, String)>,
}

impl Page for SignOut {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        self.t().sign_out_heading().into()
    }
}

/// Signed out of KAÜ or of Ügyfélkapu.
#[derive(Template)]
#[template(path = "kau/signed_out.html")]
pub struct SignedOut {
    /// The frame.
    pub frame: Frame,
    /// The services that were told.
    pub services: Vec<String>,
    /// The services that could not be told.
    pub remaining: Vec<String>,
    /// Where to go on: the service that asked for it.
    pub onward: Option<Onward>,
    /// Where to sign in again.
    pub again: Option<String>,
}

impl Page for SignedOut {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        self.t().signed_out_heading().into()
    }
}

/// A service and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceTold {
    /// Its name.
    pub name: String,
    /// What became of it.
    pub state: ServiceState,
}

impl ServiceTold {
    /// What became of it, and what is to be done.
    fn words(&self, t: Text) -> &'static str {
        match self.state {
            ServiceState::SignedOut => t.told_signed_out(),
            ServiceState::Told => t.told_told(),
            ServiceState::Retried => t.told_retried(),
            ServiceState::Waits => t.told_waits(),
            ServiceState::Silent => t.told_silent(),
            ServiceState::Failed => t.told_failed(),
            ServiceState::Untellable => t.told_untellable(),
        }
    }
}

/// `/kijelentkezes/{id}`: a sign-out on its way through the browser.
#[derive(Template)]
#[template(path = "kau/sign_out_round.html")]
pub struct SignOutRound {
    /// The frame.
    pub frame: Frame,
    /// The services and what became of each.
    pub services: Vec<ServiceTold>,
    /// What comes next.
    pub next: RoundNext,
}

/// What comes next in a sign-out on its way through the browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoundNext {
    /// A service is told: the page goes on by itself.
    Tell(Onward),
    /// All is well: back to the service that asked, by itself.
    Return(Onward),
    /// Something is to be known first: back when the person wants to.
    ReturnLater(Onward),
    /// Nothing.
    Nothing,
}

impl SignOutRound {
    /// Where the page goes by itself.
    fn goes_to(&self) -> Option<&str> {
        match &self.next {
            RoundNext::Tell(onward) | RoundNext::Return(onward) => Some(&onward.href),
            RoundNext::ReturnLater(_) | RoundNext::Nothing => None,
        }
    }

    /// The button, if there is one.
    fn button(&self) -> Option<(&str, String)> {
        let t = self.t();
        match &self.next {
            RoundNext::Tell(onward) => Some((&onward.href, t.on_button().to_owned())),
            RoundNext::Return(onward) | RoundNext::ReturnLater(onward) => {
                Some((&onward.href, t.go_on_button(t.the(&onward.service))))
            }
            RoundNext::Nothing => None,
        }
    }
}

impl Page for SignOutRound {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        match self.next {
            RoundNext::Tell(_) => self.t().round_heading().into(),
            RoundNext::Return(_) | RoundNext::ReturnLater(_) | RoundNext::Nothing => {
                self.t().signed_out_heading().into()
            }
        }
    }
}

/// Ügyfélkapu: signed out of all services, and still signed in there.
#[derive(Template)]
#[template(path = "account/signed_out_of_services.html")]
pub struct SignedOutOfServices {
    /// The frame, with the band of who is signed in.
    pub frame: Frame,
    /// The services and what became of each.
    pub services: Vec<ServiceTold>,
}

impl Page for SignedOutOfServices {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        self.t().everywhere_heading().into()
    }
}
