//! `GET /b/{id}/dap/esemenyek`: what becomes of a sign-in by wallet, as server-sent events (HTML standard, section 9.2),
//! to the browser that began. What waits here asks nothing of the store; see `broker::WalletWatch`.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use broker::{Fault, WalletStep, WalletWatch};
use hyper::body::Frame;

use super::login;
use crate::Web;
use crate::fault::Refused;
use crate::pages::{Text, paths};
use crate::visitor::Visitor;

const EVENT_STREAM: HeaderValue = HeaderValue::from_static("text/event-stream");
/// Proxies that gather an answer before they pass it on do not gather this one.
const UNBUFFERED: (HeaderName, HeaderValue) =
    (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));

/// What a page shows of a step, so that its events begin where it stands.
pub(super) fn mark(step: &WalletStep) -> String {
    match step {
        WalletStep::Ask { picture: Some(picture), .. } => format!("abra-{}", picture.until.seconds()),
        WalletStep::Ask { picture: None, .. } => "link".to_owned(),
        WalletStep::Underway => "uton".to_owned(),
        WalletStep::Digits => "szamok".to_owned(),
        WalletStep::Refused => "elutasitva".to_owned(),
        WalletStep::Elsewhere => "mashol".to_owned(),
        WalletStep::Failed => "sikertelen".to_owned(),
        WalletStep::Lapsed => "lejart".to_owned(),
    }
}

/// The events of a page that shows this step.
pub(super) fn address(id: &str, mark: &str) -> String {
    format!("{}?{}={mark}", paths::wallet_events(id), paths::SHOWN_QUERY)
}

pub(super) async fn events(
    State(web): State<Web>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let refused = |fault: Fault| Refused::kau(&web, &visitor, fault);
    web.broker().admit_wallet_call(&visitor.caller).map_err(refused)?;
    let view = login::view(&web, &visitor, &id).await?;
    let watch = web.broker().watch_wallet(&view, &visitor.browser, &visitor.caller).map_err(refused)?;
    let query = query.unwrap_or_default();
    let mut shown = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == paths::SHOWN_QUERY);
    let shown = shown.next().map(|(_, shown)| shown.into_owned()).unwrap_or_default();
    let page = Shown { mark: shown, scanned: Text::of(visitor.lang).wallet_scanned(), is_told: false };
    let mut headers = HeaderMap::from_iter([UNBUFFERED]);
    headers.insert(header::CONTENT_TYPE, EVENT_STREAM);
    let events = Events(Some(Box::pin(next(watch, page))));
    Ok((StatusCode::OK, headers, Body::new(events)).into_response())
}

/// A page that waits.
struct Shown {
    mark: String,
    scanned: &'static str,
    is_told: bool,
}

impl Shown {
    /// What is sent to it of a step, and whether more may follow.
    fn event(&mut self, step: &WalletStep) -> Option<(Bytes, bool)> {
        match step {
            step if mark(step) == self.mark => None,
            WalletStep::Underway if self.is_told => None,
            WalletStep::Underway => {
                self.is_told = true;
                Some((Bytes::from(format!("event: told\ndata: {}\n\n", self.scanned)), true))
            }
            _ => Some((Bytes::from_static(b"event: moved\ndata: 1\n\n"), false)),
        }
    }
}

/// The next event, and who waits for one after it.
type Next = (Option<Bytes>, Option<(WalletWatch, Shown)>);

async fn next(mut watch: WalletWatch, mut page: Shown) -> Next {
    loop {
        let step = match watch.next().await {
            Ok(Some(step)) => step,
            Ok(None) => return (None, None),
            Err(fault) => {
                tracing::error!(fault = &fault as &dyn std::error::Error, "a page's events ended");
                return (None, None);
            }
        };
        match page.event(&step) {
            Some((event, true)) => return (Some(event), Some((watch, page))),
            Some((event, false)) => return (Some(event), None),
            None => {}
        }
    }
}

/// The body: an event whenever there is one.
struct Events(Option<Pin<Box<dyn Future<Output = Next> + Send>>>);

impl HttpBody for Events {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let Some(waiting) = &mut self.0 else { return Poll::Ready(None) };
        let (event, rest) = ready!(waiting.as_mut().poll(context));
        self.0 = rest.map(|(watch, page)| Box::pin(next(watch, page)) as _);
        Poll::Ready(event.map(|event| Ok(Frame::data(event))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `answer` keeps while it waits, in bytes.
    fn kept<A, B, F>(_answer: impl Fn(A, B) -> F) -> usize {
        size_of::<F>()
    }

    #[test]
    fn ten_thousand_pages_wait_in_little_room() {
        assert!(kept(next) <= 1024, "{} bytes a page", kept(next));
    }

    #[test]
    fn a_page_is_told_what_it_does_not_show_yet() {
        let ask = || WalletStep::Ask { link: String::new(), picture: None };
        let mut page = Shown { mark: mark(&ask()), scanned: "Beolvasva", is_told: false };
        assert_eq!(page.event(&ask()), None);
        let told = Bytes::from_static(b"event: told\ndata: Beolvasva\n\n");
        assert_eq!(page.event(&WalletStep::Underway), Some((told, true)));
        assert_eq!(page.event(&WalletStep::Underway), None, "once");
        for step in [WalletStep::Digits, WalletStep::Refused, WalletStep::Failed, WalletStep::Lapsed] {
            assert_eq!(page.event(&step), Some((Bytes::from_static(b"event: moved\ndata: 1\n\n"), false)));
        }
    }
}
