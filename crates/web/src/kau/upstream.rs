//! Other identity providers: away to one, back from it, and connecting what it knows of a person with an account.

use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use broker::{Arrival, Arrived, AskedUpstream, Fault, LoginView, UpstreamView};
use journey::{IdentitySource, Linking, Offer, Stated};
use model::{Article, Handle, Lang};

use super::choose::choose_page;
use super::saml::METADATA_TYPE;
use super::{frame, login, login_frame, wallet};
use crate::answer::{page, see_other};
use crate::fault::{Refusal, Refused};
use crate::form::OwnForm;
use crate::pages::kau::{ChooseProblem, End, GoOn};
use crate::pages::upstream::{Link, UpstreamOffer};
use crate::pages::{ServiceName, paths};
use crate::visitor::Visitor;
use crate::{Web, moment};

fn name_in([hu, en]: &[String; 2], lang: Lang) -> String {
    match lang {
        Lang::Hu => hu.clone(),
        Lang::En => en.clone(),
    }
}

/// What a provider is called in the language of the page.
pub(super) fn name(web: &Web, visitor: &Visitor, id: &str) -> String {
    web.broker().upstream(id).map_or_else(|| id.to_owned(), |upstream| upstream.name(visitor.lang).to_owned())
}

/// Whose word an identity is, as people call it.
pub(super) fn name_of(web: &Web, visitor: &Visitor, linking: &Linking) -> String {
    match linking.source {
        IdentitySource::Upstream => name(web, visitor, &linking.upstream),
        IdentitySource::Wallet => wallet::issuer_name(web, visitor, &linking.issuer),
    }
}

/// A provider on the sign-in page.
pub(super) fn shown(web: &Web, visitor: &Visitor, view: &UpstreamView) -> Option<UpstreamOffer> {
    let level = web.broker().upstream(&view.id)?.level;
    let name = name_in(&view.name, visitor.lang);
    Some(UpstreamOffer { id: view.id.clone(), name, level, is_offered: view.offer == Offer::Offered })
}

/// The person chose a provider on the sign-in page. A form may not lead to another origin, so a page does.
pub(super) async fn ask(web: &Web, visitor: &Visitor, view: &LoginView, id: &str) -> Result<Response, Refused> {
    let problem = match web.broker().ask_upstream(view, id, &visitor.browser, visitor.lang).await {
        Ok(AskedUpstream::Go { location }) => {
            let name = name(web, visitor, id);
            let service = ServiceName { article: Article::guess(&name), name };
            let frame = frame(web, visitor, None);
            return Ok(page(visitor, StatusCode::OK, &GoOn { frame, service, href: location, end: End::Elsewhere }));
        }
        Ok(AskedUpstream::Down) => ChooseProblem::UpstreamDown { name: name(web, visitor, id) },
        Err(Fault::Stale) => ChooseProblem::NotOffered,
        Err(fault) => return Err(Refused::kau(web, visitor, fault)),
    };
    Ok(page(visitor, StatusCode::UNPROCESSABLE_ENTITY, &choose_page(web, visitor, view, Some(problem))))
}

/// `GET /upstream/{id}/callback`: the answer of an OpenID provider.
pub(super) async fn callback(
    State(web): State<Web>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let query = query.unwrap_or_default();
    let present = visitor.single_sign_on.as_ref();
    let arrival = Box::pin(web.broker().upstream_answer(&id, &query, &visitor.browser, present)).await;
    arrived(&web, &visitor, arrival)
}

/// `POST /upstream/{id}/acs`: the response of an identity provider of SAML. It comes without our cookies; the browser
/// fetches what it says by a GET, which has them.
pub(super) async fn response(
    State(web): State<Web>,
    Path(id): Path<String>,
    visitor: Visitor,
    body: Bytes,
) -> Result<Response, Refused> {
    let refused = |fault: Fault| Refused::kau(&web, &visitor, fault);
    let body = std::str::from_utf8(&body).map_err(|_| refused(Fault::NoJourney))?;
    let handle = web.broker().upstream_response(&id, body).await.map_err(refused)?;
    let back = paths::UPSTREAM_RETURN.replace("{id}", &id);
    Ok(see_other(&visitor, &format!("{back}?{}={}", paths::RETURN_QUERY, handle.expose())))
}

/// `GET /upstream/{id}/vissza`
pub(super) async fn fetched(
    State(web): State<Web>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let query = query.unwrap_or_default();
    let mut handles = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == paths::RETURN_QUERY);
    let handle = handles.next().and_then(|(_, handle)| Handle::parse(&handle));
    let Some(handle) = handle else { return Err(Refused::kau(&web, &visitor, Fault::NoJourney)) };
    let present = visitor.single_sign_on.as_ref();
    let arrival = Box::pin(web.broker().upstream_fetched(&id, &handle, &visitor.browser, present)).await;
    arrived(&web, &visitor, arrival)
}

/// `GET /upstream/{id}/metadata`
pub(super) async fn metadata(
    State(web): State<Web>,
    Path(id): Path<String>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    match web.broker().upstream_metadata(&id) {
        Ok(document) => Ok(([(header::CONTENT_TYPE, METADATA_TYPE)], document).into_response()),
        Err(Fault::NoJourney) => Err(Refused::kau(&web, &visitor, Refusal::NotFound)),
        Err(fault) => Err(Refused::kau(&web, &visitor, fault)),
    }
}

fn arrived(web: &Web, visitor: &Visitor, arrival: Result<Arrival, Fault>) -> Result<Response, Refused> {
    let Arrival { view, upstream, arrived } = match arrival {
        Ok(arrival) => arrival,
        Err(fault) => return Err(Refused::kau(web, visitor, fault)),
    };
    let name = name(web, visitor, &upstream);
    let problem = match arrived {
        Arrived::Known(next) => return login::follow(web, visitor, &view, next),
        Arrived::Unknown => return Ok(see_other(visitor, &paths::link(&view.id))),
        Arrived::Unlinkable => ChooseProblem::UpstreamUnknown { name },
        Arrived::Declined => ChooseProblem::UpstreamDeclined { name },
        Arrived::Refused => ChooseProblem::UpstreamRefused { name },
        Arrived::Down => ChooseProblem::UpstreamDown { name },
    };
    Ok(page(visitor, StatusCode::UNPROCESSABLE_ENTITY, &choose_page(web, visitor, &view, Some(problem))))
}

/// The same with its day as pages write days.
fn in_words(stated: &Stated, lang: Lang) -> Stated {
    let birth_date = stated.birth_date.as_deref().map(|day| moment::day(day, lang));
    Stated { birth_date, ..stated.clone() }
}

/// `GET /b/{id}/osszekapcsolas`
pub(super) async fn link_page(
    State(web): State<Web>,
    Path(id): Path<String>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let view = login::view(&web, &visitor, &id).await?;
    let Some(linking) = &view.linking else { return Ok(see_other(&visitor, &paths::choose(&id))) };
    let link = Link {
        frame: login_frame(&web, &visitor, &id, &view.service),
        action: paths::link(&id),
        sign_in: paths::password(&id),
        name: name_of(&web, &visitor, linking),
        stated: Link::rows(&in_words(&linking.stated, visitor.lang)),
    };
    Ok(page(&visitor, StatusCode::OK, &link))
}

/// `POST /b/{id}/osszekapcsolas`: the person does not connect it.
pub(super) async fn drop_link(
    State(web): State<Web>,
    Path(id): Path<String>,
    form: OwnForm,
) -> Result<Response, Refused> {
    let visitor = form.visitor;
    let view = login::view(&web, &visitor, &id).await?;
    match web.broker().drop_linking(&view).await {
        Ok(()) | Err(Fault::Stale) => Ok(see_other(&visitor, &paths::choose(&id))),
        Err(fault) => Err(Refused::kau(&web, &visitor, fault)),
    }
}
