//! The pages of KAÜ.

use model::{Article, Datum, LegalBasis, Level, Method};
use ui::Lang;
use web::pages::consent::{Consent, Purposes, Shown, Stated};
use web::pages::credentials::Kind;
use web::pages::into_wallet::IntoWallet;
use web::pages::kau::{self, ChooseProblem, End, Missing, Offer, OfferState};
use web::pages::upstream::{Link, UpstreamOffer};
use web::pages::{CodeProblem, Cutover, PasswordProblem, ServiceName, paths};

use super::{Sample, at_broker, date, either, frame, instant, kenyszi, sample, since};

fn choose(lang: Lang, offers: &[(Method, OfferState)], cutover: Cutover) -> kau::Choose {
    kau::Choose {
        frame: at_broker(lang),
        action: paths::choose("b1"),
        service: kenyszi(),
        offers: offers.iter().map(|&(method, state)| Offer { method, state }).collect(),
        upstreams: vec![],
        cutover,
        enrol: "https://ugyfelkapu.pelda.hu/?b=b1".into(),
        problem: None,
    }
}

fn password(lang: Lang, problems: Vec<PasswordProblem>) -> kau::Password {
    kau::Password {
        frame: at_broker(lang),
        action: paths::password("b1"),
        user_name: if problems.is_empty() { String::new() } else { "kovacs.anna".into() },
        method: Method::AuthenticatorApp,
        other_way: paths::choose("b1"),
        linking: None,
        problems,
    }
}

fn code(lang: Lang, problem: Option<CodeProblem>) -> kau::Code {
    kau::Code {
        frame: at_broker(lang),
        action: paths::code("b1"),
        other_way: paths::choose("b1"),
        lost: paths::LOST.into(),
        linking: None,
        problem,
    }
}

fn missing(lang: Lang, missing: Missing) -> kau::MissingStep {
    kau::MissingStep {
        frame: at_broker(lang),
        service: kenyszi(),
        missing,
        set_up: "https://ugyfelkapu.pelda.hu/?b=b1".into(),
        start_over: paths::choose("b1"),
        cancel: paths::cancel("b1"),
        other_way: paths::choose("b1"),
        prove: Some(paths::PROVE_LIFT.into()),
    }
}

/// What is said of the data: everything that the page can say, or nothing.
#[derive(Clone, Copy)]
enum Told {
    Purposes,
    Nothing,
}

fn consent(lang: Lang, basis: LegalBasis, told: Told) -> Consent {
    let purpose = |hu: &str, en: &str| match told {
        Told::Purposes => Some(Stated { text: either(lang, hu, en), lang: None }),
        Told::Nothing => None,
    };
    let shown = |datum, value: Option<String>, purpose| Shown { datum, value, source: None, purpose };
    let required = vec![
        shown(
            Datum::FamilyName,
            Some("Kovács".to_owned()),
            purpose("Így szólítjuk meg.", "This is how we address you."),
        ),
        shown(Datum::GivenName, Some("Anna".to_owned()), purpose("Így szólítjuk meg.", "This is how we address you.")),
        shown(Datum::BirthDate, Some(either(lang, "1958. március 4.", "4 March 1958")), None),
        shown(Datum::Identifier, None, None),
    ];
    let optional = match told {
        Told::Nothing => vec![],
        Told::Purposes => vec![
            shown(Datum::MothersName, Some(either(lang, "Próba Mária", "Mária Próba")), None),
            shown(
                Datum::Email,
                Some("kovacs.anna@posta.pelda.hu".to_owned()),
                // In Hungarian alone, on the English page too.
                Some(Stated {
                    text: "Ide küldjük az értesítést.".to_owned(),
                    lang: (lang != Lang::Hu).then_some(Lang::Hu),
                }),
            ),
        ],
    };
    Consent {
        frame: at_broker(lang),
        action: paths::consent("b1"),
        service: kenyszi(),
        basis,
        is_asked_anew: false,
        is_pairwise: basis == LegalBasis::Consent,
        shown: "1".into(),
        purposes: Purposes::of(required.iter().chain(&optional), None),
        required,
        optional,
        obtainable: vec![],
        was_asked: false,
        account: "https://ugyfelkapu.pelda.hu".into(),
    }
}

fn into_wallet(lang: Lang) -> IntoWallet {
    let Consent { frame, action, required: mut data, shown, account, .. } =
        consent(lang, LegalBasis::Consent, Told::Nothing);
    let yes = Some(either(lang, "igen", "yes"));
    data.push(Shown { datum: Datum::AgeOver18, value: yes, source: None, purpose: None });
    let wallet = ServiceName { name: either(lang, "Minta tárca", "Sample wallet"), article: Article::A };
    IntoWallet { frame, action, wallet, kinds: vec![Kind::SdJwt, Kind::Mdoc], data, shown, account }
}

/// Nothing is required, and the service says why it would like to have what it names.
fn consent_of_choice(lang: Lang) -> Consent {
    let Consent { optional, .. } = consent(lang, LegalBasis::Consent, Told::Purposes);
    let whole = Stated { text: either(lang, "Ügyintézés", "Your business with us"), lang: None };
    let purposes = Purposes::Whole(whole);
    Consent { required: vec![], optional, purposes, ..consent(lang, LegalBasis::Consent, Told::Nothing) }
}

/// A wallet gave one of the data that the service would like to have from it.
fn consent_of_wallet(lang: Lang, basis: LegalBasis) -> Consent {
    let of = |datum, value, source| Shown { datum, value, source, purpose: None };
    let purpose = Stated { text: either(lang, "Ide küldjük a levelet.", "We send the letter there."), lang: None };
    let address = Some("1011 Budapest, Fő utca 1.".to_owned());
    let address = of(Datum::Address, address, Some(either(lang, "Próbahivatal", "Test office")));
    let optional = vec![Shown { purpose: Some(purpose), ..address }];
    let obtainable = vec![of(Datum::PhoneNumber, None, None), of(Datum::AgeOver18, None, None)];
    let purposes = Purposes::AtSome;
    Consent { optional, obtainable, was_asked: true, purposes, ..consent(lang, basis, Told::Nothing) }
}

fn go_on(lang: Lang, end: End) -> kau::GoOn {
    kau::GoOn {
        frame: frame(lang, "KAÜ"),
        service: ServiceName { name: "ePapír".into(), article: Article::Az },
        href: "https://epapir.pelda.hu/cb?code=abc&state=def".into(),
        end,
    }
}

pub(super) fn all(lang: Lang) -> Result<Vec<Sample>, askama::Error> {
    let (mut samples, missing) = (steps(lang)?, missing_steps(lang)?);
    samples.extend(missing);
    Ok(samples)
}

fn missing_steps(lang: Lang) -> Result<Vec<Sample>, askama::Error> {
    Ok(vec![
        sample("kau-missing-step", &missing(lang, Missing::SecondStep { date: date(lang) }))?,
        sample("kau-missing-active", &missing(lang, Missing::Active))?,
        sample("kau-missing-level", &missing(lang, Missing::Level))?,
        sample("kau-missing-assurance", &missing(lang, Missing::Assurance))?,
        sample("kau-missing-held", &missing(lang, Missing::Held { until: instant(lang) }))?,
        sample("kau-missing-frozen", &missing(lang, Missing::Frozen))?,
        sample("kau-missing-freshness", &missing(lang, Missing::Freshness))?,
        sample("kau-missing-same-device", &missing(lang, Missing::SameDevice))?,
        sample("kau-missing-somebody-else", &missing(lang, Missing::SomebodyElse))?,
    ])
}

fn steps(lang: Lang) -> Result<Vec<Sample>, askama::Error> {
    use OfferState::{NotYet, Offered, Remembered, TooWeak};
    let after = [(Method::AuthenticatorApp, Remembered), (Method::Wallet, NotYet)];
    let before = [(Method::Password, Offered), (Method::AuthenticatorApp, Offered), (Method::Wallet, NotYet)];
    let weak = [(Method::AuthenticatorApp, Offered), (Method::Password, TooWeak), (Method::Wallet, NotYet)];
    let not_offered = kau::Choose { problem: Some(ChooseProblem::NotOffered), ..choose(lang, &after, since(lang)) };
    let elsewhere = |id: &str, name: &str, level, is_offered| UpstreamOffer {
        id: id.to_owned(),
        name: name.to_owned(),
        level,
        is_offered,
    };
    let upstreams = vec![
        elsewhere("bme", "Műegyetem", Level::Two, true),
        elsewhere("nav", "Minisztérium", Level::Three, true),
        elsewhere("iskola", "Iskola", Level::One, false),
    ];
    let name = || "Műegyetem".to_owned();
    let with_others = kau::Choose { upstreams, ..choose(lang, &after, since(lang)) };
    let down = kau::Choose {
        problem: Some(ChooseProblem::UpstreamDown { name: name() }),
        ..choose(lang, &after, since(lang))
    };
    let link = Link {
        frame: at_broker(lang),
        action: paths::link("b1"),
        sign_in: paths::password("b1"),
        name: name(),
        stated: vec![(Datum::FamilyName, "Kovács".to_owned()), (Datum::BirthDate, "1958-03-04".to_owned())],
    };
    Ok(vec![
        sample("kau-choose-elsewhere", &with_others)?,
        sample("kau-choose-down", &down)?,
        sample("kau-link", &link)?,
        sample("kau-password-linking", &kau::Password { linking: Some(name()), ..password(lang, vec![]) })?,
        sample("kau-code-linking", &kau::Code { linking: Some(name()), ..code(lang, None) })?,
        sample("kau-go-elsewhere", &go_on(lang, End::Elsewhere))?,
        sample("kau-choose", &choose(lang, &after, since(lang)))?,
        sample("kau-choose-before", &choose(lang, &before, Cutover::Before { date: date(lang) }))?,
        sample("kau-choose-weak", &choose(lang, &weak, Cutover::Before { date: date(lang) }))?,
        sample("kau-choose-error", &not_offered)?,
        sample("kau-password", &password(lang, vec![]))?,
        sample(
            "kau-password-empty",
            &password(lang, vec![PasswordProblem::NameMissing, PasswordProblem::PasswordMissing]),
        )?,
        sample("kau-password-wrong", &password(lang, vec![PasswordProblem::Wrong]))?,
        sample("kau-password-few", &password(lang, vec![PasswordProblem::WrongFewLeft { tries: 2 }]))?,
        sample("kau-password-again", &password(lang, vec![PasswordProblem::AfterWrongCodes]))?,
        sample("kau-code", &code(lang, None))?,
        sample("kau-code-missing", &code(lang, Some(CodeProblem::Missing)))?,
        sample("kau-code-length", &code(lang, Some(CodeProblem::Length { typed: 5 })))?,
        sample("kau-code-letters", &code(lang, Some(CodeProblem::NotDigits)))?,
        sample("kau-code-wrong", &code(lang, Some(CodeProblem::Wrong)))?,
        sample("kau-code-wrong-again", &code(lang, Some(CodeProblem::WrongAgain)))?,
        sample("kau-code-used", &code(lang, Some(CodeProblem::Used)))?,
        sample("kau-into-wallet", &into_wallet(lang))?,
        sample("kau-consent", &consent(lang, LegalBasis::Consent, Told::Nothing))?,
        sample("kau-consent-optional", &consent(lang, LegalBasis::Consent, Told::Purposes))?,
        sample("kau-consent-wallet", &consent_of_wallet(lang, LegalBasis::Consent))?,
        sample("kau-consent-wallet-law", &consent_of_wallet(lang, LegalBasis::Law))?,
        sample("kau-consent-choice", &consent_of_choice(lang))?,
        sample("kau-consent-law", &consent(lang, LegalBasis::Law, Told::Nothing))?,
        sample("kau-consent-law-optional", &consent(lang, LegalBasis::Law, Told::Purposes))?,
        sample("kau-go-on", &go_on(lang, End::SignedIn))?,
        sample("kau-go-back", &go_on(lang, End::NotSignedIn))?,
        sample("kau-nothing-shared", &go_on(lang, End::NothingShared))?,
        sample("kau-start", &kau::Start { frame: frame(lang, "KAÜ"), account: "https://ugyfelkapu.pelda.hu/".into() })?,
    ])
}
