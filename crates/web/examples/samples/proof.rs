//! What a wallet proves to the pages of the account.

use journey::ProofAim;
use model::Article;
use ui::{Frame, Lang};
use web::pages::go_on::{End, GoOn};
use web::pages::proof::{NotProved, Prove, Proved, Unfrozen, Why, asking};
use web::pages::status::StatusProblem;
use web::pages::wallet::{Aim, Wallet, WalletDigits, WalletState};
use web::pages::{ServiceName, bands, paths};

use super::{Sample, at_account, at_enrolment, frame, sample};

fn framed(lang: Lang, aim: ProofAim) -> Frame {
    match aim {
        ProofAim::Enrolment => at_enrolment(lang),
        ProofAim::Lift => at_account(lang),
        ProofAim::Unfreeze => frame(lang, "Ügyfélkapu"),
    }
}

fn proved(lang: Lang, aim: ProofAim, problems: Vec<StatusProblem>) -> Proved {
    let action = format!("{}/4f1c", asking(aim));
    Proved { frame: framed(lang, aim), aim, action, address: "k•••@p•••.hu".into(), problems }
}

pub(super) fn all(lang: Lang) -> Result<Vec<Sample>, askama::Error> {
    let prove = |aim| Prove { frame: framed(lang, aim), aim, action: asking(aim).into() };
    let not = |aim, why| NotProved { frame: framed(lang, aim), aim, why };
    let at_kau = |aim| Frame { band: Some(bands::proving(lang, aim, paths::cancel("b1"))), ..frame(lang, "KAÜ") };
    let wallet = |state| Wallet {
        frame: at_kau(ProofAim::Lift),
        action: paths::wallet("b1"),
        browser: paths::wallet_browser("b1"),
        other_way: paths::choose("b1"),
        events: paths::wallet_events("b1"),
        aim: Aim::Prove,
        state,
        problem: None,
    };
    let digits = WalletDigits {
        frame: at_kau(ProofAim::Unfreeze),
        action: paths::wallet_digits("b1"),
        anew: paths::wallet("b1"),
        other_way: paths::choose("b1"),
        aim: Aim::Prove,
        problem: None,
    };
    let lead_on = |end| GoOn {
        frame: frame(lang, "Ügyfélkapu"),
        service: ServiceName { name: "KAÜ".into(), article: Article::A },
        href: "https://kau.pelda.hu/igazolas/4f1c".into(),
        end,
    };
    Ok(vec![
        sample("prove-enrolment", &prove(ProofAim::Enrolment))?,
        sample("prove-lift", &prove(ProofAim::Lift))?,
        sample("prove-unfreeze", &prove(ProofAim::Unfreeze))?,
        sample("proved-enrolment", &proved(lang, ProofAim::Enrolment, vec![]))?,
        sample("proved-lift", &proved(lang, ProofAim::Lift, vec![]))?,
        sample("proved-lift-wrong", &proved(lang, ProofAim::Lift, vec![StatusProblem::Wrong]))?,
        sample("proved-unfreeze", &proved(lang, ProofAim::Unfreeze, vec![]))?,
        sample("not-proved-unknown", &not(ProofAim::Enrolment, Why::Unknown))?,
        sample("not-proved-other", &not(ProofAim::Enrolment, Why::SomebodyElse))?,
        sample("not-proved-needless", &not(ProofAim::Lift, Why::NotNeeded))?,
        sample("not-proved-weak", &not(ProofAim::Lift, Why::TooWeak))?,
        sample("not-proved-own", &not(ProofAim::Unfreeze, Why::OwnWord))?,
        sample("not-proved-over", &not(ProofAim::Unfreeze, Why::Over))?,
        sample("unfrozen", &Unfrozen { frame: frame(lang, "Ügyfélkapu") })?,
        sample("kau-go-to-prove", &lead_on(End::ToProve))?,
        sample("kau-go-proved", &lead_on(End::Proved))?,
        sample("kau-wallet-proof-refused", &wallet(WalletState::Refused))?,
        sample("kau-wallet-proof-failed", &wallet(WalletState::Failed))?,
        sample("kau-wallet-proof-lapsed", &wallet(WalletState::Lapsed))?,
        sample("kau-wallet-proof-digits", &digits)?,
    ])
}
