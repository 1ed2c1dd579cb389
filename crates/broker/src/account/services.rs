//! What services receive, as the person agreed to it or saw it; and how that is withdrawn.

use journey::Decision;
use model::{Service, ServiceId, Timestamp};
use store::record::AuditRecord;
use store::{Change, Committed, Op};

use crate::{AccountSession, Broker, Fault, audit_of};

/// What one service receives.
#[derive(Clone, Debug)]
pub struct Receiver {
    /// Which.
    pub service: Service,
    /// What, and why: as it was decided or seen. What the service states now may be another basis.
    pub decision: Decision,
    /// The last time that it was decided or seen.
    pub last: Timestamp,
}

/// What became of a withdrawal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Withdrawal {
    /// The person is asked again at the next sign-in there.
    Done,
    /// There is nothing (any more) that could be withdrawn.
    Nothing,
}

impl Broker {
    /// The services that receive something of the person, in the order of their first sight. A service that is no
    /// longer registered receives nothing.
    ///
    /// # Errors
    ///
    /// [`Fault::Unavailable`] when the store cannot be used.
    pub async fn receivers(&self, session: &AccountSession) -> Result<Vec<Receiver>, Fault> {
        let mut receivers = Vec::new();
        for consent in self.store().consents_of(session.person()).await? {
            if let Some(service) = self.service(&consent.service).await? {
                receivers.push(Receiver { service, decision: consent.decision, last: consent.given_at });
            }
        }
        Ok(receivers)
    }

    /// The person withdraws the consent for a service, or takes back what was withheld: the next sign-in there asks
    /// again. What the law requires is nothing that could be withdrawn; where it is all that there is, nothing is.
    ///
    /// # Errors
    ///
    /// [`Fault::Unavailable`] when the store cannot be used.
    pub async fn withdraw_consent(&self, session: &AccountSession, service: &str) -> Result<Withdrawal, Fault> {
        let service = ServiceId::new(service);
        let consents = self.store().consents_of(session.person()).await?;
        let given = consents.iter().find(|consent| consent.service == service);
        if given.is_none_or(|consent| !consent.decision.is_choice()) {
            return Ok(Withdrawal::Nothing);
        }
        let detail = format!("service={}", service.as_str());
        let audit = AuditRecord { detail, ..audit_of(self.now(), session.person(), "consent.withdrawn") };
        let person = session.person().clone();
        match self.store().commit(Change::new(audit).with(Op::WithdrawConsent { person, service })).await? {
            Committed::Done => Ok(Withdrawal::Done),
            Committed::Refused(_) => Ok(Withdrawal::Nothing),
        }
    }
}
