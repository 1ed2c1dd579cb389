//! Answers that are believed, and those that are not.

use jose::{JweError, JwsError, Parties};
use proptest::prelude::*;

use super::*;
use crate::dcql::{Count, CredentialKind, DcqlError};
use crate::sd_jwt::{KeyBindingFault, PresentError, SdJwtFault};
use crate::status_list::Status;
use crate::trust::{ChainFault, fingerprint};

fn shown(outcome: Result<Outcome, AnswerFault>) -> Vec<Shown> {
    match outcome.unwrap() {
        Outcome::Shown(unconfirmed) => unconfirmed.confirm(|_, _| Some(Status::Valid)).unwrap(),
        Outcome::Refused(refusal) => panic!("{refusal:?}"),
    }
}

/// The person's credential, shown by somebody's key at some time to some verifier for some request.
fn presented(world: &World, audience: &str, nonce: &str, now: i64) -> String {
    let paths = query().credentials()[0].paths();
    world.pid().present(&paths, &world.holder, &KeyBindingExpected { audience, nonce }, now).unwrap()
}

fn to_us(world: &World, now: i64) -> String {
    presented(world, &world.client_id().to_string(), NONCE, now)
}

#[test]
fn oid4vp_1final_verifier_happy_flow() {
    let world = World::new();
    for way in [Way::Clear, Way::Encrypted, Way::Browser] {
        let request = world.fetched(&world.request(way));
        let body = post(&request, &[&world.presentation(&request)]);
        assert_eq!(body.contains("Minta") || body.contains("vp_token"), way == Way::Clear);
        let shown = shown(world.judged(&request, &body));
        let [Shown { id, presentation: Presentation::SdJwt(presented) }] = &shown[..] else { panic!("one") };
        assert_eq!((id.as_str(), presented.head.vct.as_str()), ("pid", PERSON_VCT));
        assert_eq!(PersonClaim::FamilyName.text(&presented.disclosed), Some("Minta"));
        assert_eq!(PersonClaim::PersonalAdministrativeNumber.text(&presented.disclosed), Some("7A-1"));
    }
}

#[test]
fn v01_oid4vp_1final_verifier_invalid_kb_jwt_aud() {
    let world = World::new();
    assert_eq!(world.fault(&[&to_us(&world, NOW)]), None);
    let fault = Some(AnswerFault::Credential(SdJwtFault::KeyBinding(KeyBindingFault::Audience)));
    for audience in ["x509_hash:other", "origin:https://kapu.example", "https://kapu.example", ""] {
        assert_eq!(world.fault(&[&presented(&world, audience, NONCE, NOW)]), fault, "{audience}");
    }
    // What is meant for a browser's origin is not meant for a post, and the other way round.
    let request = world.request(Way::Browser);
    let body = post(&request, &[&to_us(&world, NOW)]);
    assert_eq!(world.judged(&request, &body).err(), fault);
}

#[test]
fn v02_oid4vp_1final_verifier_invalid_kb_jwt_nonce() {
    let world = World::new();
    let us = world.client_id().to_string();
    let fault = Some(AnswerFault::Credential(SdJwtFault::KeyBinding(KeyBindingFault::Nonce)));
    for nonce in ["of-another-live-transaction", ""] {
        assert_eq!(world.fault(&[&presented(&world, &us, nonce, NOW)]), fault, "{nonce}");
    }
}

#[test]
fn v03_oid4vp_1final_verifier_invalid_kb_jwt_signature() {
    let world = World::new();
    let thief = World { holder: holder(), ..World::new() };
    let us = world.client_id().to_string();
    let paths = query().credentials()[0].paths();
    let to_us = KeyBindingExpected { audience: &us, nonce: NONCE };
    assert_eq!(world.pid().present(&paths, &thief.holder, &to_us, NOW), Err(PresentError::OtherKey));
    let (own, others) = (self::to_us(&world, NOW), thief.pid().present(&paths, &thief.holder, &to_us, NOW).unwrap());
    let (credential, proof) = (&own[..=own.rfind('~').unwrap()], &others[others.rfind('~').unwrap() + 1..]);
    let signature = KeyBindingFault::Token(JwsError::Signature);
    let fault = Some(AnswerFault::Credential(SdJwtFault::KeyBinding(signature)));
    assert_eq!(world.fault(&[&format!("{credential}{proof}")]), fault);
    let fault = Some(AnswerFault::Credential(SdJwtFault::KeyBinding(KeyBindingFault::Missing)));
    assert_eq!(world.fault(&[credential]), fault);
}

#[test]
fn v04_oid4vp_1final_verifier_invalid_sd_hash() {
    let world = World::new();
    let parts: Vec<String> = to_us(&world, NOW).split('~').map(str::to_owned).collect();
    let mut fewer = parts.clone();
    fewer.remove(1);
    let fault = Some(AnswerFault::Credential(SdJwtFault::KeyBinding(KeyBindingFault::Hash)));
    assert_eq!(world.fault(&[&fewer.join("~")]), fault);
    let mut twice = parts.clone();
    twice.insert(1, parts[1].clone());
    assert_eq!(world.fault(&[&twice.join("~")]), Some(AnswerFault::Credential(SdJwtFault::Duplicate)));
    let mut foreign = parts;
    foreign[1] = "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0".to_owned();
    assert_eq!(world.fault(&[&foreign.join("~")]), Some(AnswerFault::Credential(SdJwtFault::Unreferenced)));
}

#[test]
fn v05_oid4vp_1final_verifier_kb_jwt_iat_in_past() {
    let world = World::new();
    assert_eq!(world.fault(&[&to_us(&world, NOW - 300)]), None);
    let fault = Some(AnswerFault::Credential(SdJwtFault::KeyBinding(KeyBindingFault::Time)));
    assert_eq!(world.fault(&[&to_us(&world, NOW - 301)]), fault);
}

#[test]
fn v05_oid4vp_1final_verifier_kb_jwt_iat_in_future() {
    let world = World::new();
    assert_eq!(world.fault(&[&to_us(&world, NOW + 60)]), None);
    let fault = Some(AnswerFault::Credential(SdJwtFault::KeyBinding(KeyBindingFault::Time)));
    assert_eq!(world.fault(&[&to_us(&world, NOW + 61)]), fault);
}

#[test]
fn v06_oid4vp_1final_verifier_invalid_credential_signature() {
    let world = World::new();
    let stranger = World { verifiers: Authority::new("Verifiers"), ..World::new() };
    let us = world.client_id().to_string();
    let forged = presented(&stranger, &us, NONCE, NOW);
    let fault = Some(AnswerFault::Credential(SdJwtFault::Chain(ChainFault::Unknown)));
    assert_eq!(world.fault(&[&forged]), fault);
    let own = to_us(&world, NOW);
    let at = own.find('~').unwrap() - 10;
    let other = if own.as_bytes()[at] == b'A' { "B" } else { "A" };
    let changed = format!("{}{other}{}", &own[..at], &own[at + 1..]);
    let fault = Some(AnswerFault::Credential(SdJwtFault::Issuer(JwsError::Signature)));
    assert_eq!(world.fault(&[&changed]), fault);
}

#[test]
fn v07_what_was_withdrawn_or_cannot_be_asked_is_refused() {
    let world = World::new();
    let request = world.request(Way::Encrypted);
    let body = post(&request, &[&world.presentation(&request)]);
    for (status, fault) in [
        (Some(Status::Valid), None),
        (Some(Status::Revoked), Some(AnswerFault::Revoked)),
        (Some(Status::Suspended), Some(AnswerFault::Suspended)),
        (Some(Status::Other(3)), Some(AnswerFault::StatusUnknown)),
        (None, Some(AnswerFault::StatusUnknown)),
    ] {
        let Ok(Outcome::Shown(unconfirmed)) = world.judged(&request, &body) else { panic!("shown") };
        let asked = unconfirmed.statuses().map(|(asked, signer)| (asked.uri.as_str(), asked.index, signer.anchor));
        let asked: Vec<_> = asked.collect();
        assert_eq!(asked, [("https://issuer.example/status/1", 412, fingerprint(&world.issuers.der))]);
        assert_eq!(unconfirmed.confirm(|_, _| status).err(), fault, "{status:?}");
    }
}

#[test]
fn v08_a_credential_of_another_type_is_refused() {
    let world = World::new();
    let mut other = claims();
    other["vct"] = "urn:eudi:other:1".into();
    let us = world.client_id().to_string();
    let binding = KeyBindingExpected { audience: &us, nonce: NONCE };
    let shown = world.held(&other).present(&[], &world.holder, &binding, NOW).unwrap();
    assert_eq!(world.fault(&[&shown]), Some(AnswerFault::Credential(SdJwtFault::Type)));
    let token = world.issuer.key.sign_with_chain("JWT", &world.issuer.chain, &claims()).unwrap();
    let fault = Some(AnswerFault::Credential(SdJwtFault::Issuer(JwsError::Type)));
    assert_eq!(world.fault(&[&format!("{token}~a.b.c")]), fault);
}

#[test]
fn v12_an_answer_that_is_not_encrypted_as_was_asked_is_refused() {
    let world = World::new();
    let request = world.request(Way::Encrypted);
    let presentation = world.presentation(&request);
    let clear =
        post(&RequestObject { response: world.request(Way::Clear).response, ..request.clone() }, &[&presentation]);
    assert_eq!(world.judged(&request, &clear).err(), Some(AnswerFault::Unencrypted));
    let browser = world.request(Way::Browser);
    let members = json!({"vp_token": {"pid": [presentation]}}).to_string();
    assert_eq!(world.judged(&browser, &members).err(), Some(AnswerFault::Unencrypted));
    let body = post(&request, &[&presentation]);
    let old = DecryptionKey::generate(Some("transaction".to_owned())).unwrap();
    let sealed = Some(AnswerFault::Encryption(JweError::Sealed));
    assert_eq!(world.judged_by(&request, &body, &old).err(), sealed);
    let named = DecryptionKey::generate(Some("another".to_owned())).unwrap();
    let unknown = Some(AnswerFault::Encryption(JweError::UnknownKey));
    assert_eq!(world.judged_by(&request, &body, &named).err(), unknown);
    for header in [
        json!({"alg": "RSA1_5", "enc": "A128GCM"}),
        json!({"alg": "dir", "enc": "A128GCM"}),
        json!({"alg": "ECDH-ES", "enc": "A128CBC-HS256"}),
    ] {
        let header = data_encoding::BASE64URL_NOPAD.encode(header.to_string().as_bytes());
        let fault = world.judged(&request, &format!("response={header}.AAAA.AAAA.AAAA.AAAA")).err();
        assert!(matches!(fault, Some(AnswerFault::Encryption(JweError::Form | JweError::Algorithm))), "{fault:?}");
    }
    let zipped = data_encoding::BASE64URL_NOPAD.encode(br#"{"alg":"ECDH-ES","enc":"A128GCM","zip":"DEF"}"#);
    let refused = Some(AnswerFault::Encryption(JweError::RefusedMember));
    assert_eq!(world.judged(&request, &format!("response={zipped}..AAAA.AAAA.AAAA")).err(), refused);
}

#[test]
fn v20_fewer_claims_than_asked_are_refused() {
    let world = World::new();
    let us = world.client_id().to_string();
    let binding = KeyBindingExpected { audience: &us, nonce: NONCE };
    let fewer = [PersonClaim::FamilyName, PersonClaim::GivenName].map(PersonClaim::path);
    let shown = world.pid().present(&fewer, &world.holder, &binding, NOW).unwrap();
    assert_eq!(world.fault(&[&shown]), Some(AnswerFault::Claims));
    let request = world.request(Way::Clear);
    for (vp_token, fault) in [
        (json!({"other": ["a~b"]}), AnswerFault::NotAsked),
        (json!({"pid": [shown.clone()], "other": [shown.clone()]}), AnswerFault::NotAsked),
        (json!({"pid": [shown.clone(), shown.clone()]}), AnswerFault::TooMany),
    ] {
        let body = form::write(&[("vp_token", &vp_token.to_string()), ("state", "a-state")]);
        assert_eq!(world.judged(&request, &body).err(), Some(fault));
    }
}

#[test]
fn v20_more_claims_than_asked_are_dropped_unread() {
    let world = World::new();
    let us = world.client_id().to_string();
    let binding = KeyBindingExpected { audience: &us, nonce: NONCE };
    let mut paths = query().credentials()[0].paths();
    paths.push(PersonClaim::Birthdate.path());
    let presentation = world.pid().present(&paths, &world.holder, &binding, NOW).unwrap();
    let request = world.request(Way::Encrypted);
    let shown = shown(world.judged(&request, &post(&request, &[&presentation])));
    let Presentation::SdJwt(presented) = &shown[0].presentation else { panic!("a credential of this format") };
    assert_eq!(presented.disclosed.paths().count(), 3);
    assert_eq!(PersonClaim::Birthdate.value(&presented.disclosed), None);
}

#[test]
fn v20_credentials_of_two_persons_are_refused() {
    let world = World::new();
    let mut credential = query().credentials()[0].clone();
    credential.count = Count::Several;
    let request =
        RequestObject { query: Query::new(vec![credential], vec![]).unwrap(), ..world.request(Way::Encrypted) };
    let mut of_another = claims();
    of_another["given_name"] = "Béla".into();
    let us = world.client_id().to_string();
    let binding = KeyBindingExpected { audience: &us, nonce: NONCE };
    let show = |claims: &Value| {
        let paths = query().credentials()[0].paths();
        world.held(claims).present(&paths, &world.holder, &binding, NOW).unwrap()
    };
    let judged = |presentations: &[&str]| world.judged(&request, &post(&request, presentations));
    let (anna, bela) = (show(&claims()), show(&of_another));
    assert_eq!(shown(judged(&[&anna, &anna])).len(), 2);
    assert_eq!(judged(&[&anna, &bela]).err(), Some(AnswerFault::Persons));
}

#[test]
fn v20_a_credential_that_is_missing_or_of_a_format_that_is_not_checked_is_refused() {
    let world = World::new();
    let pid = query().credentials()[0].clone();
    let other = CredentialQuery { id: "other".to_owned(), ..pid.clone() };
    let both = Query::new(vec![pid.clone(), other], vec![]).unwrap();
    let request = RequestObject { query: both, ..world.request(Way::Encrypted) };
    let body = post(&request, &[&to_us(&world, NOW)]);
    assert_eq!(world.judged(&request, &body).err(), Some(AnswerFault::Incomplete));
    let mdoc = CredentialQuery { kind: CredentialKind::Mdoc("org.iso.18013.5.1.mDL".to_owned()), ..pid };
    let mdoc = Query::new(vec![mdoc], vec![]).unwrap();
    let request = RequestObject { query: mdoc, ..world.request(Way::Encrypted) };
    assert_eq!(world.judged(&request, &body).err(), Some(AnswerFault::VpToken));
    assert_eq!(Query::new(vec![], vec![]), Err(DcqlError::Member("credentials")));
}

#[test]
fn v22_a_refusal_is_a_code_and_a_short_escaped_text_for_the_log() {
    let world = World::new();
    let refused = |way: Way, body: &str| match world.judged(&world.request(way), body) {
        Ok(Outcome::Refused(refusal)) => Ok(refusal),
        Ok(Outcome::Shown(_)) => panic!("refused"),
        Err(fault) => Err(fault),
    };
    let refusal = refused(Way::Clear, "error=access_denied&state=a-state").unwrap();
    assert_eq!(refusal, WalletRefusal::of(RefusalCode::AccessDenied));
    assert_eq!(refusal.post(Some("a-state")), "error=access_denied&state=a-state");
    // In clear even where answers are encrypted, and encrypted.
    assert_eq!(refused(Way::Encrypted, "error=access_denied&state=a-state"), Ok(refusal.clone()));
    let members = json!({"error": "access_denied", "state": "a-state"}).to_string();
    let key = world.key.public_key();
    let message = jose::encrypt(key, ContentEncryption::A128Gcm, Parties::default(), members.as_bytes()).unwrap();
    assert_eq!(refused(Way::Encrypted, &format!("response={message}")), Ok(refusal.clone()));
    assert_eq!(refused(Way::Browser, r#"{"error":"access_denied"}"#), Ok(refusal));
    let hostile = format!("<script>alert(1)</script>\n\r\u{7}é{}", "A".repeat(20_000));
    let body = form::write(&[("error", "access_denied"), ("error_description", &hostile), ("state", "a-state")]);
    let said = refused(Way::Clear, &body).unwrap().for_log.unwrap();
    assert_eq!(said.chars().count(), DESCRIPTION_CHARS_MAX);
    assert!(said.is_ascii() && !said.contains(['\n', '\r', '\u{7}']), "{said}");
    let unknown = refused(Way::Clear, "error=%0Amine&state=a-state").unwrap();
    assert_eq!((unknown.code, unknown.for_log.as_deref()), (RefusalCode::Other, Some("\\nmine")));
    for state in ["", "&state=other", "&state="] {
        assert_eq!(refused(Way::Clear, &format!("error=access_denied{state}")), Err(AnswerFault::State), "{state}");
    }
}

#[test]
fn an_answer_to_another_request_or_in_another_form_is_refused() {
    let world = World::new();
    let request = world.request(Way::Clear);
    let fault = |body: &str| world.judged(&request, body).err();
    let other = post(&RequestObject { state: Some("other".to_owned()), ..request.clone() }, &["a~b"]);
    assert_eq!(fault(&other), Some(AnswerFault::State));
    #[rustfmt::skip]
    let rows = [
        ("",                                        AnswerFault::Form),
        ("state=a-state",                           AnswerFault::Form),
        ("vp_token={}&state=a&state=a",             AnswerFault::Form),
        ("response=a.b.c.d.e&state=a-state",        AnswerFault::Form),
        ("vp_token={}",                             AnswerFault::VpToken),
        ("vp_token=[]",                             AnswerFault::VpToken),
        ("vp_token={\"pid\":\"a\"}",                AnswerFault::VpToken),
        ("vp_token={\"pid\":[]}",                   AnswerFault::VpToken),
        ("vp_token={\"pid\":[{}]}",                 AnswerFault::VpToken),
        ("vp_token={\"pid\":[\"a\"],\"pid\":[]}",   AnswerFault::VpToken),
        ("vp_token=eyJ.a.b",                        AnswerFault::VpToken),
    ];
    for (body, error) in rows {
        assert_eq!(fault(body), Some(error), "{body}");
    }
    let many = (0..=ANSWER_PARAMETERS_MAX).map(|at| format!("p{at}=")).collect::<Vec<_>>().join("&");
    assert_eq!(fault(&many), Some(AnswerFault::Form));
    assert_eq!(fault(&"a".repeat(1024 * 1024)), Some(AnswerFault::TooLong));
    assert_eq!(fault(&format!("vp_token={}", "[".repeat(10_000))), Some(AnswerFault::VpToken));
    let lists = json!({"pid": vec!["a"; PRESENTATIONS_MAX + 1]}).to_string();
    assert_eq!(fault(&form::write(&[("vp_token", &lists)])), Some(AnswerFault::VpToken));
    let browser = world.request(Way::Browser);
    for body in ["", "[]", "{}", r#"{"response":1}"#, r#"{"vp_token":1,"vp_token":1}"#, &"{\"a\":".repeat(10_000)] {
        assert!(world.judged(&browser, body).is_err(), "{body:.40}");
    }
}

proptest! {
    #[test]
    fn any_body_is_read_without_a_panic(body in prop::collection::vec(any::<u8>(), 0..300), way in 0..3) {
        let world = World::new();
        let way = [Way::Clear, Way::Encrypted, Way::Browser][usize::try_from(way).unwrap()];
        let text = String::from_utf8_lossy(&body).into_owned();
        for body in [text.clone(), format!("vp_token={text}"), format!("response={text}")] {
            prop_assert!(!matches!(world.judged(&world.request(way), &body), Ok(Outcome::Shown(_))));
        }
    }

    /// Any byte changed is refused, or makes no difference.
    #[test]
    fn a_changed_answer_is_refused(at in any::<prop::sample::Index>(), byte in 0x20_u8..0x7f) {
        let world = World::new();
        for way in [Way::Clear, Way::Encrypted] {
            let request = world.request(way);
            let mut body = post(&request, &[&to_us(&world, NOW)]).into_bytes();
            let good = shown(world.judged(&request, std::str::from_utf8(&body).unwrap()));
            let at = at.index(body.len());
            body[at] = byte;
            match world.judged(&request, std::str::from_utf8(&body).unwrap()) {
                Ok(Outcome::Shown(unconfirmed)) => prop_assert_eq!(unconfirmed.confirm(|_, _| Some(Status::Valid)).unwrap(), good),
                Ok(Outcome::Refused(refusal)) => prop_assert!(false, "{:?}", refusal),
                Err(_) => {}
            }
        }
    }
}
