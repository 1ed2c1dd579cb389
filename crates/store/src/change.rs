//! A change is a value: what the store commits together with its audit record and its outgoing
//! deliveries, or not at all.
//!
//! Because it is a value it can be written again after a serialization failure, and it can be
//! grouped: on SQLite each change is a savepoint inside one commit shared with all that wait.

mod issuing;
mod presenting;

pub use issuing::Issuing;

use journey::{Enrolment, Login, Standing};
use model::{AuthenticationContext, HandleDigest, Person, PersonId, Service, ServiceId, Timestamp, UserName};

use crate::record::{
    ActivationRecord, ArtifactRecord, AuditRecord, Authenticator, AuthenticatorState, ClientRecord, CodeRecord,
    ConsentRecord, EnrolmentRecord, LinkRecord, LoginRecord, LogoutRecord, MetadataSourceRecord, NotMeRecord,
    OutboxDraft, Participation, SessionKind, SessionRecord, SigningKeyRecord, TokenRecord, UpstreamKeyRecord,
    UpstreamRequestRecord, Version,
};

pub use presenting::PresentingOp;

/// One write. Those that say *if* change exactly one row or refuse the whole change; so does what
/// adds something whose key is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each field is named and meant as in the record that it goes into")]
pub enum Op {
    /// Writes a subject's attempts, if they are still at `seen` (`None`: if there are none yet).
    PutAttempts { key: String, seen: Option<Version>, attempts: String, expires_at: Timestamp },

    /// Begins a sign-in.
    BeginLogin(LoginRecord),
    /// Replaces a sign-in, if it is still at `seen`.
    ReplaceLogin { id: String, seen: Version, login: Login },

    /// Starts a session, if the person's account is open.
    StartSession(SessionRecord),
    /// Extends a session by use, if it still stands when the change happens.
    ExtendSession { digest: HandleDigest, idle_until: Timestamp },
    /// Gives a session a new handle and context after a further proof, if it still stands then; its
    /// participations, codes, tokens and enrolment move with it.
    RenewSession {
        old: HandleDigest,
        new: HandleDigest,
        context: AuthenticationContext,
        proved_at: Timestamp,
        idle_until: Timestamp,
    },
    /// Ends one session, revokes its access tokens and codes, and tells its services.
    EndSession { digest: HandleDigest },
    /// Ends all sessions of a person but `except`, likewise.
    EndSessionsOf { person: PersonId, except: Option<HandleDigest> },
    /// Ends all sessions of a person that are of one kind, likewise.
    EndSessionsOfKind { person: PersonId, kind: SessionKind },

    /// Notes that a service takes part in a session under a name, if that was not ended and the service knows it by
    /// no other `sid`; once is enough.
    Participate(Participation),
    /// A service has left a session by itself, if it took part: it is not told of the end, under no name.
    Leave { session: HandleDigest, client: ServiceId },

    /// Changes nothing; it is refused unless services take part in a session under so many names, none more and none
    /// fewer, until this change is made.
    ExpectParticipations { session: HandleDigest, count: u32 },

    /// Begins to tell services of a sign-out through the browser.
    BeginLogout(LogoutRecord),
    /// Replaces how far that has come, if it is still at `seen`.
    ReplaceLogout { id: String, seen: Version, round: String },

    /// Writes what a person agreed to or saw, if what is known still is of `seen` (`None`: if nothing is known yet).
    GiveConsent { consent: ConsentRecord, seen: Option<Timestamp> },
    /// Writes nothing, if what is known still is of `given_at`: whoever withdraws it at the same time waits, or was
    /// faster.
    HoldConsent { person: PersonId, service: ServiceId, given_at: Timestamp },
    /// Forgets it, if it is there, and removes the service's codes and access tokens of that person.
    WithdrawConsent { person: PersonId, service: ServiceId },

    /// Issues an authorization code, if its session was not ended.
    IssueCode(CodeRecord),
    /// Spends a code of this client, if it is unspent and unexpired at `at`.
    SpendCode { digest: HandleDigest, client: ServiceId, at: Timestamp },
    /// Revokes the tokens issued for a code and the code itself.
    RevokeCode { digest: HandleDigest, at: Timestamp },
    /// Issues an access token, if its code was not removed with its session. The token's session
    /// is always its code's.
    IssueToken(TokenRecord),

    /// Begins an enrolment, if its session was not ended; the person's last one started wins.
    BeginEnrolment(EnrolmentRecord),
    /// Replaces an enrolment, if it is still at `seen` and bound to `session`.
    ReplaceEnrolment { person: PersonId, session: HandleDigest, seen: Version, enrolment: Enrolment },
    /// Ends an enrolment, if it is still at `seen` and bound to `session`.
    EndEnrolment { person: PersonId, session: HandleDigest, seen: Version },
    /// Drops a person's enrolment under way, if any.
    DropEnrolment { person: PersonId },

    /// Binds an authenticator in place of the person's former one, and counts the enrolment, if
    /// there is such a person.
    BindAuthenticator(Authenticator),
    /// Uses up a time step of an authenticator, if it is in that state and the step is later
    /// than the last one used (RFC 6238 section 5.2).
    UseStep { authenticator: String, state: AuthenticatorState, step: i64 },
    /// Changes an authenticator's state, if it is in `from`.
    SetAuthenticatorState { authenticator: String, from: AuthenticatorState, to: AuthenticatorState, at: Timestamp },
    /// Removes an authenticator, if it is still there: a deletion code works once.
    RemoveAuthenticator { authenticator: String },
    /// Removes a person's authenticator, if any.
    RemoveAuthenticatorsOf { person: PersonId },

    /// Adds a person with no password yet; refused when the id is taken.
    AddPerson { person: Box<Person>, lang: model::Lang, at: Timestamp },
    /// Gives a person a user name; refused when it is taken or there is no such person.
    AddUserName { name: UserName, person: PersonId },
    /// Sets a password (a PHC string), if the present one is still `seen`.
    SetPassword { person: PersonId, seen: Option<String>, hash: String, at: Timestamp },
    /// Takes a password away, if the present one is still `seen`: it signs nobody in any more.
    VoidPassword { person: PersonId, seen: Option<String>, at: Timestamp },
    /// Opens or freezes an account, if it is in `from`.
    SetStanding { person: PersonId, from: Standing, to: Standing },
    /// Raises a person's epoch: known devices are unknown again.
    RaiseEpoch { person: PersonId },

    /// Writes the code that activates an account, in place of a former one.
    PutActivation(ActivationRecord),
    /// Uses it up, if it is still there and unexpired at `at`.
    UseActivation { person: PersonId, mac: String, at: Timestamp },

    /// Writes a "not me" link.
    PutNotMe(NotMeRecord),
    /// Uses it up, if it is still there and unexpired at `at`.
    UseNotMe { digest: HandleDigest, at: Timestamp },

    /// Marks something as used, if it was not: a client assertion's `jti`, for example.
    UseOnce { kind: &'static str, digest: HandleDigest, expires_at: Timestamp },

    /// Keeps an answer until it is fetched.
    PutArtifact(ArtifactRecord),
    /// Takes it away, if it is still there, is that service's, and unexpired at `at`.
    TakeArtifact { digest: HandleDigest, service: ServiceId, at: Timestamp },

    /// Keeps a request to another identity provider, or its answer.
    PutUpstreamRequest(UpstreamRequestRecord),
    /// Uses it up, if it is still there and unexpired at `at`.
    TakeUpstreamRequest { digest: HandleDigest, at: Timestamp },
    /// Links an identity with an open account, if it is linked with none yet.
    Link(LinkRecord),
    /// Holds a link while a sign-in by it is committed, if it is still there.
    HoldLink { issuer: String, subject: String, person: PersonId },
    /// Removes a person's link, if it is still there.
    Unlink { issuer: String, subject: String, person: PersonId },
    /// Removes all links of a person, if any, those with wallets that stand on an authenticator too.
    UnlinkAllOf { person: PersonId },
    /// Adds a key of ours as a service of other identity providers, if there is none for its purpose.
    PutUpstreamKey(UpstreamKeyRecord),
    /// What is written while a wallet is asked to show something.
    Presenting(PresentingOp),

    /// A write about the credentials that are issued to wallets.
    Issuing(Issuing),

    /// Registers a client, if its identifier is free.
    AddClient(ClientRecord),
    /// Registers a client anew, if one is registered that speaks the same protocol.
    ReplaceClient(ClientRecord),
    /// Writes where a service's metadata is read again, in place of a former source.
    PutMetadataSource(MetadataSourceRecord),
    /// A service's metadata is not read again, if it was until now.
    DropMetadataSource { client: ServiceId },
    /// Puts off the next reading of a service's metadata, if it is still due at `seen`.
    ScheduleMetadata { client: ServiceId, seen: Timestamp, due_at: Timestamp },
    /// Writes what was read again of a client that is registered; its protocol and state stay.
    RefreshClient { service: Service, metadata: String },
    /// Adds a signing key.
    PutSigningKey(SigningKeyRecord),

    /// A delivery was made, if it was still to be made.
    Delivered { outbox: String },
    /// A delivery failed and is due again at `due_at`.
    Retry { outbox: String, due_at: Timestamp },
    /// Removes at most `batch` rows of each kind that lapsed before `before`, and deliveries made
    /// a day before. Sessions that lapsed end as by [`Op::EndSession`].
    Sweep { before: Timestamp, batch: u32 },
}

/// Writes that commit together, with the record that says what happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub(crate) ops: Vec<Op>,
    pub(crate) audit: AuditRecord,
    pub(crate) outbox: Vec<OutboxDraft>,
}

impl Change {
    /// A change that will be told as `audit`.
    pub fn new(audit: AuditRecord) -> Self {
        Self { ops: Vec::new(), audit, outbox: Vec::new() }
    }

    /// Adds a write. They are made in the order in which they are added.
    #[must_use]
    pub fn with(mut self, op: Op) -> Self {
        self.ops.push(op);
        self
    }

    /// Adds writes.
    #[must_use]
    pub fn with_all(mut self, ops: impl IntoIterator<Item = Op>) -> Self {
        self.ops.extend(ops);
        self
    }

    /// Puts writes before all others.
    #[must_use]
    pub fn preceded_by(mut self, ops: impl IntoIterator<Item = Op>) -> Self {
        self.ops.splice(0..0, ops);
        self
    }

    /// How many writes it has so far: the next one's index.
    pub fn len(&self) -> usize {
        self.ops.len()
    }

    /// Whether it has no writes: it only tells something.
    pub fn is_empty(&self) -> bool {
        self.ops.is_empty()
    }

    /// Adds a delivery.
    #[must_use]
    pub fn deliver(mut self, draft: OutboxDraft) -> Self {
        self.outbox.push(draft);
        self
    }
}

/// What became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Committed {
    /// It is durable.
    Done,
    /// Nothing was written: the condition of the write at this index (from 0, in the order in
    /// which they were added) did not hold.
    Refused(usize),
}
