//! Keys in metadata (SAML Metadata section 2.4.1.1).

use data_encoding::BASE64;
use xmlsec::{Certificate, DataCipher, KeyTransport, Namespace, Writer};

use super::read::{MetadataError, MetadataFault, Reader, Remark, Warning, at};
use super::{CERTIFICATES_MAX, KeyDescriptor, KeyUsage, role};
use crate::xml::{Element, FormFault, MD};

const CERTIFICATE: &str = "X509Certificate";

impl KeyUsage {
    const fn as_str(self) -> &'static str {
        match self {
            KeyUsage::Signing => "signing",
            KeyUsage::Encryption => "encryption",
        }
    }
}

impl KeyDescriptor {
    /// How the key of the content is wrapped. Every partner knows the older algorithm, so it is taken unless the
    /// list has the newer one alone.
    pub(super) fn transport(&self) -> Option<KeyTransport> {
        const ALL: [KeyTransport; 2] = [KeyTransport::OaepMgf1Sha1, KeyTransport::OaepSha256];
        let listed = |uri: &str| self.encryption_methods.iter().any(|method| method == uri);
        let names_any = self.encryption_methods.iter().any(|method| method.contains("#rsa-"));
        ALL.into_iter().find(|transport| !names_any || listed(transport.uri()))
    }

    /// How the content is encrypted: the strongest that is listed.
    pub(super) fn cipher(&self) -> Option<DataCipher> {
        const ALL: [DataCipher; 2] = [DataCipher::Aes256Gcm, DataCipher::Aes128Gcm];
        let listed = |uri: &str| self.encryption_methods.iter().any(|method| method == uri);
        let is_cipher = |method: &String| !method.contains("#rsa-") && !method.contains("#kw-");
        let names_any = self.encryption_methods.iter().any(is_cipher);
        ALL.into_iter().find(|cipher| !names_any || listed(cipher.uri()))
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>) {
        writer.start(MD, "KeyDescriptor");
        if let Some(usage) = self.usage {
            writer.attribute("use", usage.as_str());
        }
        writer.start(Namespace::DS, "KeyInfo");
        for certificate in &self.certificates {
            let text = BASE64.encode(certificate.der());
            writer.start(Namespace::DS, "X509Data").leaf(Namespace::DS, "X509Certificate", &text).end();
        }
        writer.end();
        for method in &self.encryption_methods {
            writer.start(MD, "EncryptionMethod").attribute("Algorithm", method).end();
        }
        writer.end();
    }
}

impl Reader<'_> {
    /// The keys of a role. Keys that are given otherwise than in a certificate are passed over.
    pub(super) fn keys(&mut self, parent: Element<'_, '_>) -> Result<Vec<KeyDescriptor>, MetadataError> {
        let mut keys = Vec::new();
        let mut left = CERTIFICATES_MAX;
        for element in role::listed(parent, MD, "KeyDescriptor")? {
            let key = self.key(element, &mut left)?;
            if !key.certificates.is_empty() {
                keys.push(key);
            }
        }
        Ok(keys)
    }

    /// A key; `left` is how many certificates the role may have yet.
    fn key(&mut self, element: Element<'_, '_>, left: &mut usize) -> Result<KeyDescriptor, MetadataError> {
        let usage = match element.attribute("use") {
            None => None,
            Some("signing") => Some(KeyUsage::Signing),
            Some("encryption") => Some(KeyUsage::Encryption),
            Some(_) => return Err(element.wrong("use", FormFault::Invalid).into()),
        };
        let info = element.required(Namespace::DS, "KeyInfo")?;
        let mut certificates = Vec::new();
        for data in role::listed(info, Namespace::DS, "X509Data")? {
            for certificate in role::listed(data, Namespace::DS, "X509Certificate")? {
                let surplus = || certificate.wrong(CERTIFICATE, FormFault::Repeated);
                *left = left.checked_sub(1).ok_or_else(surplus)?;
                certificates.push(self.certificate(certificate)?);
            }
        }
        let methods = role::listed(element, MD, "EncryptionMethod")?;
        let methods = methods.into_iter().map(|method| method.uri_in("Algorithm")).collect::<Result<_, _>>()?;
        let key = KeyDescriptor { usage, certificates, encryption_methods: methods };
        let may_encrypt = usage != Some(KeyUsage::Signing);
        if may_encrypt && (key.transport().is_none() || key.cipher().is_none()) {
            return Err(at(element, MetadataFault::NoCipher));
        }
        Ok(key)
    }

    fn certificate(&mut self, element: Element<'_, '_>) -> Result<Certificate, MetadataError> {
        let dense: Vec<u8> = element.text(CERTIFICATE)?.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
        let der = BASE64.decode(&dense).map_err(|_| element.wrong(CERTIFICATE, FormFault::Invalid))?;
        let certificate = Certificate::parse(&der).map_err(|error| at(element, MetadataFault::Key(error)))?;
        let remarks = [
            (certificate.not_after() < self.now, Remark::CertificateExpired),
            (certificate.not_before() > self.now, Remark::CertificateNotYetValid),
            (certificate.signed_with_sha1(), Remark::CertificateSha1),
        ];
        let mut remarks = remarks.into_iter().filter(|(applies, _)| *applies).peekable();
        // To tell a line the file is read up to it.
        if remarks.peek().is_some() {
            let line = element.line();
            self.warnings.extend(remarks.map(|(_, remark)| Warning { line, remark }));
        }
        Ok(certificate)
    }
}
