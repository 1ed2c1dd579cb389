//! A person chooses the wallet: a link for this device and a picture for another, each a request of its own.

use data_encoding::{BASE64, BASE64URL_NOPAD};
use idp::keys::{digest_handle, digest_text};
use jose::DecryptionKey;
use journey::{Event, Login, Stage, advance};
use model::{Handle, HandleDigest, Lang, Method, PersonId, Release, Timestamp, limits};
use store::record::{Carrier, PresentationRecord, PresentationStage};
use store::{Change, Committed, Op, PresentingOp};

use super::{Asked, KID, wallet_audit};
use crate::login::LoginView;
use crate::{Broker, Caller, Fault};

/// What there is to see of a sign-in by wallet, at the browser that began.
#[derive(Debug)]
pub enum WalletStep {
    /// The link and the picture: the wallet is to be opened.
    Ask {
        /// Opens the wallet of this device.
        link: String,
        /// The picture, while it holds.
        picture: Option<Picture>,
    },
    /// A wallet reads the request, or its answer is on its way.
    Underway,
    /// The phone shows digits that are typed here.
    Digits,
    /// The person refused in the wallet.
    Refused,
    /// The approval came from another place than this browser is at.
    Elsewhere,
    /// What came is not believed, or too many digits were wrong.
    Failed,
    /// Nothing is under way (any more).
    Lapsed,
}

/// A picture for the wallet of another device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// What it says.
    pub text: String,
    /// What may be typed instead.
    pub typed: String,
    /// Until when.
    pub until: Timestamp,
}

/// What a wallet is asked for.
#[derive(Clone)]
pub(super) struct ForWhat {
    /// As people read it in the wallet, in Hungarian and in English.
    purpose: [String; 2],
    /// What the service would like to have besides who it is.
    wished: Release,
    /// Who signed in already, where nothing but that is asked for.
    giver: Option<PersonId>,
}

/// Letters and digits that are not taken for each other.
const TYPED: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

impl Broker {
    /// Begins to ask for a wallet, and forgets what no wallet is at work on. `purpose` is read in the wallet, in
    /// Hungarian and in English.
    ///
    /// # Errors
    ///
    /// [`Fault::Stale`] when the wallet is not offered, [`Fault::TooMany`].
    pub async fn ask_wallet(
        &self,
        view: &LoginView,
        browser: &Handle,
        purpose: [String; 2],
        caller: &Caller,
    ) -> Result<(), Fault> {
        let (for_what, now) = (self.to_sign_in(view, purpose).await?, self.now());
        // Whoever chooses how to sign in does not go on as the one who has.
        let leaves = matches!(view.stage, Stage::AwaitingConsent { .. });
        let started_over = leaves.then(|| {
            let stage = advance(view.stage.clone(), Event::StartedOver, view.login.expires_at, now);
            Op::ReplaceLogin { id: view.id.clone(), seen: view.seen, login: Login { stage, ..view.login.clone() } }
        });
        self.begin_presentations(view, browser, for_what, started_over, now, caller).await
    }

    /// Begins to ask the wallet of whoever signed in for what the service would like to have of it.
    ///
    /// # Errors
    ///
    /// [`Fault::Stale`] when there is nothing (any more) to ask it for, [`Fault::TooMany`].
    pub async fn ask_wallet_to_give(
        &self,
        view: &LoginView,
        browser: &Handle,
        purpose: [String; 2],
        caller: &Caller,
    ) -> Result<(), Fault> {
        self.begin_presentations(view, browser, to_give(view, purpose)?, None, self.now(), caller).await
    }

    /// What a page that is there asks through its browser: the same that it asks by link and picture.
    pub(super) async fn for_what(&self, view: &LoginView, purpose: [String; 2]) -> Result<ForWhat, Fault> {
        match &view.stage {
            Stage::AwaitingConsent { .. } => to_give(view, purpose),
            Stage::Open
            | Stage::AwaitingCode { .. }
            | Stage::Short { .. }
            | Stage::SignedIn { .. }
            | Stage::Refused(_)
            | Stage::Answered => self.to_sign_in(view, purpose).await,
        }
    }

    async fn to_sign_in(&self, view: &LoginView, purpose: [String; 2]) -> Result<ForWhat, Fault> {
        if !view.offers(Method::Wallet) {
            return Err(Fault::Stale);
        }
        Ok(ForWhat { purpose, wished: self.wished_of_wallet(&view.login).await?, giver: None })
    }

    /// One instant for both: by it the two are known as the newest.
    async fn begin_presentations(
        &self,
        view: &LoginView,
        browser: &Handle,
        for_what: ForWhat,
        first: Option<Op>,
        now: Timestamp,
        caller: &Caller,
    ) -> Result<(), Fault> {
        self.presenting()?;
        self.admit_wallet_call(caller)?;
        let link = self.draw_presentation(view, browser, Carrier::Link, for_what.clone(), now, caller)?;
        let picture = self.draw_presentation(view, browser, Carrier::Qr, for_what, now, caller)?;
        let change = Change::new(crate::audit(now, "wallet.asked"))
            .with_all(first)
            .with(Op::Presenting(PresentingOp::DropIdle { login: view.id.clone() }))
            .with_all([link, picture].map(|record| Op::Presenting(PresentingOp::Begin(record))));
        match self.store().commit(change).await? {
            Committed::Done => {
                self.presenting()?.watches.wake(&view.id);
                Ok(())
            }
            Committed::Refused(_) => Err(Fault::Stale),
        }
    }

    pub(super) fn draw_presentation(
        &self,
        view: &LoginView,
        browser: &Handle,
        carrier: Carrier,
        for_what: ForWhat,
        now: Timestamp,
        caller: &Caller,
    ) -> Result<PresentationRecord, Fault> {
        const FAILED: Fault = Fault::Damaged("key generation");
        let ForWhat { purpose, wished, giver } = for_what;
        let id = self.draw_login_id();
        let key = DecryptionKey::generate(Some(KID.to_owned())).map_err(|_| FAILED)?;
        let typed = match carrier {
            Carrier::Link | Carrier::Browser => None,
            Carrier::Qr => Some(self.draw_typed()),
        };
        let drawn = || BASE64URL_NOPAD.encode(&self.random().bytes::<32>());
        let asked = Asked {
            nonce: drawn(),
            state: drawn(),
            key: BASE64.encode(&key.to_bytes().map_err(|_| FAILED)?),
            typed: typed.clone(),
            // Of a proof its purpose says more than that it is the account's.
            service: match view.proof {
                Some(_) => purpose.clone(),
                None => [Lang::Hu, Lang::En].map(|lang| view.service.name(lang).to_owned()),
            },
            purpose,
            lang: caller.lang.tag().to_owned(),
            place: caller.place.clone(),
            wished,
            giver,
        };
        let expires_at = now + limits::PRESENTATION;
        Ok(PresentationRecord {
            sealed: self.seal_for(&id, &asked)?,
            id,
            login: view.id.clone(),
            browser: digest_handle(browser),
            carrier,
            stage: PresentationStage::Waiting,
            typed: typed.map(|typed| typed_digest(&typed)),
            response_code: None,
            phone: None,
            tries: 0,
            began_at: now,
            shown_until: match carrier {
                Carrier::Link | Carrier::Browser => expires_at,
                Carrier::Qr => now + limits::PRESENTATION_PICTURE,
            },
            expires_at,
        })
    }

    /// Forty bits, as eight letters and digits in two groups.
    fn draw_typed(&self) -> String {
        let symbol = |byte: u8| char::from(TYPED[usize::from(byte % 32)]);
        let symbols: Vec<char> = self.random().bytes::<8>().into_iter().map(symbol).collect();
        let (first, second) = symbols.split_at(4);
        format!("{}-{}", String::from_iter(first), String::from_iter(second))
    }

    /// What there is to see now.
    ///
    /// # Errors
    ///
    /// [`Fault`] when the store cannot be used.
    pub async fn wallet_step(&self, view: &LoginView, browser: &Handle) -> Result<WalletStep, Fault> {
        let now = self.now();
        let found = self.own_presentations(&view.id, &digest_handle(browser), now).await?;
        self.step_of(found, now)
    }

    /// What has not lapsed of the requests by link and picture. One through the browser is answered where it was asked.
    pub(super) async fn own_presentations(
        &self,
        login: &str,
        browser: &HandleDigest,
        now: Timestamp,
    ) -> Result<Vec<PresentationRecord>, Fault> {
        let mut found = self.store().presentations_of(login).await?;
        found.retain(|record| {
            record.browser == *browser && record.carrier != Carrier::Browser && now < record.expires_at
        });
        Ok(found)
    }

    pub(super) fn step_of(&self, mut found: Vec<PresentationRecord>, now: Timestamp) -> Result<WalletStep, Fault> {
        use PresentationStage::{Answered, Digits, Elsewhere, Failed, Fetched, Judging, Refused, Waiting};
        let at = |record: &&PresentationRecord, stages: &[PresentationStage]| stages.contains(&record.stage);
        if found.iter().any(|record| record.carrier == Carrier::Qr && at(&record, &[Answered, Digits])) {
            return Ok(WalletStep::Digits);
        }
        // What an older picture came to is over with the newer one.
        let last = found.iter().map(|record| record.began_at).max();
        found.retain(|record| Some(record.began_at) == last);
        if found.iter().any(|record| at(&record, &[Refused])) {
            return Ok(WalletStep::Refused);
        }
        if found.iter().any(|record| at(&record, &[Elsewhere])) {
            return Ok(WalletStep::Elsewhere);
        }
        if found.iter().any(|record| at(&record, &[Failed])) {
            return Ok(WalletStep::Failed);
        }
        if found.iter().any(|record| at(&record, &[Fetched, Judging, Answered])) {
            return Ok(WalletStep::Underway);
        }
        let waiting = |carrier| found.iter().find(|record| record.carrier == carrier && at(record, &[Waiting]));
        let Some(link) = waiting(Carrier::Link) else { return Ok(WalletStep::Lapsed) };
        let picture = match waiting(Carrier::Qr).filter(|record| now < record.shown_until) {
            Some(record) => Some(Picture {
                text: self.wallet_link(&record.id)?,
                typed: self.unseal::<Asked>(record)?.typed.unwrap_or_default(),
                until: record.shown_until,
            }),
            None => None,
        };
        Ok(WalletStep::Ask { link: self.wallet_link(&link.id)?, picture })
    }

    /// The request by reference (OpenID4VP 1.0 section 5.10, RFC 9101 section 5.2.2).
    pub(super) fn wallet_link(&self, id: &str) -> Result<String, Fault> {
        let presenting = self.presenting()?;
        let request_uri = self.wallet_address(&format!("request/{id}"));
        Ok(wallet::openid4vp::request_link(&presenting.wallets.link, presenting.key.client_id(), &request_uri))
    }

    /// The request that was typed into a wallet in place of a picture.
    ///
    /// # Errors
    ///
    /// [`Fault::NoJourney`] when there is none (any more), [`Fault::TooMany`].
    pub async fn wallet_typed(&self, typed: &str, caller: &Caller) -> Result<String, Fault> {
        self.admit_wallet_call(caller)?;
        let found = self.store().presentation_by_typed(&typed_digest(typed)).await?.ok_or(Fault::NoJourney)?;
        let is_open = found.stage == PresentationStage::Waiting && self.now() < found.shown_until;
        if is_open { self.wallet_link(&found.id) } else { Err(Fault::NoJourney) }
    }

    /// A request that has not lapsed.
    pub(super) async fn live_presentation(&self, id: &str) -> Result<Option<PresentationRecord>, Fault> {
        if !crate::is_login_id(id) {
            return Ok(None);
        }
        let found = self.store().presentation(id).await?;
        Ok(found.filter(|record| self.now() < record.expires_at))
    }

    /// Moves a request on; whether it was still where it was read.
    pub(super) async fn move_presentation(
        &self,
        record: &PresentationRecord,
        op: PresentingOp,
        event: &'static str,
    ) -> Result<Committed, Fault> {
        let change = Change::new(wallet_audit(self.now(), event, record)).with(Op::Presenting(op));
        let committed = self.store().commit(change).await?;
        self.presenting()?.watches.wake(&record.login);
        Ok(committed)
    }
}

/// What the wallet of whoever signed in is asked for: all of it, since what comes takes the place of what came before.
fn to_give(view: &LoginView, purpose: [String; 2]) -> Result<ForWhat, Fault> {
    let Stage::AwaitingConsent { person, disclosure, .. } = &view.stage else { return Err(Fault::Stale) };
    if disclosure.obtainable().is_empty() {
        return Err(Fault::Stale);
    }
    Ok(ForWhat { purpose, wished: disclosure.optional().from_wallet(), giver: Some(person.clone()) })
}

/// The digest of what is typed, in whatever case and groups, with letters that are taken for digits as those.
fn typed_digest(typed: &str) -> model::HandleDigest {
    let symbols = typed.chars().filter(char::is_ascii_alphanumeric).take(2 * TYPED.len());
    let plain: String = symbols
        .map(|symbol| match symbol.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect();
    digest_text(&plain)
}
