//! Scopes: what a client may ask for in one word.

/// The longest `scope`, in bytes.
pub const SCOPE_BYTES_MAX: usize = 1024;

/// A scope that means something here. Others are ignored (OpenID Connect Core 1.0 section 3.1.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// An ID token.
    OpenId,
    /// The name.
    Profile,
    /// The e-mail address.
    Email,
    /// The natural identification data: birth name, place and date of birth, mother's name.
    Person,
}

impl Scope {
    /// All of them.
    pub const ALL: [Scope; 4] = [Scope::OpenId, Scope::Profile, Scope::Email, Scope::Person];

    /// The word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Scope::OpenId => "openid",
            Scope::Profile => "profile",
            Scope::Email => "email",
            Scope::Person => "person",
        }
    }

    /// The scopes in a list separated by spaces, each once, in the order of [`Scope::ALL`]; nothing
    /// when the list is longer than [`SCOPE_BYTES_MAX`] or has other characters than RFC 6749
    /// section 3.3 allows.
    pub fn parse_list(text: &str) -> Option<Vec<Scope>> {
        let allowed = |byte: u8| matches!(byte, b' ' | 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
        if text.len() > SCOPE_BYTES_MAX || !text.bytes().all(allowed) {
            return None;
        }
        let named = |scope: &Scope| text.split(' ').any(|word| word == scope.as_str());
        Some(Scope::ALL.into_iter().filter(named).collect())
    }

    /// The list on the wire.
    pub fn write_list(scopes: &[Scope]) -> String {
        scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_whatever_its_order_and_strangers() {
        use Scope::{Email, OpenId, Person, Profile};
        for (text, scopes) in [
            ("openid", vec![OpenId]),
            ("email openid phone profile", vec![OpenId, Profile, Email]),
            ("openid openid  person", vec![OpenId, Person]),
            ("OpenID", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(Scope::parse_list(text), Some(scopes), "{text}");
        }
        assert_eq!(Scope::write_list(&Scope::ALL), "openid profile email person");
    }

    #[test]
    fn o36_a_list_of_ten_thousand_words_is_refused() {
        for bad in ["a ".repeat(10_000), "openid\tprofile".into(), "open\"id".into(), "openid\\".into(), "é".into()] {
            assert_eq!(Scope::parse_list(&bad), None);
        }
    }
}
