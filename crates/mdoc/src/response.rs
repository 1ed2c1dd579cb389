//! What a wallet answers: a response with one document in it.

use ciborium::Value as Cbor;
use coset::CoseSign1;

use crate::cbor::{self, Limits};
use crate::cose;
use crate::error::MdocError;
use crate::issuer_signed::{ExpectedIssuer, IssuerSigned};
use crate::key::{SignError, SigningKey, VerifyingKey};
use crate::mso::{StatusReference, Validity};
use crate::transcript::SessionTranscript;
use crate::value::{Asked, Element, Value};

/// The document of a `DeviceResponse` (ISO/IEC 18013-5 section 8.3.2.1.2.2), read and not believed.
#[derive(Clone, Debug)]
pub struct Document {
    doc_type: String,
    issuer_signed: IssuerSigned,
    /// The very octets inside `DeviceNameSpacesBytes`. Signed, and not read: what a device states by itself
    /// is nobody's word.
    device_namespaces: Vec<u8>,
    device_auth: DeviceAuth,
}

#[derive(Clone, Debug)]
enum DeviceAuth {
    Signature(Box<CoseSign1>),
    Mac,
}

/// What a verifier holds a response against.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// The issuer, the type of document, and now.
    pub issuer: ExpectedIssuer<'a>,
    /// The session that it must have been signed for.
    pub transcript: &'a SessionTranscript,
    /// The elements that were asked for.
    pub elements: &'a [Asked<'a>],
}

/// A document that its holder showed in this very session, with the elements that were asked for and no
/// others.
#[derive(Clone, Debug)]
pub struct Presented {
    elements: Vec<Element>,
    validity: Validity,
    status: Option<StatusReference>,
    device_key: VerifyingKey,
}

/// A response cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PresentError {
    /// What was issued cannot be read, or lacks an element that is required.
    #[error(transparent)]
    Document(#[from] MdocError),
    /// The signature could not be made.
    #[error(transparent)]
    Signature(#[from] SignError),
}

impl Document {
    /// Reads a `DeviceResponse` with exactly one document: with several, each comes in a response of its own
    /// (`OpenID4VC` High Assurance Interoperability Profile 1.0, on ISO mdoc).
    ///
    /// # Errors
    ///
    /// The first fault found; see [`MdocError`].
    pub fn parse(octets: &[u8]) -> Result<Self, MdocError> {
        let response = cbor::read(octets, &Limits::MESSAGE)?;
        if cbor::member(&response, "version").and_then(Cbor::as_text).ok_or(MdocError::Form)? != "1.0" {
            return Err(MdocError::Version);
        }
        if *cbor::member(&response, "status").ok_or(MdocError::Form)? != Cbor::from(0) {
            return Err(MdocError::Status);
        }
        let documents = match cbor::member(&response, "documents") {
            Some(documents) => documents.as_array().ok_or(MdocError::Form)?.as_slice(),
            None => &[],
        };
        let [document] = documents else { return Err(MdocError::Documents) };
        let member = |name| cbor::member(document, name).ok_or(MdocError::Form);
        let doc_type = member("docType")?.as_text().ok_or(MdocError::Form)?.to_owned();
        let issuer_signed = IssuerSigned::read(member("issuerSigned")?)?;
        let device_signed = member("deviceSigned")?;
        let device_namespaces = cbor::member(device_signed, "nameSpaces").and_then(cbor::embedded_in);
        let device_namespaces = device_namespaces.ok_or(MdocError::Form)?.to_vec();
        let device_auth = DeviceAuth::read(cbor::member(device_signed, "deviceAuth").ok_or(MdocError::Form)?)?;
        Ok(Self { doc_type, issuer_signed, device_namespaces, device_auth })
    }

    /// The type that it claims to have.
    pub fn doc_type(&self) -> &str {
        &self.doc_type
    }

    /// What the issuer gave out of it. A verifier takes the certificates from there.
    pub fn issuer_signed(&self) -> &IssuerSigned {
        &self.issuer_signed
    }

    /// Checks all that there is to check (ISO/IEC 18013-5 sections 9.3.1 and 9.1.3): the issuer's signature,
    /// type, digests and time as [`IssuerSigned::verify`] does, then that the device signed for this very
    /// session, and hands out what was asked for. What it does not check: the certificates, that
    /// [`Validity::signed`] lies within theirs, and the status list.
    ///
    /// # Errors
    ///
    /// The first fault found; see [`MdocError`].
    pub fn verify(&self, expected: &Expected<'_>) -> Result<Presented, MdocError> {
        if self.doc_type != expected.issuer.doc_type {
            return Err(MdocError::DocType);
        }
        let issued = self.issuer_signed.verify(&expected.issuer)?;
        let signature = match &self.device_auth {
            DeviceAuth::Signature(signature) => signature,
            DeviceAuth::Mac => return Err(MdocError::DeviceMac),
        };
        let key = issued.device_key();
        if cose::algorithm(signature) != Some(key.algorithm()) {
            return Err(MdocError::Algorithm);
        }
        let payload = expected.transcript.device_authentication(&self.doc_type, &self.device_namespaces);
        if !cose::verifies_detached(signature, &payload, key) {
            return Err(MdocError::DeviceSignature);
        }
        Ok(Presented {
            elements: issued.elements(expected.elements)?,
            validity: issued.validity(),
            status: issued.status().cloned(),
            device_key: key.clone(),
        })
    }
}

impl DeviceAuth {
    fn read(value: &Cbor) -> Result<Self, MdocError> {
        match (cbor::member(value, "deviceSignature"), cbor::member(value, "deviceMac")) {
            (Some(signature), None) => Ok(DeviceAuth::Signature(Box::new(cose::read(signature)?))),
            (None, Some(_)) => Ok(DeviceAuth::Mac),
            (Some(_), Some(_)) | (None, None) => Err(MdocError::Form),
        }
    }
}

impl Presented {
    /// The elements that were asked for and are there, in the order of asking.
    pub fn elements(&self) -> &[Element] {
        &self.elements
    }

    /// The value of the element of this name, if it was asked for and is there.
    pub fn value(&self, namespace: &str, identifier: &str) -> Option<&Value> {
        let mut found = self.elements.iter().filter(|one| one.namespace == namespace && one.identifier == identifier);
        found.next().map(|element| &element.value)
    }

    /// From when until when the document holds.
    pub fn validity(&self) -> Validity {
        self.validity
    }

    /// Where its status stands, if anywhere.
    pub fn status(&self) -> Option<&StatusReference> {
        self.status.as_ref()
    }

    /// The key of the device that showed it.
    pub fn device_key(&self) -> &VerifyingKey {
        &self.device_key
    }
}

/// A `DeviceResponse` that shows the `chosen` elements of what was issued, signed by the device for one
/// session: the holder's side.
///
/// # Errors
///
/// See [`PresentError`].
pub fn present(
    issuer_signed: &IssuerSigned,
    doc_type: &str,
    chosen: &[Asked<'_>],
    transcript: &SessionTranscript,
    device_key: &SigningKey,
) -> Result<Vec<u8>, PresentError> {
    let shown = issuer_signed.reduced(chosen)?.write().ok_or(MdocError::Form)?;
    let namespaces = cbor::write(&Cbor::Map(Vec::new()));
    let signature = cose::sign_detached(&transcript.device_authentication(doc_type, &namespaces), device_key)?;
    let device_signed = cbor::map([
        ("nameSpaces", cbor::embedded(namespaces)),
        ("deviceAuth", cbor::map([("deviceSignature", signature)])),
    ]);
    let document = cbor::map([("docType", doc_type.into()), ("issuerSigned", shown), ("deviceSigned", device_signed)]);
    let response =
        cbor::map([("version", "1.0".into()), ("documents", Cbor::Array(vec![document])), ("status", 0.into())]);
    Ok(cbor::write(&response))
}
