//! Answers for others, at other times, or not as the profile wants them (rows S41 to S47).

use super::*;

/// A response around an assertion that was changed before it was signed.
fn with(from: &str, to: &str) -> String {
    around(&changed(from, to), None)
}

/// A response around another assertion, signed.
fn of(assertion: &Assertion) -> String {
    around(&assertion.write(Some(&signer())).unwrap(), Some(&signer()))
}

fn bearer() -> Bearer {
    assertion().confirmations[0].clone()
}

#[test]
fn s41_the_audience_is_ours_in_every_restriction() {
    let other = "https://other.example";
    let restricted = |restrictions: &[Vec<&str>]| {
        let lists = restrictions.iter().map(|list| list.iter().map(|&audience| audience.to_owned()).collect());
        of(&Assertion { audience_restrictions: lists.collect(), ..assertion() })
    };
    for good in [vec![vec![SP]], vec![vec![other, SP]], vec![vec![SP], vec![SP, other]]] {
        assert!(check(&restricted(&good)).is_ok(), "{good:?}");
    }
    for bad in [
        vec![],
        vec![vec![]],
        vec![vec![other]],
        vec![vec![SP], vec![other]],
        vec![vec![other], vec![SP]],
        vec![vec!["https://sp.example/metadata/"]],
        vec![vec!["https://sp.example"]],
        vec![vec!["HTTPS://SP.EXAMPLE/METADATA"]],
    ] {
        assert_refused(&format!("{bad:?}"), &restricted(&bad), "audience");
    }
}

#[test]
fn s42_it_was_sent_to_this_address() {
    for recipient in
        [None, Some(""), Some("https://sp.example/acs/"), Some("https://sp.example/ACS"), Some("https://sp.example")]
    {
        let bearer = Bearer { recipient: recipient.map(str::to_owned), ..bearer() };
        let xml = of(&Assertion { confirmations: vec![bearer], ..assertion() });
        assert_refused(&format!("{recipient:?}"), &xml, "recipient");
    }
    assert_refused("no confirmation", &of(&Assertion { confirmations: Vec::new(), ..assertion() }), "recipient");
    let holder = with("urn:oasis:names:tc:SAML:2.0:cm:bearer", "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key");
    assert_refused("holder of a key", &holder, "recipient");
    let signed = assertion().write(Some(&signer())).unwrap();
    for destination in ["", "https://sp.example/acs/", "https://sp.example/other"] {
        let xml =
            around(&signed, None).replace(&format!("Destination=\"{ACS}\""), &format!("Destination=\"{destination}\""));
        assert_refused(destination, &xml, "destination");
    }
    let without = |xml: &str| xml.replace(&format!(" Destination=\"{ACS}\""), "");
    assert!(check(&without(&around(&signed, None))).is_ok(), "an unsigned response need not say it");
    let elsewhere = Response { destination: "https://sp.example/other".to_owned(), ..answer() };
    assert_refused("signed for another", &elsewhere.write(&signer(), None, &mut fill).unwrap(), "destination");
}

#[test]
fn s43_it_is_in_its_time() {
    let bound = |change: &dyn Fn(&mut Assertion)| {
        let mut changed = assertion();
        change(&mut changed);
        of(&changed)
    };
    // 30 seconds are allowed, the thirty-first is not.
    for (what, xml, is_good) in [
        ("confirmation over", bound(&|a| a.confirmations[0].not_on_or_after = Some(NOW - 31)), false),
        (
            "confirmation over for as long as allowed",
            bound(&|a| a.confirmations[0].not_on_or_after = Some(NOW - 30)),
            false,
        ),
        ("confirmation over by less", bound(&|a| a.confirmations[0].not_on_or_after = Some(NOW - 29)), true),
        ("confirmation without end", bound(&|a| a.confirmations[0].not_on_or_after = None), false),
        ("confirmation ahead", bound(&|a| a.confirmations[0].not_before = Some(NOW + 31)), false),
        ("confirmation ahead by less", bound(&|a| a.confirmations[0].not_before = Some(NOW + 30)), true),
        ("conditions over", bound(&|a| a.not_on_or_after = Some(NOW - 31)), false),
        ("conditions over by less", bound(&|a| a.not_on_or_after = Some(NOW - 29)), true),
        ("conditions ahead", bound(&|a| a.not_before = Some(NOW + 31)), false),
        ("conditions ahead by less", bound(&|a| a.not_before = Some(NOW + 30)), true),
        ("conditions without bounds", bound(&|a| (a.not_before, a.not_on_or_after) = (None, None)), true),
        ("issued ahead", bound(&|a| a.issue_instant = NOW + 31), false),
        ("authenticated ahead", bound(&|a| a.authn.authn_instant = NOW + 31), false),
        ("session over", bound(&|a| a.authn.session_not_on_or_after = Some(NOW - 31)), false),
    ] {
        if is_good { assert!(check(&xml).is_ok(), "{what}") } else { assert_refused(what, &xml, "time") }
    }
    let issued = Response { issue_instant: NOW + 31, ..answer() };
    assert_refused("response issued ahead", &issued.write(&signer(), None, &mut fill).unwrap(), "time");
}

#[test]
fn s43_an_instant_is_one() {
    for text in
        ["2026-02-30T00:00:00Z", "99999-01-01T00:00:00Z", "2025-01-16T01:00:00+01:00", "2025-01-16T00:00:00", ""]
    {
        for name in ["IssueInstant", "NotBefore", "AuthnInstant", "SessionNotOnOrAfter"] {
            let xml = assertion().write(None).unwrap();
            let from = xml.find(&format!(" {name}=\"")).unwrap() + name.len() + 3;
            let old = &xml[from..from + "2025-01-16T00:00:00Z".len()];
            let (old, new) = (format!(" {name}=\"{old}\""), format!(" {name}=\"{text}\""));
            assert_refused(&new, &with(&old, &new), "time");
        }
        for of_which in ["<saml:SubjectConfirmationData", "<saml:Conditions"] {
            let xml = assertion().write(None).unwrap();
            let element = &xml[xml.find(of_which).unwrap()..];
            let element = &element[..=element.find('>').unwrap()];
            let new = element.replace("NotOnOrAfter=\"2025-01-16T00:05:00Z\"", &format!("NotOnOrAfter=\"{text}\""));
            assert_ne!(new, element);
            assert_refused(&new, &with(element, &new), "time");
        }
    }
}

#[test]
fn clocks_are_never_allowed_to_differ_more_than_three_minutes() {
    let xml = response(&of(&assertion()));
    let at = |now, skew| {
        let check = ResponseCheck {
            issuer: IDP,
            keys: &keys(),
            decryption_keys: &[],
            acs_url: ACS,
            sp_entity_id: SP,
            in_response_to: REQUEST,
            now,
            skew,
            contexts: &[],
            authenticated_since: None,
        };
        check.check(&xml).err()
    };
    assert_eq!(at(NOW + 300 + 179, 3600), None);
    assert_eq!(at(NOW + 300 + 180, 3600), Some(ResponseError::Time));
    assert_eq!(at(NOW + 299, -5), None);
    assert_eq!(at(NOW + 300, -5), Some(ResponseError::Time));
    assert_eq!(at(i64::MAX, 180), Some(ResponseError::Time));
    assert_eq!(at(i64::MIN, 180), Some(ResponseError::Time));
}

#[test]
fn a_person_who_had_to_be_asked_again_was() {
    let received = response(&of(&assertion()));
    // The assertion is issued ten seconds after the authentication, by the clock of who issues it.
    let since = |since, now| {
        let check = ResponseCheck {
            issuer: IDP,
            keys: &keys(),
            decryption_keys: &[],
            acs_url: ACS,
            sp_entity_id: SP,
            in_response_to: REQUEST,
            now,
            skew: 0,
            contexts: &[],
            authenticated_since: Some(since),
        };
        check.check(&received).err()
    };
    assert_eq!(since(NOW - 10, NOW), None);
    assert_eq!(since(NOW - 9, NOW), None, "whole seconds");
    assert_eq!(since(NOW - 8, NOW), Some(ResponseError::Time));
    // A clock that is ahead by what is allowed refuses nobody, and one that waits is told no more.
    assert_eq!(since(NOW + 160, NOW + 170), None);
    assert_eq!(since(NOW + 162, NOW + 170), Some(ResponseError::Time));
    assert_eq!(since(NOW + 171, NOW + 299), Some(ResponseError::Time), "beyond three minutes");
}

#[test]
fn s44_it_answers_the_request_of_this_browser() {
    for in_response_to in [None, Some(""), Some("_other"), Some("_REQUEST")] {
        let bearer = Bearer { in_response_to: in_response_to.map(str::to_owned), ..bearer() };
        let xml = of(&Assertion { confirmations: vec![bearer], ..assertion() });
        assert_refused(&format!("{in_response_to:?} in the confirmation"), &xml, "in-response-to");
    }
    let signed = assertion().write(Some(&signer())).unwrap();
    let around = around(&signed, None);
    let head = format!(" InResponseTo=\"{REQUEST}\" IssueInstant");
    for other in [" IssueInstant", " InResponseTo=\"_other\" IssueInstant", " InResponseTo=\"\" IssueInstant"] {
        assert_refused(other, &around.replacen(&head, other, 1), "in-response-to");
    }
}

#[test]
fn one_good_confirmation_is_enough() {
    let other = Bearer { recipient: Some("https://other.example".to_owned()), ..bearer() };
    let both = |first: &Bearer, second: &Bearer| {
        check(&of(&Assertion { confirmations: vec![first.clone(), second.clone()], ..assertion() }))
    };
    assert!(both(&other, &bearer()).is_ok() && both(&bearer(), &other).is_ok());
    // No two halves make a whole.
    let late = Bearer { not_on_or_after: Some(NOW - 100), ..bearer() };
    assert!(both(&other, &late).is_err() && both(&late, &other).is_err());
}

#[test]
fn s46_a_person_has_one_name_and_each_attribute_once() {
    let name = assertion().write(None).unwrap();
    let name = &name[name.find("<saml:NameID").unwrap()..name.find("</saml:NameID>").unwrap() + "</saml:NameID>".len()];
    let long = "a".repeat(1_000_000 / 8);
    let attribute = "<saml:Attribute FriendlyName=\"mail\" Name=\"urn:oid:0.9.2342.19200300.100.1.3\" \
                     NameFormat=\"urn:oasis:names:tc:SAML:2.0:attrname-format:uri\">";
    let twice =
        format!("{attribute}<saml:AttributeValue>x@evil.example</saml:AttributeValue></saml:Attribute>{attribute}");
    for (what, from, to) in [
        ("two names", name, format!("{name}{name}")),
        ("no name", name, String::new()),
        ("an element in the name", "a1b2c3<", "<saml:x>admin</saml:x><".to_owned()),
        ("text and an element in the name", "a1b2c3<", "a1<saml:x>admin</saml:x>b2c3<".to_owned()),
        ("an empty name", "a1b2c3<", "<".to_owned()),
        ("a blank name", "a1b2c3<", " <".to_owned()),
        ("white space around the name", "a1b2c3<", "\n a1b2c3 <".to_owned()),
        ("a long name", "a1b2c3<", format!("{long}<")),
        ("a persistent name of 257", "a1b2c3<", format!("{}<", "a".repeat(257))),
        ("a control character", "a1b2c3<", "a1\tb2<".to_owned()),
        ("an invisible character", "a1b2c3<", "a1\u{202e}b2<".to_owned()),
        ("an attribute twice", attribute, twice),
        (
            "a condition that is not known",
            "<saml:AudienceRestriction>",
            "<saml:Condition></saml:Condition><saml:AudienceRestriction>".to_owned(),
        ),
        (
            "a foreign element in the conditions",
            "<saml:AudienceRestriction>",
            "<x xmlns=\"urn:x\"></x><saml:AudienceRestriction>".to_owned(),
        ),
        (
            "a statement that is not known",
            "<saml:AuthnStatement",
            "<saml:Statement></saml:Statement><saml:AuthnStatement".to_owned(),
        ),
    ] {
        let xml = with(from, &to);
        assert_refused(what, &xml, "profile");
    }
    assert!(check(&with("a1b2c3<", &format!("{}<", "a".repeat(256)))).is_ok());
    let other = Assertion { issuer: "https://other.example".to_owned(), ..assertion() };
    assert_refused("another issuer inside", &of(&other), "issuer");
    let other = Response { issuer: "https://other.example".to_owned(), ..answer() };
    assert_refused("another issuer outside", &other.write(&signer(), None, &mut fill).unwrap(), "issuer");
    assert_refused("version 1.1 inside", &with("Version=\"2.0\"", "Version=\"1.1\""), "profile");
    let outside =
        around(&assertion().write(Some(&signer())).unwrap(), None).replacen("Version=\"2.0\"", "Version=\"1.1\"", 1);
    assert_refused("version 1.1 outside", &outside, "profile");
}

#[test]
fn s47_the_context_is_one_that_was_asked_for() {
    let of_class = |class: Option<&str>| {
        let authn = AuthnStatement { context_class: class.map(str::to_owned), ..assertion().authn };
        of(&Assertion { authn, ..assertion() })
    };
    for class in
        [None, Some("urn:eksz.gov.hu:1.0:azonositas:kau:1:uk:uidpwd"), Some("urn:unknown"), Some(&CONTEXT[1..])]
    {
        assert_refused(&format!("{class:?}"), &of_class(class), "acr");
    }
    assert!(check(&of_class(Some(CONTEXT))).is_ok());
}

#[test]
fn a_response_does_not_come_by_redirect() {
    let xml = answer().write(&signer(), None, &mut fill).unwrap();
    let address = binding::redirect::encode(ACS, Direction::Response, &xml, None, Some(&KEY)).unwrap();
    let received = binding::redirect::decode(address.split_once('?').unwrap().1).unwrap();
    assert_eq!(check_at(&received, NOW), Err(ResponseError::Profile(MessageError::Kind)));
}
