//! The issuer's side.

use jose::{Jwk, SignError, SigningKey};
use serde_json::{Map, Value, json};

use super::disclosure::{Disclosure, FORMAT_NAMES, digest_of};
use super::{CREDENTIAL_TYP, DEPTH_MAX, DISCLOSURES_MAX, SALT_BYTES};
use crate::ClaimPath;
use crate::claim_path::PathStep;

/// A credential to be issued.
#[derive(Clone, Debug)]
pub struct Issuance<'a> {
    /// All its claims: `vct`, `exp`, `status` and the like, and what it says of the person.
    pub claims: Map<String, Value>,
    /// Which claims, or items of arrays, the holder may show or not; those in each other too.
    pub disclosable: &'a [ClaimPath],
    /// How many digests that stand for nothing each object with hidden members gets, so that their number
    /// tells less (RFC 9901 section 4.2.5).
    pub decoys: usize,
    /// The holder's key.
    pub holder: &'a Jwk,
}

/// A credential cannot be issued. This is a fault of ours, not of anyone's input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IssueError {
    /// A path of [`Issuance::disclosable`] leads nowhere.
    #[error("what should be disclosable is not there")]
    NoSuchClaim,
    /// A claim has a name that belongs to the format, or must not be hidden.
    #[error("a claim has a reserved name, or must not be hidden")]
    ReservedName,
    /// More disclosures or levels than a reader admits.
    #[error("the credential would have too many disclosures or levels")]
    TooLarge,
    /// The library refused.
    #[error(transparent)]
    Sign(#[from] SignError),
}

/// A signed credential with all its disclosures, as it is sent to its holder. `salts` is the source of
/// randomness; `chain` certifies `key`, the signer's own certificate first and without the trusted anchor.
///
/// # Errors
///
/// See [`IssueError`].
pub fn issue(
    issuance: Issuance<'_>,
    key: &SigningKey,
    chain: &[Vec<u8>],
    salts: &mut dyn FnMut() -> [u8; SALT_BYTES],
) -> Result<String, IssueError> {
    const NEVER_HIDDEN: [&str; 7] = ["iss", "nbf", "exp", "cnf", "vct", "vct#integrity", "status"];
    let Issuance { claims, disclosable, decoys, holder } = issuance;
    for path in disclosable {
        if let [PathStep::Name(name)] = path.steps()
            && NEVER_HIDDEN.contains(&name.as_str())
        {
            return Err(IssueError::ReservedName);
        }
        if path.select(&claims).is_empty() {
            return Err(IssueError::NoSuchClaim);
        }
    }
    let mut hiding = Hiding { disclosable, decoys, salts, disclosures: Vec::new(), place: Vec::new() };
    let mut payload = hiding.object(claims)?;
    let disclosures = hiding.disclosures;
    if disclosures.len() > DISCLOSURES_MAX {
        return Err(IssueError::TooLarge);
    }
    if !disclosures.is_empty() {
        payload.insert("_sd_alg".to_owned(), "sha-256".into());
    }
    payload.insert("cnf".to_owned(), json!({"jwk": holder}));
    let mut credential = key.sign_with_chain(CREDENTIAL_TYP, chain, &payload)?;
    credential.push('~');
    for disclosure in disclosures {
        credential.push_str(&disclosure.text);
        credential.push('~');
    }
    Ok(credential)
}

/// The walk that puts digests in the places of claims, the innermost first.
struct Hiding<'a> {
    disclosable: &'a [ClaimPath],
    decoys: usize,
    salts: &'a mut dyn FnMut() -> [u8; SALT_BYTES],
    disclosures: Vec<Disclosure>,
    place: Vec<PathStep>,
}

impl Hiding<'_> {
    fn value(&mut self, value: Value) -> Result<Value, IssueError> {
        Ok(match value {
            Value::Object(members) => Value::Object(self.object(members)?),
            Value::Array(items) => Value::Array(self.array(items)?),
            leaf @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => leaf,
        })
    }

    fn object(&mut self, members: Map<String, Value>) -> Result<Map<String, Value>, IssueError> {
        let mut shown = Map::new();
        let mut digests = Vec::new();
        for (name, value) in members {
            if FORMAT_NAMES.contains(&name.as_str()) || (self.place.is_empty() && name == "_sd_alg") {
                return Err(IssueError::ReservedName);
            }
            let (value, is_hidden) = self.within(PathStep::Name(name.clone()), value)?;
            if is_hidden {
                let disclosure = Disclosure::property((self.salts)(), &name, value);
                digests.push(disclosure.digest.clone());
                self.disclosures.push(disclosure);
            } else {
                shown.insert(name, value);
            }
        }
        if !digests.is_empty() {
            for _ in 0..self.decoys {
                digests.push(self.decoy());
            }
            // Their order must not tell that of the claims (RFC 9901 section 4.2.4.1).
            digests.sort_unstable();
            shown.insert("_sd".to_owned(), digests.into());
        }
        Ok(shown)
    }

    fn array(&mut self, items: Vec<Value>) -> Result<Vec<Value>, IssueError> {
        let mut shown = Vec::new();
        for (index, item) in items.into_iter().enumerate() {
            let (item, is_hidden) = self.within(PathStep::Index(index), item)?;
            if is_hidden {
                let disclosure = Disclosure::element((self.salts)(), item);
                shown.push(json!({"...": disclosure.digest}));
                self.disclosures.push(disclosure);
            } else {
                shown.push(item);
            }
        }
        Ok(shown)
    }

    /// The value with what is hidden in it, and whether it is hidden itself.
    fn within(&mut self, step: PathStep, value: Value) -> Result<(Value, bool), IssueError> {
        if self.place.len() >= DEPTH_MAX {
            return Err(IssueError::TooLarge);
        }
        self.place.push(step);
        let value = self.value(value);
        let is_hidden = self.disclosable.iter().any(|path| path.names(&self.place));
        self.place.pop();
        Ok((value?, is_hidden))
    }

    fn decoy(&mut self) -> String {
        let salt = (self.salts)();
        digest_of(&data_encoding::BASE64URL_NOPAD.encode(&salt))
    }
}
