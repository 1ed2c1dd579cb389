//! `ForceAuthn` on nodes whose clocks differ: the person signs in anew, and then is answered for.

use std::time::Duration;

use model::Lang;
use saml::AuthnRequest;
use testkit::{Browser, Installation};

use crate::service::{Person, Service, by_redirect};

/// How far the second node's clock is behind, beyond what a sign-in takes here.
const BEHIND: Duration = Duration::from_secs(40);

async fn ask_anew(service: &Service, gate: &Installation, browser: &mut Browser, id: &str) {
    let request = AuthnRequest { force_authn: true, ..service.request(gate, id) };
    browser.visit(&by_redirect(&request, None, None)).await;
}

#[tokio::test]
async fn who_signs_in_at_a_node_that_is_behind_is_answered_for() {
    let gate = Installation::start().await;
    let service = Service::usual("sp.pelda.hu").register(&gate).await;
    let anna = Person::enrolled(&gate, "minta.anna").await;
    gate.clock.pass(BEHIND);
    let mut browser = gate.browser(Lang::Hu);
    let asked_at = gate.broker.now();
    ask_anew(&service, &gate, &mut browser, "_1").await;
    gate.clock.set(asked_at - BEHIND);
    anna.sign_in(&gate, &mut browser).await;
    assert!(gate.broker.now() < asked_at);
    gate.clock.set(asked_at);
    let assertion = service.answer(&gate, &browser, "_1").unwrap();
    assert_eq!(assertion.authn.authn_instant, asked_at.seconds(), "after the request");

    // A node that is behind sees a session of the future, and asks all the same.
    gate.clock.set(asked_at - Duration::from_secs(1));
    ask_anew(&service, &gate, &mut browser, "_2").await;
    assert_eq!(browser.page().h1(), "Hogyan szeretne belépni?");
}
