//! The answer to an authentication request (SAML Core section 3.3.3, Profiles section 4.1.4.2).

mod check;

use xmlsec::{DataCipher, EncryptionKey, KeyTransport};

use crate::write::{Draft, Head, Signer, WriteError};
use crate::xml::SAML;
use crate::{Assertion, Status};

pub use check::{CLOCK_SKEW_MAX, Proved, ResponseCheck, ResponseError};

/// The answer that an identity provider writes; a service reads one with [`ResponseCheck`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// `ID`.
    pub id: String,
    /// `IssueInstant`, in seconds since the epoch.
    pub issue_instant: i64,
    /// `Issuer`: our entity ID.
    pub issuer: String,
    /// `Destination`: the address it is sent to.
    pub destination: String,
    /// `InResponseTo`: the request.
    pub in_response_to: String,
    /// What became of it.
    pub status: Status,
    /// Who the person is; none unless the status is success.
    pub assertion: Option<Assertion>,
}

/// Whom an assertion is encrypted for, and how.
#[derive(Clone, Copy, Debug)]
pub struct Recipient<'a> {
    /// The service's key.
    pub key: &'a EncryptionKey,
    /// How the content's key is wrapped.
    pub transport: KeyTransport,
    /// How the content is encrypted.
    pub cipher: DataCipher,
}

impl Response {
    /// Writes the response: the assertion is signed, then encrypted if there is a recipient, then the
    /// response is signed. `fill` fills octets with random ones.
    ///
    /// # Errors
    ///
    /// See [`WriteError`].
    pub fn write(
        &self,
        signer: &Signer<'_>,
        recipient: Option<&Recipient<'_>>,
        fill: &mut dyn FnMut(&mut [u8]),
    ) -> Result<String, WriteError> {
        let head = Head {
            name: "Response",
            id: &self.id,
            issue_instant: self.issue_instant,
            destination: Some(&self.destination),
            in_response_to: Some(&self.in_response_to),
            issuer: &self.issuer,
        };
        let mut draft = Draft::begin(&head, &[]);
        self.status.write(&mut draft.writer);
        if let Some(assertion) = &self.assertion {
            let assertion = assertion.write(Some(signer))?;
            match recipient {
                None => draft.writer.element(&assertion),
                Some(Recipient { key, transport, cipher }) => {
                    let data = xmlsec::encrypt(assertion.as_bytes(), key, *transport, *cipher, fill)?;
                    draft.writer.start(SAML, "EncryptedAssertion").element(&data).end()
                }
            };
        }
        draft.finish(Some(signer))
    }
}

#[cfg(test)]
mod tests;
