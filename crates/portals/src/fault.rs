//! What can go wrong at any page of the demo, and what the person is told.

use askama::Template;
use axum::Router;
use axum::response::Response;
use http::StatusCode;
use ui::{Frame, Page};

use crate::answer;
use crate::database::DatabaseFault;
use crate::demo::{Demo, House};
use crate::text::Text;
use crate::visitor::{Visitor, greet};

/// What can go wrong at any page.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    #[error("there is no such page")]
    NotFound,
    #[error("the page does not take this method")]
    WrongMethod,
    #[error("the form was not made for this visitor")]
    ForeignForm,
    #[error("the request is too large")]
    TooLarge,
    #[error("the body is not a form")]
    NotAForm,
    #[error(transparent)]
    Database(#[from] DatabaseFault),
}

impl Fault {
    fn words(&self, text: Text) -> (StatusCode, &'static str, &'static str) {
        match self {
            Fault::NotFound => (StatusCode::NOT_FOUND, text.not_found_heading(), text.not_found_advice()),
            Fault::WrongMethod => (StatusCode::METHOD_NOT_ALLOWED, text.not_found_heading(), text.not_found_advice()),
            Fault::ForeignForm => (StatusCode::FORBIDDEN, text.foreign_form_heading(), text.foreign_form_advice()),
            Fault::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, text.too_large_heading(), text.too_large_advice()),
            Fault::NotAForm => {
                (StatusCode::UNSUPPORTED_MEDIA_TYPE, text.foreign_form_heading(), text.foreign_form_advice())
            }
            Fault::Database(_) => (StatusCode::SERVICE_UNAVAILABLE, text.ours_heading(), text.ours_advice()),
        }
    }

    /// The page that says so.
    pub(crate) fn answer(&self, visitor: &Visitor) -> Response {
        if let Fault::Database(fault) = self {
            tracing::error!(fault = fault as &dyn std::error::Error, "a page of the demo cannot be made");
        }
        let text = visitor.text();
        let (status, heading, advice) = self.words(text);
        let mut frame = visitor.frame();
        // What was posted cannot be asked for again in the other language.
        if matches!(self, Fault::ForeignForm | Fault::TooLarge | Fault::NotAForm | Fault::WrongMethod) {
            frame.other_language = format!("/?lang={}", frame.text().other_language_tag());
        }
        answer::page(status, &TroublePage { frame, text, heading, advice })
    }
}

#[derive(Template)]
#[template(path = "trouble.html")]
struct TroublePage {
    frame: Frame,
    text: Text,
    heading: &'static str,
    advice: &'static str,
}

impl Page for TroublePage {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        self.heading.to_owned()
    }
}

/// What every router of the demo has besides its pages: the visitor, and a page for what is not there.
pub(crate) fn with_visitors<S>(pages: Router<S>, demo: &Demo, house: House) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    pages
        .fallback(async |visitor: Visitor| Fault::NotFound.answer(&visitor))
        .method_not_allowed_fallback(async |visitor: Visitor| Fault::WrongMethod.answer(&visitor))
        .layer(axum::middleware::from_fn_with_state((demo.clone(), house), greet))
}
