//! Writing messages: in canonical form from the first byte, so that signing them is one hash and one signature.

use xmlsec::{Certificate, EncryptError, SignError, SigningKey, Unwritable, Writer};

use crate::instant;
use crate::xml::{SAML, SAMLP};

/// What a message is signed with.
#[derive(Clone, Copy, Debug)]
pub struct Signer<'a> {
    /// The key.
    pub key: &'a SigningKey,
    /// Its certificate, which is named beside the signature for those who have several of ours.
    pub certificate: Option<&'a Certificate>,
}

/// Why a message cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// A text has a character that XML does not know.
    #[error(transparent)]
    Unwritable(#[from] Unwritable),
    /// It could not be signed.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// It could not be encrypted.
    #[error(transparent)]
    Encrypt(#[from] EncryptError),
}

/// What every message begins with.
pub(crate) struct Head<'a> {
    pub(crate) name: &'static str,
    pub(crate) id: &'a str,
    pub(crate) issue_instant: i64,
    pub(crate) destination: Option<&'a str>,
    pub(crate) in_response_to: Option<&'a str>,
    pub(crate) issuer: &'a str,
}

/// A message being written, with the place where its signature goes.
pub(crate) struct Draft<'a> {
    pub(crate) writer: Writer<'a>,
    id: &'a str,
    after_issuer: usize,
}

impl<'a> Draft<'a> {
    /// Begins a message: its attributes, those of its own last, and its issuer.
    pub(crate) fn begin(head: &Head<'a>, own: &[(&'a str, Option<&str>)]) -> Self {
        let mut writer = Writer::new();
        writer.start(SAMLP, head.name).attribute("ID", head.id).attribute("Version", "2.0");
        writer.attribute("IssueInstant", &instant::print(head.issue_instant));
        let shared = [("Destination", head.destination), ("InResponseTo", head.in_response_to)];
        attributes(&mut writer, &shared);
        attributes(&mut writer, own);
        writer.leaf(SAML, "Issuer", head.issuer);
        Self::after_issuer(writer, head.id)
    }

    /// An element of which everything up to its issuer is written.
    pub(crate) fn after_issuer(mut writer: Writer<'a>, id: &'a str) -> Self {
        let after_issuer = writer.position();
        Self { writer, id, after_issuer }
    }

    /// Ends the message. The signature comes after the issuer (SAML Core section 5 and every schema).
    pub(crate) fn finish(self, signer: Option<&Signer<'_>>) -> Result<String, WriteError> {
        signed(self.writer.finish()?, self.id, self.after_issuer, signer)
    }
}

/// Puts the signature of a whole element at its place in it, which no signature was in before.
pub(crate) fn signed(mut xml: String, id: &str, at: usize, signer: Option<&Signer<'_>>) -> Result<String, WriteError> {
    if let Some(Signer { key, certificate }) = signer {
        let signature = key.enveloped(id, xml.as_bytes(), certificate.map(Certificate::der))?;
        xml.insert_str(at, &signature);
    }
    Ok(xml)
}

/// Adds those attributes that have a value to the element that was just begun.
pub(crate) fn attributes<'a>(writer: &mut Writer<'a>, values: &[(&'a str, Option<&str>)]) {
    for (name, value) in values {
        if let Some(value) = value {
            writer.attribute(name, value);
        }
    }
}

/// An `xs:boolean` that is left out when it is `false`, its default.
pub(crate) fn flag(value: bool) -> Option<&'static str> {
    value.then_some("true")
}
