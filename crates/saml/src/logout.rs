//! Single logout (SAML Core section 3.7, Profiles section 4.4, and the extension for asynchronous logout).

use xmlsec::DecryptionKey;

use crate::authn_request::issue_instant;
use crate::name_id::{NameId, issuer};
use crate::received::{Authentic, MessageError, MessageKind};
use crate::write::{Draft, Head, Signer, WriteError};
use crate::xml::{ASLO, FormFault, SAML, SAMLP, URI_BYTES_MAX, checked};
use crate::{Status, instant};

/// The most sessions that one request names.
pub const SESSION_INDEXES_MAX: usize = 64;
/// `Reason`: the person wanted it (section 3.7.3).
pub const REASON_USER: &str = "urn:oasis:names:tc:SAML:2.0:logout:user";

/// A participant of a session asks for it to end.
///
/// It must be signed when it comes by a browser (Profiles section 4.4.4.1); the caller demands that
/// when the message is authenticated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogoutRequest {
    /// `ID`; the answer names it.
    pub id: String,
    /// `IssueInstant`, in seconds since the epoch.
    pub issue_instant: i64,
    /// `Issuer`: the entity ID of the one who asks.
    pub issuer: String,
    /// `Destination`: the address it was sent to.
    pub destination: Option<String>,
    /// `NotOnOrAfter`: when it is no longer to be obeyed, in seconds since the epoch.
    pub not_on_or_after: Option<i64>,
    /// `Reason`.
    pub reason: Option<String>,
    /// The person, as the one who asks knows them. It may have come encrypted.
    pub name_id: NameId,
    /// `SessionIndex`: which of the person's sessions, at most [`SESSION_INDEXES_MAX`]; none means all.
    pub session_indexes: Vec<String>,
    /// `aslo:Asynchronous`: whoever asks does not wait for an answer.
    pub is_asynchronous: bool,
}

/// What became of a logout request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogoutResponse {
    /// `ID`.
    pub id: String,
    /// `IssueInstant`, in seconds since the epoch.
    pub issue_instant: i64,
    /// `Issuer`: the entity ID of the one who answers.
    pub issuer: String,
    /// `Destination`: the address it was sent to.
    pub destination: Option<String>,
    /// `InResponseTo`: the request. When read it may be missing; then it answers nothing of ours.
    pub in_response_to: Option<String>,
    /// What became of it.
    pub status: Status,
}

impl LogoutRequest {
    /// Reads a request; `keys` open the name if it is encrypted.
    ///
    /// # Errors
    ///
    /// See [`MessageError`].
    pub fn read(message: &Authentic, keys: &[DecryptionKey]) -> Result<Self, MessageError> {
        message.read(MessageKind::LogoutRequest, |element| {
            let names = [
                (SAML, "Issuer"),
                (SAMLP, "Extensions"),
                (SAML, "NameID"),
                (SAML, "EncryptedID"),
                (SAMLP, "SessionIndex"),
            ];
            element.only(&names, "LogoutRequest")?;
            let mut session_indexes = Vec::new();
            for index in element.all(SAMLP, "SessionIndex") {
                if session_indexes.len() == SESSION_INDEXES_MAX {
                    return Err(index.wrong("SessionIndex", FormFault::Repeated).into());
                }
                let text = index.text("SessionIndex")?;
                let text = checked(text.trim(), URI_BYTES_MAX);
                session_indexes.push(text.map_err(|fault| index.wrong("SessionIndex", fault))?);
            }
            let extensions = element.optional(SAMLP, "Extensions")?;
            Ok(Self {
                id: element.id()?,
                issue_instant: issue_instant(element)?,
                issuer: issuer(element)?.ok_or_else(|| element.wrong("Issuer", FormFault::Missing))?,
                destination: element.attribute_uri("Destination")?,
                not_on_or_after: element.attribute_instant("NotOnOrAfter")?,
                reason: match element.attribute("Reason") {
                    // The schema has any text there, and pysaml2 has none unless it is told one.
                    Some("") => None,
                    _ => element.attribute_uri("Reason")?,
                },
                name_id: NameId::read_within(element, keys)?,
                session_indexes,
                is_asynchronous: extensions.is_some_and(|within| within.all(ASLO, "Asynchronous").next().is_some()),
            })
        })
    }

    /// Writes the request.
    ///
    /// # Errors
    ///
    /// See [`WriteError`].
    pub fn write(&self, signer: Option<&Signer<'_>>) -> Result<String, WriteError> {
        let not_on_or_after = self.not_on_or_after.map(instant::print);
        let head = Head {
            name: "LogoutRequest",
            id: &self.id,
            issue_instant: self.issue_instant,
            destination: self.destination.as_deref(),
            in_response_to: None,
            issuer: &self.issuer,
        };
        let own = [("NotOnOrAfter", not_on_or_after.as_deref()), ("Reason", self.reason.as_deref())];
        let mut draft = Draft::begin(&head, &own);
        if self.is_asynchronous {
            draft.writer.start(SAMLP, "Extensions").start(ASLO, "Asynchronous").end().end();
        }
        self.name_id.write(&mut draft.writer);
        for index in &self.session_indexes {
            draft.writer.leaf(SAMLP, "SessionIndex", index);
        }
        draft.finish(signer)
    }
}

impl LogoutResponse {
    /// Reads an answer.
    ///
    /// # Errors
    ///
    /// See [`MessageError`].
    pub fn read(message: &Authentic) -> Result<Self, MessageError> {
        message.read(MessageKind::LogoutResponse, |element| {
            element.only(&[(SAML, "Issuer"), (SAMLP, "Extensions"), (SAMLP, "Status")], "LogoutResponse")?;
            Ok(Self {
                id: element.id()?,
                issue_instant: issue_instant(element)?,
                issuer: issuer(element)?.ok_or_else(|| element.wrong("Issuer", FormFault::Missing))?,
                destination: element.attribute_uri("Destination")?,
                in_response_to: element.attribute_uri("InResponseTo")?,
                status: Status::read(element)?,
            })
        })
    }

    /// Writes the answer.
    ///
    /// # Errors
    ///
    /// See [`WriteError`].
    pub fn write(&self, signer: Option<&Signer<'_>>) -> Result<String, WriteError> {
        let head = Head {
            name: "LogoutResponse",
            id: &self.id,
            issue_instant: self.issue_instant,
            destination: self.destination.as_deref(),
            in_response_to: self.in_response_to.as_deref(),
            issuer: &self.issuer,
        };
        let mut draft = Draft::begin(&head, &[]);
        self.status.write(&mut draft.writer);
        draft.finish(signer)
    }
}

#[cfg(test)]
mod tests;
