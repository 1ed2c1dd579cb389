//! The pages of the account.

use model::Datum;
use ui::Lang;
use web::pages::account::{self, ActivateProblem, ChangePasswordProblem, NewPasswordProblem, SignInReason};
use web::pages::consent::{Ground, Receiver, Services};
use web::pages::status::{FactorState, StatusProblem};
use web::pages::upstream::{Identity, Linked, Unlink};
use web::pages::{PasswordProblem, ServiceName, paths};

use super::{Sample, at_account, at_broker, authenticator_of, either, frame, instant, kenyszi, onward, sample};

fn sign_in(lang: Lang, reason: SignInReason, problems: Vec<PasswordProblem>) -> account::SignIn {
    account::SignIn {
        frame: match reason {
            SignInReason::SetUp => at_broker(lang),
            SignInReason::Own | SignInReason::NewPassword => frame(lang, "Ügyfélkapu"),
        },
        action: paths::START.into(),
        user_name: String::new(),
        reason,
        problems,
    }
}

fn home(lang: Lang, state: FactorState) -> account::Home {
    account::Home {
        frame: at_account(lang),
        name: either(lang, "Kovács Anna", "Anna Kovács"),
        state,
        done: None,
        onward: Some(onward()),
        has_upstreams: true,
        has_wallet: true,
    }
}

fn linked(lang: Lang) -> Linked {
    let identity = |name: &str| Identity { name: name.to_owned(), since: instant(lang), remove: paths::unlink("ab12") };
    Linked { frame: at_account(lang), identities: vec![identity("Műegyetem"), identity("Minisztérium")] }
}

fn unlink(lang: Lang, problems: Vec<StatusProblem>) -> Unlink {
    Unlink { frame: at_account(lang), action: paths::unlink("ab12"), name: "Műegyetem".into(), problems }
}

fn services(lang: Lang) -> Services {
    let receiver = |id: &str, service, ground| Receiver {
        id: id.to_owned(),
        service,
        ground,
        data: vec![Datum::FamilyName, Datum::GivenName, Datum::BirthDate],
        chosen: match ground {
            Ground::LawInPart => vec![Datum::Email],
            Ground::Consent | Ground::Law | Ground::Changed => vec![],
        },
        from_wallet: match ground {
            Ground::Consent => vec![Datum::Address],
            Ground::LawInPart | Ground::Law | Ground::Changed => vec![],
        },
        withheld: match ground {
            Ground::LawInPart | Ground::Consent => vec![Datum::MothersName, Datum::Nationality],
            Ground::Law | Ground::Changed => vec![],
        },
        last: instant(lang),
    };
    let portal = ServiceName { name: "Magyarorszag.hu".into(), article: model::Article::A };
    Services {
        frame: at_account(lang),
        action: paths::SERVICES.into(),
        receivers: vec![
            receiver("magyarorszag", portal, Ground::Consent),
            receiver("kenyszi", kenyszi(), Ground::Law),
            receiver("cegkapu", ServiceName { name: "Cégkapu".into(), article: model::Article::A }, Ground::LawInPart),
            receiver("epapir", ServiceName { name: "ePapír".into(), article: model::Article::Az }, Ground::Changed),
        ],
        withdrawn: None,
    }
}

fn change_password(lang: Lang, problems: Vec<ChangePasswordProblem>) -> account::ChangePassword {
    account::ChangePassword {
        frame: at_account(lang),
        action: paths::CHANGE_PASSWORD.into(),
        user_name: "kovacs.anna".into(),
        least: 12,
        problems,
    }
}

fn activate(lang: Lang, problems: Vec<ActivateProblem>) -> account::Activate {
    account::Activate {
        frame: frame(lang, "Ügyfélkapu"),
        action: paths::ACTIVATE_ACCOUNT.into(),
        user_name: "kovacs.anna".into(),
        least: 12,
        problems,
    }
}

pub(super) fn all(lang: Lang) -> Result<Vec<Sample>, askama::Error> {
    use ChangePasswordProblem as Change;
    use NewPasswordProblem as New;
    let changed = account::Home {
        done: Some(account::HomeDone::PasswordChanged),
        ..home(lang, FactorState::Inactive(authenticator_of(lang)))
    };
    let held = FactorState::Held { authenticator: authenticator_of(lang), until: instant(lang) };
    Ok(vec![
        sample("account-sign-in", &sign_in(lang, SignInReason::Own, vec![]))?,
        sample("account-sign-in-set-up", &sign_in(lang, SignInReason::SetUp, vec![]))?,
        sample("account-sign-in-new", &sign_in(lang, SignInReason::NewPassword, vec![]))?,
        sample("account-sign-in-wrong", &sign_in(lang, SignInReason::Own, vec![PasswordProblem::Wrong]))?,
        sample("account-home", &home(lang, FactorState::Active(authenticator_of(lang))))?,
        sample("account-home-held", &home(lang, held))?,
        sample("account-home-none", &home(lang, FactorState::None))?,
        sample("account-home-inactive", &changed)?,
        sample(
            "account-own-data",
            &account::OwnData {
                frame: at_account(lang),
                name: either(lang, "Kovács Anna", "Anna Kovács"),
                birth_name: either(lang, "Szabó Anna", "Anna Szabó"),
                birth_place: either(lang, "Kecskemét, Magyarország", "Kecskemét, Hungary"),
                birth_date: either(lang, "1958. március 4.", "4 March 1958"),
                mothers_name: either(lang, "Tóth Ilona", "Ilona Tóth"),
                nationalities: either(lang, "magyar", "Hungarian"),
                email: "kovacs.anna@posta.pelda.hu".into(),
                user_name: "kovacs.anna".into(),
            },
        )?,
        sample("account-linked", &linked(lang))?,
        sample("account-linked-none", &Linked { identities: vec![], ..linked(lang) })?,
        sample("account-unlink", &unlink(lang, vec![]))?,
        sample("account-unlink-wrong", &unlink(lang, vec![StatusProblem::Wrong]))?,
        sample("account-services", &services(lang))?,
        sample(
            "account-services-withdrawn",
            &Services { receivers: vec![], withdrawn: Some(kenyszi()), ..services(lang) },
        )?,
        sample("account-password", &change_password(lang, vec![]))?,
        sample(
            "account-password-error",
            &change_password(
                lang,
                vec![Change::OldWrong, Change::New(New::TooShort { least: 12 }), Change::New(New::Differ)],
            ),
        )?,
        sample("account-activate", &activate(lang, vec![]))?,
        sample(
            "account-activate-error",
            &activate(lang, vec![ActivateProblem::CodeLength { typed: 9 }, ActivateProblem::New(New::Predictable)]),
        )?,
        sample("account-frozen", &account::Frozen { frame: frame(lang, "Ügyfélkapu"), has_wallets: true })?,
    ])
}
