//! Signing out at the broker.

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use broker::{EndSession, SignedOut};

use super::frame;
use crate::Web;
use crate::answer::{page, see_other, without_cookie};
use crate::cookie::Cookie;
use crate::fault::Refused;
use crate::form::{Fields, OwnForm};
use crate::pages::kau::{SignOut, SignedOut as SignedOutPage};
use crate::pages::{Onward, ServiceName, paths};
use crate::visitor::Visitor;

/// The hidden fields that a logout request is carried in.
const CARRIED: [&str; 3] = ["client_id", "post_logout_redirect_uri", "state"];

/// `GET /kijelentkezes`
pub(super) async fn ask(State(web): State<Web>, visitor: Visitor) -> Result<Response, Refused> {
    match web.broker().end_session("", visitor.single_sign_on.as_ref(), visitor.lang).await {
        Ok(EndSession::Confirm { services, carried }) => {
            let frame = frame(&web, &visitor, None);
            let ask = SignOut { frame, action: paths::SIGN_OUT.to_owned(), services, carried };
            Ok(page(&visitor, StatusCode::OK, &ask))
        }
        Ok(EndSession::Done(signed_out)) => Ok(done(&web, &visitor, signed_out)),
        Ok(EndSession::BadRequest { .. }) => Ok(see_other(&visitor, paths::START)),
        Err(fault) => Err(Refused::kau(&web, &visitor, fault)),
    }
}

/// `POST /kijelentkezes`
pub(super) async fn sign_out(State(web): State<Web>, form: OwnForm) -> Result<Response, Refused> {
    let OwnForm { visitor, fields } = form;
    let query = carried(&fields);
    let session = visitor.single_sign_on.as_ref();
    match web.broker().end_session_confirmed(&query, session, visitor.lang).await {
        Ok(signed_out) => Ok(done(&web, &visitor, signed_out)),
        Err(fault) => Err(Refused::kau(&web, &visitor, fault)),
    }
}

/// The logout request again, as a query.
fn carried(fields: &Fields) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for name in CARRIED.into_iter().filter(|name| !fields.text(name).is_empty()) {
        query.append_pair(name, fields.text(name));
    }
    query.finish()
}

/// Where the client wants the browser, or our own page that says what was ended.
pub(super) fn done(web: &Web, visitor: &Visitor, signed_out: SignedOut) -> Response {
    let mut response = match signed_out.onward {
        // A GET may redirect; after our own form the page leads on, since the form may not.
        Some((_, location)) if visitor.path == super::oidc::END_SESSION => see_other(visitor, &location),
        onward => {
            let onward =
                onward.map(|(service, href)| Onward { service: ServiceName::of(&service, visitor.lang), href });
            let told = SignedOutPage {
                frame: frame(web, visitor, None),
                services: signed_out.told,
                remaining: signed_out.remaining,
                onward,
                again: None,
            };
            page(visitor, StatusCode::OK, &told)
        }
    };
    // What the browser kept of signed-in pages is of no use to whoever sits here next.
    response.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"cache\""));
    without_cookie(response, Cookie::SingleSignOn)
}
