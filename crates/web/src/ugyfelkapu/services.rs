//! "Mit kapnak a szolgáltatások": what services receive, and how that is withdrawn.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use broker::{AccountSession, Enroller, Fault, Withdrawal};
use journey::Decision;
use model::{Datum, LegalBasis, Release};

use super::session::{Full, frame};
use crate::answer::{page, see_other};
use crate::fault::Refused;
use crate::form::OwnForm;
use crate::pages::consent::{Ground, Receiver, Services};
use crate::pages::{ServiceName, fields, paths};
use crate::visitor::Visitor;
use crate::{Web, moment};

async fn services_page(
    web: &Web,
    visitor: &Visitor,
    session: &AccountSession,
    withdrawn: Option<ServiceName>,
) -> Result<Services, Fault> {
    let receivers = web.broker().receivers(session).await?.iter().map(|known| receiver(known, visitor)).collect();
    let frame = frame(web, visitor, &Enroller::Account(session.clone())).await?;
    Ok(Services { frame, action: paths::SERVICES.to_owned(), receivers, withdrawn })
}

fn receiver(known: &broker::Receiver, visitor: &Visitor) -> Receiver {
    let broker::Receiver { service, decision, last } = known;
    let Decision { required, chosen, withheld, basis } = decision;
    // What was agreed to is one thing, with a choice or without; what the law requires is another.
    let (data, chosen) = match basis {
        LegalBasis::Consent => (required.with(chosen), Release::default()),
        LegalBasis::Law => (required.clone(), chosen.clone()),
    };
    Receiver {
        id: service.id.as_str().to_owned(),
        service: ServiceName::of(service, visitor.lang),
        ground: Ground::of(decision, service.terms.basis),
        data: kept(&data),
        chosen: kept(&chosen),
        from_wallet: decision.chosen.from_wallet().iter().collect(),
        withheld: withheld.iter().collect(),
        last: moment::date_and_time(*last, visitor.lang),
    }
}

/// What is passed on at every sign-in: a wallet gives its own for one.
fn kept(data: &Release) -> Vec<Datum> {
    data.without(&data.from_wallet()).iter().collect()
}

/// `GET /szolgaltatasok`
pub(super) async fn show(State(web): State<Web>, Full(session): Full, visitor: Visitor) -> Result<Response, Refused> {
    match services_page(&web, &visitor, &session, None).await {
        Ok(services) => Ok(page(&visitor, StatusCode::OK, &services)),
        Err(fault) => Err(Refused::ugyfelkapu(&web, &visitor, fault)),
    }
}

/// `POST /szolgaltatasok`
pub(super) async fn withdraw(State(web): State<Web>, Full(session): Full, form: OwnForm) -> Result<Response, Refused> {
    let OwnForm { visitor, fields } = form;
    let refused = |fault| Refused::ugyfelkapu(&web, &visitor, fault);
    let id = fields.text(fields::SERVICE);
    let receivers = web.broker().receivers(&session).await.map_err(refused)?;
    let of = receivers.iter().find(|receiver| receiver.service.id.as_str() == id);
    let Some(service) = of.map(|receiver| ServiceName::of(&receiver.service, visitor.lang)) else {
        return Ok(see_other(&visitor, paths::SERVICES));
    };
    match web.broker().withdraw_consent(&session, id).await.map_err(refused)? {
        Withdrawal::Done => {
            let services = services_page(&web, &visitor, &session, Some(service)).await.map_err(refused)?;
            Ok(page(&visitor, StatusCode::OK, &services))
        }
        // Withdrawn in another window, or nothing that could be.
        Withdrawal::Nothing => Ok(see_other(&visitor, paths::SERVICES)),
    }
}
