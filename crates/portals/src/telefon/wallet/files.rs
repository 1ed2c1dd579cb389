//! The wallet's modules, its manifest and its service worker.

use axum::body::Body;
use axum::response::Response;
use http::{HeaderValue, header};
use serde_json::json;
use ui::assets;

use super::PAGE;
use crate::visitor::Visitor;

include!(concat!(env!("OUT_DIR"), "/wallet_files.rs"));

/// The name of the folder carries the content, so an answer may be kept for ever.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// Asked for again each time, so that a new version is found.
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");
/// A service worker may read its own origin and nothing else.
const WORKER_POLICY: HeaderValue = HeaderValue::from_static("default-src 'none'; connect-src 'self'");
const SCRIPT: &str = "text/javascript; charset=utf-8";
/// The module that runs beside the page and not in it.
const WORKER: &str = "service_worker.js";

/// The path of a module.
pub(super) fn path(name: &str) -> String {
    format!("{PAGE}/{VERSION}/{name}")
}

/// A module, if there is one of this name in this version.
pub(super) fn module(version: &str, name: &str) -> Option<Response> {
    let content = content(name).filter(|_| version == VERSION && name != WORKER)?;
    Some(answer(SCRIPT, FOR_EVER, content))
}

fn content(name: &str) -> Option<&'static str> {
    FILES.iter().find(|(known, _)| *known == name).map(|(_, content)| *content)
}

/// `GET /tarca/sw.js`
pub(super) fn service_worker() -> Response {
    let modules = FILES.iter().filter(|(name, _)| *name != WORKER).map(|(name, _)| path(name));
    let shared = assets::ALL.iter().filter(|asset| ![assets::SUBMIT.path, assets::WALLET.path].contains(&asset.path));
    let files: Vec<String> = modules.chain(shared.map(|asset| asset.path.to_owned())).collect();
    // The style sheet's name is part of it, so that a new look is a new version too.
    let version = format!("{VERSION}-{}", assets::STYLE.path.trim_start_matches("/assets/"));
    let shell = json!({"version": version, "page": PAGE, "files": files});
    let script = format!("const SHELL = {shell};\n{}", content(WORKER).unwrap_or_default());
    let mut response = answer(SCRIPT, ASK_AGAIN, script);
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, WORKER_POLICY);
    response.headers_mut().insert("service-worker-allowed", HeaderValue::from_static(PAGE));
    response
}

/// `GET /tarca/manifest.webmanifest`
pub(super) fn manifest(visitor: &Visitor) -> Response {
    let text = visitor.text();
    let manifest = json!({
        "id": PAGE,
        "name": text.wallet_app_name(),
        "short_name": text.wallet_heading(),
        "description": text.wallet_about(),
        "lang": visitor.lang.tag(),
        "start_url": PAGE,
        "scope": PAGE,
        "display": "standalone",
        "background_color": "#faf6f1",
        "theme_color": "#3a1847",
        "icons": [{"src": assets::ICON.path, "sizes": "any", "type": assets::ICON.media_type}],
    });
    answer("application/manifest+json", ASK_AGAIN, manifest.to_string())
}

fn answer(media_type: &'static str, kept: HeaderValue, content: impl Into<Body>) -> Response {
    let mut response = Response::new(content.into());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(header::CACHE_CONTROL, kept);
    response
}
