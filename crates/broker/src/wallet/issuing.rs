//! Kapu as an issuer of person credentials to wallets (`OpenID4VCI` 1.0).
//!
//! An offer is made to a person whose authenticator was bound by something better than the password, after
//! password and live code; the code that is mailed makes it a token, and a proof of a key makes that a credential.
//! A wallet that the operator named may ask by itself instead: its request waits for the person, who signs in by the
//! authenticator and sees what goes into it.
//! What was issued is written down with its ground: how the person was identified, and how sure that is.

mod claims;
mod clients;
mod credential;
mod day;
mod ground;
mod held;
mod identify;
mod key;
mod key_proof;
mod metadata;
mod nonce;
mod notification;
mod offer;
mod possession;
mod push;
mod redeem;
mod status;
mod token;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use ::wallet::openid4vci::{IssuanceFault, IssuerMetadata};
use ::wallet::trust::TrustList;
use arc_swap::ArcSwap;
use bytes::Bytes;
use oidc::bearer::BearerError;

pub use ::wallet::openid4vci::Carriage;
pub(crate) use claims::disclosure;
pub use clients::{ShownWallet, TrustedWallet};
pub use credential::CredentialAnswer;
pub use held::{CredentialState, HeldCredential, IssuedCredential, WalletView};
pub use identify::Identified;
pub(crate) use metadata::format_of;
pub(crate) use offer::ground_of;
pub use offer::{NotOffered, OfferMade, OfferView};
pub use possession::{NotPossessed, ShownToken};
pub use status::ServedStatusList;

use super::presenting::TrustedIssuer;
use super::status_lists::StatusLists;
use crate::upstream::Outbound;
use crate::{Broker, Fault, Parts};
use key::IssuerKeys;
use model::Loa;

/// The issuer's public addresses, and what it is called.
#[derive(Clone, Debug)]
pub struct CredentialIssuer {
    /// Its origin, which is its name, without a slash at the end.
    pub origin: String,
    /// Its endpoints.
    pub paths: IssuerPaths,
    /// Where a wallet takes offers: `openid-credential-offer://`, `haip-vci://`, or a universal link. Without a query.
    pub link: String,
    /// What it is called, in Hungarian and in English; the first is the authority that credentials name.
    pub name: [String; 2],
    /// What its credential is called, in Hungarian and in English.
    pub credential: [String; 2],
    /// The wallets that may ask by themselves; all others need an offer.
    pub wallets: Vec<TrustedWallet>,
    /// The country that issues, by its code in ISO 3166-1.
    pub country: String,
    /// Whose word on wallets' keys counts.
    pub key_attestations: KeyAttestationTerms,
}

/// Whose word on wallets' keys counts (`OpenID4VCI` 1.0 appendix D), and whether there has to be one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyAttestationTerms {
    /// The certificates of the authorities of wallets' makers, in DER.
    pub anchors: Vec<Vec<u8>>,
    /// Whether no credential is issued to a key that nobody attests.
    pub required: bool,
}

impl KeyAttestationTerms {
    /// Why they cannot be used, if so: an operator should know before anything starts.
    ///
    /// # Errors
    ///
    /// A sentence.
    pub fn check(&self) -> Result<(), String> {
        if self.required && self.anchors.is_empty() {
            return Err("key attestations are required, and nobody's are believed".to_owned());
        }
        TrustList::new(&self.anchors, []).map(drop).map_err(|error| error.to_string())
    }
}

/// The paths of the issuer's endpoints below its origin, each beginning with a slash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IssuerPaths {
    /// Where a wallet puts its request.
    pub push: &'static str,
    /// Where its person's browser comes with it.
    pub authorize: &'static str,
    /// Where a code becomes a token.
    pub token: &'static str,
    /// Where nonces are.
    pub nonce: &'static str,
    /// Where a token becomes credentials.
    pub credential: &'static str,
    /// Where a wallet tells what became of them.
    pub notification: &'static str,
    /// Where offers are; an offer's handle follows.
    pub offer: &'static str,
    /// Where status lists are; a list's number follows.
    pub status: &'static str,
}

/// Why an endpoint of the issuer does not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum IssuingRefusal {
    /// The request cannot be granted: 400, or 401 where the wallet did not prove who it is.
    #[error(transparent)]
    Request(#[from] IssuanceFault),
    /// No token, or none that is good: 401.
    #[error(transparent)]
    Bearer(BearerError),
    /// The token is bound to a key, and not shown by its holder: 401.
    #[error(transparent)]
    Possession(#[from] NotPossessed),
    /// It cannot be told now: 503.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// The issuer at work.
pub(crate) struct Issuer {
    config: CredentialIssuer,
    /// The metadata of the authorization server that it is itself, as they are served.
    server: Bytes,
    /// The makers of wallets whose word on keys counts.
    attesters: TrustList,
    /// Which of their attestations were withdrawn.
    withdrawn: StatusLists,
    outbound: Arc<dyn Outbound>,
    keys: ArcSwap<IssuerKeys>,
    served: Mutex<HashMap<u32, Arc<ServedStatusList>>>,
    /// Held by whoever signs a list.
    signing: tokio::sync::Mutex<()>,
}

impl Issuer {
    /// Starts with the keys that are stored, making those that are missing.
    pub(crate) async fn load(parts: &Parts, config: &CredentialIssuer) -> Result<Self, Fault> {
        const UNUSABLE: Fault = Fault::Damaged("list of wallets' makers");
        Ok(Self {
            config: config.clone(),
            server: Bytes::from(metadata::server(config).to_json()),
            attesters: TrustList::new(&config.key_attestations.anchors, []).map_err(|_| UNUSABLE)?,
            withdrawn: StatusLists::default(),
            outbound: parts.upstreams.outbound.clone(),
            keys: ArcSwap::from_pointee(IssuerKeys::load(parts, config).await?),
            served: Mutex::default(),
            signing: tokio::sync::Mutex::default(),
        })
    }

    fn metadata(&self) -> IssuerMetadata {
        metadata::of(&self.config, self.keys.load().openers.first())
    }
}

impl Issuer {
    /// The same as an issuer whose credentials are taken here. Of each it is known besides what it stands on.
    pub(crate) fn trusted(&self) -> TrustedIssuer {
        TrustedIssuer {
            id: self.config.origin.clone(),
            name: self.config.name.clone(),
            anchors: vec![self.keys.load().anchor.clone()],
            loa: Loa::High,
        }
    }
}

impl Broker {
    /// Whether credentials are issued here at all.
    pub fn issues_credentials(&self) -> bool {
        self.0.issuer.is_some()
    }

    /// Whether that is the name of the issuer that is run here.
    pub(crate) fn is_own_issuer(&self, id: &str) -> bool {
        self.0.issuer.as_ref().is_some_and(|issuer| issuer.config.origin == id)
    }

    /// The issuer's name.
    pub(crate) fn issuing_origin(&self) -> Result<&str, Fault> {
        Ok(&self.issuer()?.config.origin)
    }

    fn issuer(&self) -> Result<&Issuer, Fault> {
        self.0.issuer.as_ref().ok_or(Fault::Gone)
    }

    /// The issuer's metadata (`OpenID4VCI` 1.0 section 12.2), as they are served.
    ///
    /// # Errors
    ///
    /// [`Fault::Gone`] where no credentials are issued.
    pub fn credential_issuer_metadata(&self) -> Result<Bytes, Fault> {
        Ok(Bytes::from(self.issuer()?.metadata().to_json()))
    }

    /// The same, signed (section 12.2.3).
    ///
    /// # Errors
    ///
    /// As [`Broker::credential_issuer_metadata`].
    pub fn signed_credential_issuer_metadata(&self) -> Result<String, Fault> {
        let issuer = self.issuer()?;
        let keys = issuer.keys.load();
        let signed = issuer.metadata().sign(&keys.signer, &keys.chain, self.now().seconds());
        signed.map_err(|_| Fault::Damaged("issuer's metadata"))
    }

    /// The metadata of the authorization server (RFC 8414) that the issuer is itself, as they are served.
    ///
    /// # Errors
    ///
    /// [`Fault::Gone`] where no credentials are issued.
    pub fn issuing_server_metadata(&self) -> Result<Bytes, Fault> {
        Ok(self.issuer()?.server.clone())
    }

    /// The certificate that all credentials issued here lead to, in DER: whoever trusts it trusts them.
    ///
    /// # Errors
    ///
    /// [`Fault::Gone`] where no credentials are issued.
    pub fn credential_issuer_anchor(&self) -> Result<Vec<u8>, Fault> {
        Ok(self.issuer()?.keys.load().anchor.clone())
    }

    /// The same as PEM (RFC 7468 section 5.1).
    ///
    /// # Errors
    ///
    /// [`Fault::Gone`] where no credentials are issued.
    pub fn credential_issuer_anchor_pem(&self) -> Result<String, Fault> {
        self.credential_issuer_anchor().map(|anchor| super::pem(&anchor))
    }

    /// Reads the issuer's keys again, and makes a successor where one is due.
    pub(crate) async fn renew_issuer_keys(&self) -> Result<(), Fault> {
        if let Some(issuer) = &self.0.issuer {
            issuer.keys.store(Arc::new(IssuerKeys::load(&self.0.parts, &issuer.config).await?));
        }
        Ok(())
    }
}
