//! Putting disclosed claims in the places of their digests (RFC 9901 section 7.1, step 3).

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::disclosure::{Content, Disclosure, FORMAT_NAMES};
use super::{DEPTH_MAX, DIGESTS_MAX, SdJwtFault};
use crate::claim_path::PathStep;

/// The only digest algorithm (RFC 9901 section 4.1.1); it is also meant where none is named.
const SHA_256: &str = "sha-256";
/// Claims that judge the credential itself, and must therefore never be hidden (SD-JWT VC section 2.2.2.2);
/// besides the one that says how digests are made.
const NEVER_DISCLOSED: [&str; 8] = ["iss", "nbf", "exp", "cnf", "vct", "vct#integrity", "status", "_sd_alg"];

/// The claims with what was disclosed, and where each disclosure belongs.
pub(super) struct Processed {
    pub(super) claims: Map<String, Value>,
    /// The place of each disclosure, in their order.
    pub(super) places: Vec<Vec<PathStep>>,
}

/// Processes the payload of the issuer's token. A digest without its disclosure is dropped: it may be a
/// claim that is not shown, or a decoy.
///
/// # Errors
///
/// The first fault: a digest or a disclosure that occurs twice, a disclosure that no digest refers to, a
/// reserved or an existing name, a disclosure of the wrong kind, or a limit.
pub(super) fn process(mut payload: Map<String, Value>, disclosures: &[Disclosure]) -> Result<Processed, SdJwtFault> {
    match payload.remove("_sd_alg") {
        None => {}
        Some(Value::String(name)) if name == SHA_256 => {}
        Some(_) => return Err(SdJwtFault::HashAlgorithm),
    }
    let mut by_digest = HashMap::new();
    for (index, disclosure) in disclosures.iter().enumerate() {
        if by_digest.insert(disclosure.digest.as_str(), index).is_some() {
            return Err(SdJwtFault::Duplicate);
        }
    }
    let mut process = Process {
        disclosures,
        by_digest,
        seen: HashSet::new(),
        place: Vec::new(),
        places: vec![None; disclosures.len()],
    };
    let claims = process.object(payload)?;
    let places = process.places.into_iter().collect::<Option<Vec<_>>>().ok_or(SdJwtFault::Unreferenced)?;
    Ok(Processed { claims, places })
}

struct Process<'a> {
    disclosures: &'a [Disclosure],
    by_digest: HashMap<&'a str, usize>,
    seen: HashSet<String>,
    /// Where the walk is.
    place: Vec<PathStep>,
    places: Vec<Option<Vec<PathStep>>>,
}

impl Process<'_> {
    fn value(&mut self, value: Value) -> Result<Value, SdJwtFault> {
        Ok(match value {
            Value::Object(members) => Value::Object(self.object(members)?),
            Value::Array(items) => Value::Array(self.array(items)?),
            leaf @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => leaf,
        })
    }

    fn object(&mut self, mut members: Map<String, Value>) -> Result<Map<String, Value>, SdJwtFault> {
        let digests = match members.remove("_sd") {
            None => Vec::new(),
            Some(Value::Array(digests)) => digests,
            Some(_) => return Err(SdJwtFault::Digest),
        };
        if members.contains_key("...") {
            return Err(SdJwtFault::ReservedName);
        }
        let mut claims = Map::new();
        for (name, value) in members {
            let value = self.within(PathStep::Name(name.clone()), value)?;
            claims.insert(name, value);
        }
        for digest in digests {
            let Value::String(digest) = digest else { return Err(SdJwtFault::Digest) };
            let Some(index) = self.opens(digest)? else { continue };
            let Content::Property { name, value } = &self.disclosures[index].content else {
                return Err(SdJwtFault::Disclosure);
            };
            let is_reserved = FORMAT_NAMES.contains(&name.as_str())
                || self.place.is_empty() && NEVER_DISCLOSED.contains(&name.as_str());
            if is_reserved || claims.contains_key(name) {
                return Err(SdJwtFault::ReservedName);
            }
            let step = PathStep::Name(name.clone());
            self.found(index, &step);
            let value = self.within(step, value.clone())?;
            claims.insert(name.clone(), value);
        }
        Ok(claims)
    }

    fn array(&mut self, items: Vec<Value>) -> Result<Vec<Value>, SdJwtFault> {
        let mut shown = Vec::new();
        for item in items {
            let step = PathStep::Index(shown.len());
            let item = match placeholder(item)? {
                Item::Plain(item) => item,
                Item::Digest(digest) => {
                    let Some(index) = self.opens(digest)? else { continue };
                    let Content::Element { value } = &self.disclosures[index].content else {
                        return Err(SdJwtFault::Disclosure);
                    };
                    self.found(index, &step);
                    value.clone()
                }
            };
            shown.push(self.within(step, item)?);
        }
        Ok(shown)
    }

    fn within(&mut self, step: PathStep, value: Value) -> Result<Value, SdJwtFault> {
        if self.place.len() >= DEPTH_MAX {
            return Err(SdJwtFault::TooDeep);
        }
        self.place.push(step);
        let value = self.value(value);
        self.place.pop();
        value
    }

    /// The disclosure that opens a digest, which must not have occurred before.
    fn opens(&mut self, digest: String) -> Result<Option<usize>, SdJwtFault> {
        let index = self.by_digest.get(digest.as_str()).copied();
        if self.seen.len() >= DIGESTS_MAX {
            return Err(SdJwtFault::TooMany);
        }
        if self.seen.insert(digest) { Ok(index) } else { Err(SdJwtFault::Duplicate) }
    }

    fn found(&mut self, index: usize, step: &PathStep) {
        let mut place = self.place.clone();
        place.push(step.clone());
        self.places[index] = Some(place);
    }
}

enum Item {
    Plain(Value),
    Digest(String),
}

/// RFC 9901 section 4.2.4.2: an object whose only member is `...` stands for an item.
fn placeholder(item: Value) -> Result<Item, SdJwtFault> {
    match item {
        Value::Object(mut members) if members.contains_key("...") => {
            match (members.remove("..."), members.is_empty()) {
                (Some(Value::String(digest)), true) => Ok(Item::Digest(digest)),
                (Some(_) | None, _) => Err(SdJwtFault::Digest),
            }
        }
        item => Ok(Item::Plain(item)),
    }
}
