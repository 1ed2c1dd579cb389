//! People: written straight into the migrated tables, each with a password and an active authenticator.
//!
//! Their password is the same, so that its hash is made once. Everything else is each one's own, keys
//! and identifiers in random order, as enrolments would leave them.

use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;

use data_encoding::HEXLOWER;
use idp::password::Password;
use idp::seal::{SealedFor, seal};
use idp::{HashParameters, HashPool, Hasher, Keys, MasterKey, totp};
use model::{Binding, Datum, PersonId, Random, Release, Secret};
use rusqlite::{Connection, params};

use crate::machine::{Seeded, SystemClock};
use crate::saml_service::Signed;

/// Everybody's password.
pub(crate) const PASSWORD: &str = "kilenc zold alma a fan";
/// Page cache while writing, in KiB.
const CACHE_KIB: i64 = 1024 * 1024;

/// The user name of one.
pub(crate) fn user_name(nth: u64) -> String {
    format!("minta.{nth:08}")
}

/// The authenticator's key of one.
pub(crate) fn key(nth: u64) -> anyhow::Result<totp::Key> {
    let random: &dyn Random = &Seeded::new(nth.wrapping_mul(2).wrapping_add(1));
    Ok(totp::Key::from_bytes(&random.bytes::<{ totp::KEY_BYTES }>())?)
}

/// Writes `people` into a database that the program itself migrated and closed.
pub(crate) async fn fill(database: &Path, keys: &Keys, people: u64) -> anyhow::Result<()> {
    let hash = hash().await?;
    let binding = serde_json::to_string(&Binding::Password)?;
    let mut connection = Connection::open(database)?;
    // A crash loses a benchmark and nothing else.
    connection.pragma_update(None, "synchronous", "OFF")?;
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    let transaction = connection.transaction()?;
    {
        let mut person = transaction.prepare(
            "INSERT INTO person (id, user_name, standing, password, password_at, epoch, enrolments, lang, family_name, \
             given_name, birth_family_name, birth_given_name, birth_country, birth_region, birth_locality, birth_date, \
             mother_family_name, mother_given_name, nationalities, email, created_at) VALUES (?1, ?2, 'open', ?3, 0, 0, 1, \
             'hu', 'Minta', 'Anna', 'Minta', 'Anna', 'HU', NULL, 'Zalaegerszeg', '1985-03-04', 'Teszt', 'Éva', 'HU', ?4, 0)",
        )?;
        let mut name = transaction.prepare("INSERT INTO user_name (name, person) VALUES (?1, ?2)")?;
        let mut authenticator = transaction.prepare(
            "INSERT INTO authenticator (id, person, sealed_key, state, last_step, binding, usable_from, nth, bound_at, \
             changed_at, deletion_hash) VALUES (?1, ?2, ?3, 'active', 0, ?4, 0, 1, 0, 0, ?5)",
        )?;
        // Everybody signed in to both services before: no page shows what they receive.
        let mut consent = transaction.prepare(
            "INSERT INTO consent (person, service, released, basis, given_at) VALUES (?1, ?2, ?3, 'consent', 0)",
        )?;
        let released = Release::from_iter(Datum::ALL).write();
        for nth in 0..people {
            let random: &dyn Random = &Seeded::new(nth.wrapping_mul(2));
            let id = PersonId::draw(random);
            let user_name = user_name(nth);
            let place = SealedFor { table: "authenticator", owner: id.as_str(), purpose: "key" };
            let sealed = seal(keys, random, &place, key(nth)?.expose());
            person.execute(params![id.as_str(), user_name, hash, format!("{user_name}@pelda.hu")])?;
            name.execute(params![user_name, id.as_str()])?;
            let own = HEXLOWER.encode(&random.bytes::<16>());
            let by_saml = Signed::ALL.map(Signed::entity_id);
            for service in [crate::installation::CLIENT_ID].into_iter().chain(by_saml) {
                consent.execute(params![id.as_str(), service, released])?;
            }
            authenticator.execute(params![own, id.as_str(), sealed, binding, hash])?;
        }
    }
    transaction.commit()?;
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok(())
}

/// Writes credentials of nobody, all revoked, at places of the first status list that were drawn.
pub(crate) fn revoke(database: &Path, places: u32, revoked: u32) -> anyhow::Result<()> {
    let mut connection = Connection::open(database)?;
    let transaction = connection.transaction()?;
    {
        let mut credential = transaction.prepare(
            "INSERT INTO issued_credential (id, person, format, list, place, loa, provenance, holder, notification, \
             issued_at, expires_at, revoked_at) VALUES (?1, 'nobody', 'dc+sd-jwt', 1, ?2, 'substantial', '{}', '', ?1, 0, \
             4000000000000000, 0) ON CONFLICT DO NOTHING",
        )?;
        let random: &dyn Random = &Seeded::new(1);
        let mut left = revoked;
        while left > 0 {
            let id = HEXLOWER.encode(&random.bytes::<16>());
            left -= u32::try_from(credential.execute(params![id, random.below(places)])?)?;
        }
    }
    transaction.commit()?;
    Ok(())
}

/// Everybody's password, hashed as the gateway would.
async fn hash() -> anyhow::Result<String> {
    let pool = HashPool::start(HashParameters::default(), NonZeroUsize::new(1), Arc::new(SystemClock))?;
    let random = Seeded::new(0);
    let hasher =
        Hasher::new(pool, Arc::new(Keys::new(&MasterKey::from_bytes(crate::installation::MASTER_KEY))), &random);
    let password = Password::parse(&Secret::new(PASSWORD.to_owned()))?;
    Ok(password.hash(&hasher, &random).await?)
}
