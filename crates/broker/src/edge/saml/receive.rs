//! What is checked of each message of a service: who sent it, where to, and when.

use std::time::Duration;

use model::Timestamp;

use super::service::SamlService;
use crate::{Broker, Fault};

/// How far the clocks of two sides may be apart.
pub(super) const SKEW: Duration = Duration::from_mins(3);

/// Whether a message has to say where it was sent to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Destination {
    /// Signed, and through a browser, it must: another might have taken it elsewhere (Bindings sections 3.4.5.2 and
    /// 3.5.5.2).
    Required,
    /// Otherwise it need not; what it says must be true.
    IfPresent,
}

impl Destination {
    /// Whether what a message says is so `here`.
    pub(super) fn fits(self, said: Option<&str>, here: &str) -> bool {
        said.map_or(self == Destination::IfPresent, |said| said == here)
    }
}

/// When a message was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Issued {
    /// Later than now: a clock is wrong, or it is kept for later.
    Ahead,
    /// In its time.
    InTime,
    /// Longer ago than it is good.
    Late,
}

/// When a message of that `IssueInstant` was made, seen from `now`. It is good for `life`, and the clocks' difference.
pub(super) fn issued(issue_instant: i64, life: Duration, now: Timestamp) -> Issued {
    let issued = Timestamp::from_seconds(issue_instant);
    if issued > now + SKEW {
        Issued::Ahead
    } else if now > issued + life + SKEW {
        Issued::Late
    } else {
        Issued::InTime
    }
}

impl Broker {
    /// The service that a message says it comes from. Nothing is proved by that.
    pub(super) async fn saml_sender(&self, issuer: Option<&str>) -> Result<Option<SamlService>, Fault> {
        match issuer {
            Some(issuer) => self.saml_service(issuer).await,
            None => Ok(None),
        }
    }
}
