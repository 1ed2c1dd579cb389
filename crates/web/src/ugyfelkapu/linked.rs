//! "Összekapcsolt azonosítók": identities of other identity providers, and how one is removed.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use broker::{AccountSession, Enroller, FactorChange, Fault};

use super::session::{Full, frame};
use super::status::{proof, refused_change};
use crate::answer::{page, see_other};
use crate::fault::Refused;
use crate::form::OwnForm;
use crate::pages::paths;
use crate::pages::status::StatusProblem;
use crate::pages::upstream::{Identity, Linked, Unlink};
use crate::visitor::Visitor;
use crate::{Web, moment};

/// `GET /osszekapcsolt`
pub(super) async fn show(State(web): State<Web>, Full(session): Full, visitor: Visitor) -> Result<Response, Refused> {
    let linked = async {
        let identities = web.broker().linked(&session).await?.into_iter().map(|linked| Identity {
            name: linked.name(visitor.lang).to_owned(),
            since: moment::date_and_time(linked.since, visitor.lang),
            remove: paths::unlink(&linked.key),
        });
        let identities = identities.collect();
        let frame = frame(&web, &visitor, &Enroller::Account(session.clone())).await?;
        Ok::<_, Fault>(Linked { frame, identities })
    };
    match linked.await {
        Ok(linked) => Ok(page(&visitor, StatusCode::OK, &linked)),
        Err(fault) => Err(Refused::ugyfelkapu(&web, &visitor, fault)),
    }
}

async fn unlink_form(
    web: &Web,
    visitor: &Visitor,
    session: &AccountSession,
    key: &str,
    problems: Vec<StatusProblem>,
) -> Result<Unlink, Fault> {
    let linked = web.broker().linked(session).await?.into_iter().find(|linked| linked.key == key).ok_or(Fault::Gone)?;
    let frame = frame(web, visitor, &Enroller::Account(session.clone())).await?;
    Ok(Unlink { frame, action: paths::unlink(key), name: linked.name(visitor.lang).to_owned(), problems })
}

/// `GET /osszekapcsolt/{key}`
pub(super) async fn unlink_page(
    State(web): State<Web>,
    Path(key): Path<String>,
    Full(session): Full,
    visitor: Visitor,
) -> Result<Response, Refused> {
    match unlink_form(&web, &visitor, &session, &key, Vec::new()).await {
        Ok(form) => Ok(page(&visitor, StatusCode::OK, &form)),
        // Removed in another window.
        Err(Fault::Gone) => Ok(see_other(&visitor, paths::LINKED)),
        Err(fault) => Err(Refused::ugyfelkapu(&web, &visitor, fault)),
    }
}

/// `POST /osszekapcsolt/{key}`
pub(super) async fn unlink(
    State(web): State<Web>,
    Path(key): Path<String>,
    Full(session): Full,
    form: OwnForm,
) -> Result<Response, Refused> {
    let OwnForm { visitor, fields } = form;
    let refused = |fault: Fault| Refused::ugyfelkapu(&web, &visitor, fault);
    let problems = match proof(&fields) {
        Err(Err(refusal)) => return Err(Refused::ugyfelkapu(&web, &visitor, refusal)),
        Err(Ok(problems)) => problems,
        Ok((password, code)) => match web.broker().unlink(&session, &key, &password, &code, &visitor.caller).await {
            Ok(FactorChange::Done) | Err(Fault::Gone) => return Ok(see_other(&visitor, paths::LINKED)),
            Ok(other) => vec![refused_change(other).map_err(refused)?],
            Err(fault) => return Err(refused(fault)),
        },
    };
    let form = unlink_form(&web, &visitor, &session, &key, problems).await.map_err(refused)?;
    Ok(page(&visitor, StatusCode::UNPROCESSABLE_ENTITY, &form))
}
