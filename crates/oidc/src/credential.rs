//! A secret text that a client sends.

use std::fmt;

use zeroize::Zeroizing;

/// A client secret, code, verifier, assertion or access token. It cannot be printed, compared or
/// serialised, and its memory is overwritten when it is dropped.
#[derive(Clone)]
pub struct Credential(Zeroizing<String>);

impl Credential {
    /// Takes the text in.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The only way in, named so that a reviewer can search for it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credential(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::Credential;

    #[test]
    fn a_credential_prints_nothing_of_itself() {
        assert_eq!(format!("{:?}", Credential::new("s3cret".to_owned())), "Credential(…)");
    }
}
