//! What the issuer signs: the mobile security object (ISO/IEC 18013-5 section 9.1.2.4).

use std::collections::BTreeMap;

use aws_lc_rs::digest::{self, SHA256, SHA384, SHA512, digest};
use ciborium::Value;

use crate::cbor::{self, DATE_TIME, Limits};
use crate::cose;
use crate::error::MdocError;
use crate::key::VerifyingKey;
use crate::time;

/// From when until when a document holds, in Unix time. Both ends count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    /// When it was signed. It lies within the validity of the signer's certificate, which the caller has
    /// to check.
    pub signed: i64,
    /// From when it holds, not before it was signed.
    pub from: i64,
    /// Until when it holds.
    pub until: i64,
}

/// Where the status of a document stands: an entry of a token status list (Token Status List section 6.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusReference {
    /// The entry's number in the list.
    pub index: u64,
    /// The list's address.
    pub uri: String,
}

/// The closed list of ISO/IEC 18013-5 section 9.1.2.5.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DigestAlgorithm {
    Sha256,
    Sha384,
    Sha512,
}

/// Digests by number, of one namespace.
pub(crate) type Digests = BTreeMap<u64, Vec<u8>>;

/// The object itself. Extensions that it may carry are not read.
#[derive(Clone, Debug)]
pub(crate) struct Mso {
    pub(crate) digest_algorithm: DigestAlgorithm,
    pub(crate) value_digests: BTreeMap<String, Digests>,
    pub(crate) device_key: VerifyingKey,
    pub(crate) doc_type: String,
    pub(crate) validity: Validity,
    pub(crate) status: Option<StatusReference>,
}

impl Validity {
    pub(crate) fn is_well_formed(&self) -> bool {
        self.signed <= self.from && self.from < self.until
    }

    pub(crate) fn check(&self, at: i64) -> Result<(), MdocError> {
        if at < self.from {
            Err(MdocError::NotYetValid)
        } else if at > self.until {
            Err(MdocError::Expired)
        } else {
            Ok(())
        }
    }

    fn read(value: &Value) -> Option<Self> {
        let instant = |name| match cbor::member(value, name)?.as_tag()? {
            (DATE_TIME, text) => time::read(text.as_text()?),
            _ => None,
        };
        let [signed, from, until] = ["signed", "validFrom", "validUntil"].map(instant);
        let validity = Self { signed: signed?, from: from?, until: until? };
        validity.is_well_formed().then_some(validity)
    }

    fn write(&self) -> Option<Value> {
        let instant = |unix| Some(Value::Tag(DATE_TIME, Box::new(time::write(unix)?.into())));
        let members = [
            ("signed", instant(self.signed)?),
            ("validFrom", instant(self.from)?),
            ("validUntil", instant(self.until)?),
        ];
        Some(cbor::map(members))
    }
}

impl StatusReference {
    /// `status`, if there is one: without a list that can be asked it is no status at all.
    fn read(mso: &Value) -> Result<Option<Self>, MdocError> {
        let Some(status) = cbor::member(mso, "status") else { return Ok(None) };
        let read = || {
            let list = cbor::member(status, "status_list")?;
            let index = u64::try_from(cbor::member(list, "idx")?.as_integer()?).ok()?;
            Some(Self { index, uri: cbor::member(list, "uri")?.as_text()?.to_owned() })
        };
        read().map(Some).ok_or(MdocError::StatusMechanism)
    }

    fn write(&self) -> Value {
        cbor::map([("status_list", cbor::map([("idx", self.index.into()), ("uri", self.uri.as_str().into())]))])
    }
}

impl DigestAlgorithm {
    const ALL: [DigestAlgorithm; 3] = [DigestAlgorithm::Sha256, DigestAlgorithm::Sha384, DigestAlgorithm::Sha512];

    const fn as_str(self) -> &'static str {
        match self {
            DigestAlgorithm::Sha256 => "SHA-256",
            DigestAlgorithm::Sha384 => "SHA-384",
            DigestAlgorithm::Sha512 => "SHA-512",
        }
    }

    fn algorithm(self) -> &'static digest::Algorithm {
        match self {
            DigestAlgorithm::Sha256 => &SHA256,
            DigestAlgorithm::Sha384 => &SHA384,
            DigestAlgorithm::Sha512 => &SHA512,
        }
    }

    /// The digest of an element: over `IssuerSignedItemBytes`, its tag and length included.
    pub(crate) fn of_item(self, item: &[u8]) -> Vec<u8> {
        digest(self.algorithm(), &cbor::write(&cbor::embedded(item.to_vec()))).as_ref().to_vec()
    }
}

impl Mso {
    /// Reads `MobileSecurityObjectBytes`, the payload of `issuerAuth`. Only what a good signature covers
    /// comes here.
    pub(crate) fn read(payload: &[u8]) -> Result<Self, MdocError> {
        let outer = cbor::read(payload, &Limits::MESSAGE)?;
        let mso = cbor::read(cbor::embedded_in(&outer).ok_or(MdocError::Form)?, &Limits::MESSAGE)?;
        let text = |name| cbor::member(&mso, name).and_then(Value::as_text).ok_or(MdocError::Form);
        if text("version")? != "1.0" {
            return Err(MdocError::Version);
        }
        let digest_algorithm = text("digestAlgorithm")?;
        let digest_algorithm = DigestAlgorithm::ALL.into_iter().find(|one| one.as_str() == digest_algorithm);
        let device_key = cbor::member(&mso, "deviceKeyInfo").and_then(|info| cbor::member(info, "deviceKey"));
        Ok(Self {
            digest_algorithm: digest_algorithm.ok_or(MdocError::DigestAlgorithm)?,
            value_digests: value_digests(&mso).ok_or(MdocError::Form)?,
            device_key: cose::read_key(device_key.ok_or(MdocError::Form)?).ok_or(MdocError::DeviceKey)?,
            doc_type: text("docType")?.to_owned(),
            validity: cbor::member(&mso, "validityInfo").and_then(Validity::read).ok_or(MdocError::Form)?,
            status: StatusReference::read(&mso)?,
        })
    }

    /// `MobileSecurityObjectBytes`; `None` when an instant cannot be written.
    pub(crate) fn write(&self) -> Option<Vec<u8>> {
        let namespaces = self.value_digests.iter().map(|(namespace, digests)| {
            let digests = digests.iter().map(|(id, digest)| ((*id).into(), Value::Bytes(digest.clone())));
            (namespace.as_str().into(), Value::Map(digests.collect()))
        });
        let mut mso = cbor::map([
            ("version", "1.0".into()),
            ("digestAlgorithm", self.digest_algorithm.as_str().into()),
            ("valueDigests", Value::Map(namespaces.collect())),
            ("deviceKeyInfo", cbor::map([("deviceKey", cose::write_key(&self.device_key)?)])),
            ("docType", self.doc_type.as_str().into()),
            ("validityInfo", self.validity.write()?),
        ]);
        if let (Some(status), Value::Map(members)) = (&self.status, &mut mso) {
            members.push(("status".into(), status.write()));
        }
        Some(cbor::write(&cbor::embedded(cbor::write(&mso))))
    }
}

fn value_digests(mso: &Value) -> Option<BTreeMap<String, Digests>> {
    let namespaces = cbor::member(mso, "valueDigests")?.as_map()?.iter();
    let namespaces = namespaces.map(|(namespace, digests)| {
        let digests = digests.as_map()?.iter();
        let digests = digests.map(|(id, digest)| {
            let id = u64::try_from(id.as_integer()?).ok()?;
            Some((id, digest.as_bytes()?.clone()))
        });
        Some((namespace.as_text()?.to_owned(), digests.collect::<Option<Digests>>()?))
    });
    namespaces.collect()
}
