//! What was asked for and shown.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Map, Value};

use crate::ClaimPath;

/// The claims of a credential that the caller asked for, and no others. It is not printed: it is personal.
#[derive(Clone, Default, PartialEq)]
pub struct Disclosed(BTreeMap<ClaimPath, Vec<Value>>);

impl Disclosed {
    /// What `asked` finds in `claims`.
    pub fn select<'a>(claims: &Map<String, Value>, asked: impl IntoIterator<Item = &'a ClaimPath>) -> Self {
        let found = asked.into_iter().map(|path| (path.clone(), path.select(claims).into_iter().cloned().collect()));
        Self(found.filter(|(_, values): &(_, Vec<Value>)| !values.is_empty()).collect())
    }

    /// The values at a path that was asked for; none if it was not, or not shown.
    pub fn values(&self, path: &ClaimPath) -> &[Value] {
        self.0.get(path).map(Vec::as_slice).unwrap_or_default()
    }

    /// The one text at a path that was asked for.
    pub fn text(&self, path: &ClaimPath) -> Option<&str> {
        match self.values(path) {
            [Value::String(text)] => Some(text),
            _ => None,
        }
    }

    /// The paths at which something was shown.
    pub fn paths(&self) -> impl Iterator<Item = &ClaimPath> {
        self.0.keys()
    }
}

impl fmt::Debug for Disclosed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Disclosed").field("claims", &self.0.len()).finish_non_exhaustive()
    }
}
