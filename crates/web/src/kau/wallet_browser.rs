//! Signing in by a wallet through the browser itself: the page's script asks for a request, hands it to
//! `navigator.credentials.get`, and posts what comes back as a form of the page.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use broker::{BROWSER_PROTOCOL, BrowserAnswer, Fault};
use serde_json::json;

use super::wallet::{go_in, purpose, state_page};
use super::{login, refused_step};
use crate::Web;
use crate::answer::see_other;
use crate::fault::{Refused, json as json_answer};
use crate::form::OwnForm;
use crate::pages::wallet::WalletState;
use crate::pages::{fields, paths};

/// `POST /b/{id}/dap/bongeszo`: what `navigator.credentials.get` is given (W3C Digital Credentials), and where its
/// answer goes.
pub(super) async fn ask(State(web): State<Web>, Path(id): Path<String>, form: OwnForm) -> Result<Response, Refused> {
    let visitor = form.visitor;
    let view = login::view(&web, &visitor, &id).await?;
    let purpose = purpose(&view);
    let asked = web.broker().ask_wallet_through_browser(&view, &visitor.browser, purpose, &visitor.caller).await;
    let asked = asked.map_err(|fault| Refused::kau(&web, &visitor, fault))?;
    let request = json!({"protocol": BROWSER_PROTOCOL, "data": {"request": asked.request}});
    let action = format!("{}/{}", paths::wallet_browser(&id), asked.id);
    Ok(json_answer(StatusCode::OK, json!({"action": action, "requests": [request]}).to_string()))
}

/// `POST /b/{id}/dap/bongeszo/{request}`: what the browser handed over.
pub(super) async fn answer(
    State(web): State<Web>,
    Path((id, request)): Path<(String, String)>,
    form: OwnForm,
) -> Result<Response, Refused> {
    let OwnForm { visitor, fields } = form;
    let view = login::view(&web, &visitor, &id).await?;
    let (broker, present) = (web.broker(), visitor.single_sign_on.as_ref());
    let answer = fields.text(fields::ANSWER);
    let taken = Box::pin(broker.wallet_answer_through_browser(
        &view,
        &visitor.browser,
        present,
        &request,
        answer,
        &visitor.caller,
    ));
    let ended = |state| Ok(state_page(&web, &visitor, &view, state, String::new(), None));
    match taken.await {
        Ok(BrowserAnswer::Entered(entered)) => go_in(&web, &visitor, &view, entered),
        Ok(BrowserAnswer::Refused) => ended(WalletState::Refused),
        Ok(BrowserAnswer::Failed) => ended(WalletState::Failed),
        // It was answered before: the page tells how the sign-in stands.
        Err(Fault::Stale) => Ok(see_other(&visitor, &paths::wallet(&id))),
        Err(fault) => Err(refused_step(&web, &visitor, &id, fault).await),
    }
}
