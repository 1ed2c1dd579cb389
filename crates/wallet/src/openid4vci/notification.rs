//! The wallet tells what became of a credential (section 11).

use jose::json;
use serde::{Deserialize, Serialize};

use super::{IssuanceError, IssuanceFault, MESSAGE_BYTES_MAX, SecretText, TEXT_BYTES_MAX};

/// What became of the credentials of one answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Event {
    /// The wallet keeps them.
    #[serde(rename = "credential_accepted")]
    Accepted,
    /// It could not.
    #[serde(rename = "credential_failure")]
    Failure,
    /// The person did not want them.
    #[serde(rename = "credential_deleted")]
    Deleted,
}

/// A notification. Its description, which is anybody's text, is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// What came with the credentials.
    pub id: SecretText,
    /// What became of them.
    pub event: Event,
}

#[derive(Serialize, Deserialize)]
struct Members {
    notification_id: String,
    event: Event,
}

impl Notification {
    /// Reads a notification. Members that are not known are ignored.
    ///
    /// # Errors
    ///
    /// [`IssuanceError::InvalidNotificationRequest`].
    pub fn parse(body: &[u8]) -> Result<Self, IssuanceFault> {
        let malformed = IssuanceError::InvalidNotificationRequest.because("this is no notification");
        if body.len() > MESSAGE_BYTES_MAX {
            return Err(malformed);
        }
        let Members { notification_id, event } = json::from_slice(body).map_err(|_| malformed)?;
        if !(1..=TEXT_BYTES_MAX).contains(&notification_id.len()) {
            return Err(malformed);
        }
        Ok(Self { id: SecretText::new(notification_id), event })
    }

    /// The body of the request.
    pub fn to_json(&self) -> String {
        let members = Members { notification_id: self.id.expose().to_owned(), event: self.event };
        serde_json::to_string(&members).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_notification_is() {
        for event in [Event::Accepted, Event::Failure, Event::Deleted] {
            let notification = Notification { id: SecretText::new("n".to_owned()), event };
            assert_eq!(Notification::parse(notification.to_json().as_bytes()), Ok(notification));
        }
        let accepted = r#"{"notification_id":"n","event":"credential_accepted","event_description":"x","y":1}"#;
        assert!(Notification::parse(accepted.as_bytes()).is_ok());
        for bad in [
            "",
            "[]",
            "{}",
            r#"{"notification_id":"n"}"#,
            r#"{"event":"credential_accepted"}"#,
            r#"{"notification_id":"","event":"credential_accepted"}"#,
            r#"{"notification_id":1,"event":"credential_accepted"}"#,
            r#"{"notification_id":"n","event":"Credential_accepted"}"#,
            r#"{"notification_id":"n","event":"stolen"}"#,
            r#"{"notification_id":"n","notification_id":"n","event":"credential_accepted"}"#,
        ] {
            let read = Notification::parse(bad.as_bytes()).map_err(|fault| fault.code);
            assert_eq!(read, Err(IssuanceError::InvalidNotificationRequest), "{bad}");
        }
    }
}
