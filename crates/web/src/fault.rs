//! The one table from fault to answer.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use broker::Fault;
use model::{Lang, Service, Timestamp};
use ui::{Frame, Link};

use crate::pages::fault::{Fault as Told, FaultPage};
use crate::pages::{ServiceName, Text, paths};
use crate::visitor::Visitor;
use crate::{Web, answer, moment};

/// Whoever is refused, as far as the page needs it.
pub(crate) struct Asker {
    pub(crate) lang: Lang,
    pub(crate) path: String,
    pub(crate) csrf: String,
}

/// Why a request is refused before it reaches the conductor, or by it.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// The conductor's fault.
    Fault(Fault),
    /// The form is not of this browser, or cookies are off.
    ForeignForm,
    /// The session is the wrong type for the page.
    EnrolmentOnly,
    /// The body is over the limit.
    TooLarge,
    /// No such page.
    NotFound,
    /// A "not me" link that is over.
    LinkOver,
    /// An unknown service sent the person.
    UnknownService,
    /// A service's request was answered before, or is too old.
    RequestOver(Box<Service>),
    /// A status that needs no words of its own.
    Status(StatusCode),
}

/// A refusal that is ready to be shown.
pub(crate) struct Refused(Box<Response>);

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        *self.0
    }
}

impl Refused {
    pub(crate) fn new(web: &Web, host: &str, asker: &Asker, refusal: &Refusal) -> Self {
        Self(Box::new(refusal_page(web, host, asker, refusal)))
    }

    /// An answer that stands instead of the page.
    pub(crate) fn from_response(response: Response) -> Self {
        Self(Box::new(response))
    }

    /// A refusal for a visitor of the broker's pages.
    pub(crate) fn kau(web: &Web, visitor: &Visitor, refusal: impl Into<Refusal>) -> Self {
        Self::new(web, crate::form::host_of(&web.0.kau), &asker(visitor), &refusal.into())
    }

    /// A refusal for a visitor of the account's pages.
    pub(crate) fn ugyfelkapu(web: &Web, visitor: &Visitor, refusal: impl Into<Refusal>) -> Self {
        Self::new(web, crate::form::host_of(&web.0.ugyfelkapu), &asker(visitor), &refusal.into())
    }
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Refusal::Fault(fault)
    }
}

fn asker(visitor: &Visitor) -> Asker {
    Asker { lang: visitor.lang, path: visitor.path.clone(), csrf: visitor.csrf.clone() }
}

/// What the person is told, with which status. No wildcard arm: a new fault does not compile
/// until somebody has decided.
fn told(refusal: &Refusal, lang: Lang) -> (StatusCode, Told, Option<Timestamp>) {
    match refusal {
        Refusal::Fault(fault) => match fault {
            Fault::NoJourney => (StatusCode::NOT_FOUND, Told::TransactionOver, None),
            Fault::Over => (StatusCode::GONE, Told::TransactionOver, None),
            Fault::NoSession => (StatusCode::UNAUTHORIZED, Told::SessionOver { minutes: 15 }, None),
            Fault::Gone => (StatusCode::GONE, Told::Gone, None),
            Fault::Stale => (StatusCode::CONFLICT, Told::Overtaken, None),
            Fault::TooMany { until } => {
                (StatusCode::TOO_MANY_REQUESTS, Told::TooManyTries { until: moment::clock(*until) }, Some(*until))
            }
            Fault::Busy { .. } => (StatusCode::SERVICE_UNAVAILABLE, Told::Busy, None),
            Fault::Unavailable(_) => (StatusCode::SERVICE_UNAVAILABLE, Told::Unavailable, None),
            Fault::Damaged(_) => (StatusCode::INTERNAL_SERVER_ERROR, Told::Internal, None),
        },
        Refusal::ForeignForm => (StatusCode::FORBIDDEN, Told::ForeignForm, None),
        Refusal::EnrolmentOnly => (StatusCode::FORBIDDEN, Told::EnrolmentOnly, None),
        Refusal::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, Told::TooLarge, None),
        Refusal::NotFound => (StatusCode::NOT_FOUND, Told::NotFound, None),
        Refusal::LinkOver => (StatusCode::GONE, Told::LinkOver, None),
        Refusal::UnknownService => (StatusCode::BAD_REQUEST, Told::UnknownService, None),
        Refusal::RequestOver(service) => {
            let told = Told::RequestOver { service: ServiceName::of(service, lang), home: service.home.clone() };
            (StatusCode::GONE, told, None)
        }
        Refusal::Status(status) => (*status, Told::WrongMethod, None),
    }
}

fn refusal_page(web: &Web, host: &str, asker: &Asker, refusal: &Refusal) -> Response {
    let (status, told, until) = told(refusal, asker.lang);
    let reference = status.is_server_error().then(|| web.broker().draw_reference());
    if let (Some(reference), Refusal::Fault(fault)) = (&reference, refusal) {
        tracing::error!(%reference, fault = %fault, cause = ?std::error::Error::source(fault), "refused for a fault");
    }
    let on_kau = host == crate::form::host_of(&web.0.kau);
    let frame = bare_frame(web, on_kau, asker);
    let onward = onward(&told, on_kau, asker.lang);
    let mut response = answer::render(status, &FaultPage { frame, fault: told, onward, reference });
    let wait = match refusal {
        Refusal::Fault(Fault::Busy { retry_after }) => Some(*retry_after),
        _ => until.map(|until| until.since(web.broker().now()).as_secs().max(1)),
    };
    if let Some(seconds) = wait {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// Where somebody goes on from a refusal.
fn onward(told: &Told, on_kau: bool, lang: Lang) -> Option<Link> {
    let t = Text::of(lang);
    let to = |href: &str| Link { href: href.to_owned(), words: t.start_page().into() };
    match told {
        Told::EnrolmentOnly => Some(to(paths::STATUS)),
        Told::Misdirected => None,
        Told::RequestOver { service, home } => {
            Some(Link { href: home.clone(), words: t.go_on_button(service.the(lang)) })
        }
        _ if on_kau => None,
        _ => Some(to(paths::START)),
    }
}

/// A frame without a band.
fn bare_frame(web: &Web, on_kau: bool, asker: &Asker) -> Frame {
    let site = if on_kau { web.kau_site(asker.lang) } else { web.ugyfelkapu_site(asker.lang) };
    Frame {
        lang: asker.lang,
        site,
        other_language: crate::site::other_language_of(&asker.path, None, asker.lang),
        csrf: asker.csrf.clone(),
        band: None,
    }
}

/// Any other path of the broker's origin.
pub(crate) async fn not_found_kau(State(web): State<Web>, visitor: Visitor) -> Refused {
    Refused::kau(&web, &visitor, Refusal::NotFound)
}

/// Any other path of the account's origin.
pub(crate) async fn not_found_ugyfelkapu(State(web): State<Web>, visitor: Visitor) -> Refused {
    Refused::ugyfelkapu(&web, &visitor, Refusal::NotFound)
}

/// Whether an answer may say that it is JSON: endpoints that no person reads.
pub(crate) fn json(status: StatusCode, body: String) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    (status, headers, body).into_response()
}
