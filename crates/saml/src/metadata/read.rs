//! Reading metadata, and what is refused or remarked upon.

use xmlsec::{Document, KeyError, Limits, Namespace, SignatureAlgorithm, SignatureError, VerifyingKey, XmlError};

use super::location::LocationFault;
use super::{ENTITIES_MAX, EntityDescriptor, METADATA_BYTES_MAX, role, signing_method, ui};
use crate::Attribute;
use crate::instant;
use crate::received::is_signed;
use crate::xml::{Element, FormError, FormFault, MD, MDATTR, SAML};

/// How metadata is read.
#[derive(Clone, Copy, Debug)]
pub struct MetadataReading<'a> {
    /// Whether addresses of this machine without TLS will do.
    pub loopback: Loopback,
    /// Why the metadata is believed.
    pub trust: Trust<'a>,
    /// Seconds since the epoch.
    pub now: i64,
}

/// Whether `http://` to this machine will do, which only a demonstration may allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loopback {
    /// It will not.
    Refused,
    /// It will.
    Allowed,
}

/// Why metadata is believed.
#[derive(Clone, Copy, Debug)]
pub enum Trust<'a> {
    /// Because of who brought it: an operator, with a file. A signature is not checked, but for its algorithm.
    Bearer,
    /// Because one of these keys signed it; what is read is what was signed.
    SignedBy(&'a [VerifyingKey]),
}

/// What was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metadata {
    /// The entities, at least one, each with a role that we know.
    pub entities: Vec<EntityDescriptor>,
    /// Whether the root has a signature, checked or not.
    pub is_signed: bool,
    /// The octets that were hashed, if a signature was checked: nothing else of the document was read.
    pub verified: Option<String>,
    /// What an operator should hear of.
    pub warnings: Vec<Warning>,
}

/// Something that is not as it should be but does no harm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {remark}")]
pub struct Warning {
    /// From 1.
    pub line: u32,
    /// What.
    pub remark: Remark,
}

/// What is remarked upon. A certificate is only a key's wrapping, so neither its time nor its own signature matters
/// (SAML V2.0 Metadata Interoperability Profile section 2.6.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Remark {
    /// Its time is over.
    #[error("the certificate has expired")]
    CertificateExpired,
    /// Its time has not begun.
    #[error("the certificate is not yet valid")]
    CertificateNotYetValid,
    /// It was itself signed with SHA-1.
    #[error("the certificate was signed with SHA-1")]
    CertificateSha1,
}

/// Why metadata is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MetadataError {
    /// More than [`METADATA_BYTES_MAX`].
    #[error("the metadata is longer than 1 MiB")]
    TooLarge,
    /// No XML, or not as it may be here.
    #[error(transparent)]
    Xml(#[from] XmlError),
    /// It must be signed and is not.
    #[error("the metadata is not signed")]
    Unsigned,
    /// Its signature is not good.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// Something in it.
    #[error("line {line}: {fault}")]
    At {
        /// From 1.
        line: u32,
        /// What is wrong there.
        fault: MetadataFault,
    },
}

/// What is wrong in metadata.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MetadataFault {
    /// An element or attribute is not as its schema wants it.
    #[error("{name} {fault}")]
    Form {
        /// Its name.
        name: &'static str,
        /// What is wrong with it.
        fault: FormFault,
    },
    /// An address is refused.
    #[error("{name} {fault}")]
    Location {
        /// The element or attribute.
        name: &'static str,
        /// What is wrong with it.
        fault: LocationFault,
    },
    /// A key is refused.
    #[error("the certificate is refused: {0}")]
    Key(KeyError),
    /// It is signed with SHA-1.
    #[error("the signature uses SHA-1 or another algorithm that is not accepted")]
    SignatureAlgorithm,
    /// `validUntil` has passed (Metadata section 2.3.1).
    #[error("the metadata has expired")]
    Expired,
    /// The algorithms listed for encryption have none that we use.
    #[error("the key for encryption allows neither AES-GCM with RSA-OAEP")]
    NoCipher,
    /// It is neither an identity provider's nor a service's of SAML 2.0.
    #[error("the entity has no role of SAML 2.0 that is known here")]
    NoRole,
}

impl From<FormError> for MetadataError {
    fn from(FormError { line, name, fault }: FormError) -> Self {
        MetadataError::At { line, fault: MetadataFault::Form { name, fault } }
    }
}

pub(super) fn at(element: Element<'_, '_>, fault: MetadataFault) -> MetadataError {
    MetadataError::At { line: element.line(), fault }
}

/// The state of reading one file.
pub(super) struct Reader<'a> {
    /// The one entity that is read, if not all.
    only: Option<&'a str>,
    pub(super) loopback: Loopback,
    pub(super) now: i64,
    pub(super) warnings: Vec<Warning>,
    entities: Vec<EntityDescriptor>,
}

impl MetadataReading<'_> {
    /// Reads an `EntityDescriptor`, or an `EntitiesDescriptor` with entities and groups in it.
    ///
    /// # Errors
    ///
    /// See [`MetadataError`].
    pub fn read(&self, octets: &[u8]) -> Result<Metadata, MetadataError> {
        let (root, metadata) = self.read_some(octets, None)?;
        if metadata.entities.is_empty() {
            return Err(MetadataError::At { line: root, fault: MetadataFault::NoRole });
        }
        Ok(metadata)
    }

    /// Reads the entity with that `entityID`, which may be one of many; what is wrong with others does not matter.
    /// `None` if it is not there or has no role that we know.
    ///
    /// # Errors
    ///
    /// See [`MetadataError`].
    pub fn read_entity(&self, octets: &[u8], entity_id: &str) -> Result<Option<Metadata>, MetadataError> {
        let (_, metadata) = self.read_some(octets, Some(entity_id))?;
        Ok((!metadata.entities.is_empty()).then_some(metadata))
    }

    /// What there is, and the line of the root.
    fn read_some(&self, octets: &[u8], only: Option<&str>) -> Result<(u32, Metadata), MetadataError> {
        if octets.len() > METADATA_BYTES_MAX {
            return Err(MetadataError::TooLarge);
        }
        let document = Document::parse(octets, &Limits::METADATA)?;
        let root = Element(document.root());
        check_algorithms(root)?;
        let mut reader =
            Reader { only, loopback: self.loopback, now: self.now, warnings: Vec::new(), entities: Vec::new() };
        let verified = match self.trust {
            Trust::Bearer => {
                reader.read(root, None)?;
                None
            }
            Trust::SignedBy(_) if !is_signed(root) => return Err(MetadataError::Unsigned),
            Trust::SignedBy(keys) => {
                let verified = xmlsec::verify_enveloped(&document, root.0, keys, &SignatureAlgorithm::ALL)?.octets;
                let document = Document::parse(verified.as_bytes(), &Limits::METADATA)?;
                reader.read(Element(document.root()), None)?;
                Some(verified)
            }
        };
        let Reader { entities, warnings, .. } = reader;
        let metadata = Metadata { entities, is_signed: is_signed(root), verified, warnings };
        Ok((root.line(), metadata))
    }
}

impl Reader<'_> {
    /// Reads an entity or a group. `until` is when the group around it expires. In a group, entities without a role
    /// that we know are passed over.
    fn read(&mut self, element: Element<'_, '_>, until: Option<i64>) -> Result<(), MetadataError> {
        let is_other = element.is(MD, "EntityDescriptor") && element.attribute("entityID") != self.only;
        if self.only.is_some() && is_other {
            return Ok(());
        }
        let own = element.attribute_instant("validUntil")?;
        let until = own.into_iter().chain(until).min();
        if until.is_some_and(|until| until <= self.now) {
            return Err(at(element, MetadataFault::Expired));
        }
        if element.is(MD, "EntityDescriptor") {
            let entity = self.entity(element, until)?;
            if entity.idp.is_none() && entity.sp.is_none() {
                return Ok(());
            }
            if self.entities.len() == ENTITIES_MAX
                || self.entities.iter().any(|known| known.entity_id == entity.entity_id)
            {
                return Err(element.wrong("EntityDescriptor", FormFault::Repeated).into());
            }
            self.entities.push(entity);
            Ok(())
        } else if element.is(MD, "EntitiesDescriptor") {
            let is_part =
                |child: &Element<'_, '_>| child.is(MD, "EntityDescriptor") || child.is(MD, "EntitiesDescriptor");
            element.elements().filter(is_part).try_for_each(|child| self.read(child, until))
        } else {
            Err(element.wrong("EntityDescriptor", FormFault::Missing).into())
        }
    }

    fn entity(
        &mut self,
        element: Element<'_, '_>,
        valid_until: Option<i64>,
    ) -> Result<EntityDescriptor, MetadataError> {
        let extensions = element.optional(MD, "Extensions")?;
        let duration = element.attribute("cacheDuration").map(|text| {
            instant::parse_duration(text).ok_or_else(|| element.wrong("cacheDuration", FormFault::Invalid))
        });
        let mut idp = role::supported(element, "IDPSSODescriptor")?.map(|role| self.idp(role)).transpose()?;
        let mut sp = role::supported(element, "SPSSODescriptor")?.map(|role| self.sp(role)).transpose()?;
        let methods = extensions.map(signing_method::listed).transpose()?.unwrap_or_default();
        let roles = idp.iter_mut().map(|idp| &mut idp.role).chain(sp.iter_mut().map(|sp| &mut sp.role));
        for role in roles.filter(|role| role.signing_methods.is_empty()) {
            role.signing_methods.clone_from(&methods);
        }
        Ok(EntityDescriptor {
            entity_id: element.uri_in("entityID")?,
            valid_until,
            cache_duration: duration.transpose()?,
            attributes: extensions.map_or(Ok(Vec::new()), entity_attributes)?,
            idp,
            sp,
            organization: element.optional(MD, "Organization")?.map(ui::organization).transpose()?,
            contacts: role::listed(element, MD, "ContactPerson")?
                .into_iter()
                .map(ui::contact)
                .collect::<Result<_, _>>()?,
        })
    }
}

fn entity_attributes(extensions: Element<'_, '_>) -> Result<Vec<Attribute>, FormError> {
    let Some(attributes) = extensions.optional(MDATTR, "EntityAttributes")? else { return Ok(Vec::new()) };
    role::listed(attributes, SAML, "Attribute")?.into_iter().map(Attribute::read).collect()
}

/// Refuses a signature whose algorithms are none of ours, whether it is checked or not.
fn check_algorithms(root: Element<'_, '_>) -> Result<(), MetadataError> {
    for signature in root.all(Namespace::DS, "Signature") {
        for method in signature.0.descendants().map(Element) {
            let named = method.attribute("Algorithm").unwrap_or_default();
            let is_refused = method.is(Namespace::DS, "SignatureMethod")
                && SignatureAlgorithm::from_uri(named).is_none()
                || method.is(Namespace::DS, "DigestMethod") && named.ends_with("#sha1");
            if is_refused {
                return Err(at(method, MetadataFault::SignatureAlgorithm));
            }
        }
    }
    Ok(())
}
