//! Authentication requests, parameter by parameter.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::{LoaLevel, LoaScheme};

const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const GOOD: &[(&str, &str)] = &[
    ("response_type", "code"),
    ("client_id", "rp"),
    ("redirect_uri", "https://rp.example/cb"),
    ("scope", "openid profile"),
    ("state", "st&te"),
    ("nonce", "n0nce"),
    ("code_challenge", CHALLENGE),
    ("code_challenge_method", "S256"),
];

fn query(parameters: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish()
}

/// The good request with one parameter set to another value, or left out.
fn with(name: &str, value: Option<&str>) -> String {
    let mut parameters: Vec<_> = GOOD.iter().copied().filter(|(other, _)| *other != name).collect();
    parameters.extend(value.map(|value| (name, value)));
    query(&parameters)
}

fn located(query: &str) -> LocatedRequest {
    AuthenticationRequest::parse(query).unwrap_or_else(|error| panic!("{error}: {query:.100}"))
}

fn good(query: &str) -> AuthenticationRequest {
    located(query).request.unwrap_or_else(|error| panic!("{error}: {query:.100}"))
}

#[track_caller]
fn refused(query: &str, code: ErrorCode) {
    let located = located(query);
    assert_eq!((located.client_id.as_str(), located.redirect_uri.as_str()), ("rp", "https://rp.example/cb"));
    assert_eq!(located.request.err().map(|error| error.code), Some(code), "{query:.200}");
}

#[test]
fn a_good_request_is_read_in_all_its_parts() {
    let located = located(&query(GOOD));
    assert_eq!((located.client_id.as_str(), located.redirect_uri.as_str()), ("rp", "https://rp.example/cb"));
    assert_eq!(located.state.as_deref(), Some("st&te"));
    let request = located.request.unwrap();
    assert_eq!(request.scopes, [Scope::OpenId, Scope::Profile]);
    assert_eq!(request.nonce.as_deref(), Some("n0nce"));
    assert_eq!(request.code_challenge.unwrap().as_str(), CHALLENGE);
    assert_eq!((request.prompt, request.max_age), (vec![], None));
    assert!(request.id_token_hint.is_none() && request.login_hint.is_none() && request.ui_locales.is_empty());
}

#[test]
fn state_nonce_and_challenge_may_be_absent() {
    for name in ["state", "nonce"] {
        good(&with(name, None));
    }
    let without_pkce: Vec<_> = GOOD.iter().copied().filter(|(name, _)| !name.starts_with("code_")).collect();
    assert_eq!(good(&query(&without_pkce)).code_challenge, None);
}

#[test]
fn o01_without_client_or_redirect_uri_there_is_no_address_for_an_error() {
    for name in ["client_id", "redirect_uri"] {
        assert_eq!(AuthenticationRequest::parse(&with(name, None)).err(), Some(AddressError::Missing(name)));
        assert_eq!(AuthenticationRequest::parse(&with(name, Some(""))).err(), Some(AddressError::Missing(name)));
    }
    assert_eq!(AuthenticationRequest::parse("").err(), Some(AddressError::Missing("client_id")));
    assert_eq!(AuthenticationRequest::parse("client_id=%ff").err(), Some(AddressError::NotUtf8));
    let large = with("x", Some(&"x".repeat(crate::FORM_BYTES_MAX)));
    assert_eq!(AuthenticationRequest::parse(&large).err(), Some(AddressError::TooLarge));
}

#[test]
fn o02_every_parameter_given_twice_is_refused() {
    let mut names: Vec<&str> = GOOD.iter().map(|(name, _)| *name).collect();
    names.extend(["prompt", "max_age", "ui_locales", "claims_locales", "id_token_hint", "login_hint", "acr_values"]);
    names.extend(["display", "claims", "response_mode", "request", "request_uri", "registration", "unknown"]);
    for name in names {
        let twice = format!("{}&{name}=1&{name}=1", with(name, None));
        match name {
            "client_id" | "redirect_uri" => {
                assert_eq!(AuthenticationRequest::parse(&twice).err(), Some(AddressError::Repeated(name)));
            }
            _ => refused(&twice, ErrorCode::InvalidRequest),
        }
        if name == "state" {
            assert_eq!(located(&twice).state, None, "which of two would be a guess");
        }
    }
}

#[test]
fn o03_only_the_code_flow_is_spoken() {
    for value in ["token", "id_token", "code id_token", "id_token token", "none", "CODE", "code ", ""] {
        refused(&with("response_type", Some(value)), ErrorCode::UnsupportedResponseType);
    }
    refused(&with("response_type", None), ErrorCode::UnsupportedResponseType);
    for mode in ["fragment", "form_post", "query.jwt", "Query"] {
        refused(&with("response_mode", Some(mode)), ErrorCode::InvalidRequest);
    }
    good(&with("response_mode", Some("query")));
}

#[test]
fn o04_a_challenge_that_is_not_s256_is_refused() {
    for method in [None, Some(""), Some("plain"), Some("s256"), Some("S512")] {
        refused(&with("code_challenge_method", method), ErrorCode::InvalidRequest);
    }
    let long = "a".repeat(129);
    let challenges =
        [None, Some(""), Some(&CHALLENGE[..42]), Some(&long), Some("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM")];
    for challenge in challenges {
        refused(&with("code_challenge", challenge), ErrorCode::InvalidRequest);
    }
}

#[test]
fn o11_a_nonce_has_at_most_512_characters_and_is_kept_as_it_is() {
    for nonce in ["n".repeat(512), "ű".repeat(512), " <script>&\"'+%41 ".to_owned()] {
        assert_eq!(good(&with("nonce", Some(&nonce))).nonce, Some(nonce));
    }
    refused(&with("nonce", Some(&"n".repeat(513))), ErrorCode::InvalidRequest);
    refused(&with("nonce", Some(&"n".repeat(10 * 1024))), ErrorCode::InvalidRequest);
}

#[test]
fn a_state_has_at_most_1024_bytes_and_a_longer_one_is_not_sent_back() {
    let longest = "s".repeat(STATE_BYTES_MAX);
    assert_eq!(located(&with("state", Some(&longest))).state, Some(longest));
    let too_long = with("state", Some(&"s".repeat(STATE_BYTES_MAX + 1)));
    refused(&too_long, ErrorCode::InvalidRequest);
    assert_eq!(located(&too_long).state, None);
}

#[test]
fn o12_prompt_none_stands_alone() {
    use Prompt::{Consent, Login, None, SelectAccount};
    for (text, prompt) in [
        ("none", vec![None]),
        ("none none", vec![None]),
        ("login", vec![Login]),
        ("login consent select_account", vec![Login, Consent, SelectAccount]),
        ("  login  login ", vec![Login]),
    ] {
        assert_eq!(good(&with("prompt", Some(text))).prompt, prompt, "{text}");
    }
    for bad in ["none login", "login none", "create", "Login", "login,consent"] {
        refused(&with("prompt", Some(bad)), ErrorCode::InvalidRequest);
    }
    assert!(good(&with("prompt", Some("login"))).asks_to(Login));
}

#[test]
fn o13_max_age_is_a_whole_number_of_seconds() {
    for (text, seconds) in [("0", 0), ("1", 1), ("10000", 10_000), ("4294967295", u32::MAX), ("007", 7)] {
        assert_eq!(good(&with("max_age", Some(text))).max_age, Some(seconds));
    }
    for bad in ["-1", "+1", "1.5", "1e3", "x", " 1", "4294967296", "99999999999999999999999"] {
        refused(&with("max_age", Some(bad)), ErrorCode::InvalidRequest);
    }
}

#[test]
fn o14_an_essential_context_obliges_and_a_wish_does_not() {
    const APP: &str = AcrValue::AuthenticatorApp.as_str();
    const HIGH: &str = AcrValue::Loa(LoaScheme::NotNotified, LoaLevel::High).as_str();
    let with_claim = |acr: serde_json::Value, acr_values: &str| {
        let claims = json!({"id_token": {"acr": acr}}).to_string();
        good(&format!("{}&{}", query(GOOD), query(&[("claims", &claims), ("acr_values", acr_values)])))
            .requested_context()
    };
    let high = AcrValue::parse(HIGH).unwrap();
    for (acr, acr_values, requested) in [
        (json!(null), "", RequestedContext::Any),
        (json!({"essential": true}), "", RequestedContext::Any),
        (json!(null), "urn:unknown", RequestedContext::Any),
        (json!(null), APP, RequestedContext::Preferred(vec![AcrValue::AuthenticatorApp])),
        (json!({"essential": true}), APP, RequestedContext::Preferred(vec![AcrValue::AuthenticatorApp])),
        (json!({"value": HIGH}), APP, RequestedContext::Preferred(vec![high])),
        (json!({"essential": true, "value": HIGH}), APP, RequestedContext::Essential(vec![high])),
        (
            json!({"essential": true, "values": [HIGH, "urn:unknown", APP]}),
            "",
            RequestedContext::Essential(vec![high, AcrValue::AuthenticatorApp]),
        ),
        (json!({"essential": true, "values": ["urn:unknown"]}), APP, RequestedContext::Essential(vec![])),
        (json!({"essential": true, "values": [1, null]}), APP, RequestedContext::Essential(vec![])),
    ] {
        assert_eq!(with_claim(acr.clone(), acr_values), requested, "{acr} {acr_values}");
    }
    assert_eq!(good(&query(GOOD)).requested_context(), RequestedContext::Any);
    let order = format!("{HIGH} {APP}");
    let request = good(&with("acr_values", Some(&order)));
    assert_eq!(request.requested_context(), RequestedContext::Preferred(vec![high, AcrValue::AuthenticatorApp]));
    refused(&with("acr_values", Some(&"x ".repeat(33))), ErrorCode::InvalidRequest);
}

#[test]
fn o16_request_objects_and_registrations_are_not_supported_whatever_they_say() {
    for uri in ["https://rp.example/r", "http://169.254.169.254/", "http://[::ffff:127.0.0.1]/", "urn:x", "x"] {
        refused(&with("request_uri", Some(uri)), ErrorCode::RequestUriNotSupported);
    }
    refused(&with("request", Some("eyJhbGciOiJub25lIn0.e30.")), ErrorCode::RequestNotSupported);
    refused(&with("registration", Some("{}")), ErrorCode::RegistrationNotSupported);
}

#[test]
fn o36_hints_and_wishes_are_read_or_ignored() {
    let request = good(&format!(
        "{}&ui_locales=en-GB+hu&claims_locales=hu&display=wap&login_hint=anna%3Cb%3E&id_token_hint=a.b.c&unknown=1&resource=x",
        query(GOOD)
    ));
    assert_eq!(request.ui_locales, ["en-GB", "hu"]);
    assert_eq!(request.login_hint.as_deref(), Some("anna<b>"));
    assert_eq!(request.id_token_hint.as_ref().map(Credential::expose), Some("a.b.c"));
    assert_eq!(good(&with("login_hint", Some(&"x".repeat(257)))).login_hint, None);
    assert_eq!(good(&with("ui_locales", Some(&"hu ".repeat(1000)))).ui_locales.len(), 32);
}

#[test]
fn o36_overlong_scopes_and_odd_claims_are_refused() {
    refused(&with("scope", Some(&"a ".repeat(10_000))), ErrorCode::InvalidScope);
    for scope in [None, Some(""), Some("profile"), Some("OpenID"), Some("openid\u{e9}")] {
        refused(&with("scope", scope), ErrorCode::InvalidScope);
    }
    let deep = format!("{}{}", r#"{"userinfo":"#.repeat(600), "}".repeat(600));
    for claims in ["x", "[]", r#"{"userinfo":[]}"#, r#"{"id_token":{"sub":null,"sub":null}}"#, &deep] {
        refused(&with("claims", Some(claims)), ErrorCode::InvalidRequest);
    }
}

#[test]
fn a_subject_may_be_demanded() {
    let request = good(&with("claims", Some(r#"{"id_token":{"sub":{"value":"anna"}}}"#)));
    assert_eq!(request.requested_subject(), Some("anna"));
    assert_eq!(good(&query(GOOD)).requested_subject(), None);
}

proptest! {
    #[test]
    fn no_query_makes_the_reader_fail_otherwise_than_by_an_error(query in "[a-z_%0-9&=+.]{0,300}") {
        drop(AuthenticationRequest::parse(&query));
    }

    #[test]
    fn an_error_never_repeats_input(name in prop::sample::select(vec!["scope", "nonce", "prompt", "max_age", "claims"]),
                                    value in "QZX[!-~]{600,700}") {
        if let Err(error) = located(&with(name, Some(&value))).request {
            prop_assert!(error.description.is_ascii() && !error.description.contains(['"', '\\']));
            prop_assert!(!error.to_string().contains("QZX"));
        }
    }
}
