//! What was issued: as its person sees it, as a verifier of ours asks for it, and how it is revoked.

use model::{Binding, Loa, Person, PersonId, Timestamp, UserName};
use store::record::{CredentialFormat, IssuedRecord, SessionKind};
use store::{Change, Committed, Issuing, Op};

use super::claims;
use super::day::day_of;
use super::offer::{NotOffered, ground_of};
use crate::letter::Notice;
use crate::{AccountSession, Broker, Fault, audit_of};

/// A person's credentials, and whether more are offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WalletView {
    /// Why nothing is offered, if nothing is.
    pub not_offered: Option<NotOffered>,
    /// What was issued, newest first.
    pub credentials: Vec<HeldCredential>,
}

/// A credential, as its person sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldCredential {
    /// Names it in forms.
    pub id: String,
    /// Its format.
    pub format: CredentialFormat,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// When it expires.
    pub expires_at: Timestamp,
    /// Whether it is still good.
    pub state: CredentialState,
}

/// Whether a credential is still good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CredentialState {
    /// It is.
    Valid,
    /// Its time is over.
    Expired,
    /// It was revoked.
    Revoked {
        /// When.
        at: Timestamp,
    },
}

/// A credential of ours, as a sign-in by it needs to know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuedCredential {
    /// Its identifier.
    pub id: String,
    /// Whose it is.
    pub person: PersonId,
    /// How sure it was whose it is when it was issued: what follows from it is never more.
    pub loa: Loa,
    /// How its person was identified.
    pub provenance: Binding,
    /// The thumbprint (RFC 7638) of its holder's key.
    pub holder: String,
    /// Whether it is still good, at this very moment.
    pub state: CredentialState,
}

fn state(record: &IssuedRecord, now: Timestamp) -> CredentialState {
    match record.revoked_at {
        Some(at) => CredentialState::Revoked { at },
        None if now >= record.expires_at => CredentialState::Expired,
        None => CredentialState::Valid,
    }
}

impl Broker {
    /// A person's credentials, and whether more are offered.
    ///
    /// # Errors
    ///
    /// [`Fault::Gone`] where no credentials are issued.
    pub async fn wallet(&self, session: &AccountSession) -> Result<WalletView, Fault> {
        self.issuer()?;
        let account = self.account(session.person()).await?;
        let now = self.now();
        let held = |record: IssuedRecord| HeldCredential {
            state: state(&record, now),
            id: record.id,
            format: record.format,
            issued_at: record.issued_at,
            expires_at: record.expires_at,
        };
        let records = self.store().credentials_of(session.person()).await?;
        let credentials = records.into_iter().rev().map(held).collect();
        Ok(WalletView { not_offered: ground_of(&account, now).err(), credentials })
    }

    /// The credential of ours to which an entry of a status list belongs; `None` for an entry that is none of ours.
    /// Whether it is revoked is told as it is at this moment, before the list says it.
    ///
    /// # Errors
    ///
    /// [`Fault::Gone`] where no credentials are issued.
    pub async fn issued_credential(&self, status_uri: &str, index: u64) -> Result<Option<IssuedCredential>, Fault> {
        let Some(place) = self.issuer()?.status_place(status_uri, index) else { return Ok(None) };
        let now = self.now();
        let issued = |record: IssuedRecord| IssuedCredential {
            state: state(&record, now),
            id: record.id,
            person: record.person,
            loa: record.ground.loa,
            provenance: record.ground.provenance,
            holder: record.holder,
        };
        Ok(self.store().credential_at(place).await?.map(issued))
    }

    /// The `personal_administrative_number` by which our credentials name a person.
    pub fn administrative_number(&self, person: &PersonId) -> String {
        claims::number_of(self.keys(), person)
    }

    /// Whether a credential that is issued today says that its person is 18 years old.
    ///
    /// # Errors
    ///
    /// [`Fault::Damaged`] when what is kept as the day of birth is none.
    pub fn is_adult(&self, person: &Person) -> Result<bool, Fault> {
        claims::is_adult(person, &day_of(self.now().seconds()))
    }

    /// Revokes one of a person's credentials. It signs nobody in any more from now on, and the status list says so
    /// within a minute. What it may have been used for ends: single sign-on, and an enrolment for which a wallet vouched.
    ///
    /// # Errors
    ///
    /// [`Fault::Gone`] when it is none of the person's, or was revoked before.
    pub async fn revoke_credential(&self, session: &AccountSession, id: &str) -> Result<(), Fault> {
        let (person, at) = (session.person().clone(), self.now());
        let account = self.account(&person).await?;
        let mut audit = audit_of(at, &person, "credential.revoked");
        "by=owner".clone_into(&mut audit.detail);
        let revoked = Issuing::Revoke { id: id.to_owned(), person: person.clone(), at };
        let change = Change::new(audit).with(Op::Issuing(revoked)).with(sign_on_ended(&person));
        let committed = self.store().commit(self.notify(change, &account, Notice::CredentialRevoked, at)).await?;
        self.drop_enrolment_by_wallet(&person).await?;
        match committed {
            Committed::Done => {
                self.wake_delivery();
                Ok(())
            }
            Committed::Refused(_) => Err(Fault::Gone),
        }
    }

    /// `kapu person revoke-wallet USER`: revokes all credentials of a person, as [`Broker::revoke_credential`] does one, and
    /// says how many were still good.
    ///
    /// # Errors
    ///
    /// [`Fault::NoSession`] when there is no such user name.
    pub async fn revoke_credentials_of(&self, name: &UserName) -> Result<usize, Fault> {
        let account = self.store().account_by_name(name).await?.ok_or(Fault::NoSession)?;
        let (person, at) = (account.person.id.clone(), self.now());
        let records = self.store().credentials_of(&person).await?;
        let good = records.iter().filter(|record| state(record, at) == CredentialState::Valid).count();
        let mut audit = audit_of(at, &person, "credential.revoked");
        "by=clerk all=true".clone_into(&mut audit.detail);
        let change = Change::new(audit)
            .with(Op::Issuing(Issuing::RevokeAllOf { person: person.clone(), at }))
            .with(sign_on_ended(&person));
        let change = if good > 0 { self.notify(change, &account, Notice::CredentialRevoked, at) } else { change };
        self.store().commit(change).await?;
        self.drop_enrolment_by_wallet(&person).await?;
        self.wake_delivery();
        Ok(good)
    }
}

/// Ends single sign-on of a person: a credential of theirs may have begun it.
fn sign_on_ended(person: &PersonId) -> Op {
    Op::EndSessionsOfKind { person: person.clone(), kind: SessionKind::SingleSignOn }
}
