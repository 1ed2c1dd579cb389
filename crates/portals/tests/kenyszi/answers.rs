//! Rows S27 to S47: responses that are not believed.

use model::Lang;
use saml::{Bearer, Response};

use super::provider::{Pen, Plan, STRANGER, envelope, unsigned};
use super::{FRONT, PORTAL, STALE, Says, WELCOME, World, send, sign_in};

type Writes = fn(&Response, &Pen<'_>) -> String;

fn plain(response: &Response, pen: &Pen<'_>) -> String {
    pen.plain(response)
}

#[tokio::test]
async fn s27_s29_another_key_is_not_believed_though_its_certificate_is_there() {
    let world = World::new().await;
    world.refused("a stranger's key", Plan { signs: STRANGER, ..Plan::default() }).await;
    world.refused("the same, plain", Plan { signs: STRANGER, writes: plain, ..Plan::default() }).await;
    // A good key of another entity's: the issuer decides, not the signature.
    let other: Says = |response| {
        "http://other.example/idp".clone_into(&mut response.issuer);
        "http://other.example/idp".clone_into(&mut response.assertion.as_mut().unwrap().issuer);
    };
    world.refused("another issuer", Plan { says: other, ..Plan::default() }).await;
    let inner: Says =
        |response| "http://other.example/idp".clone_into(&mut response.assertion.as_mut().unwrap().issuer);
    world.refused("another issuer within", Plan { says: inner, ..Plan::default() }).await;
}

#[tokio::test]
async fn s30_s31_s32_an_assertion_needs_a_signature_of_its_own() {
    let world = World::new().await;
    let table: [(&str, Writes); 5] = [
        ("s30 only the response is signed", |response, pen| {
            pen.signed(&envelope(response, &unsigned(response)), "_response")
        }),
        ("s31 nothing is signed", |response, _| envelope(response, &unsigned(response))),
        ("s32 an unsigned one is encrypted", |response, pen| envelope(response, &pen.sealed(&unsigned(response)))),
        ("s32 the same in a signed response", |response, pen| {
            pen.signed(&envelope(response, &pen.sealed(&unsigned(response))), "_response")
        }),
        ("s49 s52 an unsigned one beside a good one", |response, pen| {
            let good = pen.signed(&unsigned(response), "_assertion");
            envelope(response, &format!("{}{good}", unsigned(response).replace("_assertion", "_other")))
        }),
    ];
    for (what, writes) in table {
        world.refused(what, Plan { writes, ..Plan::default() }).await;
    }
    // The same made well is believed, so that it is the missing signature that was refused.
    let writes: Writes = |response, pen| envelope(response, &pen.signed(&unsigned(response), "_assertion"));
    world.provider.plan(Plan { writes, ..Plan::default() });
    world.signed_in().await;
}

#[tokio::test]
async fn s41_s42_what_is_for_another_is_not_believed() {
    let world = World::new().await;
    let table: [(&str, Says); 7] = [
        ("s41 no audience", |response| response.assertion.as_mut().unwrap().audience_restrictions.clear()),
        ("s41 another audience", |response| {
            response.assertion.as_mut().unwrap().audience_restrictions = vec![vec!["http://other.example".to_owned()]];
        }),
        ("s41 two, one of them another's", |response| {
            let restrictions = &mut response.assertion.as_mut().unwrap().audience_restrictions;
            restrictions.push(vec!["http://other.example".to_owned()]);
        }),
        ("s42 another recipient", |response| bearer(response).recipient = Some(format!("{PORTAL}/saml/acs/"))),
        ("s42 no recipient", |response| bearer(response).recipient = None),
        ("s42 another destination", |response| response.destination = format!("{PORTAL}/saml/ACS")),
        ("s42 an empty destination", |response| response.destination.clear()),
    ];
    for (what, says) in table {
        world.refused(what, Plan { says, writes: plain, ..Plan::default() }).await;
    }
}

fn bearer(response: &mut Response) -> &mut Bearer {
    &mut response.assertion.as_mut().unwrap().confirmations[0]
}

#[tokio::test]
async fn s43_what_is_of_another_time_is_not_believed() {
    let world = World::new().await;
    let table: [(&str, Says); 7] = [
        ("no end", |response| bearer(response).not_on_or_after = None),
        ("ended", |response| {
            let now = response.issue_instant;
            bearer(response).not_on_or_after = Some(now - 31);
        }),
        ("not begun", |response| {
            let now = response.issue_instant;
            bearer(response).not_before = Some(now + 31);
        }),
        ("conditions ended", |response| {
            response.assertion.as_mut().unwrap().not_on_or_after = Some(response.issue_instant - 31);
        }),
        ("conditions not begun", |response| {
            response.assertion.as_mut().unwrap().not_before = Some(response.issue_instant + 31);
        }),
        ("a session that is over", |response| {
            response.assertion.as_mut().unwrap().authn.session_not_on_or_after = Some(response.issue_instant - 31);
        }),
        ("from the future", |response| response.issue_instant += 31),
    ];
    for (what, says) in table {
        world.refused(what, Plan { says, ..Plan::default() }).await;
    }
    let table: [(&str, Writes); 3] = [
        ("another zone", |response, pen| {
            pen.changed(response, "NotOnOrAfter=\"2026-01-01T00:05:00Z\"", "NotOnOrAfter=\"2026-01-01T00:05:00+01:00\"")
        }),
        ("no such day", |response, pen| pen.changed(response, "2026-01-01T00:05:00Z", "2026-02-30T00:05:00Z")),
        ("no such year", |response, pen| pen.changed(response, "2026-01-01T00:05:00Z", "99999-01-01T00:05:00Z")),
    ];
    for (what, writes) in table {
        world.refused(what, Plan { writes, ..Plan::default() }).await;
    }
}

#[tokio::test]
async fn s44_an_answer_is_for_the_request_of_this_browser() {
    let world = World::new().await;
    // To nothing, to something that nobody asked, and within to another request.
    let table: [(&str, Says, Writes); 4] = [
        (
            "missing",
            |_| {},
            |response, pen| pen.plain(response).replace(&format!(" InResponseTo=\"{}\"", response.in_response_to), ""),
        ),
        (
            "unknown",
            |response| {
                "_unknown".clone_into(&mut response.in_response_to);
                bearer(response).in_response_to = Some("_unknown".to_owned());
            },
            plain,
        ),
        ("another within", |response| bearer(response).in_response_to = Some("_unknown".to_owned()), plain),
        ("none within", |response| bearer(response).in_response_to = None, plain),
    ];
    for (what, says, writes) in table {
        world.provider.plan(Plan { says, writes, ..Plan::default() });
        let mut browser = world.browser(Lang::Hu);
        sign_in(&mut browser, "/belepes").await;
        assert_eq!(browser.page().h1(), STALE, "{what}");
        assert_eq!(browser.visit(&format!("{PORTAL}/")).await.h1(), FRONT, "{what}");
    }

    // One person's answer in another's browser signs nobody in: neither there nor, afterwards, at home.
    world.provider.plan(Plan::default());
    let mut attacker = world.browser(Lang::Hu);
    attacker.visit(&format!("{PORTAL}/belepes")).await;
    let answer = attacker.page().attribute("input[name=SAMLResponse]", "value").unwrap();
    let mut victim = world.browser(Lang::Hu);
    victim.visit(&format!("{PORTAL}/")).await;
    let acs = format!("{PORTAL}/saml/acs");
    victim.lured("http://evil.localhost:8080", &acs, &[("SAMLResponse", &answer)]).await;
    assert_eq!(victim.page().h1(), STALE);
    assert_eq!(victim.visit(&format!("{PORTAL}/")).await.h1(), FRONT);
    attacker.press("Tovább", &[]).await;
    assert_eq!(attacker.page().h1(), STALE, "already answered");
    assert_eq!(attacker.visit(&format!("{PORTAL}/")).await.h1(), FRONT);
    // Nor does a handle that nobody was given.
    let handle = "0".repeat(64);
    for query in [String::new(), "?valasz=".to_owned(), format!("?valasz={handle}")] {
        assert_eq!(attacker.visit(&format!("{PORTAL}/belepve{query}")).await.h1(), STALE);
    }
}

#[tokio::test]
async fn s46_what_is_ambiguous_is_not_believed() {
    let world = World::new().await;
    let table: [(&str, Writes); 5] = [
        ("two names", |response, pen| {
            pen.changed(response, "</saml:NameID>", "</saml:NameID><saml:NameID>b</saml:NameID>")
        }),
        ("a nested name", |response, pen| pen.changed(response, "_name-1", "_name<saml:NameID>b</saml:NameID>-1")),
        ("an empty name", |response, pen| pen.changed(response, ">_name-1<", "><")),
        ("an attribute twice", |response, pen| {
            let mut response = response.clone();
            let attributes = &mut response.assertion.as_mut().unwrap().attributes;
            attributes.push(attributes[0].clone());
            pen.plain(&response)
        }),
        ("a name of ten thousand characters", |response, pen| pen.changed(response, "_name-1", &"a".repeat(10_000))),
    ];
    for (what, writes) in table {
        world.refused(what, Plan { writes, ..Plan::default() }).await;
    }
    let foreign: Says = |response| {
        response.assertion.as_mut().unwrap().attributes[6].values = vec!["ANNA7@other.example".to_owned()];
    };
    world.refused("an identifier of another domain", Plan { says: foreign, ..Plan::default() }).await;
}

#[tokio::test]
async fn s47_less_than_was_asked_for_is_not_believed() {
    let world = World::new().await;
    let table: [(&str, Says); 4] = [
        ("a password", |response| class(response, Some("urn:eksz.gov.hu:1.0:azonositas:kau:1:uk:uidpwd"))),
        ("an e-mailed code", |response| class(response, Some("urn:eksz.gov.hu:1.0:azonositas:kau:2:uk:email"))),
        ("something unknown", |response| class(response, Some("urn:example:very-strong"))),
        ("nothing", |response| class(response, None)),
    ];
    for (what, says) in table {
        world.refused(what, Plan { says, ..Plan::default() }).await;
    }
    let wallet: Says = |response| class(response, Some("urn:eksz.gov.hu:1.0:azonositas:kau:3:dap:qr"));
    world.provider.plan(Plan { says: wallet, ..Plan::default() });
    assert!(world.signed_in().await.page().text().contains("DÁP mobilalkalmazással"));
}

fn class(response: &mut Response, class: Option<&str>) {
    response.assertion.as_mut().unwrap().authn.context_class = class.map(str::to_owned);
}

#[tokio::test]
async fn what_is_no_response_leads_to_a_page() {
    let world = World::new().await;
    let form = "application/x-www-form-urlencoded";
    for body in ["", "SAMLResponse=", "SAMLResponse=PGEvPg==", "SAMLRequest=PGEvPg==", "SAMLResponse=%ff", "\u{fffd}"] {
        let (status, location, _) = send(&world.portal, "/saml/acs", form, body.to_owned()).await;
        assert_eq!(status.as_u16(), 303, "{body}");
        assert_eq!(location.as_deref(), Some("/sikertelen/hibas-valasz"), "{body}");
    }
    let (status, ..) = send(&world.portal, "/saml/acs", "text/plain", "SAMLResponse=PGEvPg==".to_owned()).await;
    assert_eq!(status.as_u16(), 415);
    let (status, ..) = send(&world.portal, "/saml/acs", form, "a".repeat(70_000)).await;
    assert_eq!(status.as_u16(), 413);
    assert_eq!(world.signed_in().await.page().h1(), WELCOME);
}
