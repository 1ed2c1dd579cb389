//! Where a claim is: a claims path pointer (OpenID4VP 1.0 section 7).

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

/// The most steps of a path.
pub const PATH_STEPS_MAX: usize = 16;
/// The longest name in a path, in bytes.
pub const PATH_NAME_BYTES_MAX: usize = 256;

/// One step from a value to what it contains.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PathStep {
    /// The member of this name.
    Name(String),
    /// The item at this position of an array, counted from zero.
    Index(usize),
    /// Every item of an array.
    Every,
}

/// A path from the top of a credential to a claim; it has at least one step.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClaimPath(Vec<PathStep>);

/// Why a path is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a path has 1 to 16 steps: names of at most 256 bytes, positions, or null")]
pub struct PathError;

impl ClaimPath {
    /// A path of these steps.
    ///
    /// # Errors
    ///
    /// [`PathError`] for none, for more than [`PATH_STEPS_MAX`], and for a name that is longer than
    /// [`PATH_NAME_BYTES_MAX`].
    pub fn new(steps: Vec<PathStep>) -> Result<Self, PathError> {
        let is_short = |step: &PathStep| match step {
            PathStep::Name(name) => name.len() <= PATH_NAME_BYTES_MAX,
            PathStep::Index(_) | PathStep::Every => true,
        };
        if (1..=PATH_STEPS_MAX).contains(&steps.len()) && steps.iter().all(is_short) {
            Ok(Self(steps))
        } else {
            Err(PathError)
        }
    }

    /// The path of a claim that our own tables name.
    pub(crate) fn of_names(names: &[&str]) -> Self {
        Self(names.iter().map(|name| PathStep::Name((*name).to_owned())).collect())
    }

    /// Reads a path from JSON.
    ///
    /// # Errors
    ///
    /// [`PathError`], also for anything that is no array of strings, whole numbers and `null`.
    pub fn from_json(value: &Value) -> Result<Self, PathError> {
        let listed = value.as_array().ok_or(PathError)?;
        if listed.len() > PATH_STEPS_MAX {
            return Err(PathError);
        }
        let step = |step: &Value| match step {
            Value::String(name) => Ok(PathStep::Name(name.clone())),
            Value::Number(number) => {
                let index = number.as_u64().and_then(|index| usize::try_from(index).ok());
                index.map(PathStep::Index).ok_or(PathError)
            }
            Value::Null => Ok(PathStep::Every),
            Value::Bool(_) | Value::Array(_) | Value::Object(_) => Err(PathError),
        };
        Self::new(listed.iter().map(step).collect::<Result<_, _>>()?)
    }

    /// The items of its JSON.
    pub fn to_json(&self) -> Vec<Value> {
        let json = |step: &PathStep| match step {
            PathStep::Name(name) => Value::from(name.as_str()),
            PathStep::Index(index) => Value::from(*index),
            PathStep::Every => Value::Null,
        };
        self.0.iter().map(json).collect()
    }

    /// The steps.
    pub fn steps(&self) -> &[PathStep] {
        &self.0
    }

    /// The values that the path leads to; none where it leads nowhere, or where a step is taken from a value
    /// of another kind (OpenID4VP 1.0 section 7.1.1).
    pub fn select<'v>(&self, claims: &'v Map<String, Value>) -> Vec<&'v Value> {
        let Some((PathStep::Name(first), rest)) = self.0.split_first() else {
            return Vec::new();
        };
        let mut selected: Vec<&Value> = claims.get(first).into_iter().collect();
        for step in rest {
            let mut next = Vec::new();
            for value in selected {
                match (step, value) {
                    (PathStep::Name(name), Value::Object(members)) => next.extend(members.get(name)),
                    (PathStep::Index(index), Value::Array(items)) => next.extend(items.get(*index)),
                    (PathStep::Every, Value::Array(items)) => next.extend(items),
                    (PathStep::Name(_) | PathStep::Index(_) | PathStep::Every, _) => return Vec::new(),
                }
            }
            selected = next;
        }
        selected
    }

    /// Whether one of the two places is inside of the other, or the same.
    pub(crate) fn touches(&self, place: &[PathStep]) -> bool {
        self.0.iter().zip(place).all(|(asked, step)| match (asked, step) {
            (PathStep::Every, PathStep::Index(_)) => true,
            (PathStep::Name(_) | PathStep::Index(_) | PathStep::Every, _) => asked == step,
        })
    }

    /// Whether it names exactly this place.
    pub(crate) fn names(&self, place: &[PathStep]) -> bool {
        self.0.len() == place.len() && self.touches(place)
    }
}

impl Serialize for ClaimPath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn path(json: &Value) -> ClaimPath {
        ClaimPath::from_json(json).unwrap()
    }

    /// OpenID4VP 1.0 section 7.2.
    #[test]
    fn the_examples_of_openid4vp_lead_where_it_says() {
        let claims = json!({
            "name": "Arthur Dent",
            "address": {"street_address": "42 Market Street", "locality": "Milliways", "postal_code": "12345"},
            "degrees": [
                {"type": "Bachelor of Science", "university": "University of Betelgeuse"},
                {"type": "Master of Science", "university": "University of Betelgeuse"},
            ],
            "nationalities": ["British", "Betelgeusian"],
        });
        let claims = claims.as_object().unwrap();
        let rows = [
            (json!(["name"]), json!(["Arthur Dent"])),
            (json!(["address"]), json!([claims["address"]])),
            (json!(["address", "street_address"]), json!(["42 Market Street"])),
            (json!(["degrees", null, "type"]), json!(["Bachelor of Science", "Master of Science"])),
            (json!(["nationalities", 1]), json!(["Betelgeusian"])),
            (json!(["nationalities", 2]), json!([])),
            (json!(["nationalities", "0"]), json!([])),
            (json!(["name", null]), json!([])),
            (json!(["degrees", "type"]), json!([])),
            (json!([0]), json!([])),
            (json!([null]), json!([])),
        ];
        for (steps, selected) in rows {
            assert_eq!(json!(path(&steps).select(claims)), selected, "{steps}");
            assert_eq!(json!(path(&steps)), steps);
        }
    }

    #[test]
    fn what_is_no_path_is_refused() {
        let long = vec!["a"; PATH_STEPS_MAX + 1];
        for bad in
            [json!([]), json!("a"), json!([-1]), json!([1.5]), json!([true]), json!([["a"]]), json!([{}]), json!(long)]
        {
            assert_eq!(ClaimPath::from_json(&bad), Err(PathError), "{bad}");
        }
        assert_eq!(ClaimPath::from_json(&json!(["a".repeat(PATH_NAME_BYTES_MAX + 1)])), Err(PathError));
    }
}
