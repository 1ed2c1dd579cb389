//! Reading an assertion, of which nothing may be left to guess.

use std::collections::BTreeSet;

use xmlsec::DecryptionKey;

use super::{Assertion, AuthnStatement, BEARER, Bearer};
use crate::Attribute;
use crate::attribute::ATTRIBUTES_MAX;
use crate::authn_request::issue_instant;
use crate::name_id::{NameId, issuer};
use crate::received::MessageError;
use crate::xml::{Element, FormError, FormFault, SAML};

/// The most confirmations, restrictions, audiences and authorities of one assertion, each.
const LISTED_MAX: usize = 16;

impl Assertion {
    /// Reads what a good signature covers; `keys` open the name if it is encrypted.
    ///
    /// `Advice` is passed over. A condition or statement that is not known is refused (Core sections 2.5.1 and 2.7).
    pub(crate) fn read(element: Element<'_, '_>, keys: &[DecryptionKey]) -> Result<Self, MessageError> {
        if !element.is(SAML, "Assertion") {
            return Err(MessageError::Kind);
        }
        if element.attribute_required("Version")? != "2.0" {
            return Err(MessageError::Version);
        }
        let names = ["Issuer", "Subject", "Conditions", "Advice", "AuthnStatement", "AttributeStatement"];
        element.only(&names.map(|name| (SAML, name)), "Assertion")?;
        let subject = element.required(SAML, "Subject")?;
        subject.only(&["NameID", "EncryptedID", "SubjectConfirmation"].map(|name| (SAML, name)), "Subject")?;
        let conditions = element.required(SAML, "Conditions")?;
        conditions
            .only(&["AudienceRestriction", "OneTimeUse", "ProxyRestriction"].map(|name| (SAML, name)), "Conditions")?;
        Ok(Self {
            id: element.id()?,
            issue_instant: issue_instant(element)?,
            issuer: issuer(element)?.ok_or_else(|| element.wrong("Issuer", FormFault::Missing))?,
            name_id: NameId::read_within(subject, keys)?,
            confirmations: confirmations(subject)?,
            not_before: conditions.attribute_instant("NotBefore")?,
            not_on_or_after: conditions.attribute_instant("NotOnOrAfter")?,
            audience_restrictions: audience_restrictions(conditions)?,
            authn: AuthnStatement::read(element.required(SAML, "AuthnStatement")?)?,
            attributes: attributes(element)?,
        })
    }
}

impl AuthnStatement {
    fn read(element: Element<'_, '_>) -> Result<Self, FormError> {
        element.only(&["SubjectLocality", "AuthnContext"].map(|name| (SAML, name)), "AuthnStatement")?;
        let instant = element.attribute_instant("AuthnInstant")?;
        let context = element.required(SAML, "AuthnContext")?;
        let class = context.optional(SAML, "AuthnContextClassRef")?;
        Ok(Self {
            authn_instant: instant.ok_or_else(|| element.wrong("AuthnInstant", FormFault::Missing))?,
            session_index: element.attribute_uri("SessionIndex")?,
            session_not_on_or_after: element.attribute_instant("SessionNotOnOrAfter")?,
            context_class: class.map(|class| class.uri("AuthnContextClassRef")).transpose()?,
            authorities: uris(context, "AuthenticatingAuthority")?,
        })
    }
}

fn confirmations(subject: Element<'_, '_>) -> Result<Vec<Bearer>, FormError> {
    let mut confirmations = Vec::new();
    for confirmation in listed(subject, "SubjectConfirmation")? {
        if confirmation.attribute_required("Method")? != BEARER {
            continue;
        }
        let Some(data) = confirmation.optional(SAML, "SubjectConfirmationData")? else { continue };
        confirmations.push(Bearer {
            recipient: data.attribute("Recipient").map(str::to_owned),
            in_response_to: data.attribute("InResponseTo").map(str::to_owned),
            not_before: data.attribute_instant("NotBefore")?,
            not_on_or_after: data.attribute_instant("NotOnOrAfter")?,
        });
    }
    Ok(confirmations)
}

fn audience_restrictions(conditions: Element<'_, '_>) -> Result<Vec<Vec<String>>, FormError> {
    listed(conditions, "AudienceRestriction")?.into_iter().map(|restriction| uris(restriction, "Audience")).collect()
}

fn attributes(assertion: Element<'_, '_>) -> Result<Vec<Attribute>, FormError> {
    let mut attributes = Vec::new();
    let mut seen = BTreeSet::new();
    for statement in assertion.all(SAML, "AttributeStatement") {
        statement.only(&["Attribute", "EncryptedAttribute"].map(|name| (SAML, name)), "AttributeStatement")?;
        for element in statement.all(SAML, "Attribute") {
            let attribute = Attribute::read(element)?;
            let is_new = seen.insert((attribute.name_format.clone(), attribute.name.clone()));
            if !is_new || seen.len() > ATTRIBUTES_MAX {
                return Err(element.wrong("Attribute", FormFault::Repeated));
            }
            attributes.push(attribute);
        }
    }
    Ok(attributes)
}

/// The texts of the elements of that name.
fn uris(parent: Element<'_, '_>, name: &'static str) -> Result<Vec<String>, FormError> {
    listed(parent, name)?.into_iter().map(|element| element.uri(name)).collect()
}

/// The elements of that name, of which there may be only so many.
fn listed<'d, 'i>(parent: Element<'d, 'i>, name: &'static str) -> Result<Vec<Element<'d, 'i>>, FormError> {
    let elements: Vec<_> = parent.all(SAML, name).take(LISTED_MAX + 1).collect();
    match elements.get(LISTED_MAX) {
        Some(surplus) => Err(surplus.wrong(name, FormFault::Repeated)),
        None => Ok(elements),
    }
}
