//! The edges: protocol words to our words and back, one module per protocol.
//!
//! Between "request understood" and "answer built" nobody knows which protocol it was: a request is kept as
//! [`ReplyTo`], which only its own edge reads again, and an answer leaves as [`Onward`].

mod consent;
pub(crate) mod oidc;
pub(crate) mod openid4vci;
pub(crate) mod saml;

use ::oidc::SubjectType;
use journey::{Decision, Disclosure, Login};
use model::{AuthenticationContext, HandleDigest, Purpose, Release};
use serde::{Deserialize, Serialize};
use store::Op;
use store::record::{Account, CredentialFormat, SessionRecord};

use crate::wallet::presenting::ProofReply;
use crate::{Broker, Fault, WalletClaims};

/// What is kept of a request until it is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ReplyTo {
    /// An OpenID Connect authentication request.
    OpenIdConnect(oidc::stored::Reply),
    /// A SAML authentication request.
    Saml(saml::Reply),
    /// A page of the account, which asks a wallet for a proof.
    OwnerProof(ProofReply),
    /// A wallet's request for credentials.
    OpenId4Vci(openid4vci::Reply),
}

/// How an answer travels through the browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Onward {
    /// In an address.
    Location(String),
    /// In a form, as name and value of its hidden fields.
    Form {
        /// Where it is posted to: registered, byte for byte.
        action: String,
        /// What it holds.
        fields: Vec<(&'static str, String)>,
    },
}

/// Where a sign-in begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FirstPage {
    /// At the choice of a method.
    Choose,
    /// At what the service receives: single sign-on stands already.
    Consent,
}

/// A sign-in whose factors matched.
#[derive(Clone, Copy)]
pub(crate) struct SignedIn<'a> {
    pub(crate) login: &'a Login,
    pub(crate) account: &'a Account,
    pub(crate) context: &'a AuthenticationContext,
    pub(crate) session: &'a SessionRecord,
    /// The single sign-on session that goes on under the new one's handle.
    pub(crate) former: Option<&'a HandleDigest>,
    /// What the person has just decided of what the service receives.
    pub(crate) decided: Option<&'a Decision>,
    /// What a wallet gave for this very sign-in, if it was asked for more than who somebody is.
    pub(crate) from_wallet: Option<&'a WalletClaims>,
}

/// What such a sign-in comes to.
pub(crate) enum Outcome {
    /// It is answered.
    Positive(Reply),
    /// It is answered, but of nobody.
    Negative(Reply),
    /// The person is to see first what the service receives.
    ConsentDue(Disclosure),
}

/// What a page says of a disclosure, besides the data.
pub(crate) struct Beside {
    /// Whether the identifier among them is one that no other service knows.
    pub(crate) is_pairwise: bool,
    /// Why the service asks for all of it, as far as it says nothing more precise.
    pub(crate) purpose: Option<Purpose>,
    /// What goes into a wallet, where it is one that asks.
    pub(crate) credentials: Vec<CredentialFormat>,
}

/// An answer: what its commit writes, and what it makes true.
pub(crate) struct Reply {
    pub(crate) ops: Vec<Op>,
    pub(crate) onward: Onward,
}

impl ReplyTo {
    /// As it rests in a sign-in.
    pub(crate) fn write(&self) -> Result<String, Fault> {
        serde_json::to_string(self).map_err(|_| Fault::Damaged("request to be stored"))
    }

    pub(crate) fn read(text: &str) -> Result<Self, Fault> {
        serde_json::from_str(text).map_err(|_| Fault::Damaged("stored request"))
    }
}

impl Broker {
    /// What a sign-in whose factors matched comes to.
    pub(crate) async fn reply(&self, signed_in: &SignedIn<'_>) -> Result<Outcome, Fault> {
        match ReplyTo::read(&signed_in.login.reply_to)? {
            ReplyTo::OpenIdConnect(to) => self.oidc_answer(&to, signed_in).await,
            ReplyTo::Saml(to) => self.saml_answer(&to, signed_in).await,
            // Nobody is signed in by it.
            ReplyTo::OwnerProof(_) => Err(Fault::Stale),
            ReplyTo::OpenId4Vci(to) => self.openid4vci_answer(&to, signed_in).await,
        }
    }

    /// Why the commit of an answer was refused: the request was answered through another window, or something moved.
    pub(crate) async fn overtaken(&self, login: &Login) -> Result<Fault, Fault> {
        let is_answered = match ReplyTo::read(&login.reply_to)? {
            // A sign-in is one request's.
            ReplyTo::OpenIdConnect(_) | ReplyTo::OwnerProof(_) | ReplyTo::OpenId4Vci(_) => false,
            ReplyTo::Saml(to) => self.saml_is_answered(&to, login).await?,
        };
        Ok(if is_answered { Fault::Over } else { Fault::Stale })
    }

    /// What the page of a disclosure says besides, which only the protocol's edge knows.
    pub(crate) async fn beside(&self, login: &Login) -> Result<Beside, Fault> {
        match ReplyTo::read(&login.reply_to)? {
            ReplyTo::OpenIdConnect(_) => {
                let registered = self.registration(login.service.as_str()).await?;
                let is_pairwise =
                    registered.is_some_and(|(metadata, _)| metadata.subject_type == SubjectType::Pairwise);
                Ok(Beside { is_pairwise, purpose: None, credentials: Vec::new() })
            }
            ReplyTo::Saml(to) => {
                let service = self.saml_service(login.service.as_str()).await?;
                let purpose = service.and_then(|service| service.purpose(&to));
                Ok(Beside { is_pairwise: true, purpose, credentials: Vec::new() })
            }
            ReplyTo::OwnerProof(_) => Ok(Beside { is_pairwise: true, purpose: None, credentials: Vec::new() }),
            // Its number is the same wherever it is shown.
            ReplyTo::OpenId4Vci(to) => Ok(Beside { is_pairwise: false, purpose: None, credentials: to.credentials() }),
        }
    }

    /// What a sign-in's service would like to have from a wallet.
    pub(crate) async fn wished_of_wallet(&self, login: &Login) -> Result<Release, Fault> {
        match ReplyTo::read(&login.reply_to)? {
            ReplyTo::OpenIdConnect(to) => self.oidc_wished_of_wallet(&to, login).await,
            // SAML has no way to ask for it, a proof is of who it is, and a credential is of what the register says.
            ReplyTo::Saml(_) | ReplyTo::OwnerProof(_) | ReplyTo::OpenId4Vci(_) => Ok(Release::default()),
        }
    }

    /// The negative answer when a person goes back.
    pub(crate) async fn refusal(&self, login: &Login) -> Result<Onward, Fault> {
        match ReplyTo::read(&login.reply_to)? {
            ReplyTo::OpenIdConnect(to) => self.oidc_refusal(&to, login).await,
            ReplyTo::Saml(to) => self.saml_refusal(&to, login).await,
            ReplyTo::OwnerProof(to) => Ok(Onward::Location(to.back)),
            ReplyTo::OpenId4Vci(to) => self.openid4vci_refusal(&to, login),
        }
    }
}
