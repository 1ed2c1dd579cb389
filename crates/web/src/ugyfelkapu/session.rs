//! The sessions as extractors: a handler that asks for one is not reached without it.

use axum::extract::FromRequestParts;
use axum::http::Method;
use axum::http::request::Parts;
use broker::{AccountSession, Enroller, Fault};
use ui::{Band, Frame};

use crate::answer::see_other;
use crate::fault::{Refusal, Refused};
use crate::pages::{Onward, ServiceName, bands, paths};
use crate::visitor::Visitor;
use crate::{Web, moment};

/// A full session. An enrolment session gets 403, nobody gets the sign-in page.
pub(super) struct Full(pub(super) AccountSession);

/// A full session or an enrolment session.
pub(super) struct MayEnrol(pub(super) Enroller);

impl FromRequestParts<Web> for Full {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Refused> {
        let MayEnrol(enroller) = MayEnrol::from_request_parts(parts, web).await?;
        match enroller {
            Enroller::Account(session) => Ok(Self(session)),
            Enroller::Enrolment(session) => {
                let Ok(visitor) = Visitor::from_request_parts(parts, web).await;
                let refusal = match web.broker().note_scope_violation(&session).await {
                    Ok(()) => Refusal::EnrolmentOnly,
                    Err(fault) => fault.into(),
                };
                Err(Refused::ugyfelkapu(web, &visitor, refusal))
            }
        }
    }
}

impl FromRequestParts<Web> for MayEnrol {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Refused> {
        let Ok(visitor) = Visitor::from_request_parts(parts, web).await;
        match present(web, &visitor).await {
            Ok(Some(enroller)) => Ok(Self(enroller)),
            // Nobody yet, who only looked: to the sign-in.
            Ok(None) if visitor.account.is_none() && visitor.enrolment.is_none() && parts.method == Method::GET => {
                Err(Refused::from_response(see_other(&visitor, paths::START)))
            }
            Ok(None) => Err(Refused::ugyfelkapu(web, &visitor, Fault::NoSession)),
            Err(fault) => Err(Refused::ugyfelkapu(web, &visitor, fault)),
        }
    }
}

/// The session of a visitor, a full one before an enrolment one.
pub(super) async fn present(web: &Web, visitor: &Visitor) -> Result<Option<Enroller>, Fault> {
    if let Some(handle) = &visitor.account {
        match web.broker().account_session(handle).await {
            Ok(session) => return Ok(Some(Enroller::Account(session))),
            Err(Fault::NoSession) => {}
            Err(fault) => return Err(fault),
        }
    }
    if let Some(handle) = &visitor.enrolment {
        match web.broker().enrolment_session(handle).await {
            Ok(session) => return Ok(Some(Enroller::Enrolment(session))),
            Err(Fault::NoSession) => {}
            Err(fault) => return Err(fault),
        }
    }
    Ok(None)
}

/// The frame of a page inside a session: who is signed in and until when, or what is being set up.
pub(super) async fn frame(web: &Web, visitor: &Visitor, enroller: &Enroller) -> Result<Frame, Fault> {
    let sign_out = paths::ACCOUNT_SIGN_OUT.to_owned();
    let band: Band = match enroller {
        Enroller::Account(session) => {
            let until = moment::clock(session.ends_at());
            bands::signed_in(visitor.lang, session.user_name().as_str(), &until, sign_out)
        }
        Enroller::Enrolment(session) => {
            let service = match session.login_id() {
                Some(id) => web.broker().login_service(id).await?,
                None => None,
            };
            let name = service.map(|service| ServiceName::of(&service, visitor.lang));
            bands::enrolling(visitor.lang, name.as_ref(), sign_out)
        }
    };
    Ok(web.account_frame(visitor, Some(band)))
}

/// Where the person goes on, when they came from a service.
pub(super) async fn onward(web: &Web, visitor: &Visitor, login_id: Option<&str>) -> Result<Option<Onward>, Fault> {
    let Some(id) = login_id else { return Ok(None) };
    let service = web.broker().login_service(id).await?;
    Ok(service.map(|service| web.onward(&service, id, visitor.lang)))
}
