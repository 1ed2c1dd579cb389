//! What the store keeps of wallets that are asked to show something.

use model::{HandleDigest, Loa, PersonId, Timestamp};

/// A request to a wallet, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PresentationRecord {
    /// Names it in addresses that the wallet is told.
    pub id: String,
    /// The sign-in that it is for.
    pub login: String,
    /// The digest of the cookie of the browser that began.
    pub browser: HandleDigest,
    /// How it comes to the wallet.
    pub carrier: Carrier,
    /// How far it has come.
    pub stage: PresentationStage,
    /// The digest of what may be typed into a wallet in place of the picture.
    pub typed: Option<HandleDigest>,
    /// The digest of what the wallet's redirect brings.
    pub response_code: Option<HandleDigest>,
    /// The digest of the cookie of the browser that the digits are shown in.
    pub phone: Option<HandleDigest>,
    /// What was asked, then what was shown, sealed; empty when it is over.
    pub sealed: Vec<u8>,
    /// How often digits were typed.
    pub tries: u32,
    /// When it began.
    pub began_at: Timestamp,
    /// When the picture lapses: later it is not fetched for the first time.
    pub shown_until: Timestamp,
    /// When it lapses.
    pub expires_at: Timestamp,
}

/// How a request comes to a wallet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Carrier {
    /// By a link in the browser of the same device.
    Link,
    /// By a picture on another device's screen.
    Qr,
    /// Through the browser of the page itself (W3C Digital Credentials).
    Browser,
}

/// How far a request to a wallet has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PresentationStage {
    /// Nobody has fetched it.
    Waiting,
    /// A wallet has fetched it.
    Fetched,
    /// An answer came and is being judged; there is no second one.
    Judging,
    /// The answer is good; the browser is to bring the response code.
    Answered,
    /// The phone shows the digits that are typed on the other device.
    Digits,
    /// It signed somebody in, or named somebody whose account is to be found.
    Done,
    /// The person refused in the wallet.
    Refused,
    /// The answer came from another place than the browser that began is at.
    Elsewhere,
    /// The answer is not believed, or something that was not the person's came in between.
    Failed,
}

/// A person as an issuer of credentials knows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WalletIdentityRecord {
    /// The issuer, by its name in this installation.
    pub issuer: String,
    /// Its number of the person (`personal_administrative_number`).
    pub number: String,
    /// Whose account it is.
    pub person: PersonId,
    /// How sure the one proof by the account's owner was that connected it: it stands on that authenticator.
    pub loa: Loa,
    /// When.
    pub linked_at: Timestamp,
}

/// What a page of the account asks of a wallet, until that is asked; then what was shown, until the page uses it up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WalletProofRecord {
    /// The digest of the handle that the browser brings.
    pub digest: HandleDigest,
    /// JSON written and read by the broker.
    pub proof: String,
    /// When it lapses.
    pub expires_at: Timestamp,
}

/// The key that signs requests to wallets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierKeyRecord {
    /// The private keys, sealed.
    pub sealed: Vec<u8>,
    /// The key's certificate, in DER.
    pub certificate: Vec<u8>,
    /// The certificate of the authority that vouches for it, in DER.
    pub anchor: Vec<u8>,
}
