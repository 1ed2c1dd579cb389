//! Signing in by what a wallet shows: Kapu as a verifier of OpenID4VP 1.0, in the profile HAIP 1.0.
//!
//! | step | who | module |
//! |---|---|---|
//! | a link and a picture are made, each a request of its own | the browser that begins | `begin` |
//! | the signed request is fetched, twice at will | the wallet | `fetch` |
//! | the answer is taken once, judged, and kept sealed | the wallet | `answer` |
//! | the response code comes back, or four digits are shown | the phone | `arrive` |
//! | the digits are typed | the browser that began | `digits` |
//! | or the browser carries request and answer | the browser that begins | `through_browser` |
//! | the page learns how far it has come | the browser that began | `watch` |
//! | the identity signs in, or waits for its owner's proof | | `enter` |
//! | or what it gives comes to the page of consent from which it was asked | | `give` |
//! | or it is told to the page of the account that asked for a proof | | `prove` |
//!
//! Every step that may happen once is one conditional write (`security.md` P40 and P41).

mod answer;
mod arrive;
mod begin;
mod digits;
mod enter;
mod fetch;
mod give;
mod key;
mod prove;
mod through_browser;
mod watch;
mod ways;

use std::collections::HashMap;
use std::sync::Arc;

use data_encoding::BASE64;
use idp::seal::SealedFor;
use jose::{ContentEncryption, DecryptionKey};
use journey::{IdentitySource, Linking, Stated};
use model::{Lang, Loa, PersonId, Release, Timestamp};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use store::record::{AuditRecord, PresentationRecord};
use wallet::ClaimPath;
use wallet::credential::{PERSON_VCT, PersonClaim};
use wallet::dcql::{CredentialQuery, CredentialSet, Need, Query};
use wallet::sd_jwt::StatusReference;
use wallet::status_list::Status;
use wallet::trust::{ChainFault, Fingerprint, Purpose, Signer, TrustList, fingerprint};

pub use answer::AnswerRefusal;
pub use arrive::{PhoneView, Returned};
pub use begin::{Picture, WalletStep};
pub use digits::DigitsOutcome;
pub use enter::Entered;
pub use fetch::RequestRefusal;
pub use prove::ProofWords;
pub(crate) use prove::{ProofReply, proof_reply};
pub use through_browser::{BROWSER_PROTOCOL, BrowserAnswer, BrowserRequest};
pub use watch::WalletWatch;
pub use ways::{KnownBy, Place, Posting};

use super::status_lists::StatusLists;
use crate::upstream::Outbound;
use crate::wallet::claims::{WalletClaims, claim_of};
use crate::{Broker, Fault, Parts, audit};
use key::VerifierKey;

/// Whose credentials are taken, and how wallets are reached.
#[derive(Clone)]
pub struct Wallets {
    /// The issuers.
    pub issuers: Vec<TrustedIssuer>,
    /// How their status lists are fetched.
    pub outbound: Arc<dyn Outbound>,
    /// Where a wallet takes requests: `openid4vp://`, `haip-vp://`, or a universal link. Without a query.
    pub link: String,
    /// By what we are known to wallets.
    pub known_by: KnownBy,
    /// How they post what they show.
    pub posting: Posting,
    /// The most browsers that wait at one time for what a wallet does.
    pub watches_max: usize,
}

/// An issuer of person credentials that is believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedIssuer {
    /// What it is called here, for good: identities are linked under this name. Its URL, as a rule.
    pub id: String,
    /// What people call it, in Hungarian and in English.
    pub name: [String; 2],
    /// The certificates of its authorities, in DER.
    pub anchors: Vec<Vec<u8>>,
    /// The most that is ever said of its credentials.
    pub loa: Loa,
}

impl Wallets {
    /// Why the list of issuers cannot be used, if so: an operator should know before anything starts.
    ///
    /// # Errors
    ///
    /// A sentence.
    pub fn check(&self) -> Result<(), String> {
        let mut whose: HashMap<Fingerprint, &str> = HashMap::new();
        for issuer in &self.issuers {
            for anchor in &issuer.anchors {
                let known = whose.insert(fingerprint(anchor), &issuer.id);
                if let Some(other) = known.filter(|other| *other != issuer.id) {
                    return Err(format!(
                        "{other} and {} have an anchor in common: whose word is a credential?",
                        issuer.id
                    ));
                }
            }
        }
        let anchors: Vec<Vec<u8>> = self.issuers.iter().flat_map(|issuer| issuer.anchors.clone()).collect();
        TrustList::new(&anchors, []).map(drop).map_err(|error| error.to_string())
    }
}

impl TrustedIssuer {
    /// What people call it in a language.
    pub fn name(&self, lang: Lang) -> &str {
        let [hu, en] = &self.name;
        match lang {
            Lang::Hu => hu,
            Lang::En => en,
        }
    }
}

/// What a verifier works with.
pub(crate) struct Presenting {
    wallets: Wallets,
    key: VerifierKey,
    trust: TrustList,
    by_anchor: HashMap<Fingerprint, usize>,
    lists: StatusLists,
    watches: watch::Watches,
}

impl Presenting {
    /// Starts with the stored key, making it where there is none.
    pub(crate) async fn load(parts: &Parts, wallets: &Wallets) -> Result<Self, Fault> {
        const UNUSABLE: Fault = Fault::Damaged("list of trusted issuers");
        let (mut anchors, mut by_anchor) = (Vec::new(), HashMap::new());
        for (index, issuer) in wallets.issuers.iter().enumerate() {
            for anchor in &issuer.anchors {
                anchors.push(anchor.clone());
                by_anchor.insert(fingerprint(anchor), index);
            }
        }
        Ok(Self {
            wallets: wallets.clone(),
            key: VerifierKey::load(parts, wallets.known_by).await?,
            trust: TrustList::new(&anchors, []).map_err(|_| UNUSABLE)?,
            by_anchor,
            lists: StatusLists::default(),
            watches: watch::Watches::default(),
        })
    }

    /// Decides on the certificates of an issuer.
    fn judge(&self, now: Timestamp) -> impl Fn(&[Vec<u8>]) -> Result<Signer, ChainFault> + '_ {
        move |chain| self.trust.check(chain, Purpose::Credentials, now.seconds())
    }

    /// What the list of a credential's own issuer says of it, if it can be had: another's says nothing of it.
    async fn state(&self, reference: &StatusReference, issuer: &str, now: Timestamp) -> Option<Status> {
        let (status, list) = self.lists.status(&*self.wallets.outbound, reference, self.judge(now), now).await?;
        let by = self.issuer_of(&list);
        if by.is_none_or(|by| by.id != issuer) {
            tracing::warn!(uri = reference.uri, issuer, "a status list is not the credential's issuer's");
            return None;
        }
        Some(status)
    }

    fn issuer_of(&self, signer: &Signer) -> Option<&TrustedIssuer> {
        self.by_anchor.get(&signer.anchor).and_then(|index| self.wallets.issuers.get(*index))
    }
}

/// What tells who somebody is.
const ASKED: [PersonClaim; 4] = [
    PersonClaim::FamilyName,
    PersonClaim::GivenName,
    PersonClaim::Birthdate,
    PersonClaim::PersonalAdministrativeNumber,
];
/// The names of the two forms of the person credential in the query: one of them will do.
const FORMS: [&str; 2] = ["pid_sd_jwt", "pid_mdoc"];
/// How an answer may be encrypted, strongest last.
const ENCRYPTIONS: [ContentEncryption; 2] = ContentEncryption::ALL;

/// The query for who somebody is, and for what a service would like to have besides.
fn query(wished: &Release) -> Option<Query> {
    let [sd_jwt, mdoc] = FORMS;
    let sd_jwt = CredentialQuery::sd_jwt(sd_jwt, &[PERSON_VCT.to_owned()], ASKED.map(PersonClaim::path));
    let mdoc = CredentialQuery::mdoc(mdoc, wallet::credential::PERSON_DOC_TYPE, ASKED.map(PersonClaim::mdoc_path));
    let more: Vec<PersonClaim> = wished.iter().filter_map(claim_of).collect();
    let credentials = if more.is_empty() {
        vec![sd_jwt, mdoc]
    } else {
        let at = |path: fn(PersonClaim) -> ClaimPath| more.iter().copied().map(path).collect();
        vec![sd_jwt.with_optional(at(PersonClaim::path)), mdoc.with_optional(at(PersonClaim::mdoc_path))]
    };
    let options = FORMS.map(|form| vec![form.to_owned()]).to_vec();
    Query::new(credentials, vec![CredentialSet { options, need: Need::Required }]).ok()
}

/// What was asked, as it rests sealed.
#[derive(Serialize, Deserialize)]
struct Asked {
    nonce: String,
    state: String,
    /// The private key that the answer is encrypted to, in base64.
    key: String,
    /// What may be typed in place of the picture.
    typed: Option<String>,
    /// The service, in Hungarian and in English.
    service: [String; 2],
    /// What the wallet is asked for, as people read it there; in the same languages.
    purpose: [String; 2],
    /// The language of the sign-in, for the phone's page.
    lang: String,
    /// Where the browser that began is.
    place: Place,
    /// What the service would like to have besides who it is.
    #[serde(default)]
    wished: Release,
    /// Who signed in already, where nothing but that is asked for.
    #[serde(default)]
    giver: Option<PersonId>,
}

/// What was shown, as it rests sealed until the browser takes it.
#[derive(Clone, Serialize, Deserialize)]
struct Shown {
    /// The issuer, by its name here.
    issuer: String,
    /// Its number of the person.
    number: String,
    /// What it says of the person.
    stated: Stated,
    /// What its credential is good for.
    loa: Loa,
    /// The credential, if it is one of ours.
    issued: Option<Issued>,
    /// When it was shown.
    at: Timestamp,
    /// What the phone shows.
    digits: String,
    /// The service, in Hungarian and in English.
    service: [String; 2],
    /// The language of the sign-in.
    lang: String,
    /// What it gives besides, if it was asked for more.
    #[serde(default)]
    claims: Option<WalletClaims>,
    /// Who signed in already, and is to be the one who shows it.
    #[serde(default)]
    giver: Option<PersonId>,
}

/// A credential that was issued here: whose it is needs no link.
#[derive(Clone, Serialize, Deserialize)]
struct Issued {
    id: String,
    person: String,
}

impl Asked {
    fn query(&self) -> Result<Query, Fault> {
        query(&self.wished).ok_or(Fault::Damaged("query for credentials"))
    }

    fn decryption_key(&self) -> Result<DecryptionKey, Fault> {
        const UNREADABLE: Fault = Fault::Damaged("key of a request to a wallet");
        let bytes = BASE64.decode(self.key.as_bytes()).map_err(|_| UNREADABLE)?;
        DecryptionKey::from_bytes(Some(KID.to_owned()), &bytes).map_err(|_| UNREADABLE)
    }
}

impl Shown {
    /// The same, waiting for a proof by an account's owner.
    fn linking(&self) -> Linking {
        Linking {
            source: IdentitySource::Wallet,
            upstream: self.issuer.clone(),
            issuer: self.issuer.clone(),
            subject: self.number.clone(),
            stated: self.stated.clone(),
        }
    }
}

/// The name of the one key that a request offers.
const KID: &str = "1";

fn place(id: &str) -> SealedFor<'_> {
    SealedFor { table: "presentation", owner: id, purpose: "what was asked or shown" }
}

impl Broker {
    fn presenting(&self) -> Result<&Presenting, Fault> {
        self.0.presenting.as_ref().ok_or(Fault::NoJourney)
    }

    /// Whether wallets' credentials are taken here at all.
    pub fn has_wallets(&self) -> bool {
        self.0.presenting.is_some()
    }

    /// The issuer of that name, if it is trusted (still).
    pub fn wallet_issuer(&self, id: &str) -> Option<&TrustedIssuer> {
        let presenting = self.0.presenting.as_ref()?;
        presenting.wallets.issuers.iter().find(|issuer| issuer.id == id)
    }

    /// The certificate of the authority of our requests, in PEM: what wallets trust.
    ///
    /// # Errors
    ///
    /// [`Fault::NoJourney`] where wallets are not asked.
    pub fn verifier_anchor_pem(&self) -> Result<String, Fault> {
        Ok(super::pem(self.presenting()?.key.anchor()))
    }

    /// The same in DER.
    ///
    /// # Errors
    ///
    /// [`Fault`] where wallets are not asked.
    pub fn verifier_anchor(&self) -> Result<Vec<u8>, Fault> {
        Ok(self.presenting()?.key.anchor().to_vec())
    }

    fn seal_for(&self, id: &str, value: &impl Serialize) -> Result<Vec<u8>, Fault> {
        let plain = serde_json::to_vec(value).map_err(|_| Fault::Damaged("request to a wallet to be stored"))?;
        Ok(idp::seal::seal(self.keys(), self.random(), &place(id), &plain))
    }

    fn unseal<T: DeserializeOwned>(&self, record: &PresentationRecord) -> Result<T, Fault> {
        let plain = idp::seal::open(self.keys(), &place(&record.id), &record.sealed)?;
        serde_json::from_slice(plain.expose()).map_err(|_| Fault::Damaged("stored request to a wallet"))
    }

    /// An address of ours for wallets.
    fn wallet_address(&self, path: &str) -> String {
        format!("{}/wallet/{path}", self.endpoints().issuer)
    }
}

/// An audit record about a request to a wallet and nobody yet.
fn wallet_audit(at: Timestamp, event: &'static str, record: &PresentationRecord) -> AuditRecord {
    let carrier = match record.carrier {
        store::record::Carrier::Link => "link",
        store::record::Carrier::Qr => "qr",
        store::record::Carrier::Browser => "browser",
    };
    AuditRecord { detail: format!("carrier={carrier}"), ..audit(at, event) }
}
