//! Mobile documents of ISO/IEC 18013-5 as `OpenID4VP` carries them, as little of them as a sign-in needs.
//!
//! Outside octets go through [`cbor::check`] before any parser sees them.

pub mod cbor;
