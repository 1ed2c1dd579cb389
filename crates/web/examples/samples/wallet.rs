//! The pages of a sign-in by wallet.

use ui::{Lang, QrCode};
use web::pages::paths;
use web::pages::wallet::{
    DigitsProblem, Wallet, WalletDigits, WalletElsewhere, WalletPhone, WalletPicture, WalletProblem, WalletState,
};

use super::{Sample, at_broker, frame, sample};

fn wallet(lang: Lang, state: WalletState, problem: Option<WalletProblem>) -> Wallet {
    let (frame, action, other_way) = (at_broker(lang), paths::wallet("b1"), paths::choose("b1"));
    Wallet { frame, action, other_way, is_proof: false, state, problem }
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
    WalletDigits { frame: at_broker(lang), action, other_way, is_proof: false, problem }
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
        sample("kau-wallet-failed", &wallet(lang, WalletState::Failed, None))?,
        sample("kau-wallet-lapsed", &wallet(lang, WalletState::Lapsed, None))?,
        sample("kau-wallet-digits", &digits(lang, None))?,
        sample("kau-wallet-digits-wrong", &digits(lang, Some(DigitsProblem::Wrong { left: 2 })))?,
        sample("kau-wallet-digits-not-shown", &digits(lang, Some(DigitsProblem::NotShown)))?,
        sample("kau-wallet-phone", &phone)?,
        sample("kau-wallet-elsewhere", &WalletElsewhere { frame: frame(lang, "KAÜ") })?,
    ])
}
