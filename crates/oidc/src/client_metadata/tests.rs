//! Registrations, member by member.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn good() -> Value {
    json!({
        "client_name": "Magyarorszag.hu",
        "client_name#en": "Hungary.hu",
        "redirect_uris": ["https://rp.example/cb", "https://rp.example/cb?x=1"],
    })
}

fn with(member: &str, value: Value) -> Value {
    let mut metadata = good();
    metadata[member] = value;
    metadata
}

fn together(members: &Value) -> Value {
    let mut metadata = good();
    metadata.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    metadata
}

fn parse(metadata: &Value) -> Result<ClientMetadata, MetadataError> {
    ClientMetadata::parse(metadata.to_string().as_bytes())
}

fn key() -> Value {
    json!({"kty": "EC", "crv": "P-256", "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"})
}

fn named_key() -> Value {
    let mut key = key();
    key["kid"] = "1".into();
    key
}

#[test]
fn what_is_left_out_gets_its_default() {
    let metadata = parse(&good()).unwrap();
    assert_eq!((metadata.name_hu.as_str(), metadata.name_en.as_str()), ("Magyarorszag.hu", "Hungary.hu"));
    assert_eq!(metadata.auth_method, AuthMethod::ClientSecretBasic);
    assert_eq!(metadata.pkce, PkceRule::S256);
    assert_eq!(metadata.id_token_alg, Algorithm::Rs256);
    assert_eq!((metadata.subject_type, metadata.sector.as_str()), (SubjectType::Pairwise, "rp.example"));
    assert_eq!(metadata.scopes, [Scope::OpenId, Scope::Profile, Scope::Email]);
    assert!(metadata.client_id.is_none() && metadata.client_secret.is_none() && metadata.keys.is_none());
    assert!(metadata.is_confidential() && !metadata.is_local_demo());
    assert_eq!((metadata.min_level, metadata.min_loa, metadata.name_article), (None, None, None));
    assert_eq!(metadata.legal_basis, None);
}

#[test]
fn every_member_is_read() {
    let metadata = parse(&together(&json!({
        "client_id": "rp", "client_secret": "0123456789abcdef0123456789abcdef", "client_uri": "https://rp.example/",
        "post_logout_redirect_uris": ["https://rp.example/bye"], "token_endpoint_auth_method": "client_secret_post",
        "id_token_signed_response_alg": "ES256", "subject_type": "public", "sector_identifier_uri": "https://sector.example/s.json",
        "scope": "openid person", "default_max_age": 0, "backchannel_logout_uri": "https://rp.example/bc",
        "backchannel_logout_session_required": true, "kapu_min_level": 2, "kapu_min_loa": "substantial",
        "kapu_legal_basis": "law", "kapu_purposes": {"email": {"hu": "Értesítés"}},
        "kapu_wallet_claims": ["age_over_18", "address", "address"], "kapu_name_article": "a", "pkce": "nonce", "response_types": ["code"], "grant_types": ["authorization_code"],
        "userinfo_signed_response_alg": "none", "logo_uri": "x", "contacts": ["a@b.example"], "tos_uri": null,
    })))
    .unwrap();
    assert_eq!(metadata.client_id.as_deref(), Some("rp"));
    assert_eq!(metadata.client_secret.as_ref().unwrap().expose().len(), 32);
    assert_eq!(metadata.client_uri.as_ref().map(WebUri::as_str), Some("https://rp.example/"));
    assert_eq!(metadata.auth_method, AuthMethod::ClientSecretPost);
    assert_eq!((metadata.id_token_alg, metadata.pkce), (Algorithm::Es256, PkceRule::Nonce));
    assert_eq!((metadata.subject_type, metadata.sector.as_str()), (SubjectType::Public, "sector.example"));
    assert_eq!(metadata.scopes, [Scope::OpenId, Scope::Person]);
    assert_eq!(metadata.default_max_age, Some(0));
    assert_eq!(metadata.backchannel_logout_uri.as_ref().map(WebUri::as_str), Some("https://rp.example/bc"));
    assert!(metadata.backchannel_logout_session_required);
    assert_eq!((metadata.min_level, metadata.min_loa), (Some(2), Some(LoaLevel::Substantial)));
    assert_eq!(metadata.legal_basis, Some(LegalBasis::Law));
    assert_eq!(metadata.purposes.clone().map(Value::Object), Some(json!({"email": {"hu": "Értesítés"}})));
    assert_eq!(metadata.wallet_claims, ["address", "age_over_18"]);
    assert_eq!(metadata.name_article, Some(NameArticle::A));
    assert!(!format!("{metadata:?}").contains("0123456789abcdef"));
}

#[test]
fn keys_are_inline_or_elsewhere() {
    let inline = parse(&together(&json!({"token_endpoint_auth_method": "private_key_jwt", "jwks": {"keys": [key()]}})));
    assert!(matches!(inline.unwrap().keys, Some(ClientKeys::Inline(set)) if set.keys().len() == 1));
    let elsewhere = parse(&together(
        &json!({"token_endpoint_auth_method": "private_key_jwt", "jwks_uri": "https://rp.example/jwks"}),
    ));
    assert!(matches!(elsewhere.unwrap().keys, Some(ClientKeys::At(uri)) if uri.as_str() == "https://rp.example/jwks"));
}

#[test]
fn o01_a_redirect_uri_is_compared_byte_for_byte() {
    let metadata = parse(&together(&json!({"post_logout_redirect_uris": ["https://rp.example/bye"]}))).unwrap();
    assert!(metadata.allows_redirect("https://rp.example/cb") && metadata.allows_redirect("https://rp.example/cb?x=1"));
    assert!(metadata.allows_post_logout_redirect("https://rp.example/bye"));
    for other in [
        "",
        "https://rp.example",
        "https://rp.example/",
        "https://rp.example/other",
        "https://rp.example/cb/",
        "https://rp.example/cb?",
        "https://rp.example/cb?x",
        "https://rp.example/cb?x=2",
        "https://rp.example/cb?x=1&y=2",
        "https://rp.example/Cb",
        "https://RP.example/cb",
        "https://rp.example/%63b",
        "https://rp.example/x/%2e%2e/cb",
        "https://rp.example/./cb",
        "https://user@rp.example/cb",
        "https://rp.example@evil.example/cb",
        "https://rp.example:443/cb",
        "https://rp.example:8443/cb",
        "http://rp.example/cb",
        "https://rp.example/cb#",
        "https://rp.example/cb#x",
        "https://rp.exаmple/cb",
        "https:\\\\rp.example\\cb",
        "https://rp.example/cb ",
        " https://rp.example/cb",
        "https://rp.example/cb\r\nx: y",
        "https://rp.example/bye",
        "javascript:alert(1)",
    ] {
        assert!(!metadata.allows_redirect(other), "{other}");
    }
    assert!(!metadata.allows_post_logout_redirect("https://rp.example/cb"));
}

#[test]
fn a_wrong_member_is_named() {
    let secret = "0123456789abcdef0123456789abcdef";
    for (metadata, member) in [
        (with("client_name", Value::Null), "client_name"),
        (with("client_name", json!("  ")), "client_name"),
        (with("client_name", json!("a\nb")), "client_name"),
        (with("client_name", json!("x".repeat(256))), "client_name"),
        (with("client_name#en", json!(1)), "client_name#en"),
        (with("client_id", json!("r\u{e9}")), "client_id"),
        (with("client_secret", json!("short")), "client_secret"),
        (with("client_secret", json!("é".repeat(30))), "client_secret"),
        (together(&json!({"client_secret": secret, "token_endpoint_auth_method": "none"})), "client_secret"),
        (with("redirect_uris", Value::Null), "redirect_uris"),
        (with("redirect_uris", json!([])), "redirect_uris"),
        (with("redirect_uris", json!("https://rp.example/cb")), "redirect_uris"),
        (with("redirect_uris", json!([1])), "redirect_uris"),
        (with("redirect_uris", json!(["http://rp.example/cb"])), "redirect_uris"),
        (with("redirect_uris", json!(["https://rp.example/cb#x"])), "redirect_uris"),
        (with("redirect_uris", json!(["https://*.example/cb"])), "redirect_uris"),
        (with("redirect_uris", json!(vec!["https://rp.example/cb"; 65])), "redirect_uris"),
        (with("redirect_uris", json!(["https://a.example/cb", "https://b.example/cb"])), "sector_identifier_uri"),
        (with("sector_identifier_uri", json!("http://s.example")), "sector_identifier_uri"),
        (with("post_logout_redirect_uris", json!(["x"])), "post_logout_redirect_uris"),
        (with("client_uri", json!("javascript:alert(1)")), "client_uri"),
        (with("token_endpoint_auth_method", json!("client_secret_jwt")), "token_endpoint_auth_method"),
        (with("token_endpoint_auth_method", json!("private_key_jwt")), "token_endpoint_auth_method"),
        (with("token_endpoint_auth_signing_alg", json!("HS256")), "token_endpoint_auth_signing_alg"),
        (with("id_token_signed_response_alg", json!("none")), "id_token_signed_response_alg"),
        (with("id_token_signed_response_alg", json!("HS256")), "id_token_signed_response_alg"),
        (with("userinfo_signed_response_alg", json!("RS256")), "userinfo_signed_response_alg"),
        (with("id_token_encrypted_response_alg", json!("RSA-OAEP")), "id_token_encrypted_response_alg"),
        (with("response_types", json!(["code id_token"])), "response_types"),
        (with("grant_types", json!(["authorization_code", "implicit"])), "grant_types"),
        (with("jwks", json!({"keys": []})), "jwks"),
        (with("jwks", json!({"keys": [named_key(), named_key()]})), "jwks"),
        (with("jwks", json!("x")), "jwks"),
        (together(&json!({"jwks": {"keys": [key()]}, "jwks_uri": "https://rp.example/jwks"})), "jwks_uri"),
        (with("pkce", json!("plain")), "pkce"),
        (with("pkce", json!("none")), "pkce"),
        (together(&json!({"pkce": "nonce", "token_endpoint_auth_method": "none"})), "pkce"),
        (with("subject_type", json!("PAIRWISE")), "subject_type"),
        (with("scope", json!("profile")), "scope"),
        (with("scope", json!(["openid"])), "scope"),
        (with("default_max_age", json!(-1)), "default_max_age"),
        (with("default_max_age", json!("60")), "default_max_age"),
        (with("backchannel_logout_uri", json!("http://rp.example/bc")), "backchannel_logout_uri"),
        (with("backchannel_logout_session_required", json!("true")), "backchannel_logout_session_required"),
        (with("kapu_min_level", json!(0)), "kapu_min_level"),
        (with("kapu_min_level", json!(4)), "kapu_min_level"),
        (with("kapu_min_level", json!("2")), "kapu_min_level"),
        (with("kapu_min_level", json!(2.5)), "kapu_min_level"),
        (with("kapu_min_loa", json!("medium")), "kapu_min_loa"),
        (with("kapu_legal_basis", json!("habit")), "kapu_legal_basis"),
        (with("kapu_legal_basis", json!(true)), "kapu_legal_basis"),
        (with("kapu_purposes", json!("Értesítés")), "kapu_purposes"),
        (with("kapu_wallet_claims", json!("address")), "kapu_wallet_claims"),
        (with("kapu_wallet_claims", json!(["address", "picture"])), "kapu_wallet_claims"),
        (with("kapu_purposes", json!([{"email": {"hu": "Értesítés"}}])), "kapu_purposes"),
        (with("kapu_name_article", json!("the")), "kapu_name_article"),
        (with("kapu_min_levle", json!(2)), "kapu_min_levle"),
    ] {
        match parse(&metadata) {
            Err(MetadataError::Member { member: named, .. }) => assert_eq!(named, member, "{metadata}"),
            other => panic!("{metadata}: {other:?}"),
        }
    }
}

#[test]
fn what_is_no_single_object_is_refused() {
    for bad in ["", "[]", "null", "{", r#"{"pkce":"S256","pkce":"nonce"}"#, "{} {}"] {
        assert!(matches!(ClientMetadata::parse(bad.as_bytes()), Err(MetadataError::Form(_))), "{bad}");
    }
    let large = with("contacts", json!("x".repeat(METADATA_BYTES_MAX)));
    assert_eq!(parse(&large).err(), Some(MetadataError::TooLarge));
}

#[test]
fn services_of_several_hosts_share_a_sector_or_are_public() {
    let hosts = json!(["https://a.example/cb", "https://b.example/cb"]);
    let shared = together(&json!({"redirect_uris": hosts, "sector_identifier_uri": "https://s.example/"}));
    assert_eq!(parse(&shared).unwrap().sector, "s.example");
    let public = together(&json!({"redirect_uris": hosts, "subject_type": "public"}));
    assert_eq!(parse(&public).unwrap().subject_type, SubjectType::Public);
}

#[test]
fn a_client_on_this_machine_is_known_as_a_demonstration() {
    for member in ["client_uri", "backchannel_logout_uri"] {
        assert!(parse(&with(member, json!("http://rp.localhost:8080/"))).unwrap().is_local_demo(), "{member}");
    }
    for member in ["redirect_uris", "post_logout_redirect_uris"] {
        assert!(parse(&with(member, json!(["http://rp.localhost:8080/"]))).unwrap().is_local_demo(), "{member}");
    }
    let keys = together(&json!({"token_endpoint_auth_method": "private_key_jwt", "jwks_uri": "http://127.0.0.1/jwks"}));
    assert!(parse(&keys).unwrap().is_local_demo());
}

proptest! {
    #[test]
    fn a_redirect_uri_that_differs_in_one_byte_is_another(at in any::<prop::sample::Index>(), byte in 0x20_u8..0x7f) {
        let metadata = parse(&good()).unwrap();
        let mut bytes = "https://rp.example/cb".to_owned().into_bytes();
        let at = at.index(bytes.len());
        prop_assume!(bytes[at] != byte);
        bytes[at] = byte;
        prop_assert!(!metadata.allows_redirect(std::str::from_utf8(&bytes).unwrap()));
    }

    #[test]
    fn no_member_of_any_type_makes_the_reader_fail_otherwise_than_by_an_error(
        member in prop::sample::select(vec![
            "client_id", "client_secret", "client_name", "redirect_uris", "jwks", "jwks_uri", "scope", "pkce",
            "default_max_age", "kapu_min_level", "grant_types", "subject_type", "sector_identifier_uri",
        ]),
        value in prop::sample::select(vec![
            json!(null), json!(true), json!(-1), json!(1.5), json!(u64::MAX), json!(""), json!("x"), json!([]),
            json!([[]]), json!({}), json!({"keys": [{}]}), json!(["https://rp.example/cb", null]),
        ]),
    ) {
        drop(parse(&with(member, value)));
    }
}
