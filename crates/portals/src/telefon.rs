//! `telefon.`: plays a phone with an authenticator app and a wallet, for those who have none at hand.
//!
//! Its authenticator app is one for everybody at this demo, its wallet one for each browser. It shares no
//! table with Kapu: all that it knows of an account is what somebody pasted, and all that its wallet holds
//! came by the public protocols, as with real apps.

mod accounts;
mod code;
mod otpauth;
mod pages;
mod wallet;

use std::path::Path;

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::{get, post};

use crate::answer;
use crate::database::OpenError;
use crate::demo::{Demo, House};
use crate::fault::{Fault, with_visitors};
use crate::own_form::OwnForm;
use crate::visitor::Visitor;
use accounts::{Accounts, Kept};
pub use wallet::Trust;

#[derive(Clone)]
struct Phone {
    demo: Demo,
    accounts: Accounts,
}

/// The phone. Its accounts rest in the SQLite file; its wallet trusts whom it is told to.
///
/// # Errors
///
/// [`OpenError`] when the file cannot be opened.
pub fn router(demo: &Demo, trust: Trust, file: &Path) -> Result<Router, OpenError> {
    let phone = Phone { demo: demo.clone(), accounts: Accounts::open(file)? };
    let pages =
        Router::new().route("/", get(show).post(add)).route("/torles", post(delete)).merge(wallet::routes(trust));
    Ok(with_visitors(pages, demo, House::Telefon).with_state(phone))
}

/// `GET /`
async fn show(State(phone): State<Phone>, visitor: Visitor) -> Response {
    match phone.accounts.all().await {
        Ok(accounts) => pages::phone(&visitor, &accounts, phone.demo.clock.now(), None),
        Err(fault) => Fault::from(fault).answer(&visitor),
    }
}

/// `POST /`: scans what a real phone would see as a picture.
async fn add(State(phone): State<Phone>, visitor: Visitor, form: OwnForm) -> Response {
    let (link, name) = (form.field(pages::LINK), form.field(pages::NAME));
    let refusal = match otpauth::read(link, name) {
        Ok(account) => match phone.accounts.keep(account).await {
            Ok(Kept::Yes) => return answer::see_other("/"),
            Ok(Kept::Full) => pages::Refusal::Full,
            Err(fault) => return Fault::from(fault).answer(&visitor),
        },
        Err(unreadable) => pages::Refusal::Unreadable(unreadable),
    };
    match phone.accounts.all().await {
        Ok(accounts) => {
            // A link holds a key, so it is not sent back; the name is.
            let refused = pages::Refused { refusal, name: name.to_owned() };
            pages::phone(&visitor, &accounts, phone.demo.clock.now(), Some(refused))
        }
        Err(fault) => Fault::from(fault).answer(&visitor),
    }
}

/// `POST /torles`
async fn delete(State(phone): State<Phone>, visitor: Visitor, form: OwnForm) -> Response {
    match phone.accounts.delete(form.field("fiok").to_owned()).await {
        Ok(()) => answer::see_other("/"),
        Err(fault) => Fault::from(fault).answer(&visitor),
    }
}
