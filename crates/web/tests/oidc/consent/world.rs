//! A portal, somebody with both factors, and a browser between them.

use std::time::Duration;

use http::StatusCode;
use model::Lang;
use serde_json::{Value, json};
use testkit::{Browser, Installation, Page, UGYFELKAPU};

use crate::relying_party::{Call, PASSWORD, Person, RelyingParty, Request, Tokens, browser, is_asked};

pub(super) const ASKED: &str = "Ezeket az adatokat kapja meg a portal.pelda.hu";
pub(super) const MINUTE: Duration = Duration::from_mins(1);

pub(super) struct World {
    pub(super) gate: Installation,
    pub(super) portal: RelyingParty,
    pub(super) anna: Person,
    pub(super) browser: Browser,
}

impl World {
    pub(super) async fn start() -> Self {
        Self::with(json!({})).await
    }

    pub(super) async fn with(members: Value) -> Self {
        let gate = Installation::start().await;
        let mut metadata = json!({"client_id": "portal", "scope": "openid profile email person"});
        metadata.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        let portal = RelyingParty::register(&gate, "portal.pelda.hu", metadata).await;
        let anna = Person::enrolled(&gate, "minta.anna").await;
        let browser = browser(&gate, &[&portal]);
        Self { gate, portal, anna, browser }
    }

    pub(super) fn request(&self, scope: &str) -> Request {
        self.portal.request().set("scope", scope)
    }

    /// Both factors, from the client's request on.
    pub(super) async fn prove(&mut self, request: &Request) -> &Page {
        self.gate.clock.pass(MINUTE);
        self.browser.visit(&request.url()).await;
        self.anna.give_password(&mut self.browser).await;
        self.anna.give_code(&self.gate, &mut self.browser).await;
        self.browser.page()
    }

    /// The same, and agreeing to what is shown.
    pub(super) async fn agree(&mut self, request: &Request) -> Tokens {
        self.prove(request).await;
        assert!(is_asked(&self.browser), "{}", self.browser.page().text());
        self.browser.press("Hozzájárulok", &[]).await;
        self.answered(request).await
    }

    /// The page leads on with a positive answer.
    pub(super) async fn answered(&mut self, request: &Request) -> Tokens {
        self.browser.follow_refresh().await;
        let code = self.portal.code(&self.browser, request);
        self.portal.redeem(&self.gate, &code, request).await
    }

    /// The access token is good for nothing any more.
    pub(super) async fn refuses(&self, tokens: &Tokens) {
        let answer = Call::get("/oidc/userinfo").bearer(&tokens.access_token).send(&self.gate).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{}", answer.text());
    }

    pub(super) async fn error(&mut self, request: &Request) -> String {
        self.browser.visit(&request.url()).await;
        self.portal.error(&self.browser, request)
    }

    /// Whether a request from the single sign-on session meets the page.
    pub(super) async fn is_asked(&mut self, request: &Request) -> bool {
        self.browser.visit(&request.url()).await;
        is_asked(&self.browser)
    }

    /// The page at Ügyfélkapu, in a full session.
    pub(super) async fn services(&self) -> Browser {
        self.gate.clock.pass(MINUTE);
        let mut own = self.gate.browser(Lang::Hu);
        own.visit(UGYFELKAPU).await;
        own.press("Bejelentkezés", &[("Felhasználónév", &self.anna.name), ("Jelszó", PASSWORD)]).await;
        self.anna.give_code(&self.gate, &mut own).await;
        own.follow("Mit kapnak a szolgáltatások").await;
        own
    }

    pub(super) async fn told(&self, event: &str) -> Vec<String> {
        let told = self.gate.store.audit_tail(1000).await.unwrap();
        told.into_iter().filter(|entry| entry.event == event).map(|entry| entry.detail).collect()
    }
}

pub(super) fn shown(page: &Page) -> Vec<(String, String)> {
    page.texts(".data dt").into_iter().zip(page.texts(".data dd")).collect()
}
