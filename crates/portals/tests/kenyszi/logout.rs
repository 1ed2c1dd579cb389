//! What ends a session from outside, and what does not: by SOAP, and through the browser.

use data_encoding::BASE64;
use http::StatusCode;
use model::{Clock, Lang};
use saml::binding::{redirect, soap};
use saml::{Direction, LogoutRequest, LogoutResponse, NameId, NameIdFormat, SignatureDemand, Signer, Status};

use super::provider::{NAME, Plan, Provider, SESSION, STRANGER};
use super::{FRONT, PORTAL, Says, WELCOME, World, send};

const XML: &str = "text/xml; charset=utf-8";

/// What a test changes in a request before it is signed.
type Change = fn(&mut LogoutRequest);

impl World {
    fn logout_request(&self, change: Change) -> LogoutRequest {
        let now = self.clock.now().seconds();
        let mut request = LogoutRequest {
            id: "_logout".to_owned(),
            issue_instant: now,
            issuer: self.provider.entity_id(),
            destination: Some(format!("{PORTAL}/saml/slo/soap")),
            not_on_or_after: Some(now + 300),
            reason: None,
            name_id: NameId::new(NameIdFormat::Transient, NAME),
            session_indexes: vec![SESSION.to_owned()],
            is_asynchronous: false,
        };
        change(&mut request);
        request
    }

    async fn by_soap(&self, request: &LogoutRequest, key: Option<usize>) -> (StatusCode, String) {
        let signer = key.map(|number| Signer { key: Provider::key(number), certificate: None });
        let envelope = soap::envelope(&request.write(signer.as_ref()).unwrap());
        let (status, _, body) = send(&self.portal, "/saml/slo/soap", XML, envelope).await;
        (status, body)
    }

    fn redirected(&self, request: &LogoutRequest, key: Option<usize>) -> String {
        let xml = request.write(None).unwrap();
        let key = key.map(|number| Provider::key(number));
        redirect::encode(&format!("{PORTAL}/saml/slo"), Direction::Request, &xml, Some("r"), key).unwrap()
    }
}

#[tokio::test]
async fn a_bad_request_by_soap_ends_nothing_and_a_good_one_ends_its_session() {
    let world = World::new().await;
    let mut browser = world.signed_in().await;
    let table: [(&str, Change, Option<usize>); 8] = [
        ("unsigned", |_| {}, None),
        ("a stranger's", |_| {}, Some(STRANGER)),
        ("another issuer's", |request| "http://other.example".clone_into(&mut request.issuer), Some(0)),
        ("for another", |request| request.destination = Some("http://other.example/slo".to_owned()), Some(0)),
        ("for the other address", |request| request.destination = Some(format!("{PORTAL}/saml/slo")), Some(0)),
        ("over", |request| request.not_on_or_after = Some(request.issue_instant - 31), Some(0)),
        (
            "old",
            |request| {
                request.issue_instant -= 331;
                request.not_on_or_after = None;
            },
            Some(0),
        ),
        ("from the future", |request| request.issue_instant += 31, Some(0)),
    ];
    for (what, change, key) in table {
        let (status, body) = world.by_soap(&world.logout_request(change), key).await;
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR, "{what}");
        assert!(body.contains("soap:Fault"), "{what}: {body}");
        assert_eq!(browser.reload().await.h1(), WELCOME, "{what}");
    }
    let (status, ..) = send(&world.portal, "/saml/slo/soap", "text/plain", String::new()).await;
    assert_eq!(status, StatusCode::UNSUPPORTED_MEDIA_TYPE);

    // Others' sessions are not this one.
    let other: [Change; 2] = [
        |request| {
            request.id.push('a');
            request.name_id.value.push('x');
        },
        |request| {
            request.id.push('b');
            request.session_indexes = vec!["session-2".to_owned()];
        },
    ];
    for change in other {
        assert_eq!(world.by_soap(&world.logout_request(change), Some(0)).await.0, StatusCode::OK);
        assert_eq!(browser.reload().await.h1(), WELCOME);
    }

    let (status, body) = world.by_soap(&world.logout_request(|_| {}), Some(0)).await;
    assert_eq!(status, StatusCode::OK);
    let answer = soap::decode(Direction::Response, body.into_bytes()).unwrap();
    let answer = answer.authenticate(&world.provider.service_keys(), SignatureDemand::Required).unwrap();
    let answer = LogoutResponse::read(&answer).unwrap();
    assert_eq!((answer.status, answer.in_response_to.as_deref()), (Status::SUCCESS, Some("_logout")));
    assert_eq!(browser.reload().await.h1(), FRONT);
}

#[tokio::test]
async fn a_request_that_is_repeated_ends_no_later_session() {
    let world = World::new().await;
    let mut browser = world.signed_in().await;
    let request = world.logout_request(|request| request.session_indexes.clear());
    assert_eq!(world.by_soap(&request, Some(0)).await.0, StatusCode::OK);
    assert_eq!(browser.reload().await.h1(), FRONT);
    let says: Says = |response| response.assertion.as_mut().unwrap().id.push('2');
    world.provider.plan(Plan { says, ..Plan::default() });
    let mut browser = world.signed_in().await;
    assert_eq!(world.by_soap(&request, Some(0)).await.0, StatusCode::OK, "an answer may have been lost");
    assert_eq!(browser.reload().await.h1(), WELCOME);
}

#[tokio::test]
async fn a_logout_also_ends_what_only_waits_for_its_browser() {
    let world = World::new().await;
    let mut browser = world.browser(Lang::Hu);
    browser.visit(&format!("{PORTAL}/belepes")).await;
    let answer = browser.page().attribute("input[name=SAMLResponse]", "value").unwrap();
    let body = form_urlencoded::Serializer::new(String::new()).append_pair("SAMLResponse", &answer).finish();
    let (_, location, _) = send(&world.portal, "/saml/acs", "application/x-www-form-urlencoded", body).await;
    assert_eq!(world.by_soap(&world.logout_request(|_| {}), Some(0)).await.0, StatusCode::OK);
    browser.visit(&format!("{PORTAL}{}", location.unwrap())).await;
    assert_eq!(browser.visit(&format!("{PORTAL}/")).await.h1(), FRONT);
}

#[tokio::test]
async fn a_logout_through_the_browser_is_answered_through_it() {
    let world = World::new().await;
    let front: Change = |request| request.destination = Some(format!("{PORTAL}/saml/slo"));
    let mut browser = world.signed_in().await;
    let nowhere: Change = |request| request.destination = None;
    for (what, change, key) in
        [("unsigned", front, None), ("a stranger's", front, Some(STRANGER)), ("without address", nowhere, Some(0))]
    {
        let address = world.redirected(&world.logout_request(change), key);
        let mut tab = browser.tab();
        tab.visit(&address).await;
        assert_eq!(tab.page().status, StatusCode::BAD_REQUEST, "{what}");
        assert_eq!(tab.page().h1(), "Ezt a kérést nem fogadtuk el", "{what}");
        assert_eq!(browser.reload().await.h1(), WELCOME, "{what}");
    }
    let mut tab = browser.tab();
    tab.visit(&world.redirected(&world.logout_request(front), Some(0))).await;
    assert_eq!(tab.page().h1(), "Kilépett a KAÜ-ből");
    let answer = world.provider.logout_answered().unwrap();
    assert_eq!((answer.status, answer.in_response_to.as_deref()), (Status::SUCCESS, Some("_logout")));
    assert_eq!(browser.reload().await.h1(), FRONT);
}

#[tokio::test]
async fn a_logout_may_be_posted_and_nobody_may_wait_for_its_answer() {
    let world = World::new().await;
    let changes: [Change; 2] = [
        |request| request.destination = Some(format!("{PORTAL}/saml/slo")),
        |request| {
            request.destination = Some(format!("{PORTAL}/saml/slo"));
            request.id.push('2');
            request.is_asynchronous = true;
        },
    ];
    let ids: [Says; 2] = [|_| {}, |response| response.assertion.as_mut().unwrap().id.push('2')];
    for (change, (says, heading)) in changes.into_iter().zip(ids.into_iter().zip(["Kilépett a KAÜ-ből", "Kilépett"]))
    {
        world.provider.plan(Plan { says, ..Plan::default() });
        let mut browser = world.signed_in().await;
        let signer = Signer { key: Provider::key(0), certificate: None };
        let xml = world.logout_request(change).write(Some(&signer)).unwrap();
        let mut tab = browser.tab();
        let value = BASE64.encode(xml.as_bytes());
        // From another site, so without the visitor's cookie.
        tab.lured(&world.provider.origin, &format!("{PORTAL}/saml/slo"), &[("SAMLRequest", &value)]).await;
        assert_eq!(tab.page().h1(), heading);
        assert_eq!(browser.reload().await.h1(), FRONT);
    }
}

#[tokio::test]
async fn an_answer_that_nobody_asked_for_is_refused() {
    let world = World::new().await;
    let mut browser = world.signed_in().await;
    let slo = format!("{PORTAL}/saml/slo");
    let answer = LogoutResponse {
        id: "_left".to_owned(),
        issue_instant: world.clock.now().seconds(),
        issuer: world.provider.entity_id(),
        destination: Some(slo.clone()),
        in_response_to: Some("_unknown".to_owned()),
        status: Status::SUCCESS,
    };
    let key = Some(Provider::key(0));
    let address = redirect::encode(&slo, Direction::Response, &answer.write(None).unwrap(), None, key).unwrap();
    let mut tab = browser.tab();
    tab.visit(&address).await;
    assert_eq!(tab.page().h1(), "Ezt a kérést nem fogadtuk el");
    tab.follow("English").await;
    assert_eq!(tab.page().lang().as_deref(), Some("en"));
    assert_eq!(browser.reload().await.h1(), "Welcome, Anna Kovács!");
}
