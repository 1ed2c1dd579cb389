//! The pages and endpoints: the one crate that knows HTTP.
//!
//! Every handler is: who is asking, what they sent, whom to ask; translate in, call, translate
//! out. What may be done is decided by the conductor and the pure machine; a session that may not
//! open a page is the wrong *type* for its handler.

mod accept;
mod answer;
mod cookie;
mod cross_origin;
mod dap;
mod datum;
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
use broker::{
    Broker, CredentialIssuer, EndpointPaths, KeyAttestationTerms, Letter, Place, SamlAbout, SamlEndpoints,
    TrustedWallet,
};
use model::Lang;

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

/// The identity provider's addresses, and what its metadata says to people.
pub fn saml_endpoints(kau: &str, ugyfelkapu: &str) -> SamlEndpoints {
    let texts = [Lang::Hu, Lang::En].map(pages::Text::of);
    let about = SamlAbout {
        name: texts.map(|t| t.saml_name().to_owned()),
        description: texts.map(|t| t.saml_description().to_owned()),
        organization: texts.map(|t| t.saml_organization().to_owned()),
        help: format!("{ugyfelkapu}{}", pages::paths::HELP),
    };
    SamlEndpoints::new(kau, &kau::saml::PATHS, about)
}

/// The issuer of credentials at an origin and in a country: its addresses, where wallets take its offers, what it is
/// called, whose word on wallets' keys counts, and which wallets may ask by themselves.
pub fn credential_issuer(
    dap: &str,
    link: String,
    country: &str,
    key_attestations: KeyAttestationTerms,
    wallets: Vec<TrustedWallet>,
) -> CredentialIssuer {
    let texts = [Lang::Hu, Lang::En].map(pages::Text::of);
    CredentialIssuer {
        origin: dap.to_owned(),
        paths: dap::PATHS,
        link,
        name: texts.map(|t| t.issuer_name().to_owned()),
        credential: texts.map(|t| t.issuer_credential().to_owned()),
        wallets,
        country: country.to_owned(),
        key_attestations,
    }
}

/// The client's address, put into each request by whoever accepts connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

/// Where that is, as the operator's proxy says it; put into each request by whoever accepts connections.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientPlace(pub Place);

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
        kau::routes().fallback(fault::not_found_kau).with_state(self.clone())
    }

    /// The account's own pages.
    pub fn ugyfelkapu(&self) -> Router {
        ugyfelkapu::routes().fallback(fault::not_found_ugyfelkapu).with_state(self.clone())
    }

    /// The endpoints of the issuer of credentials. Served only where the conductor issues any.
    pub fn dap(&self) -> Router {
        dap::routes().with_state(self.clone())
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
