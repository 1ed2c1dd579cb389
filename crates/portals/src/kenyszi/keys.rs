//! The portal's keys: made once, and read at every later start.

use rusqlite::{Connection, OptionalExtension};
use service_kit::{KeyType, ServiceKeys, SignatureAlgorithm, StoredKey};

use super::SetUpError;
use crate::database::Database;
use crate::demo::Demo;

/// The name in the certificates, which nobody reads.
const COMMON_NAME: &str = "KENYSZI (demo)";
/// Each key, what it is for, and its kind; a key to decrypt must be RSA.
const KINDS: [(&str, KeyType); 2] = [("signing", KeyType::P256), ("decryption", KeyType::Rsa3072)];

/// The keys in the database, made if they are not there yet.
pub(super) fn ensure(database: &Database, demo: &Demo) -> Result<ServiceKeys, SetUpError> {
    let [signing, decryption] = KINDS.map(|(purpose, kind)| ensure_one(database, demo, purpose, kind));
    Ok(ServiceKeys::read(&signing?, &decryption?)?)
}

fn ensure_one(database: &Database, demo: &Demo, purpose: &str, kind: KeyType) -> Result<StoredKey, SetUpError> {
    if let Some(key) = database.at_start(|db| read(db, purpose))? {
        return Ok(key);
    }
    let now = demo.clock.now().seconds();
    let new = StoredKey::draw(kind, COMMON_NAME, now, &mut |octets| demo.random.fill(octets))?;
    // Whoever was first has made the key that is used.
    let kept = database.at_start(|db| {
        db.execute(
            "INSERT INTO key_pair (purpose, algorithm, private_key, certificate) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO NOTHING",
            (purpose, new.algorithm.uri(), new.private_key.as_slice(), &new.certificate),
        )?;
        read(db, purpose)
    })?;
    Ok(kept.ok_or(rusqlite::Error::QueryReturnedNoRows)?)
}

fn read(db: &Connection, purpose: &str) -> rusqlite::Result<Option<StoredKey>> {
    let found =
        db.query_row("SELECT algorithm, private_key, certificate FROM key_pair WHERE purpose = ?1", [purpose], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, Vec<u8>>(1)?, row.get::<_, Vec<u8>>(2)?))
        });
    let Some((algorithm, private_key, certificate)) = found.optional()? else { return Ok(None) };
    let algorithm = SignatureAlgorithm::from_uri(&algorithm).ok_or(rusqlite::Error::InvalidQuery)?;
    Ok(Some(StoredKey { algorithm, private_key: private_key.into(), certificate }))
}
