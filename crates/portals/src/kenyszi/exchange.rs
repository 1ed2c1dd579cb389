//! What was said at a sign-in, word for word: the request as it left, the response as it came. For whoever connects a
//! service of their own and wants to see what is asked and what comes of it.

use model::HandleDigest;
use rusqlite::{Connection, OptionalExtension, named_params};
use service_kit::SignedIn;

/// The table. A row belongs to a sign-in under way, then to the session that came of it, and goes with either.
pub(super) const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS exchange (
    request TEXT PRIMARY KEY, visitor TEXT, asked TEXT NOT NULL, response TEXT, assertion TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS exchange_visitor ON exchange (visitor);
";

/// A request and its response, as XML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Exchange {
    /// The request.
    pub(crate) asked: String,
    /// The response as it was posted; its assertion is encrypted there.
    pub(crate) response: String,
    /// The assertion that was believed.
    pub(crate) assertion: String,
}

/// Keeps a request that leaves, and forgets what belongs to nobody any more.
pub(super) fn asked(db: &Connection, request: &str, xml: &str) -> rusqlite::Result<()> {
    db.execute(
        "DELETE FROM exchange WHERE request NOT IN (SELECT request FROM attempt)
         AND (visitor IS NULL OR visitor NOT IN (SELECT visitor FROM session))",
        [],
    )?;
    db.execute("INSERT INTO exchange (request, asked) VALUES (?1, ?2)", (request, xml)).map(drop)
}

/// Keeps the response to it.
pub(super) fn answered(db: &Connection, request: &str, response: &str, signed_in: &SignedIn) -> rusqlite::Result<()> {
    let update = "UPDATE exchange SET response = ?2, assertion = ?3 WHERE request = ?1";
    db.execute(update, (request, response, &signed_in.assertion)).map(drop)
}

/// Gives both to the session of `visitor`.
pub(super) fn belongs(db: &Connection, request: &str, visitor: &HandleDigest) -> rusqlite::Result<()> {
    db.execute("UPDATE exchange SET visitor = ?2 WHERE request = ?1", (request, visitor.as_str())).map(drop)
}

/// What was said at the sign-in of the visitor's session.
pub(super) fn of(db: &Connection, visitor: &HandleDigest) -> rusqlite::Result<Option<Exchange>> {
    db.query_row(
        "SELECT asked, response, assertion FROM exchange JOIN session USING (visitor) WHERE visitor = :visitor",
        named_params! { ":visitor": visitor.as_str() },
        |row| Ok(Exchange { asked: row.get(0)?, response: row.get(1)?, assertion: row.get(2)? }),
    )
    .optional()
}
