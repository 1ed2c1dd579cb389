//! The closed list of signature algorithms.

use std::fmt;

/// A signature algorithm of RFC 7518 section 3.1. There are no others here: neither `none` nor
/// anything with a shared secret can be named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Algorithm {
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// RSASSA-PKCS1-v1_5 with SHA-256, for relying parties that know nothing better.
    Rs256,
    /// RSASSA-PSS with SHA-256 and a salt of 32 bytes.
    Ps256,
}

impl Algorithm {
    /// All of them.
    pub const ALL: [Algorithm; 3] = [Algorithm::Es256, Algorithm::Rs256, Algorithm::Ps256];

    /// The value of `alg`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Algorithm::Es256 => "ES256",
            Algorithm::Rs256 => "RS256",
            Algorithm::Ps256 => "PS256",
        }
    }

    /// The algorithm whose `alg` value is `name`; the case matters.
    pub fn from_name(name: &str) -> Option<Self> {
        Algorithm::ALL.into_iter().find(|algorithm| algorithm.as_str() == name)
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::Algorithm;

    #[test]
    fn each_algorithm_has_one_name_and_nothing_else_is_one() {
        for algorithm in Algorithm::ALL {
            assert_eq!(Algorithm::from_name(algorithm.as_str()), Some(algorithm));
        }
        for other in ["none", "None", "HS256", "es256", "RS256 ", "RS384", "EdDSA", ""] {
            assert_eq!(Algorithm::from_name(other), None, "{other:?}");
        }
    }
}
