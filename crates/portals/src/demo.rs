//! What the pages of the demo have in common: where time and randomness come from, whose they are,
//! and which others there are.

use std::sync::Arc;

use model::{Clock, Lang, Random};
use ui::{Frame, Site};

use crate::text::Text;

/// What all pages of the demo are given.
#[derive(Clone)]
pub struct Demo {
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Where handles come from.
    pub random: Arc<dyn Random>,
    /// The origin of Kapu's help pages, without a slash at the end.
    pub help: Option<String>,
    /// The help line's number as people write it.
    pub phone: Option<String>,
}

/// A place of the demo that a person can open. What it is, the index says in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Surface {
    /// Which one.
    pub kind: SurfaceKind,
    /// Its origin, as `http://kau.localhost:8080`.
    pub origin: String,
}

/// The places of the demo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SurfaceKind {
    /// The account.
    Ugyfelkapu,
    /// The broker.
    Kau,
    /// The issuer of credentials for wallets.
    Dap,
    /// The first portal.
    Magyarorszag,
    /// The daily record of social care: the portal that speaks SAML.
    Kenyszi,
    /// The phone.
    Telefon,
    /// The mailboxes.
    Posta,
}

impl SurfaceKind {
    /// Its name, the same in both languages but for the demo's own.
    pub(crate) const fn name(self, text: Text) -> &'static str {
        match self {
            SurfaceKind::Ugyfelkapu => text.ugyfelkapu_name(),
            SurfaceKind::Kau => text.kau_name(),
            SurfaceKind::Dap => text.dap_name(),
            SurfaceKind::Magyarorszag => text.magyarorszag_name(),
            SurfaceKind::Kenyszi => text.kenyszi_name(),
            SurfaceKind::Telefon => text.telefon_name(),
            SurfaceKind::Posta => text.posta_name(),
        }
    }

    /// What one does there.
    pub(crate) const fn about(self, text: Text) -> &'static str {
        match self {
            SurfaceKind::Ugyfelkapu => text.ugyfelkapu_about(),
            SurfaceKind::Kau => text.kau_about(),
            SurfaceKind::Dap => text.dap_about(),
            SurfaceKind::Magyarorszag => text.magyarorszag_about(),
            SurfaceKind::Kenyszi => text.kenyszi_about(),
            SurfaceKind::Telefon => text.telefon_about(),
            SurfaceKind::Posta => text.posta_about(),
        }
    }
}

/// Whose pages these are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum House {
    Index,
    Magyarorszag,
    Kenyszi,
    Telefon,
    Posta,
}

impl House {
    const fn name(self, text: Text) -> &'static str {
        match self {
            House::Index => text.index_name(),
            House::Magyarorszag => SurfaceKind::Magyarorszag.name(text),
            House::Kenyszi => SurfaceKind::Kenyszi.name(text),
            House::Telefon => SurfaceKind::Telefon.name(text),
            House::Posta => SurfaceKind::Posta.name(text),
        }
    }

    /// The frame of a page whose other language is at `other_language`.
    pub(crate) fn frame(self, demo: &Demo, lang: Lang, other_language: String, csrf: String) -> Frame {
        let text = Text::of(lang);
        let site = Site {
            name: self.name(text).to_owned(),
            part: Some(text.demo_part().to_owned()),
            home: "/".to_owned(),
            help: demo.help.clone(),
            phone: demo.phone.clone(),
        };
        Frame { lang, site, other_language, csrf, band: None }
    }
}
