//! The connections to the server: a fixed number, made when needed, kept with what was prepared
//! on them, and thrown away as soon as it is not certain in which state they are.

use std::collections::HashMap;
use std::path::Path;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};

use model::Secret;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio_postgres::{Client, Config, Connection, NoTls, Statement};

use super::tls::{self, Tls};
use super::{Failure, time};
use crate::StoreError;

/// What a user sees acknowledged is on disk, whatever the server's configuration says. A
/// stronger setting than `on` is kept.
const DURABLE: &str =
    "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'";

/// The connections.
pub(super) struct Pool {
    config: Config,
    tls: Option<Tls>,
    idle: Mutex<Vec<Connected>>,
    permits: Semaphore,
}

struct Connected {
    client: Client,
    prepared: HashMap<&'static str, Statement>,
}

/// A connection taken from the pool. Unless it is given back, it is closed, and what it had not
/// committed is undone by the server: a caller may stop waiting at any point.
pub(super) struct Link<'pool> {
    pool: &'pool Pool,
    connected: Connected,
    _permit: SemaphorePermit<'pool>,
}

impl Pool {
    /// Reads the address; connects to nothing yet.
    pub(super) fn new(address: &Secret<String>, connections: usize, roots: Option<&Path>) -> Result<Self, StoreError> {
        // The parser's error quotes the key that is wrong, never a value.
        let mut config =
            Config::from_str(address.expose()).map_err(|error| StoreError::Address { reason: error.to_string() })?;
        config.connect_timeout(time::CONNECTING).tcp_user_timeout(time::ANSWER).application_name("kapu");
        let tls = tls::choose(&mut config, roots)?;
        let permits = Semaphore::new(connections.clamp(1, Semaphore::MAX_PERMITS));
        Ok(Self { config, tls, idle: Mutex::new(Vec::new()), permits })
    }

    /// A connection that nobody else uses.
    pub(super) async fn link(&self) -> Result<Link<'_>, Failure> {
        let permit = time::within(time::ADMISSION, self.permits.acquire()).await;
        let permit = permit.and_then(Result::ok).ok_or(Failure::Full)?;
        let connected = match self.idle_one() {
            Some(connected) => connected,
            None => self.connect().await?,
        };
        Ok(Link { pool: self, connected, _permit: permit })
    }

    /// The one last used, so that a burst's extra connections are not kept busy in turn.
    fn idle_one(&self) -> Option<Connected> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some(connected) = idle.pop() {
            if !connected.client.is_closed() {
                return Some(connected);
            }
        }
        None
    }

    async fn connect(&self) -> Result<Connected, Failure> {
        let client = match &self.tls {
            None => attended(self.config.connect(NoTls).await?),
            Some(tls) => attended(self.config.connect(tls.clone()).await?),
        };
        client.batch_execute(DURABLE).await?;
        Ok(Connected { client, prepared: HashMap::new() })
    }
}

/// The client of a connection that is driven by a task of its own.
fn attended<S, T>((client, connection): (Client, Connection<S, T>)) -> Client
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    tokio::spawn(async move {
        // Whoever used the connection is told, too.
        if let Err(error) = connection.await {
            tracing::warn!(%error, "a connection to PostgreSQL broke");
        }
    });
    client
}

impl Link<'_> {
    /// The connection itself.
    pub(super) fn client(&self) -> &Client {
        &self.connected.client
    }

    /// The statement, prepared once on each connection.
    pub(super) async fn prepare(&mut self, statement: &'static str) -> Result<Statement, Failure> {
        if let Some(prepared) = self.connected.prepared.get(statement) {
            return Ok(prepared.clone());
        }
        let prepared = self.connected.client.prepare(statement).await?;
        self.connected.prepared.insert(statement, prepared.clone());
        Ok(prepared)
    }

    /// Keeps the connection for the next one: no transaction is open on it.
    pub(super) fn give_back(self) {
        self.pool.idle.lock().unwrap_or_else(PoisonError::into_inner).push(self.connected);
    }
}
