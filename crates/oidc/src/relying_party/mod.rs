//! The other side: what is asked of another provider, and what of its answers is believed.

mod answer;
mod id_token;
mod provider;
mod request;

pub use answer::{AuthorizationAnswer, AuthorizationError, TokenAnswer};
pub use id_token::{IdTokenExpectation, IdTokenFault, ReceivedIdToken};
pub use provider::{ClientSecretBy, ProviderFault, ProviderMetadata};
pub use request::{CodeRedemption, Outgoing};
