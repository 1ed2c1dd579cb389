//! What a wallet showed signs in the person whose it is, or waits for one proof by the account's owner.

use journey::{Event, Flow, Login, Shortfall, Standing, advance};
use model::{Handle, Loa, Method, PersonId};
use store::record::{Account, Carrier, PresentationRecord, PresentationStage, WalletIdentityRecord};
use store::{Change, Committed, Op, PresentingOp};

use super::{Issued, Shown, proof_reply, wallet_audit};
use crate::account::Hold;
use crate::edge::Onward;
use crate::login::{Identified, LoginView, Next};
use crate::upstream::closed;
use crate::{Broker, Fault};

/// What became of what was shown.
#[derive(Debug)]
pub enum Entered {
    /// An account is linked with it; the sign-in goes on.
    Known(Next),
    /// No account is: the page that says so.
    Unknown,
    /// No account is, and none can be here: the service does not take the sign-in that would connect it.
    Unlinkable,
    /// It gives what the page of consent asked it for.
    Given,
    /// It is not known as that of the person who signed in: nothing of it is taken.
    NotTheirs,
    /// The page of the account that asked for a proof is told.
    Told(Onward),
}

/// Whose a wallet's identity is.
pub(super) struct WalletPerson {
    /// Who.
    pub(super) person: PersonId,
    /// How sure what connects them was.
    pub(super) loa: Loa,
}

impl Broker {
    /// Uses up what was shown, in the commit of whatever comes of it.
    pub(super) async fn enter_shown(
        &self,
        view: &LoginView,
        record: &PresentationRecord,
        shown: &Shown,
        present: Option<&Handle>,
    ) -> Result<Entered, Fault> {
        let done = Op::Presenting(PresentingOp::End {
            id: record.id.clone(),
            from: record.stage,
            to: PresentationStage::Done,
            at: self.now(),
        });
        let known = self.known_by(shown).await?;
        if let Some(reply) = proof_reply(&view.login)? {
            return self.tell_proof(view, reply, record, shown, known, done).await;
        }
        if let Some(giver) = &shown.giver {
            return self.take_given(view, record, shown, giver, (known, done)).await;
        }
        let Some((known, hold)) = known else { return self.enter_unknown(view, record, shown, done).await };
        let account = self.account(&known.person).await?;
        let identified = Identified {
            open: is_open(&account, &hold),
            account: &account,
            method: Method::Wallet,
            // Its own, and never more than what connected it.
            loa: shown.loa.min(known.loa),
            flow: flow_of(record.carrier),
            at: shown.at,
            from_wallet: shown.claims.as_ref(),
            used: vec![done],
            held: hold.op(known.person),
        };
        let next = self.counted(Method::Wallet, self.enter_identified(view, identified, present).await)?;
        Ok(Entered::Known(next))
    }

    /// Whose what was shown is, if anybody's, and what has to hold for that.
    async fn known_by(&self, shown: &Shown) -> Result<Option<(WalletPerson, Hold)>, Fault> {
        if let Some(Issued { id, person }) = &shown.issued {
            let person = PersonId::from_stored(person.clone());
            let known = WalletPerson { person, loa: shown.loa };
            return Ok(Some((known, Hold::Credential { id: id.clone() })));
        }
        let (issuer, number) = (shown.issuer.clone(), shown.number.clone());
        // Whatever its owner proved was substantial at most.
        let linked = |record: WalletIdentityRecord| WalletPerson {
            person: record.person,
            loa: record.loa.min(Loa::Substantial),
        };
        let found = self.store().wallet_identity(&issuer, &number).await?;
        Ok(found.map(|record| (linked(record), Hold::Link { issuer, number })))
    }

    async fn enter_unknown(
        &self,
        view: &LoginView,
        record: &PresentationRecord,
        shown: &Shown,
        done: Op,
    ) -> Result<Entered, Fault> {
        let now = self.now();
        let linkable = view.offers(Method::AuthenticatorApp);
        let mut change = Change::new(wallet_audit(now, "wallet.unknown", record)).with(done);
        if linkable {
            let login = view.login.clone();
            let stage = advance(login.stage.clone(), Event::StartedOver, login.expires_at, now);
            let login = Login { stage, linking: Some(shown.linking()), ..login };
            change = change.with(Op::ReplaceLogin { id: view.id.clone(), seen: view.seen, login });
        }
        match self.store().commit(change).await? {
            Committed::Done if linkable => Ok(Entered::Unknown),
            Committed::Done => Ok(Entered::Unlinkable),
            Committed::Refused(_) => Err(Fault::Stale),
        }
    }
}

/// How what is carried so comes to the browser that signs in. A browser that carries it has made sure of the device.
fn flow_of(carrier: Carrier) -> Flow {
    match carrier {
        Carrier::Link | Carrier::Browser => Flow::SameDevice,
        Carrier::Qr => Flow::CrossDevice,
    }
}

/// Whether the account is open to it: what an authenticator vouched for opens nothing while that is frozen or off.
fn is_open(account: &Account, hold: &Hold) -> Result<(), Shortfall> {
    match (hold, account.standing) {
        (Hold::Link { .. }, _) => closed(account),
        (Hold::Credential { .. }, Standing::Frozen) => Err(Shortfall::Frozen),
        (Hold::Credential { .. }, Standing::Open) => Ok(()),
    }
}
