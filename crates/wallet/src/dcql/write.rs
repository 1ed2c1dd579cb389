//! Writing a query.

use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use super::{ClaimQuery, Count, CredentialKind, CredentialQuery, CredentialSet, Need, Query};

impl Serialize for Query {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut query = json!({"credentials": self.credentials.iter().map(credential).collect::<Vec<_>>()});
        if !self.sets.is_empty() {
            query["credential_sets"] = self.sets.iter().map(set).collect();
        }
        query.serialize(serializer)
    }
}

fn credential(credential: &CredentialQuery) -> Value {
    let (format, meta) = match &credential.kind {
        CredentialKind::SdJwt(types) => ("dc+sd-jwt", json!({"vct_values": types})),
        CredentialKind::Mdoc(doctype) => ("mso_mdoc", json!({"doctype_value": doctype})),
    };
    let mut members = json!({"id": credential.id, "format": format, "meta": meta});
    match credential.count {
        Count::One => {}
        Count::Several => members["multiple"] = true.into(),
    }
    if !credential.claims.is_empty() {
        members["claims"] = credential.claims.iter().map(claim).collect();
    }
    if !credential.claim_sets.is_empty() {
        members["claim_sets"] = json!(credential.claim_sets);
    }
    members
}

fn claim(claim: &ClaimQuery) -> Value {
    let mut members = json!({"path": claim.path});
    if let Some(id) = &claim.id {
        members["id"] = id.as_str().into();
    }
    if !claim.values.is_empty() {
        members["values"] = claim.values.clone().into();
    }
    members
}

fn set(set: &CredentialSet) -> Value {
    let mut members = json!({"options": set.options});
    match set.need {
        Need::Required => {}
        Need::Optional => members["required"] = false.into(),
    }
    members
}
