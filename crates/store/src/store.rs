//! The store: one of two engines behind the same words.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use model::Secret;

use crate::StoreError;
use crate::change::{Change, Committed};
use crate::plan::plan;
use crate::postgres::Postgres;
use crate::sqlite::Sqlite;
use crate::tally::Tally;
use crate::value::{Row, Value};

const READING: &str = "reading";

/// Where everything rests.
#[derive(Clone)]
pub enum StoreConfig {
    /// A SQLite file on this machine; made when missing, in a folder that exists.
    Sqlite {
        /// The file.
        path: PathBuf,
    },
    /// A PostgreSQL server, shared by any number of nodes.
    Postgres {
        /// Its address: a URL, or libpq's `host=… user=… dbname=…`. It may hold a password.
        url: Secret<String>,
        /// The most connections that this node makes, at least 1.
        connections: usize,
        /// The authorities, in a PEM file, that vouch for the server; without one those that this machine trusts.
        /// A server of this machine is reached without TLS unless this or the address asks for it.
        roots: Option<PathBuf>,
    },
}

impl StoreConfig {
    /// Looks for what is wrong before anything is opened or reached.
    ///
    /// # Errors
    ///
    /// [`StoreError::Address`] and [`StoreError::Roots`].
    pub fn check(&self) -> Result<(), StoreError> {
        match self {
            StoreConfig::Sqlite { .. } => Ok(()),
            StoreConfig::Postgres { url, roots, .. } => Postgres::check(url, roots.as_deref()),
        }
    }
}

/// Everything that rests. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    engine: Arc<Engine>,
    tally: Arc<Tally>,
}

#[expect(clippy::large_enum_variant, reason = "there is one of it in a process")]
enum Engine {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

impl Store {
    /// Opens the database and brings its schema up to date.
    ///
    /// # Errors
    ///
    /// All of [`StoreError`] but [`StoreError::Unreadable`]. What is damaged is left as it is.
    pub async fn open(config: &StoreConfig) -> Result<Self, StoreError> {
        let engine = match config {
            StoreConfig::Sqlite { path } => Engine::Sqlite(Sqlite::open(path)?),
            StoreConfig::Postgres { url, connections, roots } => {
                Engine::Postgres(Postgres::open(url, *connections, roots.as_deref()).await?)
            }
        };
        Ok(Self { engine: Arc::new(engine), tally: Arc::default() })
    }

    /// Commits a change with its deliveries and its audit record, or nothing of it.
    ///
    /// When it answers [`Committed::Done`], the change is durable. The write goes on when the
    /// caller stops waiting.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`]. Nothing was written, unless the connection to a server broke
    /// at the very commit.
    pub async fn commit(&self, change: Change) -> Result<Committed, StoreError> {
        let event = change.audit.event;
        let steps = plan(change);
        let committed = match &*self.engine {
            Engine::Sqlite(sqlite) => sqlite.commit(steps).await,
            Engine::Postgres(postgres) => postgres.commit(&steps).await,
        };
        if let Ok(Committed::Done) = committed {
            self.tally.count(event);
        }
        committed
    }

    /// How often this process committed what, by the word of the audit record.
    pub fn committed(&self) -> BTreeMap<&'static str, u64> {
        self.tally.read()
    }

    /// Whether the database answers.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn probe(&self) -> Result<(), StoreError> {
        match &*self.engine {
            Engine::Sqlite(sqlite) => sqlite.probe()?,
            Engine::Postgres(_) => {}
        }
        self.revision().await.map(drop)
    }

    /// Reads rows of `what` and makes values of them.
    pub(crate) async fn rows<T>(
        &self,
        what: &'static str,
        statement: &'static str,
        values: Vec<Value>,
        read: impl Fn(&mut Row) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let rows = match &*self.engine {
            Engine::Sqlite(sqlite) => sqlite.rows(READING, statement, &values)?,
            Engine::Postgres(postgres) => postgres.rows(READING, statement, &values).await?,
        };
        rows.into_iter().map(|columns| read(&mut Row::new(what, columns))).collect()
    }

    /// Reads the one row of `what` that there is, if any.
    pub(crate) async fn row<T>(
        &self,
        what: &'static str,
        statement: &'static str,
        values: Vec<Value>,
        read: impl Fn(&mut Row) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        Ok(self.rows(what, statement, values, read).await?.pop())
    }
}
