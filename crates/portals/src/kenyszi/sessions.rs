//! What the portal remembers: sign-ins under way, sessions, and what was used once.

use model::limits::{SESSION_IDLE, SESSION_TOTAL, TRANSACTION_WHILE_ENROLLING};
use model::{HandleDigest, Timestamp};
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, named_params};
use serde::{Deserialize, Serialize};
use service_kit::{LogoutAsked, NameId, NameIdFormat, Participant, SignedIn, Started};

use super::claims;
use super::exchange::{self, Exchange};
use crate::database::{Database, DatabaseFault};
use crate::portal::demand::Demand;
use crate::portal::received::{Received, Session};

/// Sign-ins under way in one browser; beyond it the oldest is forgotten that was not answered.
const ATTEMPTS: u32 = 20;
/// Sign-ins under way in all, and sign-outs; beyond it the oldest is forgotten, likewise. Anybody may begin one, so many
/// strangers can make others begin anew, but nobody whom Kapu has signed in.
const ATTEMPTS_IN_ALL: u32 = 10_000;

/// The tables. An attempt that was answered waits, under the digest of a random handle, for the browser that began it.
pub(super) const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS key_pair (
    purpose TEXT PRIMARY KEY, algorithm TEXT NOT NULL, private_key BLOB NOT NULL, certificate BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS attempt (
    request TEXT PRIMARY KEY, visitor TEXT NOT NULL, demand TEXT NOT NULL, begun INTEGER NOT NULL,
    handle TEXT UNIQUE, name TEXT, session_index TEXT, person TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS attempt_begun ON attempt (begun);
CREATE TABLE IF NOT EXISTS session (
    visitor TEXT PRIMARY KEY, name TEXT NOT NULL, session_index TEXT, person TEXT NOT NULL,
    began INTEGER NOT NULL, used INTEGER NOT NULL, ends INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS session_name ON session (name);
CREATE TABLE IF NOT EXISTS used (
    kind TEXT NOT NULL, id TEXT NOT NULL, until INTEGER NOT NULL, PRIMARY KEY (kind, id)
) STRICT;
CREATE TABLE IF NOT EXISTS leaving (request TEXT PRIMARY KEY, begun INTEGER NOT NULL) STRICT;
";

/// The portal's memory.
#[derive(Clone)]
pub(super) struct Sessions(Database);

/// Who signed in, as it rests.
#[derive(Serialize, Deserialize)]
struct Person {
    format: String,
    value: String,
    name_qualifier: Option<String>,
    sp_name_qualifier: Option<String>,
    session_index: Option<String>,
    received: Received,
    /// When the portal must forget the person, in seconds since the epoch.
    ends: Option<i64>,
}

/// What became of a response that was believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Taken {
    /// It waits for the browser that asked.
    Now,
    /// The assertion was used, or the request was answered.
    Before,
}

impl Sessions {
    pub(super) const fn new(database: Database) -> Self {
        Self(database)
    }

    /// Remembers a sign-in under way.
    pub(super) async fn expect(
        &self,
        visitor: HandleDigest,
        started: &Started,
        demand: Demand,
        begun: Timestamp,
    ) -> Result<(), DatabaseFault> {
        let (request, xml) = (started.request_id.clone(), started.xml.clone());
        let work = move |db: &Connection| {
            let visitor = visitor.as_str();
            db.execute(
                "INSERT INTO attempt (request, visitor, demand, begun) VALUES (:request, :visitor, :demand, :begun)",
                named_params! {
                    ":request": request, ":visitor": visitor, ":demand": demand.as_str(), ":begun": begun.micros(),
                },
            )?;
            db.execute(
                "DELETE FROM attempt WHERE begun < :lapsed
                 OR request IN (SELECT request FROM attempt WHERE visitor = :visitor AND handle IS NULL
                                ORDER BY begun DESC LIMIT -1 OFFSET :own)
                 OR request IN (SELECT request FROM attempt WHERE handle IS NULL
                                ORDER BY begun DESC LIMIT -1 OFFSET :all)",
                named_params! {
                    ":lapsed": (begun - TRANSACTION_WHILE_ENROLLING).micros(),
                    ":visitor": visitor, ":own": ATTEMPTS, ":all": ATTEMPTS_IN_ALL,
                },
            )?;
            exchange::asked(db, &request, &xml)
        };
        self.0.run(work).await
    }

    /// The sign-in under way that a response says it answers. Whose it is, is seen when the browser comes back.
    pub(super) async fn pending(
        &self,
        request: &str,
        now: Timestamp,
    ) -> Result<Option<(Demand, Timestamp)>, DatabaseFault> {
        let request = request.to_owned();
        let work = move |db: &Connection| {
            let found = db
                .query_row(
                    "SELECT demand, begun FROM attempt WHERE request = ?1 AND handle IS NULL AND begun >= ?2",
                    (request, (now - TRANSACTION_WHILE_ENROLLING).micros()),
                    |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?)),
                )
                .optional()?;
            Ok(found.and_then(|(demand, begun)| Some((Demand::from_name(&demand)?, Timestamp::from_micros(begun)))))
        };
        self.0.run(work).await
    }

    /// Uses up the assertion and the request, and lets who signed in wait under the handle.
    pub(super) async fn answer(
        &self,
        request: &str,
        handle: HandleDigest,
        response: &str,
        signed_in: &SignedIn,
        now: Timestamp,
    ) -> Result<Taken, DatabaseFault> {
        let (request, response, signed_in) = (request.to_owned(), response.to_owned(), signed_in.clone());
        let person = Person::of(&signed_in);
        let work = move |db: &Connection| {
            if !use_once(db, "assertion", &signed_in.assertion_id, signed_in.use_until, now)? {
                return Ok(Taken::Before);
            }
            let answered = db.execute(
                "UPDATE attempt SET handle = :handle, name = :name, session_index = :session_index, person = :person
                 WHERE request = :request AND handle IS NULL",
                named_params! {
                    ":handle": handle.as_str(), ":name": person.name(), ":session_index": person.session_index,
                    ":person": person.to_json()?, ":request": request,
                },
            )?;
            if answered != 1 {
                return Ok(Taken::Before);
            }
            exchange::answered(db, &request, &response, &signed_in)?;
            Ok(Taken::Now)
        };
        self.0.run(work).await
    }

    /// Begins the session that waits under the handle, in the browser that asked for it and no other.
    pub(super) async fn begin(
        &self,
        old: HandleDigest,
        handle: HandleDigest,
        new: HandleDigest,
        now: Timestamp,
    ) -> Result<bool, DatabaseFault> {
        let work = move |db: &Connection| {
            let found = db
                .query_row(
                    "SELECT request, person FROM attempt
                     WHERE handle = :handle AND visitor = :visitor AND begun >= :lapsed",
                    named_params! {
                        ":handle": handle.as_str(), ":visitor": old.as_str(),
                        ":lapsed": (now - TRANSACTION_WHILE_ENROLLING).micros(),
                    },
                    |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)),
                )
                .optional()?;
            let Some((request, json)) = found else { return Ok(false) };
            let person = Person::from_json(&json)?;
            let total = now + SESSION_TOTAL;
            let ends = person.ends.map_or(total, |ends| Timestamp::from_seconds(ends).min(total));
            db.execute("DELETE FROM session WHERE visitor = ?1", [old.as_str()])?;
            db.execute(
                "INSERT INTO session (visitor, name, session_index, person, began, used, ends)
                 VALUES (:visitor, :name, :session_index, :person, :now, :now, :ends)",
                named_params! {
                    ":visitor": new.as_str(), ":name": person.name(), ":session_index": person.session_index,
                    ":person": json, ":now": now.micros(), ":ends": ends.micros(),
                },
            )?;
            exchange::belongs(db, &request, &new)?;
            db.execute("DELETE FROM attempt WHERE request = ?1", [request])?;
            Ok(true)
        };
        self.0.run(work).await
    }

    /// The visitor's session, which is thereby used.
    pub(super) async fn find(&self, visitor: HandleDigest, now: Timestamp) -> Result<Option<Session>, DatabaseFault> {
        let work = move |db: &Connection| {
            db.execute(
                "DELETE FROM session WHERE used < ?1 OR ends <= ?2",
                ((now - SESSION_IDLE).micros(), now.micros()),
            )?;
            let found = db
                .query_row(
                    "UPDATE session SET used = MAX(used, :now) WHERE visitor = :visitor RETURNING person, ends",
                    named_params! { ":now": now.micros(), ":visitor": visitor.as_str() },
                    |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?)),
                )
                .optional()?;
            let Some((json, ends)) = found else { return Ok(None) };
            let received = Person::from_json(&json)?.received;
            Ok(Some(Session { received, until: (now + SESSION_IDLE).min(Timestamp::from_micros(ends)) }))
        };
        self.0.run(work).await
    }

    /// What was said at the sign-in of the visitor's session.
    pub(super) async fn exchange(&self, visitor: HandleDigest) -> Result<Option<Exchange>, DatabaseFault> {
        self.0.run(move |db| exchange::of(db, &visitor)).await
    }

    /// Ends the visitor's session and says whose it was.
    pub(super) async fn end(&self, visitor: HandleDigest) -> Result<Option<Participant>, DatabaseFault> {
        let work = move |db: &Connection| {
            let ended =
                db.query_row("DELETE FROM session WHERE visitor = ?1 RETURNING person", [visitor.as_str()], |row| {
                    row.get::<_, String>(0)
                });
            ended.optional()?.map(|json| Ok(Person::from_json(&json)?.participant())).transpose()
        };
        self.0.run(work).await
    }

    /// Ends the sessions that Kapu names, and those that only wait for their browser. A request that is repeated ends
    /// nothing that began after it.
    pub(super) async fn end_named(&self, asked: &LogoutAsked, now: Timestamp) -> Result<(), DatabaseFault> {
        let (id, until, indexes) = (asked.id.clone(), asked.use_until, asked.session_indexes.clone());
        let name = name_of(asked.name_id.format.uri(), &asked.name_id.value);
        let work = move |db: &Connection| {
            if !use_once(db, "logout", &id, until, now)? {
                return Ok(());
            }
            for table in ["session", "attempt"] {
                if indexes.is_empty() {
                    db.execute(&format!("DELETE FROM {table} WHERE name = ?1"), [&name])?;
                }
                for index in &indexes {
                    db.execute(&format!("DELETE FROM {table} WHERE name = ?1 AND session_index = ?2"), [&name, index])?;
                }
            }
            Ok(())
        };
        self.0.run(work).await
    }

    /// Remembers that Kapu was asked to end a session.
    pub(super) async fn leave(&self, started: &Started, now: Timestamp) -> Result<(), DatabaseFault> {
        let request = started.request_id.clone();
        let work = move |db: &Connection| {
            db.execute("INSERT INTO leaving (request, begun) VALUES (?1, ?2)", (request, now.micros()))?;
            db.execute(
                "DELETE FROM leaving WHERE begun < ?1
                 OR request IN (SELECT request FROM leaving ORDER BY begun DESC LIMIT -1 OFFSET ?2)",
                ((now - TRANSACTION_WHILE_ENROLLING).micros(), ATTEMPTS_IN_ALL),
            )?;
            Ok(())
        };
        self.0.run(work).await
    }

    /// Whether Kapu was asked that; it answers once.
    pub(super) async fn left(&self, request: String) -> Result<bool, DatabaseFault> {
        self.0.run(move |db| Ok(db.execute("DELETE FROM leaving WHERE request = ?1", [request])? == 1)).await
    }
}

/// Uses something up until `until`, in seconds since the epoch. False if it was used up before.
fn use_once(db: &Connection, kind: &str, id: &str, until: i64, now: Timestamp) -> rusqlite::Result<bool> {
    db.execute("DELETE FROM used WHERE until <= ?1", [now.seconds()])?;
    let inserted =
        db.execute("INSERT INTO used (kind, id, until) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING", (kind, id, until))?;
    Ok(inserted == 1)
}

/// By what sessions of one person are found.
fn name_of(format: &str, value: &str) -> String {
    format!("{format} {value}")
}

impl Person {
    fn of(signed_in: &SignedIn) -> Self {
        let NameId { format, value, name_qualifier, sp_name_qualifier } = signed_in.name_id.clone();
        Self {
            format: format.uri().to_owned(),
            value,
            name_qualifier,
            sp_name_qualifier,
            session_index: signed_in.session_index.clone(),
            received: claims::received(signed_in),
            ends: signed_in.session_not_on_or_after,
        }
    }

    fn name(&self) -> String {
        name_of(&self.format, &self.value)
    }

    fn participant(self) -> Participant {
        let format = NameIdFormat::from_uri(&self.format);
        let (name_qualifier, sp_name_qualifier) = (self.name_qualifier, self.sp_name_qualifier);
        Participant {
            name_id: NameId { format, value: self.value, name_qualifier, sp_name_qualifier },
            session_index: self.session_index,
        }
    }

    fn to_json(&self) -> rusqlite::Result<String> {
        serde_json::to_string(self).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
    }

    fn from_json(json: &str) -> rusqlite::Result<Self> {
        let read = serde_json::from_str(json);
        read.map_err(|error| rusqlite::Error::FromSqlConversionFailure(0, Type::Text, error.into()))
    }
}
