//! What the issuer says of itself.

use data_encoding::BASE64URL_NOPAD;
use http::{Method, StatusCode};
use jose::{Algorithm, ExpectedChain, TokenType};
use serde_json::json;
use testkit::{DAP, Installation};
use wallet::openid4vci::{IssuerMetadata, PRE_AUTHORIZED_CODE, ServerMetadata, well_known};

use crate::phone::{anna_with, call, get, judge, now};
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
    assert!(told.get("deferred_credential_endpoint").is_none());
    assert_eq!(answer.header("vary"), Some("accept"));
    // Each configuration has a scope of its own, which has its name.
    for (id, configuration) in configurations.as_object().unwrap() {
        assert_eq!(&configuration["scope"], id);
        // Nobody's word on keys counts here, so an attestation cannot stand for a proof.
        assert_eq!(configuration["proof_types_supported"].as_object().unwrap().len(), 1);
        assert!(configuration["proof_types_supported"]["jwt"].get("key_attestations_required").is_none());
    }
    // Encryption of both directions is announced together, and demanded of nobody.
    let (request, response) = (&told["credential_request_encryption"], &told["credential_response_encryption"]);
    for encryption in [request, response] {
        assert_eq!(encryption["enc_values_supported"], json!(["A128GCM", "A256GCM"]));
        assert_eq!(encryption["encryption_required"], json!(false));
        assert!(encryption.get("zip_values_supported").is_none());
    }
    assert_eq!(response["alg_values_supported"], json!(["ECDH-ES"]));
    let key = &request["jwks"]["keys"][0];
    assert_eq!((&key["alg"], &key["use"], &key["crv"]), (&json!("ECDH-ES"), &json!("enc"), &json!("P-256")));
    assert!(key["kid"].as_str().is_some_and(|kid| !kid.is_empty()) && key.get("d").is_none(), "{key}");
}

#[tokio::test]
async fn oid4vci_1_0_issuer_metadata_test_signed() {
    let gate = Installation::start().await;
    let path = "/.well-known/openid-credential-issuer";
    let accepting = async |accept: &str| call(&gate, (Method::GET, path), &[("accept", accept)], "").await;
    let answer = accepting("application/jwt").await;
    assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, Some("application/jwt")));
    assert_eq!((answer.header("vary"), answer.header("access-control-allow-origin")), (Some("accept"), Some("*")));
    let token = std::str::from_utf8(&answer.body).unwrap();
    let header = BASE64URL_NOPAD.decode(token.split('.').next().unwrap().as_bytes()).unwrap();
    let header: serde_json::Value = serde_json::from_slice(&header).unwrap();
    assert_eq!((&header["typ"], &header["alg"]), (&json!("openidvci-issuer-metadata+jwt"), &json!("ES256")));
    // The chain leads to the anchor, which is not in it, and the key is the one that signs credentials.
    assert_eq!(header["x5c"].as_array().unwrap().len(), 1);
    let expected = ExpectedChain {
        typ: TokenType::Stated("openidvci-issuer-metadata+jwt"),
        algorithms: &[Algorithm::Es256],
        bytes_max: 64 * 1024,
    };
    let verified = jose::verify_by_chain(token, &expected, |chain| {
        let signer = judge(&gate)(chain)?;
        assert!(signer.may_be_called(DAP));
        Ok::<_, wallet::trust::ChainFault>(signer.key)
    });
    let mut claims: serde_json::Map<String, serde_json::Value> = verified.unwrap().json().unwrap();
    assert_eq!(claims.remove("sub"), Some(json!(DAP)));
    assert_eq!(claims.remove("iat"), Some(json!(now(&gate))));
    // Everything else is what is told without a signature.
    let unsigned = get(&gate, path).await;
    assert_eq!(serde_json::Value::from(claims), unsigned.json());
    #[rustfmt::skip]
    let table = [
        ("application/json",                                   "application/json"),
        ("*/*",                                                "application/json"),
        ("text/html,application/xhtml+xml,*/*;q=0.8",          "application/json"),
        ("application/jwt, application/json",                  "application/json"),
        ("application/jwt, application/json;q=0.9",            "application/jwt"),
        ("application/jwt;q=0.1, application/json;q=0.9",      "application/json"),
        ("application/jwt;q=0",                                "application/json"),
    ];
    for (accept, media_type) in table {
        assert_eq!(accepting(accept).await.header("content-type"), Some(media_type), "{accept}");
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
