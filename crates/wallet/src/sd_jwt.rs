//! Credentials that are shown in part: SD-JWT (RFC 9901) in its profile for credentials (SD-JWT VC,
//! draft-ietf-oauth-sd-jwt-vc), signed with ES256 by a key that `x5c` certifies, bound to a holder's key.
//!
//! | who | what |
//! |---|---|
//! | the issuer | [`issue`] |
//! | the holder | [`Held::receive`], [`Held::present`] |
//! | the verifier | [`verify`] |

mod disclosed;
mod disclosure;
mod hold;
mod issue;
mod key_binding;
mod process;
mod read;
#[cfg(test)]
mod tests;
mod verify;

use jose::{Algorithm, ChainError, JwsError};

pub use disclosed::Disclosed;
pub use hold::{Held, PresentError};
pub use issue::{Issuance, IssueError, issue};
pub use key_binding::{KEY_BINDING_AGE_MAX, KEY_BINDING_AHEAD_MAX, KeyBindingExpected, KeyBindingFault};
pub(crate) use read::instant;
pub use read::{CredentialHead, StatusReference};
pub use verify::{PresentationExpected, Presented, verify};

use crate::trust::ChainFault;

/// The longest credential with its disclosures and the holder's token, in bytes.
pub const SD_JWT_BYTES_MAX: usize = 64 * 1024;
/// The longest token of an issuer, in bytes: its certificates are part of it.
pub const ISSUER_TOKEN_BYTES_MAX: usize = 32 * 1024;
/// The most disclosures of a credential.
pub const DISCLOSURES_MAX: usize = 128;
/// The most digests of a credential, decoys included.
pub const DIGESTS_MAX: usize = 1024;
/// How deep claims may lie in each other, disclosed ones included.
pub const DEPTH_MAX: usize = 16;
/// The length of a salt (RFC 9901 section 9.3: 128 bits).
pub const SALT_BYTES: usize = 16;
/// How far the issuer's clock may be ahead of ours, in seconds, for `nbf`.
pub const ISSUER_AHEAD_MAX: i64 = 60;
/// The longest `vct`, `iss` or address of a status list, in bytes.
pub const URI_BYTES_MAX: usize = 2048;

/// The `typ` of the issuer's token (SD-JWT VC section 2.2.1).
const CREDENTIAL_TYP: &str = "dc+sd-jwt";
/// The `typ` of the holder's token (RFC 9901 section 4.3).
const KEY_BINDING_TYP: &str = "kb+jwt";
/// What both are signed with.
const ALGORITHMS: [Algorithm; 1] = [Algorithm::Es256];

/// Why a credential or its presentation is refused. For the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SdJwtFault {
    /// More than [`SD_JWT_BYTES_MAX`] bytes.
    #[error("the credential is longer than 64 KiB")]
    TooLong,
    /// No tilde.
    #[error("this is no SD-JWT")]
    Form,
    /// More than [`DISCLOSURES_MAX`] disclosures or [`DIGESTS_MAX`] digests.
    #[error("the credential has more than 128 disclosures or 1024 digests")]
    TooMany,
    /// Claims lie deeper than [`DEPTH_MAX`].
    #[error("the credential's claims lie more than 16 levels deep")]
    TooDeep,
    /// The issuer's token is not what it should be, or not signed by the key of its certificate.
    #[error("the issuer's token: {0}")]
    Issuer(JwsError),
    /// The certificates do not lead to an issuer that is trusted.
    #[error("the issuer's certificates: {0}")]
    Chain(ChainFault),
    /// `iss` is not who the certificate speaks of.
    #[error("the issuer's name is not in its certificate")]
    IssuerName,
    /// A disclosure is malformed, or of the other kind than its place.
    #[error("a disclosure is malformed")]
    Disclosure,
    /// A digest is malformed.
    #[error("a digest is malformed")]
    Digest,
    /// A disclosure has a name that must not be disclosed, or that is there already.
    #[error("a disclosure has a reserved or an existing name")]
    ReservedName,
    /// A digest or a disclosure occurs twice.
    #[error("a digest or a disclosure occurs twice")]
    Duplicate,
    /// A disclosure belongs nowhere.
    #[error("a disclosure is not referred to")]
    Unreferenced,
    /// Digests of another algorithm than SHA-256.
    #[error("the digests are not of SHA-256")]
    HashAlgorithm,
    /// A claim about the credential itself is missing or of another type.
    #[error("the claim `{0}` is missing or malformed")]
    Claim(&'static str),
    /// A credential of another type.
    #[error("the credential is of another type")]
    Type,
    /// `exp` has passed.
    #[error("the credential has expired")]
    Expired,
    /// `nbf` is more than [`ISSUER_AHEAD_MAX`] ahead.
    #[error("the credential is not valid yet")]
    Early,
    /// Whoever shows it did not prove to be its holder, here and now.
    #[error(transparent)]
    KeyBinding(#[from] KeyBindingFault),
    /// A holder's token where the issuer's word alone is expected.
    #[error("the credential is already bound to a presentation")]
    AlreadyBound,
}

impl From<ChainError<ChainFault>> for SdJwtFault {
    fn from(error: ChainError<ChainFault>) -> Self {
        match error {
            ChainError::Token(error) => SdJwtFault::Issuer(error),
            ChainError::Chain(fault) => SdJwtFault::Chain(fault),
        }
    }
}
