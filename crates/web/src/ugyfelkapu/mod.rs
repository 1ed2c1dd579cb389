//! The account's own origin. Which session opens which page is the type its handler asks for.

mod account;
mod activation;
mod credentials;
mod enrol;
mod help;
mod linked;
mod lost;
mod proof;
mod services;
mod session;
mod sign_in;
mod status;

use axum::Router;
use axum::routing::{get, post};

use crate::Web;
use crate::pages::paths;

/// Makes the table of routes and the router from the same lines, so that neither lacks one.
macro_rules! routes {
    ($($method:ident $path:ident => $handler:path,)+) => {
        /// Every route of the account's origin: the method in small letters and the path's pattern.
        pub const ROUTES: &[(&str, &str)] = &[$((stringify!($method), paths::$path)),+];

        pub(crate) fn routes() -> Router<Web> {
            Router::new()$(.route(paths::$path, $method($handler)))+
        }
    };
}

routes! {
    // What needs no session.
    get START => sign_in::show,
    post START => sign_in::sign_in,
    get ACCOUNT_CODE => sign_in::code_page,
    post ACCOUNT_CODE => sign_in::code,
    get ACTIVATE_ACCOUNT => activation::show,
    post ACTIVATE_ACCOUNT => activation::activate,
    get LOST => lost::show,
    post LOST => lost::lost,
    get PROVE_UNFREEZE => proof::unfreeze_page,
    post PROVE_UNFREEZE => proof::unfreeze,
    get PROVED_UNFREEZE => proof::unfreeze_proved,
    post PROVED_UNFREEZE => proof::unfreeze_by_proof,
    get NOT_ME => lost::not_me_page,
    post NOT_ME => lost::not_me,
    get HELP => help::help,
    get GUIDE => help::guide,
    get ACCESSIBILITY => help::accessibility,
    get PRIVACY => help::privacy,
    post ACCOUNT_SIGN_OUT => sign_in::sign_out,

    // What an enrolment session opens, and a full session too: the routes that `decisions.md`
    // section 3 lists.
    get ENROL => enrol::start_page,
    post ENROL => enrol::start,
    get ENROL_APP => enrol::app_page,
    post ENROL_APP => enrol::app,
    get ENROL_CONTACT => enrol::contact::contact_page,
    post ENROL_CONTACT => enrol::contact::contact,
    get ENROL_CONTACT_CODE => enrol::contact::contact_code_page,
    post ENROL_CONTACT_CODE => enrol::contact::contact_code,
    get PROVE_ENROLMENT => proof::enrolment_page,
    post PROVE_ENROLMENT => proof::enrolment,
    get PROVED_ENROLMENT => proof::enrolment_proved,
    post PROVED_ENROLMENT => proof::enrol_by_proof,
    get ENROL_CONNECT => enrol::connect_page,
    post ENROL_CONNECT => enrol::connect,
    get ENROL_DELETION_CODE => enrol::deletion_code_page,
    post ENROL_DELETION_CODE => enrol::finish,
    get ENROL_DELETION_CODE_PRINT => enrol::deletion_sheet,
    get ENROL_DELETION_CODE_TEXT => enrol::deletion_text,
    get STATUS => status::show,
    post STATUS => status::change,

    // What a full session alone opens.
    get ACCOUNT => account::home,
    post SIGN_OUT_OF_SERVICES => account::sign_out_of_services,
    get OWN_DATA => account::own_data,
    get SERVICES => services::show,
    post SERVICES => services::withdraw,
    get LINKED => linked::show,
    get UNLINK => linked::unlink_page,
    post UNLINK => linked::unlink,
    get CREDENTIALS => credentials::show,
    post CREDENTIALS => credentials::offer,
    post REVOKE_CREDENTIAL => credentials::revoke,
    get CHANGE_PASSWORD => account::password_page,
    post CHANGE_PASSWORD => account::change_password,
    get PROVE_LIFT => proof::lift_page,
    post PROVE_LIFT => proof::lift,
    get PROVED_LIFT => proof::lift_proved,
    post PROVED_LIFT => proof::lift_by_proof,
    get OTHER_DEVICE => status::other_device_page,
    post OTHER_DEVICE => status::other_device,
}
