//! The OpenID Foundation's plans for RP-initiated and back-channel logout: each test mirrors the
//! module of its name.

use testkit::{Browser, Installation};

use crate::logout::{end_session, is_signed_in, register};
use crate::relying_party::{Person, RelyingParty, browser, refused_here};

/// A client and somebody who signed in to it.
struct Suite {
    gate: Installation,
    rp: RelyingParty,
    browser: Browser,
    hint: String,
    bye: String,
}

impl Suite {
    async fn signed_in() -> Self {
        let gate = Installation::start().await;
        let rp = register(&gate, "suite.pelda.hu").await;
        let mut browser = browser(&gate, &[&rp]);
        let anna = Person::enrolled(&gate, "minta.anna").await;
        let hint = rp.sign_in(&gate, &mut browser, &anna, &rp.request()).await.id_token;
        Self { gate, rp, browser, hint, bye: "https://suite.pelda.hu/viszlat".to_owned() }
    }

    /// Sends the browser to the end-session endpoint with the hint, the address and a state, those
    /// named replaced or, by an empty text, left out.
    async fn log_out(&mut self, changed: &[(&str, &str)]) {
        let good = [("id_token_hint", self.hint.as_str()), ("post_logout_redirect_uri", &self.bye), ("state", "xyz")];
        let sent = good.map(|(name, value)| {
            (name, changed.iter().find(|(other, _)| *other == name).map_or(value, |(_, value)| *value))
        });
        let sent: Vec<_> = sent.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        self.browser.visit(&end_session(&sent)).await;
    }

    async fn is_signed_in(&mut self) -> bool {
        is_signed_in(&mut self.browser, &self.rp).await
    }
}

#[tokio::test]
async fn oidcc_rp_initiated_logout() {
    let mut suite = Suite::signed_in().await;
    suite.log_out(&[]).await;
    assert_eq!(suite.browser.page().url.as_str(), format!("{}?state=xyz", suite.bye));
    assert!(!suite.is_signed_in().await);
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_bad_post_logout_redirect_uri() {
    let mut suite = Suite::signed_in().await;
    suite.log_out(&[("post_logout_redirect_uri", "https://suite.pelda.hu/viszlat/unregistered")]).await;
    refused_here(&suite.browser, "an unregistered address");
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_query_added_to_post_logout_redirect_uri() {
    let mut suite = Suite::signed_in().await;
    suite.log_out(&[("post_logout_redirect_uri", "https://suite.pelda.hu/viszlat?extra=1")]).await;
    refused_here(&suite.browser, "an added query");
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_modified_id_token_hint() {
    let mut suite = Suite::signed_in().await;
    let (head, rest) = suite.hint.split_once('.').unwrap();
    let (_, signature) = rest.split_once('.').unwrap();
    let payload = data_encoding::BASE64URL_NOPAD.encode(br#"{"iss":"http://kau.localhost:8080","sub":"x","aud":"x"}"#);
    let modified = format!("{head}.{payload}.{signature}");
    suite.log_out(&[("id_token_hint", &modified)]).await;
    refused_here(&suite.browser, "a modified hint");
    assert!(suite.is_signed_in().await);
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_bad_id_token_hint() {
    let mut suite = Suite::signed_in().await;
    suite.log_out(&[("id_token_hint", "bad")]).await;
    refused_here(&suite.browser, "no ID token");
    assert!(suite.is_signed_in().await);
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_no_id_token_hint() {
    let mut suite = Suite::signed_in().await;
    suite.log_out(&[("id_token_hint", "")]).await;
    refused_here(&suite.browser, "whose address it is cannot be told");
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_no_params() {
    let mut suite = Suite::signed_in().await;
    suite.log_out(&[("id_token_hint", ""), ("post_logout_redirect_uri", ""), ("state", "")]).await;
    suite.browser.press("Kijelentkezés", &[]).await;
    assert_eq!(suite.browser.page().h1(), "Kijelentkezett");
    assert!(!suite.is_signed_in().await);
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_no_post_logout_redirect_uri() {
    let mut suite = Suite::signed_in().await;
    suite.log_out(&[("post_logout_redirect_uri", "")]).await;
    assert_eq!(suite.browser.page().h1(), "Kijelentkezett");
    assert!(!suite.is_signed_in().await);
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_no_state() {
    let mut suite = Suite::signed_in().await;
    suite.log_out(&[("state", "")]).await;
    assert_eq!(suite.browser.page().url.as_str(), suite.bye);
    assert!(!suite.is_signed_in().await);
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_only_state() {
    let mut suite = Suite::signed_in().await;
    suite.log_out(&[("id_token_hint", ""), ("post_logout_redirect_uri", "")]).await;
    suite.browser.press("Kijelentkezés", &[]).await;
    assert_eq!(suite.browser.page().h1(), "Kijelentkezett");
    assert!(!suite.is_signed_in().await);
}

#[tokio::test]
async fn oidcc_backchannel_rp_initiated_logout() {
    let mut suite = Suite::signed_in().await;
    suite.log_out(&[]).await;
    let logouts = suite.gate.deliver().await.logouts;
    let [(uri, token)] = logouts.as_slice() else { panic!("one call: {logouts:?}") };
    assert_eq!(uri, "https://suite.pelda.hu/kijelentkezes");
    let keys = crate::relying_party::jwks(&suite.gate).await;
    let expected = oidc::LogoutTokenExpectation {
        issuer: testkit::KAU,
        keys: &keys,
        algorithms: &[suite.rp.algorithm],
        client_id: &suite.rp.id,
        now: suite.gate.broker.now().seconds(),
    };
    oidc::LogoutToken::verify(token, &expected).expect("a good logout token");
}
