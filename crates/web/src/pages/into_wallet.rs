//! What goes into a wallet that asks by itself, before it does.

use askama::Template;
use ui::{Frame, Page};

use super::consent::{Label as _, Shown};
use super::credentials::Kind;
use super::{ServiceName, Texts as _, fields, paths};

/// `/b/{id}/adatok` where a wallet asks.
#[derive(Template)]
#[template(path = "kau/into_wallet.html")]
pub struct IntoWallet {
    /// The frame, with the wallet's band.
    pub frame: Frame,
    /// Where the answer is posted.
    pub action: String,
    /// Which wallet.
    pub wallet: ServiceName,
    /// What it is given.
    pub kinds: Vec<Kind>,
    /// What is said in it of the person.
    pub data: Vec<Shown>,
    /// Which state of the sign-in is shown, as the form says it back.
    pub shown: String,
    /// Where Ügyfélkapu is.
    pub account: String,
}

impl Page for IntoWallet {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        self.t().into_wallet_heading(self.t().the(&self.wallet))
    }
}
