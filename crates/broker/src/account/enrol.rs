//! Requesting Ügyfélkapu+: from the first button to "Befejezés".

use data_encoding::HEXLOWER;
use idp::deletion_code::{DeletionCode, GROUPS};
use idp::seal::SealedFor;
use journey::{Enrolment, EnrolmentStage, SecondFactor};
use model::{Binding, PersonId, Secret, Timestamp, limits};
use store::record::{Account, Authenticator, AuthenticatorState, EnrolmentRecord, Version, Versioned};
use store::{Change, Committed, Op};

use crate::attempts::{Bucket, Reserved};
use crate::credentials::key_place;
use crate::letter::Notice;
use crate::{Broker, Enroller, Fault, audit_of};

/// Where an enrolment stands, for the page that comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EnrolmentView {
    /// None is under way in this session; the authenticator, if any, is as the status says.
    NotBegun {
        /// Whether another one was left behind.
        before: Before,
    },
    /// The registered contact is to be confirmed.
    ProveContact {
        /// The masked address.
        address: String,
        /// When the last code was mailed, if one was and is still to be typed.
        sent_at: Option<Timestamp>,
    },
    /// Something vouches for the person; the picture was not looked at yet.
    Vouched {
        /// What vouches.
        binding: Binding,
    },
    /// The page with the QR code.
    Connect {
        /// What vouches.
        binding: Binding,
    },
    /// The deletion code is shown.
    SaveDeletionCode {
        /// What vouches.
        binding: Binding,
    },
}

/// Whether an earlier enrolment was left behind: a dead entry may be in the app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Before {
    /// None was.
    Nothing,
    /// One was begun and not finished.
    Unfinished,
}

/// Whether a step of an enrolment was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moved {
    /// It was.
    Made,
    /// Another request moved the enrolment first: read again.
    Overtaken,
}

/// The deletion code, while it can be shown.
#[derive(Debug)]
pub struct DeletionCodeView {
    /// Four groups of five digits.
    pub groups: Secret<[String; GROUPS]>,
}

/// What became of "Befejezés".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finished {
    /// The authenticator is active.
    Active,
    /// It already was: the form was sent twice.
    Already,
}

impl Broker {
    /// An enrolment under way in this session.
    pub(crate) async fn enrolment(&self, enroller: &Enroller) -> Result<Option<Versioned<EnrolmentRecord>>, Fault> {
        match self.own_enrolment(enroller).await {
            Ok(found) => Ok(Some(found)),
            Err(Fault::Gone | Fault::Stale) => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    /// The enrolment under way in this session, for a step that needs one.
    ///
    /// # Errors
    ///
    /// [`Fault::Stale`] when another session's enrolment took its place (row T18), [`Fault::Gone`]
    /// when there is none.
    pub(crate) async fn own_enrolment(&self, enroller: &Enroller) -> Result<Versioned<EnrolmentRecord>, Fault> {
        let found = self.store().enrolment(enroller.person()).await?.ok_or(Fault::Gone)?;
        if self.now() >= found.value.enrolment.expires_at() {
            Err(Fault::Gone)
        } else if found.value.session != *enroller.digest() {
            Err(Fault::Stale)
        } else {
            Ok(found)
        }
    }

    /// Drops an enrolment for which a wallet vouched, once a credential is revoked: from then on that vouches for none.
    pub(crate) async fn drop_enrolment_by_wallet(&self, person: &PersonId) -> Result<(), Fault> {
        let found = self.store().enrolment(person).await?;
        let is_by_wallet = found.is_some_and(|found| match found.value.enrolment.stage {
            EnrolmentStage::ProvingContact { .. } => false,
            EnrolmentStage::Vouched { binding }
            | EnrolmentStage::Connecting { binding, .. }
            | EnrolmentStage::Confirmed { binding, .. } => binding == Binding::Wallet,
        });
        if is_by_wallet {
            let change = self.told(person, "enrolment.dropped").with(Op::DropEnrolment { person: person.clone() });
            let _: Committed = self.store().commit(change).await?;
        }
        Ok(())
    }

    /// Where the enrolment of this session stands.
    ///
    /// # Errors
    ///
    /// [`Fault`] when it cannot be told now.
    pub async fn enrolment_view(&self, enroller: &Enroller) -> Result<EnrolmentView, Fault> {
        let Some(found) = self.enrolment(enroller).await? else {
            let left = self.store().enrolment(enroller.person()).await?;
            let before = if left.is_some() { Before::Unfinished } else { Before::Nothing };
            return Ok(EnrolmentView::NotBegun { before });
        };
        Ok(match found.value.enrolment.stage {
            EnrolmentStage::ProvingContact { code } => {
                let account = self.account(enroller.person()).await?;
                let now = self.now();
                let sent_at = code.map(|code| code.sent_at).filter(|sent| now < *sent + limits::CONTACT_CODE);
                EnrolmentView::ProveContact { address: account.person.email.masked(), sent_at }
            }
            EnrolmentStage::Vouched { binding } => EnrolmentView::Vouched { binding },
            EnrolmentStage::Connecting { binding, .. } => EnrolmentView::Connect { binding },
            EnrolmentStage::Confirmed { binding, .. } => EnrolmentView::SaveDeletionCode { binding },
        })
    }

    /// Begins an enrolment with nothing but the session to vouch for the person. One that is under
    /// way in this session goes on.
    ///
    /// # Errors
    ///
    /// [`Fault::Stale`] when an authenticator is bound already, [`Fault::TooMany`] beyond the
    /// day's limit.
    pub async fn begin_enrolment(&self, enroller: &Enroller) -> Result<(), Fault> {
        if self.enrolment(enroller).await?.is_some() {
            return Ok(());
        }
        let account = self.account(enroller.person()).await?;
        match account.facts().second_factor {
            SecondFactor::None | SecondFactor::Inactive => {}
            SecondFactor::Active { .. } | SecondFactor::Frozen => return Err(Fault::Stale),
        }
        let now = self.now();
        let vouched = match self.policy().unaided_binding(now) {
            Binding::ContactCode => None,
            binding => Some(binding),
        };
        self.limit_enrolments(&account).await?;
        let change = self.enrolment_begun(enroller, &account, vouched);
        self.store().commit(change).await?;
        Ok(())
    }

    /// Refuses more enrolments in a day than anybody needs.
    pub(crate) async fn limit_enrolments(&self, account: &Account) -> Result<(), Fault> {
        let bucket = Bucket {
            key: self.bucket_key("enrolment", &[account.person.id.as_str()]),
            limit: limits::ENROLMENTS_A_DAY,
            window: limits::KNOWN_DEVICE_WINDOW,
        };
        match self.reserve("enrolment.attempt", vec![bucket]).await? {
            Reserved::Admitted(_) => Ok(()),
            Reserved::Refused { until } => Err(Fault::TooMany { until }),
        }
    }

    /// The change that begins an enrolment.
    pub(crate) fn enrolment_begun(&self, enroller: &Enroller, account: &Account, vouched: Option<Binding>) -> Change {
        let now = self.now();
        Change::new(audit_of(now, &account.person.id, "enrolment.begun"))
            .with(self.begin_op(enroller, account, vouched))
            .with_all(kept_open(enroller, now + limits::ENROLMENT_IDLE))
    }

    /// The write that begins an enrolment.
    pub(crate) fn begin_op(&self, enroller: &Enroller, account: &Account, vouched: Option<Binding>) -> Op {
        let user_name = enroller.user_name().as_str().to_owned();
        let enrolment = Enrolment::begin(account.enrolments + 1, user_name, vouched, self.now());
        Op::BeginEnrolment(EnrolmentRecord {
            person: account.person.id.clone(),
            session: enroller.digest().clone(),
            enrolment,
        })
    }

    /// The change that moves an enrolment on; an accepted step extends its session.
    pub(crate) fn enrolment_moved(
        &self,
        enroller: &Enroller,
        seen: Version,
        enrolment: Enrolment,
        event: &'static str,
    ) -> Change {
        let now = self.now();
        let accepted = enrolment.accepted_at == now;
        let extend = if accepted { kept_open(enroller, enrolment.expires_at()) } else { None };
        Change::new(audit_of(now, enroller.person(), event))
            .with(Op::ReplaceEnrolment {
                person: enroller.person().clone(),
                session: enroller.digest().clone(),
                seen,
                enrolment,
            })
            .with_all(extend)
    }

    /// Commits a step of an enrolment: whether it was made, or somebody else was faster.
    ///
    /// # Errors
    ///
    /// [`Fault::NoSession`] when the session ended meanwhile.
    pub(crate) async fn commit_moved(&self, change: Change) -> Result<Moved, Fault> {
        match self.store().commit(change).await? {
            Committed::Done => Ok(Moved::Made),
            Committed::Refused(0) => Ok(Moved::Overtaken),
            Committed::Refused(_) => Err(Fault::NoSession),
        }
    }

    /// The deletion code, until "Befejezés".
    ///
    /// # Errors
    ///
    /// [`Fault::Gone`] when it cannot be shown (any more).
    pub async fn deletion_code(&self, enroller: &Enroller) -> Result<DeletionCodeView, Fault> {
        let found = self.own_enrolment(enroller).await?;
        let EnrolmentStage::Confirmed { deletion_code, .. } = &found.value.enrolment.stage else {
            return Err(Fault::Gone);
        };
        let plain = self.open_text(&deletion_code_place(enroller), &deletion_code.sealed)?;
        let text = std::str::from_utf8(plain.expose()).map_err(|_| Fault::Damaged("deletion code"))?;
        let code = DeletionCode::parse(text).map_err(|_| Fault::Damaged("deletion code"))?;
        Ok(DeletionCodeView { groups: code.groups() })
    }

    /// "Befejezés": the authenticator becomes active, and the plain deletion code is destroyed.
    ///
    /// # Errors
    ///
    /// [`Fault::Stale`] when nothing was confirmed (no deletion code was shown).
    pub async fn finish_enrolment(&self, enroller: &Enroller) -> Result<Finished, Fault> {
        let found = match self.own_enrolment(enroller).await {
            Ok(found) => found,
            Err(fault) => {
                // Only now: the same form, sent twice at once, may have finished it a moment ago.
                let account = self.account(enroller.person()).await?;
                let began = enroller.record().started_at;
                let bound = account.authenticator.is_some_and(|bound| bound.bound_at >= began);
                return if bound { Ok(Finished::Already) } else { Err(fault) };
            }
        };
        let EnrolmentStage::Confirmed { binding, sealed_key, step, deletion_code } = found.value.enrolment.stage else {
            return Err(Fault::Stale);
        };
        let account = self.account(enroller.person()).await?;
        let now = self.now();
        let key = self.open_text(&key_place(enroller.person()), &sealed_key)?;
        let authenticator = Authenticator {
            id: HEXLOWER.encode(&self.random().bytes::<16>()),
            person: account.person.id.clone(),
            sealed_key: idp::seal::seal(self.keys(), self.random(), &key_place(enroller.person()), key.expose()),
            state: AuthenticatorState::Active,
            last_step: step,
            binding,
            usable_from: self.policy().usable_from(now, binding),
            nth: found.value.enrolment.nth,
            bound_at: now,
            changed_at: now,
            deletion_hash: deletion_code.hash,
        };
        let notice = if account.authenticator.is_some() {
            Notice::OtherDevice
        } else if now < authenticator.usable_from {
            Notice::EnrolledOnHold
        } else {
            Notice::Enrolled
        };
        let cleared = self.clear_wrong_codes(enroller.person()).await?;
        let change = Change::new(audit_of(now, enroller.person(), "authenticator.bound"))
            .with(Op::EndEnrolment {
                person: account.person.id.clone(),
                session: enroller.digest().clone(),
                seen: found.version,
            })
            .with(Op::BindAuthenticator(authenticator))
            // They stood on the authenticator that is replaced.
            .with(Op::UnlinkAllOf { person: account.person.id.clone() })
            .with(Op::EndSessionsOf { person: account.person.id.clone(), except: Some(enroller.digest().clone()) })
            .with_all(cleared);
        match self.store().commit(self.notify(change, &account, notice, now)).await? {
            Committed::Done => {
                self.wake_delivery();
                Ok(Finished::Active)
            }
            // The same form, sent twice at once: the other one did it.
            Committed::Refused(_) => Ok(Finished::Already),
        }
    }
}

/// The write that keeps a session open until an instant, if it would end before.
fn kept_open(enroller: &Enroller, until: Timestamp) -> Option<Op> {
    let idle_until = until.min(enroller.record().ends_at);
    (idle_until > enroller.record().idle_until)
        .then(|| Op::ExtendSession { digest: enroller.digest().clone(), idle_until })
}

/// Where a deletion code rests until it is saved.
pub(crate) fn deletion_code_place(enroller: &Enroller) -> SealedFor<'_> {
    SealedFor { table: "enrolment", owner: enroller.digest().as_str(), purpose: "deletion code" }
}
