//! What a wallet proves to a page of the account: how KAÜ begins, and how it leads back.

use axum::extract::{Path, State};
use axum::response::Response;
use broker::{LoginView, Onward, ProofWords};
use journey::ProofAim;
use model::{Handle, Lang};

use super::saml;
use crate::Web;
use crate::answer::see_other;
use crate::fault::{Refusal, Refused};
use crate::pages::kau::End;
use crate::pages::proof::{self, asking};
use crate::pages::{Text, paths};
use crate::visitor::Visitor;

/// What the wallet says that it is asked for, in Hungarian and in English.
pub(super) fn purpose(aim: ProofAim) -> [String; 2] {
    [Lang::Hu, Lang::En].map(Text::of).map(|t| t.proof_purpose(proof::purpose(t, aim)))
}

/// `GET /igazolas/{token}`: a page of the account led here. The handle is good in the browser that brings it first.
pub(super) async fn begin(
    State(web): State<Web>,
    Path(token): Path<String>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let handle = Handle::parse(&token).ok_or_else(|| Refused::kau(&web, &visitor, Refusal::NotFound))?;
    let words = |aim| ProofWords {
        service: [Lang::Hu, Lang::En].map(|lang| Text::of(lang).part_ugyfelkapu().to_owned()),
        purpose: purpose(aim),
        back: format!("{}{}", web.0.ugyfelkapu, asking(aim)),
    };
    match web.broker().begin_proof(&handle, &visitor.browser, words, &visitor.caller).await {
        Ok(id) => Ok(see_other(&visitor, &paths::wallet(&id))),
        Err(fault) => Err(Refused::kau(&web, &visitor, fault)),
    }
}

/// Leads back to the page that asked, in the language that was read here.
pub(super) fn told(web: &Web, visitor: &Visitor, view: &LoginView, onward: Onward) -> Response {
    let onward = match onward {
        Onward::Location(href) => Onward::Location(format!("{href}?{}={}", paths::LANG_QUERY, visitor.lang.tag())),
        form @ Onward::Form { .. } => form,
    };
    saml::go_on_page(web, visitor, &view.service, onward, End::Proved)
}
