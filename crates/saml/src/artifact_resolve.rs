//! Redeeming an artifact (SAML Core section 3.5).

use crate::authn_request::issue_instant;
use crate::binding::artifact::Artifact;
use crate::name_id::issuer;
use crate::received::{Authentic, MessageError, MessageKind, Received, Step, artifact_message};
use crate::write::{Draft, Head, Signer, WriteError};
use crate::xml::{FormFault, SAML, SAMLP};
use crate::{Direction, Status};

/// A service asks for the message that an artifact stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArtifactResolve {
    /// `ID`; the answer names it.
    pub id: String,
    /// `IssueInstant`, in seconds since the epoch.
    pub issue_instant: i64,
    /// `Issuer`: the entity ID of the one who asks.
    pub issuer: String,
    /// `Destination`: the address it was sent to.
    pub destination: Option<String>,
    /// The artifact.
    pub artifact: Artifact,
}

/// The answer: success even if there is no such message (section 3.5.3).
#[derive(Clone, Debug)]
pub struct ArtifactResponse {
    /// `ID`.
    pub id: String,
    /// `IssueInstant`, in seconds since the epoch.
    pub issue_instant: i64,
    /// `Issuer`: the entity ID of the one who answers.
    pub issuer: String,
    /// `InResponseTo`: the request.
    pub in_response_to: Option<String>,
    /// Whether the request was understood.
    pub status: Status,
    /// The message, if there is one. Its own signatures are not checked yet.
    pub message: Option<Received>,
}

impl ArtifactResolve {
    /// Reads a request.
    ///
    /// # Errors
    ///
    /// See [`MessageError`].
    pub fn read(message: &Authentic) -> Result<Self, MessageError> {
        message.read(MessageKind::ArtifactResolve, |element| {
            element.only(&[(SAML, "Issuer"), (SAMLP, "Extensions"), (SAMLP, "Artifact")], "ArtifactResolve")?;
            let artifact = element.required(SAMLP, "Artifact")?;
            let parsed = Artifact::parse(artifact.text("Artifact")?.trim());
            Ok(Self {
                id: element.id()?,
                issue_instant: issue_instant(element)?,
                issuer: issuer(element)?.ok_or_else(|| element.wrong("Issuer", FormFault::Missing))?,
                destination: element.attribute_uri("Destination")?,
                artifact: parsed.map_err(|_| artifact.wrong("Artifact", FormFault::Invalid))?,
            })
        })
    }

    /// Writes the request; it goes into an envelope.
    ///
    /// # Errors
    ///
    /// See [`WriteError`].
    pub fn write(&self, signer: Option<&Signer<'_>>) -> Result<String, WriteError> {
        let head = Head {
            name: "ArtifactResolve",
            id: &self.id,
            issue_instant: self.issue_instant,
            destination: self.destination.as_deref(),
            in_response_to: None,
            issuer: &self.issuer,
        };
        let mut draft = Draft::begin(&head, &[]);
        draft.writer.leaf(SAMLP, "Artifact", &self.artifact.print());
        draft.finish(signer)
    }
}

impl ArtifactResponse {
    /// Reads an answer.
    ///
    /// # Errors
    ///
    /// See [`MessageError`].
    pub fn read(answer: &Authentic) -> Result<Self, MessageError> {
        answer.read(MessageKind::ArtifactResponse, |element| {
            let way = [answer.way.as_slice(), &[Step::ArtifactMessage]].concat();
            let message = artifact_message(element)?;
            Ok(Self {
                id: element.id()?,
                issue_instant: issue_instant(element)?,
                issuer: issuer(element)?.ok_or_else(|| element.wrong("Issuer", FormFault::Missing))?,
                in_response_to: element.attribute_uri("InResponseTo")?,
                status: Status::read(element)?,
                message: message.map(|_| Received::within(Direction::Response, answer.octets.clone(), way)),
            })
        })
    }

    /// Writes an answer around `message`, which is XML that this crate wrote.
    ///
    /// # Errors
    ///
    /// See [`WriteError`].
    pub fn write(
        head: &ArtifactResponseHead<'_>,
        message: Option<&str>,
        signer: Option<&Signer<'_>>,
    ) -> Result<String, WriteError> {
        let shared = Head {
            name: "ArtifactResponse",
            id: head.id,
            issue_instant: head.issue_instant,
            destination: None,
            in_response_to: Some(head.in_response_to),
            issuer: head.issuer,
        };
        let mut draft = Draft::begin(&shared, &[]);
        Status::SUCCESS.write(&mut draft.writer);
        if let Some(message) = message {
            // The prefix is declared above already; a second declaration would not be canonical.
            let declared = format!(" xmlns:{}=\"{}\"", SAMLP.prefix, SAMLP.uri);
            draft.writer.element(&message.replacen(&declared, "", 1));
        }
        draft.finish(signer)
    }
}

/// What an answer says about itself.
#[derive(Clone, Copy, Debug)]
pub struct ArtifactResponseHead<'a> {
    /// `ID`.
    pub id: &'a str,
    /// `IssueInstant`, in seconds since the epoch.
    pub issue_instant: i64,
    /// `Issuer`: our entity ID.
    pub issuer: &'a str,
    /// `InResponseTo`: the request.
    pub in_response_to: &'a str,
}

#[cfg(test)]
mod tests;
