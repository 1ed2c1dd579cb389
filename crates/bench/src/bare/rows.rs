//! The rows and commits of one sign-in, bare through the driver: the tables and indices of the gateway's
//! own database, the pragmas of its connections, and the values of a sign-in that it made.

use std::path::Path;

use anyhow::{Context as _, ensure};
use data_encoding::HEXLOWER;
use model::Random;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, Params, params};

use super::work::Protocol;
use crate::machine::Seeded;

/// People who sign in.
const PEOPLE: i64 = 1000;
/// Further than any time step of the run.
const FIRST_STEP: i64 = 1_000_000_000;

const AUDIT: &str = "INSERT INTO audit (at, person, event, detail) VALUES (?1, ?2, ?3, ?4)";
const ADD_ATTEMPTS: &str = "INSERT INTO attempts (key, version, attempts, expires_at) VALUES (?1, 1, ?2, ?3)";
const REPLACE_ATTEMPTS: &str =
    "UPDATE attempts SET version = version + 1, attempts = ?2, expires_at = ?3 WHERE key = ?1 AND version = 1";
const ADD_LOGIN: &str = "INSERT INTO login (id, version, browser, login, expires_at) VALUES (?1, 1, ?2, ?3, ?4)";
const REPLACE_LOGIN: &str =
    "UPDATE login SET version = version + 1, login = ?3, expires_at = ?4 WHERE id = ?1 AND version = ?2";
const ADD_SESSION: &str = "INSERT INTO session (digest, kind, person, user_name, method, loa, authenticated_at, proved_at, \
    started_at, idle_until, ends_at, login_id) SELECT ?1, kind, ?2, ?3, method, loa, ?4, ?4, ?4, ?4, ?4, NULL \
    FROM session WHERE digest = ?5";
const HOLD_SESSION: &str = "UPDATE session SET ending = 0 WHERE digest = ?1";
const ADD_PARTICIPATION: &str = "INSERT INTO participation (session, client, sid, subject, kind) \
    VALUES (?1, ?2, ?3, ?4, 'persistent')";
const ADD_CODE: &str =
    "INSERT INTO code (digest, client, person, session, granted, expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
const USE_STEP: &str = "UPDATE authenticator SET last_step = ?2 WHERE id = ?1 AND state = 'active' AND last_step < ?2";
const SPEND_CODE: &str = "UPDATE code SET spent_at = ?2 WHERE digest = ?1 AND client = ?3 AND spent_at IS NULL";
const ADD_TOKEN: &str =
    "INSERT INTO token (digest, code, client, person, granted, expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";

const USE_ONCE: &str = "INSERT INTO used_once (kind, digest, expires_at) VALUES ('saml-request', ?1, ?2)";
const KEEP_PARTICIPATION: &str = "INSERT INTO participation (session, client, sid, subject, kind) \
    VALUES (?1, ?2, ?3, ?4, 'persistent') ON CONFLICT (session, client, subject) DO UPDATE SET kind = excluded.kind";
const HOLD_CONSENT: &str = "UPDATE consent SET given_at = given_at WHERE person = ?1 AND service = ?2";
const EXTEND_SESSION: &str = "UPDATE session SET idle_until = ?2 WHERE digest = ?1";

const SESSION: &str = "SELECT * FROM session WHERE digest = ?1";
const PARTICIPATIONS: &str = "SELECT * FROM participation WHERE session = ?1";
const CONSENT: &str = "SELECT * FROM consent WHERE person = ?1 AND service = ?2";
const CLIENT: &str = "SELECT service, metadata, state FROM client WHERE id = ?1";
const LOGIN: &str = "SELECT version, id, browser, login FROM login WHERE id = ?1";
const ACCOUNT: &str = "SELECT n.name, p.*, a.* FROM user_name n JOIN person p ON p.id = n.person \
    LEFT JOIN authenticator a ON a.person = p.id WHERE n.name = ?1";
const CODE: &str = "SELECT digest, client, person, session, granted, expires_at, spent_at FROM code WHERE digest = ?1";

/// A sign-in that the gateway made, as it rests.
struct Template {
    login: String,
    attempts: String,
    client: String,
    session: String,
    sid: String,
    subject: String,
    granted: String,
    events: [(String, String); 5],
}

/// Somebody who signs in.
struct Someone {
    person: String,
    user_name: String,
    authenticator: String,
}

/// The sign-in under way.
#[derive(Default)]
struct Present {
    id: String,
    browser: String,
    network: String,
    account: String,
    session: String,
    code: String,
    /// Stands for every instant, and for the authenticator's step.
    at: i64,
}

/// A database that is written as a sign-in writes it, in as many commits, and with the same rows looked up.
pub(super) struct Rows {
    writer: Connection,
    reader: Connection,
    template: Template,
    people: Vec<Someone>,
    random: Seeded,
    made: usize,
    present: Present,
}

impl Rows {
    /// Opens a copy of a gateway's database in which somebody has signed in.
    pub(super) fn open(database: &Path, protocol: Protocol) -> anyhow::Result<Self> {
        let writer = connect(database, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        writer.pragma_update(None, "journal_mode", "WAL")?;
        writer.pragma_update(None, "synchronous", "FULL")?;
        writer.pragma_update(None, "journal_size_limit", 16 * 1024 * 1024)?;
        writer.pragma_update(None, "cache_size", -2 * 1024)?;
        writer.pragma_update(None, "temp_store", "MEMORY")?;
        writer.pragma_update(None, "secure_delete", "FAST")?;
        let reader = connect(database, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        reader.pragma_update(None, "cache_size", -1024)?;
        let template = template(&writer, protocol)?;
        let people = writer
            .prepare("SELECT p.id, p.user_name, a.id FROM person p JOIN authenticator a ON a.person = p.id LIMIT ?1")?
            .query_map([PEOPLE], |row| {
                Ok(Someone { person: row.get(0)?, user_name: row.get(1)?, authenticator: row.get(2)? })
            })?
            .collect::<rusqlite::Result<Vec<_>>>()?;
        ensure!(!people.is_empty(), "nobody can sign in");
        Ok(Self { writer, reader, template, people, random: Seeded::new(1), made: 0, present: Present::default() })
    }

    /// The authentication request: the service is looked up, the sign-in is written.
    pub(super) fn begin(&mut self) -> anyhow::Result<()> {
        self.made += 1;
        self.present = Present {
            id: self.draw::<16>(),
            browser: self.draw::<32>(),
            network: self.draw::<32>(),
            account: self.draw::<32>(),
            session: self.draw::<32>(),
            code: self.draw::<32>(),
            at: FIRST_STEP + i64::try_from(self.made)?,
        };
        let Present { id, browser, at, .. } = &self.present;
        let Template { login, client, .. } = &self.template;
        self.look_up(CLIENT, [client])?;
        self.commit(0, None, |writer| writer.one(ADD_LOGIN, params![id, browser, login, at]))
    }

    /// The password's attempt, before it is checked.
    pub(super) fn reserve(&self) -> anyhow::Result<()> {
        let Present { id, network, account, at, .. } = &self.present;
        self.look_up(LOGIN, [id])?;
        self.look_up(ACCOUNT, [&self.someone().user_name])?;
        self.commit(1, None, |writer| {
            // One instant more than after the release.
            let reserved = format!("[{FIRST_STEP}000000]");
            writer.one(ADD_ATTEMPTS, params![network, reserved, at])?;
            writer.one(ADD_ATTEMPTS, params![account, reserved, at])
        })
    }

    /// The password was right.
    pub(super) fn release(&self) -> anyhow::Result<()> {
        let Present { id, network, account, at, .. } = &self.present;
        let Template { login, attempts, .. } = &self.template;
        self.commit(2, Some(&self.someone().person), |writer| {
            writer.one(REPLACE_LOGIN, params![id, 1, login, at])?;
            writer.one(REPLACE_ATTEMPTS, params![network, attempts, at])?;
            writer.one(REPLACE_ATTEMPTS, params![account, attempts, at])
        })
    }

    /// The code was right.
    pub(super) fn answer(&self) -> anyhow::Result<()> {
        let Present { id, session, code, at, .. } = &self.present;
        let someone = self.someone();
        self.look_up(LOGIN, [id])?;
        self.look_up(CONSENT, [&someone.person, &self.template.client])?;
        self.commit(3, Some(&someone.person), |writer| {
            let Template { login, client, granted, sid, subject, session: former, .. } = &self.template;
            writer.one(REPLACE_LOGIN, params![id, 2, login, at])?;
            writer.one(ADD_SESSION, params![session, someone.person, someone.user_name, at, former])?;
            writer.one(HOLD_SESSION, params![session])?;
            writer.one(ADD_PARTICIPATION, params![session, client, sid, subject])?;
            writer.one(HOLD_CONSENT, params![someone.person, client])?;
            writer.one(ADD_CODE, params![code, client, someone.person, session, granted, at])?;
            writer.one(USE_STEP, params![someone.authenticator, at])
        })
    }

    /// The code was right, and SAML is spoken.
    pub(super) fn answer_by_saml(&self) -> anyhow::Result<()> {
        let Present { id, session, code, at, .. } = &self.present;
        let someone = self.someone();
        self.look_up(LOGIN, [id])?;
        self.look_up(CLIENT, [&self.template.client])?;
        self.look_up(CONSENT, [&someone.person, &self.template.client])?;
        self.commit(3, Some(&someone.person), |writer| {
            let Template { login, client, sid, subject, session: former, .. } = &self.template;
            writer.one(REPLACE_LOGIN, params![id, 2, login, at])?;
            writer.one(ADD_SESSION, params![session, someone.person, someone.user_name, at, former])?;
            writer.one(HOLD_SESSION, params![session])?;
            writer.one(USE_ONCE, params![code, at])?;
            writer.one(ADD_PARTICIPATION, params![session, client, sid, subject])?;
            writer.one(HOLD_CONSENT, params![someone.person, client])?;
            writer.one(USE_STEP, params![someone.authenticator, at])
        })
    }

    /// An answer from the session that rests there, by SAML.
    pub(super) fn answer_again_by_saml(&self) -> anyhow::Result<()> {
        let Template { client, session, sid, subject, .. } = &self.template;
        let (someone, once) = (self.someone(), self.draw::<32>());
        self.look_up(CLIENT, [client])?;
        self.look_up(SESSION, [session])?;
        self.look_up(CONSENT, [&someone.person, client])?;
        self.look_up(ACCOUNT, [&someone.user_name])?;
        self.look_up(PARTICIPATIONS, [session])?;
        self.commit(4, Some(&someone.person), |writer| {
            writer.one(USE_ONCE, params![once, FIRST_STEP])?;
            writer.one(KEEP_PARTICIPATION, params![session, client, sid, subject])?;
            writer.one(HOLD_CONSENT, params![someone.person, client])?;
            writer.one(EXTEND_SESSION, params![session, FIRST_STEP])
        })
    }

    /// The service redeems the code.
    pub(super) fn redeem(&self) -> anyhow::Result<()> {
        let Present { code, at, .. } = &self.present;
        let (someone, token) = (self.someone(), self.draw::<32>());
        self.look_up(CODE, [code])?;
        self.commit(4, Some(&someone.person), |writer| {
            let Template { client, granted, .. } = &self.template;
            writer.one(SPEND_CODE, params![code, at, client])?;
            writer.one(ADD_TOKEN, params![token, code, client, someone.person, granted, at])
        })
    }

    fn someone(&self) -> &Someone {
        &self.people[self.made % self.people.len()]
    }

    /// One transaction, with its audit record.
    fn commit(
        &self,
        nth: usize,
        person: Option<&str>,
        write: impl Fn(&Writer<'_>) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let writer = Writer(&self.writer);
        writer.run("BEGIN IMMEDIATE")?;
        write(&writer)?;
        let (event, detail) = &self.template.events[nth];
        writer.one(AUDIT, params![FIRST_STEP, person, event, detail])?;
        writer.run("COMMIT")
    }

    /// Reads a row whole.
    fn look_up(&self, statement: &str, key: impl Params) -> anyhow::Result<()> {
        let mut prepared = self.reader.prepare_cached(statement)?;
        let columns = prepared.column_count();
        let mut rows = prepared.query(key)?;
        let row = rows.next()?.context("a row that was just written")?;
        let values: rusqlite::Result<Vec<rusqlite::types::Value>> =
            (0..columns).map(|column| row.get(column)).collect();
        ensure!(values?.len() == columns, "a row is whole");
        Ok(())
    }

    /// Random hexadecimal digits, two for each byte.
    fn draw<const BYTES: usize>(&self) -> String {
        let random: &dyn Random = &self.random;
        HEXLOWER.encode(&random.bytes::<BYTES>())
    }
}

struct Writer<'a>(&'a Connection);

impl Writer<'_> {
    fn one(&self, statement: &str, values: impl Params) -> anyhow::Result<()> {
        let rows = self.0.prepare_cached(statement)?.execute(values)?;
        ensure!(rows == 1, "{rows} rows, not one: {statement}");
        Ok(())
    }

    fn run(&self, statement: &str) -> anyhow::Result<()> {
        self.0.prepare_cached(statement)?.execute([])?;
        Ok(())
    }
}

/// As the gateway connects.
fn connect(database: &Path, access: OpenFlags) -> anyhow::Result<Connection> {
    let connection = Connection::open_with_flags(database, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.set_prepared_statement_cache_capacity(128);
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(connection)
}

fn template(connection: &Connection, protocol: Protocol) -> anyhow::Result<Template> {
    let text = |statement: &str| connection.query_row(statement, [], |row| row.get::<_, String>(0));
    let mut events: Vec<(String, String)> = connection
        .prepare("SELECT event, detail FROM audit ORDER BY sequence DESC LIMIT 5")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    events.reverse();
    let events = events.try_into().map_err(|_| anyhow::anyhow!("a sign-in makes five commits"))?;
    Ok(Template {
        login: text("SELECT login FROM login")?,
        attempts: text("SELECT attempts FROM attempts")?,
        client: text("SELECT client FROM participation")?,
        session: text("SELECT digest FROM session")?,
        sid: text("SELECT sid FROM participation")?,
        subject: text("SELECT subject FROM participation")?,
        granted: match protocol {
            Protocol::Oidc => text("SELECT granted FROM token")?,
            Protocol::Saml => String::new(),
        },
        events,
    })
}
