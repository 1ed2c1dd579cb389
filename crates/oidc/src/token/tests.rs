//! Token requests and answers.

use data_encoding::{BASE64, BASE64URL_NOPAD};
use proptest::prelude::*;
use serde_json::json;

use super::*;

const GRANT: &str =
    "grant_type=authorization_code&code=c0de&redirect_uri=https%3A%2F%2Frp.example%2Fcb&code_verifier=v";
const ASSERTION_TYPE: &str = "client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer";

fn basic(text: &str) -> String {
    format!("Basic {}", BASE64.encode(text.as_bytes()))
}

fn assertion(payload: &str) -> String {
    format!("e30.{}.AA", BASE64URL_NOPAD.encode(payload.as_bytes()))
}

fn parse(authorization: Option<&str>, body: &str) -> Result<TokenRequest, OAuthError> {
    TokenRequest::parse(authorization, body)
}

#[track_caller]
fn refused(authorization: Option<&str>, body: &str, code: ErrorCode) {
    assert_eq!(parse(authorization, body).err().map(|error| error.code), Some(code), "{authorization:?} {body}");
}

#[test]
fn each_method_of_authentication_is_read() {
    let request = parse(Some(&basic("rp:s3cret")), GRANT).unwrap();
    assert!(matches!(&request.client, ClientAuthentication::Basic { secret, .. } if secret.expose() == "s3cret"));
    assert_eq!(request.client.client_id(), "rp");
    assert_eq!(request.code.expose(), "c0de");
    assert_eq!(request.redirect_uri, "https://rp.example/cb");
    assert_eq!(request.code_verifier.unwrap().expose(), "v");

    let post = parse(None, &format!("{GRANT}&client_id=rp&client_secret=s3cret")).unwrap();
    assert!(matches!(&post.client, ClientAuthentication::Post { secret, .. } if secret.expose() == "s3cret"));

    let body = format!("{GRANT}&{ASSERTION_TYPE}&client_assertion={}", assertion(r#"{"sub":"rp"}"#));
    for body in [body.clone(), format!("{body}&client_id=rp")] {
        let signed = parse(None, &body).unwrap();
        assert!(matches!(signed.client, ClientAuthentication::PrivateKeyJwt { .. }));
        assert_eq!(signed.client.client_id(), "rp");
    }

    let public = parse(None, &format!("{GRANT}&client_id=rp")).unwrap();
    assert!(matches!(public.client, ClientAuthentication::None { .. }));
}

#[test]
fn o18_basic_credentials_are_form_encoded_and_may_be_wrong_but_not_malformed() {
    for (header, client_id, secret) in [
        (basic("a%3Ab:c%20d+e%25"), "a:b", "c d e%"),
        (basic("rp:a:b"), "rp", "a:b"),
        (basic("rp:"), "rp", ""),
        (basic("rp:s").replace("Basic", "bAsIc"), "rp", "s"),
    ] {
        let request = parse(Some(&header), GRANT).unwrap();
        let ClientAuthentication::Basic { client_id: read, secret: sent } = request.client else { panic!("{header}") };
        assert_eq!((read.as_str(), sent.expose()), (client_id, secret));
    }
    for header in [
        "Basic".to_owned(),
        "Basic ".to_owned(),
        "Basic !!!".to_owned(),
        "Basic cnA6cw".to_owned(),
        "Bearer abc".to_owned(),
        String::new(),
        basic("rp"),
        basic(":s"),
        basic("rp:%ff"),
        format!("Basic {}", BASE64.encode(b"rp:\xff")),
    ] {
        refused(Some(&header), GRANT, ErrorCode::InvalidClient);
    }
}

#[test]
fn o20_two_methods_at_once_are_refused() {
    let signed = format!("{ASSERTION_TYPE}&client_assertion={}", assertion(r#"{"sub":"rp"}"#));
    let header = basic("rp:s3cret");
    refused(Some(&header), &format!("{GRANT}&client_id=rp&client_secret=s3cret"), ErrorCode::InvalidRequest);
    refused(Some(&header), &format!("{GRANT}&{signed}"), ErrorCode::InvalidRequest);
    refused(None, &format!("{GRANT}&client_id=rp&client_secret=s3cret&{signed}"), ErrorCode::InvalidRequest);
    refused(Some(&header), &format!("{GRANT}&client_id=other"), ErrorCode::InvalidRequest);
    refused(None, &format!("{GRANT}&client_id=other&{signed}"), ErrorCode::InvalidRequest);
    assert!(parse(Some(&header), &format!("{GRANT}&client_id=rp")).is_ok(), "naming oneself twice is no second method");
}

#[test]
fn o19_an_assertion_must_be_of_the_type_and_say_who() {
    let good = assertion(r#"{"sub":"rp"}"#);
    refused(None, &format!("{GRANT}&client_assertion={good}"), ErrorCode::InvalidClient);
    refused(None, &format!("{GRANT}&client_assertion_type=saml&client_assertion={good}"), ErrorCode::InvalidClient);
    for nameless in ["{}", r#"{"sub":1}"#, r#"{"sub":"a","sub":"b"}"#, "x"] {
        let body = format!("{GRANT}&{ASSERTION_TYPE}&client_assertion={}", assertion(nameless));
        refused(None, &body, ErrorCode::InvalidClient);
    }
    refused(None, &format!("{GRANT}&{ASSERTION_TYPE}&client_assertion=x"), ErrorCode::InvalidClient);
}

#[test]
fn the_rest_of_the_request_is_checked_for_form() {
    let header = basic("rp:s3cret");
    for (body, code) in [
        ("", ErrorCode::InvalidRequest),
        ("code=c&redirect_uri=r", ErrorCode::InvalidRequest),
        ("grant_type=password&username=u&password=p", ErrorCode::UnsupportedGrantType),
        ("grant_type=refresh_token&refresh_token=r", ErrorCode::UnsupportedGrantType),
        ("grant_type=client_credentials", ErrorCode::UnsupportedGrantType),
        ("grant_type=authorization_code&redirect_uri=r", ErrorCode::InvalidRequest),
        ("grant_type=authorization_code&code=&redirect_uri=r", ErrorCode::InvalidRequest),
        ("grant_type=authorization_code&code=c", ErrorCode::InvalidRequest),
        ("grant_type=authorization_code&code=c&code=c&redirect_uri=r", ErrorCode::InvalidRequest),
        ("grant_type=%ff", ErrorCode::InvalidRequest),
    ] {
        refused(Some(&header), body, code);
    }
    refused(None, GRANT, ErrorCode::InvalidClient);
    assert!(
        parse(Some(&header), "grant_type=authorization_code&code=c&redirect_uri=r").unwrap().code_verifier.is_none()
    );
}

#[test]
fn an_error_is_written_as_rfc_6749_5_2_says() {
    let error = parse(None, GRANT).unwrap_err();
    let written = serde_json::to_value(error).unwrap();
    assert_eq!(written, json!({"error": "invalid_client", "error_description": "the client does not say who it is"}));
}

#[test]
fn an_answer_is_written_as_rfc_6749_5_1_says_and_prints_nothing() {
    let [access_token, id_token] = ["acc3ss", "a.b.c"].map(|text| Credential::new(text.to_owned()));
    let answer = TokenResponse { access_token, expires_in: 300, id_token, scope: "openid email".to_owned() };
    assert_eq!(
        serde_json::to_value(&answer).unwrap(),
        json!({"access_token": "acc3ss", "token_type": "Bearer", "expires_in": 300, "id_token": "a.b.c", "scope": "openid email"})
    );
    assert!(!format!("{answer:?}").contains("acc3ss"));
}

#[test]
fn a_request_prints_nothing_secret() {
    let request = parse(None, &format!("{GRANT}&client_id=rp&client_secret=s3cret")).unwrap();
    let printed = format!("{request:?}");
    assert!(!printed.contains("s3cret") && !printed.contains("c0de"), "{printed}");
}

proptest! {
    #[test]
    fn no_body_or_header_makes_the_reader_fail_otherwise_than_by_an_error(
        header in prop::option::of("(Basic |Bearer |)[A-Za-z0-9+/=:]{0,60}"), body in "[a-z_%0-9&=+.]{0,300}",
    ) {
        drop(parse(header.as_deref(), &body));
    }

    #[test]
    fn any_name_and_secret_come_through_basic(client_id in "\\PC{1,40}", secret in "\\PC{0,40}") {
        let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let header = basic(&format!("{}:{}", encode(&client_id), encode(&secret)));
        let request = parse(Some(&header), GRANT).unwrap();
        let ClientAuthentication::Basic { client_id: read, secret: sent } = request.client else { panic!("{header}") };
        prop_assert_eq!((read.as_str(), sent.expose()), (client_id.as_str(), secret.as_str()));
    }
}
