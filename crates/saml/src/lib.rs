//! SAML 2.0 as a language: messages and metadata are read and written, signatures checked and made.
//!
//! Nothing here opens a socket, keeps a session, reads a clock or knows a person. Instants are seconds
//! since the epoch and are parameters, as are identifiers and random octets. Both roles are spoken:
//! identity provider and service.
//!
//! A message comes in by a [`binding`] as [`Received`], of which nothing is proved; who its sender
//! claims to be is in [`Received::claims`]. [`Received::authenticate`] checks every signature there is
//! with that sender's keys, and only what it gives can be read.
//!
//! | message | module |
//! |---|---|
//! | how messages travel | [`binding`] |
//! | authentication request and its answer | [`AuthnRequest`], [`Response`], [`ResponseCheck`], [`Assertion`] |
//! | single logout | [`LogoutRequest`], [`LogoutResponse`] |
//! | redeeming an artifact | [`ArtifactResolve`], [`ArtifactResponse`] |
//! | names and attributes of persons | [`NameId`], [`attribute`], [`subject_identifier`] |
//! | what entities say of themselves | [`metadata`] |
//!
//! Sources: SAML 2.0 Core, Bindings, Profiles and Metadata with their errata, and the profiles that the
//! modules name.

mod artifact_resolve;
mod assertion;
pub mod attribute;
mod authn_context;
mod authn_request;
pub mod binding;
mod instant;
mod logout;
pub mod metadata;
mod name_id;
mod received;
mod response;
#[cfg(test)]
mod samples;
mod status;
pub mod subject_identifier;
mod write;
mod xml;

pub use artifact_resolve::{ArtifactResolve, ArtifactResponse, ArtifactResponseHead};
pub use assertion::{Assertion, AuthnStatement, Bearer};
pub use attribute::Attribute;
pub use authn_context::{CONTEXT_REFS_MAX, Comparison, ContextKind, RequestedAuthnContext};
pub use authn_request::{AnswerTo, AuthnRequest, NameIdPolicy};
pub use binding::{Binding, BindingError, Direction};
pub use instant::print as date_time;
pub use logout::{LogoutRequest, LogoutResponse, REASON_USER, SESSION_INDEXES_MAX};
pub use name_id::{NAME_ID_CHARS_MAX, NameId, NameIdFormat, OPAQUE_NAME_CHARS_MAX};
pub use received::{Authentic, Claims, MessageError, MessageKind, Received, SignatureDemand};
pub use response::{CLOCK_SKEW_MAX, Proved, Recipient, Response, ResponseCheck, ResponseError};
pub use status::{STATUS_MESSAGE_CHARS_MAX, Status, StatusCode, StatusReason};
pub use subject_identifier::SubjectIdRequirement;
pub use write::{Signer, WriteError};
pub use xml::{FormError, FormFault, ID_BYTES_MAX, URI_BYTES_MAX};
