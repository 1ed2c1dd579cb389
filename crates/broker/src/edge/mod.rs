//! The edges: protocol words to our words and back, one module per protocol.

pub(crate) mod oidc;
