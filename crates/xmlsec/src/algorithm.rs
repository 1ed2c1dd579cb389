//! The closed lists of signature and digest algorithms.

use aws_lc_rs::digest::{self, SHA256, SHA384, SHA512};

/// A signature algorithm of RFC 9231 (which replaced RFC 6931). SHA-1, DSA and shared secrets cannot
/// be named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SignatureAlgorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256, which every partner knows.
    RsaSha256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    RsaSha384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    RsaSha512,
    /// RSASSA-PSS with SHA-256, MGF1 with SHA-256 and a salt of 32 bytes (RFC 9231 section 2.3.10).
    RsaPssSha256,
    /// ECDSA on P-256 with SHA-256; the signature is both numbers, 32 bytes each.
    EcdsaSha256,
    /// ECDSA on P-384 with SHA-384; the signature is both numbers, 48 bytes each.
    EcdsaSha384,
}

impl SignatureAlgorithm {
    /// All of them.
    pub const ALL: [SignatureAlgorithm; 6] = [
        SignatureAlgorithm::RsaSha256,
        SignatureAlgorithm::RsaSha384,
        SignatureAlgorithm::RsaSha512,
        SignatureAlgorithm::RsaPssSha256,
        SignatureAlgorithm::EcdsaSha256,
        SignatureAlgorithm::EcdsaSha384,
    ];

    /// Its identifier, as in `ds:SignatureMethod` and the parameter `SigAlg`.
    pub const fn uri(self) -> &'static str {
        match self {
            SignatureAlgorithm::RsaSha256 => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
            SignatureAlgorithm::RsaSha384 => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
            SignatureAlgorithm::RsaSha512 => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
            SignatureAlgorithm::RsaPssSha256 => "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1",
            SignatureAlgorithm::EcdsaSha256 => "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
            SignatureAlgorithm::EcdsaSha384 => "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384",
        }
    }

    /// The algorithm of that identifier, compared character by character.
    pub fn from_uri(uri: &str) -> Option<Self> {
        SignatureAlgorithm::ALL.into_iter().find(|algorithm| algorithm.uri() == uri)
    }

    /// The digest that we put beside a signature of this algorithm.
    pub(crate) const fn digest(self) -> Digest {
        match self {
            SignatureAlgorithm::RsaSha256 | SignatureAlgorithm::RsaPssSha256 | SignatureAlgorithm::EcdsaSha256 => {
                Digest::Sha256
            }
            SignatureAlgorithm::RsaSha384 | SignatureAlgorithm::EcdsaSha384 => Digest::Sha384,
            SignatureAlgorithm::RsaSha512 => Digest::Sha512,
        }
    }
}

/// A digest algorithm (XML Signature 1.1 section 6.2). SHA-1 cannot be named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Digest {
    Sha256,
    Sha384,
    Sha512,
}

impl Digest {
    const ALL: [Digest; 3] = [Digest::Sha256, Digest::Sha384, Digest::Sha512];

    pub(crate) const fn uri(self) -> &'static str {
        match self {
            Digest::Sha256 => "http://www.w3.org/2001/04/xmlenc#sha256",
            Digest::Sha384 => "http://www.w3.org/2001/04/xmldsig-more#sha384",
            Digest::Sha512 => "http://www.w3.org/2001/04/xmlenc#sha512",
        }
    }

    pub(crate) fn from_uri(uri: &str) -> Option<Self> {
        Digest::ALL.into_iter().find(|digest| digest.uri() == uri)
    }

    pub(crate) fn of(self, octets: &[u8]) -> digest::Digest {
        let algorithm = match self {
            Digest::Sha256 => &SHA256,
            Digest::Sha384 => &SHA384,
            Digest::Sha512 => &SHA512,
        };
        digest::digest(algorithm, octets)
    }
}

#[cfg(test)]
mod tests {
    use super::{Digest, SignatureAlgorithm};

    #[test]
    fn each_algorithm_has_one_name_and_nothing_else_is_one() {
        for algorithm in SignatureAlgorithm::ALL {
            assert_eq!(SignatureAlgorithm::from_uri(algorithm.uri()), Some(algorithm));
        }
        for digest in Digest::ALL {
            assert_eq!(Digest::from_uri(digest.uri()), Some(digest));
        }
        for other in [
            "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
            "http://www.w3.org/2000/09/xmldsig#dsa-sha1",
            "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256",
            "http://www.w3.org/2001/04/xmldsig-more#RSA-SHA256",
            "http://www.w3.org/2000/09/xmldsig#sha1",
            "none",
            "",
        ] {
            assert_eq!(SignatureAlgorithm::from_uri(other), None, "{other:?}");
            assert_eq!(Digest::from_uri(other), None, "{other:?}");
        }
    }
}
