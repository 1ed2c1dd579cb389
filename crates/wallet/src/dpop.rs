//! Tokens that only the holder of a key can use: `DPoP` (RFC 9449). A proof is for one request; that it is used once is
//! for whoever remembers its `jti`.

use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::BASE64URL_NOPAD;
use jose::{Algorithm, JwsError, SignError, SigningKey, TokenType};
use serde::{Deserialize, Serialize};

/// The `typ` of a proof (section 4.2).
const DPOP_TYP: &str = "dpop+jwt";
/// What proofs are signed with.
pub const DPOP_ALGORITHMS: [Algorithm; 1] = [Algorithm::Es256];
/// How long ago a proof may have been made, in seconds.
pub const DPOP_AGE_MAX: i64 = 60;
/// How far the wallet's clock may be ahead of ours, in seconds.
pub const DPOP_AHEAD_MAX: i64 = 60;
/// The longest `jti`, in bytes.
pub const JTI_BYTES_MAX: usize = 256;

/// What a proof must be for.
#[derive(Clone, Copy, Debug)]
pub struct DpopExpected<'a> {
    /// The method of the request.
    pub method: &'a str,
    /// Its address, without query and fragment.
    pub uri: &'a str,
    /// The token that is shown with it, where one is.
    pub access_token: Option<&'a str>,
    /// Seconds since the epoch.
    pub now: i64,
}

/// A proof that is good, if it was not used before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DpopProof {
    /// The thumbprint (RFC 7638) of the key.
    pub thumbprint: String,
    /// Names this proof among those of the key.
    pub jti: String,
}

/// Why a proof is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DpopFault {
    /// Its form, or it is not signed by the key in its header.
    #[error("the proof of possession: {0}")]
    Token(#[from] JwsError),
    /// Its `jti` is empty or longer than [`JTI_BYTES_MAX`].
    #[error("the proof of possession has no jti, or one that is too long")]
    Jti,
    /// It is for another request.
    #[error("the proof of possession is for another request")]
    Request,
    /// It was made more than [`DPOP_AGE_MAX`] ago, or more than [`DPOP_AHEAD_MAX`] ahead.
    #[error("the proof of possession was not made now")]
    Time,
    /// It is for another token, or for none.
    #[error("the proof of possession is for another access token")]
    AccessToken,
}

#[derive(Deserialize)]
struct Claims {
    jti: String,
    htm: String,
    htu: String,
    iat: f64,
    ath: Option<String>,
}

/// Checks a proof (section 4.3), all but whether it was used before.
///
/// # Errors
///
/// The first fault found; see [`DpopFault`].
pub fn verify_dpop(proof: &str, expected: &DpopExpected<'_>) -> Result<DpopProof, DpopFault> {
    let (verified, key) = jose::verify_by_own_key(proof, TokenType::Stated(DPOP_TYP), &DPOP_ALGORITHMS)?;
    let claims: Claims = verified.json()?;
    if !(1..=JTI_BYTES_MAX).contains(&claims.jti.len()) {
        return Err(DpopFault::Jti);
    }
    if claims.htm != expected.method || !is_same_uri(&claims.htu, expected.uri) {
        return Err(DpopFault::Request);
    }
    #[expect(clippy::cast_precision_loss, reason = "an instant of the next million years is exact")]
    let age = expected.now as f64 - claims.iat;
    #[expect(clippy::cast_precision_loss, reason = "two small constants")]
    let (oldest, newest) = (DPOP_AGE_MAX as f64, -(DPOP_AHEAD_MAX as f64));
    if !(newest..=oldest).contains(&age) {
        return Err(DpopFault::Time);
    }
    if let Some(token) = expected.access_token
        && claims.ath != Some(hash_of(token))
    {
        return Err(DpopFault::AccessToken);
    }
    Ok(DpopProof { thumbprint: key.thumbprint(), jti: claims.jti })
}

/// A proof for one request.
///
/// # Errors
///
/// See [`SignError`].
pub fn sign_dpop(key: &SigningKey, request: &DpopExpected<'_>, jti: &str) -> Result<String, SignError> {
    #[derive(Serialize)]
    struct Written<'a> {
        jti: &'a str,
        htm: &'a str,
        htu: &'a str,
        iat: i64,
        #[serde(skip_serializing_if = "Option::is_none")]
        ath: Option<String>,
    }
    let DpopExpected { method: htm, uri: htu, access_token, now: iat } = *request;
    key.sign_with_own_key(DPOP_TYP, &Written { jti, htm, htu, iat, ath: access_token.map(hash_of) })
}

fn hash_of(token: &str) -> String {
    BASE64URL_NOPAD.encode(digest(&SHA256, token.as_bytes()).as_ref())
}

/// Whether an address is ours, whatever its query and fragment; scheme and host in either case (section 4.3).
fn is_same_uri(stated: &str, own: &str) -> bool {
    let stated = stated.split(['?', '#']).next().unwrap_or_default();
    let origin_length = own.find("://").map_or(0, |at| at + 3);
    let path_at = own[origin_length..].find('/').map_or(own.len(), |at| origin_length + at);
    match stated.split_at_checked(path_at) {
        Some((origin, path)) => origin.eq_ignore_ascii_case(&own[..path_at]) && path == &own[path_at..],
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::samples::{NOW, holder};

    const URI: &str = "https://dap.example/credential";

    fn expected(access_token: Option<&str>) -> DpopExpected<'_> {
        DpopExpected { method: "POST", uri: URI, access_token, now: NOW }
    }

    #[test]
    fn a_proof_tells_its_key_and_its_name() {
        let key = holder();
        for token in [None, Some("token")] {
            let proof = sign_dpop(&key, &expected(token), "j-1").unwrap();
            let found = verify_dpop(&proof, &expected(token)).unwrap();
            assert_eq!((found.thumbprint.as_str(), found.jti.as_str()), (key.kid(), "j-1"));
        }
        // The example of RFC 9449 section 7.1.
        assert_eq!(
            hash_of("Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU"),
            "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo"
        );
    }

    #[test]
    fn what_a_proof_must_say() {
        use DpopFault::{AccessToken, Jti, Request, Time};
        let good = || json!({"jti": "j", "htm": "POST", "htu": URI, "iat": NOW, "ath": hash_of("token")});
        let with = |name: &str, value: Value| {
            let mut claims = good();
            claims[name] = value;
            claims
        };
        let payload = Err(DpopFault::Token(JwsError::Payload));
        #[rustfmt::skip]
        let table = [
            (good(),                                              Ok(())),
            (with("htu", json!("HTTPS://DAP.example/credential?x=1#y")), Ok(())),
            (with("nonce", json!("n")),                           Ok(())),
            (with("iat", json!(NOW - 60)),                        Ok(())),
            (with("iat", json!(NOW + 60)),                        Ok(())),
            (with("iat", json!(NOW - 61)),                        Err(Time)),
            (with("iat", json!(NOW + 61)),                        Err(Time)),
            (with("iat", json!(null)),                            payload),
            (with("htm", json!("GET")),                           Err(Request)),
            (with("htm", json!("post")),                          Err(Request)),
            (with("htu", json!("https://dap.example/token")),     Err(Request)),
            (with("htu", json!("https://dap.example/Credential")), Err(Request)),
            (with("htu", json!("https://dap.example/credential/")), Err(Request)),
            (with("htu", json!("https://dap.example")),           Err(Request)),
            (with("htu", json!("https://evil.example/credential")), Err(Request)),
            (with("htu", json!("é")),                             Err(Request)),
            (with("jti", json!("")),                              Err(Jti)),
            (with("jti", json!("j".repeat(257))),                 Err(Jti)),
            (with("jti", json!(1)),                               payload),
            (with("ath", json!(hash_of("other"))),                Err(AccessToken)),
            (with("ath", json!(null)),                            Err(AccessToken)),
        ];
        for (claims, outcome) in table {
            let proof = holder().sign_with_own_key(DPOP_TYP, &claims).unwrap();
            assert_eq!(verify_dpop(&proof, &expected(Some("token"))).map(drop), outcome, "{claims}");
        }
        let other = holder().sign_with_own_key("jwt", &good()).unwrap();
        assert_eq!(verify_dpop(&other, &expected(None)), Err(DpopFault::Token(JwsError::Type)));
        let named = holder().sign(DPOP_TYP, &good()).unwrap();
        assert_eq!(verify_dpop(&named, &expected(None)), Err(DpopFault::Token(JwsError::RefusedMember)));
        assert!(verify_dpop("", &expected(None)).is_err());
    }
}
