//! Proof Key for Code Exchange, method S256 alone (RFC 7636).

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::BASE64URL_NOPAD;

/// The length of a SHA-256 digest, in bytes.
const DIGEST_BYTES: usize = 32;

/// An S256 challenge: 43 characters of canonical base64url (RFC 7636 section 4.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeChallenge(String);

impl CodeChallenge {
    /// The challenge, when it is one.
    pub fn parse(text: &str) -> Option<Self> {
        let digest = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
        (digest.len() == DIGEST_BYTES).then(|| Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether `verifier` is the one that `challenge` was made of (RFC 7636 section 4.6). A verifier has
/// 43 to 128 unreserved characters (section 4.1); anything else never matches. The comparison takes
/// the same time wherever the two differ.
pub fn pkce_matches(challenge: &CodeChallenge, verifier: &str) -> bool {
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    if !(43..=128).contains(&verifier.len()) || !verifier.bytes().all(unreserved) {
        return false;
    }
    let computed = BASE64URL_NOPAD.encode(digest(&SHA256, verifier.as_bytes()).as_ref());
    verify_slices_are_equal(computed.as_bytes(), challenge.0.as_bytes()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7636 appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn the_example_of_rfc_7636_matches_and_nothing_near_it_does() {
        let challenge = CodeChallenge::parse(CHALLENGE).unwrap();
        assert_eq!(challenge.as_str(), CHALLENGE);
        assert!(pkce_matches(&challenge, VERIFIER));
        assert!(!pkce_matches(&challenge, CHALLENGE), "that would be the method plain");
        for at in 0..VERIFIER.len() {
            let mut other = VERIFIER.to_owned();
            other.replace_range(at..=at, if &VERIFIER[at..=at] == "A" { "B" } else { "A" });
            assert!(!pkce_matches(&challenge, &other), "{at}");
        }
    }

    #[test]
    fn o05_a_verifier_has_43_to_128_unreserved_characters() {
        let of = |verifier: &str| {
            let text = BASE64URL_NOPAD.encode(digest(&SHA256, verifier.as_bytes()).as_ref());
            CodeChallenge::parse(&text).unwrap()
        };
        for good in ["a".repeat(43), "Z9-._~".repeat(20), "0".repeat(128)] {
            assert!(pkce_matches(&of(&good), &good), "{good}");
        }
        for bad in [String::new(), "a".repeat(42), "a".repeat(129), "a b".repeat(20), "é".repeat(30), "a+".repeat(30)]
        {
            assert!(!pkce_matches(&of(&bad), &bad), "{bad}");
        }
    }

    #[test]
    fn o04_a_challenge_is_43_characters_of_canonical_base64url() {
        let last_bits_set = format!("{}N", &CHALLENGE[..42]);
        for bad in
            ["", &CHALLENGE[..42], &format!("{CHALLENGE}A"), &format!("{CHALLENGE}="), &last_bits_set, &"a".repeat(129)]
        {
            assert_eq!(CodeChallenge::parse(bad), None, "{bad}");
        }
    }
}
