//! A change as the list of statements that both engines execute.

mod issuing;
mod presenting;

use journey::Decision;
use model::{HandleDigest, Lang, Person, Timestamp};

use crate::change::{Change, Op};
use crate::code::Coded;
use crate::record::{
    ActivationRecord, ArtifactRecord, AuditRecord, Authenticator, ClientRecord, CodeRecord, ConsentRecord,
    EnrolmentRecord, LinkRecord, LoginRecord, LogoutRecord, MetadataSourceRecord, NotMeRecord, OutboxDraft,
    Participation, SessionRecord, SigningKeyRecord, TokenRecord, UpstreamKeyRecord, UpstreamRequestRecord, Version,
};
use crate::statements as sql;
use crate::value::{Value, json};

/// How long it is remembered that something was delivered.
const DELIVERED_KEPT: std::time::Duration = std::time::Duration::from_hours(24);

/// A statement to execute.
pub(crate) struct Step {
    pub(crate) statement: &'static str,
    pub(crate) values: Vec<Value>,
    pub(crate) rule: Rule,
}

/// What the number of changed rows means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rule {
    /// Exactly one, or the change is refused by its write at this index.
    OneFor(usize),
    /// Any number will do; belongs to the write at this index.
    AnyFor(usize),
    /// Any number will do; belongs to the change as a whole.
    Any,
}

impl Rule {
    /// Who refuses the change when `rows` were changed, if anybody.
    pub(crate) fn refusal(self, rows: u64) -> Option<usize> {
        match self {
            Rule::OneFor(op) if rows != 1 => Some(op),
            Rule::OneFor(_) | Rule::AnyFor(_) | Rule::Any => None,
        }
    }

    /// Who refuses the change when a key is taken or what is referred to is gone.
    pub(crate) fn conflict(self) -> Option<usize> {
        match self {
            Rule::OneFor(op) | Rule::AnyFor(op) => Some(op),
            Rule::Any => None,
        }
    }
}

macro_rules! values {
    ($($value:expr),* $(,)?) => { vec![$(Value::from($value)),*] };
}

/// The steps of a change, in order: its writes, its deliveries, its audit record.
pub(crate) fn plan(change: Change) -> Vec<Step> {
    let Change { ops, audit, outbox } = change;
    let mut plan = Plan { at: audit.at, op: 0, steps: Vec::with_capacity(ops.len() * 2 + outbox.len() + 1) };
    for (index, op) in ops.into_iter().enumerate() {
        plan.op = index;
        plan.write(op);
    }
    for draft in outbox {
        plan.deliver(draft);
    }
    plan.tell(audit);
    plan.steps
}

struct Plan {
    /// When the change happens: its audit record's instant.
    at: Timestamp,
    /// The index of the write whose steps are being added.
    op: usize,
    steps: Vec<Step>,
}

impl Plan {
    /// Changes exactly one row, or refuses.
    fn one(&mut self, statement: &'static str, values: Vec<Value>) {
        self.steps.push(Step { statement, values, rule: Rule::OneFor(self.op) });
    }

    /// Changes what there is.
    fn any(&mut self, statement: &'static str, values: Vec<Value>) {
        self.steps.push(Step { statement, values, rule: Rule::AnyFor(self.op) });
    }

    fn first_version(&self) -> i64 {
        Version::first(self.at).0
    }

    /// Every write, as one table: what it executes, and whether it may be refused.
    fn write(&mut self, op: Op) {
        let at = self.at;
        match op {
            Op::PutAttempts { key, seen, attempts, expires_at } => self.put_attempts(key, seen, attempts, expires_at),
            Op::PutArtifact(ArtifactRecord { digest, service, session, message, expires_at }) => {
                self.one(sql::ADD_ARTIFACT, values![&digest, &service, session.as_ref(), message, expires_at]);
            }
            Op::TakeArtifact { digest, service, at } => {
                self.one(sql::TAKE_ARTIFACT, values![&digest, &service, at]);
            }
            Op::UseOnce { kind, digest, expires_at } => self.one(sql::USE_ONCE, values![kind, &digest, expires_at]),

            Op::BeginLogin(record) => self.begin_login(record),
            Op::ReplaceLogin { id, seen, login } => {
                self.one(sql::REPLACE_LOGIN, values![id, seen.0, json(&login), login.expires_at]);
            }

            Op::StartSession(record) => self.start_session(record),
            Op::ExtendSession { digest, idle_until } => {
                self.one(sql::EXTEND_SESSION, values![&digest, idle_until, at]);
            }
            Op::RenewSession { old, new, context, proved_at, idle_until } => {
                let (method, loa) = (context.method.code(), context.loa.code());
                self.one(sql::RENEW_SESSION, values![&old, &new, method, loa, context.at, proved_at, idle_until, at]);
            }
            Op::EndSession { digest } => self.end_sessions(sql::END_SESSION, values![&digest]),
            Op::EndSessionsOf { person, except } => {
                let except = except.as_ref().map_or("", HandleDigest::as_str);
                self.end_sessions(sql::END_SESSIONS_OF, values![&person, except]);
            }
            Op::EndSessionsOfKind { person, kind } => {
                self.end_sessions(sql::END_SESSIONS_OF_KIND, values![&person, kind.code()]);
            }
            Op::Participate(participation) => self.participate(participation),
            Op::Leave { session, client } => self.any(sql::REMOVE_PARTICIPATION, values![&session, &client]),
            Op::ExpectParticipations { session, count } => {
                self.one(sql::HOLD_SESSION, values![&session]);
                self.one(sql::EXPECT_PARTICIPATIONS, values![&session, i64::from(count)]);
            }
            Op::BeginLogout(LogoutRecord { id, browser, round, expires_at }) => {
                self.one(sql::ADD_LOGOUT, values![id, self.first_version(), &browser, round, expires_at]);
            }
            Op::ReplaceLogout { id, seen, round } => self.one(sql::REPLACE_LOGOUT, values![id, seen.0, round]),

            Op::GiveConsent { consent, seen } => self.give_consent(consent, seen),
            Op::HoldConsent { person, service, given_at } => {
                self.one(sql::HOLD_CONSENT, values![&person, &service, given_at]);
            }
            Op::WithdrawConsent { person, service } => {
                self.one(sql::WITHDRAW_CONSENT, values![&person, &service]);
                self.any(sql::REMOVE_CODES_OF_CONSENT, values![&person, &service]);
                self.any(sql::REMOVE_ARTIFACTS_OF_CONSENT, values![&person, &service]);
            }

            Op::IssueCode(record) => self.issue_code(record),
            Op::SpendCode { digest, client, at } => self.one(sql::SPEND_CODE, values![&digest, &client, at]),
            Op::RevokeCode { digest, at } => {
                self.any(sql::REVOKE_CODE, values![&digest, at]);
                self.any(sql::REVOKE_TOKENS_OF_CODE, values![&digest]);
                self.any(sql::REVOKE_ISSUING_TOKENS_OF_CODE, values![&digest]);
            }
            Op::IssueToken(token) => {
                let TokenRecord { digest, code, client, person, session: _, grant, expires_at } = token;
                self.one(sql::ADD_TOKEN, values![&digest, &code, &client, &person, grant, expires_at]);
            }

            Op::BeginEnrolment(EnrolmentRecord { person, session, enrolment }) => {
                let version = self.first_version();
                let values = values![&person, &session, version, json(&enrolment), enrolment.expires_at()];
                self.one(sql::PUT_ENROLMENT, values);
            }
            Op::ReplaceEnrolment { person, session, seen, enrolment } => {
                let values = values![&person, &session, seen.0, json(&enrolment), enrolment.expires_at()];
                self.one(sql::REPLACE_ENROLMENT, values);
            }
            Op::EndEnrolment { person, session, seen } => {
                self.one(sql::END_ENROLMENT, values![&person, &session, seen.0]);
            }
            Op::DropEnrolment { person } => self.any(sql::DROP_ENROLMENT, values![&person]),

            Op::BindAuthenticator(authenticator) => self.bind_authenticator(authenticator),
            Op::UseStep { authenticator, state, step } => {
                self.one(sql::USE_STEP, values![authenticator, state.code(), step]);
            }
            Op::SetAuthenticatorState { authenticator, from, to, at } => {
                self.one(sql::SET_AUTHENTICATOR_STATE, values![authenticator, from.code(), to.code(), at]);
            }
            Op::RemoveAuthenticator { authenticator } => self.one(sql::REMOVE_AUTHENTICATOR, values![authenticator]),
            Op::RemoveAuthenticatorsOf { person } => self.any(sql::REMOVE_AUTHENTICATORS_OF, values![&person]),

            Op::AddPerson { person, lang, at } => self.add_person(*person, lang, at),
            Op::AddUserName { name, person } => {
                self.one(sql::NAME_PERSON, values![&name, &person]);
                self.one(sql::ADD_USER_NAME, values![&name, &person]);
            }
            Op::SetPassword { person, seen, hash, at } => {
                self.one(sql::SET_PASSWORD, values![&person, seen, hash, at]);
            }
            Op::VoidPassword { person, seen, at } => {
                self.one(sql::SET_PASSWORD, values![&person, seen, None::<String>, at]);
            }
            Op::SetStanding { person, from, to } => {
                self.one(sql::SET_STANDING, values![&person, from.code(), to.code()]);
            }
            Op::RaiseEpoch { person } => self.any(sql::RAISE_EPOCH, values![&person]),

            Op::PutActivation(ActivationRecord { person, mac, expires_at }) => {
                self.one(sql::PUT_ACTIVATION, values![&person, mac, expires_at]);
            }
            Op::UseActivation { person, mac, at } => self.one(sql::USE_ACTIVATION, values![&person, mac, at]),
            Op::PutNotMe(NotMeRecord { digest, person, expires_at }) => {
                self.one(sql::PUT_NOT_ME, values![&digest, &person, expires_at]);
            }
            Op::UseNotMe { digest, at } => self.one(sql::USE_NOT_ME, values![&digest, at]),

            Op::Issuing(write) => self.issuing(write),
            Op::AddClient(client) => self.register(sql::ADD_CLIENT, client),
            Op::ReplaceClient(client) => self.register(sql::REPLACE_CLIENT, client),
            Op::PutUpstreamRequest(UpstreamRequestRecord { digest, request, expires_at }) => {
                self.one(sql::ADD_UPSTREAM_REQUEST, values![&digest, request, expires_at]);
            }
            Op::TakeUpstreamRequest { digest, at } => self.one(sql::TAKE_UPSTREAM_REQUEST, values![&digest, at]),
            Op::Link(LinkRecord { issuer, subject, person, loa, linked_at }) => {
                self.one(sql::ADD_LINK, values![issuer, subject, &person, loa.code(), linked_at]);
            }
            Op::HoldLink { issuer, subject, person } => self.one(sql::HOLD_LINK, values![issuer, subject, &person]),
            Op::Unlink { issuer, subject, person } => self.one(sql::REMOVE_LINK, values![issuer, subject, &person]),
            Op::UnlinkAllOf { person } => {
                self.any(sql::REMOVE_LINKS_OF, values![&person]);
                self.any(sql::REMOVE_WALLET_IDENTITIES_OF, values![&person]);
            }
            Op::Presenting(op) => self.present(op),
            Op::PutUpstreamKey(UpstreamKeyRecord { purpose, sealed, certificate }) => {
                self.one(sql::ADD_UPSTREAM_KEY, values![purpose.code(), sealed, certificate]);
            }
            Op::PutMetadataSource(MetadataSourceRecord { client, url, signers, due_at }) => {
                self.one(sql::PUT_METADATA_SOURCE, values![&client, url, signers, due_at]);
            }
            Op::DropMetadataSource { client } => self.any(sql::DROP_METADATA_SOURCE, values![&client]),
            Op::ScheduleMetadata { client, seen, due_at } => {
                self.one(sql::SCHEDULE_METADATA, values![&client, seen, due_at]);
            }
            Op::RefreshClient { service, metadata } => {
                self.one(sql::REFRESH_CLIENT, values![&service.id, json(&service), metadata]);
                self.one(sql::RAISE_REVISION, values![]);
            }
            Op::PutSigningKey(key) => {
                let SigningKeyRecord { kid, algorithm, sealed, published_at, active_at } = key;
                self.one(sql::ADD_SIGNING_KEY, values![kid, algorithm, sealed, published_at, active_at]);
                self.one(sql::RAISE_REVISION, values![]);
            }

            Op::Delivered { outbox } => self.one(sql::DELIVERED, values![outbox, at]),
            Op::Retry { outbox, due_at } => self.any(sql::RETRY, values![outbox, due_at]),
            Op::Sweep { before, batch } => self.sweep(before, batch),
        }
    }

    fn register(&mut self, statement: &'static str, client: ClientRecord) {
        let ClientRecord { service, protocol, metadata, state } = client;
        let values = values![&service.id, json(&service), metadata, state.code(), protocol.code()];
        self.one(statement, values);
        self.one(sql::RAISE_REVISION, values![]);
    }

    fn put_attempts(&mut self, key: String, seen: Option<Version>, attempts: String, expires_at: Timestamp) {
        match seen {
            None => self.one(sql::ADD_ATTEMPTS, values![key, self.first_version(), attempts, expires_at]),
            Some(Version(seen)) => self.one(sql::REPLACE_ATTEMPTS, values![key, seen, attempts, expires_at]),
        }
    }

    fn begin_login(&mut self, record: LoginRecord) {
        let LoginRecord { id, browser, login } = record;
        let values = values![id, self.first_version(), &browser, json(&login), login.expires_at];
        self.one(sql::ADD_LOGIN, values);
    }

    fn start_session(&mut self, record: SessionRecord) {
        let SessionRecord { digest, kind, person, user_name, context, .. } = record;
        let SessionRecord { proved_at, started_at, idle_until, ends_at, login_id, .. } = record;
        let (method, loa) = (context.method.code(), context.loa.code());
        let mut values = values![&digest, kind.code(), &person, &user_name, method, loa, context.at];
        values.extend(values![proved_at, started_at, idle_until, ends_at, login_id]);
        self.one(sql::ADD_SESSION, values);
    }

    /// Marks sessions, tells their services, and removes them. Marked first, because the mark
    /// locks: no service can join between the telling and the removing.
    fn end_sessions(&mut self, mark: &'static str, values: Vec<Value>) {
        self.any(mark, values);
        self.any(sql::TELL_ENDED, values![self.at]);
        self.any(sql::REMOVE_ENDED, values![]);
    }

    fn participate(&mut self, participation: Participation) {
        let Participation { session, client, sid, subject, kind: name, logout } = participation;
        let (id, kind, body) = match logout {
            Some(OutboxDraft { id, kind, body }) => (Some(id), Some(kind.code()), Some(body)),
            None => (None, None, None),
        };
        self.one(sql::HOLD_SESSION, values![&session]);
        self.one(sql::ADD_PARTICIPATION, values![&session, &client, sid, subject, name.code(), id, kind, body]);
    }

    fn give_consent(&mut self, consent: ConsentRecord, seen: Option<Timestamp>) {
        let ConsentRecord { person, service, decision, given_at } = consent;
        let Decision { required, chosen, withheld, basis } = decision;
        let [required, chosen, withheld] = [required, chosen, withheld].map(|data| data.write());
        let mut values = values![&person, &service, required, chosen, withheld, basis.code(), given_at];
        match seen {
            None => self.one(sql::ADD_CONSENT, values),
            Some(seen) => {
                values.extend(values![seen]);
                self.one(sql::REPLACE_CONSENT, values);
            }
        }
    }

    fn issue_code(&mut self, record: CodeRecord) {
        let CodeRecord { digest, client, person, session, grant, expires_at, spent_at } = record;
        self.one(sql::ADD_CODE, values![&digest, &client, &person, &session, grant, expires_at, spent_at]);
    }

    /// The count comes first: its row lock makes two bindings of one person follow each other.
    fn bind_authenticator(&mut self, authenticator: Authenticator) {
        let Authenticator { id, person, sealed_key, state, last_step, binding, .. } = authenticator;
        let Authenticator { usable_from, nth, bound_at, changed_at, deletion_hash, .. } = authenticator;
        self.one(sql::COUNT_ENROLMENT, values![&person]);
        self.any(sql::REMOVE_AUTHENTICATORS_OF, values![&person]);
        let mut values = values![id, &person, sealed_key, state.code(), last_step, json(&binding)];
        values.extend(values![usable_from, nth, bound_at, changed_at, deletion_hash]);
        self.one(sql::ADD_AUTHENTICATOR, values);
    }

    fn add_person(&mut self, person: Person, lang: Lang, at: Timestamp) {
        let Person { id, name, birth_name, birth_place, birth_date, mothers_name, nationalities, email } = person;
        let mut values = values![&id, lang.code(), name.family, name.given, birth_name.family, birth_name.given];
        values.extend(values![birth_place.country, birth_place.region, birth_place.locality, birth_date]);
        values.extend(values![mothers_name.family, mothers_name.given, nationalities.join(" "), email.as_str(), at]);
        self.one(sql::ADD_PERSON, values);
    }

    fn sweep(&mut self, before: Timestamp, batch: u32) {
        self.end_sessions(sql::END_LAPSED_SESSIONS, values![before, batch]);
        // Tokens before codes: a code stays while it has tokens.
        for statement in [
            sql::SWEEP_LOGINS,
            sql::SWEEP_ENROLMENTS,
            sql::SWEEP_TOKENS,
            sql::SWEEP_ISSUING_TOKENS,
            sql::SWEEP_CODES,
            sql::SWEEP_ATTEMPTS,
            sql::SWEEP_ACTIVATIONS,
            sql::SWEEP_NOT_ME,
            sql::SWEEP_USED_ONCE,
            sql::SWEEP_ARTIFACTS,
            sql::SWEEP_LOGOUTS,
            sql::SWEEP_UPSTREAM_REQUESTS,
            sql::SWEEP_OFFERS,
            sql::SWEEP_PUSHED_REQUESTS,
            sql::SWEEP_PRESENTATIONS,
            sql::SWEEP_WALLET_PROOFS,
        ] {
            self.any(statement, values![before, batch]);
        }
        self.any(sql::SWEEP_OUTBOX, values![before - DELIVERED_KEPT, batch]);
    }

    fn deliver(&mut self, draft: OutboxDraft) {
        let OutboxDraft { id, kind, body } = draft;
        let values = values![id, kind.code(), body, self.at];
        self.steps.push(Step { statement: sql::ADD_DELIVERY, values, rule: Rule::Any });
    }

    fn tell(&mut self, audit: AuditRecord) {
        let AuditRecord { at, person, event, detail } = audit;
        let values = values![at, person.as_ref(), event, detail];
        self.steps.push(Step { statement: sql::ADD_AUDIT, values, rule: Rule::Any });
    }
}
