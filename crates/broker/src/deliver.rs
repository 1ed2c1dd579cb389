//! Deliveries: letters and back-channel logouts, made after the commit that they are part of.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use store::record::{OutboxEntry, OutboxKind};
use store::{Change, Committed, Op};

use crate::edge::saml::SoapOrder;
use crate::letter::{LETTER_LIFE, letter_place};
use crate::{Broker, Fault, Letter, audit};

/// Deliveries that are looked at in one go.
const BATCH: u32 = 256;
/// Logouts that are made in one go, after all letters: a service that does not answer holds up nobody's
/// letter for long.
const LOGOUTS_AT_ONCE: usize = 4;
/// Rows of one kind that are removed in one commit: more than are made in the minute between.
const SWEPT_AT_ONCE: u32 = 10_000;
/// The first wait after a failure; it doubles up to [`RETRY_MAX`].
const RETRY: Duration = Duration::from_secs(5);
/// The longest wait.
const RETRY_MAX: Duration = Duration::from_mins(15);
/// A back-channel logout is tried this long.
const LOGOUT_LIFE: Duration = Duration::from_hours(24);

/// A delivery did not arrive. The reason is for the log and holds nothing of the message.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct DeliveryError(pub String);

/// Whoever carries messages out: SMTP and HTTP, in the binary; a list, in tests.
#[async_trait::async_trait]
pub trait Deliverer: Send + Sync {
    /// Sends a letter.
    ///
    /// # Errors
    ///
    /// [`DeliveryError`] when it was not accepted; it is tried again.
    async fn letter(&self, letter: &Letter) -> Result<(), DeliveryError>;

    /// Posts a logout token (OpenID Connect Back-Channel Logout 1.0 section 2.5).
    ///
    /// # Errors
    ///
    /// [`DeliveryError`] when it was not accepted; it is tried again.
    async fn logout(&self, uri: &str, logout_token: &str) -> Result<(), DeliveryError>;

    /// Posts a SOAP envelope (SAML Bindings section 3.2.3) and gives the envelope that answers it.
    ///
    /// # Errors
    ///
    /// [`DeliveryError`] when there is no answer; it is tried again.
    async fn soap(&self, uri: &str, envelope: &str) -> Result<Vec<u8>, DeliveryError>;
}

/// What is stored of a logout that a service is told by us.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum LogoutOrder {
    /// By a logout token of OpenID Connect.
    Token(TokenOrder),
    /// By a SOAP request of SAML.
    Soap(SoapOrder),
}

/// What is stored of a back-channel logout: its token is signed when it is sent.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct TokenOrder {
    pub(crate) uri: String,
    pub(crate) client: String,
    pub(crate) algorithm: String,
    pub(crate) subject: String,
    pub(crate) sid: String,
}

impl Broker {
    /// Wakes whoever waits in [`Broker::delivery_due`].
    pub(crate) fn wake_delivery(&self) {
        self.0.delivery.notify_one();
    }

    /// Waits until this process writes a delivery.
    pub async fn delivery_due(&self) {
        self.0.delivery.notified().await;
    }

    /// Makes what deliveries are due, and says how many were made.
    ///
    /// # Errors
    ///
    /// [`Fault`] when the store cannot be used. A delivery that fails is due again later.
    pub async fn deliver(&self, deliverer: &dyn Deliverer) -> Result<usize, Fault> {
        let due = self.store().outbox_due(self.now(), BATCH).await?;
        let (letters, logouts): (Vec<_>, Vec<_>) =
            due.into_iter().partition(|entry| entry.draft.kind == OutboxKind::Mail);
        let mut made = 0;
        for entry in letters.iter().chain(logouts.iter().take(LOGOUTS_AT_ONCE)) {
            match self.deliver_one(deliverer, entry).await {
                Ok(()) => {
                    self.settle(entry, None).await?;
                    made += 1;
                }
                Err(reason) => {
                    tracing::warn!(outbox.id = entry.draft.id, tries = entry.tries, %reason, "delivery failed");
                    self.settle(entry, Some(RETRY.saturating_mul(1 << entry.tries.min(16)).min(RETRY_MAX))).await?;
                }
            }
        }
        Ok(made)
    }

    async fn deliver_one(&self, deliverer: &dyn Deliverer, entry: &OutboxEntry) -> Result<(), DeliveryError> {
        let unreadable = || DeliveryError("the outbox holds something unreadable".to_owned());
        match entry.draft.kind {
            OutboxKind::Mail => {
                let place = letter_place(&entry.draft.id);
                let plain = self.open_text(&place, &entry.draft.body).map_err(|_| unreadable())?;
                let letter: Letter = serde_json::from_slice(plain.expose()).map_err(|_| unreadable())?;
                deliverer.letter(&letter).await
            }
            OutboxKind::BackChannelLogout => {
                let order: LogoutOrder = serde_json::from_str(&entry.draft.body).map_err(|_| unreadable())?;
                match order {
                    LogoutOrder::Token(order) => {
                        let token = self.logout_token(&order).map_err(|_| unreadable())?;
                        deliverer.logout(&order.uri, &token).await
                    }
                    LogoutOrder::Soap(order) => {
                        let sent = self.soap_logout(&order).await.map_err(|_| unreadable())?;
                        let answer = deliverer.soap(&order.soap, &sent.envelope).await?;
                        self.check_soap_logout(&order, &sent, answer).await
                    }
                }
            }
        }
    }

    /// Notes how a delivery went. What is past its life is given up.
    async fn settle(&self, entry: &OutboxEntry, retry: Option<Duration>) -> Result<(), Fault> {
        let now = self.now();
        let life = match entry.draft.kind {
            OutboxKind::Mail => LETTER_LIFE,
            OutboxKind::BackChannelLogout => LOGOUT_LIFE,
        };
        let outbox = entry.draft.id.clone();
        let change = match retry {
            None => Change::new(audit(now, "delivery.made")).with(Op::Delivered { outbox }),
            Some(_) if now.since(entry.created_at) > life => {
                Change::new(audit(now, "delivery.given-up")).with(Op::Delivered { outbox })
            }
            Some(wait) => Change::new(audit(now, "delivery.failed")).with(Op::Retry { outbox, due_at: now + wait }),
        };
        // Refused: another node delivered it meanwhile.
        let _: Committed = self.store().commit(change).await?;
        Ok(())
    }

    /// Removes what lapsed.
    ///
    /// # Errors
    ///
    /// [`Fault`] when the store cannot be used.
    pub async fn sweep(&self) -> Result<(), Fault> {
        let now = self.now();
        let change = Change::new(audit(now, "swept")).with(Op::Sweep { before: now, batch: SWEPT_AT_ONCE });
        let _: Committed = self.store().commit(change).await?;
        Ok(())
    }
}
