//! Identifiers of persons that services agree upon by metadata (SAML V2.0 Subject Identifier Attributes
//! Profile Version 1.0).

use crate::metadata::EntityDescriptor;

/// The entity attribute by which a service says what it needs (section 3.1.1), in metadata.
pub const REQUIREMENT_NAME: &str = "urn:oasis:names:tc:SAML:profiles:subject-id:req";
/// The longest unique part, and the longest scope, in characters (section 3.2.1).
const PART_CHARS_MAX: usize = 127;

/// Which identifier a service needs (section 3.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SubjectIdRequirement {
    /// `subject-id`: the one that is the same for every service.
    SubjectId,
    /// `pairwise-id`: one of its own.
    PairwiseId,
    /// `any`: either; then one of its own is what is given.
    Any,
    /// `none`: neither is needed.
    None,
}

impl SubjectIdRequirement {
    const NAMES: [(&'static str, SubjectIdRequirement); 4] = [
        ("subject-id", SubjectIdRequirement::SubjectId),
        ("pairwise-id", SubjectIdRequirement::PairwiseId),
        ("any", SubjectIdRequirement::Any),
        ("none", SubjectIdRequirement::None),
    ];

    /// The word in metadata.
    pub fn as_str(self) -> &'static str {
        SubjectIdRequirement::NAMES.iter().find(|(_, known)| *known == self).map_or("none", |(word, _)| word)
    }

    /// What the entity says. Nothing if it says nothing, or not one of the four words.
    pub fn of(entity: &EntityDescriptor) -> Option<Self> {
        let mut said = entity.attributes.iter().filter(|attribute| attribute.name == REQUIREMENT_NAME);
        let (attribute, None) = (said.next()?, said.next()) else { return None };
        let [word] = attribute.values.as_slice() else { return None };
        SubjectIdRequirement::NAMES.iter().find(|(known, _)| *known == word.trim()).map(|(_, requirement)| *requirement)
    }
}

/// The value of `pairwise-id` or `subject-id`: `unique@scope`. Nothing if either part is not as section
/// 3.2.1 wants it: `unique` of letters, digits, `=` and `-`, `scope` of letters, digits, `-` and `.`, the
/// first of each a letter or digit, all ASCII, at most 127 of each.
pub fn scoped_identifier(unique: &str, scope: &str) -> Option<String> {
    let is_part = |part: &str, besides: [char; 2]| {
        part.len() <= PART_CHARS_MAX
            && part.starts_with(|c: char| c.is_ascii_alphanumeric())
            && part.chars().all(|c| c.is_ascii_alphanumeric() || besides.contains(&c))
    };
    (is_part(unique, ['=', '-']) && is_part(scope, ['-', '.'])).then(|| format!("{unique}@{scope}"))
}

/// The scope of such a value; nothing if it is none. A reader accepts it only from an entity whose metadata
/// has that scope (section 3.4.3).
pub fn scope_of(identifier: &str) -> Option<&str> {
    let (unique, scope) = identifier.split_once('@')?;
    scoped_identifier(unique, scope).map(|_| scope)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_has_two_parts() {
        assert_eq!(scoped_identifier("ABC=-9", "kau.example").as_deref(), Some("ABC=-9@kau.example"));
        assert_eq!(scope_of("ABC=-9@kau.example"), Some("kau.example"));
        let long = "a".repeat(128);
        for (unique, scope) in [
            ("", "a"),
            ("a", ""),
            ("=a", "a"),
            ("a", ".a"),
            ("a@b", "c"),
            ("a b", "c"),
            ("ű", "c"),
            ("a", "ű.example"),
            ("a_b", "c"),
            (&long, "a"),
            ("a", &long),
        ] {
            assert_eq!(scoped_identifier(unique, scope), None, "{unique}@{scope}");
            assert_eq!(scope_of(&format!("{unique}@{scope}")), None, "{unique}@{scope}");
        }
    }
}
