//! A page as a person sees it.

use axum::body::{Body, Bytes};
use http::{HeaderMap, Response, StatusCode};
use scraper::{ElementRef, Html};
use url::Url;

use super::dom::{self, Sense, css, words};
use super::fetch::{Initiator, ReferrerPolicy};

/// The largest body that a test reads, in bytes.
const BODY_MAX: usize = 8 * 1024 * 1024;
/// What a person can fill.
const FIELDS: &str = "input:not([type=hidden]):not([type=submit]), select, textarea";

/// What a browser shows, and where it came from.
#[derive(Clone, Debug)]
pub struct Page {
    /// The last answer's status.
    pub status: StatusCode,
    /// The address shown.
    pub url: Url,
    /// The last answer's headers.
    pub headers: HeaderMap,
    /// The last answer's body.
    pub body: Bytes,
    /// The addresses that redirected here, first to last.
    pub hops: Vec<Url>,
}

/// A link on a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// What a screen reader says.
    pub words: String,
    /// Where it leads.
    pub url: Url,
}

impl Page {
    pub(super) fn blank() -> Self {
        let url = Url::parse("about:blank").expect("about:blank is a URL");
        Self { status: StatusCode::OK, url, headers: HeaderMap::new(), body: Bytes::new(), hops: Vec::new() }
    }

    pub(super) async fn read(url: Url, hops: Vec<Url>, response: Response<Body>) -> Self {
        let (head, body) = response.into_parts();
        let body =
            axum::body::to_bytes(body, BODY_MAX).await.unwrap_or_else(|error| panic!("the body of {url}: {error}"));
        Self { status: head.status, url, headers: head.headers, body, hops }
    }

    /// The body as text.
    pub fn html(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header of the answer.
    ///
    /// # Panics
    ///
    /// When it is not ASCII.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("a header of ours is ASCII"))
    }

    /// `<html lang>`.
    pub fn lang(&self) -> Option<String> {
        self.attribute("html", "lang")
    }

    /// The words of `<title>`; empty if there is none.
    pub fn title(&self) -> String {
        let document = self.document();
        let title = document.select(&css("title")).next();
        title.map(|title| dom::collapse(&title.text().collect::<String>())).unwrap_or_default()
    }

    /// The words of the page's heading; empty if there is none.
    pub fn h1(&self) -> String {
        self.texts("h1").into_iter().next().unwrap_or_default()
    }

    /// The words of `role="alert"`: what went wrong.
    pub fn alert(&self) -> Option<String> {
        self.texts("[role=alert]").into_iter().next()
    }

    /// What the alert asks to be put right: the words of each of its links to a field.
    pub fn problems(&self) -> Vec<String> {
        self.texts("[role=alert] a")
    }

    /// The words of `role="status"`: what went well.
    pub fn notice(&self) -> Option<String> {
        self.texts("[role=status]").into_iter().next()
    }

    /// All words on the page.
    pub fn text(&self) -> String {
        self.texts("body").join(" ")
    }

    /// The words of each element that `selector` finds.
    ///
    /// # Panics
    ///
    /// When it is no selector.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        self.document().select(&css(selector)).map(|element| words(element, Sense::Eye)).collect()
    }

    /// An attribute of the first element that `selector` finds.
    ///
    /// # Panics
    ///
    /// When it is no selector.
    pub fn attribute(&self, selector: &str, name: &str) -> Option<String> {
        let document = self.document();
        document.select(&css(selector)).next().and_then(|element| element.attr(name).map(str::to_owned))
    }

    /// An attribute of every element that a selector finds and that has it, in order.
    pub fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        let document = self.document();
        document.select(&css(selector)).filter_map(|element| element.attr(name).map(str::to_owned)).collect()
    }

    /// The links, in order.
    pub fn links(&self) -> Vec<Link> {
        let document = self.document();
        document
            .select(&css("a[href]"))
            .map(|link| Link {
                words: dom::name(&document, link),
                url: self.resolve(link.attr("href").unwrap_or_default()),
            })
            .collect()
    }

    /// What a screen reader calls the buttons, in order.
    pub fn buttons(&self) -> Vec<String> {
        self.names("button, input[type=submit]")
    }

    /// What a screen reader calls the fields, in order.
    pub fn fields(&self) -> Vec<String> {
        self.names(FIELDS)
    }

    /// What stands in the field with this label.
    ///
    /// # Panics
    ///
    /// When the page has not exactly one such field.
    #[track_caller]
    pub fn value(&self, label: &str) -> String {
        let document = self.document();
        let selector = css(FIELDS);
        let fields = document.select(&selector).map(|field| (dom::name(&document, field), field));
        let field = dom::only("field", label, fields.collect());
        super::form::value(field).unwrap_or_default()
    }

    /// Where a `<meta http-equiv="refresh">` of zero seconds leads.
    pub fn refresh(&self) -> Option<Url> {
        let content = self.attribute("meta[http-equiv=refresh i]", "content")?;
        let (seconds, target) = content.split_once(';')?;
        let target = target
            .trim()
            .get(..4)
            .filter(|start| start.eq_ignore_ascii_case("url="))
            .map(|start| &target.trim()[start.len()..])?;
        (seconds.trim() == "0").then(|| self.resolve(target.trim_matches(['\'', '"'])))
    }

    fn names(&self, selector: &str) -> Vec<String> {
        let document = self.document();
        document.select(&css(selector)).map(|control| dom::name(&document, control)).collect()
    }

    /// The target of the one link with these words; several that lead to the same place are one.
    #[track_caller]
    pub(super) fn link(&self, wanted: &str) -> Url {
        let mut links: Vec<(String, Url)> = self.links().into_iter().map(|link| (link.words, link.url)).collect();
        links.sort();
        links.dedup();
        dom::only("link", wanted, links)
    }

    #[track_caller]
    pub(super) fn resolve(&self, address: &str) -> Url {
        let base = Url::options().base_url((self.url.scheme() != "about").then_some(&self.url)).parse(address);
        base.unwrap_or_else(|error| panic!("{address:?} on {} is no URL: {error}", self.url))
    }

    pub(super) fn initiator(&self) -> Initiator {
        Initiator::Page { origin: self.url.origin(), policy: ReferrerPolicy::of(&self.headers) }
    }

    pub(super) fn document(&self) -> Html {
        Html::parse_document(&self.html())
    }
}

/// The form that owns a control: by its `form` attribute, or the one around it.
pub(super) fn owner<'a>(document: &'a Html, control: ElementRef<'a>) -> Option<ElementRef<'a>> {
    match control.attr("form") {
        Some(id) => dom::by_id(document, id),
        None => control.ancestors().filter_map(ElementRef::wrap).find(|ancestor| ancestor.value().name() == "form"),
    }
}
