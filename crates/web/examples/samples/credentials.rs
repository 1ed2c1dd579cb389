//! Credentials in a wallet.

use ui::{Lang, QrCode};
use web::pages::credentials::{Credential, Issuer, Kind, Offered, State, Wallet, WalletOffer};
use web::pages::paths;
use web::pages::status::StatusProblem;

use super::{Sample, at_account, frame, instant, sample};

fn wallet(lang: Lang, offered: Offered, problems: Vec<StatusProblem>) -> Wallet {
    let credential =
        |kind, state| Credential { id: "4f1c".into(), kind, issued: instant(lang), expires: instant(lang), state };
    Wallet {
        frame: at_account(lang),
        action: paths::CREDENTIALS.into(),
        revoke: paths::REVOKE_CREDENTIAL.into(),
        offered,
        credentials: vec![
            credential(Kind::SdJwt, State::Valid),
            credential(Kind::Mdoc, State::Revoked { at: instant(lang) }),
            credential(Kind::SdJwt, State::Expired),
        ],
        problems,
    }
}

fn offer(lang: Lang) -> WalletOffer {
    let reference =
        "http%3A%2F%2Fdap.pelda.hu%2Foffer%2F4f1c9d2a4f1c9d2a4f1c9d2a4f1c9d2a4f1c9d2a4f1c9d2a4f1c9d2a4f1c9d2a";
    WalletOffer {
        frame: at_account(lang),
        qr: QrCode { size: 29, path: "M4 4h7v1h-7z".into() },
        link: format!("openid-credential-offer://?credential_offer_uri={reference}"),
        mailed_to: "k•••@p•••.hu".into(),
        until: "14:50".into(),
    }
}

pub(super) fn all(lang: Lang) -> Result<Vec<Sample>, askama::Error> {
    let none = |offered| Wallet { credentials: vec![], ..wallet(lang, offered, vec![]) };
    Ok(vec![
        sample("wallet", &wallet(lang, Offered::Yes, vec![]))?,
        sample("wallet-wrong", &wallet(lang, Offered::Yes, vec![StatusProblem::Wrong]))?,
        sample("wallet-none", &none(Offered::Yes))?,
        sample("wallet-no-second-factor", &none(Offered::NoSecondFactor))?,
        sample("wallet-on-hold", &none(Offered::OnHold { until: instant(lang) }))?,
        sample("wallet-not-assured", &none(Offered::NotAssured))?,
        sample("wallet-offer", &offer(lang))?,
        sample("wallet-issuer", &Issuer { frame: frame(lang, "DÁP"), wallet: paths::CREDENTIALS.into() })?,
    ])
}
