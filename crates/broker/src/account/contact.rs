//! Confirming the registered contact: the six digits that are mailed before the QR code is shown.

use data_encoding::HEXLOWER;
use idp::one_time_code::ContactCode as Code;
use journey::{Attempts, ContactCode, EnrolmentEvent, EnrolmentStage, advance_enrolment};
use model::{Timestamp, limits};
use store::Committed;

use super::enrol::Moved;
use crate::attempts::{Bucket, Reserved, put_attempts};
use crate::letter::LetterContent;
use crate::{Broker, Enroller, Fault};

/// What became of asking for a contact code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodeMailed {
    /// It is on its way.
    Sent,
    /// Too many were mailed.
    Limited {
        /// From when one more is.
        until: Timestamp,
    },
}

/// What became of a typed contact code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContactAnswer {
    /// It matched.
    Matched,
    /// It is wrong or has run out.
    Differed,
    /// It was wrong once too often: a new one has to be sent.
    Void,
}

impl Broker {
    /// Mails a new contact code.
    ///
    /// # Errors
    ///
    /// [`Fault::Stale`] when the enrolment awaits none.
    pub async fn mail_contact_code(&self, enroller: &Enroller) -> Result<CodeMailed, Fault> {
        let bucket = Bucket {
            key: self.bucket_key("contact-code", &[enroller.person().as_str()]),
            limit: limits::CONTACT_CODES,
            window: limits::CONTACT_CODES_WINDOW,
        };
        let found = self.own_enrolment(enroller).await?;
        if !matches!(found.value.enrolment.stage, EnrolmentStage::ProvingContact { .. }) {
            return Err(Fault::Stale);
        }
        if let Reserved::Refused { until } = self.reserve("contact-code.attempt", vec![bucket]).await? {
            return Ok(CodeMailed::Limited { until });
        }
        let account = self.account(enroller.person()).await?;
        let now = self.now();
        let code = Code::draw(self.random());
        let mac = HEXLOWER.encode(&code.digest(self.keys(), enroller.digest().as_str()));
        let event = EnrolmentEvent::CodeMailed(ContactCode { mac, sent_at: now, tries: 0 });
        let moved = advance_enrolment(&found.value.enrolment, event, now).ok_or(Fault::Stale)?;
        let letter = LetterContent::ContactCode { code: code.expose().expose().clone() };
        let change = self
            .enrolment_moved(enroller, found.version, moved, "contact-code.mailed")
            .deliver(self.letter(&account, now, letter));
        if self.commit_moved(change).await? == Moved::Overtaken {
            return Err(Fault::Stale);
        }
        self.wake_delivery();
        Ok(CodeMailed::Sent)
    }

    /// Takes a typed contact code. A wrong one and its count are one commit.
    ///
    /// # Errors
    ///
    /// [`Fault::Stale`] when none is awaited.
    pub async fn confirm_contact(&self, enroller: &Enroller, typed: &Code) -> Result<ContactAnswer, Fault> {
        loop {
            let found = self.own_enrolment(enroller).await?;
            let EnrolmentStage::ProvingContact { code } = &found.value.enrolment.stage else {
                return Err(Fault::Stale);
            };
            let now = self.now();
            let Some(code) = code.as_ref().filter(|code| now < code.sent_at + limits::CONTACT_CODE) else {
                return Ok(ContactAnswer::Void);
            };
            let year = self.bucket_key("contact-code-wrong", &[enroller.person().as_str()]);
            let (seen, wrong): (_, Attempts) = self.attempts(&year).await?;
            let counted = wrong
                .reserve(now, limits::CONTACT_CODE_YEAR_TRIES, limits::CONTACT_CODE_YEAR)
                .map_err(|until| Fault::TooMany { until })?;
            let sent = HEXLOWER.decode(code.mac.as_bytes()).map_err(|_| Fault::Damaged("contact code"))?;
            let matched = typed.matches(self.keys(), enroller.digest().as_str(), &sent);
            let last = code.tries + 1 >= limits::CONTACT_CODE_TRIES;
            let (event, name, answer) = match (matched, last) {
                (true, _) => (EnrolmentEvent::ContactMatched, "contact-code.matched", ContactAnswer::Matched),
                (false, false) => (EnrolmentEvent::ContactDiffered, "contact-code.differed", ContactAnswer::Differed),
                (false, true) => (EnrolmentEvent::ContactDiffered, "contact-code.void", ContactAnswer::Void),
            };
            let moved = advance_enrolment(&found.value.enrolment, event, now).ok_or(Fault::Stale)?;
            let change = self.enrolment_moved(enroller, found.version, moved, name);
            if matched {
                if self.commit_moved(change).await? == Moved::Made {
                    return Ok(answer);
                }
            } else {
                let count = put_attempts(year, seen, &counted, now + limits::CONTACT_CODE_YEAR);
                if self.store().commit(change.with(count)).await? == Committed::Done {
                    return Ok(answer);
                }
            }
        }
    }
}
