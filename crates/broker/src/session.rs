//! Sessions as Rust types: what each opens is a matter of its type, and none turns into another.

use idp::keys::digest_handle;
use model::{AuthenticationContext, Handle, HandleDigest, Level, PersonId, Timestamp, UserName, limits};
use store::record::{Account, SessionKind, SessionRecord};
use store::{Change, Op};

use crate::{Broker, Fault, audit_of};

/// A full session on the account's own pages: by both factors, or by the password before the cut-over.
///
/// The only way to one is [`Broker::account_session`].
#[derive(Clone, Debug)]
pub struct AccountSession(SessionRecord);

/// From the cut-over, by the password alone: enrolment and nothing else.
///
/// The only way to one is [`Broker::enrolment_session`]; there is no way from it to an
/// [`AccountSession`]. After enrolling the person signs in afresh, with both factors.
#[derive(Clone, Debug)]
pub struct EnrolmentSession(SessionRecord);

/// Whoever may enrol: a person in a full session or in an enrolment session.
#[derive(Clone, Debug)]
pub enum Enroller {
    /// In a full session.
    Account(AccountSession),
    /// In an enrolment session.
    Enrolment(EnrolmentSession),
}

/// A new session's handle, for its cookie.
#[derive(Debug)]
pub struct SessionHandle {
    /// What goes into the cookie.
    pub handle: Handle,
    /// Which cookie.
    pub kind: SessionKind,
}

macro_rules! session {
    ($session:ident) => {
        impl $session {
            /// Whose it is.
            pub fn person(&self) -> &PersonId {
                &self.0.person
            }

            /// The user name that was typed.
            pub fn user_name(&self) -> &UserName {
                &self.0.user_name
            }

            /// The broker's sign-in that the person came from and will return to.
            pub fn login_id(&self) -> Option<&str> {
                self.0.login_id.as_deref()
            }

            /// When it ends if it is not used.
            pub fn ends_at(&self) -> Timestamp {
                self.0.idle_until.min(self.0.ends_at)
            }

            /// The digest of its handle: what forms and enrolments are bound to.
            pub fn digest(&self) -> &HandleDigest {
                &self.0.digest
            }

            pub(crate) fn record(&self) -> &SessionRecord {
                &self.0
            }
        }
    };
}
session!(AccountSession);
session!(EnrolmentSession);

impl AccountSession {
    /// How the person signed in.
    pub fn context(&self) -> &AuthenticationContext {
        &self.0.context
    }
}

impl EnrolmentSession {
    /// The session that the very next commit starts.
    pub(crate) fn just_begun(record: SessionRecord) -> Self {
        Self(record)
    }
}

impl Enroller {
    /// Whose session it is.
    pub fn person(&self) -> &PersonId {
        &self.record().person
    }

    /// When the session began.
    pub fn started_at(&self) -> Timestamp {
        self.record().started_at
    }

    /// The user name that was typed.
    pub fn user_name(&self) -> &UserName {
        &self.record().user_name
    }

    /// The digest of the session's handle.
    pub fn digest(&self) -> &HandleDigest {
        &self.record().digest
    }

    /// The broker's sign-in that the person came from and will return to.
    pub fn login_id(&self) -> Option<&str> {
        self.record().login_id.as_deref()
    }

    /// When the session ends if it is not used.
    pub fn ends_at(&self) -> Timestamp {
        self.record().idle_until.min(self.record().ends_at)
    }

    pub(crate) fn record(&self) -> &SessionRecord {
        match self {
            Enroller::Account(session) => session.record(),
            Enroller::Enrolment(session) => session.record(),
        }
    }
}

/// A session is extended at most this often, so that reading pages is not writing.
const EXTEND_EVERY: std::time::Duration = std::time::Duration::from_mins(1);

impl Broker {
    /// The full session that a cookie opens, extended by this use.
    ///
    /// One that was opened by the password alone ends at the cut-over.
    ///
    /// # Errors
    ///
    /// [`Fault::NoSession`] when there is none.
    pub async fn account_session(&self, handle: &Handle) -> Result<AccountSession, Fault> {
        let record = self.session(SessionKind::Account, handle).await?.ok_or(Fault::NoSession)?;
        if self.policy().cut_over(self.now()) && record.context.level() == Level::One {
            return Err(Fault::NoSession);
        }
        Ok(AccountSession(self.extend(record).await?))
    }

    /// The enrolment session that a cookie opens. It is extended by accepted steps alone.
    ///
    /// # Errors
    ///
    /// [`Fault::NoSession`] when there is none.
    pub async fn enrolment_session(&self, handle: &Handle) -> Result<EnrolmentSession, Fault> {
        let record = self.session(SessionKind::Enrolment, handle).await?.ok_or(Fault::NoSession)?;
        Ok(EnrolmentSession(record))
    }

    pub(crate) async fn session(&self, kind: SessionKind, handle: &Handle) -> Result<Option<SessionRecord>, Fault> {
        Ok(self.store().session(kind, &digest_handle(handle), self.now()).await?)
    }

    /// Extends a session by use, at most once a minute.
    pub(crate) async fn extend(&self, record: SessionRecord) -> Result<SessionRecord, Fault> {
        let now = self.now();
        let idle_until = (now + limits::SESSION_IDLE).min(record.ends_at);
        if idle_until.since(record.idle_until) < EXTEND_EVERY {
            return Ok(record);
        }
        let change = Change::new(audit_of(now, &record.person, "session.extended"))
            .with(Op::ExtendSession { digest: record.digest.clone(), idle_until });
        self.store().commit(change).await?;
        Ok(SessionRecord { idle_until, ..record })
    }

    /// A new session of `kind` for an account, with its handle.
    pub(crate) fn draw_session(
        &self,
        kind: SessionKind,
        account: &Account,
        context: AuthenticationContext,
        login_id: Option<String>,
    ) -> (SessionRecord, SessionHandle) {
        let now = self.now();
        let handle = Handle::draw(self.random());
        let (idle, total) = match kind {
            SessionKind::Account | SessionKind::SingleSignOn => (limits::SESSION_IDLE, limits::SESSION_TOTAL),
            SessionKind::Enrolment => (limits::ENROLMENT_IDLE, limits::ENROLMENT_TOTAL),
        };
        let record = SessionRecord {
            digest: digest_handle(&handle),
            kind,
            person: account.person.id.clone(),
            user_name: account.user_name.clone(),
            context,
            proved_at: now,
            started_at: now,
            idle_until: now + idle,
            ends_at: now + total,
            login_id,
        };
        (record, SessionHandle { handle, kind })
    }

    /// Ends the session that a cookie of `kind` opens, if any.
    ///
    /// # Errors
    ///
    /// [`Fault::Unavailable`] when the store cannot be used.
    pub async fn sign_out(&self, kind: SessionKind, handle: &Handle) -> Result<(), Fault> {
        if let Some(record) = self.session(kind, handle).await? {
            let change = Change::new(audit_of(self.now(), &record.person, "session.ended"))
                .with(Op::EndSession { digest: record.digest });
            self.store().commit(change).await?;
            self.wake_delivery();
        }
        Ok(())
    }

    /// Ends the sessions of the account's own origin.
    ///
    /// # Errors
    ///
    /// [`Fault::Unavailable`] when the store cannot be used.
    pub async fn sign_out_of_account(&self, account: Option<&Handle>, enrolment: Option<&Handle>) -> Result<(), Fault> {
        if let Some(handle) = account {
            self.sign_out(SessionKind::Account, handle).await?;
        }
        if let Some(handle) = enrolment {
            self.sign_out(SessionKind::Enrolment, handle).await?;
        }
        Ok(())
    }

    /// Notes that an enrolment session asked for what it does not open (row T15).
    ///
    /// # Errors
    ///
    /// [`Fault::Unavailable`] when the store cannot be used.
    pub async fn note_scope_violation(&self, session: &EnrolmentSession) -> Result<(), Fault> {
        self.store().commit(Change::new(audit_of(self.now(), session.person(), "scope.violation"))).await?;
        Ok(())
    }

    /// A person's own data, in a full session.
    ///
    /// # Errors
    ///
    /// [`Fault`] when they cannot be told now.
    pub async fn own_data(&self, session: &AccountSession) -> Result<model::Person, Fault> {
        Ok(self.account(session.person()).await?.person)
    }

    /// The account of a session's person.
    pub(crate) async fn account(&self, person: &PersonId) -> Result<Account, Fault> {
        self.store().account(person).await?.ok_or(Fault::NoSession)
    }
}
