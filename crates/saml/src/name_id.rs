//! Names of persons and entities (SAML Core sections 2.2 and 8.3).

use xmlsec::{DecryptionKey, Document, Limits, Namespace, Writer};

use crate::received::MessageError;
use crate::write::attributes;
use crate::xml::{Element, FormError, FormFault, SAML, URI_BYTES_MAX, checked};

/// The longest name that is read, in characters.
pub const NAME_ID_CHARS_MAX: usize = 1024;
/// The longest persistent or transient name, in characters (sections 8.3.7 and 8.3.8).
pub const OPAQUE_NAME_CHARS_MAX: usize = 256;

/// What kind of name it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum NameIdFormat {
    /// Whatever the two sides agreed upon; also when no format is named.
    Unspecified,
    /// An e-mail address.
    EmailAddress,
    /// The name of an entity of SAML's.
    Entity,
    /// An opaque name that stays, for one service.
    Persistent,
    /// An opaque name for one session.
    Transient,
    /// In a name ID policy: whatever the name is, it is to be encrypted.
    Encrypted,
    /// Another one.
    Other(String),
}

impl NameIdFormat {
    /// The URI on the wire.
    pub fn uri(&self) -> &str {
        match self {
            NameIdFormat::Unspecified => "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
            NameIdFormat::EmailAddress => "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
            NameIdFormat::Entity => "urn:oasis:names:tc:SAML:2.0:nameid-format:entity",
            NameIdFormat::Persistent => "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
            NameIdFormat::Transient => "urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
            NameIdFormat::Encrypted => "urn:oasis:names:tc:SAML:2.0:nameid-format:encrypted",
            NameIdFormat::Other(uri) => uri,
        }
    }

    /// The format with that URI.
    pub fn from_uri(uri: &str) -> Self {
        const KNOWN: [NameIdFormat; 6] = [
            NameIdFormat::Unspecified,
            NameIdFormat::EmailAddress,
            NameIdFormat::Entity,
            NameIdFormat::Persistent,
            NameIdFormat::Transient,
            NameIdFormat::Encrypted,
        ];
        let known = KNOWN.into_iter().find(|format| format.uri() == uri);
        known.unwrap_or_else(|| NameIdFormat::Other(uri.to_owned()))
    }

    /// The attribute `Format`.
    pub(crate) fn read(element: Element<'_, '_>) -> Result<Self, FormError> {
        Ok(element.attribute_uri("Format")?.map_or(NameIdFormat::Unspecified, |uri| NameIdFormat::from_uri(&uri)))
    }
}

/// A person's name at one identity provider for one service (section 2.2.3).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NameId {
    /// Its kind.
    pub format: NameIdFormat,
    /// The name itself: at most [`NAME_ID_CHARS_MAX`] visible characters.
    pub value: String,
    /// `NameQualifier`: within whose names it is one.
    pub name_qualifier: Option<String>,
    /// `SPNameQualifier`: for whom it is one.
    pub sp_name_qualifier: Option<String>,
}

impl NameId {
    /// A name without qualifiers.
    pub fn new(format: NameIdFormat, value: impl Into<String>) -> Self {
        Self { format, value: value.into(), name_qualifier: None, sp_name_qualifier: None }
    }

    pub(crate) fn read(element: Element<'_, '_>) -> Result<Self, FormError> {
        let format = NameIdFormat::read(element)?;
        let value = element.text("NameID")?;
        let limit = match format {
            NameIdFormat::Persistent | NameIdFormat::Transient => OPAQUE_NAME_CHARS_MAX,
            NameIdFormat::Unspecified
            | NameIdFormat::EmailAddress
            | NameIdFormat::Entity
            | NameIdFormat::Encrypted
            | NameIdFormat::Other(_) => NAME_ID_CHARS_MAX,
        };
        if value.chars().count() > limit {
            return Err(element.wrong("NameID", FormFault::TooLong));
        }
        if !is_visible(&value) {
            return Err(element.wrong("NameID", FormFault::Invalid));
        }
        Ok(Self {
            format,
            value,
            name_qualifier: element.attribute_uri("NameQualifier")?,
            sp_name_qualifier: element.attribute_uri("SPNameQualifier")?,
        })
    }

    /// The `NameID` of `parent`, or the one in its `EncryptedID` (section 2.2.4).
    pub(crate) fn read_within(parent: Element<'_, '_>, keys: &[DecryptionKey]) -> Result<Self, MessageError> {
        match (parent.optional(SAML, "NameID")?, parent.optional(SAML, "EncryptedID")?) {
            (Some(name), None) => Ok(Self::read(name)?),
            (None, Some(encrypted)) => {
                let data = encrypted.required(Namespace::XENC, "EncryptedData")?;
                let octets = xmlsec::decrypt(data.0, keys).map_err(|_| MessageError::Decrypt)?;
                let document = Document::parse(&octets, &Limits::MESSAGE).map_err(|_| MessageError::Decrypt)?;
                let name = Element(document.root());
                if name.is(SAML, "NameID") { Ok(Self::read(name)?) } else { Err(MessageError::Decrypt) }
            }
            (None, None) => Err(parent.wrong("NameID", FormFault::Missing).into()),
            (Some(_), Some(second)) => Err(second.wrong("EncryptedID", FormFault::Unexpected).into()),
        }
    }

    pub(crate) fn write(&self, writer: &mut Writer<'_>) {
        writer.start(SAML, "NameID").attribute("Format", self.format.uri());
        let qualifiers =
            [("NameQualifier", self.name_qualifier.as_deref()), ("SPNameQualifier", self.sp_name_qualifier.as_deref())];
        attributes(writer, &qualifiers);
        writer.text(&self.value).end();
    }
}

/// Whether a name is what it looks like: no character in it is invisible, and none stands at its edge unseen.
fn is_visible(name: &str) -> bool {
    !name.is_empty() && name.trim() == name && name.chars().all(|c| matches!(c, ' '..='~') || c.is_alphanumeric())
}

/// The `Issuer` of a message, assertion or descriptor (section 2.2.5): the name of an entity.
pub(crate) fn issuer(parent: Element<'_, '_>) -> Result<Option<String>, FormError> {
    let Some(element) = parent.optional(SAML, "Issuer")? else { return Ok(None) };
    match NameIdFormat::read(element)? {
        NameIdFormat::Entity | NameIdFormat::Unspecified => {}
        NameIdFormat::EmailAddress
        | NameIdFormat::Persistent
        | NameIdFormat::Transient
        | NameIdFormat::Encrypted
        | NameIdFormat::Other(_) => return Err(element.wrong("Issuer", FormFault::Invalid)),
    }
    let name = element.text("Issuer")?;
    checked(name.trim(), URI_BYTES_MAX).map(Some).map_err(|fault| element.wrong("Issuer", fault))
}
