//! What can be asked of the credentials that this installation issues. As in `read`, absence is `None`.

use model::{HandleDigest, PersonId, ServiceId};

use crate::record::{
    IssuedRecord, IssuerKeyRecord, IssuingGround, IssuingTokenRecord, OfferRecord, PushedRequestRecord, StatusLists,
    StatusPlace,
};
use crate::statements as sql;
use crate::value::Row;
use crate::{Store, StoreError};

type Read<T> = Result<T, StoreError>;

impl Store {
    /// An offer, spent or lapsed ones too until they are swept.
    pub async fn offer(&self, digest: &HandleDigest) -> Read<Option<OfferRecord>> {
        self.row("offer", sql::OFFER, vec![digest.into()], |row| {
            Ok(OfferRecord {
                digest: row.digest()?,
                person: row.person()?,
                ground: ground(row)?,
                mac: row.text()?,
                tries: row.count()?,
                expires_at: row.instant()?,
                spent_at: row.optional_instant()?,
            })
        })
        .await
    }

    /// A token by which credentials are fetched, lapsed ones too until they are swept.
    pub async fn issuing_token(&self, digest: &HandleDigest) -> Read<Option<IssuingTokenRecord>> {
        self.row("token for credentials", sql::ISSUING_TOKEN, vec![digest.into()], |row| {
            Ok(IssuingTokenRecord {
                digest: row.digest()?,
                person: row.person()?,
                ground: ground(row)?,
                holder: row.optional_text()?,
                remaining: row.count()?,
                expires_at: row.instant()?,
                code: row.optional_text()?.map(HandleDigest::from_stored),
                scope: row.optional_text()?,
            })
        })
        .await
    }

    /// A request that a wallet pushed, lapsed ones too until they are swept.
    pub async fn pushed_request(&self, digest: &HandleDigest) -> Read<Option<PushedRequestRecord>> {
        self.row("pushed request", sql::PUSHED_REQUEST, vec![digest.into()], |row| {
            Ok(PushedRequestRecord {
                digest: row.digest()?,
                client: ServiceId::new(row.text()?),
                request: row.text()?,
                expires_at: row.instant()?,
            })
        })
        .await
    }

    /// The credentials that were issued to a person, oldest first.
    pub async fn credentials_of(&self, person: &PersonId) -> Read<Vec<IssuedRecord>> {
        self.rows("credential", sql::CREDENTIALS_OF, vec![person.into()], credential).await
    }

    /// The credentials of one answer.
    pub async fn credentials_notified(&self, notification: &HandleDigest) -> Read<Vec<IssuedRecord>> {
        self.rows("credential", sql::CREDENTIALS_NOTIFIED, vec![notification.into()], credential).await
    }

    /// The credential to which a place in a status list was given.
    pub async fn credential_at(&self, status: StatusPlace) -> Read<Option<IssuedRecord>> {
        let values = vec![status.list.into(), status.place.into()];
        self.row("credential", sql::CREDENTIAL_AT, values, credential).await
    }

    /// The places of a status list whose credentials were revoked, in no particular order.
    pub async fn revoked_places(&self, list: u32) -> Read<Vec<u32>> {
        self.rows("credential", sql::REVOKED_PLACES, vec![list.into()], Row::count).await
    }

    /// How far the status lists are filled.
    pub async fn status_lists(&self) -> Read<StatusLists> {
        let read = |row: &mut Row| Ok(StatusLists { last: row.count()?, given: row.count()? });
        let found = self.row("status lists", sql::STATUS_LISTS, vec![], read).await?;
        Ok(found.unwrap_or(StatusLists { last: 1, given: 0 }))
    }

    /// The keys of the issuer, each role's in their order.
    pub async fn issuer_keys(&self) -> Read<Vec<IssuerKeyRecord>> {
        self.rows("issuer's key", sql::ISSUER_KEYS, vec![], |row| {
            Ok(IssuerKeyRecord {
                role: row.coded()?,
                nth: row.count()?,
                sealed: row.blob()?,
                certificate: row.blob()?,
                made_at: row.instant()?,
            })
        })
        .await
    }
}

fn ground(row: &mut Row) -> Read<IssuingGround> {
    Ok(IssuingGround { loa: row.coded()?, provenance: row.json()? })
}

fn credential(row: &mut Row) -> Read<IssuedRecord> {
    Ok(IssuedRecord {
        id: row.text()?,
        person: row.person()?,
        format: row.coded()?,
        status: StatusPlace { list: row.count()?, place: row.count()? },
        ground: ground(row)?,
        holder: row.text()?,
        notification: row.digest()?,
        notified: row.optional_text()?,
        issued_at: row.instant()?,
        expires_at: row.instant()?,
        revoked_at: row.optional_instant()?,
    })
}
