//! SAML 2.0: the identity provider's endpoints.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use broker::{Broker, Onward, SamlPaths, SamlReceived, SamlRequest, SoapRefusal};
use model::Service;

use super::choose::path_of_first;
use super::frame;
use super::oidc::{CACHE, as_get, unavailable};
use crate::Web;
use crate::answer::{page, see_other};
use crate::fault::{Refusal, Refused};
use crate::pages::ServiceName;
use crate::pages::kau::{End, GoOn, GoOnByForm};
use crate::visitor::Visitor;

/// The paths of SAML's endpoints below the broker's origin.
pub(crate) const PATHS: SamlPaths = SamlPaths {
    metadata: "/saml/metadata",
    single_sign_on: "/saml/sso",
    single_logout: "/saml/slo",
    single_logout_soap: "/saml/slo/soap",
    artifact_resolution: "/saml/artifact",
};
/// What was posted to single sign-on, asked for by GET.
const POSTED: &str = "/saml/sso/post";

/// A page that carries a form to a service: its script presses the button, and the form may go anywhere, since
/// Chromium asks `form-action` about every further redirect of the service's as well.
const CONTENT_SECURITY_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; script-src 'self'; \
     frame-ancestors 'none'; base-uri 'none'",
);
pub(super) const METADATA_TYPE: HeaderValue = HeaderValue::from_static("application/samlmetadata+xml");
const SOAP_TYPE: HeaderValue = HeaderValue::from_static("text/xml; charset=utf-8");

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route(PATHS.metadata, get(metadata))
        .route(PATHS.artifact_resolution, post(artifact))
        .merge(by_browser(PATHS.single_sign_on, POSTED, single_sign_on))
}

/// `GET /saml/metadata`
async fn metadata(State(web): State<Web>) -> Response {
    let document = match web.broker().saml_metadata() {
        Ok(document) => document,
        Err(fault) => return unavailable(&fault),
    };
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, METADATA_TYPE);
    headers.insert(header::CACHE_CONTROL, CACHE);
    (headers, document).into_response()
}

/// What takes messages that come through a browser to `path`: by HTTP-Redirect (SAML Bindings section 3.4) and by
/// HTTP-POST (section 3.5). A POST from another site comes without our cookies, so it is turned into a GET of ours, at
/// `posted`, which has them.
pub(super) fn by_browser<T, F>(path: &'static str, posted: &'static str, take: T) -> Router<Web>
where
    T: Fn(Web, Visitor, SamlReceived) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Result<Response, Refused>> + Send,
{
    let read = move |decode: fn(&str) -> Result<SamlReceived, &'static str>| {
        let take = take.clone();
        move |State(web): State<Web>, RawQuery(query): RawQuery, visitor: Visitor| {
            let take = take.clone();
            async move {
                match decode(&query.unwrap_or_default()) {
                    Ok(received) => take(web, visitor, received).await,
                    Err(reason) => Err(refused(&web, &visitor, reason)),
                }
            }
        }
    };
    let turned = move |State(web): State<Web>, visitor: Visitor, headers: HeaderMap, body: Bytes| async move {
        as_get(&web, &visitor, posted, &headers, &body)
    };
    Router::new()
        .route(path, get(read(SamlReceived::by_redirect)).post(turned))
        .route(posted, get(read(SamlReceived::by_post)))
}

/// A message that cannot be followed, for the integrator; the person reads that the service is at fault.
pub(super) fn refused(web: &Web, visitor: &Visitor, reason: &'static str) -> Refused {
    tracing::info!(reason, "a SAML message was refused");
    Refused::kau(web, visitor, Refusal::UnknownService)
}

/// `/saml/sso`
async fn single_sign_on(web: Web, visitor: Visitor, received: SamlReceived) -> Result<Response, Refused> {
    let session = visitor.single_sign_on.as_ref();
    let asked = web.broker().saml_single_sign_on(&received, &visitor.browser, session, &visitor.caller).await;
    match asked.map_err(|fault| Refused::kau(&web, &visitor, fault))? {
        SamlRequest::BadRequest { reason } => Err(refused(&web, &visitor, reason)),
        SamlRequest::Over { service } => Err(Refused::kau(&web, &visitor, Refusal::RequestOver(Box::new(service)))),
        SamlRequest::Answered { service, onward, is_positive } => {
            let end = if is_positive { End::SignedIn } else { End::NotSignedIn };
            Ok(go_on(&web, &visitor, &service, onward, end))
        }
        SamlRequest::Login { id, first } => Ok(see_other(&visitor, &path_of_first(&id, first))),
    }
}

/// The answer to a service, from a request that was no form of ours: an address may be redirected to.
pub(super) fn go_on(web: &Web, visitor: &Visitor, service: &Service, onward: Onward, end: End) -> Response {
    match onward {
        Onward::Location(location) => see_other(visitor, &location),
        onward @ Onward::Form { .. } => go_on_page(web, visitor, service, onward, end),
    }
}

/// The page that leads on to a service by itself, with the answer.
pub(super) fn go_on_page(web: &Web, visitor: &Visitor, service: &Service, onward: Onward, end: End) -> Response {
    let service = ServiceName::of(service, visitor.lang);
    let frame = frame(web, visitor, None);
    match onward {
        Onward::Location(href) => page(visitor, StatusCode::OK, &GoOn { frame, service, href, end }),
        Onward::Form { action, fields } => {
            let mut response = page(visitor, StatusCode::OK, &GoOnByForm { frame, service, action, fields, end });
            response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY);
            response
        }
    }
}

/// `POST /saml/artifact`: SOAP (SAML Bindings section 3.2), so no visitor and no cookie.
async fn artifact(State(web): State<Web>, body: Bytes) -> Response {
    soap(web.broker().resolve_artifact(body.to_vec()).await)
}

/// A SOAP answer. What is refused is refused with a fault, and by the status of who is to change something.
pub(super) fn soap(answer: Result<String, SoapRefusal>) -> Response {
    let (status, envelope) = match answer {
        Ok(envelope) => (StatusCode::OK, envelope),
        Err(SoapRefusal::Request(reason)) => {
            tracing::info!(reason, "a SOAP request was refused");
            (StatusCode::BAD_REQUEST, Broker::soap_refusal())
        }
        Err(SoapRefusal::Fault(fault)) => {
            tracing::error!(%fault, "a SOAP request cannot be answered");
            (StatusCode::SERVICE_UNAVAILABLE, Broker::soap_refusal())
        }
    };
    (status, [(header::CONTENT_TYPE, SOAP_TYPE)], envelope).into_response()
}
