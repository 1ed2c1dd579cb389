//! "Mobiltárca": credentials in a wallet, and the offer of new ones.

use askama::Template;
use broker::CredentialFormat;
use ui::{Frame, Page, Problem, QrCode};

use super::status::StatusProblem;
use super::{Texts as _, fields, paths};

/// `/tarca`: what was issued, and the form that asks for an offer.
#[derive(Template)]
#[template(path = "account/wallet.html")]
pub struct Wallet {
    /// The frame, with the band of who is signed in.
    pub frame: Frame,
    /// Where an offer is asked for.
    pub action: String,
    /// Where a credential is revoked.
    pub revoke: String,
    /// Whether one is offered.
    pub offered: Offered,
    /// What was issued, newest first.
    pub credentials: Vec<Credential>,
    /// What was wrong.
    pub problems: Vec<StatusProblem>,
}

/// Whether a credential is offered, or why not and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Offered {
    /// It is.
    Yes,
    /// Ügyfélkapu+ is not in use.
    NoSecondFactor,
    /// It may not be used before an instant: "2025. január 19. 14:50".
    OnHold {
        /// From when it may.
        until: String,
    },
    /// Nobody has seen that the app is its owner's.
    NotAssured,
}

/// A credential as its person sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// Names it in the form.
    pub id: String,
    /// What it is called, by its format.
    pub kind: Kind,
    /// When it was issued.
    pub issued: String,
    /// Until when it is good.
    pub expires: String,
    /// Whether it is good.
    pub state: State,
}

/// The format of a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// SD-JWT VC.
    SdJwt,
    /// A mobile document.
    Mdoc,
}

impl Kind {
    /// What a format is called.
    pub(crate) const fn of(format: CredentialFormat) -> Self {
        match format {
            CredentialFormat::SdJwt => Kind::SdJwt,
            CredentialFormat::Mdoc => Kind::Mdoc,
        }
    }
}

/// Whether a credential is good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It is.
    Valid,
    /// Its time is over.
    Expired,
    /// It was revoked.
    Revoked {
        /// When.
        at: String,
    },
}

impl Page for Wallet {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        self.t().credential_heading().into()
    }

    fn problems(&self) -> Vec<Problem> {
        self.problems.iter().map(|problem| problem.problem(self.t())).collect()
    }
}

/// The answer to `/tarca`: an offer, shown once. Not `Debug`: whoever has it and the letter may take it.
#[derive(Template)]
#[template(path = "account/wallet_offer.html")]
pub struct WalletOffer {
    /// The frame, with the band of who is signed in.
    pub frame: Frame,
    /// The picture.
    pub qr: QrCode,
    /// The link that a wallet on this device opens.
    pub link: String,
    /// Where the code was mailed to, masked.
    pub mailed_to: String,
    /// Until when it can be taken: "14:50".
    pub until: String,
}

impl Page for WalletOffer {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        self.t().credential_offer_heading().into()
    }
}

/// `/` of the issuer: what it is, for a person who opens it.
#[derive(Template)]
#[template(path = "account/issuer.html")]
pub struct Issuer {
    /// The frame.
    pub frame: Frame,
    /// Where credentials are asked for.
    pub wallet: String,
}

impl Page for Issuer {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        self.t().issuer_heading().into()
    }
}
