//! What a verifier asks for: the query language DCQL (OpenID4VP 1.0 section 6), built, read and matched.
//!
//! Not understood, and so refused where they would change the meaning: `trusted_authorities` (our trust is in
//! lists of anchors) is ignored as a hint; a query without holder binding is refused.

mod choose;
mod read;
#[cfg(test)]
mod tests;
mod write;

use serde_json::Value;

use crate::ClaimPath;

pub use choose::{Candidate, CandidateKind, Choice};
pub use read::DcqlError;

/// The longest query that is read, in bytes of its JSON.
pub const QUERY_BYTES_MAX: usize = 16 * 1024;
/// The most credentials of a query.
pub const CREDENTIALS_MAX: usize = 8;
/// The most claims of a credential.
pub const CLAIMS_MAX: usize = 64;
/// The most sets of credentials or claims, and the most options of a set.
pub const SETS_MAX: usize = 16;
/// The most values of a claim, or types of a credential.
pub const VALUES_MAX: usize = 32;
/// The longest identifier, in bytes.
pub const ID_BYTES_MAX: usize = 64;
/// The longest type of a credential, in bytes.
pub const TYPE_BYTES_MAX: usize = 2048;

/// A whole query. Its invariants are those of [`Query::new`].
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    credentials: Vec<CredentialQuery>,
    sets: Vec<CredentialSet>,
}

/// One credential that is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct CredentialQuery {
    /// Its name in the query and in the answer.
    pub id: String,
    /// Format and types.
    pub kind: CredentialKind,
    /// How many may be shown.
    pub count: Count,
    /// What of it should be shown; none means what is not hidden anyway.
    pub claims: Vec<ClaimQuery>,
    /// Which claims will do together, the preferred ones first, by their ids; none means all.
    pub claim_sets: Vec<Vec<String>>,
}

/// The format of a credential, and its types in that format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CredentialKind {
    /// `dc+sd-jwt`: one of these `vct`.
    SdJwt(Vec<String>),
    /// `mso_mdoc`: this document type.
    Mdoc(String),
}

/// How many credentials may answer one query (`multiple`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// Exactly one.
    One,
    /// One or more.
    Several,
}

/// One claim that is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct ClaimQuery {
    /// Its name in the claim sets; a query with claim sets needs one for each.
    pub id: Option<String>,
    /// Where it is.
    pub path: ClaimPath,
    /// Which values will do: texts, whole numbers, truths; none means any.
    pub values: Vec<Value>,
}

/// Credentials of which some will do (`credential_sets`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CredentialSet {
    /// Lists of credential ids, the preferred ones first.
    pub options: Vec<Vec<String>>,
    /// Whether an answer needs it.
    pub need: Need,
}

/// Whether an answer needs a set (`required`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// It does.
    Required,
    /// It is only welcome.
    Optional,
}

impl Query {
    /// A query for these credentials; `sets` says which of them will do, none means all.
    ///
    /// # Errors
    ///
    /// [`DcqlError`], for no credential, ids that are malformed, double or refer to nothing, and for more of
    /// anything than the limits of this module.
    pub fn new(credentials: Vec<CredentialQuery>, sets: Vec<CredentialSet>) -> Result<Self, DcqlError> {
        read::check(&credentials, &sets)?;
        Ok(Self { credentials, sets })
    }

    /// The credentials, in the order of the query.
    pub fn credentials(&self) -> &[CredentialQuery] {
        &self.credentials
    }

    /// Which of them will do; none means that all are asked for.
    pub fn sets(&self) -> &[CredentialSet] {
        &self.sets
    }

    /// The credential of this id.
    pub fn credential(&self, id: &str) -> Option<&CredentialQuery> {
        self.credentials.iter().find(|credential| credential.id == id)
    }

    /// Whether credentials of these ids are a whole answer (OpenID4VP 1.0 section 6.4.2).
    pub fn is_answered_by(&self, is_there: impl Fn(&str) -> bool) -> bool {
        if self.sets.is_empty() {
            return self.credentials.iter().all(|credential| is_there(&credential.id));
        }
        self.sets.iter().all(|set| match set.need {
            Need::Optional => true,
            Need::Required => set.options.iter().any(|option| option.iter().all(|id| is_there(id))),
        })
    }
}

impl CredentialQuery {
    /// A query for one credential as SD-JWT with all of these claims.
    pub fn sd_jwt(id: &str, vct_values: &[String], claims: impl IntoIterator<Item = ClaimPath>) -> Self {
        let claims = claims.into_iter().map(|path| ClaimQuery { id: None, path, values: Vec::new() });
        Self {
            id: id.to_owned(),
            kind: CredentialKind::SdJwt(vct_values.to_vec()),
            count: Count::One,
            claims: claims.collect(),
            claim_sets: Vec::new(),
        }
    }

    /// A query for one mobile document with all of these elements.
    pub fn mdoc(id: &str, doc_type: &str, elements: impl IntoIterator<Item = ClaimPath>) -> Self {
        Self { kind: CredentialKind::Mdoc(doc_type.to_owned()), ..Self::sd_jwt(id, &[], elements) }
    }

    /// The same, and these claims besides, of which the holder may show each or not, and need not have any: a claim set
    /// for every choice, the larger first (OpenID4VP 1.0 section 6.4.1). More than four need more sets than [`SETS_MAX`].
    #[must_use]
    pub fn with_optional(self, optional: Vec<ClaimPath>) -> Self {
        let (needed, more) = (self.claims.len(), optional.len());
        let paths = self.claims.into_iter().map(|claim| claim.path).chain(optional);
        let named = |(index, path)| ClaimQuery { id: Some(format!("c{index}")), path, values: Vec::new() };
        let claims: Vec<ClaimQuery> = paths.enumerate().map(named).collect();
        let mut choices: Vec<u32> = (0..1_u32 << more).collect();
        // Stable: among choices of one size the claims that stand first are preferred.
        choices.sort_by_key(|choice| std::cmp::Reverse(choice.count_ones()));
        let is_chosen = |index: usize, choice: u32| index < needed || choice >> (index - needed) & 1 == 1;
        let set = |choice: u32| {
            let chosen = (0..needed + more).filter(|index| is_chosen(*index, choice));
            chosen.map(|index| format!("c{index}")).collect()
        };
        let claim_sets = choices.into_iter().map(set).collect();
        Self { claims, claim_sets, ..self }
    }

    /// The paths of all claims that are asked for.
    pub fn paths(&self) -> Vec<ClaimPath> {
        self.claims.iter().map(|claim| claim.path.clone()).collect()
    }

    /// The claims to show, given what `values` finds at a path: those of the first claim set that is there
    /// whole (OpenID4VP 1.0 section 6.4.1). Nothing if the credential does not answer the query.
    pub fn claims_shown<'v>(&self, values: impl Fn(&ClaimPath) -> Vec<&'v Value>) -> Option<Vec<&ClaimPath>> {
        let is_there = |claim: &&ClaimQuery| {
            let found = values(&claim.path);
            !found.is_empty() && (claim.values.is_empty() || found.iter().any(|value| claim.values.contains(value)))
        };
        if self.claim_sets.is_empty() {
            let all = self.claims.iter().all(|claim| is_there(&claim));
            return all.then(|| self.claims.iter().map(|claim| &claim.path).collect());
        }
        self.claim_sets.iter().find_map(|set| {
            let claim = |id: &String| self.claims.iter().find(|claim| claim.id.as_ref() == Some(id)).filter(is_there);
            set.iter().map(|id| claim(id).map(|claim| &claim.path)).collect()
        })
    }
}
