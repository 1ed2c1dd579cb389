//! `kenyszi.`: the daily record of social care, a portal that speaks SAML 2.0 by the service kit.
//!
//! It knows Kapu by the address of its metadata alone. Its keys are made at the first start and rest in its own file.

mod claims;
mod endpoints;
mod exchange;
mod keys;
mod provider;
mod routes;
mod sessions;

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use model::Lang;
use serde_json::Value;
use service_kit::{KitError, Localized, Service, ServiceConfig, SubjectIdRequirement};

use crate::database::{Database, OpenError};
use crate::demo::{Demo, House, Surface, SurfaceKind};
use crate::fault::with_visitors;
use crate::portal::purpose::stated;
use crate::text::Text;
pub(crate) use exchange::Exchange;
use provider::Kau;
use sessions::Sessions;

/// Where the portal describes itself; also its entity ID, after its origin.
const METADATA: &str = "/saml/metadata";
/// Where Kapu's responses are posted.
const ACS: &str = "/saml/acs";
/// Where logout messages come by the browser.
const SLO: &str = "/saml/slo";
/// Where Kapu itself says that a session has ended.
const SLO_SOAP: &str = "/saml/slo/soap";
/// Where the browser comes back to itself after [`ACS`], with its own cookie.
const ARRIVED: &str = "/belepve";
/// What was said at the sign-in, word for word.
pub(crate) const MESSAGES: &str = "/uzenetek";
const SIGNED_OUT: &str = "/kilepett";
const PARTLY_SIGNED_OUT: &str = "/kilepett-reszben";

/// What the portal is told of itself and of Kapu.
pub struct Registration {
    /// The origin of Kapu's broker, as `http://kau.localhost:8080`.
    pub kau: String,
    /// This portal's origin, as `http://kenyszi.localhost:8080`.
    pub origin: String,
}

/// The portal could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    /// Its database file.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// What rests in that file.
    #[error("the portal's keys cannot be read or written")]
    Keys(#[from] rusqlite::Error),
    /// Its keys, or what it says of itself.
    #[error("the portal cannot speak for itself")]
    Kit(#[from] KitError),
    /// Its HTTP client.
    #[error("the client that fetches the metadata cannot be made")]
    Client(#[from] reqwest::Error),
}

/// The portal.
#[derive(Clone)]
pub struct Kenyszi {
    demo: Demo,
    kau: Arc<Kau>,
    sessions: Sessions,
    neighbours: Arc<[Surface]>,
}

impl Kenyszi {
    /// Opens the portal. `neighbours` are the places that it links to; its keys and sessions rest in the SQLite file.
    ///
    /// # Errors
    ///
    /// [`SetUpError`] says what is wrong with the file or the keys in it. Kapu need not be there yet.
    pub fn open(
        demo: &Demo,
        registration: Registration,
        neighbours: Vec<Surface>,
        file: &Path,
    ) -> Result<Self, SetUpError> {
        let Registration { kau, origin } = registration;
        let database = Database::open(file, &[sessions::SCHEMA, exchange::SCHEMA].concat())?;
        let service = Service::new(ServiceConfig {
            entity_id: format!("{origin}{METADATA}"),
            acs_url: format!("{origin}{ACS}"),
            slo_url: Some(format!("{origin}{SLO}")),
            slo_soap_url: Some(format!("{origin}{SLO_SOAP}")),
            keys: keys::ensure(&database, demo)?,
            names: in_both(|text| SurfaceKind::Kenyszi.name(text)),
            descriptions: in_both(|text| SurfaceKind::Kenyszi.about(text)),
            identifier: SubjectIdRequirement::PairwiseId,
            attributes: claims::asked(&kau),
        });
        Ok(Self {
            demo: demo.clone(),
            kau: Arc::new(Kau::new(&kau, service, demo)?),
            sessions: Sessions::new(database),
            neighbours: neighbours.into_iter().filter(|surface| surface.kind != SurfaceKind::Kenyszi).collect(),
        })
    }

    /// What the portal says of itself, to be given to Kapu by an operator.
    ///
    /// # Errors
    ///
    /// [`SetUpError::Kit`].
    pub fn metadata(&self) -> Result<String, SetUpError> {
        Ok(self.kau.own_metadata()?)
    }

    /// What the portal wants each datum for, to be given to Kapu beside [`Kenyszi::metadata`]: SAML has no words for it.
    pub fn purposes() -> Value {
        stated(claims::purposes)
    }

    /// The pages, and what Kapu speaks to.
    pub fn router(&self) -> Router {
        let pages = Router::new()
            .route("/", get(routes::home))
            .route("/belepes", get(routes::sign_in))
            .route("/friss-belepes", get(routes::sign_in_afresh))
            .route("/emelt-belepes", get(routes::sign_in_higher))
            .route(ACS, post(endpoints::consume))
            .route(ARRIVED, get(routes::arrived))
            .route("/sikertelen/{reason}", get(routes::failed))
            .route(MESSAGES, get(routes::messages))
            .route("/kilepes", post(routes::sign_out))
            .route(SLO, get(endpoints::logout_redirected).post(endpoints::logout_posted))
            .route(SIGNED_OUT, get(routes::signed_out))
            .route(PARTLY_SIGNED_OUT, get(routes::partly_signed_out));
        // Kapu itself comes there: no browser, hence no visitor.
        let back_channel =
            Router::new().route(METADATA, get(endpoints::metadata)).route(SLO_SOAP, post(endpoints::logout_by_soap));
        with_visitors(pages, &self.demo, House::Kenyszi).merge(back_channel).with_state(self.clone())
    }
}

fn in_both(words: impl Fn(Text) -> &'static str) -> Vec<Localized> {
    let localized = |lang: Lang| Localized { language: lang.tag().to_owned(), text: words(Text::of(lang)).to_owned() };
    vec![localized(Lang::Hu), localized(Lang::En)]
}
