//! Values to keep, and a database in which every write can be made.

mod name;

pub(crate) use name::name;

use std::time::Duration;

use journey::{Decision, Demand, Enrolment, EnrolmentStage, Login, Stage, Standing};
use model::{
    Article, AuthenticationContext, Binding, Datum, Email, HandleDigest, Lang, LegalBasis, Level, Loa, Method,
    NameKind, Person, PersonId, PersonName, Place, Purpose, Purposes, Release, Service, ServiceId, ServiceTerms,
    Timestamp, UserName,
};
use store::record::{
    ActivationRecord, ArtifactRecord, AuditRecord, Authenticator, AuthenticatorState, ClientRecord, ClientState,
    CodeRecord, ConsentRecord, EnrolmentRecord, LoginRecord, LogoutRecord, MetadataSourceRecord, NotMeRecord,
    OutboxDraft, OutboxKind, Participation, Protocol, SessionKind, SessionRecord, SigningKeyRecord, TokenRecord,
    Version,
};
use store::{Change, Op, Store};

use super::{issuing, links, metadata_sources, presenting};

/// When everything in these tests happens: 2026-01-01T00:00:00Z.
pub(crate) const NOW: Timestamp = Timestamp::from_seconds(1_767_225_600);

pub(crate) fn minutes(count: u64) -> Duration {
    Duration::from_mins(count)
}

pub(crate) fn audit(event: &'static str) -> AuditRecord {
    audit_at(NOW, event)
}

pub(crate) fn audit_at(at: Timestamp, event: &'static str) -> AuditRecord {
    AuditRecord { at, person: Some(person_id(1)), event, detail: "step=1 by=test".to_owned() }
}

/// An empty change at [`NOW`].
pub(crate) fn change() -> Change {
    Change::new(audit("test.happened"))
}

pub(crate) fn person_id(nth: u32) -> PersonId {
    PersonId::from_stored(format!("{nth:032x}"))
}

pub(crate) fn digest(nth: u32) -> HandleDigest {
    HandleDigest::from_stored(format!("{nth:064x}"))
}

pub(crate) fn user_name(nth: u32) -> UserName {
    UserName::parse(&format!("kiss.anna{nth}")).unwrap()
}

pub(crate) fn service_id(nth: u32) -> ServiceId {
    ServiceId::new(format!("https://portal-{nth}.example.org/"))
}

pub(crate) fn person(nth: u32) -> Person {
    let name = |family: &str, given: &str| PersonName { family: family.to_owned(), given: given.to_owned() };
    Person {
        id: person_id(nth),
        name: name("Őryné Kiss", "Anna Mária"),
        birth_name: name("Kiss", "Anna Mária"),
        birth_place: Place {
            country: "HU".to_owned(),
            region: nth.is_multiple_of(2).then(|| "Győr-Moson-Sopron".to_owned()),
            locality: "Győr".to_owned(),
        },
        birth_date: "1980-02-29".to_owned(),
        mothers_name: name("Nagy", "Ilona"),
        nationalities: vec!["HU".to_owned(), "SK".to_owned()],
        email: Email::parse("anna@example.org").unwrap(),
    }
}

pub(crate) fn authenticator(nth: u32, owner: u32) -> Authenticator {
    Authenticator {
        id: format!("{nth:032x}"),
        person: person_id(owner),
        sealed_key: vec![0, 255, u8::try_from(nth % 256).unwrap()],
        state: AuthenticatorState::Active,
        last_step: 100,
        binding: Binding::LiveFactor(Loa::Substantial),
        usable_from: NOW,
        nth: 1,
        bound_at: NOW,
        changed_at: NOW,
        deletion_hash: "$argon2id$v=19$test".to_owned(),
    }
}

pub(crate) fn context() -> AuthenticationContext {
    AuthenticationContext { method: Method::AuthenticatorApp, loa: Loa::Substantial, at: NOW }
}

pub(crate) fn session(nth: u32, kind: SessionKind, owner: u32) -> SessionRecord {
    SessionRecord {
        digest: digest(nth),
        kind,
        person: person_id(owner),
        user_name: user_name(owner),
        context: context(),
        proved_at: NOW,
        started_at: NOW,
        idle_until: NOW + minutes(15),
        ends_at: NOW + minutes(480),
        login_id: nth.is_multiple_of(2).then(|| format!("{nth:032x}")),
    }
}

pub(crate) fn login(nth: u32) -> LoginRecord {
    LoginRecord {
        id: format!("{nth:032x}"),
        browser: digest(nth),
        login: Login {
            service: service_id(1),
            demand: Demand { max_age: Some(Duration::from_mins(1)), ..Demand::default() },
            reply_to: "{\"state\":\"é\"}".to_owned(),
            session: Some(digest(7)),
            name_hint: Some("kiss.anna1".to_owned()),
            linking: None,
            stage: Stage::Open,
            expires_at: NOW + minutes(30),
        },
    }
}

pub(crate) fn enrolment(session: u32, owner: u32) -> EnrolmentRecord {
    EnrolmentRecord {
        person: person_id(owner),
        session: digest(session),
        enrolment: Enrolment {
            started_at: NOW,
            accepted_at: NOW,
            nth: 1,
            user_name: "kiss.anna1".to_owned(),
            stage: EnrolmentStage::Vouched { binding: Binding::Password },
        },
    }
}

pub(crate) fn code(nth: u32, session: u32) -> CodeRecord {
    CodeRecord {
        digest: digest(nth),
        client: service_id(1),
        person: person_id(1),
        session: digest(session),
        grant: "{\"scope\":\"openid\"}".to_owned(),
        expires_at: NOW + Duration::from_secs(30),
        spent_at: None,
    }
}

pub(crate) fn token(nth: u32, of_code: u32, session: u32) -> TokenRecord {
    TokenRecord {
        digest: digest(nth),
        code: digest(of_code),
        client: service_id(1),
        person: person_id(1),
        session: digest(session),
        grant: "{\"scope\":\"openid\"}".to_owned(),
        expires_at: NOW + minutes(5),
    }
}

pub(crate) fn draft(nth: u32, kind: OutboxKind) -> OutboxDraft {
    OutboxDraft { id: format!("{nth:032x}"), kind, body: "{\"to\":\"anna@example.org\"}".to_owned() }
}

pub(crate) fn participation(session: u32, service: u32, logout: Option<OutboxDraft>) -> Participation {
    Participation {
        session: digest(session),
        client: service_id(service),
        sid: "sid".to_owned(),
        subject: "sub".to_owned(),
        kind: NameKind::Persistent,
        logout,
    }
}

pub(crate) fn client(nth: u32) -> ClientRecord {
    ClientRecord {
        service: Service {
            id: service_id(nth),
            name_hu: "Űrlapok".to_owned(),
            name_en: "Forms".to_owned(),
            article: Article::Az,
            home: "https://portal.example.org/".to_owned(),
            terms: ServiceTerms { min_level: Some(Level::Two), ..ServiceTerms::default() },
            purposes: Purposes::from_iter([(Datum::Email, Purpose::stated("Értesítés", Some("Notices")).unwrap())]),
        },
        protocol: Protocol::OpenIdConnect,
        metadata: "{}".to_owned(),
        state: ClientState::Enabled,
    }
}

pub(crate) fn consent(service: u32, data: &[Datum], given_at: Timestamp) -> ConsentRecord {
    ConsentRecord {
        person: person_id(1),
        service: service_id(service),
        decision: Decision {
            required: data.iter().copied().collect(),
            chosen: Release::default(),
            withheld: Release::default(),
            basis: LegalBasis::Consent,
        },
        given_at,
    }
}

pub(crate) fn artifact(nth: u32) -> ArtifactRecord {
    ArtifactRecord {
        digest: digest(nth),
        service: service_id(1),
        session: None,
        message: vec![1, 2, 0, 255],
        expires_at: NOW + minutes(1),
    }
}

pub(crate) fn logout(nth: u32) -> LogoutRecord {
    LogoutRecord {
        id: format!("{nth:032x}"),
        browser: digest(nth),
        round: "{\"services\":[\"Űrlapok\"]}".to_owned(),
        expires_at: NOW + minutes(10),
    }
}

pub(crate) fn signing_key(kid: &str, active_at: Timestamp) -> SigningKeyRecord {
    SigningKeyRecord {
        kid: kid.to_owned(),
        algorithm: "ES256".to_owned(),
        sealed: vec![1, 0, 2],
        published_at: NOW,
        active_at,
    }
}

pub(crate) fn not_me(nth: u32) -> NotMeRecord {
    NotMeRecord { digest: digest(nth), person: person_id(1), expires_at: NOW + minutes(1) }
}

pub(crate) fn activation(owner: u32) -> ActivationRecord {
    ActivationRecord { person: person_id(owner), mac: "mac".to_owned(), expires_at: NOW + minutes(1) }
}

/// Where that number's metadata is read again, first at [`NOW`].
pub(crate) fn metadata_source(nth: u32) -> MetadataSourceRecord {
    let url = format!("https://sp{nth}.example/metadata");
    MetadataSourceRecord { client: service_id(nth), url, signers: String::new(), due_at: NOW }
}

/// A person with that number's user name.
pub(crate) fn add_person(nth: u32) -> [Op; 2] {
    [
        Op::AddPerson { person: Box::new(person(nth)), lang: Lang::Hu, at: NOW },
        Op::AddUserName { name: user_name(nth), person: person_id(nth) },
    ]
}

/// One of everything that the writes of [`every_write`] meet. Number 1 of each kind, but the
/// session of single sign-on, which is 7, and its code and token, 8 and 9.
pub(crate) async fn world(store: &Store) {
    let ops = add_person(1).into_iter().chain([
        Op::BindAuthenticator(authenticator(1, 1)),
        Op::PutAttempts { key: "k".to_owned(), seen: None, attempts: "[]".to_owned(), expires_at: NOW },
        Op::BeginLogin(login(1)),
        Op::StartSession(session(1, SessionKind::Enrolment, 1)),
        Op::StartSession(session(7, SessionKind::SingleSignOn, 1)),
        Op::BeginEnrolment(enrolment(1, 1)),
        Op::Participate(participation(7, 1, Some(draft(7, OutboxKind::BackChannelLogout)))),
        Op::IssueCode(code(8, 7)),
        Op::IssueToken(token(9, 8, 7)),
        Op::PutActivation(activation(1)),
        Op::PutNotMe(not_me(1)),
        Op::PutArtifact(artifact(1)),
        Op::BeginLogout(logout(1)),
        Op::AddClient(client(1)),
        Op::PutMetadataSource(metadata_source(1)),
        Op::GiveConsent { consent: consent(1, &[Datum::Email], NOW), seen: None },
        Op::PutUpstreamRequest(links::upstream_request(1)),
        Op::Link(links::link(1, 1)),
    ]);
    let change = change()
        .with_all(ops)
        .with_all(issuing::issuing_world())
        .with_all(presenting::in_world())
        .deliver(draft(1, OutboxKind::Mail));
    assert_eq!(store.commit(change).await.unwrap(), store::Committed::Done);
}

/// The version of what was written at [`NOW`].
pub(crate) const FIRST: Version = Version(NOW.micros());

/// One of each write, which the [`world`] lets be made. What [`name`] knows and this does not,
/// `every_write_has_a_sample` finds.
pub(crate) fn every_write() -> Vec<Op> {
    let others = links::every_link_write().into_iter().chain(metadata_sources::every_write());
    let wallets = issuing::every_issuing_write().into_iter().chain(presenting::every_presenting_write());
    most_writes().into_iter().chain(others).chain(wallets).collect()
}

fn most_writes() -> Vec<Op> {
    let factor = format!("{:032x}", 1);
    vec![
        Op::PutAttempts { key: "k".to_owned(), seen: Some(FIRST), attempts: "[1]".to_owned(), expires_at: NOW },
        Op::BeginLogin(login(2)),
        Op::ReplaceLogin { id: login(1).id, seen: FIRST, login: Login { stage: Stage::Answered, ..login(1).login } },
        Op::StartSession(session(2, SessionKind::Account, 1)),
        Op::ExtendSession { digest: digest(7), idle_until: NOW + minutes(20) },
        Op::RenewSession {
            old: digest(7),
            new: digest(70),
            context: context(),
            proved_at: NOW,
            idle_until: NOW + minutes(20),
        },
        Op::EndSession { digest: digest(7) },
        Op::EndSessionsOf { person: person_id(1), except: None },
        Op::EndSessionsOfKind { person: person_id(1), kind: SessionKind::SingleSignOn },
        Op::Participate(participation(7, 2, None)),
        Op::GiveConsent { consent: consent(2, &[Datum::Email], NOW), seen: None },
        Op::GiveConsent { consent: consent(1, &[Datum::BirthDate], NOW + minutes(1)), seen: Some(NOW) },
        Op::HoldConsent { person: person_id(1), service: service_id(1), given_at: NOW },
        Op::WithdrawConsent { person: person_id(1), service: service_id(1) },
        Op::Leave { session: digest(7), client: service_id(1) },
        Op::ExpectParticipations { session: digest(7), count: 1 },
        Op::BeginLogout(logout(2)),
        Op::ReplaceLogout { id: logout(1).id, seen: FIRST, round: "{}".to_owned() },
        Op::IssueCode(code(80, 7)),
        Op::SpendCode { digest: digest(8), client: service_id(1), at: NOW },
        Op::RevokeCode { digest: digest(8), at: NOW },
        Op::IssueToken(token(90, 8, 7)),
        Op::BeginEnrolment(enrolment(1, 1)),
        Op::ReplaceEnrolment {
            person: person_id(1),
            session: digest(1),
            seen: FIRST,
            enrolment: enrolment(1, 1).enrolment,
        },
        Op::EndEnrolment { person: person_id(1), session: digest(1), seen: FIRST },
        Op::DropEnrolment { person: person_id(1) },
        Op::BindAuthenticator(authenticator(2, 1)),
        Op::UseStep { authenticator: factor.clone(), state: AuthenticatorState::Active, step: 101 },
        Op::SetAuthenticatorState {
            authenticator: factor.clone(),
            from: AuthenticatorState::Active,
            to: AuthenticatorState::Inactive,
            at: NOW,
        },
        Op::RemoveAuthenticator { authenticator: factor },
        Op::RemoveAuthenticatorsOf { person: person_id(1) },
        Op::AddPerson { person: Box::new(person(2)), lang: Lang::En, at: NOW },
        Op::AddUserName { name: user_name(3), person: person_id(1) },
        Op::SetPassword { person: person_id(1), seen: None, hash: "$argon2id$new".to_owned(), at: NOW },
        Op::VoidPassword { person: person_id(1), seen: None, at: NOW },
        Op::SetStanding { person: person_id(1), from: Standing::Open, to: Standing::Frozen },
        Op::RaiseEpoch { person: person_id(1) },
        Op::PutActivation(activation(2)),
        Op::UseActivation { person: person_id(1), mac: "mac".to_owned(), at: NOW },
        Op::PutNotMe(not_me(2)),
        Op::UseNotMe { digest: digest(1), at: NOW },
        Op::UseOnce { kind: "jti", digest: digest(1), expires_at: NOW },
        Op::PutArtifact(artifact(2)),
        Op::TakeArtifact { digest: digest(1), service: service_id(1), at: NOW },
        Op::PutSigningKey(signing_key("kid", NOW)),
        Op::Delivered { outbox: draft(1, OutboxKind::Mail).id },
        Op::Retry { outbox: draft(1, OutboxKind::Mail).id, due_at: NOW + minutes(1) },
        Op::Sweep { before: NOW + minutes(1000), batch: 100 },
    ]
}
