//! What the issuer says of itself.

use http::{Method, StatusCode};
use serde_json::json;
use testkit::{DAP, Installation};
use wallet::openid4vci::{IssuerMetadata, PRE_AUTHORIZED_CODE, ServerMetadata, well_known};

use crate::phone::{anna_with, call, get};
use crate::wallet::Wallet;

#[tokio::test]
async fn oid4vci_1_0_issuer_metadata_test() {
    let gate = Installation::start().await;
    let address = well_known(DAP, "openid-credential-issuer");
    let answer = get(&gate, address.strip_prefix(DAP).unwrap()).await;
    assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, Some("application/json")));
    let metadata = IssuerMetadata::parse(&answer.body, DAP).unwrap();
    assert_eq!(metadata.credential_endpoint, format!("{DAP}/credential"));
    assert_eq!(metadata.nonce_endpoint, Some(format!("{DAP}/nonce")));
    assert_eq!(metadata.notification_endpoint, Some(format!("{DAP}/notification")));
    assert_eq!(metadata.batch_credential_issuance.unwrap().batch_size, 4);
    let languages: Vec<_> = metadata.display.iter().map(|display| display.locale.as_deref().unwrap()).collect();
    assert_eq!(languages, ["hu", "en"]);
    let told = answer.json();
    let configurations = &told["credential_configurations_supported"];
    let (sd_jwt, mdoc) = (&configurations["pid-sd-jwt"], &configurations["pid-mdoc"]);
    assert_eq!((&sd_jwt["format"], &sd_jwt["vct"]), (&json!("dc+sd-jwt"), &json!("urn:eudi:pid:1")));
    assert_eq!((&mdoc["format"], &mdoc["doctype"]), (&json!("mso_mdoc"), &json!("eu.europa.ec.eudi.pid.1")));
    assert_eq!(sd_jwt["credential_signing_alg_values_supported"], json!(["ES256"]));
    assert_eq!(mdoc["credential_signing_alg_values_supported"], json!([-7]));
    assert_eq!(sd_jwt["cryptographic_binding_methods_supported"], json!(["jwk"]));
    assert_eq!(mdoc["cryptographic_binding_methods_supported"], json!(["cose_key"]));
    for configuration in [sd_jwt, mdoc] {
        let proof = &configuration["proof_types_supported"]["jwt"]["proof_signing_alg_values_supported"];
        assert_eq!(proof, &json!(["ES256"]));
        assert_eq!(configuration["credential_metadata"]["display"].as_array().unwrap().len(), 2);
    }
    let paths = |configuration: &serde_json::Value| -> Vec<serde_json::Value> {
        let claims = configuration["credential_metadata"]["claims"].as_array().unwrap();
        claims.iter().map(|claim| claim["path"].clone()).collect()
    };
    assert!(paths(sd_jwt).contains(&json!(["birthdate"])));
    assert!(paths(mdoc).contains(&json!(["eu.europa.ec.eudi.pid.1", "birth_date"])));
    // Nothing is announced that does not work.
    for absent in ["deferred_credential_endpoint", "credential_response_encryption", "credential_request_encryption"] {
        assert!(told.get(absent).is_none(), "{absent}");
    }
}

#[tokio::test]
async fn the_server_knows_one_grant_and_needs_no_clients_name() {
    let gate = Installation::start().await;
    let answer = get(&gate, "/.well-known/oauth-authorization-server").await;
    let metadata = ServerMetadata::parse(&answer.body, DAP).unwrap();
    assert_eq!(metadata.token_endpoint, format!("{DAP}/token"));
    assert_eq!(metadata.grant_types_supported, [PRE_AUTHORIZED_CODE]);
    assert!(metadata.anonymous_access && metadata.authorization_endpoint.is_none());
    assert_eq!(metadata.dpop_signing_alg_values_supported, ["ES256"]);
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
}

#[tokio::test]
async fn the_server_says_how_a_wallet_asks_by_itself() {
    let (gate, ..) = anna_with(vec![Wallet::new(1).trusted()]).await;
    let answer = get(&gate, "/.well-known/oauth-authorization-server").await;
    let told = answer.json();
    for (name, value) in [
        ("authorization_endpoint", json!(format!("{DAP}/authorize"))),
        ("pushed_authorization_request_endpoint", json!(format!("{DAP}/par"))),
        ("require_pushed_authorization_requests", json!(true)),
        ("response_types_supported", json!(["code"])),
        ("grant_types_supported", json!(["authorization_code", PRE_AUTHORIZED_CODE])),
        ("code_challenge_methods_supported", json!(["S256"])),
        ("authorization_response_iss_parameter_supported", json!(true)),
        ("token_endpoint_auth_methods_supported", json!(["none", "attest_jwt_client_auth"])),
        ("client_attestation_signing_alg_values_supported", json!(["ES256"])),
        ("client_attestation_pop_signing_alg_values_supported", json!(["ES256"])),
        ("dpop_signing_alg_values_supported", json!(["ES256"])),
        ("scopes_supported", json!(["pid-sd-jwt", "pid-mdoc"])),
    ] {
        assert_eq!(told[name], value, "{name}");
    }
    // Each configuration has its scope (HAIP 1.0 section 4.1).
    let issuer = get(&gate, "/.well-known/openid-credential-issuer").await.json();
    for (id, configuration) in issuer["credential_configurations_supported"].as_object().unwrap() {
        assert_eq!(configuration["scope"], json!(id));
    }
}

#[tokio::test]
async fn what_is_not_there_is_said_so() {
    let gate = Installation::start().await;
    for path in ["/oidc/authorize", "/fiok", "/.well-known/openid-configuration"] {
        assert_eq!(get(&gate, path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let start = call(&gate, (http::Method::GET, "/"), &[], "").await;
    assert_eq!(start.status, StatusCode::OK);
    assert!(String::from_utf8_lossy(&start.body).contains("/tarca"));
}

#[tokio::test]
async fn whoever_takes_the_credentials_can_have_the_anchor() {
    let gate = Installation::start().await;
    let answer = get(&gate, "/issuer.pem").await;
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (StatusCode::OK, Some("application/pem-certificate-chain"))
    );
    // What the tests' own verifiers trust, line by line of no more than 64 characters.
    assert_eq!(answer.body, gate.broker.credential_issuer_anchor_pem().unwrap().as_bytes());
    assert!(answer.body.split(|octet| *octet == b'\n').all(|line| line.len() <= 64));
}

const ALLOWED: &str = "authorization, content-type, dpop, oauth-client-attestation, oauth-client-attestation-pop";

#[tokio::test]
async fn a_wallet_that_is_a_page_of_another_origin_may_call() {
    let gate = Installation::start().await;
    for path in ["/par", "/token", "/credential", "/notification"] {
        let asked = call(&gate, (Method::OPTIONS, path), &[("origin", "https://wallet.example")], "").await;
        assert_eq!((asked.status, asked.header("access-control-allow-origin")), (StatusCode::NO_CONTENT, Some("*")));
        assert_eq!(asked.header("access-control-allow-headers"), Some(ALLOWED), "{path}");
        // It can read why it was refused, too; no cookie is ever asked for.
        let refused = call(&gate, (Method::POST, path), &[], "").await;
        assert!(refused.status.is_client_error(), "{path}");
        assert_eq!(refused.header("access-control-allow-origin"), Some("*"), "{path}");
        assert_eq!(refused.header("access-control-allow-credentials"), None, "{path}");
    }
}
