//! The post office's pages.

use askama::Template;
use axum::response::Response;
use http::StatusCode;
use ui::{Frame, Page};

use super::letter::{Piece, pieces};
use super::letters::{Letter, MAILBOX, Mailbox};
use crate::answer;
use crate::text::Text;
use crate::visitor::Visitor;
use crate::when;

/// All mailboxes.
pub(super) fn mailboxes(visitor: &Visitor, mailboxes: Vec<Mailbox>) -> Response {
    answer::page(StatusCode::OK, &MailboxesPage { frame: visitor.frame(), text: visitor.text(), mailboxes })
}

/// One mailbox.
pub(super) fn mailbox(visitor: &Visitor, address: &str, letters: Vec<Letter>) -> Response {
    let page = MailboxPage { frame: visitor.frame(), text: visitor.text(), address: address.to_owned(), letters };
    answer::page(StatusCode::OK, &page)
}

/// One letter.
pub(super) fn letter(visitor: &Visitor, letter: &Letter) -> Response {
    let pieces = pieces(&letter.words.text);
    answer::page(
        StatusCode::OK,
        &LetterPage { frame: visitor.frame(), text: visitor.text(), letter: letter.clone(), pieces },
    )
}

#[derive(Template)]
#[template(path = "posta/mailboxes.html")]
struct MailboxesPage {
    frame: Frame,
    text: Text,
    mailboxes: Vec<Mailbox>,
}

#[derive(Template)]
#[template(path = "posta/mailbox.html")]
struct MailboxPage {
    frame: Frame,
    text: Text,
    address: String,
    letters: Vec<Letter>,
}

impl MailboxPage {
    fn subject<'l>(&self, letter: &'l Letter) -> &'l str {
        subject(letter, self.text)
    }
}

#[derive(Template)]
#[template(path = "posta/letter.html")]
struct LetterPage {
    frame: Frame,
    text: Text,
    letter: Letter,
    pieces: Vec<Piece>,
}

/// What the letter is about; a letter without a subject is called so.
fn subject(letter: &Letter, text: Text) -> &str {
    if letter.words.subject.is_empty() { text.post_no_subject() } else { &letter.words.subject }
}

impl Page for MailboxesPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        self.text.post_heading().to_owned()
    }
}

impl Page for MailboxPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        self.address.clone()
    }
}

impl Page for LetterPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        subject(&self.letter, self.text).to_owned()
    }
}
