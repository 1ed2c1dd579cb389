//! The wallet's redirect is opened: by the browser that began, or by the phone's.

use idp::keys::digest_handle;
use model::{Handle, Lang, Timestamp};
use store::record::{Carrier, PresentationRecord, PresentationStage};
use store::{Committed, PresentingOp};

use super::{Entered, Shown};
use crate::login::LoginView;
use crate::{Broker, Fault};

/// What the opened redirect comes to.
#[derive(Debug)]
pub enum Returned {
    /// The browser that began is back.
    Here {
        /// The sign-in, as it was before.
        view: Box<LoginView>,
        /// What became of it.
        entered: Entered,
    },
    /// The phone of somebody who signs in on another device.
    Phone(PhoneView),
    /// Another browser of the same device than the one that began: nothing comes of it.
    OtherBrowser,
}

/// What the phone shows.
pub struct PhoneView {
    /// The digits to be typed on the other device.
    pub digits: String,
    /// Where one signs in, in Hungarian and in English.
    pub service: [String; 2],
    /// The language of the sign-in.
    pub lang: Lang,
    /// Since when.
    pub began_at: Timestamp,
    /// Until when they hold.
    pub until: Timestamp,
}

impl std::fmt::Debug for PhoneView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PhoneView").field("service", &self.service).finish_non_exhaustive()
    }
}

impl Broker {
    /// Takes the response code that a wallet's redirect brought (`security.md` P40): in the browser that began on this
    /// device it signs in; on a phone it shows the digits, in the one browser that opened it first.
    ///
    /// # Errors
    ///
    /// [`Fault::NoJourney`] for a code that is none, that was used, or whose time is up (row V15); [`Fault::Over`] where
    /// the sign-in is over.
    pub async fn wallet_returned(
        &self,
        code: &str,
        browser: &Handle,
        present: Option<&Handle>,
    ) -> Result<Returned, Fault> {
        let code = Handle::parse(code).ok_or(Fault::NoJourney)?;
        let found = self.store().presentation_by_code(&digest_handle(&code)).await?;
        let record = found.filter(|record| self.now() < record.expires_at).ok_or(Fault::NoJourney)?;
        match (record.carrier, record.stage) {
            (Carrier::Link, PresentationStage::Answered) => {
                Box::pin(self.returned_here(&record, browser, present)).await
            }
            (Carrier::Qr, PresentationStage::Answered | PresentationStage::Digits) => {
                // There is no page any more on which digits could be typed.
                if self.is_login_over(&record.login).await? {
                    return Err(Fault::Over);
                }
                self.returned_on_phone(&record, browser).await.map(Returned::Phone)
            }
            (Carrier::Link | Carrier::Qr | Carrier::Browser, _) => Err(Fault::NoJourney),
        }
    }

    async fn returned_here(
        &self,
        record: &PresentationRecord,
        browser: &Handle,
        present: Option<&Handle>,
    ) -> Result<Returned, Fault> {
        if record.browser != digest_handle(browser) {
            // It would sign in whoever began, and whoever that is, is elsewhere (row V16).
            let end = PresentingOp::End {
                id: record.id.clone(),
                from: PresentationStage::Answered,
                to: PresentationStage::Failed,
                at: self.now(),
            };
            let _: Committed = self.move_presentation(record, end, "wallet.other-browser").await?;
            return Ok(Returned::OtherBrowser);
        }
        let shown: Shown = self.unseal(record)?;
        let view = self.login_view(&record.login, browser).await?;
        let entered = Box::pin(self.enter_shown(&view, record, &shown, present)).await?;
        Ok(Returned::Here { view: Box::new(view), entered })
    }

    async fn returned_on_phone(&self, record: &PresentationRecord, browser: &Handle) -> Result<PhoneView, Fault> {
        let phone = digest_handle(browser);
        let is_shown_here = record.phone.as_ref() == Some(&phone);
        if record.stage == PresentationStage::Answered {
            let show = PresentingOp::ShowDigits { id: record.id.clone(), phone, at: self.now() };
            match self.move_presentation(record, show, "wallet.digits").await? {
                Committed::Done => {}
                Committed::Refused(_) => return Err(Fault::NoJourney),
            }
        } else if !is_shown_here {
            return Err(Fault::NoJourney);
        }
        let shown: Shown = self.unseal(record)?;
        Ok(PhoneView {
            digits: shown.digits,
            service: shown.service,
            lang: Lang::from_tag(&shown.lang).unwrap_or_default(),
            began_at: record.began_at,
            until: record.expires_at,
        })
    }
}
