//! The portal's pages.

use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use model::Handle;

use super::{Kenyszi, SIGNED_OUT};
use crate::answer;
use crate::fault::Fault;
use crate::own_form::OwnForm;
use crate::portal::demand::{Demand, Failure};
use crate::portal::pages;
use crate::visitor::{Visitor, renew, stored};

/// What the handle of a sign-in is called in the address of [`arrived`].
pub(super) const ANSWER: &str = "valasz";

/// `GET /`
pub(super) async fn home(State(portal): State<Kenyszi>, visitor: Visitor) -> Response {
    match portal.sessions.find(visitor.digest(), portal.demo.clock.now()).await {
        Ok(Some(session)) => pages::person(&visitor, &session, &portal.neighbours),
        Ok(None) => pages::front(&visitor),
        Err(fault) => Fault::from(fault).answer(&visitor),
    }
}

/// `GET /belepes`: changes nothing but what this browser may come back with.
pub(super) async fn sign_in(State(portal): State<Kenyszi>, visitor: Visitor) -> Response {
    begin(&portal, &visitor, Demand::Ordinary).await
}

/// `GET /friss-belepes`
pub(super) async fn sign_in_afresh(State(portal): State<Kenyszi>, visitor: Visitor) -> Response {
    begin(&portal, &visitor, Demand::Fresh).await
}

/// `GET /emelt-belepes`
pub(super) async fn sign_in_higher(State(portal): State<Kenyszi>, visitor: Visitor) -> Response {
    begin(&portal, &visitor, Demand::Substantial).await
}

async fn begin(portal: &Kenyszi, visitor: &Visitor, demand: Demand) -> Response {
    let begun = portal.demo.clock.now();
    let started = match portal.kau.sign_in(demand, visitor.lang).await {
        Ok(started) => started,
        Err(refusal) => return pages::failed(visitor, refusal.failure()),
    };
    match portal.sessions.expect(visitor.digest(), &started, demand, begun).await {
        Ok(()) => answer::see_other(&started.location),
        Err(fault) => Fault::from(fault).answer(visitor),
    }
}

/// `GET /belepve`: the browser comes with its own cookie, so it is seen whether it is the one that began.
pub(super) async fn arrived(State(portal): State<Kenyszi>, visitor: Visitor, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let handle = form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == ANSWER);
    let Some(handle) = handle.and_then(|(_, value)| Handle::parse(&value)) else {
        return failure(Failure::Stale);
    };
    let mut response = answer::see_other("/");
    let new = stored(&renew(&mut response, &*portal.demo.random));
    match portal.sessions.begin(visitor.digest(), stored(&handle), new, portal.demo.clock.now()).await {
        Ok(true) => response,
        Ok(false) => failure(Failure::Stale),
        Err(fault) => Fault::from(fault).answer(&visitor),
    }
}

/// On to the page that says so, out of the address bar.
pub(super) fn failure(failure: Failure) -> Response {
    answer::see_other(&format!("/sikertelen/{}", failure.as_str()))
}

/// `GET /sikertelen/{reason}`
pub(super) async fn failed(visitor: Visitor, Path(reason): Path<String>) -> Response {
    match Failure::from_name(&reason) {
        Some(failure) => pages::failed(&visitor, failure),
        None => Fault::NotFound.answer(&visitor),
    }
}

/// `GET /uzenetek`
pub(super) async fn messages(State(portal): State<Kenyszi>, visitor: Visitor) -> Response {
    let session = match portal.sessions.find(visitor.digest(), portal.demo.clock.now()).await {
        Ok(Some(session)) => session,
        Ok(None) => return answer::see_other("/"),
        Err(fault) => return Fault::from(fault).answer(&visitor),
    };
    match portal.sessions.exchange(visitor.digest()).await {
        Ok(Some(exchange)) => pages::messages(&visitor, &session, &exchange),
        Ok(None) => answer::see_other("/"),
        Err(fault) => Fault::from(fault).answer(&visitor),
    }
}

/// `POST /kilepes`: ends the session here, and leads on to Kapu to end it there.
///
/// The answer is a page and no redirect: `form-action 'self'` forbids a form to end at another origin.
pub(super) async fn sign_out(State(portal): State<Kenyszi>, visitor: Visitor, _: OwnForm) -> Response {
    let participant = match portal.sessions.end(visitor.digest()).await {
        Ok(participant) => participant,
        Err(fault) => return Fault::from(fault).answer(&visitor),
    };
    let onward = match participant {
        Some(participant) => portal.kau.logout(&participant, visitor.lang).await,
        None => None,
    };
    let mut response = match onward {
        Some(started) => match portal.sessions.leave(&started, portal.demo.clock.now()).await {
            Ok(()) => pages::leaving(&visitor, &started.location),
            Err(fault) => Fault::from(fault).answer(&visitor),
        },
        None => answer::see_other(SIGNED_OUT),
    };
    renew(&mut response, &*portal.demo.random);
    response
}

/// `GET /kilepett`: after a sign-out.
pub(super) async fn signed_out(visitor: Visitor) -> Response {
    pages::signed_out(&visitor)
}

/// `GET /kilepett-reszben`: after a sign-out that may not have reached every service.
pub(super) async fn partly_signed_out(visitor: Visitor) -> Response {
    pages::partly_signed_out(&visitor)
}
