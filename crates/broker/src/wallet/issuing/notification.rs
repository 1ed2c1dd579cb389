//! What a wallet tells of the credentials that it was given.

use ::wallet::openid4vci::{Event, IssuanceError, Notification};
use idp::keys::digest_handle;
use model::Handle;
use store::{Change, Committed, Issuing, Op};

use super::possession::GoodToken;
use super::{IssuingRefusal, NotPossessed};
use crate::{Broker, Fault, audit_of};

impl Broker {
    /// Takes a notification (`OpenID4VCI` 1.0 section 11). Credentials that a wallet does not keep are revoked.
    ///
    /// # Errors
    ///
    /// [`IssuingRefusal`].
    pub async fn credential_notification(
        &self,
        token: &super::ShownToken<'_>,
        body: &[u8],
    ) -> Result<(), IssuingRefusal> {
        let path = self.issuer()?.config.paths.notification;
        let GoodToken { record: token, used } = self.issuing_token(token, path).await?;
        let told = Notification::parse(body)?;
        let unknown = || IssuingRefusal::from(IssuanceError::InvalidNotificationId.because("no such notification"));
        let notification = Handle::parse(told.id.expose()).map(|handle| digest_handle(&handle)).ok_or_else(unknown)?;
        let credentials = self.store().credentials_notified(&notification).await.map_err(Fault::from)?;
        if credentials.is_empty() || credentials.iter().any(|credential| credential.person != token.person) {
            return Err(unknown());
        }
        let at = self.now();
        let (event, write) = match told.event {
            Event::Accepted => ("credential.accepted", Issuing::Notify { notification, event: "accepted" }),
            Event::Failure => ("credential.failed", Issuing::NotifyLost { notification, event: "failed", at }),
            Event::Deleted => ("credential.deleted", Issuing::NotifyLost { notification, event: "deleted", at }),
        };
        let change = Change::new(audit_of(at, &token.person, event)).with_all(used).with(Op::Issuing(write));
        match self.store().commit(change).await.map_err(Fault::from)? {
            Committed::Done => Ok(()),
            // Nothing else in it can be refused.
            Committed::Refused(_) => Err(NotPossessed::Proof.into()),
        }
    }
}
