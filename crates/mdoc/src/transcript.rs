//! The session that a device signs for.

use aws_lc_rs::digest::{SHA256, digest};
use ciborium::Value;

use crate::cbor;

/// A `SessionTranscript` (ISO/IEC 18013-5 section 9.1.5.1) with a handover of `OpenID4VP`: whoever asked,
/// with which nonce, and where the answer goes. A device's signature for one holds for no other.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionTranscript(Value);

/// The SHA-256 thumbprint (RFC 7638) of the public key that the answer is encrypted to.
pub type JwkThumbprint = [u8; 32];

impl SessionTranscript {
    /// With an `OpenID4VPHandover`, for a request by redirect (`OpenID4VP` 1.0 appendix B.2.6.1).
    ///
    /// `client_id` and `nonce` are those of the request, the identifier with its prefix; `thumbprint` is
    /// `None` for an answer that is not encrypted (`direct_post`); `response_uri` is where it is posted, or
    /// the redirect URI in its place.
    pub fn openid4vp(
        client_id: &str,
        nonce: &str,
        thumbprint: Option<&JwkThumbprint>,
        response_uri: &str,
    ) -> SessionTranscript {
        let info = [client_id.into(), nonce.into(), optional(thumbprint), response_uri.into()];
        Self::of("OpenID4VPHandover", info.to_vec())
    }

    /// With an `OpenID4VPDCAPIHandover`, for a request by the Digital Credentials API (`OpenID4VP` 1.0
    /// appendix B.2.6.2).
    ///
    /// `origin` is that of the page that asked, without the prefix `origin:`; `thumbprint` is `None` for an
    /// answer that is not encrypted (`dc_api`).
    pub fn openid4vp_dc_api(origin: &str, nonce: &str, thumbprint: Option<&JwkThumbprint>) -> SessionTranscript {
        Self::of("OpenID4VPDCAPIHandover", vec![origin.into(), nonce.into(), optional(thumbprint)])
    }

    fn of(identifier: &str, info: Vec<Value>) -> Self {
        let digest = digest(&SHA256, &cbor::write(&Value::Array(info)));
        let handover = Value::Array(vec![identifier.into(), Value::Bytes(digest.as_ref().to_vec())]);
        // No engagement and no reader key outside of proximity.
        Self(Value::Array(vec![Value::Null, Value::Null, handover]))
    }

    /// Its octets.
    pub fn octets(&self) -> Vec<u8> {
        cbor::write(&self.0)
    }

    /// `DeviceAuthenticationBytes` (ISO/IEC 18013-5 section 9.1.3.4): what the device signs.
    /// `namespaces` are the octets inside `DeviceNameSpacesBytes`.
    pub(crate) fn device_authentication(&self, doc_type: &str, namespaces: &[u8]) -> Vec<u8> {
        let authentication = Value::Array(vec![
            "DeviceAuthentication".into(),
            self.0.clone(),
            doc_type.into(),
            cbor::embedded(namespaces.to_vec()),
        ]);
        cbor::write(&cbor::embedded(cbor::write(&authentication)))
    }
}

fn optional(thumbprint: Option<&JwkThumbprint>) -> Value {
    thumbprint.map_or(Value::Null, |thumbprint| Value::Bytes(thumbprint.to_vec()))
}
