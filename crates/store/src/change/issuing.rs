//! Writes about the credentials that this installation issues to wallets.

use model::{Binding, HandleDigest, PersonId, ServiceId, Timestamp};

use crate::record::{IssuedRecord, IssuerKeyRecord, IssuingTokenRecord, OfferRecord, PushedRequestRecord};

/// One such write; those that say *if* are as in [`super::Op`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each field is named and meant as in the record that it goes into")]
pub enum Issuing {
    /// Makes an offer in place of the person's former one, if the account is open.
    Offer(OfferRecord),
    /// Counts a try of an offer before what was typed is looked at, if it is unspent and unexpired at `at`, and was
    /// tried fewer than `most` times.
    TryOffer { digest: HandleDigest, most: u32, at: Timestamp },
    /// Spends an offer, if it is unspent and unexpired at `at`.
    SpendOffer { digest: HandleDigest, at: Timestamp },
    /// Puts a wallet's request aside.
    Push(PushedRequestRecord),
    /// Takes such a request, if it is there, `client`'s, and unexpired at `at`.
    TakePushed { digest: HandleDigest, client: ServiceId, at: Timestamp },
    /// Issues a token.
    IssueToken(IssuingTokenRecord),
    /// Uses a token for `count` credentials, if it is unexpired at `at` and still good for so many.
    UseToken { digest: HandleDigest, count: u32, at: Timestamp },
    /// Adds a credential, if its place in the status list was never given and the account is open.
    Add(IssuedRecord),
    /// Holds a person's credential while a sign-in by it is committed, if it was not revoked.
    Hold { id: String, person: PersonId },
    /// Revokes a person's credential, if it was not revoked; and removes the person's offer and tokens, if any: whoever
    /// got it could get another one by them.
    Revoke { id: String, person: PersonId, at: Timestamp },
    /// Revokes all credentials of a person, and removes the person's offer and tokens, if any.
    RevokeAllOf { person: PersonId, at: Timestamp },
    /// Notes what a wallet told of the credentials of one answer.
    Notify { notification: HandleDigest, event: &'static str },
    /// The same for those that it does not keep: they are revoked.
    NotifyLost { notification: HandleDigest, event: &'static str, at: Timestamp },
    /// Adds a key of the issuer, if there is none of its number.
    PutKey(IssuerKeyRecord),
    /// Writes how an authenticator was bound, if it is still there and bound as `seen`.
    Rebind { authenticator: String, seen: Binding, binding: Binding },
}
