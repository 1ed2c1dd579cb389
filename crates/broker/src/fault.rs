//! Why a step could not be taken, in the words of whoever runs the gateway.

use model::Timestamp;
use store::StoreError;

/// Why a step could not be taken. A wrong password is not here: that is an answer, not a fault.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// Nothing under way goes with this browser and address.
    #[error("no journey goes with this browser")]
    NoJourney,
    /// The journey ran out of time or was answered already.
    #[error("the journey is over")]
    Over,
    /// The session does not open this, or there is none.
    #[error("no session that opens this")]
    NoSession,
    /// Shown once, and gone.
    #[error("this was shown once and is gone")]
    Gone,
    /// The step does not fit what is true now (a stale form).
    #[error("the step does not fit the journey's stage")]
    Stale,
    /// Too many attempts.
    #[error("too many attempts")]
    TooMany {
        /// From when one more is admitted.
        until: Timestamp,
    },
    /// Too much waits to be hashed.
    #[error("too much waits to be hashed")]
    Busy {
        /// After how many seconds to come back.
        retry_after: u64,
    },
    /// The store cannot be used now.
    #[error("the gateway cannot work now")]
    Unavailable(#[source] StoreError),
    /// Something stored cannot be read.
    #[error("the gateway holds something it cannot read: {0}")]
    Damaged(&'static str),
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Fault::Unavailable(error)
    }
}

impl From<idp::Busy> for Fault {
    fn from(busy: idp::Busy) -> Self {
        Fault::Busy { retry_after: busy.retry_after.as_secs().max(1) }
    }
}

impl From<idp::HashError> for Fault {
    fn from(error: idp::HashError) -> Self {
        match error {
            idp::HashError::Busy(busy) => busy.into(),
            idp::HashError::Unreadable => Fault::Damaged("password hash"),
            idp::HashError::ForeignKey => Fault::Damaged("password hash (made under another master key)"),
        }
    }
}

impl From<idp::seal::SealError> for Fault {
    fn from(_: idp::seal::SealError) -> Self {
        Fault::Damaged("sealed value")
    }
}
