//! What anybody may send, given to who reads it: nothing may panic. `fuzz/` runs the same.

use xmlsec::{Certificate, Document, Limits, Remarks, VerifyingKey, XmlError, canonical, decrypt};

/// What canonical form makes longer is read all the same.
const WIDE: Limits = Limits { bytes: 10_000_000, nodes: 1_000_000, depth: 1_000, remarks: Remarks::Read };

/// What is read reads the same again in canonical form.
pub(crate) fn reading(octets: &[u8]) {
    for limits in [Limits::MESSAGE, Limits::METADATA] {
        let Ok(document) = Document::parse(octets, &limits) else { continue };
        let once = canonical(document.root());
        let again = match Document::parse(once.as_bytes(), &WIDE) {
            Ok(again) => again,
            // Namespaces that were declared far above are now declared where they are used.
            Err(error) => {
                assert_eq!(error, XmlError::Limits, "{once}");
                continue;
            }
        };
        assert_eq!(canonical(again.root()), once);
    }
}

/// An encrypted element.
pub(crate) fn decrypting(octets: &[u8]) {
    let Ok(document) = Document::parse(octets, &Limits::MESSAGE) else { return };
    // Without a key all is done but the slow part, which another test does a thousand times.
    let _ = decrypt(document.root(), &[]);
}

/// DER of a certificate or a key.
pub(crate) fn keys_and_certificates(octets: &[u8]) {
    if let Ok(certificate) = Certificate::parse(octets) {
        assert_eq!(VerifyingKey::from_spki_der(certificate.key().spki_der()).as_ref(), Ok(certificate.key()));
    }
    let _ = VerifyingKey::from_spki_der(octets);
}
