//! Logout in both directions.

use saml::binding::redirect;
use saml::{Direction, LogoutRequest, LogoutResponse, SignatureDemand, Signer};
use xmlsec::SigningKey;

use super::provider::{IDP, KEY, NOW, SLO, SLO_SOAP, STRANGE_KEY, fill, form, idp, service};
use crate::*;

fn request(destination: Option<&str>) -> LogoutRequest {
    LogoutRequest {
        id: "_logout".into(),
        issue_instant: NOW,
        issuer: IDP.into(),
        destination: destination.map(str::to_owned),
        not_on_or_after: Some(NOW + 60),
        reason: None,
        name_id: NameId::new(NameIdFormat::Transient, "_anna"),
        session_indexes: vec!["_session".into()],
        is_asynchronous: false,
    }
}

fn response(status: Status) -> LogoutResponse {
    LogoutResponse {
        id: "_answer".into(),
        issue_instant: NOW,
        issuer: IDP.into(),
        destination: Some(SLO.into()),
        in_response_to: Some("_asked".into()),
        status,
    }
}

fn signer(key: &SigningKey) -> Signer<'_> {
    Signer { key, certificate: None }
}

fn redirected(direction: Direction, xml: &str, key: Option<&SigningKey>) -> LogoutMessage {
    let location = redirect::encode(SLO, direction, xml, Some("r"), key).unwrap();
    LogoutMessage::redirected(location.split_once('?').unwrap().1).unwrap()
}

fn by_soap(request: &LogoutRequest, key: &SigningKey) -> LogoutMessage {
    LogoutMessage::by_soap(soap::envelope(&request.write(Some(&signer(key))).unwrap()).into_bytes()).unwrap()
}

fn taken(message: &LogoutMessage) -> Result<LogoutAsked, &'static str> {
    match service().take_logout(&idp(), message, NOW) {
        Ok(Logout::Asked(asked)) => Ok(asked),
        Ok(Logout::Answered { .. }) => panic!("it is a request"),
        Err(error) => Err(error.code()),
    }
}

#[test]
fn a_request_is_taken_whichever_way_it_comes_and_answered() {
    let (service, idp) = (service(), idp());
    let xml = request(Some(SLO)).write(None).unwrap();
    let posted = request(Some(SLO)).write(Some(&signer(&KEY))).unwrap();
    for message in [
        redirected(Direction::Request, &xml, Some(&KEY)),
        LogoutMessage::posted(&form("SAMLRequest", &posted)).unwrap(),
        by_soap(&request(Some(SLO_SOAP)), &KEY),
        by_soap(&request(None), &KEY),
    ] {
        let asked = taken(&message).unwrap();
        assert_eq!((asked.id.as_str(), asked.use_until), ("_logout", NOW + 90));
        assert_eq!((asked.name_id.value.as_str(), asked.session_indexes.len()), ("_anna", 1));
        let keys = [service.config.keys.signing().verifying_key().clone()];
        let received = match service.answer_logout(&idp, &asked, LogoutOutcome::Ended, NOW, &mut fill).unwrap() {
            LogoutAnswer::Redirect(location) => {
                let (address, query) = location.split_once('?').unwrap();
                assert_eq!(address, "https://idp.example/slo/answer", "ResponseLocation");
                let received = redirect::decode(query).unwrap();
                assert_eq!(received.relay_state(), Some("r"));
                received
            }
            LogoutAnswer::Soap(envelope) => soap::decode(Direction::Response, envelope.into()).unwrap(),
            LogoutAnswer::Page => panic!("somebody waits"),
        };
        let answer = received.authenticate(&keys, SignatureDemand::Required).unwrap();
        let answer = LogoutResponse::read(&answer).unwrap();
        assert_eq!((answer.in_response_to.as_deref(), answer.status), (Some("_logout"), Status::SUCCESS));
    }
}

#[test]
fn a_request_that_is_not_the_identity_providers_is_refused() {
    let written = |request: &LogoutRequest| request.write(None).unwrap();
    let front = |change: fn(&mut LogoutRequest)| {
        let mut request = request(Some(SLO));
        change(&mut request);
        redirected(Direction::Request, &written(&request), Some(&KEY))
    };
    for (code, message) in [
        ("unsigned", redirected(Direction::Request, &written(&request(Some(SLO))), None)),
        ("sig-key", redirected(Direction::Request, &written(&request(Some(SLO))), Some(&STRANGE_KEY))),
        ("sig-key", by_soap(&request(None), &STRANGE_KEY)),
        ("issuer", front(|request| request.issuer.push('x'))),
        ("destination", front(|request| request.destination = None)),
        ("destination", front(|request| request.destination = Some(SLO_SOAP.into()))),
        ("destination", by_soap(&request(Some(SLO)), &KEY)),
        ("time", front(|request| request.not_on_or_after = Some(NOW - 30))),
        ("time", front(|request| request.issue_instant = NOW + 31)),
        (
            "time",
            front(|request| {
                request.not_on_or_after = None;
                request.issue_instant = NOW - 330;
            }),
        ),
    ] {
        assert_eq!(taken(&message).unwrap_err(), code);
    }
    let answer = response(Status::SUCCESS).write(Some(&signer(&KEY))).unwrap();
    let message = LogoutMessage::by_soap(soap::envelope(&answer).into_bytes()).unwrap();
    assert_eq!(taken(&message).unwrap_err(), "kind", "a response does not come by itself");
}

#[test]
fn nobody_waits_for_the_answer_to_an_asynchronous_request() {
    let asynchronous = LogoutRequest { is_asynchronous: true, ..request(Some(SLO)) };
    let asked = taken(&redirected(Direction::Request, &asynchronous.write(None).unwrap(), Some(&KEY))).unwrap();
    let answer = service().answer_logout(&idp(), &asked, LogoutOutcome::Ended, NOW, &mut fill).unwrap();
    assert_eq!(answer, LogoutAnswer::Page);
}

#[test]
fn our_own_request_is_signed_and_its_answer_tells_what_became_of_it() {
    let (service, idp) = (service(), idp());
    let participant =
        Participant { name_id: NameId::new(NameIdFormat::Transient, "_anna"), session_index: Some("_session".into()) };
    let started = service.logout(&idp, &participant, None, NOW, &mut fill).unwrap();
    let (address, query) = started.location.split_once('?').unwrap();
    assert_eq!(address, "https://idp.example/slo");
    let keys = [service.config.keys.signing().verifying_key().clone()];
    let received = redirect::decode(query).unwrap().authenticate(&keys, SignatureDemand::Required).unwrap();
    let read = LogoutRequest::read(&received, &[]).unwrap();
    assert_eq!((read.id, read.name_id), (started.request_id, participant.name_id));
    assert_eq!(read.session_indexes, ["_session"]);

    let partly = Status { reason: Some(StatusReason::PartialLogout), ..Status::SUCCESS };
    let failed = Status::refused(StatusCode::Responder, StatusReason::UnknownPrincipal);
    for (status, expected) in
        [(Status::SUCCESS, LogoutOutcome::Ended), (partly, LogoutOutcome::Partly), (failed, LogoutOutcome::Failed)]
    {
        let message = redirected(Direction::Response, &response(status).write(None).unwrap(), Some(&KEY));
        let taken = service.take_logout(&idp, &message, NOW).unwrap();
        assert_eq!(taken, Logout::Answered { in_response_to: "_asked".into(), outcome: expected });
    }
    let nothing = LogoutResponse { in_response_to: None, ..response(Status::SUCCESS) };
    let message = redirected(Direction::Response, &nothing.write(None).unwrap(), Some(&KEY));
    assert_eq!(service.take_logout(&idp, &message, NOW).unwrap_err().code(), "kind");
}
