//! What can be asked of other identity providers and of whom they know. As in `read`, absence is `None`.

use model::{HandleDigest, PersonId, Timestamp};

use crate::record::{LinkRecord, UpstreamKeyRecord};
use crate::statements as sql;
use crate::value::Row;
use crate::{Store, StoreError};

type Read<T> = Result<T, StoreError>;

impl Store {
    /// A request to another identity provider that was not answered and has not lapsed at `now`.
    pub async fn upstream_request(&self, digest: &HandleDigest, now: Timestamp) -> Read<Option<String>> {
        self.row("upstream request", sql::UPSTREAM_REQUEST, vec![digest.into(), now.into()], Row::text).await
    }

    /// The link of an identity.
    pub async fn link(&self, issuer: &str, subject: &str) -> Read<Option<LinkRecord>> {
        self.row("link", sql::LINK, vec![issuer.into(), subject.into()], link).await
    }

    /// The links of a person, oldest first.
    pub async fn links_of(&self, person: &PersonId) -> Read<Vec<LinkRecord>> {
        self.rows("link", sql::LINKS_OF, vec![person.into()], link).await
    }

    /// The keys of this installation as a service of other identity providers.
    pub async fn upstream_keys(&self) -> Read<Vec<UpstreamKeyRecord>> {
        self.rows("upstream key", sql::UPSTREAM_KEYS, vec![], |row| {
            Ok(UpstreamKeyRecord { purpose: row.coded()?, sealed: row.blob()?, certificate: row.blob()? })
        })
        .await
    }
}

fn link(row: &mut Row) -> Read<LinkRecord> {
    Ok(LinkRecord {
        issuer: row.text()?,
        subject: row.text()?,
        person: row.person()?,
        loa: row.coded()?,
        linked_at: row.instant()?,
    })
}
