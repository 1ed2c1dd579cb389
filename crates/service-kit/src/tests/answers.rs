//! Responses that are taken, and the words that others are refused with.

use saml::Response;

use super::provider::{CLASS, KEY, NOW, REQUEST, STRANGE_KEY, idp, posted, response, service};
use crate::*;

/// What a test changes in a response before it is signed.
type Change = fn(&mut Response);

fn wanted() -> SignIn {
    let requested = RequestedAuthnContext { comparison: Comparison::Minimum, ..RequestedAuthnContext::exact(&[CLASS]) };
    SignIn { context: Some(WantedContext { requested, accepted: vec![CLASS.into()] }), ..SignIn::default() }
}

fn take(body: &str, sign_in: &SignIn, now: i64) -> Result<SignedIn, KitError> {
    let posted = PostedResponse::read(body)?;
    posted.in_response_to()?;
    let pending = Pending { request_id: REQUEST, sign_in, begun: NOW };
    service().take_response(&idp(), &posted, &pending, now)
}

#[test]
fn who_signed_in_is_told_with_all_that_the_service_must_keep() {
    let body = posted(&response(), &KEY);
    let read = PostedResponse::read(&body).unwrap();
    assert_eq!((read.in_response_to().unwrap(), read.relay_state()), (REQUEST, Some("r")));
    let person = take(&body, &wanted(), NOW).unwrap();
    assert_eq!((person.assertion_id.as_str(), person.use_until), ("_assertion", NOW + 330));
    assert_eq!((person.name_id.value.as_str(), person.session_index.as_deref()), ("_anna", Some("_session")));
    assert_eq!((person.session_not_on_or_after, person.authn_instant), (Some(NOW + 3600), NOW));
    assert_eq!(person.context_class.as_deref(), Some(CLASS));
    assert_eq!(person.loa.as_deref(), Some("http://eidas.europa.eu/NotNotified/LoA/low"));
    assert_eq!(person.pairwise_id.as_deref(), Some("ANNA7@idp.example"));
    assert_eq!(person.attribute(names::CURRENT_FAMILY_NAME.0), Some("Kovács"));
    assert_eq!(person.attribute(names::MAIL.0), None);
    // For as long as it would be believed it must be remembered.
    assert!(take(&body, &wanted(), person.use_until - 1).is_ok());
    assert_eq!(take(&body, &wanted(), person.use_until).unwrap_err().code(), "time");
}

#[test]
fn what_is_refused_is_refused_with_its_word() {
    let table: [(&str, Change); 11] = [
        ("issuer", |response| response.issuer.push('x')),
        ("destination", |response| response.destination.clear()),
        ("in-response-to", |response| response.in_response_to.push('x')),
        ("assertions≠1", |response| response.assertion = None),
        ("status", |response| response.status = Status::refused(StatusCode::Responder, StatusReason::NoPassive)),
        ("recipient", |response| response.assertion.as_mut().unwrap().confirmations.clear()),
        ("audience", |response| response.assertion.as_mut().unwrap().audience_restrictions.clear()),
        ("time", |response| response.assertion.as_mut().unwrap().confirmations[0].not_on_or_after = None),
        ("acr", |response| response.assertion.as_mut().unwrap().authn.context_class = None),
        ("profile", |response| response.assertion.as_mut().unwrap().name_id.value = " ".into()),
        ("scope", |response| {
            response.assertion.as_mut().unwrap().attributes[1].values = vec!["ANNA7@other.example".into()];
        }),
    ];
    for (code, change) in table {
        let mut changed = response();
        change(&mut changed);
        let error = take(&posted(&changed, &KEY), &wanted(), NOW).unwrap_err();
        assert_eq!(error.code(), code, "{error:?}");
        assert!(!error.is_unknown_key());
    }
    let error = take(&posted(&response(), &STRANGE_KEY), &wanted(), NOW).unwrap_err();
    assert_eq!(error.code(), "sig-key");
    assert!(error.is_unknown_key(), "the metadata may be old");
    for (body, code) in [("", "parameters"), ("SAMLResponse=PGEvPg==", "kind"), ("SAMLResponse=%", "encoding")] {
        assert_eq!(take(body, &wanted(), NOW).unwrap_err().code(), code, "{body}");
    }
}

#[test]
fn a_fresh_proof_is_one_since_the_request() {
    let fresh = SignIn { force_authn: true, ..wanted() };
    for (age, expected) in [(0, None), (1, None), (2, Some("time"))] {
        let mut answer = response();
        answer.assertion.as_mut().unwrap().authn.authn_instant = NOW - age;
        let taken = take(&posted(&answer, &KEY), &fresh, NOW);
        assert_eq!(taken.as_ref().err().map(KitError::code), expected, "{age}");
        assert!(take(&posted(&answer, &KEY), &wanted(), NOW).is_ok());
    }
    // An identity provider whose clock is two minutes behind: the person took ten seconds, or had come before.
    for (age, expected) in [(3, None), (30, Some("time"))] {
        let mut answer = response();
        answer.issue_instant = NOW - 110;
        let assertion = answer.assertion.as_mut().unwrap();
        assertion.issue_instant = NOW - 110;
        (assertion.not_before, assertion.authn.authn_instant) = (None, NOW - 110 - age);
        let taken = take(&posted(&answer, &KEY), &fresh, NOW + 10);
        assert_eq!(taken.as_ref().err().map(KitError::code), expected, "{age}");
    }
}

#[test]
fn a_service_that_asks_for_nothing_takes_what_comes() {
    let mut answer = response();
    answer.assertion.as_mut().unwrap().authn.context_class = None;
    answer.assertion.as_mut().unwrap().attributes.clear();
    let person = take(&posted(&answer, &KEY), &SignIn::default(), NOW).unwrap();
    assert_eq!((person.context_class, person.loa, person.pairwise_id), (None, None, None));
}
