//! The pages of a sign-in by wallet.

use ui::{Lang, QrCode};
use web::pages::paths;
use web::pages::wallet::{
    Aim, DigitsProblem, Wallet, WalletDigits, WalletElsewhere, WalletPhone, WalletPicture, WalletProblem, WalletState,
};

use super::{Sample, at_broker, frame, sample};

fn wallet(lang: Lang, state: WalletState, problem: Option<WalletProblem>) -> Wallet {
    let (action, browser, other_way) = (paths::wallet("b1"), paths::wallet_browser("b1"), paths::choose("b1"));
    let events = paths::wallet_events("b1");
    Wallet { frame: at_broker(lang), action, browser, other_way, events, aim: Aim::SignIn, state, problem }
}

/// The same, where the person signed in already.
fn giving(lang: Lang, state: WalletState) -> Wallet {
    Wallet { other_way: paths::consent("b1"), aim: Aim::Give, ..wallet(lang, state, None) }
}

fn asking(is_fresh: bool) -> WalletState {
    let picture = || WalletPicture {
        qr: QrCode { size: 29, path: "M4 4h7v1h-7zM4 5h1v1h-1zM10 5h1v1h-1z".into() },
        typed: "H4K9-2XQM".into(),
        until: "14:32:10".into(),
    };
    let link = "openid4vp://?client_id=x509_hash%3Aabc&request_uri=https%3A%2F%2Fkau.pelda.hu%2Fwallet%2Frequest%2F1";
    WalletState::Ask { link: link.into(), picture: is_fresh.then(picture) }
}

fn digits(lang: Lang, problem: Option<DigitsProblem>) -> WalletDigits {
    let (action, other_way) = (paths::wallet_digits("b1"), paths::choose("b1"));
    let anew = paths::wallet("b1");
    WalletDigits { frame: at_broker(lang), action, anew, other_way, aim: Aim::SignIn, problem }
}

pub(super) fn all(lang: Lang) -> Result<Vec<Sample>, askama::Error> {
    let phone = WalletPhone {
        frame: frame(lang, "KAÜ"),
        digits: vec!['4', '7', '0', '2'],
        service: "KENYSZI".into(),
        began: "14:31".into(),
        until: "14:33:10".into(),
    };
    Ok(vec![
        sample("kau-wallet", &wallet(lang, asking(true), None))?,
        sample("kau-wallet-lapsed-picture", &wallet(lang, asking(false), None))?,
        sample("kau-wallet-not-yet", &wallet(lang, asking(true), Some(WalletProblem::NotYet)))?,
        sample("kau-wallet-underway", &wallet(lang, WalletState::Underway, None))?,
        sample("kau-wallet-refused", &wallet(lang, WalletState::Refused, None))?,
        sample("kau-wallet-far", &wallet(lang, WalletState::Elsewhere, None))?,
        sample("kau-wallet-failed", &wallet(lang, WalletState::Failed, None))?,
        sample("kau-wallet-lapsed", &wallet(lang, WalletState::Lapsed, None))?,
        sample("kau-wallet-digits", &digits(lang, None))?,
        sample("kau-wallet-digits-wrong", &digits(lang, Some(DigitsProblem::Wrong { left: 2 })))?,
        sample("kau-wallet-digits-not-shown", &digits(lang, Some(DigitsProblem::NotShown)))?,
        sample("kau-wallet-give", &giving(lang, asking(true)))?,
        sample("kau-wallet-give-refused", &giving(lang, WalletState::Refused))?,
        sample("kau-wallet-give-failed", &giving(lang, WalletState::Failed))?,
        sample("kau-wallet-give-not-theirs", &giving(lang, WalletState::NotTheirs))?,
        sample("kau-wallet-give-digits", &WalletDigits { aim: Aim::Give, ..digits(lang, None) })?,
        sample("kau-wallet-phone", &phone)?,
        sample("kau-wallet-elsewhere", &WalletElsewhere { frame: frame(lang, "KAÜ") })?,
    ])
}
