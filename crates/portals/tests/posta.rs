//! The post office over a real socket, and what people read there.

use std::net::Ipv4Addr;
use std::sync::Arc;

use http::StatusCode;
use model::{Clock, Lang};
use portals::Demo;
use portals::posta::{PostOffice, serve_smtp};
use tempfile::TempDir;
use testkit::{Browser, SeededRandom, VirtualClock};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

const POST: &str = "http://posta.localhost:8080";

struct Office {
    pages: PostOffice,
    port: u16,
    close: oneshot::Sender<()>,
    served: JoinHandle<()>,
    _folder: TempDir,
}

impl Office {
    async fn open() -> Self {
        let demo = Demo {
            clock: Arc::new(VirtualClock::new()) as Arc<dyn Clock>,
            random: Arc::new(SeededRandom::new(1)),
            help: None,
            phone: None,
        };
        let folder = tempfile::tempdir().unwrap();
        let office = PostOffice::open(&demo, &folder.path().join("posta.sqlite")).unwrap();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (close, closing) = oneshot::channel();
        let until = async move {
            // Closing is to send, and to forget the sender as well.
            let _ = closing.await;
        };
        let served = tokio::spawn(serve_smtp(listener, office.clone(), until));
        Self { pages: office, port, close, served, _folder: folder }
    }

    async fn call(&self) -> Caller {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).await.unwrap();
        let mut caller = Caller(BufReader::new(stream));
        assert_eq!(caller.reply().await, "220");
        caller
    }

    fn browser(&self, lang: Lang) -> Browser {
        Browser::new(self.pages.router(), lang)
    }

    /// Delivers one message.
    async fn deliver(&self, recipient: &str, message: &str) {
        let mut caller = self.call().await;
        caller.ready_for_data(recipient).await;
        assert_eq!(caller.say(&format!("{message}\r\n.\r\n")).await, "250");
        assert_eq!(caller.say("QUIT\r\n").await, "221");
        caller.has_hung_up().await;
    }
}

struct Caller(BufReader<TcpStream>);

impl Caller {
    /// The code of the next reply, of which all lines are read.
    async fn reply(&mut self) -> String {
        loop {
            let mut line = String::new();
            self.0.read_line(&mut line).await.unwrap();
            assert!(line.ends_with("\r\n"), "{line:?}");
            if line.as_bytes()[3] == b' ' {
                return line[..3].to_owned();
            }
        }
    }

    async fn send(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).await.unwrap();
    }

    async fn say(&mut self, line: &str) -> String {
        self.send(line.as_bytes()).await;
        self.reply().await
    }

    async fn ready_for_data(&mut self, recipient: &str) {
        assert_eq!(self.say("EHLO kapu\r\n").await, "250");
        assert_eq!(self.say("MAIL FROM:<kapu@kau.localhost> BODY=8BITMIME\r\n").await, "250");
        assert_eq!(self.say(&format!("RCPT TO:<{recipient}>\r\n")).await, "250");
        assert_eq!(self.say("DATA\r\n").await, "354");
    }

    async fn has_hung_up(&mut self) {
        let mut rest = Vec::new();
        // Closed with our bytes unread, the system may say so as a reset.
        match self.0.read_to_end(&mut rest).await {
            Ok(_) => assert_eq!(rest, b""),
            Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset),
        }
    }
}

#[tokio::test]
async fn a_letter_comes_by_smtp_and_is_read_in_its_mailbox() {
    let office = Office::open().await;
    let message = "From: Kapu <kapu@kau.localhost>\r\n\
        To: anna@pelda.hu\r\n\
        Subject: =?utf-8?q?Els=C5=91?=\r\n\
        Content-Language: hu\r\n\
        MIME-Version: 1.0\r\n\
        Content-Type: text/plain; charset=utf-8\r\n\
        Content-Transfer-Encoding: 8bit\r\n\
        \r\n\
        A kód: 482913\r\n\
        ..egy pont\r\n\
        <b>félkövér</b> http://ugyfelkapu.localhost:8080/nem-en/ab12.\r\n";
    office.deliver("Anna@Pelda.hu", message).await;
    office.deliver("anna@pelda.hu", "Subject: second\r\n\r\nx").await;
    office.deliver("bela@pelda.hu", "Subject: other\r\n\r\nx").await;

    let mut browser = office.browser(Lang::Hu);
    browser.visit(&format!("{POST}/")).await;
    assert_eq!(browser.page().texts(".cards a"), ["bela@pelda.hu", "anna@pelda.hu"]);
    browser.follow("anna@pelda.hu").await;
    assert_eq!(browser.page().texts(".cards a"), ["second", "Első"]);
    browser.follow("Első").await;
    assert_eq!(browser.page().h1(), "Első");
    assert_eq!(browser.page().attribute(".letter", "lang").as_deref(), Some("hu"));
    let letter = &browser.page().texts(".letter")[0];
    assert!(letter.contains("A kód: 482913") && letter.contains(".egy pont"), "{letter}");
    assert!(letter.contains("<b>félkövér</b>"), "{letter}");
    let link = browser.page().attribute(".letter a", "href");
    assert_eq!(link.as_deref(), Some("http://ugyfelkapu.localhost:8080/nem-en/ab12"));
    browser.follow("English").await;
    assert_eq!(browser.page().lang().as_deref(), Some("en"));
    assert_eq!(browser.page().h1(), "Első");
    assert_eq!(browser.page().header("cache-control"), Some("no-store"));
}

#[tokio::test]
async fn a_mailbox_without_letters_is_empty_and_what_is_no_address_is_not_found() {
    let office = Office::open().await;
    let mut browser = office.browser(Lang::Hu);
    browser.visit(&format!("{POST}/")).await;
    assert!(browser.page().text().contains("Még nem jött levél."));
    browser.visit(&format!("{POST}/fiok?cim=anna%40pelda.hu")).await;
    assert_eq!((browser.page().status, browser.page().h1().as_str()), (StatusCode::OK, "anna@pelda.hu"));
    for address in
        ["/fiok", "/fiok?cim=", "/fiok?cim=%3Cscript%3E", "/level/1", "/level/x", "/level/99999999999999999999"]
    {
        browser.visit(&format!("{POST}{address}")).await;
        assert_eq!(browser.page().status, StatusCode::NOT_FOUND, "{address}");
        assert_eq!(browser.page().h1(), "Ezt az oldalt nem találjuk");
    }
}

#[tokio::test]
async fn of_a_mailbox_the_latest_hundred_letters_are_kept() {
    let office = Office::open().await;
    let mut caller = office.call().await;
    for number in 0..=100 {
        caller.ready_for_data("anna@pelda.hu").await;
        assert_eq!(caller.say(&format!("Subject: {number}\r\n\r\n.\r\n")).await, "250");
    }
    let mut browser = office.browser(Lang::En);
    browser.visit(&format!("{POST}/fiok?cim=anna%40pelda.hu")).await;
    let kept = browser.page().texts(".cards a");
    assert_eq!((kept.len(), kept[0].as_str(), kept[99].as_str()), (100, "100", "1"));
}

#[tokio::test]
async fn a_line_that_ends_otherwise_than_with_crlf_ends_the_conversation() {
    for line in ["NOOP\n", "NOOP\r\r\n", "NO\rOP\r\n", "NO\0OP\r\n", "NOOP é\r\n"] {
        let office = Office::open().await;
        let mut caller = office.call().await;
        assert_eq!(caller.say(line).await, "500", "{line:?}");
        caller.has_hung_up().await;
    }
    for message in ["x\n.\r\nMAIL FROM:<a@b.hu>\r\n", "x\r\n.\nQUIT\r\n", "x\r.\r\n", "\r\n.\r.\r\n"] {
        let office = Office::open().await;
        let mut caller = office.call().await;
        caller.ready_for_data("anna@pelda.hu").await;
        assert_eq!(caller.say(message).await, "500", "{message:?}");
        caller.has_hung_up().await;
        let mut browser = office.browser(Lang::Hu);
        browser.visit(&format!("{POST}/")).await;
        assert!(browser.page().text().contains("Még nem jött levél."), "{message:?}");
    }
}

#[tokio::test]
async fn lines_and_messages_have_their_limits() {
    let office = Office::open().await;
    let mut caller = office.call().await;
    assert_eq!(caller.say(&format!("NOOP {}\r\n", "x".repeat(505))).await, "250");
    assert_eq!(caller.say(&format!("NOOP {}\r\n", "x".repeat(506))).await, "500");
    caller.has_hung_up().await;

    let mut caller = office.call().await;
    caller.ready_for_data("anna@pelda.hu").await;
    assert_eq!(caller.say(&format!("{}\r\n.\r\n", "x".repeat(998))).await, "250");
    caller.ready_for_data("anna@pelda.hu").await;
    assert_eq!(caller.say(&format!("{}\r\n.\r\n", "x".repeat(1000))).await, "500");
    caller.has_hung_up().await;

    // 512 lines of 512 bytes are 256 KiB to the byte.
    let line = format!("{}\r\n", "x".repeat(510));
    let mut caller = office.call().await;
    caller.ready_for_data("full@pelda.hu").await;
    assert_eq!(caller.say(&format!("{}.\r\n", line.repeat(512))).await, "250");
    caller.ready_for_data("full@pelda.hu").await;
    assert_eq!(caller.say(&format!("{}\r\n.\r\n", line.repeat(512))).await, "552");
    // The conversation goes on.
    assert_eq!(caller.say("NOOP\r\n").await, "250");
    let mut browser = office.browser(Lang::Hu);
    browser.visit(&format!("{POST}/fiok?cim=full%40pelda.hu")).await;
    assert_eq!(browser.page().texts(".cards a").len(), 1);
}

#[tokio::test]
async fn a_letter_that_was_not_finished_does_not_arrive() {
    let office = Office::open().await;
    let mut caller = office.call().await;
    caller.ready_for_data("anna@pelda.hu").await;
    caller.send(b"Subject: half\r\n\r\nx\r\n").await;
    caller.0.shutdown().await.unwrap();
    caller.has_hung_up().await;
    let mut browser = office.browser(Lang::Hu);
    browser.visit(&format!("{POST}/")).await;
    assert!(browser.page().text().contains("Még nem jött levél."));
}

#[tokio::test]
async fn more_callers_than_places_are_turned_away_and_the_others_stay() {
    let office = Office::open().await;
    let mut callers = Vec::new();
    for _ in 0..16 {
        callers.push(office.call().await);
    }
    let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, office.port)).await.unwrap();
    let mut late = Caller(BufReader::new(stream));
    assert_eq!(late.reply().await, "421");
    late.has_hung_up().await;
    for caller in &mut callers {
        assert_eq!(caller.say("NOOP\r\n").await, "250");
    }
}

#[tokio::test]
async fn the_post_office_closes_when_told() {
    let office = Office::open().await;
    let mut caller = office.call().await;
    office.close.send(()).unwrap();
    office.served.await.unwrap();
    caller.has_hung_up().await;
}
