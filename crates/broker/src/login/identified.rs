//! An identity that names an account signs it in, whatever vouches for the identity.

use journey::{Event, Flow, Login, Shortfall, advance};
use model::{AuthenticationContext, Handle, Loa, Method, Timestamp};
use store::record::Account;
use store::{Change, Committed, Op};

use super::{LoginView, Next, in_session};
use crate::{Broker, Fault, WalletClaims, audit_of};

/// An identity and the account that it is linked with.
pub(crate) struct Identified<'a> {
    /// Whose it is.
    pub(crate) account: &'a Account,
    /// Why the account is closed to it, if it is.
    pub(crate) open: Result<(), Shortfall>,
    /// What happened.
    pub(crate) method: Method,
    /// How sure it is in itself.
    pub(crate) loa: Loa,
    /// How it came to this browser.
    pub(crate) flow: Flow,
    /// When it happened.
    pub(crate) at: Timestamp,
    /// What a wallet gave besides, if it was asked for more than who somebody is.
    pub(crate) from_wallet: Option<&'a WalletClaims>,
    /// What is used up whatever comes of it.
    pub(crate) used: Vec<Op>,
    /// Holds the link while the sign-in is committed.
    pub(crate) held: Op,
}

impl Broker {
    /// Signs in whom an identity names, or says why that does not suffice.
    pub(crate) async fn enter_identified(
        &self,
        view: &LoginView,
        identified: Identified<'_>,
        present: Option<&Handle>,
    ) -> Result<Next, Fault> {
        let Identified { account, open, method, loa, flow, at, from_wallet, used, held } = identified;
        let now = self.now();
        let login = in_session(view.login.clone(), present);
        // The person came back from elsewhere: whatever else was under way in this sign-in begins anew.
        let stage = advance(login.stage.clone(), Event::StartedOver, login.expires_at, now);
        let login = Login { stage, linking: None, ..login };
        let context = AuthenticationContext { method, loa, at: login.demand.proved_at(at) };
        let admitted = || self.policy().admit_by(flow, now, &view.service.terms, &login.demand, &context);
        let context = match open.and_then(|()| admitted()) {
            Ok(context) => context,
            Err(shortfall) => {
                let stage = advance(login.stage.clone(), Event::FellShort(shortfall), login.expires_at, now);
                let moved =
                    Op::ReplaceLogin { id: view.id.clone(), seen: view.seen, login: Login { stage, ..login.clone() } };
                let change = Change::new(audit_of(now, &account.person.id, "login.short")).with(moved).with_all(used);
                return match self.store().commit(change).await? {
                    Committed::Done => Ok(Next::Short(shortfall)),
                    Committed::Refused(_) => Err(Fault::Stale),
                };
            }
        };
        let answer = self.prepare_answer(&view.id, view.seen, &login, account, context, from_wallet).await?;
        match self.store().commit(answer.change().preceded_by(used.into_iter().chain([held]))).await? {
            Committed::Done => Ok(answer.into_next(None)),
            Committed::Refused(_) => Err(Fault::Stale),
        }
    }
}
