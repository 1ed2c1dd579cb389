//! Other identity providers: on the sign-in page, and connected with an account.

use askama::Template;
use journey::Stated;
use model::{Datum, Level, Method};
use ui::{Frame, Page, Problem};

use super::consent::Label as _;
use super::status::StatusProblem;
use super::{Text, Texts as _, fields, paths};

/// Another identity provider on the sign-in page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpstreamOffer {
    /// Names it in the form.
    pub id: String,
    /// What it is called in the page's language.
    pub name: String,
    /// As what a sign-in there counts.
    pub level: Level,
    /// Whether it can be chosen.
    pub is_offered: bool,
}

impl UpstreamOffer {
    pub(super) const fn method(&self) -> Method {
        Method::Upstream(self.level)
    }

    /// What the person needs for it, or why it cannot be chosen.
    pub(super) fn need(&self, t: Text) -> &'static str {
        match (self.is_offered, self.level) {
            (false, _) => t.method_too_weak(),
            (true, Level::One) => t.method_upstream_one(),
            (true, Level::Two) => t.method_upstream_two(),
            (true, Level::Three) => t.method_upstream_three(),
        }
    }
}

/// `/b/{id}/osszekapcsolas`: the identity is connected with no account yet.
#[derive(Template)]
#[template(path = "kau/link.html")]
pub struct Link {
    /// The frame, with the service's band.
    pub frame: Frame,
    /// Where it is posted that the person does not want it.
    pub action: String,
    /// Where the sign-in that connects it begins.
    pub sign_in: String,
    /// What the identity provider is called.
    pub name: String,
    /// What it said of the person: each datum and its value.
    pub stated: Vec<(Datum, String)>,
}

impl Link {
    /// What was said, in the order that pages show.
    pub fn rows(stated: &Stated) -> Vec<(Datum, String)> {
        let rows = [
            (Datum::FamilyName, &stated.family_name),
            (Datum::GivenName, &stated.given_name),
            (Datum::BirthDate, &stated.birth_date),
        ];
        rows.into_iter().filter_map(|(datum, value)| Some((datum, value.clone()?))).collect()
    }
}

impl Page for Link {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        self.t().link_heading().into()
    }
}

/// `/osszekapcsolt`: the identities that an account is connected with.
#[derive(Template)]
#[template(path = "account/linked.html")]
pub struct Linked {
    /// The frame, with the band of who is signed in.
    pub frame: Frame,
    /// The identities.
    pub identities: Vec<Identity>,
}

/// A connected identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// What its provider is called.
    pub name: String,
    /// Since when: "2025. január 16. 14:50".
    pub since: String,
    /// Where it is removed.
    pub remove: String,
}

impl Page for Linked {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        self.t().linked_heading().into()
    }
}

/// `/osszekapcsolt/{key}`: password and live code remove one.
#[derive(Template)]
#[template(path = "account/unlink.html")]
pub struct Unlink {
    /// The frame, with the band of who is signed in.
    pub frame: Frame,
    /// Where it is posted.
    pub action: String,
    /// What the identity's provider is called.
    pub name: String,
    /// What was wrong.
    pub problems: Vec<StatusProblem>,
}

impl Page for Unlink {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        self.t().unlink_heading().into()
    }

    fn problems(&self) -> Vec<Problem> {
        self.problems.iter().map(|problem| problem.problem(self.t())).collect()
    }
}
