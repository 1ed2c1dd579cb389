//! Why the kit refuses.

use saml::binding::redirect::EncodeError;
use saml::metadata::MetadataError;
use saml::{BindingError, MessageError, ResponseError, WriteError};
use xmlsec::{KeyError, SignError, SignatureError};

/// Why something is refused or cannot be made. A person is told no details; a log is told [`KitError::code`].
#[derive(Debug, thiserror::Error)]
pub enum KitError {
    /// What came is no message.
    #[error("the request carries no message")]
    Binding(#[from] BindingError),
    /// The message is not as it must be, or not signed by the identity provider.
    #[error("the message is refused")]
    Message(#[from] MessageError),
    /// The response is not to be believed, or says no.
    #[error("the response is refused")]
    Response(#[from] ResponseError),
    /// The identity provider's metadata cannot be read.
    #[error("the metadata is refused")]
    Metadata(#[from] MetadataError),
    /// The metadata is none of the identity provider that was expected.
    #[error("the metadata does not describe the identity provider {0:?}")]
    OtherEntity(String),
    /// The identity provider has no endpoint for HTTP-Redirect, or no key.
    #[error("the metadata names no {0} that can be used")]
    Unusable(&'static str),
    /// The message is of another sender than the identity provider.
    #[error("the message is of another issuer")]
    Issuer,
    /// The message was sent to another address, or a signed one names none (SAML Bindings sections 3.4.5.2 and 3.5.5.2).
    #[error("the message was sent to another address")]
    Destination,
    /// The message is from another time.
    #[error("the message is out of its time")]
    Time,
    /// The pairwise identifier is of a domain that the identity provider may not speak for (SAML V2.0 Subject
    /// Identifier Attributes Profile section 3.4.3).
    #[error("the identifier is of a domain that is not the identity provider's")]
    Scope,
    /// A message of ours cannot be written.
    #[error("the message cannot be written")]
    Write(#[from] WriteError),
    /// An address of ours cannot be written.
    #[error("the message cannot be sent")]
    Encode(#[from] EncodeError),
    /// A key of ours cannot be made or read.
    #[error("a key cannot be used")]
    Key(#[from] KeyError),
    /// A certificate of ours cannot be made.
    #[error("a certificate cannot be made")]
    Certificate(#[from] SignError),
}

impl KitError {
    /// The word that a log knows this by.
    pub const fn code(&self) -> &'static str {
        match self {
            KitError::Binding(error) => error.code(),
            KitError::Message(error) => error.code(),
            KitError::Response(error) => error.code(),
            KitError::Metadata(_) | KitError::OtherEntity(_) | KitError::Unusable(_) => "metadata",
            KitError::Issuer => "issuer",
            KitError::Destination => "destination",
            KitError::Time => "time",
            KitError::Scope => "scope",
            KitError::Write(_) | KitError::Encode(_) | KitError::Key(_) | KitError::Certificate(_) => "ours",
        }
    }

    /// Whether a signature is of none of the keys in the metadata that was read last. The identity provider may have
    /// changed its key: read the metadata again (see [`crate::may_ask_again`]) and try once more.
    pub const fn is_unknown_key(&self) -> bool {
        matches!(
            self,
            KitError::Response(ResponseError::Signature(SignatureError::Key))
                | KitError::Message(MessageError::Signature(SignatureError::Key))
        )
    }
}
