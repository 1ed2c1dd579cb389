//! Help, the printable guide, and what has to be said of the site.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use crate::Web;
use crate::answer::page;
use crate::pages::help::{Accessibility, Guide, Help, Privacy};
use crate::visitor::Visitor;

/// `GET /segitseg`
pub(super) async fn help(State(web): State<Web>, visitor: Visitor) -> Response {
    page(&visitor, StatusCode::OK, &Help { frame: web.account_frame(&visitor, None) })
}

/// `GET /utmutato`
pub(super) async fn guide(State(web): State<Web>, visitor: Visitor) -> Response {
    let address = crate::form::host_of(&web.0.ugyfelkapu).to_owned();
    page(&visitor, StatusCode::OK, &Guide { frame: web.account_frame(&visitor, None), address })
}

/// `GET /akadalymentesseg`
pub(super) async fn accessibility(State(web): State<Web>, visitor: Visitor) -> Response {
    page(&visitor, StatusCode::OK, &Accessibility { frame: web.account_frame(&visitor, None) })
}

/// `GET /adatkezeles`
pub(super) async fn privacy(State(web): State<Web>, visitor: Visitor) -> Response {
    page(&visitor, StatusCode::OK, &Privacy { frame: web.account_frame(&visitor, None) })
}
