//! Identities of other identity providers that an account is connected with, and how one is removed.

use idp::keys::digest_text;
use idp::totp;
use model::{Lang, Secret, Timestamp};
use store::record::{AuthenticatorState, LinkRecord, WalletIdentityRecord};
use store::{Change, Op, PresentingOp};

use crate::letter::Notice;
use crate::{AccountSession, Broker, Caller, Enroller, FactorChange, Fault, audit_of};

/// A connected identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Linked {
    /// Names it in forms.
    pub key: String,
    /// What the identity provider is called, in Hungarian and in English; as it names itself where it is not
    /// configured any more.
    pub name: [String; 2],
    /// Since when.
    pub since: Timestamp,
}

impl Linked {
    /// What the identity provider is called in a language.
    pub fn name(&self, lang: Lang) -> &str {
        let [hu, en] = &self.name;
        match lang {
            Lang::Hu => hu,
            Lang::En => en,
        }
    }
}

impl Broker {
    /// Whether anybody's word is taken here that an account can be connected with.
    pub fn has_upstreams(&self) -> bool {
        !self.0.parts.upstreams.providers.is_empty() || self.has_wallets()
    }

    /// The identities that the account is connected with, oldest first.
    ///
    /// # Errors
    ///
    /// [`Fault::Unavailable`] when the store cannot be used.
    pub async fn linked(&self, session: &AccountSession) -> Result<Vec<Linked>, Fault> {
        let mut linked: Vec<Linked> =
            self.identities(session).await?.into_iter().map(|one| self.told_of(one)).collect();
        linked.sort_by_key(|one| one.since);
        Ok(linked)
    }

    async fn identities(&self, session: &AccountSession) -> Result<Vec<Identity>, Fault> {
        let links = self.store().links_of(session.person()).await?.into_iter().map(Identity::Upstream);
        let wallets = self.store().wallet_identities_of(session.person()).await?.into_iter().map(Identity::Wallet);
        Ok(links.chain(wallets).collect())
    }

    fn told_of(&self, identity: Identity) -> Linked {
        let key = identity.key();
        let (name, issuer, since) = match identity {
            Identity::Upstream(link) => {
                (self.upstream_of(&link.issuer).map(|upstream| upstream.name.clone()), link.issuer, link.linked_at)
            }
            Identity::Wallet(record) => {
                let name = self.wallet_issuer(&record.issuer).map(|issuer| issuer.name.clone());
                (name, record.issuer, record.linked_at)
            }
        };
        Linked { key, name: name.unwrap_or_else(|| [issuer.clone(), issuer]), since }
    }

    /// Removes a connected identity after password and live code. All other sessions end: one of them may have been
    /// opened by it.
    ///
    /// # Errors
    ///
    /// [`Fault::Gone`] when it is not there (any more).
    pub async fn unlink(
        &self,
        session: &AccountSession,
        key: &str,
        typed: &Secret<String>,
        code: &totp::Code,
        caller: &Caller,
    ) -> Result<FactorChange, Fault> {
        let found = self.identities(session).await?.into_iter().find(|identity| identity.key() == key);
        let identity = found.ok_or(Fault::Gone)?;
        let enroller = Enroller::Account(session.clone());
        let now = self.now();
        self.prove(&enroller, AuthenticatorState::Active, typed, code, caller, |account, _| {
            let person = account.person.id.clone();
            let change = Change::new(audit_of(now, &person, "identity.unlinked"))
                .with(identity.unlink())
                .with(Op::EndSessionsOf { person, except: Some(session.digest().clone()) });
            self.notify(change, account, Notice::IdentityUnlinked, now)
        })
        .await
    }
}

/// Whoever's word it is.
#[derive(Clone)]
enum Identity {
    Upstream(LinkRecord),
    Wallet(WalletIdentityRecord),
}

impl Identity {
    fn key(&self) -> String {
        let text = match self {
            Identity::Upstream(link) => format!("{}\n{}", link.issuer, link.subject),
            Identity::Wallet(record) => format!("wallet\n{}\n{}", record.issuer, record.number),
        };
        digest_text(&text).as_str().to_owned()
    }

    fn unlink(&self) -> Op {
        match self.clone() {
            Identity::Upstream(LinkRecord { issuer, subject, person, .. }) => Op::Unlink { issuer, subject, person },
            Identity::Wallet(WalletIdentityRecord { issuer, number, person, .. }) => {
                Op::Presenting(PresentingOp::Unlink { issuer, number, person })
            }
        }
    }
}
