//! What the portal remembers: sign-ins under way, sessions, and logout tokens that were used.

use std::path::Path;

use model::limits::{SESSION_IDLE, SESSION_TOTAL, TRANSACTION_WHILE_ENROLLING};
use model::{HandleDigest, Timestamp};
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, named_params};

use super::logout_token::{Ending, LogoutToken};
use super::provider::SignedIn;
use super::sign_in::Attempt;
use crate::database::{Database, DatabaseFault, OpenError};
use crate::portal::demand::Demand;
use crate::portal::received::Session;

/// Sign-ins under way in one browser; beyond it the oldest is forgotten.
const ATTEMPTS: u32 = 20;
/// Sign-ins under way in all; beyond it the oldest is forgotten.
const ATTEMPTS_IN_ALL: u32 = 10_000;

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS attempt (
    state TEXT PRIMARY KEY, visitor TEXT NOT NULL, demand TEXT NOT NULL, begun INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS attempt_begun ON attempt (begun);
CREATE TABLE IF NOT EXISTS session (
    visitor TEXT PRIMARY KEY, subject TEXT NOT NULL, sid TEXT, id_token TEXT NOT NULL, received TEXT NOT NULL,
    began INTEGER NOT NULL, used INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS session_sid ON session (sid);
CREATE INDEX IF NOT EXISTS session_subject ON session (subject);
CREATE TABLE IF NOT EXISTS logout_token (
    jti TEXT PRIMARY KEY, acceptable_until INTEGER NOT NULL
) STRICT;
";

/// What became of a logout token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Used {
    /// The sessions that it names have ended, if there were any.
    Now,
    /// It had been used.
    Before,
}

/// The portal's memory.
#[derive(Clone)]
pub(super) struct Sessions(Database);

impl Sessions {
    pub(super) fn open(file: &Path) -> Result<Self, OpenError> {
        Ok(Self(Database::open(file, SCHEMA)?))
    }

    /// Remembers a sign-in under way.
    pub(super) async fn expect(&self, visitor: HandleDigest, attempt: &Attempt) -> Result<(), DatabaseFault> {
        let (state, demand, begun) = (attempt.digest(), attempt.demand, attempt.begun);
        let work = move |db: &Connection| {
            let visitor = visitor.as_str();
            db.execute(
                "INSERT INTO attempt (state, visitor, demand, begun) VALUES (:state, :visitor, :demand, :begun)",
                named_params! {
                    ":state": state.as_str(), ":visitor": visitor,
                    ":demand": demand.as_str(), ":begun": begun.micros(),
                },
            )?;
            db.execute(
                "DELETE FROM attempt WHERE begun < :lapsed
                 OR state IN (SELECT state FROM attempt WHERE visitor = :visitor ORDER BY begun DESC LIMIT -1 OFFSET :own)
                 OR state IN (SELECT state FROM attempt ORDER BY begun DESC LIMIT -1 OFFSET :all)",
                named_params! {
                    ":lapsed": (begun - TRANSACTION_WHILE_ENROLLING).micros(),
                    ":visitor": visitor, ":own": ATTEMPTS, ":all": ATTEMPTS_IN_ALL,
                },
            )?;
            Ok(())
        };
        self.0.run(work).await
    }

    /// Takes the sign-in that this browser began with this state: each is taken once.
    pub(super) async fn take(
        &self,
        visitor: HandleDigest,
        state: HandleDigest,
        now: Timestamp,
    ) -> Result<Option<(Demand, Timestamp)>, DatabaseFault> {
        let work = move |db: &Connection| {
            let taken = db
                .query_row(
                    "DELETE FROM attempt WHERE state = :state AND visitor = :visitor AND begun >= :lapsed
                     RETURNING demand, begun",
                    named_params! {
                        ":state": state.as_str(), ":visitor": visitor.as_str(),
                        ":lapsed": (now - TRANSACTION_WHILE_ENROLLING).micros(),
                    },
                    |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?)),
                )
                .optional()?;
            Ok(taken.and_then(|(demand, begun)| Some((Demand::from_name(&demand)?, Timestamp::from_micros(begun)))))
        };
        self.0.run(work).await
    }

    /// Begins a session under the visitor's new name; the old one's ends.
    pub(super) async fn begin(
        &self,
        old: HandleDigest,
        new: HandleDigest,
        signed_in: SignedIn,
        now: Timestamp,
    ) -> Result<(), DatabaseFault> {
        let work = move |db: &Connection| {
            let SignedIn { received, id_token } = signed_in;
            db.execute("DELETE FROM session WHERE visitor = ?1", [old.as_str()])?;
            let json = serde_json::to_string(&received)
                .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
            db.execute(
                "INSERT INTO session (visitor, subject, sid, id_token, received, began, used)
                 VALUES (:visitor, :subject, :sid, :id_token, :received, :now, :now)",
                named_params! {
                    ":visitor": new.as_str(), ":subject": received.subject, ":sid": received.sid,
                    ":id_token": id_token, ":received": json, ":now": now.micros(),
                },
            )?;
            Ok(())
        };
        self.0.run(work).await
    }

    /// The visitor's session, which is thereby used.
    pub(super) async fn find(&self, visitor: HandleDigest, now: Timestamp) -> Result<Option<Session>, DatabaseFault> {
        let work = move |db: &Connection| {
            db.execute(
                "DELETE FROM session WHERE used < :idle OR began < :total",
                named_params! { ":idle": (now - SESSION_IDLE).micros(), ":total": (now - SESSION_TOTAL).micros() },
            )?;
            db.query_row(
                "UPDATE session SET used = MAX(used, :now) WHERE visitor = :visitor RETURNING received, began",
                named_params! { ":now": now.micros(), ":visitor": visitor.as_str() },
                |row| {
                    let json: String = row.get(0)?;
                    let received = serde_json::from_str(&json)
                        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(0, Type::Text, error.into()))?;
                    let began = Timestamp::from_micros(row.get(1)?);
                    Ok(Session { received, until: (now + SESSION_IDLE).min(began + SESSION_TOTAL) })
                },
            )
            .optional()
        };
        self.0.run(work).await
    }

    /// Ends the visitor's session and gives back its ID token.
    pub(super) async fn end(&self, visitor: HandleDigest) -> Result<Option<String>, DatabaseFault> {
        let work = move |db: &Connection| {
            db.query_row("DELETE FROM session WHERE visitor = ?1 RETURNING id_token", [visitor.as_str()], |row| {
                row.get(0)
            })
            .optional()
        };
        self.0.run(work).await
    }

    /// Uses a logout token: the sessions that it names end, once.
    pub(super) async fn use_up(&self, token: LogoutToken, now: Timestamp) -> Result<Used, DatabaseFault> {
        let work = move |db: &Connection| {
            db.execute("DELETE FROM logout_token WHERE acceptable_until < ?1", [now.micros()])?;
            let inserted = db.execute(
                "INSERT INTO logout_token (jti, acceptable_until) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                (&token.jti, token.acceptable_until.micros()),
            )?;
            if inserted == 0 {
                return Ok(Used::Before);
            }
            match &token.ending {
                Ending::Session(sid) => db.execute("DELETE FROM session WHERE sid = ?1", [sid])?,
                Ending::Subject(subject) => db.execute("DELETE FROM session WHERE subject = ?1", [subject])?,
                Ending::SessionOf { sid, subject } => {
                    db.execute("DELETE FROM session WHERE sid = ?1 AND subject = ?2", [sid, subject])?
                }
            };
            Ok(Used::Now)
        };
        self.0.run(work).await
    }
}
