//! A page of the account asks for what a wallet shows, as a proof and not as a sign-in: the pages are those of a sign-in,
//! and nobody is signed in by it. What was shown rests under a handle that only whoever asked can use.

use idp::keys::digest_handle;
use journey::{Acr, Demand, Event, Insistence, Login, ProofAim, ProofGround, Stage, WalletProof, advance};
use model::{
    Article, AuthenticationContext, Handle, Loa, Method, PersonId, Purposes, Service, ServiceId, ServiceTerms, limits,
};
use serde::{Deserialize, Serialize};
use store::record::{AuditRecord, LoginRecord, PresentationRecord};
use store::{Change, Committed, Op};

use super::enter::WalletPerson;
use super::{Entered, Shown, wallet_audit};
use crate::account::{Hold, Kept, ProofRequest, ShownProof};
use crate::edge::{Onward, ReplyTo};
use crate::login::LoginView;
use crate::{Broker, Caller, Fault, audit};

/// The account's pages as the "service" of such a sign-in.
const PROOF_PAGES: &str = "ugyfelkapu-proof";

/// Words and addresses of a proof, which only the pages know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProofWords {
    /// The account's pages by their name, and what it is for; in Hungarian and in English.
    pub service: [String; 2],
    /// What the wallet is asked for, as people read it there; in the same languages.
    pub purpose: [String; 2],
    /// The page that asked: its absolute address, below which the handle is brought.
    pub back: String,
}

/// What is kept of a proof that was asked for until it is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ProofReply {
    request: ProofRequest,
    names: [String; 2],
    pub(crate) back: String,
}

impl ProofReply {
    pub(crate) fn aim(&self) -> ProofAim {
        self.request.aim
    }

    /// The account's pages, as pages and wallets see a service.
    pub(crate) fn service(&self) -> Service {
        let [name_hu, name_en] = self.names.clone();
        Service {
            id: ServiceId::new(PROOF_PAGES),
            article: Article::guess(&name_hu),
            name_hu,
            name_en,
            home: self.back.clone(),
            terms: ServiceTerms::default(),
            purposes: Purposes::default(),
        }
    }
}

/// What is kept of a sign-in that is a proof.
pub(crate) fn proof_reply(login: &Login) -> Result<Option<ProofReply>, Fault> {
    // Only the account's own pages write such a one, so that nobody registers a service of that name for it.
    if login.service.as_str() != PROOF_PAGES {
        return Ok(None);
    }
    match ReplyTo::read(&login.reply_to)? {
        ReplyTo::OwnerProof(reply) => Ok(Some(reply)),
        ReplyTo::OpenIdConnect(_) | ReplyTo::Saml(_) | ReplyTo::OpenId4Vci(_) => Ok(None),
    }
}

impl Broker {
    /// Begins to ask for what a page of the account wants proved, and gives the sign-in's name. The handle begins once; the
    /// browser that brought it first comes back by it.
    ///
    /// # Errors
    ///
    /// [`Fault::NoJourney`] when nothing is asked by it (any more), or by another browser; [`Fault::TooMany`].
    pub async fn begin_proof(
        &self,
        handle: &Handle,
        browser: &Handle,
        words: impl FnOnce(ProofAim) -> ProofWords,
        caller: &Caller,
    ) -> Result<String, Fault> {
        self.presenting()?;
        self.admit_wallet_call(caller)?;
        let (kept, take) = match self.kept_proof(handle).await {
            Ok(found) => found,
            Err(Fault::Gone) => return Err(Fault::NoJourney),
            Err(fault) => return Err(fault),
        };
        let request = match kept {
            Kept::Asked(request) => request,
            Kept::Begun(id) => return Ok(self.login_view(&id, browser).await?.id),
            Kept::Shown(..) => return Err(Fault::NoJourney),
        };
        let ProofWords { service: names, purpose, back } = words(request.aim);
        let (id, now) = (self.draw_login_id(), self.now());
        let login = Login {
            service: ServiceId::new(PROOF_PAGES),
            // The wallet, and nothing else.
            demand: Demand {
                acr: vec![(Acr::Method(Method::Wallet), String::new())],
                insistence: Insistence::Essential,
                ..Demand::default()
            },
            reply_to: ReplyTo::OwnerProof(ProofReply { request, names, back }).write()?,
            session: None,
            name_hint: None,
            linking: None,
            stage: Stage::Open,
            expires_at: now + limits::TRANSACTION,
        };
        let record = LoginRecord { id: id.clone(), browser: digest_handle(browser), login };
        let begun = self.put_proof(handle, &Kept::Begun(id.clone()))?;
        let change = Change::new(audit(now, "proof.begun")).with_all([take, begun]).with(Op::BeginLogin(record));
        match self.store().commit(change).await? {
            Committed::Done => {}
            Committed::Refused(_) => return Err(Fault::NoJourney),
        }
        let view = self.login_view(&id, browser).await?;
        self.ask_wallet(&view, browser, purpose, caller).await?;
        Ok(id)
    }

    /// Ends such a sign-in: what was shown is kept for the page that asked, and the browser is led there.
    pub(super) async fn tell_proof(
        &self,
        view: &LoginView,
        reply: ProofReply,
        record: &PresentationRecord,
        shown: &Shown,
        known: Option<(WalletPerson, Hold)>,
        done: Op,
    ) -> Result<Entered, Fault> {
        let now = self.now();
        let proved = match known {
            Some((known, hold)) => {
                let ground = self.ground_of_shown(&known, &hold).await?;
                let loa = shown.loa.min(known.loa).min(Loa::Substantial);
                ground.map(|ground| ShownProof { proof: WalletProof { person: known.person, loa, ground }, hold })
            }
            None => None,
        };
        let person = proved.as_ref().map(|shown| shown.proof.person.clone());
        let told = AuditRecord { person: person.clone(), ..wallet_audit(now, "proof.shown", record) };
        let told = AuditRecord { detail: format!("{} aim={}", told.detail, reply.request.aim.as_str()), ..told };
        let (handle, put) = self.keep_proof(&Kept::Shown(reply.request, proved))?;
        let stage = ended(&view.login, person, shown);
        let login = Login { stage, ..view.login.clone() };
        let change = Change::new(told)
            .with(done)
            .with(Op::ReplaceLogin { id: view.id.clone(), seen: view.seen, login })
            .with(put);
        match self.store().commit(change).await? {
            Committed::Done => {
                let location = format!("{}/{}", reply.back, handle.expose());
                Ok(Entered::Told(Onward::Location(location)))
            }
            Committed::Refused(_) => Err(Fault::Stale),
        }
    }

    /// What connects a credential with the person; nothing when the credential is not known any more.
    async fn ground_of_shown(&self, known: &WalletPerson, hold: &Hold) -> Result<Option<ProofGround>, Fault> {
        Ok(match hold {
            Hold::Link { .. } => Some(ProofGround::Link),
            Hold::Credential { id } => {
                let issued = self.store().credentials_of(&known.person).await?;
                let found = issued.into_iter().find(|record| record.id == *id);
                let ground = |provenance, at| ProofGround::Issued { provenance, at };
                found.map(|record| ground(record.ground.provenance, record.issued_at))
            }
        })
    }
}

/// Where such a sign-in ends.
fn ended(login: &Login, person: Option<PersonId>, shown: &Shown) -> Stage {
    let event = match person {
        Some(person) => {
            let context = AuthenticationContext { method: Method::Wallet, loa: shown.loa, at: shown.at };
            Event::Matched { person, context }
        }
        None => Event::Cancelled,
    };
    let stage = advance(login.stage.clone(), event, login.expires_at, shown.at);
    advance(stage, Event::Answered, login.expires_at, shown.at)
}
