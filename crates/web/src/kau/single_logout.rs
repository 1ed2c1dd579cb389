//! Single logout of SAML 2.0 (Profiles section 4.4): HTTP in, the conductor, HTTP out.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::{get, post};
use broker::{SamlLogout, SamlReceived};

use super::oidc::as_get;
use super::saml::{PATHS, go_on, soap};
use super::sign_out::{ended, signed_out_to};
use crate::Web;
use crate::answer::see_other;
use crate::fault::{Refusal, Refused};
use crate::pages::kau::End;
use crate::pages::paths;
use crate::visitor::Visitor;

/// What was posted to single logout, asked for by GET.
const POSTED: &str = "/saml/slo/post";

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route(PATHS.single_logout, get(single_logout).post(single_logout_form))
        .route(POSTED, get(posted))
        .route(PATHS.single_logout_soap, post(by_soap))
}

/// `GET /saml/slo`: a request or an answer by HTTP-Redirect (SAML Bindings section 3.4).
async fn single_logout(
    State(web): State<Web>,
    RawQuery(query): RawQuery,
    visitor: Visitor,
) -> Result<Response, Refused> {
    answer(&web, &visitor, SamlReceived::by_redirect(&query.unwrap_or_default())).await
}

/// `POST /saml/slo`: the same by HTTP-POST (section 3.5). A POST from another site comes without our cookies, so it
/// is turned into a GET of ours, which has them.
async fn single_logout_form(
    State(web): State<Web>,
    visitor: Visitor,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Refused> {
    as_get(&web, &visitor, POSTED, &headers, &body)
}

/// `GET /saml/slo/post`
async fn posted(State(web): State<Web>, RawQuery(query): RawQuery, visitor: Visitor) -> Result<Response, Refused> {
    answer(&web, &visitor, SamlReceived::by_post(&query.unwrap_or_default())).await
}

async fn answer(
    web: &Web,
    visitor: &Visitor,
    received: Result<SamlReceived, &'static str>,
) -> Result<Response, Refused> {
    let refused = |reason: &'static str| {
        tracing::info!(reason, "a SAML logout message was refused");
        Refused::kau(web, visitor, Refusal::UnknownService)
    };
    let received = received.map_err(refused)?;
    let asked = web.broker().saml_single_logout(&received, &visitor.browser, visitor.single_sign_on.as_ref()).await;
    match asked.map_err(|fault| Refused::kau(web, visitor, fault))? {
        SamlLogout::BadRequest { reason } => Err(refused(reason)),
        SamlLogout::Over { service } => Err(Refused::kau(web, visitor, Refusal::RequestOver(Box::new(service)))),
        SamlLogout::Answered { service, onward, is_signed_out: true } => {
            Ok(signed_out_to(go_on(web, visitor, &service, onward, End::SignedOut)))
        }
        SamlLogout::Answered { service, onward, is_signed_out: false } => {
            Ok(go_on(web, visitor, &service, onward, End::NotSignedOut))
        }
        SamlLogout::Round { id } => Ok(signed_out_to(see_other(visitor, &paths::sign_out_round(&id)))),
        // The person may have signed in anew meanwhile.
        SamlLogout::Heard { id } => Ok(see_other(visitor, &paths::sign_out_round(&id))),
        SamlLogout::Ended { services } => Ok(ended(web, visitor, &services)),
    }
}

/// `POST /saml/slo/soap`: SOAP (section 3.2), so no visitor and no cookie.
async fn by_soap(State(web): State<Web>, body: Bytes) -> Response {
    soap(web.broker().saml_logout_by_soap(body.to_vec()).await)
}
