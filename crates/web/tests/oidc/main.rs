//! OpenID Connect as a relying party sees it: a person at a browser, and HTTP, against a whole gateway.
//!
//! Rows of the security catalogue are named by their id, modules of the OpenID Foundation's
//! conformance suite by the module's name.

mod authorize;
mod client_authentication;
mod consent;
mod discovery;
mod keys;
mod logout;
mod oidf_basic;
mod oidf_dynamic;
mod oidf_logout;
mod oidf_modules;
mod relying_party;
mod single_sign_on;
mod token;
mod upstream;
mod userinfo;
mod wallet;
