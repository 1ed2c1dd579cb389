//! How messages travel (SAML Bindings section 3).

pub mod artifact;
mod parameters;
pub mod post;
pub mod redirect;
pub mod soap;

pub use parameters::BindingError;

/// The longest query or form body with a message, in bytes.
pub const FORM_BYTES_MAX: usize = 256 * 1024;
/// The longest message, in bytes of XML, whatever it travelled as.
pub const MESSAGE_BYTES_MAX: usize = 256 * 1024;
/// The longest `RelayState`, in bytes, received and given back. The standard says 80 (SAML Bindings section 3.4.3),
/// but `mod_auth_mellon` and others put the whole address there that a person asked for.
pub const RELAY_STATE_BYTES_MAX: usize = 1024;

/// A binding that is spoken here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Binding {
    /// HTTP-Redirect (section 3.4).
    Redirect,
    /// HTTP-POST (section 3.5).
    Post,
    /// HTTP-Artifact (section 3.6).
    Artifact,
    /// SOAP over HTTP (section 3.2).
    Soap,
}

impl Binding {
    /// All of them.
    pub const ALL: [Binding; 4] = [Binding::Redirect, Binding::Post, Binding::Artifact, Binding::Soap];

    /// The URI on the wire.
    pub const fn uri(self) -> &'static str {
        match self {
            Binding::Redirect => "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect",
            Binding::Post => "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST",
            Binding::Artifact => "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact",
            Binding::Soap => "urn:oasis:names:tc:SAML:2.0:bindings:SOAP",
        }
    }

    /// The binding with that URI.
    pub fn from_uri(uri: &str) -> Option<Self> {
        Binding::ALL.into_iter().find(|binding| binding.uri() == uri)
    }
}

/// Which of the two a message is: the name of its parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// `SAMLRequest`.
    Request,
    /// `SAMLResponse`.
    Response,
}

impl Direction {
    /// The parameter's name.
    pub const fn parameter(self) -> &'static str {
        match self {
            Direction::Request => "SAMLRequest",
            Direction::Response => "SAMLResponse",
        }
    }
}
