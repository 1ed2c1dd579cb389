//! Slow hashes at rest: made, written as PHC strings, verified.
//!
//! `$argon2id$v=19$m=19456,t=2,p=1,keyid=…$salt$hash`; what is hashed is the HMAC of the secret
//! under a key that the database does not hold, and `keyid` says from which master key it came.

use std::sync::Arc;

use argon2::password_hash::phc::{Ident, Output, ParamsString, PasswordHash, Salt};
use model::{Random, Secret};

use crate::keys::same;
use crate::pool::{HASH_BYTES, SALT_BYTES};
use crate::{Busy, HashParameters, HashPool, Keys, Load, Purpose};

const ALGORITHM: &str = "argon2id";
const VERSION: u32 = 0x13;

/// What a comparison with a stored hash says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The same.
    Right,
    /// The same, but the stored hash was made with other parameters than are configured now:
    /// the caller should replace it.
    RightOutdated,
    /// Not the same, or nothing stored.
    Wrong,
}

impl Verdict {
    /// Whether it is the same.
    pub fn is_right(self) -> bool {
        match self {
            Verdict::Right | Verdict::RightOutdated => true,
            Verdict::Wrong => false,
        }
    }
}

/// Why nothing can be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HashError {
    /// Come back later.
    #[error(transparent)]
    Busy(#[from] Busy),
    /// The stored hash is damaged, or costs more than is allowed. Somebody has to look.
    #[error("a stored hash cannot be read")]
    Unreadable,
    /// The stored hash was made under another master key: the wrong key file is in place.
    #[error("a stored hash was made under another master key")]
    ForeignKey,
}

/// Hashes secrets and verifies them, always at the same cost.
#[derive(Debug)]
pub struct Hasher {
    pool: HashPool,
    keys: Arc<Keys>,
    decoy: SlowHash,
}

impl Hasher {
    /// Draws the decoy: a hash of nothing, which stands where nothing is stored.
    pub fn new(pool: HashPool, keys: Arc<Keys>, random: &dyn Random) -> Self {
        let decoy = SlowHash { parameters: pool.parameters(), salt: random.bytes(), hash: random.bytes() };
        Self { pool, keys, decoy }
    }

    /// The keys in use.
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// How much waits to be hashed now.
    pub fn load(&self) -> Load {
        self.pool.load()
    }

    /// Hashes the HMAC of `parts` and returns the PHC string to be stored.
    pub(crate) async fn hash(&self, random: &dyn Random, purpose: Purpose, parts: &[&[u8]]) -> Result<String, Busy> {
        let (parameters, salt) = (self.pool.parameters(), random.bytes());
        let input = Secret::new(self.keys.mac(purpose, parts));
        let hash = *self.pool.hash(parameters, input, salt).await?.expose();
        Ok(SlowHash { parameters, salt, hash }.to_phc(&self.keys))
    }

    /// Compares with what is stored. `None` is compared with the decoy: as slow, and always wrong.
    pub(crate) async fn verify(
        &self,
        stored: Option<&str>,
        purpose: Purpose,
        parts: &[&[u8]],
    ) -> Result<Verdict, HashError> {
        let known = stored.map(|phc| SlowHash::from_phc(phc, &self.keys)).transpose()?;
        let against = known.as_ref().unwrap_or(&self.decoy);
        let input = Secret::new(self.keys.mac(purpose, parts));
        let made = self.pool.hash(against.parameters, input, against.salt).await?;
        let matches = same(made.expose(), &against.hash);
        Ok(match known {
            Some(known) if matches && known.parameters == self.pool.parameters() => Verdict::Right,
            Some(_) if matches => Verdict::RightOutdated,
            Some(_) | None => Verdict::Wrong,
        })
    }
}

/// A hash with all that is needed to make it again.
#[derive(Debug)]
struct SlowHash {
    parameters: HashParameters,
    salt: [u8; SALT_BYTES],
    hash: [u8; HASH_BYTES],
}

impl SlowHash {
    fn to_phc(&self, keys: &Keys) -> String {
        let mut params = ParamsString::new();
        let written = params
            .add_decimal("m", self.parameters.memory_kib())
            .and_then(|()| params.add_decimal("t", self.parameters.passes()))
            .and_then(|()| params.add_decimal("p", self.parameters.lanes()))
            .and_then(|()| params.add_b64_bytes("keyid", &keys.identifier()));
        written.expect("three numbers and eight characters fit a PHC string");
        PasswordHash {
            algorithm: Ident::new_unwrap(ALGORITHM),
            version: Some(VERSION),
            params,
            salt: Some(Salt::new(&self.salt).expect("a PHC salt has 8 to 48 bytes")),
            hash: Some(Output::new(&self.hash).expect("a PHC hash has 10 to 64 bytes")),
        }
        .to_string()
    }

    fn from_phc(phc: &str, keys: &Keys) -> Result<Self, HashError> {
        let read = PasswordHash::new(phc).map_err(|_| HashError::Unreadable)?;
        if read.algorithm.as_str() != ALGORITHM || read.version != Some(VERSION) {
            return Err(HashError::Unreadable);
        }
        let number = |name| read.params.get_decimal(name).ok_or(HashError::Unreadable);
        let parameters =
            HashParameters::new(number("m")?, number("t")?, number("p")?).map_err(|_| HashError::Unreadable)?;
        let salt = read.salt.as_ref().and_then(|salt| salt.as_ref().try_into().ok());
        let hash = read.hash.as_ref().and_then(|hash| hash.as_bytes().try_into().ok());
        let (Some(salt), Some(hash)) = (salt, hash) else {
            return Err(HashError::Unreadable);
        };
        let mut identifier = [0; 16];
        let identifier = read
            .params
            .get("keyid")
            .and_then(|value| value.b64_decode(&mut identifier).ok())
            .ok_or(HashError::Unreadable)?;
        if *identifier != keys.identifier() {
            return Err(HashError::ForeignKey);
        }
        Ok(Self { parameters, salt, hash })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Seeded, cheap, hasher, keys, pool, wait};

    const PURPOSE: Purpose = Purpose::PasswordPepper;

    fn hash(hasher: &Hasher) -> String {
        wait(hasher.hash(&Seeded::new(5), PURPOSE, &[b"secret"])).unwrap()
    }

    fn verify(hasher: &Hasher, stored: Option<&str>, secret: &[u8]) -> Result<Verdict, HashError> {
        wait(hasher.verify(stored, PURPOSE, &[secret]))
    }

    #[test]
    fn a_stored_hash_is_a_phc_string() {
        let stored = hash(&hasher());
        let parts: Vec<_> = stored.split('$').collect();
        assert_eq!((parts[0], parts[1], parts[2]), ("", "argon2id", "v=19"));
        assert!(parts[3].starts_with("m=8,t=1,p=1,keyid="), "{stored}");
        assert_eq!((parts[3].len(), parts[4].len(), parts[5].len()), (26, 22, 43), "{stored}");
    }

    #[test]
    fn the_right_secret_is_right_and_all_else_is_wrong() {
        let hasher = hasher();
        let stored = hash(&hasher);
        assert_eq!(verify(&hasher, Some(&stored), b"secret"), Ok(Verdict::Right));
        assert_eq!(verify(&hasher, Some(&stored), b"secreT"), Ok(Verdict::Wrong));
        assert_eq!(wait(hasher.verify(Some(&stored), Purpose::DeletionCode, &[b"secret"])), Ok(Verdict::Wrong));
        assert_eq!(verify(&hasher, None, b"secret"), Ok(Verdict::Wrong));
    }

    #[test]
    fn two_hashes_of_one_secret_differ() {
        let (hasher, random) = (hasher(), Seeded::new(5));
        let [one, other] = [(); 2].map(|()| wait(hasher.hash(&random, PURPOSE, &[b"secret"])).unwrap());
        assert_ne!(one, other);
    }

    #[test]
    fn other_parameters_are_verified_and_said_to_be_outdated() {
        for parameters in [HashParameters::new(16, 1, 1).unwrap(), HashParameters::new(2048, 2, 2).unwrap()] {
            let former = Hasher::new(pool(parameters), Arc::new(keys(7)), &Seeded::new(1));
            let stored = hash(&former);
            assert_eq!(verify(&hasher(), Some(&stored), b"secret"), Ok(Verdict::RightOutdated));
            assert_eq!(verify(&hasher(), Some(&stored), b"other"), Ok(Verdict::Wrong));
        }
    }

    #[test]
    fn a_hash_of_another_master_key_is_a_fault_and_not_a_wrong_secret() {
        let other = Hasher::new(pool(cheap()), Arc::new(keys(8)), &Seeded::new(1));
        assert_eq!(verify(&hasher(), Some(&hash(&other)), b"secret"), Err(HashError::ForeignKey));
    }

    #[test]
    fn a_damaged_hash_is_a_fault() {
        let hasher = hasher();
        let good = hash(&hasher);
        let damaged = [
            String::new(),
            "secret".to_owned(),
            good.replace("argon2id", "argon2i"),
            good.replace("v=19", "v=16"),
            good.replace("v=19$", ""),
            good.replace("m=8", "m=4194304"),
            good.replace("t=1", "t=1000000"),
            good.replace("p=1", "p=255"),
            good.replace("m=8,", ""),
            good.replace(",keyid=", ",data="),
            good[..good.len() - 1].to_owned(),
            good[..good.rfind('$').unwrap()].to_owned(),
        ];
        for stored in damaged {
            assert_eq!(verify(&hasher, Some(&stored), b"secret"), Err(HashError::Unreadable), "{stored:?}");
        }
    }
}
