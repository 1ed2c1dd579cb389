//! Writing metadata, each element in the order of its schema.

use xmlsec::Writer;

use super::{
    AttributeConsumer, Endpoint, EntityDescriptor, IdpDescriptor, IndexedEndpoint, Role, Scope, SpDescriptor, ui,
};
use crate::instant;
use crate::write::{Signer, WriteError, attributes, flag, signed};
use crate::xml::{MD, MDATTR, SAMLP, SHIBMD};

impl EntityDescriptor {
    /// Writes the descriptor. `id` is what the signature refers to, and another one each time.
    ///
    /// # Errors
    ///
    /// See [`WriteError`].
    pub fn write(&self, id: &str, signer: Option<&Signer<'_>>) -> Result<String, WriteError> {
        let mut writer = Writer::new();
        let valid_until = self.valid_until.map(instant::print);
        let cache_duration = self.cache_duration.map(|seconds| format!("PT{}S", seconds.max(0)));
        writer.start(MD, "EntityDescriptor").attribute("ID", id).attribute("entityID", &self.entity_id);
        let times = [("validUntil", valid_until.as_deref()), ("cacheDuration", cache_duration.as_deref())];
        attributes(&mut writer, &times);
        let signature_at = writer.position();
        if !self.attributes.is_empty() {
            writer.start(MD, "Extensions").start(MDATTR, "EntityAttributes");
            for attribute in &self.attributes {
                attribute.write(&mut writer);
            }
            writer.end().end();
        }
        if let Some(idp) = &self.idp {
            idp.write(&mut writer);
        }
        if let Some(sp) = &self.sp {
            sp.write(&mut writer);
        }
        if let Some(organization) = &self.organization {
            organization.write(&mut writer);
        }
        for contact in &self.contacts {
            contact.write(&mut writer);
        }
        signed(writer.finish()?, id, signature_at, signer)
    }
}

impl IdpDescriptor {
    fn write(&self, writer: &mut Writer<'_>) {
        writer.start(MD, "IDPSSODescriptor");
        attributes(writer, &[("WantAuthnRequestsSigned", flag(self.want_authn_requests_signed))]);
        self.role.write(writer, &self.scopes);
        for endpoint in &self.single_sign_on {
            endpoint.write(writer, "SingleSignOnService");
        }
        writer.end();
    }
}

impl SpDescriptor {
    fn write(&self, writer: &mut Writer<'_>) {
        writer.start(MD, "SPSSODescriptor");
        let flags = [
            ("AuthnRequestsSigned", flag(self.authn_requests_signed)),
            ("WantAssertionsSigned", flag(self.want_assertions_signed)),
        ];
        attributes(writer, &flags);
        self.role.write(writer, &[]);
        for endpoint in &self.assertion_consumers {
            endpoint.write(writer, "AssertionConsumerService");
        }
        for consumer in &self.attribute_consumers {
            consumer.write(writer);
        }
        writer.end();
    }
}

impl Role {
    /// The role's shared attributes and elements; its element was just begun.
    fn write(&self, writer: &mut Writer<'_>, scopes: &[Scope]) {
        writer.attribute("protocolSupportEnumeration", SAMLP.uri);
        attributes(writer, &[("errorURL", self.error_url.as_deref())]);
        if !scopes.is_empty() || self.ui != ui::NOTHING || !self.signing_methods.is_empty() {
            writer.start(MD, "Extensions");
            for scope in scopes {
                let is_regexp = if scope.is_regexp { "true" } else { "false" };
                writer.start(SHIBMD, "Scope").attribute("regexp", is_regexp).text(&scope.value).end();
            }
            self.ui.write(writer);
            for method in &self.signing_methods {
                method.write(writer);
            }
            writer.end();
        }
        for key in &self.keys {
            key.write(writer);
        }
        for endpoint in &self.artifact_resolution {
            endpoint.write(writer, "ArtifactResolutionService");
        }
        for endpoint in &self.single_logout {
            endpoint.write(writer, "SingleLogoutService");
        }
        for format in &self.name_id_formats {
            writer.leaf(MD, "NameIDFormat", format.uri());
        }
    }
}

impl Endpoint {
    fn write(&self, writer: &mut Writer<'_>, name: &'static str) {
        writer.start(MD, name).attribute("Binding", self.binding.uri()).attribute("Location", &self.location);
        attributes(writer, &[("ResponseLocation", self.response_location.as_deref())]);
        writer.end();
    }
}

impl IndexedEndpoint {
    fn write(&self, writer: &mut Writer<'_>, name: &'static str) {
        writer.start(MD, name).attribute("Binding", self.binding.uri()).attribute("Location", &self.location);
        writer.attribute("index", &self.index.to_string());
        attributes(writer, &[("isDefault", written(self.is_default))]);
        writer.end();
    }
}

impl AttributeConsumer {
    fn write(&self, writer: &mut Writer<'_>) {
        writer.start(MD, "AttributeConsumingService").attribute("index", &self.index.to_string());
        attributes(writer, &[("isDefault", written(self.is_default))]);
        ui::write_localized(writer, MD, "ServiceName", &self.names);
        ui::write_localized(writer, MD, "ServiceDescription", &self.descriptions);
        for requested in &self.requested {
            writer.start(MD, "RequestedAttribute");
            attributes(writer, &[("isRequired", flag(requested.is_required))]);
            requested.attribute.write_inner(writer);
            writer.end();
        }
        writer.end();
    }
}

/// An `xs:boolean` of which it matters whether it is left out.
fn written(value: Option<bool>) -> Option<&'static str> {
    value.map(|value| if value { "true" } else { "false" })
}
