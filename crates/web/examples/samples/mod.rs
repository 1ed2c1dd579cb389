//! One sample of every page and of every state that looks different. All persons are made up.

use askama::Template;
use model::Article;
use ui::{Frame, Lang, Site};
use web::pages::status::Authenticator;
use web::pages::{Cutover, Onward, ServiceName, bands, paths};

mod account;
mod authenticator;
mod credentials;
mod enrolment;
mod kau;
mod others;
mod proof;
mod sign_out;
mod wallet;

/// A page with a name for its file.
pub(crate) struct Sample {
    /// The file's name without language and ending.
    pub(crate) name: &'static str,
    /// The page.
    pub(crate) html: String,
}

/// All samples in one language.
pub(crate) fn all(lang: Lang) -> Result<Vec<Sample>, askama::Error> {
    let mut samples = Vec::new();
    let parts = [
        kau::all(lang),
        sign_out::all(lang),
        credentials::all(lang),
        account::all(lang),
        enrolment::all(lang),
        authenticator::all(lang),
        wallet::all(lang),
        proof::all(lang),
        others::all(lang),
    ];
    for part in parts {
        samples.extend(part?);
    }
    Ok(samples)
}

fn sample(name: &'static str, page: &impl Template) -> Result<Sample, askama::Error> {
    Ok(Sample { name, html: page.render()? })
}

fn either(lang: Lang, hu: &str, en: &str) -> String {
    match lang {
        Lang::Hu => hu.to_owned(),
        Lang::En => en.to_owned(),
    }
}

fn frame(lang: Lang, part: &str) -> Frame {
    Frame {
        lang,
        site: Site {
            name: "Kapu".into(),
            part: Some(part.into()),
            home: paths::START.into(),
            help: Some("https://ugyfelkapu.pelda.hu".into()),
            phone: Some("+36 1 555 0100".into()),
        },
        other_language: either(lang, "?lang=en", "?lang=hu"),
        csrf: "4f1c".into(),
        band: None,
    }
}

fn kenyszi() -> ServiceName {
    ServiceName { name: "KENYSZI".into(), article: Article::A }
}

fn at_broker(lang: Lang) -> Frame {
    let band = bands::signing_in(lang, &kenyszi(), "kenyszi.pelda.hu", paths::cancel("b1"));
    Frame { band: Some(band), ..frame(lang, "KAÜ") }
}

fn at_account(lang: Lang) -> Frame {
    let band = bands::signed_in(lang, "kovacs.anna", "14:50", paths::ACCOUNT_SIGN_OUT.into());
    Frame { band: Some(band), ..frame(lang, "Ügyfélkapu") }
}

fn at_enrolment(lang: Lang) -> Frame {
    let band = bands::enrolling(lang, Some(&kenyszi()), paths::ACCOUNT_SIGN_OUT.into());
    Frame { band: Some(band), ..frame(lang, "Ügyfélkapu") }
}

fn date(lang: Lang) -> String {
    either(lang, "2025. január 16.", "16 January 2025")
}

fn instant(lang: Lang) -> String {
    either(lang, "2025. január 20. 14:50", "20 January 2025, 14:50")
}

fn since(lang: Lang) -> Cutover {
    Cutover::Since { date: date(lang) }
}

fn onward() -> Onward {
    Onward { service: kenyszi(), href: paths::choose("b1") }
}

fn authenticator_of(lang: Lang) -> Authenticator {
    Authenticator { label: "Kapu:kovacs.anna".into(), since: instant(lang) }
}
