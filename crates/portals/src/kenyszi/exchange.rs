//! What was said at a sign-in, word for word: the request as it left, the response as it came. For whoever connects a
//! service of their own and wants to see what is asked and what comes of it.

use model::HandleDigest;
use rusqlite::{Connection, OptionalExtension, named_params};
use service_kit::SignedIn;

/// The table. A row belongs to a sign-in under way, then to the session that came of it, and goes with either,
/// whatever ends that.
pub(super) const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS exchange (
    request TEXT PRIMARY KEY, visitor TEXT, asked TEXT NOT NULL, response TEXT, assertion TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS exchange_visitor ON exchange (visitor);
CREATE TRIGGER IF NOT EXISTS exchange_of_attempt AFTER DELETE ON attempt BEGIN
    DELETE FROM exchange WHERE request = OLD.request AND visitor IS NULL;
END;
CREATE TRIGGER IF NOT EXISTS exchange_of_session AFTER DELETE ON session BEGIN
    DELETE FROM exchange WHERE visitor = OLD.visitor;
END;
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

/// Keeps a request that leaves.
pub(super) fn asked(db: &Connection, request: &str, xml: &str) -> rusqlite::Result<()> {
    db.execute("INSERT INTO exchange (request, asked) VALUES (?1, ?2)", (request, xml)).map(drop)
}

/// Keeps the response to it.
pub(super) fn answered(db: &Connection, request: &str, response: &str, signed_in: &SignedIn) -> rusqlite::Result<()> {
    let update = "UPDATE exchange SET response = ?2, assertion = ?3 WHERE request = ?1";
    db.execute(update, (request, response, &signed_in.assertion)).map(drop)
}

/// Gives both to the session of `visitor`, before the sign-in is over.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kenyszi::sessions;

    /// One sign-in under way, and one that became a session.
    fn database() -> Connection {
        let db = Connection::open_in_memory().unwrap();
        db.execute_batch(&[sessions::SCHEMA, SCHEMA].concat()).unwrap();
        for request in ["_1", "_2"] {
            let attempt = "INSERT INTO attempt (request, visitor, demand, begun) VALUES (?1, 'before', 'usual', 0)";
            db.execute(attempt, [request]).unwrap();
            asked(&db, request, "<AuthnRequest/>").unwrap();
        }
        db.execute_batch(
            "INSERT INTO session (visitor, name, person, began, used, ends) VALUES ('after', 'n', '{}', 0, 0, 0);
             UPDATE exchange SET visitor = 'after' WHERE request = '_2';
             DELETE FROM attempt WHERE request = '_2';",
        )
        .unwrap();
        db
    }

    fn kept(db: &Connection) -> Vec<String> {
        let mut all = db.prepare("SELECT request FROM exchange ORDER BY request").unwrap();
        all.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }

    #[test]
    fn what_was_said_goes_with_its_sign_in_or_its_session() {
        let db = database();
        assert_eq!(kept(&db), ["_1", "_2"]);
        db.execute("DELETE FROM session WHERE name = 'n'", []).unwrap();
        assert_eq!(kept(&db), ["_1"], "it is not for the next request to clear it away");
        db.execute("DELETE FROM attempt WHERE begun < 1", []).unwrap();
        assert!(kept(&db).is_empty());
    }
}
