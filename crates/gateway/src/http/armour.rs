//! What every answer carries, whatever its status.

use http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::origin::Scheme;

/// A policy without inline script or style, and nothing from elsewhere.
const CONTENT_SECURITY_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; \
     frame-ancestors 'none'; base-uri 'none'",
);
/// Two years, as the browsers' preload lists ask for at least one.
const STRICT_TRANSPORT_SECURITY: HeaderValue = HeaderValue::from_static("max-age=63072000; includeSubDomains");

const ALWAYS: [(HeaderName, HeaderValue); 6] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ),
];

/// Puts them on. A handler may have set its own `Content-Security-Policy`, to send a form to one
/// registered address for example, or its own `Cache-Control`; those stay.
pub(super) fn put_on(headers: &mut HeaderMap, scheme: Scheme) {
    headers.reserve(ALWAYS.len() + 2);
    for (name, value) in &ALWAYS {
        if !headers.contains_key(name) {
            headers.insert(name, value.clone());
        }
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    match scheme {
        Scheme::Https => {
            headers.insert(header::STRICT_TRANSPORT_SECURITY, STRICT_TRANSPORT_SECURITY);
        }
        Scheme::Http => {}
    }
}
