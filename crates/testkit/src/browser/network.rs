//! Where a browser's requests go: into a service in this process, or over sockets.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::Body;
use axum::extract::ConnectInfo;
use http::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tower::util::BoxCloneSyncService;
use tower::{Service, ServiceExt};
use url::Url;

use super::fetch::authority;

/// One way to a server.
#[derive(Clone)]
pub(super) enum Route {
    Service(BoxCloneSyncService<Request<Body>, Response<Body>, Infallible>),
    Sockets(Arc<Sockets>),
}

/// Listeners that take turns, as behind a balancer that knows no session.
pub(super) struct Sockets {
    addresses: Vec<SocketAddr>,
    turn: AtomicUsize,
}

impl Sockets {
    fn next(&self) -> SocketAddr {
        self.addresses[self.turn.fetch_add(1, Ordering::Relaxed) % self.addresses.len()]
    }
}

impl Route {
    pub(super) fn service<S>(app: S) -> Self
    where
        S: Service<Request<Body>, Response = Response<Body>, Error = Infallible> + Clone + Send + Sync + 'static,
        S::Future: Send,
    {
        Self::Service(BoxCloneSyncService::new(app))
    }

    pub(super) fn sockets(addresses: &[SocketAddr]) -> Self {
        Self::Sockets(Arc::new(Sockets { addresses: addresses.to_vec(), turn: AtomicUsize::new(0) }))
    }
}

/// The routes by host and port, and one for all the others.
#[derive(Clone)]
pub(super) struct Network {
    default: Route,
    routes: BTreeMap<String, Route>,
    /// The address that requests seem to come from.
    pub(super) from: SocketAddr,
}

impl Network {
    pub(super) fn new(default: Route) -> Self {
        Self { default, routes: BTreeMap::new(), from: SocketAddr::from((Ipv4Addr::LOCALHOST, 49_152)) }
    }

    pub(super) fn add(&mut self, origin: &Url, route: Route) {
        self.routes.insert(authority(origin), route);
    }

    pub(super) async fn send(&self, url: &Url, mut request: Request<Body>) -> Response<Body> {
        match self.routes.get(&authority(url)).unwrap_or(&self.default).clone() {
            Route::Service(app) => {
                request.extensions_mut().insert(ConnectInfo(self.from));
                match app.oneshot(request).await {
                    Ok(response) => response,
                    Err(never) => match never {},
                }
            }
            Route::Sockets(sockets) => over_socket(sockets.next(), request).await,
        }
    }
}

/// One connection for one request.
async fn over_socket(address: SocketAddr, request: Request<Body>) -> Response<Body> {
    let stream =
        TcpStream::connect(address).await.unwrap_or_else(|error| panic!("no connection to {address}: {error}"));
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .unwrap_or_else(|error| panic!("no HTTP at {address}: {error}"));
    tokio::spawn(connection);
    let response =
        sender.send_request(request).await.unwrap_or_else(|error| panic!("no answer from {address}: {error}"));
    response.map(Body::new)
}
