//! Somebody who signs in at the broker.

use std::time::Duration;

use broker::{DeletionCode, TotpKey};
use testkit::{Browser, Installation};

/// Everybody's password.
pub(crate) const PASSWORD: &str = "zold-kapu-hazfal-42";

/// Whether the page shows what the service receives.
pub(crate) fn is_asked(browser: &Browser) -> bool {
    browser.page().url.path().ends_with("/adatok")
}

/// Agrees to what the service receives, where a page shows it.
pub(crate) async fn agree_if_asked(browser: &mut Browser) {
    if is_asked(browser) {
        browser.press("Hozzájárulok", &[]).await;
    }
}

/// Somebody with an authenticator app and a deletion code on paper.
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) key: TotpKey,
    pub(crate) deletion_code: DeletionCode,
}

impl Person {
    pub(crate) async fn enrolled(gate: &Installation, name: &str) -> Self {
        gate.add_person(name, PASSWORD).await;
        let (key, deletion_code) = gate.enrol(name).await;
        Self { name: name.to_owned(), key, deletion_code }
    }

    /// From the choice of method to the client. Half a minute passes first, so that the app shows
    /// a code that was not used.
    pub(crate) async fn sign_in(&self, gate: &Installation, browser: &mut Browser) {
        gate.clock.pass(Duration::from_secs(30));
        self.give_password(browser).await;
        self.give_code(gate, browser).await;
        agree_if_asked(browser).await;
        browser.follow_refresh().await;
    }

    /// Chooses the authenticator app, and gives name and password.
    pub(crate) async fn give_password(&self, browser: &mut Browser) {
        browser.press("Ügyfélkapu+ hitelesítő alkalmazással", &[]).await;
        browser.press("Bejelentkezés", &[("Felhasználónév", &self.name), ("Jelszó", PASSWORD)]).await;
    }

    /// Gives the code that the app shows now.
    pub(crate) async fn give_code(&self, gate: &Installation, browser: &mut Browser) {
        browser.press("Bejelentkezés", &[("Hatjegyű kód", &gate.code(&self.key))]).await;
    }
}
