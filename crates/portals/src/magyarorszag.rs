//! `magyarorszag.`: the first portal, a relying party on the crate `openidconnect`.
//!
//! It knows Kapu by its issuer's URL alone: everything else it learns from the discovery document.

mod claims;
mod logout_token;
mod provider;
mod routes;
mod sessions;
mod sign_in;

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use model::Secret;
use serde_json::{Value, json};

use crate::database::OpenError;
use crate::demo::{Demo, House, Surface};
use crate::fault::with_visitors;
use crate::portal::ADULT;
use crate::portal::purpose::{Purposes, stated};
use crate::text::Text;
use provider::Provider;
use sessions::Sessions;

/// Where Kapu sends the browser back to.
const CALLBACK: &str = "/callback";
/// Where Kapu sends the browser after a sign-out.
const SIGNED_OUT: &str = "/kilepett";
/// Where Kapu itself says that a session has ended.
const BACK_CHANNEL_LOGOUT: &str = "/backchannel-logout";
const SCOPE: [&str; 3] = ["profile", "person", "email"];
/// What only a wallet can say of a person.
const AGE_CLAIM: &str = "age_over_18";

/// The identifier under which the portal is registered.
pub const CLIENT_ID: &str = "magyarorszag";

/// What the portal and Kapu have agreed on.
pub struct Registration {
    /// Kapu's issuer identifier, as `http://kau.localhost:8080`.
    pub issuer: String,
    /// This portal's origin, as `http://magyarorszag.localhost:8080`.
    pub origin: String,
    /// The secret of the client [`CLIENT_ID`].
    pub secret: Secret<String>,
}

/// The registration as `OpenID` Connect client metadata, to be given to Kapu: the names of RFC 7591,
/// of RP-Initiated Logout 1.0 and of Back-Channel Logout 1.0, and Kapu's own for what the data are for. `origin` is this portal's.
///
/// No least level is stated, so that the portal asks for what the date asks for.
pub fn client_metadata(origin: &str, secret: &Secret<String>) -> Value {
    json!({
        "client_id": CLIENT_ID,
        "client_secret": secret.expose(),
        "client_name": "Magyarorszag.hu",
        "client_uri": format!("{origin}/"),
        "initiate_login_uri": format!("{origin}/belepes"),
        "redirect_uris": [format!("{origin}{CALLBACK}")],
        "post_logout_redirect_uris": [format!("{origin}{SIGNED_OUT}")],
        "backchannel_logout_uri": format!("{origin}{BACK_CHANNEL_LOGOUT}"),
        "backchannel_logout_session_required": true,
        "response_types": ["code"],
        "grant_types": ["authorization_code"],
        "token_endpoint_auth_method": "client_secret_basic",
        "id_token_signed_response_alg": "ES256",
        "subject_type": "pairwise",
        "scope": format!("openid {}", SCOPE.join(" ")),
        "kapu_purposes": stated(purposes),
        "kapu_wallet_claims": [AGE_CLAIM],
    })
}

fn purposes(text: Text) -> Purposes<8> {
    [
        ("name", text.purpose_address()),
        ("birth_name", text.purpose_identify()),
        ("birth_date", text.purpose_identify()),
        ("birth_place", text.purpose_identify()),
        ("mothers_name", text.purpose_identify()),
        ("nationality", text.magyarorszag_purpose_nationality()),
        ("email", text.magyarorszag_purpose_email()),
        (AGE_CLAIM, text.magyarorszag_purpose_age()),
    ]
}

/// The portal could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    /// Its database file.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// An address in the registration.
    #[error("the registration's {what} {value:?} is not a URL")]
    Address {
        /// Which member.
        what: &'static str,
        /// What stands there.
        value: String,
    },
    /// Its HTTP client.
    #[error("the client that speaks to the issuer cannot be made")]
    Client(#[from] reqwest::Error),
}

#[derive(Clone)]
struct Portal {
    demo: Demo,
    provider: Arc<Provider>,
    sessions: Sessions,
    neighbours: Arc<[Surface]>,
}

/// The portal. `neighbours` are the places that it links to; its sessions rest in the SQLite file.
///
/// # Errors
///
/// [`SetUpError`] says what is wrong with the registration or the file. Kapu need not be there yet.
pub fn router(
    demo: &Demo,
    registration: Registration,
    neighbours: Vec<Surface>,
    file: &Path,
) -> Result<Router, SetUpError> {
    let provider = Provider::new(registration, Arc::clone(&demo.clock))?;
    let portal = Portal {
        demo: demo.clone(),
        provider: Arc::new(provider),
        sessions: Sessions::open(file)?,
        neighbours: neighbours.into(),
    };
    let pages = Router::new()
        .route("/", get(routes::home))
        .route("/belepes", get(routes::sign_in))
        .route("/friss-belepes", get(routes::sign_in_afresh))
        .route("/emelt-belepes", get(routes::sign_in_higher))
        .route(ADULT, get(routes::sign_in_as_adult))
        .route(CALLBACK, get(routes::callback))
        .route("/sikertelen/{reason}", get(routes::failed))
        .route("/kilepes", post(routes::sign_out))
        .route(SIGNED_OUT, get(routes::signed_out));
    // Kapu itself posts there: no browser, hence no visitor.
    let back_channel = Router::new().route(BACK_CHANNEL_LOGOUT, post(routes::back_channel_logout));
    Ok(with_visitors(pages, demo, House::Magyarorszag).merge(back_channel).with_state(portal))
}
