//! "Not me": the link in every notice. It removes the authenticators and the connected identities, ends all sessions
//! and freezes the account.

use idp::keys::digest_handle;
use journey::{SecondFactor, Standing, TotpAttempts};
use model::{Handle, Timestamp};
use store::record::{Account, AuditRecord, AuthenticatorState};
use store::{Change, Committed, Issuing, Op};

use crate::attempts::put_attempts;
use crate::letter::Notice;
use crate::{Broker, Fault, audit_of};

impl Broker {
    /// Whether a "not me" link is good.
    ///
    /// # Errors
    ///
    /// [`Fault::Gone`] when it was used, has lapsed or never was.
    pub async fn not_me_link(&self, handle: &Handle) -> Result<(), Fault> {
        let link = self.store().not_me(&digest_handle(handle)).await?;
        link.filter(|link| self.now() < link.expires_at).map(drop).ok_or(Fault::Gone)
    }

    /// Acts on it.
    ///
    /// # Errors
    ///
    /// [`Fault::Gone`] when it was used, has lapsed or never was.
    pub async fn not_me(&self, handle: &Handle) -> Result<(), Fault> {
        let digest = digest_handle(handle);
        let link = self.store().not_me(&digest).await?.ok_or(Fault::Gone)?;
        let account = self.account(&link.person).await?;
        let now = self.now();
        let person = link.person;
        let freeze = match account.standing {
            Standing::Open => {
                Some(Op::SetStanding { person: person.clone(), from: Standing::Open, to: Standing::Frozen })
            }
            Standing::Frozen => None,
        };
        let change = Change::new(audit_of(now, &person, "account.frozen"))
            .with(Op::UseNotMe { digest, at: now })
            .with_all(freeze)
            .with(Op::RemoveAuthenticatorsOf { person: person.clone() })
            .with(Op::UnlinkAllOf { person: person.clone() })
            .with(Op::Issuing(Issuing::RevokeAllOf { person: person.clone(), at: now }))
            .with(Op::DropEnrolment { person: person.clone() })
            .with(Op::EndSessionsOf { person: person.clone(), except: None })
            .with(Op::RaiseEpoch { person });
        match self.store().commit(self.notify(change, &account, Notice::AccountFrozen, now)).await? {
            Committed::Done => {
                self.wake_delivery();
                Ok(())
            }
            Committed::Refused(_) => Err(Fault::Gone),
        }
    }

    /// `kapu person unfreeze`: opens a frozen account again, and removes an authenticator that wrong
    /// codes froze. Whoever made it freeze may hold the password, so that becomes void: the owner
    /// chooses a new one by a mailed code, and enrols anew. What was counted against the authenticator,
    /// the year's count included, is forgotten.
    ///
    /// An account that waits for its password gets another code: the last one may have run out.
    ///
    /// # Errors
    ///
    /// [`Fault::Stale`] when nothing of the account is frozen and it has a password, [`Fault::NoSession`]
    /// when there is none.
    pub async fn unfreeze(&self, name: &model::UserName) -> Result<(), Fault> {
        let account = self.store().account_by_name(name).await?.ok_or(Fault::NoSession)?;
        let facts = account.facts();
        let is_frozen = facts.standing == Standing::Frozen || facts.second_factor == SecondFactor::Frozen;
        if !is_frozen && account.password.is_some() {
            return Err(Fault::Stale);
        }
        let change = self.account_opened(&account, "by=clerk", self.now()).await?;
        match self.store().commit(change).await? {
            Committed::Done => {
                self.wake_delivery();
                Ok(())
            }
            Committed::Refused(_) => Err(Fault::Stale),
        }
    }

    /// The change that opens what is frozen of an account, and makes its password void.
    pub(super) async fn account_opened(&self, account: &Account, by: &str, now: Timestamp) -> Result<Change, Fault> {
        let person = account.person.id.clone();
        let frozen_factor = account
            .authenticator
            .as_ref()
            .filter(|bound| bound.state == AuthenticatorState::Frozen)
            .map(|bound| Op::RemoveAuthenticator { authenticator: bound.id.clone() });
        let standing = (account.standing == Standing::Frozen).then(|| Op::SetStanding {
            person: person.clone(),
            from: Standing::Frozen,
            to: Standing::Open,
        });
        let bucket = self.bucket_key("totp", &[person.as_str()]);
        let (seen, _): (_, TotpAttempts) = self.attempts(&bucket).await?;
        let forgotten = seen.map(|seen| put_attempts(bucket, Some(seen), &TotpAttempts::default(), now));
        let (activation, letter) = self.draw_new_password(account, now);
        Ok(Change::new(AuditRecord { detail: by.to_owned(), ..audit_of(now, &person, "account.unfrozen") })
            .with_all(standing)
            .with_all(frozen_factor)
            .with_all(forgotten)
            // Whoever made it freeze may have connected an identity of theirs.
            .with(Op::UnlinkAllOf { person: person.clone() })
            .with(Op::VoidPassword { person: person.clone(), seen: account.password.clone(), at: now })
            .with(Op::PutActivation(activation))
            .with(Op::EndSessionsOf { person, except: None })
            .deliver(letter))
    }
}
