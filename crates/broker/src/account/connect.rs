//! The page with the QR code: sharing the key, and proving that it arrived.

use idp::deletion_code::DeletionCode;
use idp::qr::QrCode;
use idp::totp::{self, Drift, Key};
use journey::{DeletionCodeDraft, EnrolmentEvent, EnrolmentStage, advance_enrolment};
use model::{Secret, Timestamp, UserName, limits};
use store::{Change, Committed};

use super::enrol::{Moved, deletion_code_place};
use crate::attempts::Reservation;
use crate::credentials::{PasswordCheck, key_place};
use crate::{Broker, Caller, Enroller, Fault, audit_of};

/// What the page with the QR code shows.
#[derive(Debug)]
pub struct Connect {
    /// The link for an app on the same device.
    pub otpauth: Secret<String>,
    /// The key in groups of four.
    pub key: Secret<String>,
    /// The picture.
    pub qr: QrCode,
    /// The account's name in the app.
    pub label: String,
    /// The issuer's name in the app.
    pub issuer: &'static str,
    /// Whether the password was given on this page and need not be typed again.
    pub password_given: PasswordGiven,
    /// Whether this is not the first enrolment that was begun: a dead entry may be in the app.
    pub nth: u32,
}

/// Whether the password is still to be typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordGiven {
    /// It matched a short while ago.
    Recently,
    /// It is to be typed.
    NotYet,
}

/// What became of password and code on the page with the QR code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirmation {
    /// Both matched: the deletion code comes next.
    Confirmed,
    /// The password differs.
    PasswordDiffered,
    /// The code differs; how far the phone's clock is off, if that explains it.
    CodeDiffered {
        /// The measured drift.
        drift: Option<Drift>,
    },
    /// Five wrong codes: the picture is void, and a new one is shown.
    NewPicture,
    /// Too many wrong passwords.
    Limited {
        /// From when one more is admitted.
        until: Timestamp,
    },
}

impl Broker {
    /// The page with the QR code. The same key is shown as long as the enrolment lives; the first
    /// look draws it.
    ///
    /// # Errors
    ///
    /// [`Fault::Gone`] when none is to be shown: nothing was begun, or it is past.
    pub async fn connect(&self, enroller: &Enroller) -> Result<Connect, Fault> {
        loop {
            let found = self.own_enrolment(enroller).await?;
            let enrolment = found.value.enrolment;
            let now = self.now();
            match &enrolment.stage {
                EnrolmentStage::Connecting { sealed_key, password_at, .. } => {
                    let key = self.pending_key(enroller, sealed_key)?;
                    let name = UserName::parse(&enrolment.user_name).map_err(|_| Fault::Damaged("user name"))?;
                    let otpauth = key.otpauth_uri(&name, enrolment.nth);
                    let qr = QrCode::of(otpauth.expose()).map_err(|_| Fault::Damaged("otpauth link"))?;
                    return Ok(Connect {
                        qr,
                        otpauth,
                        key: key.base32_in_groups(),
                        label: totp::label(&name, enrolment.nth),
                        issuer: totp::ISSUER,
                        password_given: password_given(*password_at, now),
                        nth: enrolment.nth,
                    });
                }
                EnrolmentStage::Vouched { .. } => {
                    let key = Key::draw(self.random());
                    let sealed_key = self.seal_text(&key_place(enroller.person()), key.expose());
                    let event = EnrolmentEvent::KeyDrawn { sealed_key };
                    let moved = advance_enrolment(&enrolment, event, now).ok_or(Fault::Stale)?;
                    // Whoever loses this race shows the key of whoever won it.
                    let change = self.enrolment_moved(enroller, found.version, moved, "key.drawn");
                    let _: Moved = self.commit_moved(change).await?;
                }
                EnrolmentStage::ProvingContact { .. } => return Err(Fault::Stale),
                EnrolmentStage::Confirmed { .. } => return Err(Fault::Gone),
            }
        }
    }

    /// Whether the page still asks for the password.
    ///
    /// # Errors
    ///
    /// [`Fault::Gone`] when no key is shown in this session.
    pub async fn password_asked(&self, enroller: &Enroller) -> Result<PasswordGiven, Fault> {
        let found = self.own_enrolment(enroller).await?;
        match found.value.enrolment.stage {
            EnrolmentStage::Connecting { password_at, .. } => Ok(password_given(password_at, self.now())),
            EnrolmentStage::ProvingContact { .. }
            | EnrolmentStage::Vouched { .. }
            | EnrolmentStage::Confirmed { .. } => Err(Fault::Gone),
        }
    }

    fn pending_key(&self, enroller: &Enroller, sealed: &str) -> Result<Key, Fault> {
        let bytes = self.open_text(&key_place(enroller.person()), sealed)?;
        Key::from_bytes(bytes.expose()).map_err(|_| Fault::Damaged("authenticator key"))
    }

    /// Takes password and code. The password is checked first and, once right, not asked again
    /// for ten minutes; a wrong one keeps the key.
    ///
    /// # Errors
    ///
    /// [`Fault::Gone`] when no key is shown in this session.
    pub async fn confirm_connection(
        &self,
        enroller: &Enroller,
        typed: Option<&Secret<String>>,
        code: &totp::Code,
        caller: &Caller,
    ) -> Result<Confirmation, Fault> {
        let found = self.own_enrolment(enroller).await?;
        let EnrolmentStage::Connecting { password_at, .. } = &found.value.enrolment.stage else {
            return Err(Fault::Gone);
        };
        if password_given(*password_at, self.now()) == PasswordGiven::NotYet {
            let Some(typed) = typed else { return Ok(Confirmation::PasswordDiffered) };
            match self.check_password(enroller.user_name().as_str(), typed, caller).await? {
                PasswordCheck::Differed { .. } => return Ok(Confirmation::PasswordDiffered),
                PasswordCheck::Limited { until } => return Ok(Confirmation::Limited { until }),
                PasswordCheck::Matched { account, .. } if account.person.id != *enroller.person() => {
                    return Err(Fault::NoSession);
                }
                PasswordCheck::Matched { reservation, .. } => self.password_on_page(enroller, &reservation).await?,
            }
        }
        self.confirm_code(enroller, code).await
    }

    /// Notes that the password matched on the page.
    async fn password_on_page(&self, enroller: &Enroller, reservation: &Reservation) -> Result<(), Fault> {
        let found = self.own_enrolment(enroller).await?;
        let now = self.now();
        let moved =
            advance_enrolment(&found.value.enrolment, EnrolmentEvent::PasswordMatched, now).ok_or(Fault::Stale)?;
        let change = || self.enrolment_moved(enroller, found.version, moved.clone(), "password.matched");
        match self.commit_released(reservation, change).await? {
            Committed::Done => Ok(()),
            Committed::Refused(_) => Err(Fault::Stale),
        }
    }

    async fn confirm_code(&self, enroller: &Enroller, code: &totp::Code) -> Result<Confirmation, Fault> {
        loop {
            let found = self.own_enrolment(enroller).await?;
            let EnrolmentStage::Connecting { sealed_key, .. } = &found.value.enrolment.stage else {
                return Err(Fault::Gone);
            };
            let now = self.now();
            let key = self.pending_key(enroller, sealed_key)?;
            let (event, name, answer) = if let Some(step) = key.matched_step(code, now) {
                let deletion_code = self.draw_deletion_code(enroller).await?;
                let event = EnrolmentEvent::Confirmed { step, deletion_code };
                (event, "enrolment.confirmed", Confirmation::Confirmed)
            } else {
                let drift = key.drift(code, now);
                (EnrolmentEvent::CodeDiffered, "code.differed", Confirmation::CodeDiffered { drift })
            };
            let moved = advance_enrolment(&found.value.enrolment, event, now).ok_or(Fault::Stale)?;
            let answer = match moved.stage {
                EnrolmentStage::Vouched { .. } => Confirmation::NewPicture,
                EnrolmentStage::ProvingContact { .. }
                | EnrolmentStage::Connecting { .. }
                | EnrolmentStage::Confirmed { .. } => answer,
            };
            let change = self.enrolment_moved(enroller, found.version, moved, name);
            if self.commit_moved(change).await? == Moved::Made {
                return Ok(answer);
            }
        }
    }

    async fn draw_deletion_code(&self, enroller: &Enroller) -> Result<DeletionCodeDraft, Fault> {
        let code = DeletionCode::draw(self.random());
        let hash = code.hash(self.hasher(), self.random(), enroller.person()).await?;
        let sealed = self.seal_text(&deletion_code_place(enroller), code.display().expose().as_bytes());
        Ok(DeletionCodeDraft { sealed, hash })
    }

    /// A change that only tells something about a person.
    pub(crate) fn told(&self, person: &model::PersonId, event: &'static str) -> Change {
        Change::new(audit_of(self.now(), person, event))
    }
}

fn password_given(at: Option<Timestamp>, now: Timestamp) -> PasswordGiven {
    match at {
        Some(at) if now < at + limits::CODE_AFTER_PASSWORD => PasswordGiven::Recently,
        Some(_) | None => PasswordGiven::NotYet,
    }
}
