//! What can be asked. Absence is `None`: for the caller a case to answer, not a failure.
//!
//! Every read fails with [`StoreError::Unavailable`] when the database cannot be reached, and
//! with [`StoreError::Unreadable`] when what it holds is not ours.

use journey::Decision;
use model::{
    AuthenticationContext, Email, HandleDigest, Person, PersonId, PersonName, Place, Release, ServiceId, Timestamp,
    UserName,
};

use crate::code::Coded;
use crate::record::{
    Account, ActivationRecord, ArtifactRecord, AuditEntry, Authenticator, ClientRecord, CodeRecord, ConsentRecord,
    EnrolmentRecord, LoginRecord, LogoutRecord, MetadataSourceRecord, NotMeRecord, OutboxDraft, OutboxEntry,
    OutboxState, OutboxWaiting, Participation, SessionKind, SessionRecord, SigningKeyRecord, TokenRecord, Version,
    Versioned,
};
use crate::statements as sql;
use crate::value::Row;
use crate::{Store, StoreError};

type Read<T> = Result<T, StoreError>;

impl Store {
    /// The account with that user name.
    pub async fn account_by_name(&self, name: &UserName) -> Read<Option<Account>> {
        self.row("account", sql::ACCOUNT_BY_NAME, vec![name.into()], account).await
    }

    /// The account of a person; `None` also while the person has no user name.
    pub async fn account(&self, person: &PersonId) -> Read<Option<Account>> {
        self.row("account", sql::ACCOUNT, vec![person.into()], account).await
    }

    /// The attempts of a subject, as they were written.
    pub async fn attempts(&self, key: &str) -> Read<Option<Versioned<String>>> {
        self.row("series of attempts", sql::ATTEMPTS, vec![key.into()], |row| {
            Ok(Versioned { version: Version(row.integer()?), value: row.text()? })
        })
        .await
    }

    /// Whether something was marked as used, and still is at `now`. It is told for people; what may happen only once
    /// is decided by the write.
    pub async fn is_used(&self, kind: &'static str, digest: &HandleDigest, now: Timestamp) -> Read<bool> {
        let values = vec![kind.into(), digest.into(), now.into()];
        Ok(self.row("what was used", sql::USED_ONCE, values, Row::digest).await?.is_some())
    }

    /// A sign-in under way, lapsed or not.
    pub async fn login(&self, id: &str) -> Read<Option<Versioned<LoginRecord>>> {
        self.row("sign-in", sql::LOGIN, vec![id.into()], |row| {
            let version = Version(row.integer()?);
            let value = LoginRecord { id: row.text()?, browser: row.digest()?, login: row.json()? };
            Ok(Versioned { version, value })
        })
        .await
    }

    /// A session of that kind that stands at `now`.
    pub async fn session(
        &self,
        kind: SessionKind,
        digest: &HandleDigest,
        now: Timestamp,
    ) -> Read<Option<SessionRecord>> {
        let values = vec![digest.into(), kind.code().into(), now.into()];
        self.row("session", sql::SESSION, values, session).await
    }

    /// All sessions of a person that were not ended, oldest first; lapsed ones too until they are swept.
    pub async fn sessions_of(&self, person: &PersonId) -> Read<Vec<SessionRecord>> {
        self.rows("session", sql::SESSIONS_OF, vec![person.into()], session).await
    }

    /// A person's enrolment under way, lapsed or not.
    pub async fn enrolment(&self, person: &PersonId) -> Read<Option<Versioned<EnrolmentRecord>>> {
        self.row("enrolment", sql::ENROLMENT, vec![person.into()], |row| {
            let version = Version(row.integer()?);
            let value = EnrolmentRecord { person: row.person()?, session: row.digest()?, enrolment: row.json()? };
            Ok(Versioned { version, value })
        })
        .await
    }

    /// A registered client, enabled or not.
    pub async fn client(&self, id: &ServiceId) -> Read<Option<ClientRecord>> {
        self.row("client", sql::CLIENT, vec![id.into()], client).await
    }

    /// The sources of metadata that are due at `now`, those that waited longest first, at most `limit`.
    pub async fn metadata_sources_due(&self, now: Timestamp, limit: u32) -> Read<Vec<MetadataSourceRecord>> {
        self.rows("metadata source", sql::METADATA_SOURCES_DUE, vec![now.into(), limit.into()], |row| {
            Ok(MetadataSourceRecord {
                client: row.service()?,
                url: row.text()?,
                signers: row.text()?,
                due_at: row.instant()?,
            })
        })
        .await
    }

    /// All registered clients, in the order of their identifiers' bytes.
    pub async fn clients(&self) -> Read<Vec<ClientRecord>> {
        let mut clients = self.rows("client", sql::CLIENTS, vec![], client).await?;
        // Engines order texts differently.
        clients.sort_unstable_by(|a, b| a.service.id.as_str().cmp(b.service.id.as_str()));
        Ok(clients)
    }

    /// An answer that waits to be fetched, lapsed ones too until they are swept.
    pub async fn artifact(&self, digest: &HandleDigest) -> Read<Option<ArtifactRecord>> {
        self.row("artifact", sql::ARTIFACT, vec![digest.into()], |row| {
            Ok(ArtifactRecord {
                digest: row.digest()?,
                service: row.service()?,
                session: row.optional_text()?.map(HandleDigest::from_stored),
                message: row.blob()?,
                expires_at: row.instant()?,
            })
        })
        .await
    }

    /// All signing keys, in the order in which they sign.
    pub async fn signing_keys(&self) -> Read<Vec<SigningKeyRecord>> {
        let read = |row: &mut Row| {
            Ok(SigningKeyRecord {
                kid: row.text()?,
                algorithm: row.text()?,
                sealed: row.blob()?,
                published_at: row.instant()?,
                active_at: row.instant()?,
            })
        };
        let mut keys = self.rows("signing key", sql::SIGNING_KEYS, vec![], read).await?;
        keys.sort_unstable_by(|a, b| (a.active_at, &a.kid).cmp(&(b.active_at, &b.kid)));
        Ok(keys)
    }

    /// A number that changes whenever any process writes clients or signing keys.
    pub async fn revision(&self) -> Read<i64> {
        let found = self.row("revision", sql::REVISION, vec![], Row::integer).await?;
        found.ok_or(StoreError::Unreadable { what: "revision" })
    }

    /// An authorization code, spent or lapsed ones too until they are swept.
    pub async fn code(&self, digest: &HandleDigest) -> Read<Option<CodeRecord>> {
        self.row("code", sql::CODE, vec![digest.into()], |row| {
            Ok(CodeRecord {
                digest: row.digest()?,
                client: row.service()?,
                person: row.person()?,
                session: row.digest()?,
                grant: row.text()?,
                expires_at: row.instant()?,
                spent_at: row.optional_instant()?,
            })
        })
        .await
    }

    /// An access token whose session was not ended and that was not revoked; lapsed ones too.
    pub async fn token(&self, digest: &HandleDigest) -> Read<Option<TokenRecord>> {
        self.row("token", sql::TOKEN, vec![digest.into()], |row| {
            Ok(TokenRecord {
                digest: row.digest()?,
                code: row.digest()?,
                client: row.service()?,
                person: row.person()?,
                session: row.digest()?,
                grant: row.text()?,
                expires_at: row.instant()?,
            })
        })
        .await
    }

    /// The names under which services take part in a session, in no particular order.
    pub async fn participations(&self, session: &HandleDigest) -> Read<Vec<Participation>> {
        self.rows("participation", sql::PARTICIPATIONS, vec![session.into()], participation).await
    }

    /// The parts that a service takes in sessions in which it knows the person as `subject`, in no particular order.
    pub async fn participations_known(&self, client: &ServiceId, subject: &str) -> Read<Vec<Participation>> {
        let values = vec![client.into(), subject.into()];
        self.rows("participation", sql::PARTICIPATIONS_KNOWN, values, participation).await
    }

    /// A sign-out that goes through the browser and has not lapsed at `now`.
    pub async fn logout(&self, id: &str, now: Timestamp) -> Read<Option<Versioned<LogoutRecord>>> {
        self.row("sign-out", sql::LOGOUT, vec![id.into(), now.into()], logout).await
    }

    /// The last one that a browser began, likewise.
    pub async fn last_logout_of(
        &self,
        browser: &HandleDigest,
        now: Timestamp,
    ) -> Read<Option<Versioned<LogoutRecord>>> {
        self.row("sign-out", sql::LAST_LOGOUT_OF, vec![browser.into(), now.into()], logout).await
    }

    /// How far a delivery has come; `None` when it was never written, or made a day ago.
    pub async fn delivery(&self, outbox: &str) -> Read<Option<OutboxState>> {
        self.row("delivery", sql::DELIVERY, vec![outbox.into()], |row| {
            Ok(OutboxState { tries: row.count()?, delivered_at: row.optional_instant()? })
        })
        .await
    }

    /// What a person agreed that a service receives, or saw.
    pub async fn consent(&self, person: &PersonId, service: &ServiceId) -> Read<Option<ConsentRecord>> {
        self.row("consent", sql::CONSENT, vec![person.into(), service.into()], consent).await
    }

    /// The same for all services, oldest first.
    pub async fn consents_of(&self, person: &PersonId) -> Read<Vec<ConsentRecord>> {
        self.rows("consent", sql::CONSENTS_OF, vec![person.into()], consent).await
    }

    /// A "not me" link, lapsed or not.
    pub async fn not_me(&self, digest: &HandleDigest) -> Read<Option<NotMeRecord>> {
        self.row("\"not me\" link", sql::NOT_ME, vec![digest.into()], |row| {
            Ok(NotMeRecord { digest: row.digest()?, person: row.person()?, expires_at: row.instant()? })
        })
        .await
    }

    /// The code that activates a person's account, lapsed or not.
    pub async fn activation(&self, person: &PersonId) -> Read<Option<ActivationRecord>> {
        self.row("activation code", sql::ACTIVATION, vec![person.into()], |row| {
            Ok(ActivationRecord { person: row.person()?, mac: row.text()?, expires_at: row.instant()? })
        })
        .await
    }

    /// What waits to be delivered, due or not; counts up to `limit`.
    pub async fn outbox_waiting(&self, limit: u32) -> Read<OutboxWaiting> {
        let waiting = self.row("delivery", sql::OUTBOX_WAITING, vec![limit.into()], |row| {
            Ok(OutboxWaiting { count: row.count()?, oldest: row.optional_instant()? })
        });
        Ok(waiting.await?.unwrap_or(OutboxWaiting { count: 0, oldest: None }))
    }

    /// At most `limit` deliveries that are due at `now`, longest due first.
    pub async fn outbox_due(&self, now: Timestamp, limit: u32) -> Read<Vec<OutboxEntry>> {
        self.rows("delivery", sql::OUTBOX_DUE, vec![now.into(), limit.into()], |row| {
            Ok(OutboxEntry {
                draft: OutboxDraft { id: row.text()?, kind: row.coded()?, body: row.text()? },
                tries: row.count()?,
                created_at: row.instant()?,
            })
        })
        .await
    }

    /// The last `limit` records that concern a person, newest first.
    pub async fn audit_of(&self, person: &PersonId, limit: u32) -> Read<Vec<AuditEntry>> {
        self.rows("audit record", sql::AUDIT_OF, vec![person.into(), limit.into()], audit_entry).await
    }

    /// The last `limit` records, newest first.
    pub async fn audit_tail(&self, limit: u32) -> Read<Vec<AuditEntry>> {
        self.rows("audit record", sql::AUDIT_TAIL, vec![limit.into()], audit_entry).await
    }
}

fn account(row: &mut Row) -> Read<Account> {
    let user_name = row.user_name()?;
    let id = row.person()?;
    Ok(Account {
        user_name,
        standing: row.coded()?,
        password: row.optional_text()?,
        epoch: row.integer()?,
        enrolments: row.count()?,
        lang: row.coded()?,
        person: person(&id, row)?,
        authenticator: authenticator(id, row)?,
    })
}

fn person(id: &PersonId, row: &mut Row) -> Read<Person> {
    let name = |row: &mut Row| -> Read<PersonName> { Ok(PersonName { family: row.text()?, given: row.text()? }) };
    Ok(Person {
        id: id.clone(),
        name: name(row)?,
        birth_name: name(row)?,
        birth_place: Place { country: row.text()?, region: row.optional_text()?, locality: row.text()? },
        birth_date: row.text()?,
        mothers_name: name(row)?,
        nationalities: row.text()?.split_whitespace().map(str::to_owned).collect(),
        email: Email::parse(&row.text()?).map_err(|_| row.unreadable())?,
    })
}

fn authenticator(person: PersonId, row: &mut Row) -> Read<Option<Authenticator>> {
    let Some(id) = row.optional_text()? else { return Ok(None) };
    Ok(Some(Authenticator {
        id,
        person,
        sealed_key: row.blob()?,
        state: row.coded()?,
        last_step: row.integer()?,
        binding: row.json()?,
        usable_from: row.instant()?,
        nth: row.count()?,
        bound_at: row.instant()?,
        changed_at: row.instant()?,
        deletion_hash: row.text()?,
    }))
}

fn session(row: &mut Row) -> Read<SessionRecord> {
    Ok(SessionRecord {
        digest: row.digest()?,
        kind: row.coded()?,
        person: row.person()?,
        user_name: row.user_name()?,
        context: AuthenticationContext { method: row.coded()?, loa: row.coded()?, at: row.instant()? },
        proved_at: row.instant()?,
        started_at: row.instant()?,
        idle_until: row.instant()?,
        ends_at: row.instant()?,
        login_id: row.optional_text()?,
    })
}

fn participation(row: &mut Row) -> Read<Participation> {
    let (session, client, sid, subject) = (row.digest()?, row.service()?, row.text()?, row.text()?);
    let kind = row.coded()?;
    let logout = match row.optional_text()? {
        Some(id) => Some(OutboxDraft { id, kind: row.coded()?, body: row.text()? }),
        None => None,
    };
    Ok(Participation { session, client, sid, subject, kind, logout })
}

fn logout(row: &mut Row) -> Read<Versioned<LogoutRecord>> {
    let version = Version(row.integer()?);
    let (id, browser, round, expires_at) = (row.text()?, row.digest()?, row.text()?, row.instant()?);
    Ok(Versioned { version, value: LogoutRecord { id, browser, round, expires_at } })
}

fn client(row: &mut Row) -> Read<ClientRecord> {
    Ok(ClientRecord { service: row.json()?, protocol: row.coded()?, metadata: row.text()?, state: row.coded()? })
}

fn consent(row: &mut Row) -> Read<ConsentRecord> {
    Ok(ConsentRecord {
        person: row.person()?,
        service: row.service()?,
        decision: Decision {
            required: release(row)?,
            chosen: release(row)?,
            withheld: release(row)?,
            basis: row.coded()?,
        },
        given_at: row.instant()?,
    })
}

fn release(row: &mut Row) -> Read<Release> {
    Release::read(&row.text()?).map_err(|_| row.unreadable())
}

fn audit_entry(row: &mut Row) -> Read<AuditEntry> {
    Ok(AuditEntry {
        sequence: row.integer()?,
        at: row.instant()?,
        person: row.optional_text()?.map(PersonId::from_stored),
        event: row.text()?,
        detail: row.text()?,
    })
}
