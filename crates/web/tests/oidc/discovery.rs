//! The discovery document, and that it is true.

use http::StatusCode;
use serde_json::{Value, json};
use testkit::{Installation, KAU};

use crate::relying_party::{Call, jwks};

async fn document(gate: &Installation) -> Value {
    let answer = Call::get("/.well-known/openid-configuration").send(gate).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    answer.json()
}

/// The config plan's one module.
#[tokio::test]
async fn oidcc_discovery_endpoint_verification() {
    let gate = Installation::start().await;
    let document = document(&gate).await;
    assert_eq!(document["issuer"], KAU);
    for member in ["authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri", "end_session_endpoint"]
    {
        let url = document[member].as_str().expect(member);
        let path = url.strip_prefix(KAU).expect("below the issuer");
        let answer = Call::get(path).send(&gate).await;
        assert_ne!(answer.status, StatusCode::NOT_FOUND, "{member} is there");
    }
    assert_eq!(document["response_types_supported"], json!(["code"]));
    assert_eq!(document["claims_parameter_supported"], true);
    assert_eq!(document["request_uri_parameter_supported"], false, "absent would mean true");
    assert_eq!(document["grant_types_supported"], json!(["authorization_code"]));
    for absent in ["registration_endpoint", "check_session_iframe", "frontchannel_logout_supported"] {
        assert_eq!(document.get(absent), None, "{absent} would promise what is not done");
    }
    let contains = |member: &str, word: &str| document[member].as_array().expect(member).contains(&json!(word));
    assert!(contains("id_token_signing_alg_values_supported", "RS256"));
    assert!(contains("scopes_supported", "openid"));
    assert!(contains("subject_types_supported", "pairwise"));
    let published: Vec<_> = jwks(&gate).await.keys().iter().map(|key| key.kid().map(str::to_owned)).collect();
    assert_eq!(published.len(), 3, "one key for each algorithm");
    assert!(published.iter().all(Option::is_some), "each has a name");
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_discovery_endpoint_verification() {
    let gate = Installation::start().await;
    assert_eq!(document(&gate).await["end_session_endpoint"], format!("{KAU}/oidc/logout"));
}

#[tokio::test]
async fn oidcc_backchannel_logout_discovery_endpoint_verification() {
    let gate = Installation::start().await;
    let document = document(&gate).await;
    assert_eq!(document["backchannel_logout_supported"], true);
    assert_eq!(document["backchannel_logout_session_supported"], true);
}

#[tokio::test]
async fn no_private_half_of_a_key_is_published() {
    let gate = Installation::start().await;
    let set = Call::get("/oidc/jwks").send(&gate).await.json();
    for key in set["keys"].as_array().unwrap() {
        for private in ["d", "p", "q", "dp", "dq", "qi", "k", "oth"] {
            assert_eq!(key.get(private), None, "{private}");
        }
        assert_eq!(key["use"], "sig");
    }
}
