//! `posta.`: the mailboxes of the demo's persons. It receives by SMTP what Kapu sends to anybody, and
//! shows it to whoever opens the page: at this post office nothing is private, and the page says so.

mod letter;
mod letters;
mod pages;
mod smtp;

use std::path::Path;

use axum::Router;
use axum::extract::{Path as InPath, RawQuery, State};
use axum::response::Response;
use axum::routing::get;

use crate::database::OpenError;
use crate::demo::{Demo, House};
use crate::fault::{Fault, with_visitors};
use crate::visitor::Visitor;
use letters::Letters;

pub use smtp::serve_smtp;

/// The post office: it takes letters in by [`serve_smtp`] and shows them by [`PostOffice::router`].
#[derive(Clone)]
pub struct PostOffice {
    demo: Demo,
    letters: Letters,
}

impl PostOffice {
    /// Opens the post office; its letters rest in the SQLite file.
    ///
    /// # Errors
    ///
    /// [`OpenError`] when the file cannot be opened.
    pub fn open(demo: &Demo, file: &Path) -> Result<Self, OpenError> {
        Ok(Self { demo: demo.clone(), letters: Letters::open(file)? })
    }

    /// The pages.
    pub fn router(&self) -> Router {
        let pages =
            Router::new().route("/", get(mailboxes)).route("/fiok", get(mailbox)).route("/level/{id}", get(letter));
        with_visitors(pages, &self.demo, House::Posta).with_state(self.clone())
    }
}

/// Where a mailbox is shown, as a path of the post office.
pub(crate) fn mailbox_address(address: &str) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("cim", address).finish();
    format!("/fiok?{query}")
}

/// `GET /`
async fn mailboxes(State(office): State<PostOffice>, visitor: Visitor) -> Response {
    match office.letters.mailboxes().await {
        Ok(mailboxes) => pages::mailboxes(&visitor, mailboxes),
        Err(fault) => Fault::from(fault).answer(&visitor),
    }
}

/// `GET /fiok?cim=…`: a mailbox exists for every address; most are empty.
async fn mailbox(State(office): State<PostOffice>, visitor: Visitor, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let address = form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == "cim");
    let address = address.and_then(|(_, address)| model::Email::parse(&address).ok());
    let Some(address) = address else {
        return Fault::NotFound.answer(&visitor);
    };
    match office.letters.of(address.clone()).await {
        Ok(letters) => pages::mailbox(&visitor, address.as_str(), letters),
        Err(fault) => Fault::from(fault).answer(&visitor),
    }
}

/// `GET /level/{id}`
async fn letter(State(office): State<PostOffice>, visitor: Visitor, InPath(id): InPath<String>) -> Response {
    let Ok(id) = id.parse::<i64>() else {
        return Fault::NotFound.answer(&visitor);
    };
    match office.letters.find(id).await {
        Ok(Some(letter)) => pages::letter(&visitor, &letter),
        Ok(None) => Fault::NotFound.answer(&visitor),
        Err(fault) => Fault::from(fault).answer(&visitor),
    }
}
