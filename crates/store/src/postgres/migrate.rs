//! Bringing the server's schema up to date, while other nodes may be doing the same.

use tokio_postgres::Client;
use tokio_postgres::error::SqlState;

use super::{Failure, TRIES, pool::Pool};
use crate::StoreError;
use crate::migration::{self, Migration};

const DOING: &str = "preparing the database";

/// Applies what is missing. Nodes that start at the same time need no lock but a key: the one
/// that comes second fails to write down the migration, and looks again. Each migration may be lost to others anew.
pub(super) async fn migrate(pool: &Pool) -> Result<(), StoreError> {
    let link = pool.link().await.map_err(StoreError::unavailable(DOING))?;
    let client = link.client();
    let (mut attempt, mut gone_through) = (1, 0);
    let outcome = loop {
        let applied = match applied(client).await {
            Err(failure) if attempt < TRIES && failure.raced() => {
                attempt += 1;
                continue;
            }
            applied => applied.map_err(StoreError::unavailable(DOING))?,
        };
        if applied.len() > gone_through {
            (attempt, gone_through) = (1, applied.len());
        }
        let pending = migration::pending(&applied, |migration| migration.postgres)?;
        let Some(next) = pending.first() else { break Ok(()) };
        match apply(client, next).await {
            Err(failure) if attempt < TRIES && failure.raced() => attempt += 1,
            outcome => outcome.map_err(StoreError::unavailable(DOING))?,
        }
    };
    link.give_back();
    outcome
}

impl Failure {
    /// Another node was doing the same. A table comes with a type of its name, and either may be met first.
    fn raced(&self) -> bool {
        self.passing() || self.is(&[SqlState::UNIQUE_VIOLATION, SqlState::DUPLICATE_TABLE, SqlState::DUPLICATE_OBJECT])
    }
}

async fn applied(client: &Client) -> Result<Vec<(String, String)>, Failure> {
    client.batch_execute(migration::TABLE).await?;
    let rows = client.query(migration::APPLIED, &[]).await?;
    Ok(rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect::<Result<_, tokio_postgres::Error>>()?)
}

async fn apply(client: &Client, migration: &Migration) -> Result<(), Failure> {
    client.batch_execute("BEGIN").await?;
    let outcome = async {
        let sum = migration::checksum(migration.postgres);
        client.execute(migration::RECORD, &[&migration.name, &sum]).await?;
        client.batch_execute(migration.postgres).await?;
        client.batch_execute("COMMIT").await
    };
    if let Err(error) = outcome.await {
        client.batch_execute("ROLLBACK").await?;
        return Err(error.into());
    }
    Ok(())
}
