//! The pages of a sign-out.

use broker::ServiceState;
use ui::Lang;
use web::pages::kau::{End, GoOnByForm};
use web::pages::sign_out::{self, RoundNext, ServiceTold};
use web::pages::{Onward, paths};

use super::{Sample, at_account, frame, kenyszi, onward, sample};

/// A service in every state that there is.
fn told() -> Vec<ServiceTold> {
    let told = |name: &str, state| ServiceTold { name: name.into(), state };
    vec![
        told("Magyarorszag.hu", ServiceState::SignedOut),
        told("Levelezési tárhely", ServiceState::Told),
        told("ePapír", ServiceState::Retried),
        told("KENYSZI", ServiceState::Waits),
        told("GYVR", ServiceState::Silent),
        told("MÜKENG", ServiceState::Failed),
        told("Cégkapu-regisztráció", ServiceState::Untellable),
    ]
}

fn round(lang: Lang, next: RoundNext) -> sign_out::SignOutRound {
    sign_out::SignOutRound { frame: frame(lang, "KAÜ"), services: told(), next }
}

fn step() -> Onward {
    Onward { service: kenyszi(), href: paths::sign_out_step("k1") }
}

fn by_form(lang: Lang, end: End) -> GoOnByForm {
    GoOnByForm {
        frame: frame(lang, "KAÜ"),
        service: kenyszi(),
        action: "https://kenyszi.pelda.hu/slo".into(),
        fields: vec![("SAMLRequest", "PGE+".into()), ("RelayState", "k1".into())],
        end,
    }
}

pub(super) fn all(lang: Lang) -> Result<Vec<Sample>, askama::Error> {
    Ok(vec![
        sample(
            "kau-sign-out",
            &sign_out::SignOut {
                frame: frame(lang, "KAÜ"),
                action: paths::SIGN_OUT.into(),
                services: vec!["Magyarorszag.hu".into(), "KENYSZI".into()],
                carried: vec![("state".into(), "x\"y".into())],
            },
        )?,
        sample(
            "kau-signed-out",
            &sign_out::SignedOut {
                frame: frame(lang, "KAÜ"),
                services: vec!["Magyarorszag.hu".into()],
                remaining: vec!["KENYSZI".into()],
                onward: Some(onward()),
                again: None,
            },
        )?,
        sample("kau-sign-out-under-way", &round(lang, RoundNext::Tell(step())))?,
        sample("kau-sign-out-and-back", &round(lang, RoundNext::Return(step())))?,
        sample("kau-sign-out-in-part", &round(lang, RoundNext::ReturnLater(step())))?,
        sample("kau-sign-out-result", &round(lang, RoundNext::Nothing))?,
        sample("kau-sign-out-by-form", &by_form(lang, End::SigningOut))?,
        sample("kau-signed-out-by-form", &by_form(lang, End::SignedOut))?,
        sample("kau-not-signed-out-by-form", &by_form(lang, End::NotSignedOut))?,
        sample(
            "account-signed-out-of-services",
            &sign_out::SignedOutOfServices { frame: at_account(lang), services: told() },
        )?,
        sample(
            "account-no-services",
            &sign_out::SignedOutOfServices { frame: at_account(lang), services: Vec::new() },
        )?,
    ])
}
