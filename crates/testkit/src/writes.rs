//! What a test writes past the pages.

use broker::AuthenticatorState;
use model::{Clock as _, UserName};
use store::record::{AuditRecord, Authenticator};
use store::{Change, Committed, Op};

use crate::Installation;

impl Installation {
    /// Switches somebody's authenticator to another state.
    ///
    /// # Panics
    ///
    /// When they have none.
    pub async fn switch(&self, name: &str, to: AuthenticatorState) {
        let name = UserName::parse(name).expect("a user name");
        let account = self.store.account_by_name(&name).await.expect("the store answers").expect("a person");
        let Authenticator { id, state, .. } = account.authenticator.expect("an authenticator");
        self.write(Op::SetAuthenticatorState { authenticator: id, from: state, to, at: self.clock.now() }).await;
    }

    /// Writes something as nobody in particular.
    ///
    /// # Panics
    ///
    /// When it is refused.
    pub async fn write(&self, op: Op) {
        let audit = AuditRecord { at: self.clock.now(), person: None, event: "test", detail: String::new() };
        let committed = self.store.commit(Change::new(audit).with(op)).await.expect("the store answers");
        assert_eq!(committed, Committed::Done);
    }
}
