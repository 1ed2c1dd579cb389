//! Parameters in `application/x-www-form-urlencoded` (RFC 6749 appendix B).

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use percent_encoding::percent_decode;

use crate::Credential;

/// The longest query or body that is read, in bytes.
pub const FORM_BYTES_MAX: usize = 32 * 1024;
/// The most parameters of one request.
pub const FORM_PARAMETERS_MAX: usize = 64;

/// The parameters of one request, each name once. A parameter without a value counts as left out
/// (RFC 6749 section 3.1).
pub(crate) struct Parameters {
    values: BTreeMap<String, String>,
    repeated: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FormError {
    TooLarge,
    NotUtf8,
}

impl Parameters {
    pub(crate) fn read(text: &str) -> Result<Self, FormError> {
        if text.len() > FORM_BYTES_MAX {
            return Err(FormError::TooLarge);
        }
        let mut parameters = Self { values: BTreeMap::new(), repeated: Vec::new() };
        for (index, pair) in text.split('&').filter(|pair| !pair.is_empty()).enumerate() {
            if index == FORM_PARAMETERS_MAX {
                return Err(FormError::TooLarge);
            }
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, value) = (decode(name), decode(value));
            let (Some(name), Some(value)) = (name, value) else { return Err(FormError::NotUtf8) };
            match parameters.values.entry(name) {
                Entry::Occupied(entry) => parameters.repeated.push(entry.key().clone()),
                Entry::Vacant(entry) => drop(entry.insert(value)),
            }
        }
        Ok(parameters)
    }

    /// RFC 6749 section 3.1: no parameter may come twice.
    pub(crate) fn any_repeated(&self) -> bool {
        !self.repeated.is_empty()
    }

    pub(crate) fn is_repeated(&self, name: &str) -> bool {
        self.repeated.iter().any(|repeated| repeated == name)
    }

    pub(crate) fn take(&mut self, name: &str) -> Option<String> {
        self.values.remove(name).filter(|value| !value.is_empty())
    }

    pub(crate) fn take_credential(&mut self, name: &str) -> Option<Credential> {
        self.take(name).map(Credential::new)
    }
}

/// The decoded text; nothing when its bytes are not UTF-8.
pub(crate) fn decode(text: &str) -> Option<String> {
    let spaced = text.replace('+', " ");
    percent_decode(spaced.as_bytes()).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}

/// `uri` with `parameters` added to its query, which may exist already (RFC 6749 section 3.1.2).
/// `uri` has no fragment: none is ever registered.
pub(crate) fn with_query(uri: &str, parameters: &[(&str, &str)]) -> String {
    let mut location = uri.to_owned();
    if parameters.is_empty() {
        return location;
    }
    match uri.split_once('?') {
        None => location.push('?'),
        Some((_, query)) if query.is_empty() || query.ends_with('&') => {}
        Some(_) => location.push('&'),
    }
    let start = location.len();
    let mut query = form_urlencoded::Serializer::for_suffix(location, start);
    for (name, value) in parameters {
        query.append_pair(name, value);
    }
    query.finish()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn parameters_are_decoded_once_and_taken_once() {
        let mut read = Parameters::read("a=1&b=x+y%2Bz%26&&c&d=&%65=%25%34%31&f==").unwrap();
        assert_eq!(read.take("a").as_deref(), Some("1"));
        assert_eq!(read.take("a"), None);
        assert_eq!(read.take("b").as_deref(), Some("x y+z&"));
        assert_eq!((read.take("c"), read.take("d")), (None, None), "no value is no parameter");
        assert_eq!(read.take("e").as_deref(), Some("%41"));
        assert_eq!(read.take("f").as_deref(), Some("="));
        assert!(!read.any_repeated());
    }

    #[test]
    fn a_repeated_parameter_is_seen_however_it_is_written() {
        for twice in ["a=1&a=2", "a=1&a=1", "a=&a=1", "a&a", "a=1&%61=2"] {
            let read = Parameters::read(twice).unwrap();
            assert!(read.any_repeated() && read.is_repeated("a") && !read.is_repeated("b"), "{twice}");
        }
    }

    #[test]
    fn what_is_too_large_or_no_utf8_is_refused() {
        let pairs = |count: usize| (0..count).map(|n| format!("p{n}=1")).collect::<Vec<_>>().join("&");
        assert!(Parameters::read(&pairs(64)).is_ok());
        assert_eq!(Parameters::read(&pairs(65)).err(), Some(FormError::TooLarge));
        assert_eq!(Parameters::read(&"a".repeat(FORM_BYTES_MAX + 1)).err(), Some(FormError::TooLarge));
        for bad in ["a=%ff", "%c3=1", "a=%ed%a0%80"] {
            assert_eq!(Parameters::read(bad).err(), Some(FormError::NotUtf8), "{bad}");
        }
    }

    #[test]
    fn a_query_is_added_to_what_is_there() {
        for (uri, expected) in [
            ("https://a.example/cb", "https://a.example/cb?x=1+2&y=%26"),
            ("https://a.example/cb?", "https://a.example/cb?x=1+2&y=%26"),
            ("https://a.example/cb?z=0", "https://a.example/cb?z=0&x=1+2&y=%26"),
            ("https://a.example/cb?z=0&", "https://a.example/cb?z=0&x=1+2&y=%26"),
        ] {
            assert_eq!(with_query(uri, &[("x", "1 2"), ("y", "&")]), expected);
            assert_eq!(with_query(uri, &[]), uri);
        }
    }

    proptest! {
        #[test]
        fn what_is_added_to_a_query_is_read_back(name in "[a-z]{1,8}", value in "\\PC{1,40}") {
            let location = with_query("https://a.example/cb?fixed=1", &[(&name, &value)]);
            prop_assume!(name != "fixed");
            let mut read = Parameters::read(location.split_once('?').unwrap().1).unwrap();
            prop_assert_eq!(read.take(&name), Some(value));
            prop_assert!(location.is_ascii() && !location.contains(['\r', '\n', ' ', '#']));
        }
    }
}
