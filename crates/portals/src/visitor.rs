//! Who is at the browser: the cookie that tells one from another, the language, and the token that
//! every form of theirs carries.

use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::{digest, hmac};
use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use data_encoding::HEXLOWER;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use model::{Handle, HandleDigest, Lang, Random};
use ui::Frame;

use crate::demo::{Demo, House};
use crate::text::Text;

const VISITOR: &str = "__Host-visitor";
const LANG: &str = "lang";
/// How long a browser keeps the chosen language.
const LANG_AGE: Duration = Duration::from_hours(365 * 24);

/// Who is at the browser.
#[derive(Clone)]
pub(crate) struct Visitor {
    demo: Demo,
    house: House,
    pub(crate) lang: Lang,
    handle: Arc<Handle>,
    other_language: String,
}

impl Visitor {
    /// What is stored of the cookie.
    pub(crate) fn digest(&self) -> HandleDigest {
        stored(&self.handle)
    }

    /// Whose pages they are at.
    pub(crate) const fn house(&self) -> House {
        self.house
    }

    /// A value for `purpose` that only a holder of the cookie can make: 64 hexadecimal digits.
    pub(crate) fn derived(&self, purpose: &str) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.handle.expose().as_bytes());
        HEXLOWER.encode(hmac::sign(&key, purpose.as_bytes()).as_ref())
    }

    /// What every form of this visitor carries.
    pub(crate) fn csrf(&self) -> String {
        self.derived("csrf")
    }

    /// The texts in this visitor's language.
    pub(crate) const fn text(&self) -> Text {
        Text::of(self.lang)
    }

    /// The frame of a page for this visitor.
    pub(crate) fn frame(&self) -> Frame {
        self.house.frame(&self.demo, self.lang, self.other_language.clone(), self.csrf())
    }
}

/// What is stored of a handle.
pub(crate) fn stored(handle: &Handle) -> HandleDigest {
    let digest = digest::digest(&digest::SHA256, handle.expose().as_bytes());
    let mut bytes = [0; 32];
    bytes.copy_from_slice(digest.as_ref());
    HandleDigest::from_bytes(&bytes)
}

/// A new cookie for this answer's visitor: what the old one opened or signed is worth nothing more.
pub(crate) fn renew(response: &mut Response, random: &dyn Random) -> Handle {
    let handle = Handle::draw(random);
    set_cookie(response, &handle);
    handle
}

fn set_cookie(response: &mut Response, handle: &Handle) {
    let cookie = format!("{VISITOR}={}; Path=/; Secure; HttpOnly; SameSite=Lax", handle.expose());
    if let Ok(mut value) = HeaderValue::try_from(cookie) {
        value.set_sensitive(true);
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

impl<S: Sync> FromRequestParts<S> for Visitor {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        // Only a router without `greet` could miss it.
        parts.extensions.get::<Visitor>().cloned().ok_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

/// Middleware: recognises the visitor, or gives a new one a cookie.
pub(crate) async fn greet(State((demo, house)): State<(Demo, House)>, mut request: Request, next: Next) -> Response {
    let known = cookie(request.headers(), VISITOR).and_then(Handle::parse);
    let chosen = chosen_language(request.uri());
    let lang = chosen.or_else(|| cookie(request.headers(), LANG).and_then(Lang::from_tag)).unwrap_or_default();
    // A form posted from another site comes without our cookie. To answer with a new one would take
    // the old one, and the session with it, from whom was lured there.
    let may_keep = request.method().is_safe();
    let is_new = known.is_none();
    let handle = Arc::new(known.unwrap_or_else(|| Handle::draw(&*demo.random)));
    let other_language = address_in(request.uri(), other(lang));
    let visitor = Visitor { demo, house, lang, handle: Arc::clone(&handle), other_language };
    request.extensions_mut().insert(visitor);
    let mut response = next.run(request).await;
    if is_new && may_keep && !response.headers().contains_key(header::SET_COOKIE) {
        set_cookie(&mut response, &handle);
    }
    if let Some(lang) = chosen
        && may_keep
    {
        remember_language(&mut response, lang);
    }
    response
}

const fn other(lang: Lang) -> Lang {
    match lang {
        Lang::Hu => Lang::En,
        Lang::En => Lang::Hu,
    }
}

/// The cookie's value; of two with the same name neither counts, since one was planted.
fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let mut found = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter_map(|(key, value)| (key == name).then_some(value));
    let value = found.next()?;
    found.next().is_none().then_some(value)
}

fn chosen_language(uri: &Uri) -> Option<Lang> {
    let query = uri.query().unwrap_or_default();
    form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == LANG).and_then(|(_, tag)| Lang::from_tag(&tag))
}

/// The same address, asking for the language.
fn address_in(uri: &Uri, lang: Lang) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    let asked = uri.query().unwrap_or_default();
    query.extend_pairs(form_urlencoded::parse(asked.as_bytes()).filter(|(key, _)| key != LANG));
    query.append_pair(LANG, lang.tag());
    // A path that begins with two slashes would be read as another host's address.
    format!("/{}?{}", uri.path().trim_start_matches('/'), query.finish())
}

fn remember_language(response: &mut Response, lang: Lang) {
    let cookie =
        format!("{LANG}={}; Path=/; Max-Age={}; Secure; HttpOnly; SameSite=Lax", lang.tag(), LANG_AGE.as_secs());
    if let Ok(value) = HeaderValue::try_from(cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_cookies_with_one_name_neither_counts() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=1; b=2"));
        assert_eq!((cookie(&headers, "a"), cookie(&headers, "b"), cookie(&headers, "c")), (Some("1"), Some("2"), None));
        headers.append(header::COOKIE, HeaderValue::from_static("a=3"));
        assert_eq!(cookie(&headers, "a"), None);
    }

    #[test]
    fn the_other_language_is_at_the_same_address() {
        #[rustfmt::skip]
        let table = [
            ("/",                     "/?lang=en"),
            ("/levelek?lang=hu",      "/levelek?lang=en"),
            ("/a?x=1%262&lang=hu",    "/a?x=1%262&lang=en"),
            ("//evil.example/",       "/evil.example/?lang=en"),
        ];
        for (here, there) in table {
            assert_eq!(address_in(&Uri::builder().path_and_query(here).build().unwrap(), Lang::En), there, "{here}");
        }
    }
}
