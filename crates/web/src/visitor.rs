//! Who is asking, as far as a request tells: cookies, language, address.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv6Addr};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Uri};
use broker::{Caller, DeviceCookie, is_login_id};
use data_encoding::HEXLOWER;
use model::{Handle, Lang};

use crate::cookie::Cookie;
use crate::pages::paths::LANG_QUERY;
use crate::{ClientAddress, ClientPlace, Web};

/// A browser, as its request shows it.
pub(crate) struct Visitor {
    /// Names this browser to what it began. Drawn anew when the request brought none.
    pub(crate) browser: Handle,
    /// The language of the page.
    pub(crate) lang: Lang,
    /// The language that this browser chose here, if it did.
    pub(crate) own_lang: Option<Lang>,
    /// For the limits of attempts.
    pub(crate) caller: Caller,
    /// A full session on the account's pages.
    pub(crate) account: Option<Handle>,
    /// An enrolment session.
    pub(crate) enrolment: Option<Handle>,
    /// Single sign-on at the broker.
    pub(crate) single_sign_on: Option<Handle>,
    /// The remembered method's name.
    pub(crate) method: Option<String>,
    /// The path that was asked for, to be asked for in the other language.
    pub(crate) path: String,
    /// The query's parameter that names a sign-in at the broker, if it has the form of one.
    pub(crate) login_id: Option<String>,
    /// What goes into the hidden field of every form.
    pub(crate) csrf: String,
    /// Cookies that the answer sets because of the request itself.
    pub(crate) set: Vec<HeaderValue>,
}

impl FromRequestParts<Web> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Infallible> {
        let handle = |cookie: Cookie| cookie.read(&parts.headers).as_deref().and_then(Handle::parse);
        let mut set = Vec::new();
        let browser = handle(Cookie::Visitor).unwrap_or_else(|| {
            let drawn = Handle::draw(web.broker().random());
            // A cross-site POST comes without our cookies: to set one then would replace the real one.
            if parts.method.is_safe() {
                set.push(Cookie::Visitor.set(drawn.expose()));
            }
            drawn
        });
        let chosen = query(&parts.uri, LANG_QUERY).as_deref().and_then(Lang::from_tag);
        if let Some(lang) = chosen {
            set.push(Cookie::Lang.set(lang.tag()));
        }
        let kept = Cookie::Lang.read(&parts.headers).as_deref().and_then(Lang::from_tag);
        let own_lang = chosen.or(kept);
        let lang = own_lang.unwrap_or_default();
        let address = parts.extensions.get::<ClientAddress>().map_or(IpAddr::V6(Ipv6Addr::LOCALHOST), |peer| peer.0);
        let place = parts.extensions.get::<ClientPlace>().map(|place| place.0.clone()).unwrap_or_default();
        let device = Cookie::Device.read(&parts.headers).as_deref().and_then(DeviceCookie::parse);
        let account = handle(Cookie::Account);
        let enrolment = handle(Cookie::Enrolment);
        let csrf = csrf(web, &browser, account.as_ref(), enrolment.as_ref());
        let login_id = query(&parts.uri, crate::pages::paths::TRANSACTION_QUERY).filter(|id| is_login_id(id));
        Ok(Self {
            browser,
            lang,
            own_lang,
            caller: Caller { address, device, lang, place },
            account,
            enrolment,
            single_sign_on: handle(Cookie::SingleSignOn),
            method: Cookie::Method.read(&parts.headers),
            path: parts.uri.path().to_owned(),
            login_id,
            csrf,
            set,
        })
    }
}

/// The form token: bound to this browser and to whatever session it is in, so that one from
/// before a sign-in is not good after it.
fn csrf(web: &Web, browser: &Handle, account: Option<&Handle>, enrolment: Option<&Handle>) -> String {
    let session = |handle: Option<&Handle>| handle.map_or(Vec::new(), |handle| handle.expose().as_bytes().to_vec());
    HEXLOWER.encode(&web.broker().form_token(browser.expose().as_bytes(), &session(account), &session(enrolment)))
}

/// The value of a query parameter that came exactly once.
fn query(uri: &Uri, name: &str) -> Option<String> {
    let mut values = form_urlencoded::parse(uri.query()?.as_bytes()).filter(|(key, _)| key == name);
    let first = values.next()?.1.into_owned();
    values.next().is_none().then_some(first)
}
