//! What leaves the gateway by itself: letters by SMTP, and logouts to services, as tokens and by SOAP.

pub mod fetch;
pub mod guard;
mod logout;
mod mail;
mod soap;
mod upstream;

use std::sync::Arc;

use broker::{Deliverer, DeliveryError, Letter};
use model::{Clock, Random};
use web::Web;

pub use fetch::fetch;
pub use guard::Reach;
pub use logout::LogoutClient;
pub use mail::Postman;
pub use soap::SoapClient;
pub use upstream::UpstreamClient;

use crate::config::Mail;

/// Carries letters and logouts out.
pub struct Courier {
    web: Web,
    reach: Reach,
    postman: Postman,
    logout: LogoutClient,
    soap: SoapClient,
}

impl Courier {
    /// Nothing is sent yet; the mail server need not be there.
    ///
    /// # Errors
    ///
    /// When the machine's TLS cannot be set up.
    pub fn new(
        web: Web,
        mail: &Mail,
        reach: Reach,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> anyhow::Result<Self> {
        Ok(Self {
            web,
            reach,
            postman: Postman::new(mail, clock, random)?,
            logout: LogoutClient::new(reach)?,
            soap: SoapClient::new(reach)?,
        })
    }

    /// How far it goes.
    pub fn reach(&self) -> Reach {
        self.reach
    }
}

#[async_trait::async_trait]
impl Deliverer for Courier {
    async fn letter(&self, letter: &Letter) -> Result<(), DeliveryError> {
        let words = self.web.write_letter(letter);
        self.postman.send(&letter.to, letter.lang, words.subject, words.body).await.map_err(DeliveryError)
    }

    async fn logout(&self, uri: &str, logout_token: &str) -> Result<(), DeliveryError> {
        self.logout.post(uri, logout_token).await.map_err(DeliveryError)
    }

    async fn soap(&self, uri: &str, envelope: &str) -> Result<Vec<u8>, DeliveryError> {
        self.soap.call(uri, envelope).await.map_err(DeliveryError)
    }
}
