//! What people are shown of an entity, and whom they can ask.

use xmlsec::{Namespace, Writer};

use super::read::{MetadataError, MetadataFault, at};
use super::{Contact, Localized, Organization, TEXT_BYTES_MAX, UiInfo, location, role};
use crate::xml::{Element, FormError, FormFault, MD, MDUI, XML, checked};

/// Of an entity that says nothing.
pub(super) const NOTHING: UiInfo = UiInfo {
    display_names: Vec::new(),
    descriptions: Vec::new(),
    information_urls: Vec::new(),
    privacy_statement_urls: Vec::new(),
};

/// The `mdui:UIInfo` in a role's extensions.
pub(super) fn info(extensions: Element<'_, '_>) -> Result<UiInfo, MetadataError> {
    let Some(info) = extensions.optional(MDUI, "UIInfo")? else { return Ok(UiInfo::default()) };
    Ok(UiInfo {
        display_names: localized(info, MDUI, "DisplayName")?,
        descriptions: localized(info, MDUI, "Description")?,
        information_urls: links(info, MDUI, "InformationURL")?,
        privacy_statement_urls: links(info, MDUI, "PrivacyStatementURL")?,
    })
}

pub(super) fn organization(element: Element<'_, '_>) -> Result<Organization, MetadataError> {
    Ok(Organization {
        names: localized(element, MD, "OrganizationName")?,
        display_names: localized(element, MD, "OrganizationDisplayName")?,
        urls: links(element, MD, "OrganizationURL")?,
    })
}

pub(super) fn contact(element: Element<'_, '_>) -> Result<Contact, FormError> {
    let emails = role::listed(element, MD, "EmailAddress")?;
    Ok(Contact {
        kind: element.uri_in("contactType")?,
        company: text(element, "Company")?,
        given_name: text(element, "GivenName")?,
        surname: text(element, "SurName")?,
        emails: emails.into_iter().map(|email| email.uri("EmailAddress")).collect::<Result<_, _>>()?,
    })
}

/// The texts of that name, each in its language. An empty one is passed over.
pub(super) fn localized(
    parent: Element<'_, '_>,
    namespace: Namespace<'static>,
    name: &'static str,
) -> Result<Vec<Localized>, FormError> {
    let mut texts = Vec::new();
    for element in role::listed(parent, namespace, name)? {
        let language = element.attribute_of(XML, "lang").unwrap_or_default();
        let text = element.text(name)?.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.is_empty() {
            continue;
        }
        let text = checked(&text, TEXT_BYTES_MAX).map_err(|fault| element.wrong(name, fault))?;
        let language = checked(language, 64).map_err(|_| element.wrong("lang", FormFault::Invalid))?;
        texts.push(Localized { language, text });
    }
    Ok(texts)
}

fn links(
    parent: Element<'_, '_>,
    namespace: Namespace<'static>,
    name: &'static str,
) -> Result<Vec<Localized>, MetadataError> {
    let links = localized(parent, namespace, name)?;
    for link in &links {
        location::link(&link.text).map_err(|fault| at(parent, MetadataFault::Location { name, fault }))?;
    }
    Ok(links)
}

fn text(parent: Element<'_, '_>, name: &'static str) -> Result<Option<String>, FormError> {
    let Some(element) = parent.optional(MD, name)? else { return Ok(None) };
    let text = element.text(name)?;
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    checked(text, TEXT_BYTES_MAX).map(Some).map_err(|fault| element.wrong(name, fault))
}

impl UiInfo {
    pub(super) fn write(&self, writer: &mut Writer<'_>) {
        if *self == NOTHING {
            return;
        }
        writer.start(MDUI, "UIInfo");
        write_localized(writer, MDUI, "DisplayName", &self.display_names);
        write_localized(writer, MDUI, "Description", &self.descriptions);
        write_localized(writer, MDUI, "InformationURL", &self.information_urls);
        write_localized(writer, MDUI, "PrivacyStatementURL", &self.privacy_statement_urls);
        writer.end();
    }
}

impl Organization {
    pub(super) fn write(&self, writer: &mut Writer<'_>) {
        writer.start(MD, "Organization");
        write_localized(writer, MD, "OrganizationName", &self.names);
        write_localized(writer, MD, "OrganizationDisplayName", &self.display_names);
        write_localized(writer, MD, "OrganizationURL", &self.urls);
        writer.end();
    }
}

impl Contact {
    pub(super) fn write(&self, writer: &mut Writer<'_>) {
        writer.start(MD, "ContactPerson").attribute("contactType", &self.kind);
        let texts = [("Company", &self.company), ("GivenName", &self.given_name), ("SurName", &self.surname)];
        for (name, text) in texts {
            if let Some(text) = text {
                writer.leaf(MD, name, text);
            }
        }
        for email in &self.emails {
            writer.leaf(MD, "EmailAddress", email);
        }
        writer.end();
    }
}

pub(super) fn write_localized(
    writer: &mut Writer<'_>,
    namespace: Namespace<'static>,
    name: &'static str,
    texts: &[Localized],
) {
    for Localized { language, text } in texts {
        // The prefix `xml` is never declared (Canonical XML 1.0 section 2.3), so it is written as part of the name.
        writer.start(namespace, name).attribute("xml:lang", language).text(text).end();
    }
}
