//! What can be asked of wallets that were asked. As in `read`, absence is `None`.

use model::{HandleDigest, PersonId, Timestamp};

use crate::record::{PresentationRecord, PresentationStage, VerifierKeyRecord, WalletIdentityRecord};
use crate::statements as sql;
use crate::value::{Row, Value};
use crate::{Store, StoreError};

type Read<T> = Result<T, StoreError>;

impl Store {
    /// A request to a wallet, lapsed ones too until they are swept.
    pub async fn presentation(&self, id: &str) -> Read<Option<PresentationRecord>> {
        self.presentation_by(sql::PRESENTATION, id.into()).await
    }

    /// The request to whose answer a response code belongs, likewise.
    pub async fn presentation_by_code(&self, response_code: &HandleDigest) -> Read<Option<PresentationRecord>> {
        self.presentation_by(sql::PRESENTATION_BY_CODE, response_code.into()).await
    }

    /// The request that may be typed so, likewise.
    pub async fn presentation_by_typed(&self, typed: &HandleDigest) -> Read<Option<PresentationRecord>> {
        self.presentation_by(sql::PRESENTATION_BY_TYPED, typed.into()).await
    }

    async fn presentation_by(&self, statement: &'static str, value: Value) -> Read<Option<PresentationRecord>> {
        self.row("presentation", statement, vec![value], presentation).await
    }

    /// The requests of a sign-in, oldest first, likewise.
    pub async fn presentations_of(&self, login: &str) -> Read<Vec<PresentationRecord>> {
        self.rows("presentation", sql::PRESENTATIONS_OF, vec![login.into()], presentation).await
    }

    /// Which requests are not as they began, of those that have not lapsed at `now`: sign-in, request and stage.
    pub async fn moved_presentations(&self, now: Timestamp) -> Read<Vec<(String, String, PresentationStage)>> {
        let moved = |row: &mut Row| Ok((row.text()?, row.text()?, row.coded()?));
        self.rows("presentation", sql::MOVED_PRESENTATIONS, vec![now.into()], moved).await
    }

    /// The link of a wallet's identity.
    pub async fn wallet_identity(&self, issuer: &str, number: &str) -> Read<Option<WalletIdentityRecord>> {
        self.row("wallet identity", sql::WALLET_IDENTITY, vec![issuer.into(), number.into()], wallet_identity).await
    }

    /// The wallet identities of a person, oldest first.
    pub async fn wallet_identities_of(&self, person: &PersonId) -> Read<Vec<WalletIdentityRecord>> {
        self.rows("wallet identity", sql::WALLET_IDENTITIES_OF, vec![person.into()], wallet_identity).await
    }

    /// What a page of the account asks of a wallet, or what was shown to it, that was not used and has not lapsed at
    /// `now`.
    pub async fn wallet_proof(&self, digest: &HandleDigest, now: Timestamp) -> Read<Option<String>> {
        self.row("wallet's proof", sql::WALLET_PROOF, vec![digest.into(), now.into()], Row::text).await
    }

    /// The key that signs requests to wallets.
    pub async fn verifier_key(&self) -> Read<Option<VerifierKeyRecord>> {
        self.row("verifier key", sql::VERIFIER_KEY, vec![], |row| {
            Ok(VerifierKeyRecord { sealed: row.blob()?, certificate: row.blob()?, anchor: row.blob()? })
        })
        .await
    }
}

fn presentation(row: &mut Row) -> Read<PresentationRecord> {
    let digest = |text: Option<String>| text.map(HandleDigest::from_stored);
    Ok(PresentationRecord {
        id: row.text()?,
        login: row.text()?,
        browser: row.digest()?,
        carrier: row.coded()?,
        stage: row.coded()?,
        typed: digest(row.optional_text()?),
        response_code: digest(row.optional_text()?),
        phone: digest(row.optional_text()?),
        sealed: row.blob()?,
        tries: row.count()?,
        began_at: row.instant()?,
        shown_until: row.instant()?,
        expires_at: row.instant()?,
    })
}

fn wallet_identity(row: &mut Row) -> Read<WalletIdentityRecord> {
    Ok(WalletIdentityRecord {
        issuer: row.text()?,
        number: row.text()?,
        person: row.person()?,
        loa: row.coded()?,
        linked_at: row.instant()?,
    })
}
