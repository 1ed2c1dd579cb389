//! Activating an account with a mailed code: a new one, or one whose password became void.

use data_encoding::HEXLOWER;
use idp::one_time_code::ActivationCode;
use model::{Network, Timestamp, UserName, limits};
use store::record::{Account, ActivationRecord, OutboxDraft};
use store::{Change, Committed, Op};

use super::password::{NewPassword, PasswordChanged};
use crate::attempts::{Bucket, Reserved};
use crate::letter::{LetterContent, Notice};
use crate::{Broker, Caller, Fault, audit_of};

/// What became of an activation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activated {
    /// The account has its password; the person signs in now.
    Done,
    /// Name or code differ, or the code has run out; which is not told.
    Differed,
    /// The new password is not good enough, or the two differ.
    Password(PasswordChanged),
    /// Too many tries.
    Limited {
        /// From when one more is admitted.
        until: Timestamp,
    },
}

impl Broker {
    /// Takes user name, activation code and the password to be.
    ///
    /// # Errors
    ///
    /// [`Fault`] when it cannot be told now.
    pub async fn activate_account(
        &self,
        typed_name: &str,
        code: &ActivationCode,
        new: &NewPassword,
        caller: &Caller,
    ) -> Result<Activated, Fault> {
        let folded = typed_name.trim().to_ascii_lowercase();
        let bucket = Bucket {
            // By network too: fifty random bits need no tighter limit, and a stranger elsewhere spends nothing.
            key: self.bucket_key("activation", &[&folded, Network::of(caller.address).as_str()]),
            limit: limits::ACTIVATION_CODE_TRIES,
            window: limits::ACTIVATION_CODE,
        };
        let Ok(name) = UserName::parse(typed_name) else { return Ok(Activated::Differed) };
        let password = match new.check(&name) {
            Ok(password) => password,
            Err(refusal) => return Ok(Activated::Password(refusal)),
        };
        let reservation = match self.reserve("activation.attempt", vec![bucket]).await? {
            Reserved::Admitted(reservation) => reservation,
            Reserved::Refused { until } => return Ok(Activated::Limited { until }),
        };
        let account = self.store().account_by_name(&name).await?;
        // The hash is made in any case: what is answered takes the same time for every name.
        let hash = password.hash(self.hasher(), self.random()).await?;
        let now = self.now();
        let Some((account, record)) = self.activation_of(account, code, now).await? else {
            return Ok(Activated::Differed);
        };
        let person = account.person.id.clone();
        let change = || {
            let change = Change::new(audit_of(now, &person, "account.activated"))
                .with(Op::UseActivation { person: person.clone(), mac: record.mac.clone(), at: now })
                .with(Op::SetPassword { person: person.clone(), seen: None, hash: hash.clone(), at: now });
            self.notify(change, &account, Notice::AccountActivated, now)
        };
        match self.commit_released(&reservation, change).await? {
            Committed::Done => {
                self.wake_delivery();
                Ok(Activated::Done)
            }
            Committed::Refused(_) => Ok(Activated::Differed),
        }
    }

    /// The account and its activation, if the code is the one that was mailed.
    async fn activation_of(
        &self,
        account: Option<Account>,
        code: &ActivationCode,
        now: Timestamp,
    ) -> Result<Option<(Account, ActivationRecord)>, Fault> {
        let Some(account) = account else { return Ok(None) };
        let Some(record) = self.store().activation(&account.person.id).await? else { return Ok(None) };
        let mailed = HEXLOWER.decode(record.mac.as_bytes()).map_err(|_| Fault::Damaged("activation code"))?;
        let good = now < record.expires_at && code.matches(self.keys(), account.person.id.as_str(), &mailed);
        Ok(good.then_some((account, record)))
    }

    /// Draws an activation code for a new account: what is stored, and the letter that carries it.
    pub(crate) fn draw_activation(&self, account: &Account, now: Timestamp) -> (ActivationRecord, OutboxDraft) {
        let (user_name, code, record) = self.draw_activation_code(account, now);
        (record, self.letter(account, now, LetterContent::ActivationCode { user_name, code }))
    }

    /// Draws an activation code for an account whose password is void, likewise.
    pub(crate) fn draw_new_password(&self, account: &Account, now: Timestamp) -> (ActivationRecord, OutboxDraft) {
        let (user_name, code, record) = self.draw_activation_code(account, now);
        (record, self.letter(account, now, LetterContent::NewPasswordCode { user_name, code }))
    }

    /// User name and code for a letter, and what is stored of them.
    fn draw_activation_code(&self, account: &Account, now: Timestamp) -> (String, String, ActivationRecord) {
        let code = ActivationCode::draw(self.random());
        let mac = HEXLOWER.encode(&code.digest(self.keys(), account.person.id.as_str()));
        let record =
            ActivationRecord { person: account.person.id.clone(), mac, expires_at: now + limits::ACTIVATION_CODE };
        (account.user_name.as_str().to_owned(), code.display().expose().replace('-', ""), record)
    }
}
