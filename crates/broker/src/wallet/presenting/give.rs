//! What a wallet gives comes to the page of consent from which it was asked, if it is the wallet of that very person.

use journey::{Event, Login, Stage, advance};
use model::PersonId;
use store::record::PresentationRecord;
use store::{Change, Committed, Op};

use super::enter::WalletPerson;
use super::{Entered, Shown, wallet_audit};
use crate::account::Hold;
use crate::login::LoginView;
use crate::wallet::claims::Resting;
use crate::{Broker, Fault, audit_of};

impl Broker {
    /// Puts what was given where the sign-in waits for its consent, in place of what was given before. `giver` signed in;
    /// with whose it is come what holds that, and what uses up what was shown.
    pub(super) async fn take_given(
        &self,
        view: &LoginView,
        record: &PresentationRecord,
        shown: &Shown,
        giver: &PersonId,
        (known, done): (Option<(WalletPerson, Hold)>, Op),
    ) -> Result<Entered, Fault> {
        let now = self.now();
        let Some((_, hold)) = known.filter(|(known, _)| known.person == *giver) else {
            let change = Change::new(wallet_audit(now, "wallet.not-theirs", record)).with(done);
            return match self.store().commit(change).await? {
                Committed::Done => Ok(Entered::NotTheirs),
                Committed::Refused(_) => Err(Fault::Stale),
            };
        };
        // Signed in as somebody else, or answered, meanwhile.
        let (disclosure, claims) = match (&view.stage, &shown.claims) {
            (Stage::AwaitingConsent { person, disclosure, .. }, Some(claims)) if person == giver => {
                (disclosure.clone().given_by_wallet(Some(claims.data())), claims)
            }
            _ => return Err(Fault::Stale),
        };
        let sealed = self.seal_claims(claims, Resting::Login(&view.id))?;
        let due = Event::ConsentDue { disclosure, from_wallet: Some(sealed) };
        let stage = advance(view.stage.clone(), due, view.login.expires_at, now);
        let login = Login { stage, ..view.login.clone() };
        let mut told = audit_of(now, giver, "wallet.given");
        told.detail = format!("data={}", claims.data().write().replace(' ', ","));
        let change = Change::new(told)
            .with(Op::ReplaceLogin { id: view.id.clone(), seen: view.seen, login })
            .with_all([done, hold.op(giver.clone())]);
        match self.store().commit(change).await? {
            Committed::Done => Ok(Entered::Given),
            Committed::Refused(_) => Err(Fault::Stale),
        }
    }
}
