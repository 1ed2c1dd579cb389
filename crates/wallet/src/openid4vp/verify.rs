//! Judging a whole answer.

use jose::{ContentEncryption, DecryptionKey, JweError};
use mdoc::MdocError;
use serde_json::Value;

use super::{Posted, PresentedDocument, VpToken, WalletRefusal};
use crate::credential::PersonClaim;
use crate::dcql::{Count, CredentialKind, CredentialQuery, Query};
use crate::sd_jwt::{self, KeyBindingExpected, PresentationExpected, Presented, SdJwtFault, StatusReference};
use crate::status_list::Status;
use crate::trust::{ChainFault, Signer};

/// How the answer was asked for.
#[derive(Clone, Copy, Debug)]
pub enum AnswerMode<'a> {
    /// `direct_post`: a form.
    DirectPost,
    /// `direct_post.jwt`: a form with an encrypted message.
    DirectPostJwt {
        /// The key that the request offered, for this transaction alone.
        key: &'a DecryptionKey,
        /// How the request let it be encrypted.
        encryptions: &'a [ContentEncryption],
    },
    /// `dc_api.jwt`: a JSON object with an encrypted message, from a browser.
    DcApiJwt {
        /// The key that the request offered, for this transaction alone.
        key: &'a DecryptionKey,
        /// How the request let it be encrypted.
        encryptions: &'a [ContentEncryption],
    },
}

/// What an answer must be to be believed: what was asked, and when.
#[derive(Clone, Copy, Debug)]
pub struct AnswerExpected<'a> {
    /// How it was asked for.
    pub mode: AnswerMode<'a>,
    /// Whom it must be meant for: the whole client identifier; through a browser `origin:` and the origin.
    pub audience: &'a str,
    /// Where it was posted, as the request said it; through a browser nothing is.
    pub response_uri: &'a str,
    /// The request's.
    pub nonce: &'a str,
    /// The request's; a browser's answer need not give it back.
    pub state: Option<&'a str>,
    /// What was asked for.
    pub query: &'a Query,
    /// Seconds since the epoch.
    pub now: i64,
}

/// What came of a request.
#[derive(Debug)]
pub enum Outcome {
    /// Credentials that are good as far as they can be judged without asking whether they were withdrawn.
    Shown(Unconfirmed),
    /// The wallet does not answer.
    Refused(WalletRefusal),
}

/// Credentials whose state is still to be asked. What they say is not to be had before.
#[derive(Debug)]
pub struct Unconfirmed(Vec<Shown>);

/// A credential that was shown, and which one of the query it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// Its id in the query.
    pub id: String,
    /// What it is and says.
    pub presentation: Presentation,
}

/// A presentation, by its format.
#[derive(Clone, Debug, PartialEq)]
pub enum Presentation {
    /// `dc+sd-jwt`.
    SdJwt(Box<Presented>),
    /// `mso_mdoc`.
    Mdoc(Box<PresentedDocument>),
}

/// Why an answer is refused. For the log; wallet and browser learn no more than that it failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnswerFault {
    /// More than [`super::ANSWER_BYTES_MAX`].
    #[error("the answer is longer than 64 KiB")]
    TooLong,
    /// Neither presentations nor a refusal, or a parameter twice.
    #[error("the answer is no answer")]
    Form,
    /// In clear, though it had to be encrypted.
    #[error("the answer is not encrypted")]
    Unencrypted,
    /// It does not open.
    #[error("the encrypted answer: {0}")]
    Encryption(JweError),
    /// `vp_token` is malformed.
    #[error("the presentations are malformed")]
    VpToken,
    /// `state` is not the request's.
    #[error("the answer is to another request")]
    State,
    /// Something that nobody asked for.
    #[error("a credential was not asked for")]
    NotAsked,
    /// Something that was asked for is missing.
    #[error("a credential that was asked for is missing")]
    Incomplete,
    /// Several presentations where one was asked for.
    #[error("several presentations where one was asked for")]
    TooMany,
    /// A credential is refused.
    #[error(transparent)]
    Credential(#[from] SdJwtFault),
    /// A document is refused.
    #[error(transparent)]
    Document(#[from] MdocError),
    /// The certificates of a document lead to no issuer that is trusted.
    #[error("the issuer's certificates: {0}")]
    Chain(ChainFault),
    /// Claims that were asked for are missing, or have other values.
    #[error("claims that were asked for are missing")]
    Claims,
    /// Credentials of different persons.
    #[error("the credentials are of different persons")]
    Persons,
    /// The state of a credential could not be asked.
    #[error("nobody could say whether a credential is still good")]
    StatusUnknown,
    /// A credential was withdrawn.
    #[error("a credential was revoked")]
    Revoked,
    /// A credential is not good for now.
    #[error("a credential is suspended")]
    Suspended,
}

/// Judges what a wallet posted: its form and encryption, `state`, and every credential. `judge` decides on the
/// certificates of issuers.
///
/// # Errors
///
/// The first [`AnswerFault`]; the transaction is over then, whatever else was good.
pub fn verify_answer(
    body: &[u8],
    expected: &AnswerExpected<'_>,
    judge: impl Fn(&[Vec<u8>]) -> Result<Signer, ChainFault>,
) -> Result<Outcome, AnswerFault> {
    match Posted::read(body, &expected.mode)? {
        Posted::Refused { refusal, state } => {
            expected.check_state(state.as_deref())?;
            Ok(Outcome::Refused(refusal))
        }
        Posted::Presentations { vp_token, state } => {
            expected.check_state(state.as_deref())?;
            let shown = expected.presentations(&vp_token, &judge)?;
            Ok(Outcome::Shown(Unconfirmed(shown)))
        }
    }
}

impl AnswerExpected<'_> {
    fn check_state(&self, state: Option<&str>) -> Result<(), AnswerFault> {
        let is_needed = match self.mode {
            AnswerMode::DirectPost | AnswerMode::DirectPostJwt { .. } => true,
            AnswerMode::DcApiJwt { .. } => state.is_some(),
        };
        if is_needed && state != self.state { Err(AnswerFault::State) } else { Ok(()) }
    }

    fn presentations(
        &self,
        vp_token: &VpToken,
        judge: &impl Fn(&[Vec<u8>]) -> Result<Signer, ChainFault>,
    ) -> Result<Vec<Shown>, AnswerFault> {
        if !vp_token.is_within(self.query) {
            return Err(AnswerFault::NotAsked);
        }
        if !self.query.is_answered_by(|id| !vp_token.of(id).is_empty()) {
            return Err(AnswerFault::Incomplete);
        }
        let mut shown = Vec::new();
        for credential in self.query.credentials() {
            let presentations = vp_token.of(&credential.id);
            match credential.count {
                Count::One if presentations.len() > 1 => return Err(AnswerFault::TooMany),
                Count::One | Count::Several => {}
            }
            for presentation in presentations {
                let presentation = self.presentation(credential, presentation, judge)?;
                shown.push(Shown { id: credential.id.clone(), presentation });
            }
        }
        if !are_of_one_person(&shown) {
            return Err(AnswerFault::Persons);
        }
        Ok(shown)
    }

    fn presentation(
        &self,
        credential: &CredentialQuery,
        text: &str,
        judge: &impl Fn(&[Vec<u8>]) -> Result<Signer, ChainFault>,
    ) -> Result<Presentation, AnswerFault> {
        let vct_values = match &credential.kind {
            CredentialKind::SdJwt(vct_values) => vct_values,
            CredentialKind::Mdoc(doc_type) => {
                let document = self.document(credential, doc_type, text, judge)?;
                return Ok(Presentation::Mdoc(Box::new(document)));
            }
        };
        let expected = PresentationExpected {
            vct_values,
            asked: &credential.paths(),
            key_binding: KeyBindingExpected { audience: self.audience, nonce: self.nonce },
            now: self.now,
        };
        let presented = sd_jwt::verify(text, &expected, judge)?;
        let shown = credential.claims_shown(|path| presented.disclosed.values(path).iter().collect());
        shown.ok_or(AnswerFault::Claims)?;
        Ok(Presentation::SdJwt(Box::new(presented)))
    }
}

impl Unconfirmed {
    /// Where the states of the credentials are told, and who signed them. A credential without such a place cannot be
    /// withdrawn: it ends by its `exp`.
    pub fn statuses(&self) -> impl Iterator<Item = (&StatusReference, &Signer)> {
        self.0.iter().filter_map(|Shown { presentation, .. }| Some((presentation.status()?, presentation.signer())))
    }

    /// The credentials, if all are still good. `status` looks a state up in a list that was fetched and
    /// checked, and is of the same issuer; nothing means that it could not be had, and refuses.
    ///
    /// # Errors
    ///
    /// [`AnswerFault::Revoked`], [`AnswerFault::Suspended`], [`AnswerFault::StatusUnknown`].
    pub fn confirm(
        self,
        status: impl Fn(&StatusReference, &Signer) -> Option<Status>,
    ) -> Result<Vec<Shown>, AnswerFault> {
        for (reference, signer) in self.statuses() {
            match status(reference, signer) {
                Some(Status::Valid) => {}
                Some(Status::Revoked) => return Err(AnswerFault::Revoked),
                Some(Status::Suspended) => return Err(AnswerFault::Suspended),
                Some(Status::Other(_)) | None => return Err(AnswerFault::StatusUnknown),
            }
        }
        Ok(self.0)
    }
}

impl Presentation {
    fn status(&self) -> Option<&StatusReference> {
        match self {
            Presentation::SdJwt(presented) => presented.head.status.as_ref(),
            Presentation::Mdoc(presented) => presented.status.as_ref(),
        }
    }

    /// Who signed it.
    pub fn signer(&self) -> &Signer {
        match self {
            Presentation::SdJwt(presented) => &presented.head.signer,
            Presentation::Mdoc(presented) => &presented.signer,
        }
    }

    /// What it says of its holder, if that was asked for: JSON in the form of the credential's format.
    pub fn value(&self, claim: PersonClaim) -> Option<&Value> {
        match self {
            Presentation::SdJwt(presented) => claim.value(&presented.disclosed),
            Presentation::Mdoc(presented) => presented.disclosed.values(&claim.mdoc_path()).first(),
        }
    }

    /// What it says of its holder, if that was asked for and is a text or a day.
    pub fn person(&self, claim: PersonClaim) -> Option<&str> {
        match self {
            Presentation::SdJwt(presented) => claim.text(&presented.disclosed),
            Presentation::Mdoc(presented) => presented.disclosed.text(&claim.mdoc_path()),
        }
    }
}

/// Whether no two credentials say different things of who their holder is.
fn are_of_one_person(shown: &[Shown]) -> bool {
    const TELLING: [PersonClaim; 4] = [
        PersonClaim::PersonalAdministrativeNumber,
        PersonClaim::FamilyName,
        PersonClaim::GivenName,
        PersonClaim::Birthdate,
    ];
    TELLING.into_iter().all(|claim| {
        let mut said = shown.iter().filter_map(|shown| shown.presentation.person(claim));
        let first = said.next();
        said.all(|other| Some(other) == first)
    })
}
