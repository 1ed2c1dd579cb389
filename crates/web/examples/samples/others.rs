//! The pages for everybody, and what is said when something cannot be done.

use ui::{Lang, Link};
use web::pages::fault::{Fault, FaultPage};
use web::pages::{help, paths};

use super::{Sample, either, frame, kenyszi, sample};

pub(super) fn all(lang: Lang) -> Result<Vec<Sample>, askama::Error> {
    let fault = |name, fault| {
        let page = FaultPage {
            frame: frame(lang, "KAÜ"),
            fault,
            onward: Some(Link {
                href: paths::START.into(),
                words: either(lang, "Vissza az elejére", "Back to the start"),
            }),
            reference: Some("7F3K-21".into()),
        };
        sample(name, &page)
    };
    Ok(vec![
        sample("help", &help::Help { frame: frame(lang, "Ügyfélkapu") })?,
        sample("accessibility", &help::Accessibility { frame: frame(lang, "Ügyfélkapu") })?,
        sample("privacy", &help::Privacy { frame: frame(lang, "Ügyfélkapu") })?,
        sample("guide", &help::Guide { frame: frame(lang, "Ügyfélkapu"), address: "ugyfelkapu.pelda.hu".into() })?,
        fault("fault-unknown-service", Fault::UnknownService)?,
        fault("fault-request", Fault::FaultyRequest { service: kenyszi() })?,
        fault("fault-transaction", Fault::TransactionOver)?,
        fault("fault-session", Fault::SessionOver { minutes: 15 })?,
        fault("fault-gone", Fault::Gone)?,
        fault("fault-link", Fault::LinkOver)?,
        fault("fault-overtaken", Fault::Overtaken)?,
        fault("fault-form", Fault::ForeignForm)?,
        fault("fault-enrolment-only", Fault::EnrolmentOnly)?,
        fault("fault-proof", Fault::ProofTooOld)?,
        fault("fault-not-found", Fault::NotFound)?,
        fault("fault-method", Fault::WrongMethod)?,
        fault("fault-too-large", Fault::TooLarge)?,
        fault("fault-misdirected", Fault::Misdirected)?,
        fault("fault-tries", Fault::TooManyTries { until: "14:35".into() })?,
        fault("fault-busy", Fault::Busy)?,
        fault("fault-internal", Fault::Internal)?,
        fault("fault-unavailable", Fault::Unavailable)?,
    ])
}
