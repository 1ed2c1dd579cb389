//! The account's own origin. Which session opens which page is the type its handler asks for.

mod account;
mod activation;
mod enrol;
mod help;
mod lost;
mod session;
mod sign_in;
mod status;

use axum::Router;
use axum::routing::{get, post};

use crate::Web;
use crate::pages::paths;

pub(crate) fn routes() -> Router<Web> {
    open().merge(enrolment()).merge(full())
}

/// What needs no session.
fn open() -> Router<Web> {
    Router::new()
        .route(paths::START, get(sign_in::show).post(sign_in::sign_in))
        .route(paths::ACCOUNT_CODE, get(sign_in::code_page).post(sign_in::code))
        .route(paths::ACTIVATE_ACCOUNT, get(activation::show).post(activation::activate))
        .route(paths::LOST, get(lost::show).post(lost::lost))
        .route(paths::NOT_ME, get(lost::not_me_page).post(lost::not_me))
        .route(paths::HELP, get(help::help))
        .route(paths::GUIDE, get(help::guide))
        .route(paths::ACCESSIBILITY, get(help::accessibility))
        .route(paths::PRIVACY, get(help::privacy))
        .route(paths::ACCOUNT_SIGN_OUT, post(sign_in::sign_out))
}

/// What an enrolment session opens, and a full session too: the routes that `decisions.md`
/// section 3 lists.
fn enrolment() -> Router<Web> {
    Router::new()
        .route(paths::ENROL, get(enrol::start_page).post(enrol::start))
        .route(paths::ENROL_APP, get(enrol::app_page).post(enrol::app))
        .route(paths::ENROL_CONTACT, get(enrol::contact_page).post(enrol::contact))
        .route(paths::ENROL_CONTACT_CODE, get(enrol::contact_code_page).post(enrol::contact_code))
        .route(paths::ENROL_CONNECT, get(enrol::connect_page).post(enrol::connect))
        .route(paths::ENROL_DELETION_CODE, get(enrol::deletion_code_page).post(enrol::finish))
        .route(paths::ENROL_DELETION_CODE_PRINT, get(enrol::deletion_sheet))
        .route(paths::ENROL_DELETION_CODE_TEXT, get(enrol::deletion_text))
        .route(paths::STATUS, get(status::show).post(status::change))
}

/// What a full session alone opens.
fn full() -> Router<Web> {
    Router::new()
        .route(paths::ACCOUNT, get(account::home))
        .route(paths::OWN_DATA, get(account::own_data))
        .route(paths::CHANGE_PASSWORD, get(account::password_page).post(account::change_password))
        .route(paths::OTHER_DEVICE, get(status::other_device_page).post(status::other_device))
}
