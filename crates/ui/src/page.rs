//! What the layout needs to know of a page.

use model::Lang;

use crate::Text;

/// A page in the common layout.
pub trait Page {
    /// The frame around it.
    fn frame(&self) -> &Frame;

    /// The one `<h1>`; the title is this and the name of the site.
    fn heading(&self) -> String;

    /// What is wrong with what was typed, in the order of the fields. When there is anything, the
    /// title begins with "Hiba:" and the list stands above the heading and takes the focus.
    fn problems(&self) -> Vec<Problem> {
        Vec::new()
    }

    /// What is wrong at one field.
    fn problem_at(&self, field: &str) -> Option<String> {
        self.problems().into_iter().find(|problem| problem.field == field).map(|problem| problem.message)
    }
}

/// Something wrong with what was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The `id` of the field.
    pub field: &'static str,
    /// What is wrong and what to do.
    pub message: String,
}

/// The frame around a page: who serves it, in which language, for whom.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The language of the whole page.
    pub lang: Lang,
    /// Whose page it is.
    pub site: Site,
    /// Where the same step is in the other language.
    pub other_language: String,
    /// What every form of the page carries in its hidden field `csrf`.
    pub csrf: String,
    /// The line below the header.
    pub band: Option<Band>,
}

impl Frame {
    /// The layout's texts.
    pub const fn text(&self) -> Text {
        Text::of(self.lang)
    }
}

/// Whose pages these are.
#[derive(Clone, Debug)]
pub struct Site {
    /// The name in the header and after the heading in the title.
    pub name: String,
    /// Which part of it this is, beside the name; may be absent.
    pub part: Option<String>,
    /// Where the mark leads.
    pub home: String,
    /// The origin of the help pages, without a slash at the end; absent where nothing may be linked.
    pub help: Option<String>,
    /// The help line's number as people write it; absent where there is none.
    pub phone: Option<String>,
}

impl Site {
    /// The `tel:` address of the help line.
    pub fn phone_link(&self) -> Option<Link> {
        let words = self.phone.clone()?;
        let digits: String = words.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
        Some(Link { href: format!("tel:{digits}"), words })
    }
}

/// A line below the header: for whom the page works, and the way out.
#[derive(Clone, Debug)]
pub struct Band {
    /// The line's name for those who hear it.
    pub label: String,
    /// Words before the subject.
    pub before: String,
    /// The service or the person, in bold.
    pub subject: String,
    /// Words after the subject; may be empty.
    pub after: String,
    /// The way out.
    pub action: Option<BandAction>,
}

/// The way out of a band.
#[derive(Clone, Debug)]
pub enum BandAction {
    /// By a link.
    Link(Link),
    /// By a form without fields, posted to `href`.
    Button(Link),
}

/// An address and its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Where it leads.
    pub href: String,
    /// What it says.
    pub words: String,
}
