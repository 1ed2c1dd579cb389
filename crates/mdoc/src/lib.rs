//! Mobile documents of ISO/IEC 18013-5 as `OpenID4VP` carries them, as little of them as a sign-in needs.
//!
//! - A verifier reads a response with [`Document::parse`], judges the certificates that
//!   [`IssuerSigned::x5chain`] names, and hands the first one's key to [`Document::verify`]. It gets the
//!   elements that it asked for, and no others.
//! - An issuer makes a document with [`issue()`], a holder shows it with [`present`].
//! - [`pid`] has the words of person identification data.
//! - Outside octets go through [`cbor::check`] before any parser sees them, and so does whatever is
//!   embedded in them, when it is opened.
//!
//! Sources: ISO/IEC 18013-5:2021, RFC 8949 (CBOR), RFC 9052 and 9053 (COSE), RFC 9360 (`x5chain`),
//! `OpenID4VP` 1.0 appendix B.2, Token Status List, the EUDI PID Rulebook. Nothing here reads a clock;
//! random numbers are a parameter, but for those that the cryptographic library draws itself (keys, ECDSA).

pub mod cbor;
mod cose;
mod error;
mod issue;
mod issuer_signed;
mod key;
mod mso;
pub mod pid;
mod response;
mod time;
mod transcript;
mod value;

pub use cose::CERTIFICATES_MAX;
pub use error::MdocError;
pub use issue::{Issuance, IssueError, issue};
pub use issuer_signed::{ExpectedIssuer, Issued, IssuerSigned};
pub use key::{Algorithm, KeyError, SignError, SigningKey, VerifyingKey};
pub use mso::{StatusReference, Validity};
pub use response::{Document, Expected, PresentError, Presented, present};
pub use time::FullDate;
pub use transcript::{JwkThumbprint, SessionTranscript};
pub use value::{Asked, Element, Need, Value};
