//! The presentations of an answer (`vp_token`, OpenID4VP 1.0 section 8.1).

use serde::Serialize;
use serde_json::Value;

use super::{AnswerFault, PRESENTATIONS_MAX};
use crate::dcql::{CREDENTIALS_MAX, Query};

/// Presentations by the ids of the query that they answer.
#[derive(Clone, PartialEq, Eq)]
pub struct VpToken(Vec<(String, Vec<String>)>);

impl VpToken {
    /// Presentations to send: an SD-JWT as it is, an mdoc's answer in base64url.
    pub fn new(presentations: Vec<(String, Vec<String>)>) -> Self {
        Self(presentations)
    }

    /// Reads the value of `vp_token`.
    ///
    /// # Errors
    ///
    /// [`AnswerFault::VpToken`] for anything but an object of lists of texts, and for more of them than
    /// [`CREDENTIALS_MAX`] and [`PRESENTATIONS_MAX`].
    pub fn from_json(value: &Value) -> Result<Self, AnswerFault> {
        let members = value.as_object().filter(|members| (1..=CREDENTIALS_MAX).contains(&members.len()));
        let presentations = |listed: &Value| {
            let listed = listed.as_array().filter(|listed| (1..=PRESENTATIONS_MAX).contains(&listed.len()))?;
            listed.iter().map(|one| one.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>()
        };
        let read = members.ok_or(AnswerFault::VpToken)?.iter().map(|(id, listed)| {
            presentations(listed).map(|presentations| (id.clone(), presentations)).ok_or(AnswerFault::VpToken)
        });
        read.collect::<Result<_, _>>().map(Self)
    }

    /// The presentations for a credential of the query.
    pub fn of(&self, id: &str) -> &[String] {
        self.0.iter().find(|(of, _)| of == id).map(|(_, presentations)| presentations.as_slice()).unwrap_or_default()
    }

    /// Whether all of it was asked for.
    pub(super) fn is_within(&self, query: &Query) -> bool {
        self.0.iter().all(|(id, _)| query.credential(id).is_some())
    }
}

impl Serialize for VpToken {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(id, presentations)| (id, presentations)))
    }
}

impl std::fmt::Debug for VpToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(id, _)| id)).finish()
    }
}
