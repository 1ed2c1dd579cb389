//! What the store keeps, as values. No row leaves this crate; these do.

mod consent;
mod issuing;
mod linked;
mod mailed;
mod metadata_source;
mod presentation;

pub use consent::ConsentRecord;
pub use issuing::{
    CredentialFormat, IssuedRecord, IssuerKeyRecord, IssuerKeyRole, IssuingGround, IssuingTokenRecord, OfferRecord,
    PushedRequestRecord, StatusLists, StatusPlace,
};
pub use linked::{LinkRecord, UpstreamKeyPurpose, UpstreamKeyRecord, UpstreamRequestRecord};
pub use mailed::{ActivationRecord, NotMeRecord};
pub use metadata_source::MetadataSourceRecord;
pub use presentation::{
    Carrier, PresentationRecord, PresentationStage, VerifierKeyRecord, WalletIdentityRecord, WalletProofRecord,
};

use journey::{Enrolment, Facts, Login, SecondFactor, Standing};
use model::{
    AuthenticationContext, Binding, HandleDigest, Lang, NameKind, Person, PersonId, Service, ServiceId, Timestamp,
    UserName,
};

/// Which write of a value is meant; each replacement raises it by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version(pub i64);

impl Version {
    /// Of something new. Instants grow, so that what was removed and written anew is not taken for what it was.
    pub fn first(at: Timestamp) -> Self {
        Self(at.micros())
    }

    /// What a change of the instant `at` leaves behind where it saw `seen`, or nothing.
    pub fn after(seen: Option<Self>, at: Timestamp) -> Self {
        seen.map_or(Self::first(at), |Version(number)| Self(number + 1))
    }
}

/// A value together with the version that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Versioned<T> {
    /// The version to name when replacing it.
    pub version: Version,
    /// The value.
    pub value: T,
}

/// An account: a person with a password and, perhaps, an authenticator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Who it is.
    pub person: Person,
    /// The user name by which it was found, or its first.
    pub user_name: UserName,
    /// Open or frozen.
    pub standing: Standing,
    /// The password as a PHC string; `None` until the account is activated.
    pub password: Option<String>,
    /// Raised by everything that must end what came before: known devices carry it.
    pub epoch: i64,
    /// How many enrolments were finished: the next one's label shows it.
    pub enrolments: u32,
    /// The language of letters.
    pub lang: Lang,
    /// The authenticator, if there is one.
    pub authenticator: Option<Authenticator>,
}

impl Account {
    /// What the policy needs to know.
    pub fn facts(&self) -> Facts {
        let second_factor = match &self.authenticator {
            None => SecondFactor::None,
            Some(authenticator) => match authenticator.state {
                AuthenticatorState::Active => {
                    SecondFactor::Active { binding: authenticator.binding, usable_from: authenticator.usable_from }
                }
                AuthenticatorState::Inactive => SecondFactor::Inactive,
                AuthenticatorState::Frozen => SecondFactor::Frozen,
            },
        };
        Facts { standing: self.standing, second_factor }
    }
}

/// The state of an authenticator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthenticatorState {
    /// Its codes sign in.
    Active,
    /// Switched off by its owner.
    Inactive,
    /// Closed by too many wrong codes.
    Frozen,
}

/// A person's authenticator app, as bound at "Befejezés". A person has at most one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authenticator {
    /// 32 hexadecimal digits.
    pub id: String,
    /// Whose it is.
    pub person: PersonId,
    /// The key, sealed.
    pub sealed_key: Vec<u8>,
    /// Active, inactive or frozen.
    pub state: AuthenticatorState,
    /// The last time step whose code was used; only a later one is accepted.
    pub last_step: i64,
    /// How it was bound.
    pub binding: Binding,
    /// From when it may sign in.
    pub usable_from: Timestamp,
    /// Which enrolment of the person it came from, from 1.
    pub nth: u32,
    /// When it was bound.
    pub bound_at: Timestamp,
    /// When its state last changed.
    pub changed_at: Timestamp,
    /// The deletion code's hash.
    pub deletion_hash: String,
}

/// A sign-in under way and the browser it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginRecord {
    /// Names it in URLs; no secret.
    pub id: String,
    /// The digest of the browser's cookie.
    pub browser: HandleDigest,
    /// The sign-in.
    pub login: Login,
}

/// What a session opens. Each kind is a Rust type of its own above the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SessionKind {
    /// A full session on the account's own pages.
    Account,
    /// After the cut-over, by the password alone: enrolment and nothing else.
    Enrolment,
    /// Single sign-on at the broker.
    SingleSignOn,
}

/// A session, whatever it opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRecord {
    /// The digest of its handle.
    pub digest: HandleDigest,
    /// What it opens.
    pub kind: SessionKind,
    /// Whose it is.
    pub person: PersonId,
    /// The user name that was typed.
    pub user_name: UserName,
    /// How the person signed in.
    pub context: AuthenticationContext,
    /// When both factors, or the one there is, were last shown in this session.
    pub proved_at: Timestamp,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ends without use.
    pub idle_until: Timestamp,
    /// When it ends.
    pub ends_at: Timestamp,
    /// The broker's sign-in that the person came from and will return to; of single sign-on, the one that began it.
    pub login_id: Option<String>,
}

/// An enrolment under way and the session it is bound to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnrolmentRecord {
    /// Whose it is.
    pub person: PersonId,
    /// The session that it is bound to.
    pub session: HandleDigest,
    /// The enrolment.
    pub enrolment: Enrolment,
}

/// A registered service, whatever it speaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientRecord {
    /// What pages and policy know of it.
    pub service: Service,
    /// What it speaks.
    pub protocol: Protocol,
    /// Its metadata, as the broker's edge of that protocol writes and reads it: for OpenID Connect JSON with the
    /// names of RFC 7591, the secret replaced by its keyed digest.
    pub metadata: String,
    /// A disabled client is refused everywhere.
    pub state: ClientState,
}

/// What a service speaks with the broker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// OpenID Connect 1.0.
    OpenIdConnect,
    /// SAML 2.0.
    Saml,
}

/// An answer that its service fetches with an artifact (SAML Bindings section 3.6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArtifactRecord {
    /// The digest of the artifact's message handle.
    pub digest: HandleDigest,
    /// Whose it is.
    pub service: ServiceId,
    /// The session that it tells of, if it is a positive answer: it goes with it.
    pub session: Option<HandleDigest>,
    /// The message, sealed.
    pub message: Vec<u8>,
    /// When it lapses.
    pub expires_at: Timestamp,
}

/// Whether a client may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientState {
    /// In use.
    Enabled,
    /// Refused everywhere.
    Disabled,
}

/// An authorization code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeRecord {
    /// The digest of the code.
    pub digest: HandleDigest,
    /// Whom it was issued to.
    pub client: ServiceId,
    /// Whom it speaks of.
    pub person: PersonId,
    /// The single sign-on session it came from.
    pub session: HandleDigest,
    /// What was granted: JSON written and read by the broker's OpenID Connect edge.
    pub grant: String,
    /// When it lapses.
    pub expires_at: Timestamp,
    /// When it was redeemed.
    pub spent_at: Option<Timestamp>,
}

/// An access token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRecord {
    /// The digest of the token.
    pub digest: HandleDigest,
    /// The digest of the code it was issued for.
    pub code: HandleDigest,
    /// Whom it was issued to.
    pub client: ServiceId,
    /// Whom it speaks of.
    pub person: PersonId,
    /// The single sign-on session it came from; ends with it.
    pub session: HandleDigest,
    /// What was granted, as in [`CodeRecord::grant`].
    pub grant: String,
    /// When it lapses.
    pub expires_at: Timestamp,
}

/// A name under which a service took part in a single sign-on session, to be told when it ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Participation {
    /// The session.
    pub session: HandleDigest,
    /// The service.
    pub client: ServiceId,
    /// The session's name towards that service (`sid`): the same for all names of the person.
    pub sid: String,
    /// The person's name towards that service (`sub`).
    pub subject: String,
    /// What kind of name that is.
    pub kind: NameKind,
    /// The outbox entry that telling it will be; `None` when the service cannot be told by one.
    pub logout: Option<OutboxDraft>,
}

/// A sign-out of which services are told one after the other, through the browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogoutRecord {
    /// Names it in addresses; no secret.
    pub id: String,
    /// The digest of the browser's cookie.
    pub browser: HandleDigest,
    /// How far it has come: JSON written and read by the broker.
    pub round: String,
    /// When it lapses.
    pub expires_at: Timestamp,
}

/// A signing key. Which ones are published and which one signs follows from the instants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningKeyRecord {
    /// The RFC 7638 thumbprint.
    pub kid: String,
    /// `ES256`, `RS256` or `PS256`.
    pub algorithm: String,
    /// The private key, sealed.
    pub sealed: Vec<u8>,
    /// From when it is published.
    pub published_at: Timestamp,
    /// From when it signs.
    pub active_at: Timestamp,
}

/// What kind of delivery an outbox entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OutboxKind {
    /// A letter, to be rendered and sent by SMTP.
    Mail,
    /// A back-channel logout.
    BackChannelLogout,
}

/// A delivery to be made after the commit that it is part of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxDraft {
    /// 32 hexadecimal digits: the same delivery is never written twice.
    pub id: String,
    /// What it is.
    pub kind: OutboxKind,
    /// What is to be delivered: JSON of the deliverer.
    pub body: String,
}

/// A delivery that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxEntry {
    /// The delivery.
    pub draft: OutboxDraft,
    /// How often it was tried.
    pub tries: u32,
    /// When it was written.
    pub created_at: Timestamp,
}

/// How far a delivery has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutboxState {
    /// How often it failed.
    pub tries: u32,
    /// When it was made, or given up.
    pub delivered_at: Option<Timestamp>,
}

/// What happened, for the audit: language-neutral codes, no secret, no personal data but the id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRecord {
    /// When.
    pub at: Timestamp,
    /// Whom it concerns, if anybody.
    pub person: Option<PersonId>,
    /// What happened, for example `password.matched`.
    pub event: &'static str,
    /// Further codes as `name=value` pairs separated by spaces; never free text from outside.
    pub detail: String,
}

/// The deliveries that were not made yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutboxWaiting {
    /// How many there are.
    pub count: u32,
    /// When the oldest of them was written.
    pub oldest: Option<Timestamp>,
}

/// A record of the audit, as it rests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its place: grows with every record, with gaps.
    pub sequence: i64,
    /// When.
    pub at: Timestamp,
    /// Whom it concerns, if anybody.
    pub person: Option<PersonId>,
    /// What happened.
    pub event: String,
    /// Further codes.
    pub detail: String,
}
