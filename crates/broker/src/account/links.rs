//! Identities of other identity providers that an account is connected with, and how one is removed.

use idp::keys::digest_text;
use idp::totp;
use model::{Lang, Secret, Timestamp};
use store::record::{AuthenticatorState, LinkRecord};
use store::{Change, Op};

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
    /// Whether other identity providers' sign-ins are taken here at all.
    pub fn has_upstreams(&self) -> bool {
        !self.0.parts.upstreams.providers.is_empty()
    }

    /// The identities that the account is connected with, oldest first.
    ///
    /// # Errors
    ///
    /// [`Fault::Unavailable`] when the store cannot be used.
    pub async fn linked(&self, session: &AccountSession) -> Result<Vec<Linked>, Fault> {
        let links = self.store().links_of(session.person()).await?;
        let linked = links.into_iter().map(|link| Linked {
            key: key_of(&link),
            name: self
                .upstream_of(&link.issuer)
                .map_or_else(|| [link.issuer.clone(), link.issuer.clone()], |upstream| upstream.name.clone()),
            since: link.linked_at,
        });
        Ok(linked.collect())
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
        let links = self.store().links_of(session.person()).await?;
        let link = links.into_iter().find(|link| key_of(link) == key).ok_or(Fault::Gone)?;
        let enroller = Enroller::Account(session.clone());
        let now = self.now();
        self.prove(&enroller, AuthenticatorState::Active, typed, code, caller, |account, _| {
            let person = account.person.id.clone();
            let unlink =
                Op::Unlink { issuer: link.issuer.clone(), subject: link.subject.clone(), person: person.clone() };
            let change = Change::new(audit_of(now, &person, "identity.unlinked"))
                .with(unlink)
                .with(Op::EndSessionsOf { person, except: Some(session.digest().clone()) });
            self.notify(change, account, Notice::IdentityUnlinked, now)
        })
        .await
    }
}

fn key_of(link: &LinkRecord) -> String {
    digest_text(&format!("{}\n{}", link.issuer, link.subject)).as_str().to_owned()
}
