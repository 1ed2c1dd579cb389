//! `localhost`: what Kapu is, what there is to open, who there is to be, and the way in five minutes.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use http::StatusCode;
use model::Lang;
use ui::{Frame, Page};

use crate::answer;
use crate::demo::{Demo, House, Surface, SurfaceKind};
use crate::fault::with_visitors;
use crate::text::Text;
use crate::visitor::Visitor;

/// A person of the demo. All are made up, and their passwords are meant to be shown.
#[derive(Clone, Debug)]
pub struct DemoPerson {
    /// The user name.
    pub username: String,
    /// The password: no secret in a demo.
    pub password: String,
    /// The name as displayed in Hungarian.
    pub name: String,
    /// The contact e-mail.
    pub email: String,
    /// The key of the authenticator app that is already active, in base32.
    pub totp_secret: Option<String>,
    /// The deletion code that goes with it.
    pub deletion_code: Option<String>,
    /// What is special about this person, in Hungarian.
    pub note_hu: String,
    /// The same in English.
    pub note_en: String,
}

#[derive(Clone)]
struct Index {
    surfaces: Arc<[Surface]>,
    persons: Arc<[DemoPerson]>,
}

/// The index page. `surfaces` are those that this demo serves; no other is linked.
pub fn router(demo: &Demo, surfaces: Vec<Surface>, persons: Vec<DemoPerson>) -> Router {
    let index = Index { surfaces: surfaces.into(), persons: persons.into() };
    with_visitors(Router::new().route("/", get(show)), demo, House::Index).with_state(index)
}

async fn show(State(index): State<Index>, visitor: Visitor) -> Response {
    answer::page(StatusCode::OK, &IndexPage { frame: visitor.frame(), text: visitor.text(), index })
}

#[derive(Template)]
#[template(path = "index.html")]
struct IndexPage {
    frame: Frame,
    text: Text,
    index: Index,
}

impl IndexPage {
    fn note<'p>(&self, person: &'p DemoPerson) -> &'p str {
        match self.frame.lang {
            Lang::Hu => &person.note_hu,
            Lang::En => &person.note_en,
        }
    }

    fn origin(&self, kind: SurfaceKind) -> Option<&str> {
        self.index.surfaces.iter().find(|surface| surface.kind == kind).map(|surface| surface.origin.as_str())
    }
}

impl Page for IndexPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        self.text.index_heading().to_owned()
    }
}
