//! A wallet is asked through the browser of the page itself: the W3C Digital Credentials API (OpenID4VP 1.0 appendix A).
//! The browser carries request and answer, and tells the wallet the page's origin, so nobody else's page can pass a
//! request of ours on; the answer therefore needs neither digits nor a response code.

use idp::keys::digest_handle;
use model::{Handle, limits};
use store::record::{Carrier, PresentationStage};
use store::{Change, Committed, Op, PresentingOp};
use wallet::openid4vp::{ANSWER_BYTES_MAX, Outcome};

use super::Entered;
use super::answer::NotShown;
use crate::login::LoginView;
use crate::{Broker, Caller, Fault};

/// The protocol of a signed request (OpenID4VP 1.0 appendix A.1).
pub const BROWSER_PROTOCOL: &str = "openid4vp-v1-signed";

/// A request that a page hands to its browser.
#[derive(Debug)]
pub struct BrowserRequest {
    /// Names it.
    pub id: String,
    /// The signed request.
    pub request: String,
}

/// What became of the answer that a browser handed over.
#[derive(Debug)]
pub enum BrowserAnswer {
    /// It is good.
    Entered(Entered),
    /// The person refused in the wallet.
    Refused,
    /// It is not believed.
    Failed,
}

impl Broker {
    /// Draws a request for the browser that began, with nonce and key of its own. Those by link and picture stay.
    ///
    /// # Errors
    ///
    /// [`Fault::Stale`] when the wallet is not offered, [`Fault::TooMany`].
    pub async fn ask_wallet_through_browser(
        &self,
        view: &LoginView,
        browser: &Handle,
        purpose: [String; 2],
        caller: &Caller,
    ) -> Result<BrowserRequest, Fault> {
        self.presenting()?;
        self.admit_wallet_call(caller)?;
        let for_what = self.for_what(view, purpose).await?;
        let now = self.now();
        let mut record = self.draw_presentation(view, browser, Carrier::Browser, for_what, now, caller)?;
        // Whoever asks for it has it.
        record.stage = PresentationStage::Fetched;
        let request = self.signed_request(&record, None)?;
        let id = record.id.clone();
        let begun = super::wallet_audit(now, "wallet.asked", &record);
        let change = Change::new(begun).with(Op::Presenting(PresentingOp::Begin(record)));
        match self.store().commit(change).await? {
            Committed::Done => Ok(BrowserRequest { id, request }),
            Committed::Refused(_) => Err(Fault::Stale),
        }
    }

    /// Takes the answer from the browser that began, once.
    ///
    /// # Errors
    ///
    /// [`Fault::NoJourney`] from any other browser, and for what is no such request of this sign-in; [`Fault::Stale`] for
    /// one that was answered before or has lapsed; [`Fault::TooMany`].
    pub async fn wallet_answer_through_browser(
        &self,
        view: &LoginView,
        browser: &Handle,
        present: Option<&Handle>,
        id: &str,
        answer: &str,
        caller: &Caller,
    ) -> Result<BrowserAnswer, Fault> {
        self.presenting()?;
        self.admit_wallet_call(caller)?;
        let found = if crate::is_login_id(id) { self.store().presentation(id).await? } else { None };
        let own = digest_handle(browser);
        let is_own = |record: &store::record::PresentationRecord| {
            record.carrier == Carrier::Browser && record.login == view.id && record.browser == own
        };
        let record = found.filter(is_own).ok_or(Fault::NoJourney)?;
        let (record, asked) = self.begin_judging(record).await?.ok_or(Fault::Stale)?;
        let shown = if answer.len() > ANSWER_BYTES_MAX {
            Err(NotShown::from(wallet::openid4vp::AnswerFault::TooLong))
        } else {
            match self.judged(&record, &asked, answer.as_bytes())? {
                Ok(Outcome::Shown(unconfirmed)) => self.confirmed(unconfirmed, &asked).await?,
                Ok(Outcome::Refused(refusal)) => {
                    self.end_refused(&record, &refusal).await?;
                    return Ok(BrowserAnswer::Refused);
                }
                Err(fault) => Err(fault.into()),
            }
        };
        match shown {
            Ok(shown) => Ok(BrowserAnswer::Entered(self.enter_shown(view, &record, &shown, present).await?)),
            Err(reason) => {
                self.not_believed(&record, &reason).await?;
                Ok(BrowserAnswer::Failed)
            }
        }
    }
}

const _: () = assert!(ANSWER_BYTES_MAX <= limits::BODY_BYTES, "a browser's answer fits into a form");
