//! The pages and endpoints: the one crate that knows HTTP.
//!
//! Every handler is: who is asking, what they sent, whom to ask; translate in, call, translate
//! out. What may be done is decided by the conductor and the pure machine; a session that may not
//! open a page is the wrong *type* for its handler.

mod answer;
mod cookie;
mod fault;
mod form;
mod kau;
mod moment;
pub mod pages;
mod site;
mod ugyfelkapu;
mod visitor;

use std::net::IpAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use broker::{Broker, EndpointPaths, Letter};

pub use pages::mail::Mail;
pub use ugyfelkapu::ROUTES as UGYFELKAPU_ROUTES;

/// The paths of OpenID Connect's endpoints below the issuer.
pub const ENDPOINT_PATHS: EndpointPaths = EndpointPaths {
    authorization: kau::oidc::AUTHORIZE,
    token: kau::oidc::TOKEN,
    userinfo: kau::oidc::USERINFO,
    jwks: kau::oidc::JWKS,
    end_session: kau::oidc::END_SESSION,
};

/// The client's address, put into each request by whoever accepts connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

/// What the pages need to know of the installation.
#[derive(Clone)]
pub struct Web(Arc<Installation>);

/// An installation, as its pages see it.
pub struct Installation {
    /// The conductor.
    pub broker: Broker,
    /// The broker's origin, without a trailing slash.
    pub kau: String,
    /// The account pages' origin, without a trailing slash.
    pub ugyfelkapu: String,
    /// The help line's number as people write it.
    pub phone: Option<String>,
}

impl Web {
    /// The pages of an installation.
    pub fn new(installation: Installation) -> Self {
        Self(Arc::new(installation))
    }

    fn broker(&self) -> &Broker {
        &self.0.broker
    }

    /// The broker's pages and endpoints.
    pub fn kau(&self) -> Router {
        kau::routes().merge(shared()).fallback(fault::not_found_kau).with_state(self.clone())
    }

    /// The account's own pages.
    pub fn ugyfelkapu(&self) -> Router {
        ugyfelkapu::routes().merge(shared()).fallback(fault::not_found_ugyfelkapu).with_state(self.clone())
    }

    /// The words of a letter.
    pub fn write_letter(&self, letter: &Letter) -> Mail {
        let surroundings = pages::mail::Surroundings {
            at: &moment::date_and_time(letter.at, letter.lang),
            account_origin: &self.0.ugyfelkapu,
            phone: self.0.phone.as_deref(),
        };
        pages::mail::write(&letter.content, letter.lang, &surroundings)
    }
}

/// What both origins serve.
fn shared() -> Router<Web> {
    Router::new().route("/assets/{name}", get(asset))
}

/// `GET /assets/{name}`: bytes whose name holds their digest, so that they never change.
async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let Some(asset) = ui::assets::find(&format!("/assets/{name}")) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let accepts = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let fixed = HeaderValue::from_static;
    let mut answer = HeaderMap::new();
    answer.insert(header::CONTENT_TYPE, fixed(asset.media_type));
    answer.insert(header::CACHE_CONTROL, fixed("public, max-age=31536000, immutable"));
    match asset.gzip.filter(|_| accepts.split(',').any(|coding| coding.trim().starts_with("gzip"))) {
        Some(compressed) => {
            answer.insert(header::CONTENT_ENCODING, fixed("gzip"));
            answer.insert(header::VARY, fixed("accept-encoding"));
            (answer, compressed).into_response()
        }
        None => (answer, asset.bytes).into_response(),
    }
}
