//! A wallet posts its answer: taken once, judged, and kept sealed until the browser that began takes it.

use std::collections::{HashMap, HashSet};

use idp::keys::digest_handle;
use idp::phone_digits::PhoneDigits;
use journey::Stated;
use model::{Handle, Loa, limits};
use store::record::{Carrier, PresentationRecord, PresentationStage};
use store::{Change, Committed, Op, PresentingOp};
use wallet::credential::PersonClaim;
use wallet::openid4vp::{
    ANSWER_BYTES_MAX, AnswerExpected, AnswerFault, Outcome, RefusalCode, Unconfirmed, WalletRefusal, verify_answer,
};
use wallet::sd_jwt::StatusReference;
use wallet::status_list::Status;
use wallet::trust::Signer;

use super::{Asked, Issued, Presenting, Shown, wallet_audit};
use crate::upstream::STATED_BYTES;
use crate::wallet::claims::WalletClaims;
use crate::wallet::issuing::{CredentialState, IssuedCredential};
use crate::{Broker, Caller, Fault};

/// Why a wallet's answer is not taken. Why, is in the log.
#[derive(Debug)]
pub enum AnswerRefusal {
    /// It answers nothing that waits for an answer, or is not believed.
    Bad,
    /// Something of ours.
    Fault(Fault),
}

impl<F: Into<Fault>> From<F> for AnswerRefusal {
    fn from(fault: F) -> Self {
        AnswerRefusal::Fault(fault.into())
    }
}

/// Why what was shown signs nobody in.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotShown {
    #[error(transparent)]
    Answer(#[from] AnswerFault),
    #[error("the credential does not say who its holder is")]
    Nobody,
}

impl Broker {
    /// Takes what a wallet posted, and says where it leads the person on, if anywhere (OpenID4VP 1.0 section 8.2).
    /// There is no second answer, whatever becomes of the first (row V11).
    ///
    /// # Errors
    ///
    /// [`AnswerRefusal`].
    pub async fn wallet_answer(&self, id: &str, body: &[u8], caller: &Caller) -> Result<Option<String>, AnswerRefusal> {
        self.presenting()?;
        self.admit_wallet_call(caller)?;
        if body.len() > ANSWER_BYTES_MAX {
            return Err(AnswerRefusal::Bad);
        }
        let found = self.live_presentation(id).await?;
        let is_awaited = |record: &PresentationRecord| {
            record.carrier != Carrier::Browser && record.stage == PresentationStage::Fetched
        };
        let record = found.filter(is_awaited).ok_or(AnswerRefusal::Bad)?;
        let (record, asked) = self.begin_judging(record).await?.ok_or(AnswerRefusal::Bad)?;
        if Self::is_elsewhere(&record, &asked, &caller.place) {
            self.end(&record, PresentationStage::Elsewhere, "wallet.elsewhere", String::new()).await?;
            return Err(AnswerRefusal::Bad);
        }
        let shown = match self.judged(&record, &asked, body)? {
            Ok(Outcome::Shown(unconfirmed)) => self.confirmed(unconfirmed, &asked).await?,
            Ok(Outcome::Refused(refusal)) => return self.refused(&record, &refusal).await,
            Err(fault) => Err(fault.into()),
        };
        match shown {
            Ok(shown) => self.keep_shown(&record, &shown).await,
            Err(reason) => {
                self.not_believed(&record, &reason).await?;
                Err(AnswerRefusal::Bad)
            }
        }
    }

    /// Takes the answer to a fetched request as the only one, and gives what was asked; nothing if one was taken before.
    pub(super) async fn begin_judging(
        &self,
        record: PresentationRecord,
    ) -> Result<Option<(PresentationRecord, Asked)>, Fault> {
        let judging = PresentingOp::Move {
            id: record.id.clone(),
            from: PresentationStage::Fetched,
            to: PresentationStage::Judging,
            at: self.now(),
        };
        match self.move_presentation(&record, judging, "wallet.answered").await? {
            Committed::Done => {}
            Committed::Refused(_) => return Ok(None),
        }
        let asked = self.unseal(&record)?;
        Ok(Some((PresentationRecord { stage: PresentationStage::Judging, ..record }, asked)))
    }

    pub(super) async fn not_believed(&self, record: &PresentationRecord, reason: &NotShown) -> Result<(), Fault> {
        tracing::info!(%reason, "a wallet's answer is not believed");
        self.end(record, PresentationStage::Failed, "wallet.failed", String::new()).await
    }

    pub(super) fn judged(
        &self,
        record: &PresentationRecord,
        asked: &Asked,
        body: &[u8],
    ) -> Result<Result<Outcome, AnswerFault>, Fault> {
        let presenting = self.presenting()?;
        let now = self.now();
        let key = asked.decryption_key()?;
        let query = asked.query()?;
        let expected = AnswerExpected {
            mode: presenting.answer_mode(record.carrier, &key),
            audience: &self.answer_audience(record.carrier)?,
            response_uri: &self.response_uri(&record.id),
            nonce: &asked.nonce,
            state: Some(&asked.state),
            query: &query,
            now: now.seconds(),
        };
        Ok(verify_answer(body, &expected, presenting.judge(now)))
    }

    /// Asks whether the credentials are still good, and reads who shows them.
    pub(super) async fn confirmed(
        &self,
        unconfirmed: Unconfirmed,
        asked: &Asked,
    ) -> Result<Result<Shown, NotShown>, Fault> {
        let presenting = self.presenting()?;
        let named = |(reference, signer): (&StatusReference, &Signer)| {
            Some((reference.clone(), presenting.issuer_of(signer)?.id.clone()))
        };
        let named: HashSet<(StatusReference, String)> = unconfirmed.statuses().filter_map(named).collect();
        let (mut own, mut states) = (Vec::new(), HashMap::new());
        for (reference, issuer) in named {
            if self.is_own_issuer(&issuer) {
                // Of what was issued here it is known at once whether it was revoked, and not within a minute.
                let Some(issued) = self.issued_credential(&reference.uri, reference.index).await? else { continue };
                states.insert((reference, issuer), status_of(&issued));
                own.push(issued);
            } else if let Some(status) = presenting.state(&reference, &issuer, self.now()).await {
                states.insert((reference, issuer), status);
            }
        }
        let state = |reference: &StatusReference, signer: &Signer| {
            states.get(&(reference.clone(), presenting.issuer_of(signer)?.id.clone())).copied()
        };
        let confirmed = match unconfirmed.confirm(state) {
            Ok(confirmed) => confirmed,
            Err(fault) => return Ok(Err(fault.into())),
        };
        Ok(self.read_shown(presenting, &confirmed, &own, asked).ok_or(NotShown::Nobody))
    }

    /// Who shows what is good. `own` are those of the credentials that were issued here.
    fn read_shown(
        &self,
        presenting: &Presenting,
        confirmed: &[wallet::openid4vp::Shown],
        own: &[IssuedCredential],
        asked: &Asked,
    ) -> Option<Shown> {
        let (first, rest) = confirmed.split_first()?;
        let issuer = presenting.issuer_of(first.presentation.signer())?;
        // Two forms of one credential are one issuer's.
        let of_issuer = |shown: &wallet::openid4vp::Shown| {
            presenting.issuer_of(shown.presentation.signer()).is_some_and(|other| other.id == issuer.id)
        };
        if !rest.iter().all(of_issuer) {
            return None;
        }
        // What was issued here is known by its place in a status list, and is worth what it was issued on.
        let ours = if self.is_own_issuer(&issuer.id) {
            let one = own.iter().min_by_key(|credential| credential.loa)?;
            own.iter().all(|other| other.person == one.person).then_some(Some(one))?
        } else {
            None
        };
        let said = |claim| {
            let said = first.presentation.person(claim).filter(|said| !said.trim().is_empty())?;
            (said.len() <= STATED_BYTES).then(|| said.to_owned())
        };
        let stated = Stated {
            family_name: Some(said(PersonClaim::FamilyName)?),
            given_name: Some(said(PersonClaim::GivenName)?),
            birth_date: Some(said(PersonClaim::Birthdate)?),
        };
        // High is what we know ourselves: a key that was attested to us, and a person whom our clerk saw.
        let loa = ours.map_or(Loa::Substantial, |credential| credential.loa).min(issuer.loa);
        Some(Shown {
            issuer: issuer.id.clone(),
            number: said(PersonClaim::PersonalAdministrativeNumber)?,
            stated,
            loa,
            issued: ours.map(|one| Issued { id: one.id.clone(), person: one.person.as_str().to_owned() }),
            at: self.now(),
            digits: PhoneDigits::draw(self.random()).expose().to_owned(),
            service: asked.service.clone(),
            lang: asked.lang.clone(),
            claims: (!asked.wished.is_empty())
                .then(|| WalletClaims::read(&issuer.id, &asked.wished, &first.presentation)),
            giver: asked.giver.clone(),
        })
    }

    async fn keep_shown(&self, record: &PresentationRecord, shown: &Shown) -> Result<Option<String>, AnswerRefusal> {
        let now = self.now();
        let code = Handle::draw(self.random());
        let answer = PresentingOp::Answer {
            id: record.id.clone(),
            response_code: digest_handle(&code),
            sealed: self.seal_for(&record.id, shown)?,
            at: now,
            expires_at: now + limits::PRESENTATION_ANSWER,
        };
        match self.move_presentation(record, answer, "wallet.shown").await? {
            Committed::Done => Ok(Some(self.wallet_address(&format!("vissza?kod={}", code.expose())))),
            Committed::Refused(_) => Err(AnswerRefusal::Bad),
        }
    }

    /// The person refused, or the wallet has nothing to show. On the same device the browser is led back.
    async fn refused(
        &self,
        record: &PresentationRecord,
        refusal: &WalletRefusal,
    ) -> Result<Option<String>, AnswerRefusal> {
        self.end_refused(record, refusal).await?;
        Ok(match record.carrier {
            Carrier::Link => Some(format!("{}/b/{}/dap", self.endpoints().issuer, record.login)),
            Carrier::Qr | Carrier::Browser => None,
        })
    }

    pub(super) async fn end_refused(&self, record: &PresentationRecord, refusal: &WalletRefusal) -> Result<(), Fault> {
        if let Some(said) = &refusal.for_log {
            tracing::info!(said, "a wallet refused");
        }
        let code = match refusal.code {
            RefusalCode::Other => "other",
            named @ (RefusalCode::AccessDenied
            | RefusalCode::InvalidRequest
            | RefusalCode::InvalidClient
            | RefusalCode::InvalidScope
            | RefusalCode::VpFormatsNotSupported
            | RefusalCode::InvalidRequestUriMethod
            | RefusalCode::InvalidTransactionData
            | RefusalCode::WalletUnavailable) => named.as_str(),
        };
        self.end(record, PresentationStage::Refused, "wallet.refused", format!(" error={code}")).await
    }

    async fn end(
        &self,
        record: &PresentationRecord,
        to: PresentationStage,
        event: &'static str,
        detail: String,
    ) -> Result<(), Fault> {
        let at = self.now();
        let mut told = wallet_audit(at, event, record);
        told.detail.push_str(&detail);
        let end = PresentingOp::End { id: record.id.clone(), from: PresentationStage::Judging, to, at };
        let _: Committed = self.store().commit(Change::new(told).with(Op::Presenting(end))).await?;
        self.presenting()?.watches.wake(&record.login);
        Ok(())
    }
}

fn status_of(issued: &IssuedCredential) -> Status {
    match issued.state {
        CredentialState::Valid => Status::Valid,
        CredentialState::Expired | CredentialState::Revoked { .. } => Status::Revoked,
    }
}
