//! Help, accessibility, privacy and the printable guide: pages for everybody.

use askama::Template;
use ui::{Frame, Page};

use super::{Texts as _, paths};

/// `/segitseg`.
#[derive(Template)]
#[template(path = "help/help.html")]
pub struct Help {
    /// The frame.
    pub frame: Frame,
}

impl Page for Help {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        self.t().help_heading().into()
    }
}

/// `/akadalymentesseg`.
#[derive(Template)]
#[template(path = "help/accessibility.html")]
pub struct Accessibility {
    /// The frame.
    pub frame: Frame,
}

impl Page for Accessibility {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        self.t().accessibility_heading().into()
    }
}

/// `/adatkezeles`.
#[derive(Template)]
#[template(path = "help/privacy.html")]
pub struct Privacy {
    /// The frame.
    pub frame: Frame,
}

impl Page for Privacy {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        self.t().privacy_heading().into()
    }
}

/// `/utmutato`: at most two sheets of A4.
#[derive(Template)]
#[template(path = "help/guide.html")]
pub struct Guide {
    /// The frame.
    pub frame: Frame,
    /// Ügyfélkapu's address as people type it: "ugyfelkapu.pelda.hu".
    pub address: String,
}

impl Page for Guide {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        self.t().guide_heading().into()
    }
}
