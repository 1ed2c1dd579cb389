//! The phone's one page.

use askama::Template;
use axum::response::Response;
use http::StatusCode;
use model::Timestamp;
use ui::{Frame, Page, Problem};

use super::accounts::ACCOUNTS;
use super::code;
use super::otpauth::{Account, Unreadable};
use crate::answer;
use crate::text::Text;
use crate::visitor::Visitor;

/// The field for the link or key.
pub(super) const LINK: &str = "link";
/// The field for a name.
pub(super) const NAME: &str = "nev";

/// What was pasted in vain.
pub(super) struct Refused {
    pub(super) refusal: Refusal,
    /// What stood in the other field.
    pub(super) name: String,
}

/// Why an account was not added.
#[derive(Clone, Copy)]
pub(super) enum Refusal {
    Unreadable(Unreadable),
    Full,
}

/// The page; with what was refused, if something was.
pub(super) fn phone(visitor: &Visitor, accounts: &[Account], now: Timestamp, refused: Option<Refused>) -> Response {
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let shown = accounts.iter().map(|account| {
        let (code, seconds_left) = code::at(account.key.expose(), now);
        let (before, after) = code.split_at(3);
        Shown { label: account.label.clone(), code: format!("{before} {after}"), seconds_left }
    });
    let page = PhonePage { frame: visitor.frame(), text: visitor.text(), accounts: shown.collect(), refused };
    answer::page(status, &page)
}

struct Shown {
    label: String,
    /// In two groups of three.
    code: String,
    seconds_left: i64,
}

#[derive(Template)]
#[template(path = "telefon.html")]
struct PhonePage {
    frame: Frame,
    text: Text,
    accounts: Vec<Shown>,
    refused: Option<Refused>,
}

impl PhonePage {
    fn name(&self) -> &str {
        self.refused.as_ref().map_or("", |refused| &refused.name)
    }
}

impl Page for PhonePage {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        self.text.phone_heading().to_owned()
    }

    fn problems(&self) -> Vec<Problem> {
        let text = self.text;
        let Some(refused) = &self.refused else {
            return Vec::new();
        };
        let (field, message) = match refused.refusal {
            Refusal::Full => (LINK, text.phone_full(ACCOUNTS)),
            Refusal::Unreadable(Unreadable::Empty) => (LINK, text.phone_empty().to_owned()),
            Refusal::Unreadable(Unreadable::Neither) => (LINK, text.phone_neither().to_owned()),
            Refusal::Unreadable(Unreadable::Type) => (LINK, text.phone_type().to_owned()),
            Refusal::Unreadable(Unreadable::Label) => (LINK, text.phone_label().to_owned()),
            Refusal::Unreadable(Unreadable::NoKey) => (LINK, text.phone_no_key().to_owned()),
            Refusal::Unreadable(Unreadable::KeyCharacter) => (LINK, text.phone_key_character().to_owned()),
            Refusal::Unreadable(Unreadable::KeyLength) => (LINK, text.phone_key_length().to_owned()),
        };
        vec![Problem { field, message }]
    }
}
