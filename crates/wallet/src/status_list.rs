//! Whether credentials are still good: Token Status List (draft-ietf-oauth-status-list-21). One list of an
//! issuer says it of many credentials at once, so that nobody learns which of them was asked about.

mod bits;
#[cfg(test)]
mod tests;
mod token;

pub use bits::{Bits, StatusList};
pub use token::{StatusListExpected, StatusListToken};

use crate::trust::ChainFault;
use jose::{ChainError, JwsError};

/// The longest token of a list, in bytes.
pub const STATUS_TOKEN_BYTES_MAX: usize = 1024 * 1024;
/// The longest list once it is inflated, in bytes: a million entries of eight bits, or eight of one.
pub const LIST_BYTES_MAX: usize = 1024 * 1024;
/// How long a list is believed at most, in seconds, whatever its issuer says.
pub const LIST_AGE_MAX: i64 = 24 * 60 * 60;
/// How far the issuer's clock may be ahead of ours, in seconds.
pub const LIST_AHEAD_MAX: i64 = 60;

/// What a list says of a credential (section 7.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// It is good.
    Valid,
    /// It was withdrawn for good.
    Revoked,
    /// It is not good for now.
    Suspended,
    /// What the issuer means by this number is not known here; nobody may take it for good.
    Other(u8),
}

/// Why a list is refused, or says nothing of a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StatusListFault {
    /// The token is malformed, or not signed by the key of its certificate.
    #[error("the status list's token: {0}")]
    Token(JwsError),
    /// The certificates do not lead to an issuer that is trusted.
    #[error("the status list's certificates: {0}")]
    Chain(ChainFault),
    /// A list for another address.
    #[error("the status list is another one")]
    Subject,
    /// It was issued in the future, or is too old.
    #[error("the status list is out of its time")]
    Time,
    /// Entries of another size than 1, 2, 4 or 8 bits.
    #[error("the status list's entries have another size than 1, 2, 4 or 8 bits")]
    Bits,
    /// What should be a compressed list is none.
    #[error("the status list is not compressed as it should be")]
    Compression,
    /// More than [`LIST_BYTES_MAX`].
    #[error("the status list is longer than 1 MiB")]
    TooLong,
    /// The list has no such entry.
    #[error("the status list has no such entry")]
    OutOfRange,
    /// An entry cannot hold such a number.
    #[error("an entry of the status list cannot hold this status")]
    Value,
}

impl Status {
    /// Its number.
    pub const fn number(self) -> u8 {
        match self {
            Status::Valid => 0,
            Status::Revoked => 1,
            Status::Suspended => 2,
            Status::Other(number) => number,
        }
    }

    /// The status of this number.
    pub const fn of_number(number: u8) -> Self {
        match number {
            0 => Status::Valid,
            1 => Status::Revoked,
            2 => Status::Suspended,
            other => Status::Other(other),
        }
    }
}

impl From<ChainError<ChainFault>> for StatusListFault {
    fn from(error: ChainError<ChainFault>) -> Self {
        match error {
            ChainError::Token(error) => StatusListFault::Token(error),
            ChainError::Chain(fault) => StatusListFault::Chain(fault),
        }
    }
}
