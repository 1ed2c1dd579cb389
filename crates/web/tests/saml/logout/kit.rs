//! Services that are told of logouts, in one session of Anna's.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use data_encoding::BASE64;
use http_body_util::BodyExt as _;
use model::{Clock as _, Lang};
use saml::binding::{post, redirect, soap};
use saml::metadata::Endpoint;
use saml::{
    Authentic, Binding, Direction, LogoutRequest, LogoutResponse, NameId, Received, SignatureDemand, Status,
    StatusCode as Top, StatusReason,
};
use serde_json::json;
use testkit::{Browser, Installation, KAU};
use tower::ServiceExt as _;
use url::Url;
use xmlsec::VerifyingKey;

use crate::service::{KEYS, Person, Service, agree_if_asked, by_redirect, idp_of, signer, status_of};

/// Where logouts go.
pub(crate) const SLO: &str = "/saml/slo";
/// Where they go by SOAP.
pub(crate) const SLO_SOAP: &str = "/saml/slo/soap";
/// A client that speaks OpenID Connect.
pub(crate) const CLIENT: &str = "https://oidc.pelda.hu";

/// A service that publishes these bindings for logout.
pub(crate) fn service(host: &str, bindings: &[Binding]) -> Service {
    let mut service = Service::usual(host);
    let endpoint = |binding: &Binding| Endpoint {
        binding: *binding,
        location: format!("https://{host}/{}", if *binding == Binding::Soap { "soap" } else { "slo" }),
        response_location: (*binding != Binding::Soap).then(|| format!("https://{host}/slo/valasz")),
    };
    service.sp().role.single_logout = bindings.iter().map(endpoint).collect();
    service
}

/// What a service knows of its session.
pub(crate) struct Part {
    pub(crate) service: Service,
    pub(crate) name: NameId,
    pub(crate) index: String,
}

/// Services in one session of Anna's.
pub(crate) struct Session {
    pub(crate) gate: Installation,
    pub(crate) anna: Person,
    pub(crate) browser: Browser,
    pub(crate) parts: Vec<Part>,
}

/// A browser that reaches the pages of these hosts, each of which answers everything.
pub(crate) fn browser(gate: &Installation, services: &[Service]) -> Browser {
    let page = || Router::new().fallback(async || "The service's own page.");
    services.iter().fold(gate.browser(Lang::Hu).reaching(CLIENT, page()), |browser, service| {
        browser.reaching(service.id().trim_end_matches("/saml"), page())
    })
}

impl Session {
    /// Anna signs in to each of these in turn, by name and code to the first.
    pub(crate) async fn of(services: Vec<Service>) -> Self {
        let gate = Installation::start().await;
        let anna = Person::enrolled(&gate, "minta.anna").await;
        gate.deliver().await;
        let mut registered = Vec::new();
        for service in services {
            registered.push(service.register(&gate).await);
        }
        let browser = browser(&gate, &registered);
        let mut session = Self { gate, anna, browser, parts: Vec::new() };
        for service in registered {
            session.join(service).await;
        }
        session
    }

    /// One more service joins the session.
    pub(crate) async fn join(&mut self, service: Service) {
        let Self { gate, anna, browser, parts } = self;
        let id = format!("_in{}", parts.len());
        browser.visit(&by_redirect(&service.request(gate, &id), None, None)).await;
        agree_if_asked(browser).await;
        if browser.page().attribute("form#tovabb", "action").is_none() {
            anna.sign_in(gate, browser).await;
        }
        let assertion = service.answer(gate, browser, &id).unwrap();
        let index = assertion.authn.session_index.unwrap();
        parts.push(Part { service, name: assertion.name_id, index });
    }

    /// A client that speaks OpenID Connect and wants to be told joins too.
    pub(crate) async fn join_by_oidc(&mut self) -> String {
        let metadata = json!({
            "client_name": "OIDC",
            "redirect_uris": [format!("{CLIENT}/cb")],
            "post_logout_redirect_uris": [format!("{CLIENT}/viszlat")],
            "backchannel_logout_uri": format!("{CLIENT}/kijelentkezes"),
        });
        let id = self.gate.client(&metadata).await.id;
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs([
                ("response_type", "code"),
                ("client_id", &id),
                ("redirect_uri", &format!("{CLIENT}/cb")),
                ("scope", "openid"),
                ("state", "s"),
                ("nonce", "n"),
                ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
                ("code_challenge_method", "S256"),
            ])
            .finish();
        self.browser.visit(&format!("{KAU}/oidc/authorize?{query}")).await;
        assert!(self.browser.page().url.as_str().starts_with(&format!("{CLIENT}/cb?code=")));
        id
    }

    /// A good request of a service for its session to end.
    pub(crate) fn request(&self, nth: usize, id: &str) -> LogoutRequest {
        let part = &self.parts[nth];
        LogoutRequest {
            id: id.to_owned(),
            issue_instant: self.gate.clock.now().seconds(),
            issuer: part.service.id().to_owned(),
            destination: Some(format!("{KAU}{SLO}")),
            not_on_or_after: None,
            reason: None,
            name_id: part.name.clone(),
            session_indexes: vec![part.index.clone()],
            is_asynchronous: false,
        }
    }

    /// Sends a request by HTTP-Redirect, signed by the service.
    pub(crate) async fn ask(&mut self, request: &LogoutRequest) {
        self.browser.visit(&to_slo(&request.write(None).unwrap())).await;
    }

    /// Whether this browser is signed in at the broker, asked as a service asks without a page.
    pub(crate) async fn is_signed_in(&mut self) -> bool {
        let mut request = self.parts[0].service.request(&self.gate, "_passive");
        request.is_passive = true;
        request.id = format!("_passive{}", self.gate.broker.draw_reference());
        let mut tab = self.browser.tab();
        tab.visit(&by_redirect(&request, None, None)).await;
        let fields = self.parts[0].service.posted(&tab);
        let message = fields.iter().find(|(name, _)| name == "SAMLResponse").unwrap();
        let xml = String::from_utf8(BASE64.decode(message.1.as_bytes()).unwrap()).unwrap();
        if xml.contains("Assertion") {
            return true;
        }
        assert_eq!(status_of(&fields), "Responder NoPassive");
        false
    }

    /// The request that the browser was sent with to a service, by HTTP-Redirect, and its relay state.
    #[track_caller]
    pub(crate) fn told(&self, nth: usize) -> (LogoutRequest, String) {
        let url = &self.browser.page().url;
        let part = &self.parts[nth];
        let origin = part.service.id().trim_end_matches("/saml");
        assert!(url.as_str().starts_with(&format!("{origin}/slo?")), "{url}: {}", self.browser.page().text());
        let received = redirect::decode(url.query().unwrap()).unwrap();
        self.check_told(nth, &received, &format!("{origin}/slo"))
    }

    /// Checks a request as its service does.
    #[track_caller]
    pub(crate) fn check_told(&self, nth: usize, received: &Received, at: &str) -> (LogoutRequest, String) {
        let request = LogoutRequest::read(&authentic(&self.gate, received), &[]).unwrap();
        let part = &self.parts[nth];
        let now = self.gate.clock.now().seconds();
        assert_eq!(request.issuer, idp_of(&self.gate).entity_id);
        assert_eq!(request.destination.as_deref(), Some(at));
        assert_eq!(request.name_id, part.name);
        assert_eq!(request.session_indexes, std::slice::from_ref(&part.index));
        assert!(request.not_on_or_after.unwrap() > now && request.issue_instant == now);
        (request, received.relay_state().unwrap_or_default().to_owned())
    }

    /// A service answers to a request of ours through the browser.
    pub(crate) async fn confirm(&mut self, nth: usize, request: &LogoutRequest, relay_state: &str, status: Status) {
        let response = self.response(nth, &request.id, status);
        let message = response.write(None).unwrap();
        let slo = format!("{KAU}{SLO}");
        let key = Some(&KEYS.signing);
        let address = redirect::encode(&slo, Direction::Response, &message, Some(relay_state), key).unwrap();
        self.browser.visit(&address).await;
    }

    pub(crate) fn response(&self, nth: usize, request: &str, status: Status) -> LogoutResponse {
        LogoutResponse {
            id: "_answer".to_owned(),
            issue_instant: self.gate.clock.now().seconds(),
            issuer: self.parts[nth].service.id().to_owned(),
            destination: Some(format!("{KAU}{SLO}")),
            in_response_to: Some(request.to_owned()),
            status,
        }
    }

    /// The answer that the browser brought a service by HTTP-Redirect: its status.
    #[track_caller]
    pub(crate) fn answered(&self, nth: usize, request: &str) -> Status {
        let page = self.browser.page();
        let origin = self.parts[nth].service.id().trim_end_matches("/saml");
        let at = format!("{origin}/slo/valasz");
        assert!(page.url.as_str().starts_with(&format!("{at}?")), "{}: {}", page.url, page.text());
        let received = redirect::decode(page.url.query().unwrap()).unwrap();
        self.check_answer(&received, &at, request)
    }

    /// Checks an answer as its service does.
    #[track_caller]
    pub(crate) fn check_answer(&self, received: &Received, at: &str, request: &str) -> Status {
        let response = LogoutResponse::read(&authentic(&self.gate, received)).unwrap();
        assert_eq!(response.issuer, idp_of(&self.gate).entity_id);
        assert_eq!(response.destination.as_deref(), Some(at));
        assert_eq!(response.in_response_to.as_deref(), Some(request));
        response.status
    }

    /// Sends a request by SOAP; the status of HTTP and the envelope.
    pub(crate) async fn ask_by_soap(&self, envelope: String) -> (StatusCode, Vec<u8>) {
        let request = Request::post(SLO_SOAP)
            .header("host", Url::parse(KAU).unwrap()[url::Position::BeforeHost..url::Position::AfterPort].to_owned())
            .header("content-type", soap::MEDIA_TYPE)
            .body(Body::from(envelope))
            .unwrap();
        let answer = self.gate.app().oneshot(request).await.unwrap();
        let status = answer.status();
        (status, answer.into_body().collect().await.unwrap().to_bytes().to_vec())
    }

    /// What the page says of each service: name and words.
    pub(crate) fn shown(&self) -> Vec<String> {
        self.browser.page().texts(".apps li")
    }
}

/// The message, if the gateway signed it.
#[track_caller]
pub(crate) fn authentic(gate: &Installation, received: &Received) -> Authentic {
    let idp = idp_of(gate);
    let keys: Vec<VerifyingKey> =
        idp.idp.as_ref().unwrap().role.signing().map(|certificate| certificate.key().clone()).collect();
    received.authenticate(&keys, SignatureDemand::Required).unwrap()
}

/// The address that carries a signed request.
pub(crate) fn to_slo(message: &str) -> String {
    redirect::encode(&format!("{KAU}{SLO}"), Direction::Request, message, Some("vissza"), Some(&KEYS.signing)).unwrap()
}

/// What the form on a page posts.
pub(crate) fn form(browser: &Browser) -> Received {
    let page = browser.page();
    let names = page.attributes("form#tovabb input", "name");
    let pairs = names.into_iter().zip(page.attributes("form#tovabb input", "value"));
    post::decode(&form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()).unwrap()
}

/// A service's answer by SOAP to an envelope of ours.
pub(crate) fn soap_answer(gate: &Installation, issuer: &str, envelope: &str, status: Status) -> String {
    let received = soap::decode(Direction::Request, envelope.as_bytes().to_vec()).unwrap();
    let request = LogoutRequest::read(&authentic(gate, &received), &[]).unwrap();
    let response = LogoutResponse {
        id: "_soap".to_owned(),
        issue_instant: request.issue_instant,
        issuer: issuer.to_owned(),
        destination: None,
        in_response_to: Some(request.id),
        status,
    };
    soap::envelope(&response.write(Some(&signer())).unwrap())
}

/// Ended, but not everywhere.
pub(crate) const PARTIAL: Status =
    Status { code: Top::Success, reason: Some(StatusReason::PartialLogout), message: None };
/// No such session of that service.
pub(crate) const UNKNOWN: Status =
    Status { code: Top::Requester, reason: Some(StatusReason::UnknownPrincipal), message: None };
