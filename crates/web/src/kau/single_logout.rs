//! Single logout of SAML 2.0 (Profiles section 4.4): HTTP in, the conductor, HTTP out.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use axum::routing::post;
use broker::{SamlLogout, SamlReceived};

use super::saml::{PATHS, by_browser, go_on, refused, soap};
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
    by_browser(PATHS.single_logout, POSTED, single_logout).route(PATHS.single_logout_soap, post(by_soap))
}

/// `/saml/slo`: a request, or an answer.
async fn single_logout(web: Web, visitor: Visitor, received: SamlReceived) -> Result<Response, Refused> {
    let asked = web.broker().saml_single_logout(&received, &visitor.browser, visitor.single_sign_on.as_ref()).await;
    match asked.map_err(|fault| Refused::kau(&web, &visitor, fault))? {
        SamlLogout::BadRequest { reason } => Err(refused(&web, &visitor, reason)),
        SamlLogout::Over { service } => Err(Refused::kau(&web, &visitor, Refusal::RequestOver(Box::new(service)))),
        SamlLogout::Answered { service, onward, is_signed_out: true } => {
            Ok(signed_out_to(go_on(&web, &visitor, &service, onward, End::SignedOut)))
        }
        SamlLogout::Answered { service, onward, is_signed_out: false } => {
            Ok(go_on(&web, &visitor, &service, onward, End::NotSignedOut))
        }
        SamlLogout::Round { id } => Ok(signed_out_to(see_other(&visitor, &paths::sign_out_round(&id)))),
        // The person may have signed in anew meanwhile.
        SamlLogout::Heard { id } => Ok(see_other(&visitor, &paths::sign_out_round(&id))),
        SamlLogout::Ended { services } => Ok(ended(&web, &visitor, &services)),
    }
}

/// `POST /saml/slo/soap`: SOAP (section 3.2), so no visitor and no cookie.
async fn by_soap(State(web): State<Web>, body: Bytes) -> Response {
    soap(web.broker().saml_logout_by_soap(body.to_vec()).await)
}
