//! What Kapu speaks to: by the browser, and by itself.

use axum::body::Body;
use axum::extract::{RawQuery, Request, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode, header};
use model::Handle;
use model::limits::BODY_BYTES;
use service_kit::{Logout, LogoutAnswer, LogoutMessage, LogoutOutcome, PostedResponse, soap};

use super::provider::Refusal;
use super::routes::{ANSWER, failure};
use super::sessions::Taken;
use super::{ARRIVED, Kenyszi, PARTLY_SIGNED_OUT, SIGNED_OUT};
use crate::answer;
use crate::fault::Fault;
use crate::own_form;
use crate::portal::demand::Failure;
use crate::portal::pages;
use crate::visitor::{Visitor, stored};

/// The media type of metadata (SAML Metadata appendix A).
const METADATA_TYPE: &str = "application/samlmetadata+xml";

/// `GET /saml/metadata`
pub(super) async fn metadata(State(portal): State<Kenyszi>) -> Response {
    match portal.kau.own_metadata() {
        Ok(xml) => ([(header::CONTENT_TYPE, METADATA_TYPE)], xml).into_response(),
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "the portal's metadata cannot be written");
            answer::plain(StatusCode::INTERNAL_SERVER_ERROR)
        }
    }
}

/// `POST /saml/acs`: comes from another site, so without the visitor's cookie. Who signed in waits for the browser
/// that began, which shows its cookie when it follows the redirect.
pub(super) async fn consume(State(portal): State<Kenyszi>, visitor: Visitor, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    match taken(&portal, &parts.headers, body).await {
        Ok(Ok(handle)) => answer::see_other(&format!("{ARRIVED}?{ANSWER}={}", handle.expose())),
        Ok(Err(why)) => failure(why),
        Err(fault) => fault.answer(&visitor),
    }
}

async fn taken(portal: &Kenyszi, headers: &HeaderMap, body: Body) -> Result<Result<Handle, Failure>, Fault> {
    let body = own_form::urlencoded(headers, body).await?;
    let now = portal.demo.clock.now();
    let read = std::str::from_utf8(&body).map_err(|_| Failure::Implausible);
    let posted = read.and_then(|text| PostedResponse::read(text).map_err(|error| Refusal::from(error).failure()));
    let posted = match posted {
        Ok(posted) => posted,
        Err(failure) => return Ok(Err(failure)),
    };
    let Ok(request_id) = posted.in_response_to() else { return Ok(Err(Failure::Stale)) };
    let Some((demand, begun)) = portal.sessions.pending(request_id, now).await? else {
        return Ok(Err(Failure::Stale));
    };
    let signed_in = match portal.kau.take_response(&posted, request_id, demand, begun.seconds()).await {
        Ok(signed_in) => signed_in,
        Err(refusal) => return Ok(Err(refusal.failure())),
    };
    let handle = Handle::draw(&*portal.demo.random);
    Ok(match portal.sessions.answer(request_id, stored(&handle), &posted.xml(), &signed_in, now).await? {
        Taken::Now => Ok(handle),
        Taken::Before => Err(Failure::Stale),
    })
}

/// `GET /saml/slo`
pub(super) async fn logout_redirected(
    State(portal): State<Kenyszi>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Response {
    let message = LogoutMessage::redirected(&query.unwrap_or_default());
    by_browser(&portal, &visitor, message.map_err(Refusal::from)).await
}

/// `POST /saml/slo`
pub(super) async fn logout_posted(State(portal): State<Kenyszi>, visitor: Visitor, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = match own_form::urlencoded(&parts.headers, body).await {
        Ok(body) => body,
        Err(fault) => return fault.answer(&visitor),
    };
    // What is no UTF-8 has no message in it.
    let message = LogoutMessage::posted(std::str::from_utf8(&body).unwrap_or_default());
    by_browser(&portal, &visitor, message.map_err(Refusal::from)).await
}

/// Sessions are found by the names in the message: the visitor's cookie may not have come along.
async fn by_browser(portal: &Kenyszi, visitor: &Visitor, message: Result<LogoutMessage, Refusal>) -> Response {
    let answered = async {
        match portal.kau.take_logout(&message?).await? {
            Logout::Asked(asked) => {
                if let Err(fault) = portal.sessions.end_named(&asked, portal.demo.clock.now()).await {
                    return Ok(Fault::from(fault).answer(visitor));
                }
                Ok(match portal.kau.answer_logout(&asked).await? {
                    LogoutAnswer::Redirect(location) => answer::see_other(&location),
                    LogoutAnswer::Page | LogoutAnswer::Soap(_) => answer::see_other(SIGNED_OUT),
                })
            }
            Logout::Answered { in_response_to, outcome } => match portal.sessions.left(in_response_to).await {
                Ok(true) => Ok(answer::see_other(match outcome {
                    LogoutOutcome::Ended => SIGNED_OUT,
                    LogoutOutcome::Partly | LogoutOutcome::Failed => PARTLY_SIGNED_OUT,
                })),
                Ok(false) => Ok(pages::logout_refused(visitor)),
                Err(fault) => Ok(Fault::from(fault).answer(visitor)),
            },
        }
    };
    answered.await.unwrap_or_else(|refusal: Refusal| {
        refused(&refusal);
        match refusal {
            Refusal::Unreachable => pages::failed(visitor, Failure::Unreachable),
            Refusal::Kit(_) => pages::logout_refused(visitor),
        }
    })
}

/// `POST /saml/slo/soap`: Kapu itself says that sessions have ended (SAML Bindings section 3.2).
pub(super) async fn logout_by_soap(State(portal): State<Kenyszi>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let media_type = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !media_type.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("text/xml") {
        return answer::plain(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
    let Ok(body) = axum::body::to_bytes(body, BODY_BYTES).await else {
        return answer::plain(StatusCode::PAYLOAD_TOO_LARGE);
    };
    let ended = async {
        match portal.kau.take_logout(&LogoutMessage::by_soap(body.to_vec())?).await? {
            Logout::Asked(asked) => match portal.sessions.end_named(&asked, portal.demo.clock.now()).await {
                Ok(()) => portal.kau.answer_logout(&asked).await.map(Some),
                Err(fault) => {
                    tracing::error!(error = &fault as &dyn std::error::Error, "a session cannot be ended");
                    Ok(None)
                }
            },
            Logout::Answered { .. } => Ok(None),
        }
    };
    match ended.await {
        Ok(Some(LogoutAnswer::Soap(envelope))) => soap_answer(StatusCode::OK, envelope),
        Ok(_) => {
            let envelope = soap::fault(soap::Fault::Server, "the session could not be ended");
            soap_answer(StatusCode::INTERNAL_SERVER_ERROR, envelope)
        }
        Err(refusal) => {
            refused(&refusal);
            // SOAP 1.1 section 6.2: 500, whoever is at fault.
            let envelope = soap::fault(soap::Fault::Client, "the request is refused");
            soap_answer(StatusCode::INTERNAL_SERVER_ERROR, envelope)
        }
    }
}

fn soap_answer(status: StatusCode, envelope: String) -> Response {
    let headers = [(header::CONTENT_TYPE, soap::MEDIA_TYPE), (header::CACHE_CONTROL, "no-store")];
    (status, headers, envelope).into_response()
}

fn refused(refusal: &Refusal) {
    let code = match refusal {
        Refusal::Unreachable => "unreachable",
        Refusal::Kit(error) => error.code(),
    };
    tracing::warn!(code, "a logout message is refused");
}
