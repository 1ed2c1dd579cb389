//! `/tarca`: the wallet on the phone, a small app of its own.
//!
//! All of it runs in the browser; this serves its page, its modules, and what makes it installable. It
//! knows Kapu only by the messages of OpenID4VCI and OpenID4VP, and nothing of it reaches this server but what
//! the camera sees, where the browser itself reads no QR codes.

mod camera;
mod files;
mod page;
mod words;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{get, post};
use http::StatusCode;

use crate::answer;
use crate::fault::Fault;
use crate::visitor::Visitor;

/// Where the wallet's page is.
pub(super) const PAGE: &str = "/tarca";
/// Where a picture of its camera is read, if the browser cannot.
const PICTURE: &str = "/tarca/kep";

/// Whom the wallet believes and where it may speak to. A real phone has this from its maker.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    /// The origins of issuers, authorization servers and verifiers, as `http://dap.localhost:8080`. The
    /// page's policy lets no others be asked.
    pub origins: Vec<String>,
    /// The certificates, in DER, of authorities that certify issuers.
    pub issuer_anchors: Vec<Vec<u8>>,
    /// The certificates, in DER, of authorities that certify verifiers.
    pub verifier_anchors: Vec<Vec<u8>>,
    /// What stands before a short code to make it an address, as `http://dap.localhost:8080/k/`; at that
    /// address is an offer (as at `credential_offer_uri`) or a signed request (as at `request_uri`).
    pub short_codes: Option<String>,
}

/// The wallet's pages.
pub(super) fn routes<S>(trust: Trust) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    Router::new()
        .route(PAGE, get(show))
        .route("/tarca/manifest.webmanifest", get(async |visitor: Visitor| files::manifest(&visitor)))
        .route("/tarca/sw.js", get(async || files::service_worker()))
        .route(PICTURE, post(camera::read))
        .route("/tarca/{version}/{name}", get(file))
        .with_state(Arc::new(trust))
}

/// `GET /tarca`
async fn show(State(trust): State<Arc<Trust>>, visitor: Visitor) -> Response {
    page::answer(&visitor, &trust).unwrap_or_else(|| answer::plain(StatusCode::INTERNAL_SERVER_ERROR))
}

/// `GET /tarca/{version}/{name}`
async fn file(Path((version, name)): Path<(String, String)>, visitor: Visitor) -> Response {
    files::module(&version, &name).unwrap_or_else(|| Fault::NotFound.answer(&visitor))
}
