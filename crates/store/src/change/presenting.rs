//! What is written while a wallet is asked to show something.

use model::{HandleDigest, PersonId, Timestamp};

use crate::record::{
    PresentationRecord, PresentationStage, VerifierKeyRecord, WalletIdentityRecord, WalletProofRecord,
};

/// One write, as [`crate::Op`] has them: those that say *if* change exactly one row or refuse the whole change.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each field is named and meant as in the record that it goes into")]
pub enum PresentingOp {
    /// Begins to ask a wallet.
    Begin(PresentationRecord),
    /// Forgets the requests of a sign-in that no wallet is at work on, or that are over, if any.
    DropIdle { login: String },
    /// Moves a request on, if it is at `from` and unexpired at `at`; what rests sealed with it stays.
    Move { id: String, from: PresentationStage, to: PresentationStage, at: Timestamp },
    /// Ends a request, if it is at `from` and unexpired at `at`; what rests sealed with it is gone.
    End { id: String, from: PresentationStage, to: PresentationStage, at: Timestamp },
    /// Keeps what was shown until the browser takes it, if the answer is being judged.
    Answer { id: String, response_code: HandleDigest, sealed: Vec<u8>, at: Timestamp, expires_at: Timestamp },
    /// Binds the digits to the browser that shows them, if the answer is good and was not opened, at `at`.
    ShowDigits { id: String, phone: HandleDigest, at: Timestamp },
    /// Counts a try of the digits before it is looked at, if fewer than `tries_max` were made and it is unexpired at `at`.
    TryDigits { id: String, tries_max: u32, at: Timestamp },
    /// Links an identity with an open account, if it is linked with none yet.
    Link(WalletIdentityRecord),
    /// Holds a link while a sign-in by it is committed, if it is still there.
    HoldLink { issuer: String, number: String, person: PersonId },
    /// Removes a person's link, if it is still there.
    Unlink { issuer: String, number: String, person: PersonId },
    /// Keeps what a page of the account asks of a wallet, or what was shown to it.
    PutProof(WalletProofRecord),
    /// Uses it up, if it is still there and unexpired at `at`.
    TakeProof { digest: HandleDigest, at: Timestamp },
    /// Adds the key that signs requests, if there is none.
    PutKey(VerifierKeyRecord),
}
