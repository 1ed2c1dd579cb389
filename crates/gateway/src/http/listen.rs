//! Sockets: the loop that accepts, the limits of a connection, and the end.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::ConnectInfo;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use model::limits;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::timeout;
use tower::{Service, ServiceExt as _};

use super::stall::Connection;

/// After a failed accept (no file descriptor is left, most often) the loop waits this long.
const ACCEPT_BACK_OFF: Duration = Duration::from_millis(100);
/// What runs when the end is announced has this long to finish.
pub const FINISH_WITHIN: Duration = Duration::from_secs(10);

/// Announces the end to everything that runs.
#[derive(Clone, Debug)]
pub struct Shutdown(watch::Receiver<bool>);

impl Shutdown {
    /// The one that announces, and the one that hears.
    pub fn channel() -> (watch::Sender<bool>, Self) {
        let (announce, hear) = watch::channel(false);
        (announce, Self(hear))
    }

    /// Waits for the end; a sender that is gone is an end as well.
    pub async fn announced(&mut self) {
        let _gone = self.0.wait_for(|ended| *ended).await;
    }
}

/// Serves on all `listeners` until the end is announced, with at most `connections` open on them together;
/// then what runs is finished, within [`FINISH_WITHIN`].
pub async fn serve<S>(listeners: Vec<TcpListener>, service: S, connections: usize, shutdown: Shutdown)
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible> + Clone + Send + Sync + 'static,
    S::Future: Send,
{
    let most = u32::try_from(connections.min(Semaphore::MAX_PERMITS)).unwrap_or(u32::MAX);
    let room = Arc::new(Semaphore::new(most as usize));
    let loops: Vec<_> = listeners
        .into_iter()
        .map(|listener| tokio::spawn(accept(listener, service.clone(), Arc::clone(&room), shutdown.clone())))
        .collect();
    for accepting in loops {
        if let Err(error) = accepting.await {
            tracing::error!(%error, "a listener ended");
        }
    }
    // Every connection holds a permit, so all permits are here when all connections have ended.
    if timeout(FINISH_WITHIN, room.acquire_many(most)).await.is_err() {
        tracing::warn!("some connections did not finish in time");
    }
}

async fn accept<S>(listener: TcpListener, service: S, room: Arc<Semaphore>, mut shutdown: Shutdown)
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible> + Clone + Send + Sync + 'static,
    S::Future: Send,
{
    loop {
        // Without room nothing is accepted: the rest waits in the kernel's queue.
        let next = async {
            let permit = Arc::clone(&room).acquire_owned().await;
            (permit, listener.accept().await)
        };
        let (permit, accepted) = tokio::select! {
            biased;
            () = shutdown.announced() => return,
            next = next => next,
        };
        // The semaphore is never closed.
        let Ok(permit) = permit else { return };
        match accepted {
            Ok((stream, peer)) => {
                tokio::spawn(converse(stream, peer, service.clone(), shutdown.clone(), permit));
            }
            Err(error) if is_the_peers(&error) => {}
            Err(error) => {
                tracing::warn!(%error, "no connection can be accepted");
                if timeout(ACCEPT_BACK_OFF, shutdown.announced()).await.is_ok() {
                    return;
                }
            }
        }
    }
}

/// The peer went away before it was accepted.
fn is_the_peers(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionReset | ConnectionRefused)
}

/// One connection, from its first byte to its end.
async fn converse<S>(
    stream: TcpStream,
    peer: SocketAddr,
    service: S,
    mut shutdown: Shutdown,
    _permit: OwnedSemaphorePermit,
) where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible> + Clone + Send + Sync + 'static,
    S::Future: Send,
{
    // Answers are written in one piece; nothing is gained by holding them back.
    let _unsupported = stream.set_nodelay(true);
    let answer = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        service.clone().oneshot(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits::HEAD_TIME)
        .max_buf_size(limits::HEAD_BYTES)
        .serve_connection(TokioIo::new(Connection::new(stream)), answer);
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = shutdown.announced() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}
