//! The code that completes a sign-in.

use idp::totp;
use journey::{Event, IdentitySource, Linking, Login, Passage, Shortfall, Stage, advance};
use model::{AuthenticationContext, Handle, Method, PersonId};
use store::record::{Account, LinkRecord, Version, WalletIdentityRecord};
use store::{Change, Committed, Op, PresentingOp};

use super::{LoginView, Next, in_session};
use crate::account::app_context;
use crate::credentials::CodeCheck;
use crate::letter::Notice;
use crate::{Broker, Fault, audit, audit_of};

impl Broker {
    /// Takes the code.
    ///
    /// # Errors
    ///
    /// [`Fault::Stale`] when no code is awaited, or another window moved the sign-in since it was read.
    pub async fn offer_code(
        &self,
        view: &LoginView,
        code: &totp::Code,
        present: Option<&Handle>,
    ) -> Result<Next, Fault> {
        self.counted(Method::AuthenticatorApp, self.take_code(view, code, present).await)
    }

    async fn take_code(&self, view: &LoginView, code: &totp::Code, present: Option<&Handle>) -> Result<Next, Fault> {
        let LoginView { id, seen, service, .. } = view;
        let seen = *seen;
        let login = in_session(view.login.clone(), present);
        let now = self.now();
        let Stage::AwaitingCode { person, .. } = &login.stage else { return Err(Fault::Stale) };
        if login.stage.code_overdue(now) {
            return Err(Fault::Stale);
        }
        let account = self.account(person).await?;
        let Some(authenticator) = account.authenticator.clone().filter(|_| account.standing == journey::Standing::Open)
        else {
            return Ok(Next::Short(Shortfall::Frozen));
        };
        // The factor may have changed since the password: switched off, or replaced by one on hold.
        match self.policy().after_password(now, &service.terms, &login.demand, &account.facts()) {
            Passage::AskCode => {}
            Passage::Enter => return Err(Fault::Stale),
            Passage::Short(shortfall) => return self.fell_short((id, seen), &login, person, shortfall).await,
        }
        let context = app_context(authenticator.binding, login.demand.proved_at(now));
        if let Err(shortfall) = self.policy().admit(now, &service.terms, &login.demand, &context) {
            return self.short_after_code((id, seen), &login, &account, code, shortfall).await;
        }
        let linked = match &login.linking {
            Some(linking) if linking.stated.agrees_with(&account.person).is_err() => {
                let shortfall = Shortfall::SomebodyElse;
                return self.short_after_code((id, seen), &login, &account, code, shortfall).await;
            }
            Some(linking) => Some(linked(linking, &account, &context)),
            None => None,
        };
        let answer = self.prepare_answer(id, seen, &login, &account, context, None).await?;
        let change = || match &linked {
            Some(link) => self.notify(answer.change().with(link.clone()), &account, Notice::IdentityLinked, now),
            None => answer.change(),
        };
        match self.check_code(&account, &authenticator, code, None, change).await? {
            CodeCheck::Matched => {
                if linked.is_some() {
                    self.wake_delivery();
                }
                let device = self.make_device_known(&account.person.id, account.epoch);
                Ok(answer.into_next(Some(device)))
            }
            other => self.code_refused((id, seen), &login, other).await,
        }
    }

    /// Saves that a sign-in cannot suffice, so that its page says why.
    async fn fell_short(
        &self,
        (id, seen): (&str, Version),
        login: &Login,
        person: &PersonId,
        shortfall: Shortfall,
    ) -> Result<Next, Fault> {
        let now = self.now();
        let stage = advance(login.stage.clone(), Event::FellShort(shortfall), login.expires_at, now);
        let change = Change::new(audit_of(now, person, "login.short")).with(Op::ReplaceLogin {
            id: id.to_owned(),
            seen,
            login: Login { stage, ..login.clone() },
        });
        match self.store().commit(change).await? {
            Committed::Done => Ok(Next::Short(shortfall)),
            Committed::Refused(_) => Err(Fault::Stale),
        }
    }

    /// The code may match, but the sign-in does not suffice: that is told only to somebody with both factors.
    async fn short_after_code(
        &self,
        (id, seen): (&str, Version),
        login: &Login,
        account: &Account,
        code: &totp::Code,
        shortfall: Shortfall,
    ) -> Result<Next, Fault> {
        let Some(authenticator) = &account.authenticator else { return Ok(Next::Short(Shortfall::Frozen)) };
        let now = self.now();
        let stage = advance(login.stage.clone(), Event::FellShort(shortfall), login.expires_at, now);
        // An identity of somebody else is not offered to this account again.
        let linking = login.linking.clone().filter(|_| shortfall != Shortfall::SomebodyElse);
        let moved = Login { stage, linking, ..login.clone() };
        let change = || {
            Change::new(audit_of(now, &account.person.id, "login.short")).with(Op::ReplaceLogin {
                id: id.to_owned(),
                seen,
                login: moved.clone(),
            })
        };
        match self.check_code(account, authenticator, code, None, change).await? {
            CodeCheck::Matched => Ok(Next::Short(shortfall)),
            other => self.code_refused((id, seen), login, other).await,
        }
    }

    async fn code_refused(&self, (id, seen): (&str, Version), login: &Login, check: CodeCheck) -> Result<Next, Fault> {
        let over =
            |event| Login { stage: advance(login.stage.clone(), event, login.expires_at, self.now()), ..login.clone() };
        let (next, moved) = match check {
            CodeCheck::Matched | CodeCheck::Stale => return Err(self.overtaken(login).await?),
            CodeCheck::Reused => return Ok(Next::CodeReused),
            CodeCheck::Differed { in_row } => return Ok(Next::CodeDiffered { in_row }),
            CodeCheck::Wait { until } => (Next::StartOver { until }, over(Event::StartedOver)),
            CodeCheck::Frozen => (Next::Short(Shortfall::Frozen), over(Event::FellShort(Shortfall::Frozen))),
        };
        let change = Change::new(audit(self.now(), "code.startover")).with(Op::ReplaceLogin {
            id: id.to_owned(),
            seen,
            login: moved,
        });
        let _: Committed = self.store().commit(change).await?;
        self.wake_delivery();
        Ok(next)
    }
}

/// The write that connects an identity with the account whose owner has just proved who they are by `context`.
fn linked(linking: &Linking, account: &Account, context: &AuthenticationContext) -> Op {
    let Linking { source, issuer, subject, upstream: _, stated: _ } = linking.clone();
    let (person, loa, linked_at) = (account.person.id.clone(), context.loa, context.at);
    match source {
        IdentitySource::Upstream => Op::Link(LinkRecord { issuer, subject, person, loa, linked_at }),
        IdentitySource::Wallet => {
            let record = WalletIdentityRecord { issuer, number: subject, person, loa, linked_at };
            Op::Presenting(PresentingOp::Link(record))
        }
    }
}
