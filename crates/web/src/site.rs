//! What frames a page: whose it is, and where the same step is in the other language.

use model::{Lang, Service};
use ui::{Band, Frame, Site};

use crate::pages::{Cutover, Onward, ServiceName, Text, paths};
use crate::visitor::Visitor;
use crate::{Web, moment};

impl Web {
    /// The broker's pages.
    pub(crate) fn kau_site(&self, lang: Lang) -> Site {
        self.site(Text::of(lang).part_kau())
    }

    /// The account's own pages.
    pub(crate) fn ugyfelkapu_site(&self, lang: Lang) -> Site {
        self.site(Text::of(lang).part_ugyfelkapu())
    }

    /// The issuer's one page.
    pub(crate) fn dap_frame(&self, visitor: &Visitor) -> Frame {
        Frame {
            lang: visitor.lang,
            site: self.site(Text::of(visitor.lang).part_dap()),
            other_language: other_language(visitor),
            csrf: visitor.csrf.clone(),
            band: None,
        }
    }

    fn site(&self, part: &str) -> Site {
        Site {
            name: NAME.to_owned(),
            part: Some(part.to_owned()),
            home: paths::START.to_owned(),
            help: Some(self.0.ugyfelkapu.clone()),
            phone: self.0.phone.clone(),
        }
    }

    /// The frame of a page of the account's origin.
    pub(crate) fn account_frame(&self, visitor: &Visitor, band: Option<Band>) -> Frame {
        Frame {
            lang: visitor.lang,
            site: self.ugyfelkapu_site(visitor.lang),
            other_language: other_language(visitor),
            csrf: visitor.csrf.clone(),
            band,
        }
    }

    /// The day of the change, and whether it has come.
    pub(crate) fn cutover(&self, lang: Lang) -> Cutover {
        let policy = self.broker().policy();
        let date = moment::date(policy.cutover, lang);
        if policy.cut_over(self.broker().now()) { Cutover::Since { date } } else { Cutover::Before { date } }
    }

    /// A page of the account's origin for somebody on the way to a service: it is told the sign-in's name
    /// and, since the origins share no cookie, the language.
    pub(crate) fn at_account(&self, path: &str, id: &str, lang: Lang) -> String {
        let (came_from, language) = (paths::TRANSACTION_QUERY, paths::LANG_QUERY);
        format!("{}{path}?{came_from}={id}&{language}={}", self.0.ugyfelkapu, lang.tag())
    }

    /// Where a person goes on who came from a service.
    pub(crate) fn onward(&self, service: &Service, id: &str, lang: Lang) -> Onward {
        let href = format!("{}{}", self.0.kau, paths::choose(id));
        Onward { service: ServiceName::of(service, lang), href }
    }
}

/// The name of the site.
const NAME: &str = "Kapu";

/// The page that was asked for, in the other language.
pub(crate) fn other_language(visitor: &Visitor) -> String {
    other_language_of(&visitor.path, visitor.login_id.as_deref(), visitor.lang)
}

/// A path in the other language; the sign-in that a person came from stays in the address.
pub(crate) fn other_language_of(path: &str, login_id: Option<&str>, lang: Lang) -> String {
    let other = match lang {
        Lang::Hu => Lang::En,
        Lang::En => Lang::Hu,
    };
    let came_from = login_id.map(|id| format!("{}={id}&", paths::TRANSACTION_QUERY)).unwrap_or_default();
    format!("{path}?{came_from}{}={}", paths::LANG_QUERY, other.tag())
}
