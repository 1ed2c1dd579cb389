//! The digits that the phone shows are typed in the browser that began (`security.md` P41).

use idp::keys::digest_handle;
use idp::phone_digits::PhoneDigits;
use model::{Handle, limits};
use store::record::{Carrier, PresentationRecord, PresentationStage};
use store::{Committed, PresentingOp};

use super::{Entered, Shown};
use crate::login::LoginView;
use crate::{Broker, Caller, Fault};

/// What became of typed digits.
#[derive(Debug)]
pub enum DigitsOutcome {
    /// They are the phone's.
    Entered(Entered),
    /// They are not; how many more tries there are.
    Differed {
        /// Tries left.
        left: u32,
    },
    /// They are not, and there are no more tries: it is over.
    Over,
    /// The phone does not show any yet.
    NotShown,
}

impl Broker {
    /// Takes the digits. The try is written down before they are compared (row V17).
    ///
    /// # Errors
    ///
    /// [`Fault::Stale`] when none are awaited (any more), [`Fault::TooMany`].
    pub async fn offer_digits(
        &self,
        view: &LoginView,
        typed: &PhoneDigits,
        browser: &Handle,
        present: Option<&Handle>,
        caller: &Caller,
    ) -> Result<DigitsOutcome, Fault> {
        self.admit_wallet_call(caller)?;
        let (now, own) = (self.now(), digest_handle(browser));
        let mut found = self.store().presentations_of(&view.id).await?;
        found.retain(|record| record.carrier == Carrier::Qr && record.browser == own && now < record.expires_at);
        // The newest, as whoever asked for another picture looks at the phone that read that one.
        let Some(record) = found.iter().rfind(|record| record.stage == PresentationStage::Digits) else {
            let is_coming = found.iter().any(|record| record.stage == PresentationStage::Answered);
            return if is_coming { Ok(DigitsOutcome::NotShown) } else { Err(Fault::Stale) };
        };
        let attempt = PresentingOp::TryDigits { id: record.id.clone(), tries_max: limits::PRESENTATION_TRIES, at: now };
        match self.move_presentation(record, attempt, "wallet.digits-tried").await? {
            Committed::Done => {}
            Committed::Refused(_) => return Ok(DigitsOutcome::Over),
        }
        let shown: Shown = self.unseal(record)?;
        if PhoneDigits::from_stored(shown.digits.clone()).matches(typed) {
            return Ok(DigitsOutcome::Entered(Box::pin(self.enter_shown(view, record, &shown, present)).await?));
        }
        let tried = self.store().presentation(&record.id).await?.map_or(u32::MAX, |record| record.tries);
        match limits::PRESENTATION_TRIES.saturating_sub(tried) {
            0 => {
                self.give_digits_up(record).await?;
                Ok(DigitsOutcome::Over)
            }
            left => Ok(DigitsOutcome::Differed { left }),
        }
    }

    /// The phone shows no digits, or somebody else's does: what was shown is forgotten, so that a new picture can be
    /// asked for.
    ///
    /// # Errors
    ///
    /// [`Fault::TooMany`].
    pub async fn forget_digits(&self, view: &LoginView, browser: &Handle, caller: &Caller) -> Result<(), Fault> {
        self.admit_wallet_call(caller)?;
        let mut found = self.own_presentations(&view.id, &digest_handle(browser), self.now()).await?;
        found.retain(|record| {
            record.carrier == Carrier::Qr
                && matches!(record.stage, PresentationStage::Answered | PresentationStage::Digits)
        });
        for record in found {
            self.give_digits_up(&record).await?;
        }
        Ok(())
    }

    async fn give_digits_up(&self, record: &PresentationRecord) -> Result<(), Fault> {
        let end = PresentingOp::End {
            id: record.id.clone(),
            from: record.stage,
            to: PresentationStage::Failed,
            at: self.now(),
        };
        let _: Committed = self.move_presentation(record, end, "wallet.digits-over").await?;
        Ok(())
    }
}
