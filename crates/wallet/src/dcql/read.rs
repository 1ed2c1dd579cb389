//! Reading a query.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::{
    CLAIMS_MAX, CREDENTIALS_MAX, ClaimQuery, Count, CredentialKind, CredentialQuery, CredentialSet, ID_BYTES_MAX, Need,
    QUERY_BYTES_MAX, Query, SETS_MAX, TYPE_BYTES_MAX, VALUES_MAX,
};
use crate::ClaimPath;

/// Why a query is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DcqlError {
    /// More than [`QUERY_BYTES_MAX`] bytes, or more of something than its limit.
    #[error("the query is too large: {0}")]
    TooLarge(&'static str),
    /// No JSON, or a member that is missing or of another type.
    #[error("the query's member `{0}` is missing or malformed")]
    Member(&'static str),
    /// An id that is no id, is there twice, or refers to nothing.
    #[error("an id of the query is malformed, double, or refers to nothing")]
    Id,
    /// A format that is not ours.
    #[error("the query asks for a format that is not known")]
    Format,
    /// It asks for credentials that anybody could show.
    #[error("the query asks for a credential without its holder's proof")]
    Unbound,
}

impl Query {
    /// Reads a query from its JSON text.
    ///
    /// # Errors
    ///
    /// See [`DcqlError`].
    pub fn parse(text: &[u8]) -> Result<Self, DcqlError> {
        if text.len() > QUERY_BYTES_MAX {
            return Err(DcqlError::TooLarge("dcql_query"));
        }
        Self::from_json(&jose::json::from_slice(text).map_err(|_| DcqlError::Member("dcql_query"))?)
    }

    /// Reads a query that stands in another message. Members that are not known are ignored.
    ///
    /// # Errors
    ///
    /// See [`DcqlError`].
    pub fn from_json(query: &Value) -> Result<Self, DcqlError> {
        let members = query.as_object().ok_or(DcqlError::Member("dcql_query"))?;
        let credentials = list(members, "credentials", CREDENTIALS_MAX)?.ok_or(DcqlError::Member("credentials"))?;
        let credentials = credentials.iter().map(credential).collect::<Result<_, _>>()?;
        let sets = list(members, "credential_sets", SETS_MAX)?.unwrap_or_default();
        Self::new(credentials, sets.iter().map(credential_set).collect::<Result<_, _>>()?)
    }
}

fn credential(value: &Value) -> Result<CredentialQuery, DcqlError> {
    let members = value.as_object().ok_or(DcqlError::Member("credentials"))?;
    if !truth(members, "require_cryptographic_holder_binding", Absent::True)? {
        return Err(DcqlError::Unbound);
    }
    let meta = members.get("meta").and_then(Value::as_object).ok_or(DcqlError::Member("meta"))?;
    let kind = match text(members, "format")? {
        "dc+sd-jwt" => CredentialKind::SdJwt(ids(meta.get("vct_values"), "vct_values", VALUES_MAX)?),
        "mso_mdoc" => CredentialKind::Mdoc(text(meta, "doctype_value")?.to_owned()),
        _ => return Err(DcqlError::Format),
    };
    let count = if truth(members, "multiple", Absent::False)? { Count::Several } else { Count::One };
    let claims = list(members, "claims", CLAIMS_MAX)?.unwrap_or_default();
    let claim_sets = list(members, "claim_sets", SETS_MAX)?.unwrap_or_default();
    Ok(CredentialQuery {
        id: text(members, "id")?.to_owned(),
        kind,
        count,
        claims: claims.iter().map(claim).collect::<Result<_, _>>()?,
        claim_sets: claim_sets.iter().map(|set| ids(Some(set), "claim_sets", CLAIMS_MAX)).collect::<Result<_, _>>()?,
    })
}

fn claim(value: &Value) -> Result<ClaimQuery, DcqlError> {
    let members = value.as_object().ok_or(DcqlError::Member("claims"))?;
    let id = members.contains_key("id").then(|| text(members, "id").map(str::to_owned)).transpose()?;
    let path = members.get("path").ok_or(DcqlError::Member("path"))?;
    let path = ClaimPath::from_json(path).map_err(|_| DcqlError::Member("path"))?;
    let values = list(members, "values", VALUES_MAX)?.unwrap_or_default().to_vec();
    Ok(ClaimQuery { id, path, values })
}

fn credential_set(value: &Value) -> Result<CredentialSet, DcqlError> {
    let members = value.as_object().ok_or(DcqlError::Member("credential_sets"))?;
    let options = list(members, "options", SETS_MAX)?.ok_or(DcqlError::Member("options"))?;
    let options = options.iter().map(|option| ids(Some(option), "options", CREDENTIALS_MAX));
    let need = if truth(members, "required", Absent::True)? { Need::Required } else { Need::Optional };
    Ok(CredentialSet { options: options.collect::<Result<_, _>>()?, need })
}

/// What every query must hold, whoever made it.
pub(super) fn check(credentials: &[CredentialQuery], sets: &[CredentialSet]) -> Result<(), DcqlError> {
    within(credentials, CREDENTIALS_MAX, "credentials")?;
    if sets.len() > SETS_MAX {
        return Err(DcqlError::TooLarge("credential_sets"));
    }
    let names = distinct(credentials.iter().map(|credential| credential.id.as_str()))?;
    for credential in credentials {
        check_credential(credential)?;
    }
    for set in sets {
        within(&set.options, SETS_MAX, "options")?;
        for option in &set.options {
            within(option, CREDENTIALS_MAX, "options")?;
            if !option.iter().all(|id| names.contains(id.as_str())) {
                return Err(DcqlError::Id);
            }
        }
    }
    Ok(())
}

fn check_credential(credential: &CredentialQuery) -> Result<(), DcqlError> {
    let is_type = |name: &String| (1..=TYPE_BYTES_MAX).contains(&name.len());
    let are_types = match &credential.kind {
        CredentialKind::SdJwt(types) => within(types, VALUES_MAX, "vct_values").map(|()| types.iter().all(is_type))?,
        CredentialKind::Mdoc(doctype) => is_type(doctype),
    };
    if !are_types {
        return Err(DcqlError::Member("meta"));
    }
    if credential.claims.len() > CLAIMS_MAX || credential.claim_sets.len() > SETS_MAX {
        return Err(DcqlError::TooLarge("claims"));
    }
    let names = distinct(credential.claims.iter().filter_map(|claim| claim.id.as_deref()))?;
    for claim in &credential.claims {
        if claim.values.len() > VALUES_MAX {
            return Err(DcqlError::TooLarge("values"));
        }
        let is_plain = |value: &Value| value.is_string() || value.is_i64() || value.is_u64() || value.is_boolean();
        if !claim.values.iter().all(is_plain) {
            return Err(DcqlError::Member("values"));
        }
    }
    let unnamed = names.len() < credential.claims.len();
    for set in &credential.claim_sets {
        within(set, CLAIMS_MAX, "claim_sets")?;
        if unnamed || !set.iter().all(|id| names.contains(id.as_str())) {
            return Err(DcqlError::Id);
        }
    }
    Ok(())
}

fn within<T>(items: &[T], most: usize, what: &'static str) -> Result<(), DcqlError> {
    if items.is_empty() {
        Err(DcqlError::Member(what))
    } else if items.len() > most {
        Err(DcqlError::TooLarge(what))
    } else {
        Ok(())
    }
}

/// OpenID4VP 1.0 section 6.1: letters, digits, `_` and `-`.
fn distinct<'a>(ids: impl Iterator<Item = &'a str>) -> Result<HashSet<&'a str>, DcqlError> {
    let mut seen = HashSet::new();
    for id in ids {
        let is_id = (1..=ID_BYTES_MAX).contains(&id.len())
            && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
        if !is_id || !seen.insert(id) {
            return Err(DcqlError::Id);
        }
    }
    Ok(seen)
}

fn text<'a>(members: &'a Map<String, Value>, name: &'static str) -> Result<&'a str, DcqlError> {
    members.get(name).and_then(Value::as_str).ok_or(DcqlError::Member(name))
}

/// A list that has at least one item, if it is there.
fn list<'a>(
    members: &'a Map<String, Value>,
    name: &'static str,
    most: usize,
) -> Result<Option<&'a [Value]>, DcqlError> {
    match members.get(name) {
        None => Ok(None),
        Some(Value::Array(items)) => within(items, most, name).map(|()| Some(items.as_slice())),
        Some(_) => Err(DcqlError::Member(name)),
    }
}

fn ids(value: Option<&Value>, name: &'static str, most: usize) -> Result<Vec<String>, DcqlError> {
    let items = value.and_then(Value::as_array).ok_or(DcqlError::Member(name))?;
    within(items, most, name)?;
    items.iter().map(|item| item.as_str().map(str::to_owned).ok_or(DcqlError::Member(name))).collect()
}

#[derive(Clone, Copy)]
enum Absent {
    True,
    False,
}

fn truth(members: &Map<String, Value>, name: &'static str, absent: Absent) -> Result<bool, DcqlError> {
    match members.get(name) {
        None => Ok(matches!(absent, Absent::True)),
        Some(Value::Bool(truth)) => Ok(*truth),
        Some(_) => Err(DcqlError::Member(name)),
    }
}
