//! What anybody may send, given to who reads it: nothing may panic, and limits hold. `fuzz/` runs the same.

use saml::binding::{MESSAGE_BYTES_MAX, post, redirect, soap};
use saml::metadata::{Loopback, METADATA_BYTES_MAX, MetadataReading, Trust};
use saml::{ArtifactResolve, AuthnRequest, Direction, LogoutResponse, MessageError, Received, SignatureDemand};

/// A raw query.
pub(crate) fn query(octets: &[u8]) {
    if let Ok(received) = redirect::decode(&String::from_utf8_lossy(octets)) {
        message(&received);
    }
}

/// The body of a form.
pub(crate) fn form(octets: &[u8]) {
    if let Ok(received) = post::decode(&String::from_utf8_lossy(octets)) {
        message(&received);
    }
}

/// The body of a SOAP request.
pub(crate) fn envelope(octets: &[u8]) {
    for direction in [Direction::Request, Direction::Response] {
        if let Ok(received) = soap::decode(direction, octets.to_vec()) {
            message(&received);
        }
    }
}

/// A metadata file.
pub(crate) fn metadata(octets: &[u8]) {
    for loopback in [Loopback::Refused, Loopback::Allowed] {
        let reading = MetadataReading { loopback, trust: Trust::Bearer, now: 1_800_000_000 };
        if let Ok(read) = reading.read(octets) {
            assert!(octets.len() <= METADATA_BYTES_MAX && !read.entities.is_empty());
            for entity in &read.entities {
                // What XML expressed once it can express again.
                assert!(entity.write("_again", None).is_ok(), "{}", entity.entity_id);
            }
        }
    }
}

fn message(received: &Received) {
    assert!(received.octets().len() <= MESSAGE_BYTES_MAX);
    let claims = received.claims();
    // Nobody's keys: what is signed is not read.
    let Ok(authentic) = received.authenticate(&[], SignatureDemand::IfPresent) else { return };
    assert!(!authentic.is_signed());
    if let (Ok(claims), Ok(request)) = (claims, AuthnRequest::read(&authentic)) {
        assert_eq!(claims.id, request.id);
    }
    let _: Result<ArtifactResolve, MessageError> = ArtifactResolve::read(&authentic);
    let _: Result<LogoutResponse, MessageError> = LogoutResponse::read(&authentic);
}
