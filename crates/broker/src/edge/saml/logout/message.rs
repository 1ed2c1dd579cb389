//! Messages of single logout that we send through the browser, each signed as its binding wants it.

use model::{Service, ServiceId};
use saml::binding::{post, redirect};
use saml::metadata::Endpoint;
use saml::{Binding, Direction, LogoutRequest, LogoutResponse, REASON_USER, Status, StatusCode, StatusReason};

use super::{Asker, SessionName};
use crate::edge::Onward;
use crate::edge::saml::service::SamlService;
use crate::{Broker, Fault};

/// How long a request of ours is to be obeyed, in seconds.
pub(super) const REQUEST_LIFE: i64 = 300;

const UNWRITABLE: Fault = Fault::Damaged("SAML logout message");

impl SamlService {
    /// Where it wants requests through the browser: by HTTP-Redirect, or else by HTTP-POST.
    pub(super) fn requests_go_to(&self) -> Option<&Endpoint> {
        [Binding::Redirect, Binding::Post].into_iter().find_map(|binding| self.sp.role.single_logout(binding))
    }

    /// Where it wants answers through the browser, likewise.
    pub(super) fn answers_go_to(&self) -> Option<(Binding, &str)> {
        self.requests_go_to().map(|endpoint| (endpoint.binding, endpoint.response_location()))
    }
}

/// A message on its way through the browser.
struct Parcel<'a> {
    binding: Binding,
    location: &'a str,
    direction: Direction,
    relay_state: Option<&'a str>,
}

impl Broker {
    /// A request that tells a service through the browser, with its `ID`; `None` when it has no address for it.
    pub(crate) async fn ask_through_browser(
        &self,
        client: &ServiceId,
        name: &SessionName,
        round: &str,
    ) -> Result<Option<(String, Service, Onward)>, Fault> {
        let Some(service) = self.saml_service(client.as_str()).await? else { return Ok(None) };
        let Some(endpoint) = service.requests_go_to() else { return Ok(None) };
        let request = self.logout_request(client, name, &endpoint.location);
        let parcel = Parcel {
            binding: endpoint.binding,
            location: &endpoint.location,
            direction: Direction::Request,
            relay_state: Some(round),
        };
        let onward = self.signed_on_its_way(&service, &parcel, |signer| request.write(signer))?;
        Ok(Some((request.id, service.service, onward)))
    }

    /// A request to a service that a session is over.
    pub(super) fn logout_request(&self, client: &ServiceId, name: &SessionName, destination: &str) -> LogoutRequest {
        let now = self.now().seconds();
        let issuer = self.saml_endpoints().entity_id.clone();
        LogoutRequest {
            id: self.draw_message_id(),
            issue_instant: now,
            destination: Some(destination.to_owned()),
            not_on_or_after: Some(now + REQUEST_LIFE),
            reason: Some(REASON_USER.to_owned()),
            name_id: name.name_id(&issuer, client.as_str()),
            session_indexes: vec![name.sid.clone()],
            is_asynchronous: false,
            issuer,
        }
    }

    /// The answer to a service that waited while the others were told.
    pub(crate) async fn answer_through_browser(
        &self,
        asker: &Asker,
        is_whole: bool,
    ) -> Result<Option<(Service, Onward)>, Fault> {
        let Some(service) = self.saml_service(asker.service.as_str()).await? else { return Ok(None) };
        let onward = self.logout_response(asker, &service, done(is_whole))?;
        Ok(onward.map(|onward| (service.service, onward)))
    }

    /// The answer to a service; `None` when it has no address for it.
    pub(super) fn logout_response(
        &self,
        asker: &Asker,
        service: &SamlService,
        status: Status,
    ) -> Result<Option<Onward>, Fault> {
        let Some((binding, location)) = service.answers_go_to() else { return Ok(None) };
        let response = self.logout_response_to(&asker.request, Some(location), status);
        let relay_state = asker.relay_state.as_deref();
        let parcel = Parcel { binding, location, direction: Direction::Response, relay_state };
        self.signed_on_its_way(service, &parcel, |signer| response.write(signer)).map(Some)
    }

    pub(super) fn logout_response_to(
        &self,
        request: &str,
        destination: Option<&str>,
        status: Status,
    ) -> LogoutResponse {
        LogoutResponse {
            id: self.draw_message_id(),
            issue_instant: self.now().seconds(),
            issuer: self.saml_endpoints().entity_id.clone(),
            destination: destination.map(str::to_owned),
            in_response_to: Some(request.to_owned()),
            status,
        }
    }

    /// Signs: in the address for HTTP-Redirect, in the message for HTTP-POST.
    fn signed_on_its_way(
        &self,
        service: &SamlService,
        parcel: &Parcel<'_>,
        write: impl FnOnce(Option<&saml::Signer<'_>>) -> Result<String, saml::WriteError>,
    ) -> Result<Onward, Fault> {
        let key = self.saml_key_for(&service.sp.role)?;
        let Parcel { binding, location, direction, relay_state } = *parcel;
        if binding == Binding::Redirect {
            let message = write(None).map_err(|_| UNWRITABLE)?;
            let address = redirect::encode(location, direction, &message, relay_state, Some(key.signer().key));
            return address.map(Onward::Location).map_err(|_| UNWRITABLE);
        }
        let message = write(Some(&key.signer())).map_err(|_| UNWRITABLE)?;
        let fields = post::fields(direction, &message, relay_state).map_err(|_| UNWRITABLE)?;
        Ok(Onward::Form { action: location.to_owned(), fields })
    }
}

/// The session is ended; and whether everywhere (Core section 3.7.3.2).
pub(super) const fn done(is_whole: bool) -> Status {
    if is_whole { Status::SUCCESS } else { Status::refused(StatusCode::Success, StatusReason::PartialLogout) }
}
