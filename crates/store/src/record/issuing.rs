//! What the store keeps of the credentials that this installation issues to wallets.

use model::{Binding, HandleDigest, Loa, PersonId, ServiceId, Timestamp};

/// How a person was identified to whom a credential is issued, and how sure that is. What follows from the credential
/// is never more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IssuingGround {
    /// How sure.
    pub loa: Loa,
    /// How.
    pub provenance: Binding,
}

/// An offer of credentials to a person. A person has one at most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferRecord {
    /// The digest of its code.
    pub digest: HandleDigest,
    /// To whom.
    pub person: PersonId,
    /// On what ground.
    pub ground: IssuingGround,
    /// What was mailed, as a keyed digest.
    pub mac: String,
    /// How often it was tried.
    pub tries: u32,
    /// When it lapses.
    pub expires_at: Timestamp,
    /// When it became a token.
    pub spent_at: Option<Timestamp>,
}

/// What a wallet asks for, until its person's browser comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushedRequestRecord {
    /// The digest of what is in its name.
    pub digest: HandleDigest,
    /// Whose it is.
    pub client: ServiceId,
    /// JSON of the conductor.
    pub request: String,
    /// When it lapses.
    pub expires_at: Timestamp,
}

/// A token by which credentials are fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuingTokenRecord {
    /// The digest of the token.
    pub digest: HandleDigest,
    /// For whom.
    pub person: PersonId,
    /// On what ground.
    pub ground: IssuingGround,
    /// The thumbprint of the key that it is bound to; of none, whoever has it may use it.
    pub holder: Option<String>,
    /// How many credentials may still be fetched by it.
    pub remaining: u32,
    /// When it lapses.
    pub expires_at: Timestamp,
    /// The code that it was, with which it falls; of an offer, none.
    pub code: Option<HandleDigest>,
    /// Which configurations may be fetched by it, separated by a space; where it is not said, all.
    pub scope: Option<String>,
}

/// The format of an issued credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CredentialFormat {
    /// SD-JWT VC.
    SdJwt,
    /// A mobile document.
    Mdoc,
}

impl CredentialFormat {
    /// Its name, which is that of `OpenID4VCI`.
    pub const fn as_str(self) -> &'static str {
        match self {
            CredentialFormat::SdJwt => "dc+sd-jwt",
            CredentialFormat::Mdoc => "mso_mdoc",
        }
    }
}

/// A place in a status list: given once, to one credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StatusPlace {
    /// Which list, from 1.
    pub list: u32,
    /// Which place in it.
    pub place: u32,
}

/// A credential that was issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuedRecord {
    /// 32 hexadecimal digits.
    pub id: String,
    /// Whose it is.
    pub person: PersonId,
    /// Its format.
    pub format: CredentialFormat,
    /// Where its state is told.
    pub status: StatusPlace,
    /// On what ground it was issued.
    pub ground: IssuingGround,
    /// The thumbprint of its holder's key.
    pub holder: String,
    /// The digest of the identifier by which the wallet tells what became of it.
    pub notification: HandleDigest,
    /// What the wallet told last.
    pub notified: Option<String>,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// When it expires.
    pub expires_at: Timestamp,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// How far the status lists are filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatusLists {
    /// The last list.
    pub last: u32,
    /// How many places of it are given.
    pub given: u32,
}

/// What a key of the issuer does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IssuerKeyRole {
    /// It certifies signers.
    Anchor,
    /// It signs credentials and status lists.
    Signer,
}

/// A key of the issuer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuerKeyRecord {
    /// What it does.
    pub role: IssuerKeyRole,
    /// Which of its role, from 1.
    pub nth: u32,
    /// The private key, sealed.
    pub sealed: Vec<u8>,
    /// Its certificate, in DER.
    pub certificate: Vec<u8>,
    /// When it was made.
    pub made_at: Timestamp,
}
