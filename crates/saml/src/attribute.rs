//! Attributes of persons (SAML Core section 2.7.3, Profiles section 8.2), and the names of those we know.

use xmlsec::Writer;

use crate::write::attributes as write_attributes;
use crate::xml::{Element, FormError, FormFault, SAML, URI_BYTES_MAX, checked};

/// `NameFormat`: the name is a URI. It is how every attribute here is named.
pub const NAME_FORMAT_URI: &str = "urn:oasis:names:tc:SAML:2.0:attrname-format:uri";
/// `NameFormat`: the name is one that was agreed upon.
pub const NAME_FORMAT_BASIC: &str = "urn:oasis:names:tc:SAML:2.0:attrname-format:basic";
/// `NameFormat`: nothing is known of the name; also when no format is named.
pub const NAME_FORMAT_UNSPECIFIED: &str = "urn:oasis:names:tc:SAML:2.0:attrname-format:unspecified";
/// The most attributes of one assertion.
pub const ATTRIBUTES_MAX: usize = 256;
/// The longest value, in bytes.
pub const VALUE_BYTES_MAX: usize = 64 * 1024;

/// Names of attributes, each with the short name that accompanies it.
///
/// The first group is eIDAS (SAML Attribute Profile 1.2 section 2.2), the second X.500 and LDAP (SAML
/// Profiles section 8.2), the third the SAML V2.0 Subject Identifier Attributes Profile.
pub mod names {
    /// A name on the wire and its `FriendlyName`.
    pub type Name = (&'static str, &'static str);

    /// A number that stays, for one receiving member state.
    pub const PERSON_IDENTIFIER: Name =
        ("http://eidas.europa.eu/attributes/naturalperson/PersonIdentifier", "PersonIdentifier");
    /// The family name that the person bears.
    pub const CURRENT_FAMILY_NAME: Name =
        ("http://eidas.europa.eu/attributes/naturalperson/CurrentFamilyName", "FamilyName");
    /// The given name that the person bears.
    pub const CURRENT_GIVEN_NAME: Name =
        ("http://eidas.europa.eu/attributes/naturalperson/CurrentGivenName", "FirstName");
    /// `YYYY-MM-DD`.
    pub const DATE_OF_BIRTH: Name = ("http://eidas.europa.eu/attributes/naturalperson/DateOfBirth", "DateOfBirth");
    /// Where the person was born.
    pub const PLACE_OF_BIRTH: Name = ("http://eidas.europa.eu/attributes/naturalperson/PlaceOfBirth", "PlaceOfBirth");
    /// The whole name at birth.
    pub const BIRTH_NAME: Name = ("http://eidas.europa.eu/attributes/naturalperson/BirthName", "BirthName");

    /// E-mail address.
    pub const MAIL: Name = ("urn:oid:0.9.2342.19200300.100.1.3", "mail");
    /// Family name.
    pub const SN: Name = ("urn:oid:2.5.4.4", "sn");
    /// Given name.
    pub const GIVEN_NAME: Name = ("urn:oid:2.5.4.42", "givenName");
    /// The name as it is shown.
    pub const DISPLAY_NAME: Name = ("urn:oid:2.16.840.1.113730.3.1.241", "displayName");

    /// An identifier that is another one for each service.
    pub const PAIRWISE_ID: Name = ("urn:oasis:names:tc:SAML:attribute:pairwise-id", "pairwise-id");
    /// An identifier that is the same for every service.
    pub const SUBJECT_ID: Name = ("urn:oasis:names:tc:SAML:attribute:subject-id", "subject-id");
}

/// An attribute with its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// `Name`.
    pub name: String,
    /// `NameFormat`.
    pub name_format: String,
    /// `FriendlyName`: for people only.
    pub friendly_name: Option<String>,
    /// The values that are texts; when read, others are left out.
    pub values: Vec<String>,
}

impl Attribute {
    /// An attribute of [`names`] with one value.
    pub fn new((name, friendly_name): names::Name, value: impl Into<String>) -> Self {
        Self {
            name: name.to_owned(),
            name_format: NAME_FORMAT_URI.to_owned(),
            friendly_name: Some(friendly_name.to_owned()),
            values: vec![value.into()],
        }
    }

    pub(crate) fn read(element: Element<'_, '_>) -> Result<Self, FormError> {
        let mut values = Vec::new();
        for value in element.all(SAML, "AttributeValue").filter(|value| value.elements().next().is_none()) {
            let text = value.text("AttributeValue")?;
            if text.len() > VALUE_BYTES_MAX {
                return Err(value.wrong("AttributeValue", FormFault::TooLong));
            }
            values.push(text);
        }
        let friendly_name = element.attribute("FriendlyName").filter(|name| !name.is_empty());
        let friendly_name = friendly_name.map(|name| checked(name, URI_BYTES_MAX)).transpose();
        Ok(Self {
            name: element.uri_in("Name")?,
            name_format: element.attribute_uri("NameFormat")?.unwrap_or_else(|| NAME_FORMAT_UNSPECIFIED.to_owned()),
            friendly_name: friendly_name.map_err(|fault| element.wrong("FriendlyName", fault))?,
            values,
        })
    }

    pub(crate) fn write(&self, writer: &mut Writer<'_>) {
        writer.start(SAML, "Attribute");
        self.write_inner(writer);
        writer.end();
    }

    /// The attributes and values of the element that was just begun.
    pub(crate) fn write_inner(&self, writer: &mut Writer<'_>) {
        writer.attribute("Name", &self.name).attribute("NameFormat", &self.name_format);
        write_attributes(writer, &[("FriendlyName", self.friendly_name.as_deref())]);
        for value in &self.values {
            writer.leaf(SAML, "AttributeValue", value);
        }
    }
}
