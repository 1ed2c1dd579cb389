//! The pages of a portal.

use askama::Template;
use axum::response::Response;
use http::StatusCode;
use model::Timestamp;
use service_kit::indented;
use ui::{Band, BandAction, Frame, Link, Page};

use super::demand::Failure;
use super::received::Session;
use super::way::Way;
use crate::answer;
use crate::demo::{House, Surface};
use crate::kenyszi::{Exchange, MESSAGES};
use crate::text::Text;
use crate::visitor::Visitor;
use crate::when;

/// For whom is not signed in.
pub(crate) fn front(visitor: &Visitor) -> Response {
    let (frame, text) = (visitor.frame(), visitor.text());
    answer::page(StatusCode::OK, &FrontPage { frame, text, words: Words::of(visitor.house(), text) })
}

/// What one portal says otherwise than another.
struct Words {
    /// The front page's heading.
    heading: &'static str,
    /// What the page is, in sentences of its own.
    what: [&'static str; 3],
    /// What the mark of a sign-in is called in the portal's protocol.
    mark: &'static str,
}

impl Words {
    fn of(house: House, text: Text) -> Self {
        match house {
            House::Kenyszi => Self {
                heading: text.kenyszi_front_heading(),
                what: [text.kenyszi_what_lead(), text.kenyszi_what_sample(), text.portal_what_data()],
                mark: text.assurance_context(),
            },
            House::Magyarorszag | House::Index | House::Telefon | House::Posta => Self {
                heading: text.portal_front_heading(),
                what: [text.portal_what_lead(), text.portal_what_data(), ""],
                mark: text.assurance_acr(),
            },
        }
    }
}

/// For whom is signed in.
pub(crate) fn person(visitor: &Visitor, session: &Session, neighbours: &[Surface]) -> Response {
    let text = visitor.text();
    let page = PersonPage {
        data: data(session, text),
        assurance: assurance(session, text, Words::of(visitor.house(), text).mark),
        neighbours: neighbours.to_vec(),
        messages: (visitor.house() == House::Kenyszi).then_some(MESSAGES),
        adult: (visitor.house() == House::Magyarorszag).then_some(super::ADULT),
        frame: frame_of(visitor, session),
        name: name(session, text),
        text,
    };
    answer::page(StatusCode::OK, &page)
}

/// For whoever connects a service: what was said at the sign-in, word for word.
pub(crate) fn messages(visitor: &Visitor, session: &Session, exchange: &Exchange) -> Response {
    let text = visitor.text();
    let message = |heading, lead, xml| Message { heading, lead, xml: indented(xml) };
    let messages = [
        message(text.messages_request_heading(), text.messages_request_lead(), &exchange.asked),
        message(text.messages_response_heading(), text.messages_response_lead(), &exchange.response),
        message(text.messages_assertion_heading(), text.messages_assertion_lead(), &exchange.assertion),
    ];
    answer::page(StatusCode::OK, &MessagesPage { frame: frame_of(visitor, session), text, messages })
}

/// The frame of a page for whom is signed in: who that is, until when, and how to end it.
fn frame_of(visitor: &Visitor, session: &Session) -> Frame {
    let text = visitor.text();
    let mut frame = visitor.frame();
    frame.band = Some(Band {
        label: text.portal_band().to_owned(),
        before: text.portal_signed_in_as().to_owned(),
        subject: name(session, text),
        after: text.portal_until(when::time_of_day(session.until)),
        action: Some(BandAction::Button(Link {
            href: "/kilepes".to_owned(),
            words: text.portal_sign_out().to_owned(),
        })),
    });
    frame
}

fn name(session: &Session, text: Text) -> String {
    let name = session.received.name.as_ref();
    name.map_or_else(|| text.portal_nameless().to_owned(), |name| name.display(text.lang()))
}

/// One thing that the portal received: what it is, and its value.
struct Fact {
    what: &'static str,
    value: String,
}

fn data(session: &Session, text: Text) -> Vec<Fact> {
    let lang = text.lang();
    let received = &session.received;
    let nationalities: Vec<_> = received.nationalities.iter().map(|code| country(code, text)).collect();
    let rows = [
        (text.data_name(), received.name.as_ref().map(|name| name.display(lang))),
        (text.data_birth_name(), received.birth_name.as_ref().map(|name| name.display(lang))),
        (text.data_birth_place(), received.birth_place.clone()),
        (text.data_birth_date(), received.birth_date.as_ref().map(|date| when::day(date, lang))),
        (text.data_mothers_name(), received.mothers_name.clone()),
        (text.data_nationality(), (!nationalities.is_empty()).then(|| nationalities.join(", "))),
        (text.data_email(), received.email.clone()),
        (text.data_adult(), received.is_adult.map(|is_adult| yes_or_no(is_adult, text).to_owned())),
        (text.data_subject(), Some(received.subject.clone())),
    ];
    present(rows)
}

fn yes_or_no(truth: bool, text: Text) -> &'static str {
    if truth { text.wallet_yes() } else { text.wallet_no() }
}

fn assurance(session: &Session, text: Text, mark: &'static str) -> Vec<Fact> {
    let received = &session.received;
    let way = received.way();
    let level = way.level().map(|level| match level {
        1 => text.level_one(),
        2 => text.level_two(),
        _ => text.level_three(),
    });
    let loa = received.loa.as_deref().map(|loa| match loa.rsplit('/').next() {
        Some("low") => text.loa_low().to_owned(),
        Some("substantial") => text.loa_substantial().to_owned(),
        Some("high") => text.loa_high().to_owned(),
        Some(_) | None => loa.to_owned(),
    });
    let at = received.auth_time.map(|seconds| when::minute(Timestamp::from_seconds(seconds), text.lang()));
    let rows = [
        (text.assurance_way(), Some(way_in_words(way, text).to_owned())),
        (text.assurance_level(), level.map(ToOwned::to_owned)),
        (text.assurance_loa(), loa),
        (text.assurance_at(), at),
        (mark, received.acr.clone()),
        (text.assurance_amr(), (!received.amr.is_empty()).then(|| received.amr.join(" "))),
    ];
    present(rows)
}

fn present<const N: usize>(rows: [(&'static str, Option<String>); N]) -> Vec<Fact> {
    rows.into_iter().filter_map(|(what, value)| Some(Fact { what, value: value? })).collect()
}

const fn way_in_words(way: Way, text: Text) -> &'static str {
    match way {
        Way::Password => text.way_password(),
        Way::EmailedCode => text.way_emailed_code(),
        Way::AuthenticatorApp => text.way_authenticator_app(),
        Way::Passkey => text.way_passkey(),
        Way::Wallet => text.way_wallet(),
        Way::Unknown => text.way_unknown(),
    }
}

fn country(code: &str, text: Text) -> String {
    match code {
        "HU" => text.nationality_hungarian().to_owned(),
        code => code.to_owned(),
    }
}

/// After the session here has ended, on the way to Kapu.
pub(crate) fn leaving(visitor: &Visitor, onward: &str) -> Response {
    let mut frame = visitor.frame();
    // The address of this page takes a form only.
    frame.other_language = format!("/?lang={}", frame.text().other_language_tag());
    answer::page(StatusCode::OK, &LeavingPage { frame, text: visitor.text(), onward: onward.to_owned() })
}

/// After all sessions have ended.
pub(crate) fn signed_out(visitor: &Visitor) -> Response {
    let (frame, text) = (visitor.frame(), visitor.text());
    let (heading, lead) = (text.portal_signed_out_heading(), text.portal_signed_out_lead());
    answer::page(StatusCode::OK, &SignedOutPage { frame, text, heading, lead })
}

/// After the session here has ended, and perhaps not all others.
pub(crate) fn partly_signed_out(visitor: &Visitor) -> Response {
    let (frame, text) = (visitor.frame(), visitor.text());
    let (heading, lead) = (text.partly_signed_out_heading(), text.partly_signed_out_lead());
    answer::page(StatusCode::OK, &SignedOutPage { frame, text, heading, lead })
}

/// When somebody says that a session is to end who may not say so.
pub(crate) fn logout_refused(visitor: &Visitor) -> Response {
    let text = visitor.text();
    let mut frame = visitor.frame();
    frame.other_language = format!("/?lang={}", frame.text().other_language_tag());
    let (heading, lead) = (text.logout_refused_heading(), text.logout_refused_lead());
    answer::page(StatusCode::BAD_REQUEST, &SignedOutPage { frame, text, heading, lead })
}

/// When nobody was signed in.
pub(crate) fn failed(visitor: &Visitor, failure: Failure) -> Response {
    let text = visitor.text();
    let (status, heading, advice) = match failure {
        Failure::Cancelled => (StatusCode::FORBIDDEN, text.cancelled_heading(), text.cancelled_advice()),
        Failure::NotEnough => (StatusCode::FORBIDDEN, text.not_enough_heading(), text.not_enough_advice()),
        Failure::Interaction => (StatusCode::FORBIDDEN, text.interaction_heading(), text.interaction_advice()),
        Failure::Busy => (StatusCode::SERVICE_UNAVAILABLE, text.busy_heading(), text.busy_advice()),
        Failure::Refused => (StatusCode::BAD_GATEWAY, text.refused_heading(), text.refused_advice()),
        Failure::Stale => (StatusCode::BAD_REQUEST, text.stale_heading(), text.stale_advice()),
        Failure::Implausible => (StatusCode::BAD_GATEWAY, text.implausible_heading(), text.implausible_advice()),
        Failure::Unreachable => {
            (StatusCode::SERVICE_UNAVAILABLE, text.unreachable_heading(), text.unreachable_advice())
        }
    };
    answer::page(status, &FailedPage { frame: visitor.frame(), text, heading, advice })
}

#[derive(Template)]
#[template(path = "portal/front.html")]
struct FrontPage {
    frame: Frame,
    text: Text,
    words: Words,
}

#[derive(Template)]
#[template(path = "portal/person.html")]
struct PersonPage {
    frame: Frame,
    text: Text,
    name: String,
    data: Vec<Fact>,
    assurance: Vec<Fact>,
    neighbours: Vec<Surface>,
    /// Where what was said at the sign-in is shown, word for word.
    messages: Option<&'static str>,
    /// Where the portal asks for the age.
    adult: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "portal/messages.html")]
struct MessagesPage {
    frame: Frame,
    text: Text,
    messages: [Message; 3],
}

/// A message, indented.
struct Message {
    heading: &'static str,
    lead: &'static str,
    xml: String,
}

#[derive(Template)]
#[template(path = "portal/leaving.html")]
struct LeavingPage {
    frame: Frame,
    text: Text,
    onward: String,
}

#[derive(Template)]
#[template(path = "portal/signed_out.html")]
struct SignedOutPage {
    frame: Frame,
    text: Text,
    heading: &'static str,
    lead: &'static str,
}

#[derive(Template)]
#[template(path = "portal/failed.html")]
struct FailedPage {
    frame: Frame,
    text: Text,
    heading: &'static str,
    advice: &'static str,
}

impl Page for FrontPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        self.words.heading.to_owned()
    }
}

impl Page for PersonPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        self.text.portal_greeting(&self.name)
    }
}

impl Page for MessagesPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        self.text.messages_heading().to_owned()
    }
}

impl Page for LeavingPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        self.text.portal_leaving_heading().to_owned()
    }
}

impl Page for SignedOutPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        self.heading.to_owned()
    }
}

impl Page for FailedPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        self.heading.to_owned()
    }
}
