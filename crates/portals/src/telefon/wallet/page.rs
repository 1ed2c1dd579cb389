//! The wallet's one page: the frame, and for its modules the words and whom to trust.

use askama::Template;
use axum::response::Response;
use data_encoding::BASE64;
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde_json::{Value, json};
use ui::{Frame, Page};

use super::{Trust, files, words};
use crate::answer;
use crate::text::Text;
use crate::visitor::Visitor;

/// A wallet scans QR codes; nothing else of the device is its business.
const PERMISSIONS: HeaderValue =
    HeaderValue::from_static("camera=(self), geolocation=(), microphone=(), payment=(), usb=()");

/// The page; nothing if an origin of the configuration fits into no header.
pub(super) fn answer(visitor: &Visitor, trust: &Trust) -> Option<Response> {
    let (frame, text) = (visitor.frame(), visitor.text());
    let lang = visitor.lang.tag();
    let page = WalletPage { frame, text, script: files::path("app.js"), data: data(text, lang, trust) };
    let mut response = answer::page(StatusCode::OK, &page);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::try_from(policy(trust)).ok()?);
    headers.insert(HeaderName::from_static("permissions-policy"), PERMISSIONS);
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(lang));
    Some(response)
}

/// The pages' usual policy, and what modules need: our scripts, and the origins that they speak to.
fn policy(trust: &Trust) -> String {
    let origins: String = trust.origins.iter().flat_map(|origin| [" ", origin]).collect();
    format!(
        "default-src 'none'; script-src 'self'; worker-src 'self'; manifest-src 'self'; connect-src 'self'{origins}; \
         style-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
}

fn data(text: Text, lang: &str, trust: &Trust) -> String {
    let anchors = |listed: &[Vec<u8>]| listed.iter().map(|der| BASE64.encode(der)).collect::<Vec<_>>();
    let words: serde_json::Map<String, Value> =
        words::all(text).into_iter().map(|(key, words)| (key.to_owned(), words.into())).collect();
    let data = json!({
        "lang": lang,
        "words": words,
        "trust": {
            "origins": trust.origins,
            "issuerAnchors": anchors(&trust.issuer_anchors),
            "verifierAnchors": anchors(&trust.verifier_anchors),
            "shortCodes": trust.short_codes,
        },
    });
    // A block of data ends at the first "</script", which JSON may write otherwise.
    data.to_string().replace('<', "\\u003c")
}

#[derive(Template)]
#[template(path = "tarca.html")]
struct WalletPage {
    frame: Frame,
    text: Text,
    /// Where the first module is.
    script: String,
    /// JSON.
    data: String,
}

impl Page for WalletPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        self.text.wallet_heading().to_owned()
    }
}
