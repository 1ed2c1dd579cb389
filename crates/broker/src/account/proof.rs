//! A presentation from a wallet as a proof that an account is its owner's: for enrolling, for lifting the provenance of
//! the authenticator in use, and for opening what is frozen.
//!
//! A page of the account asks; KAÜ asks the wallet, as for a sign-in (`wallet::presenting::prove`), and gives back a
//! handle; the page uses up what rests under it in the commit of what follows. Only the session or browser that asked
//! can, and for nothing else than it asked for. What is shown is judged by `journey::WalletProof`, again when it is used.

use idp::keys::digest_handle;
use idp::totp;
use journey::{EnrolmentEvent, EnrolmentStage, ProofAim, Unproved, WalletProof, advance_enrolment};
use model::{Binding, Handle, HandleDigest, PersonId, Secret, limits};
use serde::{Deserialize, Serialize};
use store::record::{Account, AuditRecord, AuthenticatorState, WalletProofRecord};
use store::{Change, Committed, Issuing, Op, PresentingOp};

use crate::letter::Notice;
use crate::{AccountSession, Broker, Caller, Enroller, FactorChange, Fault, audit, audit_of};

/// Who asks for a proof, and for what.
#[derive(Clone, Copy, Debug)]
pub enum Proving<'a> {
    /// Somebody who enrols.
    Enrolment(&'a Enroller),
    /// Somebody who is signed in, for the authenticator in use.
    Lift(&'a AccountSession),
    /// Somebody whose account is frozen, in a browser: there is no session then.
    Unfreeze(&'a Handle),
}

impl Proving<'_> {
    fn aim(self) -> ProofAim {
        match self {
            Proving::Enrolment(_) => ProofAim::Enrolment,
            Proving::Lift(_) => ProofAim::Lift,
            Proving::Unfreeze(_) => ProofAim::Unfreeze,
        }
    }

    /// What the proof is bound to.
    fn asker(self) -> HandleDigest {
        match self {
            Proving::Enrolment(enroller) => enroller.digest().clone(),
            Proving::Lift(session) => session.digest().clone(),
            Proving::Unfreeze(browser) => digest_handle(browser),
        }
    }

    /// Whose account it is, if that is known before the wallet says so.
    fn owner(self) -> Option<PersonId> {
        match self {
            Proving::Enrolment(enroller) => Some(enroller.person().clone()),
            Proving::Lift(session) => Some(session.person().clone()),
            Proving::Unfreeze(_) => None,
        }
    }
}

/// What rests under the handle of a proof.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kept {
    /// It is asked for; KAÜ has not begun.
    Asked(ProofRequest),
    /// KAÜ has begun the sign-in of that name. Who reloads, or goes back, goes on there.
    Begun(String),
    /// What was shown; nothing where nobody here is known by it.
    Shown(ProofRequest, Option<ShownProof>),
}

/// For what a proof is, and to whom it is given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ProofRequest {
    pub(crate) aim: ProofAim,
    /// The digest of the cookie of the session or browser that asks.
    pub(crate) asker: HandleDigest,
}

/// What a wallet proved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ShownProof {
    pub(crate) proof: WalletProof,
    pub(crate) hold: Hold,
}

/// What has to be there still when something is committed that follows from what was shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Hold {
    /// A credential that was issued here and was not revoked.
    Credential { id: String },
    /// The link of an identity.
    Link { issuer: String, number: String },
}

impl Hold {
    /// The write that holds it.
    pub(crate) fn op(self, person: PersonId) -> Op {
        match self {
            Hold::Credential { id } => Op::Issuing(Issuing::Hold { id, person }),
            Hold::Link { issuer, number } => Op::Presenting(PresentingOp::HoldLink { issuer, number, person }),
        }
    }
}

/// What became of a proof, for the page of whoever asked for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProofView {
    /// It can be used, for the account to whose masked address letters go.
    Good {
        /// The masked address.
        address: String,
    },
    /// Nobody here is known by what was shown.
    Unknown,
    /// It proves nothing.
    Not(Unproved),
}

/// What became of using a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProofUsed {
    /// What it was for is done.
    Done,
    /// Nobody here is known by what was shown.
    Unknown,
    /// It proves nothing (any more).
    Not(Unproved),
}

/// What became of lifting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifted {
    /// Password and code were checked.
    By(FactorChange),
    /// Nobody here is known by what was shown.
    Unknown,
    /// It proves nothing (any more).
    Not(Unproved),
}

/// A proof as it rests, with the account that it speaks of.
struct Ready {
    account: Account,
    taken: [Op; 2],
}

/// Why a proof cannot be used.
enum NotReady {
    Unknown,
    Not(Unproved),
}

impl Broker {
    /// Writes down that a page of the account asks for a proof, and gives the handle by which KAÜ begins.
    ///
    /// # Errors
    ///
    /// [`Fault::NoJourney`] where wallets are not asked, [`Fault::TooMany`].
    pub async fn ask_proof(&self, proving: Proving<'_>, caller: &Caller) -> Result<Handle, Fault> {
        if !self.has_wallets() {
            return Err(Fault::NoJourney);
        }
        self.admit_wallet_call(caller)?;
        let now = self.now();
        let request = ProofRequest { aim: proving.aim(), asker: proving.asker() };
        let told = match proving.owner() {
            Some(person) => audit_of(now, &person, "proof.asked"),
            None => audit(now, "proof.asked"),
        };
        let change = Change::new(AuditRecord { detail: format!("aim={}", request.aim.as_str()), ..told });
        let (handle, put) = self.keep_proof(&Kept::Asked(request))?;
        self.store().commit(change.with(put)).await?;
        Ok(handle)
    }

    /// The write that keeps something under a new handle.
    pub(crate) fn keep_proof(&self, kept: &Kept) -> Result<(Handle, Op), Fault> {
        let handle = Handle::draw(self.random());
        let put = self.put_proof(&handle, kept)?;
        Ok((handle, put))
    }

    /// The write that keeps something under a handle where nothing rests (any more).
    pub(crate) fn put_proof(&self, handle: &Handle, kept: &Kept) -> Result<Op, Fault> {
        Ok(Op::Presenting(PresentingOp::PutProof(WalletProofRecord {
            digest: digest_handle(handle),
            proof: serde_json::to_string(kept).map_err(|_| Fault::Damaged("proof to be stored"))?,
            expires_at: self.now() + limits::FRESH_PROOF,
        })))
    }

    /// What rests under a handle, and the write that uses it up.
    ///
    /// # Errors
    ///
    /// [`Fault::Gone`] when nothing does (any more).
    pub(crate) async fn kept_proof(&self, handle: &Handle) -> Result<(Kept, Op), Fault> {
        let (digest, at) = (digest_handle(handle), self.now());
        let kept = self.store().wallet_proof(&digest, at).await?.ok_or(Fault::Gone)?;
        let kept = serde_json::from_str(&kept).map_err(|_| Fault::Damaged("stored proof"))?;
        Ok((kept, Op::Presenting(PresentingOp::TakeProof { digest, at })))
    }

    /// What was shown to whoever asked for it. Nothing is used up.
    ///
    /// # Errors
    ///
    /// [`Fault::Gone`] when it was used, has lapsed, or is another session's, browser's or purpose's.
    pub async fn proof_view(&self, proving: Proving<'_>, handle: &Handle) -> Result<ProofView, Fault> {
        Ok(match self.ready(proving, handle).await? {
            Ok(Ready { account, .. }) => ProofView::Good { address: account.person.email.masked() },
            Err(NotReady::Unknown) => ProofView::Unknown,
            Err(NotReady::Not(unproved)) => ProofView::Not(unproved),
        })
    }

    async fn ready(&self, proving: Proving<'_>, handle: &Handle) -> Result<Result<Ready, NotReady>, Fault> {
        let (kept, take) = self.kept_proof(handle).await?;
        let Kept::Shown(request, shown) = kept else { return Err(Fault::Gone) };
        if request != (ProofRequest { aim: proving.aim(), asker: proving.asker() }) {
            return Err(Fault::Gone);
        }
        let Some(ShownProof { proof, hold }) = shown else { return Ok(Err(NotReady::Unknown)) };
        let owner = proving.owner().unwrap_or_else(|| proof.person.clone());
        let account = self.account(&owner).await?;
        let bound_at = account.authenticator.as_ref().map(|bound| bound.bound_at);
        Ok(match proof.proves(request.aim, &owner, &account.facts(), bound_at) {
            Ok(()) => Ok(Ready { account, taken: [take, hold.op(owner)] }),
            Err(unproved) => Err(NotReady::Not(unproved)),
        })
    }

    /// A proof takes the place of the mailed code.
    ///
    /// # Errors
    ///
    /// [`Fault::Gone`] when it is not there (any more), was revoked, or was used; [`Fault::Stale`] when the enrolment
    /// awaits none.
    pub async fn enrol_by_proof(&self, enroller: &Enroller, handle: &Handle) -> Result<ProofUsed, Fault> {
        let ready = match self.ready(Proving::Enrolment(enroller), handle).await? {
            Ok(ready) => ready,
            Err(reason) => return Ok(reason.into()),
        };
        let found = self.own_enrolment(enroller).await?;
        if !matches!(found.value.enrolment.stage, EnrolmentStage::ProvingContact { .. }) {
            return Err(Fault::Stale);
        }
        let moved = advance_enrolment(&found.value.enrolment, EnrolmentEvent::WalletProved, self.now());
        let moved = moved.ok_or(Fault::Stale)?;
        let change = self.enrolment_moved(enroller, found.version, moved, "proof.enrolment").with_all(ready.taken);
        match self.store().commit(change).await? {
            Committed::Done => Ok(ProofUsed::Done),
            Committed::Refused(0) => Err(Fault::Stale),
            Committed::Refused(_) => Err(Fault::Gone),
        }
    }

    /// A proof, password and live code lift the provenance of the authenticator in use. All other sessions end: they
    /// were opened by less. Identities that it linked stay as sure as they were.
    ///
    /// # Errors
    ///
    /// [`Fault::Gone`] when the proof is not there (any more).
    pub async fn lift(
        &self,
        session: &AccountSession,
        handle: &Handle,
        typed: &Secret<String>,
        code: &totp::Code,
        caller: &Caller,
    ) -> Result<Lifted, Fault> {
        let ready = match self.ready(Proving::Lift(session), handle).await? {
            Ok(ready) => ready,
            Err(NotReady::Unknown) => return Ok(Lifted::Unknown),
            Err(NotReady::Not(unproved)) => return Ok(Lifted::Not(unproved)),
        };
        let bound = ready.account.authenticator.ok_or(Fault::Stale)?;
        let rebind = Issuing::Rebind { authenticator: bound.id, seen: bound.binding, binding: Binding::Wallet };
        let ops = ready.taken.into_iter().chain([Op::Issuing(rebind)]);
        let ops: Vec<Op> = ops.collect();
        let (enroller, now) = (Enroller::Account(session.clone()), self.now());
        let changed = self.prove(&enroller, AuthenticatorState::Active, typed, code, caller, |account, _| {
            let person = account.person.id.clone();
            let audit =
                AuditRecord { detail: "by=wallet".to_owned(), ..audit_of(now, &person, "authenticator.lifted") };
            let change = Change::new(audit)
                .with_all(ops.iter().cloned())
                .with(Op::EndSessionsOf { person, except: Some(session.digest().clone()) });
            self.notify(change, account, Notice::ProvenanceLifted, now)
        });
        Ok(Lifted::By(changed.await?))
    }

    /// A proof opens what is frozen, as `kapu person unfreeze` does: the person is as sure as for a clerk who saw
    /// them. Nothing is surer for it: a frozen authenticator is gone, and the password is void.
    ///
    /// # Errors
    ///
    /// [`Fault::Gone`] when the proof is not there (any more), was revoked, or was used.
    pub async fn unfreeze_by_proof(&self, browser: &Handle, handle: &Handle) -> Result<ProofUsed, Fault> {
        let Ready { account, taken } = match self.ready(Proving::Unfreeze(browser), handle).await? {
            Ok(ready) => ready,
            Err(reason) => return Ok(reason.into()),
        };
        let now = self.now();
        let change = self.account_opened(&account, "by=wallet", now).await?.preceded_by(taken);
        match self.store().commit(self.notify(change, &account, Notice::AccountOpened, now)).await? {
            Committed::Done => {
                self.wake_delivery();
                Ok(ProofUsed::Done)
            }
            Committed::Refused(0 | 1) => Err(Fault::Gone),
            Committed::Refused(_) => Err(Fault::Stale),
        }
    }
}

impl From<NotReady> for ProofUsed {
    fn from(reason: NotReady) -> Self {
        match reason {
            NotReady::Unknown => ProofUsed::Unknown,
            NotReady::Not(unproved) => ProofUsed::Not(unproved),
        }
    }
}
