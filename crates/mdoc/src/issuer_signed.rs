//! A document as its issuer gave it out: read, and believed only after its signature and every digest.

use std::collections::BTreeSet;

use ciborium::Value as Cbor;
use coset::CoseSign1;

use crate::cbor::{self, Limits};
use crate::cose;
use crate::error::MdocError;
use crate::key::VerifyingKey;
use crate::mso::{Mso, StatusReference, Validity};
use crate::value::{Asked, Element, Need, Value};

/// An `IssuerSigned` (ISO/IEC 18013-5 section 8.3.2.1.2.2), read and not believed. The only thing to be
/// learnt from it is who claims to have signed it.
#[derive(Clone, Debug)]
pub struct IssuerSigned {
    items: Vec<Item>,
    issuer_auth: CoseSign1,
}

/// An `IssuerSignedItem`, of which the value rests unread.
#[derive(Clone)]
struct Item {
    namespace: String,
    identifier: String,
    digest_id: u64,
    /// The very octets inside `IssuerSignedItemBytes`.
    octets: Vec<u8>,
}

/// What a verifier holds a document against.
#[derive(Clone, Copy, Debug)]
pub struct ExpectedIssuer<'a> {
    /// The type of document that was asked for.
    pub doc_type: &'a str,
    /// The key of the first certificate of [`IssuerSigned::x5chain`], after the caller has judged that chain.
    pub key: &'a VerifyingKey,
    /// Now, in Unix time.
    pub at: i64,
}

/// A document whose issuer and digests are good. That its holder shows it is another matter: see
/// [`crate::Document::verify`].
#[derive(Clone, Debug)]
pub struct Issued {
    items: Vec<Item>,
    mso: Mso,
}

impl IssuerSigned {
    /// Reads an `IssuerSigned`, which is what an issuer hands to a wallet (`OpenID4VCI` 1.0 appendix A.2.4).
    ///
    /// # Errors
    ///
    /// The first fault found; see [`MdocError`].
    pub fn parse(octets: &[u8]) -> Result<Self, MdocError> {
        Self::read(&cbor::read(octets, &Limits::MESSAGE)?)
    }

    pub(crate) fn read(value: &Cbor) -> Result<Self, MdocError> {
        let issuer_auth = cose::read(cbor::member(value, "issuerAuth").ok_or(MdocError::Form)?)?;
        let mut items = Vec::new();
        // A document may show nothing.
        let namespaces = match cbor::member(value, "nameSpaces") {
            Some(namespaces) => namespaces.as_map().ok_or(MdocError::Form)?.as_slice(),
            None => &[],
        };
        for (namespace, of_namespace) in namespaces {
            let (Some(namespace), Some(of_namespace)) = (namespace.as_text(), of_namespace.as_array()) else {
                return Err(MdocError::Form);
            };
            for item in of_namespace {
                items.push(Item::read(namespace, item)?);
            }
        }
        let names: BTreeSet<_> = items.iter().map(Item::name).collect();
        if names.len() < items.len() {
            return Err(MdocError::DuplicateElement);
        }
        Ok(Self { items, issuer_auth })
    }

    /// The certificates of whoever claims to have signed, in DER: the signer's first, each signed by the
    /// next; from one to [`crate::CERTIFICATES_MAX`]. Whether they are to be trusted is for the caller to
    /// judge, before it takes the first one's key.
    ///
    /// # Errors
    ///
    /// [`MdocError::Chain`].
    pub fn x5chain(&self) -> Result<Vec<&[u8]>, MdocError> {
        cose::x5chain(&self.issuer_auth)
    }

    /// Checks the issuer's signature, then the type, the digest of every element and the time (ISO/IEC
    /// 18013-5 section 9.3.1). Where [`Issued::status`] names a list, the caller asks that.
    ///
    /// # Errors
    ///
    /// The first fault found; see [`MdocError`].
    pub fn verify(&self, expected: &ExpectedIssuer<'_>) -> Result<Issued, MdocError> {
        if cose::algorithm(&self.issuer_auth) != Some(expected.key.algorithm()) {
            return Err(MdocError::Algorithm);
        }
        let payload = self.issuer_auth.payload.as_deref().ok_or(MdocError::Form)?;
        if !cose::verifies(&self.issuer_auth, expected.key) {
            return Err(MdocError::IssuerSignature);
        }
        let mso = Mso::read(payload)?;
        if mso.doc_type != expected.doc_type {
            return Err(MdocError::DocType);
        }
        let is_signed = |item: &Item| {
            let digest = mso.value_digests.get(&item.namespace).and_then(|digests| digests.get(&item.digest_id));
            digest.is_some_and(|digest| *digest == mso.digest_algorithm.of_item(&item.octets))
        };
        if !self.items.iter().all(is_signed) {
            return Err(MdocError::Digest);
        }
        mso.validity.check(expected.at)?;
        Ok(Issued { items: self.items.clone(), mso })
    }

    /// The same with only the elements that are `chosen`: what a holder shows. Their octets and the
    /// issuer's signature stay as they are.
    ///
    /// # Errors
    ///
    /// [`MdocError::Missing`] for a required one that is not there.
    pub(crate) fn reduced(&self, chosen: &[Asked<'_>]) -> Result<Self, MdocError> {
        let items = select(&self.items, chosen)?.into_iter().cloned().collect();
        Ok(Self { items, issuer_auth: self.issuer_auth.clone() })
    }

    pub(crate) fn write(&self) -> Option<Cbor> {
        let mut namespaces: Vec<(Cbor, Vec<Cbor>)> = Vec::new();
        for item in &self.items {
            let bytes = cbor::embedded(item.octets.clone());
            let namespace = Cbor::from(item.namespace.as_str());
            match namespaces.iter_mut().find(|(known, _)| *known == namespace) {
                Some((_, items)) => items.push(bytes),
                None => namespaces.push((namespace, vec![bytes])),
            }
        }
        let issuer_auth = coset::AsCborValue::to_cbor_value(self.issuer_auth.clone()).ok()?;
        if namespaces.is_empty() {
            return Some(cbor::map([("issuerAuth", issuer_auth)]));
        }
        let namespaces = namespaces.into_iter().map(|(namespace, items)| (namespace, Cbor::Array(items)));
        Some(cbor::map([("nameSpaces", Cbor::Map(namespaces.collect())), ("issuerAuth", issuer_auth)]))
    }
}

impl Item {
    fn read(namespace: &str, value: &Cbor) -> Result<Self, MdocError> {
        let octets = cbor::embedded_in(value).ok_or(MdocError::Form)?;
        let item = cbor::read(octets, &Limits::MESSAGE)?;
        let read = || {
            cbor::member(&item, "random")?.as_bytes()?;
            cbor::member(&item, "elementValue")?;
            Some(Self {
                namespace: namespace.to_owned(),
                identifier: cbor::member(&item, "elementIdentifier")?.as_text()?.to_owned(),
                digest_id: u64::try_from(cbor::member(&item, "digestID")?.as_integer()?).ok()?,
                octets: octets.to_vec(),
            })
        };
        read().ok_or(MdocError::Form)
    }

    fn name(&self) -> (&str, &str) {
        (&self.namespace, &self.identifier)
    }

    fn value(&self) -> Result<Value, MdocError> {
        let item = cbor::read(&self.octets, &Limits::MESSAGE)?;
        cbor::member(&item, "elementValue").and_then(Value::read).ok_or(MdocError::Value)
    }
}

impl std::fmt::Debug for Item {
    /// The value is somebody's, and with the salt it could be guessed from the digest.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { namespace, identifier, digest_id: _, octets: _ } = self;
        write!(f, "Item({namespace}, {identifier})")
    }
}

impl Issued {
    /// Its type.
    pub fn doc_type(&self) -> &str {
        &self.mso.doc_type
    }

    /// From when until when it holds.
    pub fn validity(&self) -> Validity {
        self.mso.validity
    }

    /// Where its status stands, if anywhere.
    pub fn status(&self) -> Option<&StatusReference> {
        self.mso.status.as_ref()
    }

    /// The key of the device that it was issued to.
    pub fn device_key(&self) -> &VerifyingKey {
        &self.mso.device_key
    }

    /// Namespace and identifier of every element that is there.
    pub fn names(&self) -> impl Iterator<Item = (&str, &str)> {
        self.items.iter().map(Item::name)
    }

    /// The elements that are `asked` for, in that order; the values of all others are not looked at.
    ///
    /// # Errors
    ///
    /// [`MdocError::Missing`] for a required one that is not there, [`MdocError::Value`] for one whose value
    /// no [`Value`] can hold.
    pub fn elements(&self, asked: &[Asked<'_>]) -> Result<Vec<Element>, MdocError> {
        let items = select(&self.items, asked)?.into_iter();
        let elements = items.map(|item| {
            let (namespace, identifier) = (item.namespace.clone(), item.identifier.clone());
            Ok(Element { namespace, identifier, value: item.value()? })
        });
        elements.collect()
    }
}

fn select<'i>(items: &'i [Item], asked: &[Asked<'_>]) -> Result<Vec<&'i Item>, MdocError> {
    let mut selected: Vec<&Item> = Vec::new();
    for Asked { namespace, identifier, need } in asked {
        let found = items.iter().find(|item| item.name() == (namespace, identifier));
        match (found, need) {
            (Some(item), Need::Required | Need::Optional) => {
                // Asked for twice, it is shown once: a document has no element twice.
                if selected.iter().all(|known| known.name() != item.name()) {
                    selected.push(item);
                }
            }
            (None, Need::Required) => return Err(MdocError::Missing),
            (None, Need::Optional) => {}
        }
    }
    Ok(selected)
}
