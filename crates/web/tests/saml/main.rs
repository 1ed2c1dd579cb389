//! SAML as a service sees it: a person at a browser, and HTTP, against a whole gateway.
//!
//! Rows of the security catalogue are named by their id.

mod algorithm;
mod consent;
mod feeds;
mod forced;
mod logout;
mod metadata;
mod names;
mod requests;
mod service;
mod sign_in;
mod upstream;
mod wallet;
