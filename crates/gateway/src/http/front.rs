//! From a request to the host it is for, and back with everything that an answer carries.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::future::poll_fn;
use std::net::{Ipv4Addr, SocketAddr};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, MatchedPath, Request};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use http::{HeaderName, HeaderValue, Method, StatusCode, header};
use model::Random;
use tower::{Service, ServiceExt as _};
use web::{ClientAddress, ClientPlace};

use super::refusal::refuse;
use super::request_id::{RequestId, RequestIds};
use super::{address, armour, assets, body, host};
use crate::config::TrustedProxies;
use crate::metrics::RequestCounts;
use crate::origin::{Origin, Scheme};

/// What stands in the log and in the metrics for a request that met no route or no host.
const NONE: &str = "none";

/// Everything that is served to the public, without sockets.
///
/// The peer's address is read from [`ConnectInfo`], which the listener puts into each request.
#[derive(Clone)]
pub struct Front(Arc<Hosts>);

struct Hosts {
    scheme: Scheme,
    by_authority: BTreeMap<String, (Origin, Router)>,
    trusted: TrustedProxies,
    place_headers: Vec<HeaderName>,
    counts: Arc<RequestCounts>,
    ids: RequestIds,
}

/// The public face while it is put together.
pub struct FrontBuilder(Hosts);

impl Front {
    /// Begins with no host at all. All origins have the one scheme.
    pub fn builder(
        scheme: Scheme,
        trusted: TrustedProxies,
        counts: Arc<RequestCounts>,
        random: &dyn Random,
    ) -> FrontBuilder {
        let ids = RequestIds::new(random);
        FrontBuilder(Hosts { scheme, by_authority: BTreeMap::new(), trusted, place_headers: Vec::new(), counts, ids })
    }

    /// Answers a request; there is no request without an answer.
    pub async fn answer(&self, mut request: Request) -> Response {
        let begun = begin();
        let id = self.0.ids.next();
        request.extensions_mut().insert(id);
        let method = request.method().clone();
        let (host, mut response) = self.dispatch(request, id).await;
        armour::put_on(response.headers_mut(), self.0.scheme);
        let route = response.extensions().get::<Route>().map_or(NONE, Route::as_str);
        let host = host.map_or(NONE, Origin::authority);
        self.0.counts.count(host, route, response.status());
        tell(id, &method, host, route, &response, begun);
        response
    }

    async fn dispatch(&self, request: Request, id: RequestId) -> (Option<&Origin>, Response) {
        let (parts, body) = request.into_parts();
        let named = host::named_by(&parts, self.0.scheme);
        let known = named.and_then(|host| self.0.by_authority.get(&host).ok_or(StatusCode::MISDIRECTED_REQUEST));
        let (origin, router) = match known {
            Ok((origin, router)) => (origin, router.clone()),
            Err(status) => return (None, closing(refuse(status, &id))),
        };
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0);
        let peer = peer.unwrap_or(SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)));
        if !self.0.trusted.contains(peer.ip()) && !host::agrees(&parts.headers, origin) {
            return (Some(origin), closing(refuse(StatusCode::MISDIRECTED_REQUEST, &id)));
        }
        if !parts.uri.path().starts_with('/') {
            return (Some(origin), closing(refuse(StatusCode::BAD_REQUEST, &id)));
        }
        let body = match body::take(&parts.headers, body).await {
            Ok(body) => body,
            Err(status) => return (Some(origin), closing(refuse(status, &id))),
        };
        let client = address::client_address(peer.ip(), &parts.headers, &self.0.trusted);
        let mut request = Request::from_parts(parts, body);
        request.extensions_mut().insert(ClientAddress(client));
        if !self.0.place_headers.is_empty() && self.0.trusted.contains(peer.ip()) {
            let place = address::client_place(request.headers(), &self.0.place_headers);
            request.extensions_mut().insert(ClientPlace(place));
        }
        if request.uri().path().starts_with(assets::FOLDER) {
            return (Some(origin), assets::answer(&request));
        }
        (Some(origin), unwound(router.oneshot(request), id).await)
    }
}

/// The answer, or the page that says that it is our fault: a panic ends one request and nothing else.
async fn unwound(answer: impl Future<Output = Result<Response, Infallible>>, id: RequestId) -> Response {
    let mut answer = std::pin::pin!(answer);
    let finished = poll_fn(|context| match catch_unwind(AssertUnwindSafe(|| answer.as_mut().poll(context))) {
        Ok(Poll::Pending) => Poll::Pending,
        Ok(Poll::Ready(Ok(response))) => Poll::Ready(Some(response)),
        Err(_) => Poll::Ready(None),
    });
    finished.await.unwrap_or_else(|| {
        tracing::error!(request = %id, "a handler panicked");
        refuse(StatusCode::INTERNAL_SERVER_ERROR, &id)
    })
}

/// After these nobody knows what else comes on the connection.
fn closing(mut response: Response) -> Response {
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

#[expect(clippy::disallowed_methods, reason = "measures; nothing is decided by it")]
fn begin() -> Instant {
    Instant::now()
}

/// One line for each request: no path, no query, no body, no cookie, no name. What anybody may keep (a
/// style sheet, a key set) says nothing about anybody and is fetched all the time: `debug`.
fn tell(id: RequestId, method: &Method, host: &str, route: &str, response: &Response, begun: Instant) {
    let status = response.status().as_u16();
    let public =
        response.headers().get(header::CACHE_CONTROL).is_some_and(|value| value.as_bytes().starts_with(b"public"));
    let micros = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX);
    if public && status < 400 {
        tracing::debug!(request = %id, %method, host, route, status, micros, "answered");
    } else {
        tracing::info!(request = %id, %method, host, route, status, micros, "answered");
    }
}

impl FrontBuilder {
    /// Adds a host, and what answers there.
    #[must_use]
    pub fn host(mut self, origin: &Origin, router: Router) -> Self {
        self.0.by_authority.insert(origin.authority().to_owned(), (origin.clone(), router.layer(from_fn(note_route))));
        self
    }

    /// Which headers of a trusted proxy say where a request comes from.
    #[must_use]
    pub fn place_headers(mut self, names: Vec<HeaderName>) -> Self {
        self.0.place_headers = names;
        self
    }

    /// The whole.
    pub fn build(self) -> Front {
        Front(Arc::new(self.0))
    }
}

/// Which route an answer came from: its template.
#[derive(Clone)]
pub(super) enum Route {
    Matched(MatchedPath),
    Assets,
}

impl Route {
    fn as_str(&self) -> &str {
        match self {
            Route::Matched(matched) => matched.as_str(),
            Route::Assets => "/assets/{file}",
        }
    }
}

/// Lets the answer say which route it came from.
async fn note_route(request: Request, next: Next) -> Response {
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let mut response = next.run(request).await;
    if let Some(matched) = matched {
        response.extensions_mut().insert(Route::Matched(matched));
    }
    response
}

impl Service<Request<Body>> for Front {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let front = self.clone();
        Box::pin(async move { Ok(front.answer(request).await) })
    }
}
