//! A portal, somebody with both factors, another provider, and a browser between them.

use std::time::Duration;

use model::Lang;
use serde_json::{Value, json};
use testkit::{Browser, Installation, Page, Settings, UGYFELKAPU};

use super::provider::{ISSUER, Provider};
use crate::relying_party::{PASSWORD, Person, RelyingParty, Request, Tokens, agree_if_asked, browser};

pub(super) const MINUTE: Duration = Duration::from_mins(1);

pub(super) struct World {
    pub(super) gate: Installation,
    pub(super) portal: RelyingParty,
    pub(super) anna: Person,
    pub(super) provider: Provider,
    pub(super) browser: Browser,
    request: Request,
}

impl World {
    pub(super) async fn start() -> Self {
        Self::with(json!({})).await
    }

    /// With members of the portal's metadata.
    pub(super) async fn with(members: Value) -> Self {
        let provider = Provider::new();
        let gate = Installation::with(Settings { upstreams: provider.upstreams(), ..Settings::default() }).await;
        provider.inner().clock = Some(gate.clock.clone());
        let portal = RelyingParty::register(&gate, "portal.pelda.hu", members).await;
        let anna = Person::enrolled(&gate, "minta.anna").await;
        let browser = browser(&gate, &[&portal]).reaching(ISSUER, provider.site());
        let request = portal.request();
        Self { gate, portal, anna, provider, browser, request }
    }

    /// From the portal to the provider and back.
    pub(super) async fn go_elsewhere(&mut self) -> &Page {
        self.gate.clock.pass(MINUTE);
        self.begin(self.portal.request()).await;
        self.choose_elsewhere().await
    }

    /// From the portal to the choice of a method.
    pub(super) async fn begin(&mut self, request: Request) -> &Page {
        self.request = request;
        self.browser.visit(&self.request.url()).await
    }

    pub(super) async fn choose_elsewhere(&mut self) -> &Page {
        self.browser.press("Műegyetem", &[]).await;
        assert_eq!(self.browser.page().h1(), "Máshol lép be", "{}", self.browser.page().text());
        self.browser.follow_refresh().await
    }

    /// Name, password and code, on the page that connects.
    pub(super) async fn prove(&mut self) -> &Page {
        self.browser.follow("Belépés és összekapcsolás").await;
        self.browser.press("Bejelentkezés", &[("Felhasználónév", &self.anna.name), ("Jelszó", PASSWORD)]).await;
        self.anna.give_code(&self.gate, &mut self.browser).await;
        self.browser.page()
    }

    /// All of it, so that the identity is connected.
    pub(super) async fn connect(&mut self) {
        self.go_elsewhere().await;
        self.prove().await;
        agree_if_asked(&mut self.browser).await;
        assert_eq!(self.browser.page().h1(), "Sikerült a belépés", "{}", self.browser.page().text());
        self.browser.forget_cookies();
    }

    /// What the portal is told at the end.
    pub(super) async fn answered(&mut self) -> Tokens {
        agree_if_asked(&mut self.browser).await;
        self.browser.follow_refresh().await;
        let code = self.portal.code(&self.browser, &self.request);
        self.portal.redeem(&self.gate, &code, &self.request).await
    }

    /// Somebody at Ügyfélkapu, in a full session.
    pub(super) async fn at_account(&self) -> Browser {
        self.gate.clock.pass(MINUTE);
        let mut own = self.gate.browser(Lang::Hu);
        own.visit(UGYFELKAPU).await;
        own.press("Bejelentkezés", &[("Felhasználónév", &self.anna.name), ("Jelszó", PASSWORD)]).await;
        self.anna.give_code(&self.gate, &mut own).await;
        own
    }

    /// The details of the audit's records of an event, the last one first.
    pub(super) async fn told(&self, event: &str) -> Vec<String> {
        let told = self.gate.store.audit_tail(1000).await.unwrap();
        told.into_iter().filter(|entry| entry.event == event).map(|entry| entry.detail).collect()
    }
}
