//! "Mobiltárca": the credentials in a person's wallet, and the offer of new ones.

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use broker::{
    AccountSession, CredentialState, Enroller, Fault, HeldCredential, NotOffered, OfferMade, OfferView, QrCode,
};

use super::session::{Full, frame};
use super::status::{proof, refused_change};
use crate::answer::{page, see_other};
use crate::fault::{Refusal, Refused};
use crate::form::OwnForm;
use crate::pages::credentials::{Credential, Kind, Offered, State as Shown, Wallet, WalletOffer};
use crate::pages::status::StatusProblem;
use crate::pages::{fields, paths};
use crate::visitor::Visitor;
use crate::{Web, moment};

/// Where no credentials are issued, there is no such page.
fn refused(web: &Web, visitor: &Visitor, fault: Fault) -> Refused {
    if web.broker().issues_credentials() {
        Refused::ugyfelkapu(web, visitor, fault)
    } else {
        Refused::ugyfelkapu(web, visitor, Refusal::NotFound)
    }
}

async fn wallet(
    web: &Web,
    visitor: &Visitor,
    session: &AccountSession,
    problems: Vec<StatusProblem>,
) -> Result<Wallet, Fault> {
    let view = web.broker().wallet(session).await?;
    let offered = match view.not_offered {
        None => Offered::Yes,
        Some(NotOffered::NoSecondFactor) => Offered::NoSecondFactor,
        Some(NotOffered::OnHold { until }) => Offered::OnHold { until: moment::date_and_time(until, visitor.lang) },
        Some(NotOffered::NotAssured) => Offered::NotAssured,
    };
    Ok(Wallet {
        frame: frame(web, visitor, &Enroller::Account(session.clone())).await?,
        action: paths::CREDENTIALS.to_owned(),
        revoke: paths::REVOKE_CREDENTIAL.to_owned(),
        offered,
        credentials: view.credentials.into_iter().map(|held| credential(visitor, held)).collect(),
        problems,
    })
}

fn credential(visitor: &Visitor, held: HeldCredential) -> Credential {
    Credential {
        id: held.id,
        kind: Kind::of(held.format),
        issued: moment::date_and_time(held.issued_at, visitor.lang),
        expires: moment::date_and_time(held.expires_at, visitor.lang),
        state: match held.state {
            CredentialState::Valid => Shown::Valid,
            CredentialState::Expired => Shown::Expired,
            CredentialState::Revoked { at } => Shown::Revoked { at: moment::date_and_time(at, visitor.lang) },
        },
    }
}

/// `GET /tarca`
pub(super) async fn show(State(web): State<Web>, Full(session): Full, visitor: Visitor) -> Result<Response, Refused> {
    match wallet(&web, &visitor, &session, Vec::new()).await {
        Ok(wallet) => Ok(page(&visitor, StatusCode::OK, &wallet)),
        Err(fault) => Err(refused(&web, &visitor, fault)),
    }
}

/// `POST /tarca`
pub(super) async fn offer(State(web): State<Web>, Full(session): Full, form: OwnForm) -> Result<Response, Refused> {
    let OwnForm { visitor, fields } = form;
    let refused = |fault: Fault| refused(&web, &visitor, fault);
    let problems = match proof(&fields) {
        Err(Err(refusal)) => return Err(Refused::ugyfelkapu(&web, &visitor, refusal)),
        Err(Ok(problems)) => problems,
        Ok((password, code)) => {
            let made = web.broker().offer_credentials(&session, &password, &code, &visitor.caller).await;
            match made.map_err(refused)? {
                OfferMade::Made(offer) => return show_offer(&web, &visitor, session, offer).await.map_err(refused),
                // The page says why.
                OfferMade::Not(_) => return Ok(see_other(&visitor, paths::CREDENTIALS)),
                OfferMade::Unproved(change) => vec![refused_change(change).map_err(refused)?],
            }
        }
    };
    let wallet = wallet(&web, &visitor, &session, problems).await.map_err(refused)?;
    Ok(page(&visitor, StatusCode::UNPROCESSABLE_ENTITY, &wallet))
}

async fn show_offer(
    web: &Web,
    visitor: &Visitor,
    session: AccountSession,
    offer: OfferView,
) -> Result<Response, Fault> {
    let link = offer.link.expose().clone();
    let qr = QrCode::of(&link).map_err(|_| Fault::Damaged("offer for a QR code"))?;
    let shown = WalletOffer {
        frame: frame(web, visitor, &Enroller::Account(session)).await?,
        qr: ui::QrCode { size: qr.size, path: qr.path },
        link,
        mailed_to: offer.mailed_to.masked(),
        until: moment::clock(offer.expires_at),
    };
    let mut response = page(visitor, StatusCode::OK, &shown);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// `POST /tarca/visszavonas`
pub(super) async fn revoke(State(web): State<Web>, Full(session): Full, form: OwnForm) -> Result<Response, Refused> {
    let OwnForm { visitor, fields } = form;
    match web.broker().revoke_credential(&session, fields.text(fields::CREDENTIAL)).await {
        // Revoked in another window.
        Ok(()) | Err(Fault::Gone) => Ok(see_other(&visitor, paths::CREDENTIALS)),
        Err(fault) => Err(refused(&web, &visitor, fault)),
    }
}
