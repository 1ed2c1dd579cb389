//! Letters by SMTP (RFC 5321), as plain text.

use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use data_encoding::HEXLOWER;
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::transport::smtp::authentication::Credentials;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use model::{Clock, Email, Lang, Random};

use crate::config::{Mail, MailAddress, SmtpServer, Transport};

/// How long a mail server may take for one command.
const PATIENCE: Duration = Duration::from_secs(15);

/// Sends letters.
pub struct Postman {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: MailAddress,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
}

impl Postman {
    /// Prepares to send; no connection is made yet.
    ///
    /// # Errors
    ///
    /// When the machine's TLS cannot be set up.
    pub fn new(mail: &Mail, clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> anyhow::Result<Self> {
        Ok(Self { transport: transport(&mail.smtp)?, from: mail.from.clone(), clock, random })
    }

    /// Sends a letter.
    ///
    /// # Errors
    ///
    /// Why it was not accepted, without a word of it.
    pub async fn send(&self, to: &Email, lang: Lang, subject: String, body: String) -> Result<(), String> {
        let letter = self.letter(to, lang, subject, body)?;
        self.transport.send(letter).await.map(drop).map_err(|error| {
            let answer = error.status().map(|code| format!(" ({code})")).unwrap_or_default();
            let kind = match (error.is_permanent(), error.is_transient()) {
                (true, _) => "refused by the mail server",
                (_, true) => "not taken by the mail server for now",
                (false, false) => "not taken by any mail server",
            };
            format!("{kind}{answer}")
        })
    }

    fn letter(&self, to: &Email, lang: Lang, subject: String, body: String) -> Result<Message, String> {
        let to: Address = to.as_str().parse().map_err(|_| "the address cannot be written to".to_owned())?;
        let identifier = HEXLOWER.encode(&self.random.bytes::<16>());
        let since_epoch = u64::try_from(self.clock.now().seconds()).unwrap_or(0);
        Message::builder()
            .from(self.from.0.clone())
            .to(to.into())
            .subject(subject)
            .message_id(Some(format!("<{identifier}@{}>", self.from.0.email.domain())))
            .date(UNIX_EPOCH + Duration::from_secs(since_epoch))
            .header(ContentType::TEXT_PLAIN)
            .header(ContentLanguage(lang))
            .header(AutoSubmitted)
            .body(body)
            .map_err(|_| "the letter cannot be written".to_owned())
    }
}

fn transport(server: &SmtpServer) -> Result<AsyncSmtpTransport<Tokio1Executor>, lettre::transport::smtp::Error> {
    type Smtp = AsyncSmtpTransport<Tokio1Executor>;
    let builder = match server.transport {
        Transport::Tls => Smtp::relay(&server.host)?,
        Transport::StartTls => Smtp::starttls_relay(&server.host)?,
        Transport::Loopback => Smtp::builder_dangerous(&server.host),
    };
    let builder = builder.port(server.port).timeout(Some(PATIENCE));
    Ok(match &server.credentials {
        Some((user, password)) => {
            builder.credentials(Credentials::new(user.clone(), password.expose().clone())).build()
        }
        None => builder.build(),
    })
}

/// `Content-Language` (RFC 3282).
#[derive(Clone, Copy)]
struct ContentLanguage(Lang);

impl Header for ContentLanguage {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Content-Language")
    }

    fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Lang::from_tag(text).map(Self).ok_or_else(|| "a language of ours is hu or en".into())
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), self.0.tag().to_owned())
    }
}

/// `Auto-Submitted: auto-generated` (RFC 3834 section 5), so that nobody's holiday answers it.
#[derive(Clone, Copy)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use testkit::{SeededRandom, VirtualClock};

    use super::*;

    fn postman() -> Postman {
        let mail = Mail {
            smtp: SmtpServer::parse("smtp://127.0.0.1:1").unwrap(),
            from: MailAddress::try_from("Kapu <kapu@example.org>".to_owned()).unwrap(),
        };
        Postman::new(&mail, Arc::new(VirtualClock::new()), Arc::new(SeededRandom::new(1))).unwrap()
    }

    #[tokio::test]
    async fn a_letter_says_what_it_is() {
        let to = Email::parse("anna@pelda.hu").unwrap();
        let letter =
            postman().letter(&to, Lang::Hu, "Árvíztűrő kód".to_owned(), "Az Ön kódja: ő\n".to_owned()).unwrap();
        let text = String::from_utf8(letter.formatted()).unwrap();
        for line in [
            "From: Kapu <kapu@example.org>\r\n",
            "To: anna@pelda.hu\r\n",
            "Date: Thu, 01 Jan 2026 00:00:00 +0000\r\n",
            "Content-Type: text/plain; charset=utf-8\r\n",
            "Content-Language: hu\r\n",
            "Auto-Submitted: auto-generated\r\n",
        ] {
            assert!(text.contains(line), "{line:?} in {text}");
        }
        assert!(text.contains("Message-ID: <") && text.contains("@example.org>\r\n"), "{text}");
        assert!(text.is_ascii(), "every server takes it");
    }

    #[tokio::test]
    async fn a_subject_cannot_add_a_header() {
        let to = Email::parse("anna@pelda.hu").unwrap();
        let letter = postman().letter(&to, Lang::En, "a\r\nBcc: b@evil.example".to_owned(), String::new()).unwrap();
        let text = String::from_utf8(letter.formatted()).unwrap();
        assert!(!text.contains("\r\nBcc:"), "{text}");
    }

    #[tokio::test]
    async fn a_server_that_is_not_there_is_told_without_the_letter() {
        let to = Email::parse("anna@pelda.hu").unwrap();
        let refused = postman().send(&to, Lang::Hu, "canary-subject".to_owned(), "canary-body".to_owned()).await;
        assert_eq!(refused, Err("not taken by any mail server".to_owned()));
    }
}
