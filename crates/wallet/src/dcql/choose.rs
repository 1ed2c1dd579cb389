//! The holder's side: which credentials answer a query, and what of them it shows.

use serde_json::{Map, Value};

use super::{CredentialKind, CredentialQuery, Query};
use crate::ClaimPath;

/// A credential that somebody holds.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    /// Its type.
    pub kind: CandidateKind<'a>,
    /// All its claims.
    pub claims: &'a Map<String, Value>,
}

/// Format and type of a credential that somebody holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CandidateKind<'a> {
    /// An SD-JWT of this `vct`.
    SdJwt(&'a str),
    /// An mdoc of this document type, its claims below its name spaces.
    Mdoc(&'a str),
}

/// What answers one credential of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Which credential of the query.
    pub id: String,
    /// The position among the candidates.
    pub candidate: usize,
    /// What to show of it.
    pub shown: Vec<ClaimPath>,
}

impl Query {
    /// The first candidates that answer the query, of an optional set too; nothing if they are no whole
    /// answer. Of a set the first option is taken for which there are candidates (OpenID4VP 1.0 section
    /// 6.4.2).
    pub fn choose(&self, candidates: &[Candidate<'_>]) -> Option<Vec<Choice>> {
        let choices: Vec<Choice> =
            self.credentials().iter().filter_map(|credential| credential.choose(candidates)).collect();
        let choice = |id: &str| choices.iter().find(|choice| choice.id == id);
        if !self.is_answered_by(|id| choice(id).is_some()) {
            return None;
        }
        if self.sets().is_empty() {
            return Some(choices);
        }
        let mut taken: Vec<Choice> = Vec::new();
        for set in self.sets() {
            let option = set.options.iter().find_map(|ids| ids.iter().map(|id| choice(id)).collect::<Option<Vec<_>>>());
            for choice in option.into_iter().flatten() {
                if !taken.contains(choice) {
                    taken.push(choice.clone());
                }
            }
        }
        Some(taken)
    }
}

impl CredentialQuery {
    fn choose(&self, candidates: &[Candidate<'_>]) -> Option<Choice> {
        candidates.iter().enumerate().find_map(|(index, candidate)| {
            let fits = match (&self.kind, candidate.kind) {
                (CredentialKind::SdJwt(types), CandidateKind::SdJwt(vct)) => types.iter().any(|wanted| wanted == vct),
                (CredentialKind::Mdoc(wanted), CandidateKind::Mdoc(doctype)) => wanted == doctype,
                (CredentialKind::SdJwt(_), CandidateKind::Mdoc(_))
                | (CredentialKind::Mdoc(_), CandidateKind::SdJwt(_)) => false,
            };
            let shown = self.claims_shown(|path| path.select(candidate.claims)).filter(|_| fits)?;
            Some(Choice { id: self.id.clone(), candidate: index, shown: shown.into_iter().cloned().collect() })
        })
    }
}
