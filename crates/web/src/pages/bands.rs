//! The line below the header: for whom a page works, and the way out.

use journey::ProofAim;
use model::Lang;
use ui::{Band, BandAction, Link};

use super::{ServiceName, Text, proof};

/// Signing in to a service; `cancel` leads back to it.
pub fn signing_in(lang: Lang, service: &ServiceName, host: &str, cancel: String) -> Band {
    let t = Text::of(lang);
    Band {
        label: t.band_signing_in_label().into(),
        before: t.band_signing_in().into(),
        subject: service.name.clone(),
        after: format!("({host})"),
        action: Some(BandAction::Link(Link { href: cancel, words: t.band_cancel(service.the(lang)) })),
    }
}

/// Proving something to a page of the account; `cancel` leads back to it.
pub fn proving(lang: Lang, aim: ProofAim, cancel: String) -> Band {
    let t = Text::of(lang);
    Band {
        label: t.band_enrolling_label().into(),
        before: t.band_proving().into(),
        subject: proof::purpose(t, aim).into(),
        after: String::new(),
        action: Some(BandAction::Link(Link { href: cancel, words: t.band_not_proving().into() })),
    }
}

/// Setting up Ügyfélkapu+, then going on at a service. `sign_out` is posted to.
pub fn enrolling(lang: Lang, service: Option<&ServiceName>, sign_out: String) -> Band {
    let t = Text::of(lang);
    let leave = BandAction::Button(Link { href: sign_out, words: t.band_later().into() });
    let (before, subject) = match service {
        Some(service) => (t.band_enrolling_then().into(), service.name.clone()),
        None => (t.band_enrolling().into(), "Ügyfélkapu+".to_owned()),
    };
    Band { label: t.band_enrolling_label().into(), before, subject, after: String::new(), action: Some(leave) }
}

/// Signed in. `until` is the clock time ("14:50") at which an unused session ends; `sign_out` is
/// posted to.
pub fn signed_in(lang: Lang, user_name: &str, until: &str, sign_out: String) -> Band {
    let t = Text::of(lang);
    Band {
        label: t.band_signed_in_label().into(),
        before: t.band_signed_in().into(),
        subject: user_name.to_owned(),
        after: t.band_until(until),
        action: Some(BandAction::Button(Link { href: sign_out, words: t.sign_out_button().into() })),
    }
}
