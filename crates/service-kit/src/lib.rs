//! What a service needs to let people in by a SAML 2.0 identity provider such as Kapu: the side of SAML that asks.
//!
//! The kit opens no socket, keeps nothing and reads no clock. The service fetches the identity provider's metadata,
//! hands in instants and random octets, and remembers four things where a restart does not lose them: its keys, the
//! sign-ins that its browsers began, the assertions that were used, its sessions.
//!
//! ```
//! # use service_kit::*;
//! # use std::collections::{HashMap, HashSet};
//! # #[derive(Default)] struct Memory { begun: HashMap<(String, String), i64>, used: HashSet<String> }
//! // GET /sign-in: remember the request for this browser alone, and send it away. `browser` is a random cookie of its
//! // own, with `SameSite=None; Secure`.
//! fn begin(service: &Service, idp: &IdentityProvider, memory: &mut Memory, browser: &str, now: i64, fill: Fill<'_>)
//! -> Result<String, KitError> {
//!     let started = service.sign_in(idp, &SignIn::default(), None, now, fill)?;
//!     memory.begun.insert((browser.into(), started.request_id), now);
//!     Ok(started.location)
//! }
//!
//! // POST /saml/acs: what this browser began is taken once, and so is the assertion.
//! fn finish(service: &Service, idp: &IdentityProvider, memory: &mut Memory, browser: &str, body: &str, now: i64)
//! -> Result<Option<SignedIn>, KitError> {
//!     let posted = PostedResponse::read(body)?;
//!     let request_id = posted.in_response_to()?;
//!     let Some(begun) = memory.begun.remove(&(browser.into(), request_id.into())) else { return Ok(None) };
//!     let pending = Pending { request_id, sign_in: &SignIn::default(), begun };
//!     let person = service.take_response(idp, &posted, &pending, now)?;
//!     Ok(memory.used.insert(person.assertion_id.clone()).then_some(person))
//! }
//!
//! // Once: keys, who we are, whom we trust.
//! fn set_up(metadata: &[u8], now: i64, fill: Fill<'_>) -> Result<(Service, IdentityProvider), KitError> {
//!     let signing = StoredKey::draw(KeyType::P256, "sp.example", now, fill)?;
//!     let decryption = StoredKey::draw(KeyType::Rsa2048, "sp.example", now, fill)?;
//!     let service = Service::new(ServiceConfig {
//!         entity_id: "https://sp.example/saml/metadata".into(),
//!         acs_url: "https://sp.example/saml/acs".into(),
//!         slo_url: Some("https://sp.example/saml/slo".into()),
//!         slo_soap_url: Some("https://sp.example/saml/slo/soap".into()),
//!         keys: ServiceKeys::read(&signing, &decryption)?,
//!         names: vec![], descriptions: vec![], attributes: vec![], identifier: SubjectIdRequirement::PairwiseId,
//!     });
//!     let idp = IdentityProvider::read(metadata, "https://kau.example/saml/metadata", Loopback::Refused, now)?;
//!     Ok((service, idp))
//! }
//! # let mut octet = 0u8;
//! # let mut fill = |octets: &mut [u8]| octets.iter_mut().for_each(|o| { octet = octet.wrapping_add(1); *o = octet });
//! # let refused = set_up(b"<md:EntityDescriptor xmlns:md='urn:oasis:names:tc:SAML:2.0:metadata'/>", 0, &mut fill);
//! # assert_eq!(refused.unwrap_err().code(), "metadata");
//! ```
//!
//! | the standard | where |
//! |---|---|
//! | SAML Profiles section 4.1, web browser sign-on | [`Service::sign_in`], [`Service::take_response`] |
//! | SAML Profiles section 4.4, single logout | [`Service::logout`], [`Service::take_logout`], [`Service::answer_logout`] |
//! | SAML Metadata section 2.4 | [`Service::metadata`], [`IdentityProvider::read`] |
//!
//! A browser posts the response from another site, so cookies with `SameSite=Lax` do not come along. A service that
//! keeps who began in such a cookie puts what [`Service::take_response`] gave aside under a random name, leads on with
//! 303 to a page of its own, and compares the browsers there, before anybody is let in.

mod error;
mod identity_provider;
mod keys;
mod logout;
mod readable;
mod service;
mod sign_in;

use std::fmt::Write;

pub use error::KitError;
pub use identity_provider::{ASKED_AGAIN, CACHE_DEFAULT, CACHE_RANGE, IdentityProvider, VALID_DEFAULT, may_ask_again};
pub use keys::{ServiceKeys, StoredKey};
pub use logout::{Logout, LogoutAnswer, LogoutAsked, LogoutMessage, LogoutOutcome, Participant};
pub use readable::indented;
pub use saml::attribute::names;
pub use saml::binding::soap;
pub use saml::metadata::{Localized, Loopback};
pub use saml::{
    Attribute, Comparison, ContextKind, NameId, NameIdFormat, RequestedAuthnContext, ResponseError, Status, StatusCode,
    StatusReason, SubjectIdRequirement,
};
pub use service::{Asked, CLOCK_SKEW, Service, ServiceConfig, whatever, whatever_named};
pub use sign_in::{NameIdWanted, Pending, PostedResponse, SignIn, SignedIn, Started, WantedContext};
pub use xmlsec::{KeyType, SignatureAlgorithm};

/// Fills octets with random ones, of a source fit for keys.
pub type Fill<'a> = &'a mut dyn FnMut(&mut [u8]);

/// An identifier of 128 random bits (SAML Core section 1.3.4), which begins as an XML name must.
fn draw_id(fill: Fill<'_>) -> String {
    let mut octets = [0; 16];
    fill(&mut octets);
    octets.iter().fold(String::from("_"), |mut id, octet| {
        // Writing to a string does not fail.
        let _written = write!(id, "{octet:02x}");
        id
    })
}

#[cfg(test)]
mod tests;
