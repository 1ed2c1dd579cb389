//! OpenID Connect and OAuth 2.0 as a language: messages are read and written, signatures checked.
//!
//! Nothing here opens a socket, keeps a session, reads a clock or knows a person. Times are seconds
//! since the epoch (`NumericDate`, RFC 7519 section 2) and are parameters. Reading a message checks
//! its form; whether the client exists, the redirect URI is its own or the code is good is for the
//! caller to say.
//!
//! | message | module |
//! |---|---|
//! | authentication request and its answer | [`AuthenticationRequest`], [`authorization_response`] |
//! | token request and its answer | [`TokenRequest`], [`TokenResponse`] |
//! | who the client is | [`ClientAuthentication`], [`ClientAssertion`], [`ClientMetadata`] |
//! | ID token, hints | [`IdToken`], [`IdTokenHint`] |
//! | UserInfo request | [`bearer`] |
//! | logout | [`EndSessionRequest`], [`LogoutToken`] |
//! | discovery | [`discovery`] |
//! | the other side, as a client of another provider | [`relying_party`] |

mod acr;
mod authentication_request;
mod authorization_response;
pub mod bearer;
mod claims_request;
mod client_assertion;
mod client_authentication;
mod client_metadata;
mod credential;
pub mod discovery;
mod end_session;
mod error;
mod form;
mod id_token;
mod jwt;
mod logout_token;
mod pkce;
pub mod relying_party;
mod scope;
mod token;
mod web_uri;

pub use acr::{AcrValue, LoaLevel, LoaScheme, RequestedContext};
pub use authentication_request::{
    AddressError, AuthenticationRequest, LOGIN_HINT_CHARS_MAX, LocatedRequest, NONCE_CHARS_MAX, Prompt, STATE_BYTES_MAX,
};
pub use authorization_response::authorization_response;
pub use claims_request::{CLAIMS_BYTES_MAX, CLAIMS_MAX, ClaimRequest, ClaimsRequest};
pub use client_assertion::{
    AssertionError, AssertionExpectation, CLOCK_SKEW_MAX, ClientAssertion, JTI_CHARS_MAX, LIFETIME_MAX,
};
pub use client_authentication::ClientAuthentication;
pub use client_metadata::{
    AuthMethod, CLIENT_SECRET_CHARS_MIN, ClientKeys, ClientMetadata, LegalBasis, METADATA_BYTES_MAX, MetadataError,
    MetadataFault, NameArticle, PkceRule, SubjectType, URIS_MAX,
};
pub use credential::Credential;
pub use end_session::{EndSessionRequest, post_logout_location};
pub use error::{ErrorCode, OAuthError};
pub use form::{FORM_BYTES_MAX, FORM_PARAMETERS_MAX};
pub use id_token::{Amr, IdToken, IdTokenHint, at_hash};
pub use logout_token::{LogoutToken, LogoutTokenError, LogoutTokenExpectation};
pub use pkce::{CodeChallenge, pkce_matches};
pub use scope::{SCOPE_BYTES_MAX, Scope};
pub use token::{TokenRequest, TokenResponse};
pub use web_uri::{URI_BYTES_MAX, UriFault, WebUri};
