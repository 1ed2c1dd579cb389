//! The pages about the authenticator: its state, another device, a lost phone.

use ui::Lang;
use web::pages::lost::{self, LostProblem};
use web::pages::status::{self, Deeds, Done, FactorState, StatusProblem};
use web::pages::{CodeProblem, Cutover, paths, sign_out};

use super::{Sample, at_account, authenticator_of, date, frame, instant, onward, sample, since};

fn status(lang: Lang, state: FactorState, done: Option<Done>, problems: Vec<StatusProblem>) -> status::Status {
    status::Status {
        frame: at_account(lang),
        state,
        done,
        deeds: Deeds::All {
            action: paths::STATUS.into(),
            other_device: paths::OTHER_DEVICE.into(),
            enrol: paths::ENROL.into(),
        },
        can_be_lifted: true,
        cutover: since(lang),
        onward: None,
        problems,
    }
}

pub(super) fn all(lang: Lang) -> Result<Vec<Sample>, askama::Error> {
    let active = || FactorState::Active(authenticator_of(lang));
    let inactive = || FactorState::Inactive(authenticator_of(lang));
    let enrolled = status::Status {
        frame: frame(lang, "Ügyfélkapu"),
        deeds: Deeds::Look { sign_in: paths::START.into() },
        onward: Some(onward()),
        ..status(lang, active(), Some(Done::Enrolled), vec![])
    };
    let held = FactorState::Held { authenticator: authenticator_of(lang), until: instant(lang) };
    let held = |done| status::Status { deeds: Deeds::Wait, ..status(lang, held.clone(), done, vec![]) };
    let before = status::Status {
        cutover: Cutover::Before { date: date(lang) },
        ..status(lang, active(), Some(Done::Activated), vec![])
    };
    let other =
        |problems| status::OtherDevice { frame: at_account(lang), action: paths::OTHER_DEVICE.into(), problems };
    let lost = |problems| lost::Lost {
        frame: frame(lang, "Ügyfélkapu"),
        action: paths::LOST.into(),
        user_name: "kovacs.anna".into(),
        problems,
    };
    let code = StatusProblem::Code(CodeProblem::Length { typed: 4 });
    Ok(vec![
        sample("status-enrolled", &enrolled)?,
        sample("status-active", &status(lang, active(), None, vec![]))?,
        sample("status-active-before", &before)?,
        sample("status-active-error", &status(lang, active(), None, vec![StatusProblem::PasswordMissing, code]))?,
        sample("status-enrolled-held", &held(Some(Done::EnrolledOnHold)))?,
        sample("status-held", &held(None))?,
        sample("status-inactive", &status(lang, inactive(), Some(Done::Inactivated), vec![]))?,
        sample("status-inactive-error", &status(lang, inactive(), None, vec![StatusProblem::Wrong]))?,
        sample("status-none", &status(lang, FactorState::None, None, vec![]))?,
        sample("other-device", &other(vec![]))?,
        sample("other-device-error", &other(vec![StatusProblem::Wrong]))?,
        sample("lost", &lost(vec![]))?,
        sample("lost-empty", &lost(vec![LostProblem::PasswordMissing, LostProblem::CodeMissing]))?,
        sample("lost-length", &lost(vec![LostProblem::CodeLength { typed: 19 }]))?,
        sample("lost-group", &lost(vec![LostProblem::Group { number: 3 }]))?,
        sample("lost-wrong", &lost(vec![LostProblem::Wrong]))?,
        sample("not-me", &lost::NotMe { frame: frame(lang, "Ügyfélkapu"), action: paths::not_me("h") })?,
        sample("not-me-done", &lost::NotMeDone { frame: frame(lang, "Ügyfélkapu") })?,
        sample(
            "account-signed-out",
            &sign_out::SignedOut {
                frame: frame(lang, "Ügyfélkapu"),
                services: vec![],
                remaining: vec![],
                onward: None,
                again: Some(paths::START.into()),
            },
        )?,
    ])
}
