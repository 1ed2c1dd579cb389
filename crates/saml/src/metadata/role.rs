//! Reading the two roles (SAML Metadata sections 2.4.1 to 2.4.4).

use xmlsec::Namespace;

use super::location::{self, LocationFault};
use super::read::{MetadataError, MetadataFault, Reader, at};
use super::{
    AttributeConsumer, Endpoint, IdpDescriptor, IndexedEndpoint, LISTED_MAX, RequestedAttribute, Role, Scope,
    SpDescriptor, signing_method, ui,
};
use crate::xml::{Element, FormError, FormFault, MD, SAMLP, SHIBMD};
use crate::{Attribute, Binding, NameIdFormat};

/// The role of that name that speaks SAML 2.0.
pub(super) fn supported<'d, 'i>(
    entity: Element<'d, 'i>,
    name: &'static str,
) -> Result<Option<Element<'d, 'i>>, FormError> {
    let speaks = |role: &Element<'_, '_>| {
        let protocols = role.attribute("protocolSupportEnumeration").unwrap_or_default();
        protocols.split_ascii_whitespace().any(|protocol| protocol == SAMLP.uri)
    };
    let mut roles = entity.all(MD, name).filter(speaks);
    match (roles.next(), roles.next()) {
        (role, None) => Ok(role),
        (_, Some(second)) => Err(second.wrong(name, FormFault::Repeated)),
    }
}

/// The child elements of that name, of which there may be [`LISTED_MAX`].
pub(super) fn listed<'d, 'i>(
    parent: Element<'d, 'i>,
    namespace: Namespace<'static>,
    name: &'static str,
) -> Result<Vec<Element<'d, 'i>>, FormError> {
    let elements: Vec<_> = parent.all(namespace, name).take(LISTED_MAX + 1).collect();
    match elements.get(LISTED_MAX) {
        Some(surplus) => Err(surplus.wrong(name, FormFault::Repeated)),
        None => Ok(elements),
    }
}

impl Reader<'_> {
    pub(super) fn idp(&mut self, element: Element<'_, '_>) -> Result<IdpDescriptor, MetadataError> {
        let scopes = match element.optional(MD, "Extensions")? {
            None => Vec::new(),
            Some(extensions) => {
                listed(extensions, SHIBMD, "Scope")?.into_iter().map(scope).collect::<Result<_, _>>()?
            }
        };
        Ok(IdpDescriptor {
            role: self.role(element)?,
            want_authn_requests_signed: element.attribute_flag("WantAuthnRequestsSigned")?.unwrap_or(false),
            scopes,
            single_sign_on: self.endpoints(element, "SingleSignOnService")?,
        })
    }

    pub(super) fn sp(&mut self, element: Element<'_, '_>) -> Result<SpDescriptor, MetadataError> {
        let assertion_consumers = self.indexed(element, "AssertionConsumerService")?;
        if assertion_consumers.is_empty() {
            return Err(element.wrong("AssertionConsumerService", FormFault::Missing).into());
        }
        let consumers = listed(element, MD, "AttributeConsumingService")?;
        Ok(SpDescriptor {
            role: self.role(element)?,
            authn_requests_signed: element.attribute_flag("AuthnRequestsSigned")?.unwrap_or(false),
            want_assertions_signed: element.attribute_flag("WantAssertionsSigned")?.unwrap_or(false),
            assertion_consumers,
            attribute_consumers: consumers.into_iter().map(attribute_consumer).collect::<Result<_, _>>()?,
        })
    }

    fn role(&mut self, element: Element<'_, '_>) -> Result<Role, MetadataError> {
        let extensions = element.optional(MD, "Extensions")?;
        let error_url = element.attribute("errorURL").map(|url| {
            location::link(url).map_err(|fault| at(element, MetadataFault::Location { name: "errorURL", fault }))
        });
        let formats = listed(element, MD, "NameIDFormat")?;
        let formats = formats.into_iter().map(|format| Ok(NameIdFormat::from_uri(&format.uri("NameIDFormat")?)));
        Ok(Role {
            error_url: error_url.transpose()?,
            ui: extensions.map(ui::info).transpose()?.unwrap_or_default(),
            signing_methods: extensions.map(signing_method::listed).transpose()?.unwrap_or_default(),
            keys: self.keys(element)?,
            artifact_resolution: self.indexed(element, "ArtifactResolutionService")?,
            single_logout: self.endpoints(element, "SingleLogoutService")?,
            name_id_formats: formats.collect::<Result<_, FormError>>()?,
        })
    }

    /// The endpoints of that name whose binding is known.
    fn endpoints(&self, parent: Element<'_, '_>, name: &'static str) -> Result<Vec<Endpoint>, MetadataError> {
        let mut endpoints = Vec::new();
        for element in listed(parent, MD, name)? {
            let Some(binding) = binding(element)? else { continue };
            let response_location = element.attribute("ResponseLocation");
            endpoints.push(Endpoint {
                binding,
                location: self.location(element, "Location", element.attribute_required("Location")?)?,
                response_location: response_location
                    .map(|text| self.location(element, "ResponseLocation", text))
                    .transpose()?,
            });
        }
        Ok(endpoints)
    }

    fn indexed(&self, parent: Element<'_, '_>, name: &'static str) -> Result<Vec<IndexedEndpoint>, MetadataError> {
        let mut endpoints: Vec<IndexedEndpoint> = Vec::new();
        for element in listed(parent, MD, name)? {
            let Some(binding) = binding(element)? else { continue };
            let index = element.attribute_index("index")?.ok_or_else(|| element.wrong("index", FormFault::Missing))?;
            if endpoints.iter().any(|known| known.index == index) {
                return Err(element.wrong("index", FormFault::Repeated).into());
            }
            endpoints.push(IndexedEndpoint {
                index,
                is_default: element.attribute_flag("isDefault")?,
                binding,
                location: self.location(element, "Location", element.attribute_required("Location")?)?,
            });
        }
        Ok(endpoints)
    }

    fn location(&self, element: Element<'_, '_>, name: &'static str, text: &str) -> Result<String, MetadataError> {
        let refused = |fault: LocationFault| at(element, MetadataFault::Location { name, fault });
        location::endpoint(text, self.loopback).map_err(refused)
    }
}

fn binding(element: Element<'_, '_>) -> Result<Option<Binding>, FormError> {
    Ok(Binding::from_uri(element.attribute_required("Binding")?))
}

fn scope(element: Element<'_, '_>) -> Result<Scope, FormError> {
    Ok(Scope { value: element.uri("Scope")?, is_regexp: element.attribute_flag("regexp")?.unwrap_or(false) })
}

fn attribute_consumer(element: Element<'_, '_>) -> Result<AttributeConsumer, FormError> {
    let requested = listed(element, MD, "RequestedAttribute")?.into_iter().map(|requested| {
        Ok(RequestedAttribute {
            attribute: Attribute::read(requested)?,
            is_required: requested.attribute_flag("isRequired")?.unwrap_or(false),
        })
    });
    Ok(AttributeConsumer {
        index: element.attribute_index("index")?.ok_or_else(|| element.wrong("index", FormFault::Missing))?,
        is_default: element.attribute_flag("isDefault")?,
        names: ui::localized(element, MD, "ServiceName")?,
        descriptions: ui::localized(element, MD, "ServiceDescription")?,
        requested: requested.collect::<Result<_, FormError>>()?,
    })
}
