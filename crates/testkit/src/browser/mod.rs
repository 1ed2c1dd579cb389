//! One person at one browser.

mod cookies;
mod dom;
mod fetch;
mod form;
mod network;
mod page;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::Body;
use http::{Method, Request, Response, StatusCode, header};
use model::Lang;
use tower::Service;
use url::Url;

use cookies::Jar;
use fetch::{Initiator, Navigation};
use network::{Network, Route};

pub use form::{TICKED, UNTICKED};
pub use page::{Link, Page};

/// Chromium gives up after twenty; none of our journeys needs half of that.
const REDIRECTS_MAX: usize = 10;

/// One person at one browser: keeps cookies, follows redirects, and can only do what is on the page
/// that it last saw.
///
/// It finds a form by its button's words and a field by its label, so a page that a screen reader
/// could not use fails here. What it sends besides (`Origin`, `Sec-Fetch-*`, cookies by host, path
/// and `SameSite`) is what Chromium sends. It sends no `Referer`, runs no script, loads no style and
/// lets no cookie lapse by age, since that is the server's to enforce.
pub struct Browser {
    network: Network,
    jar: Arc<Mutex<Jar>>,
    lang: Lang,
    page: Page,
}

impl Browser {
    /// A browser that reaches `app` under every host name, as the gateway itself serves all its origins.
    pub fn new<S>(app: S, lang: Lang) -> Self
    where
        S: Service<Request<Body>, Response = Response<Body>, Error = Infallible> + Clone + Send + Sync + 'static,
        S::Future: Send,
    {
        Self::with(Route::service(app), lang)
    }

    /// A browser that reaches a listener at `address` under every host name.
    pub fn over_socket(address: SocketAddr, lang: Lang) -> Self {
        Self::over_sockets(&[address], lang)
    }

    /// A browser whose requests reach these listeners in turn, under every host name.
    pub fn over_sockets(addresses: &[SocketAddr], lang: Lang) -> Self {
        Self::with(Route::sockets(addresses), lang)
    }

    fn with(route: Route, lang: Lang) -> Self {
        Self { network: Network::new(route), jar: Arc::default(), lang, page: Page::blank() }
    }

    /// Sends what goes to `origin` (as `http://portal.localhost:8080`) to `app` instead.
    ///
    /// # Panics
    ///
    /// When `origin` is no URL.
    #[must_use]
    pub fn reaching<S>(mut self, origin: &str, app: S) -> Self
    where
        S: Service<Request<Body>, Response = Response<Body>, Error = Infallible> + Clone + Send + Sync + 'static,
        S::Future: Send,
    {
        let origin = Url::parse(origin).unwrap_or_else(|error| panic!("{origin:?} is no URL: {error}"));
        self.network.add(&origin, Route::service(app));
        self
    }

    /// The address that requests seem to come from, as axum's `ConnectInfo`; by default 127.0.0.1.
    #[must_use]
    pub fn from_address(mut self, address: SocketAddr) -> Self {
        self.network.from = address;
        self
    }

    /// Another tab of the same browser, with the same cookies and an empty page.
    #[must_use]
    pub fn tab(&self) -> Self {
        Self { network: self.network.clone(), jar: Arc::clone(&self.jar), lang: self.lang, page: Page::blank() }
    }

    /// The page that is shown.
    pub fn page(&self) -> &Page {
        &self.page
    }

    /// Types an address, or opens a bookmark. A relative one is read against the page shown.
    ///
    /// # Panics
    ///
    /// When the address is none, or after too many redirects.
    pub async fn visit(&mut self, address: &str) -> &Page {
        let url = self.page.resolve(address);
        self.go(Navigation::get(url, Initiator::Person)).await
    }

    /// Loads the address shown again; what was posted is not posted again.
    ///
    /// # Panics
    ///
    /// After too many redirects.
    pub async fn reload(&mut self) -> &Page {
        let url = self.page.url.clone();
        self.go(Navigation::get(url, Initiator::Person)).await
    }

    /// Fills the labelled fields of the form that has a button with these words, leaves the others as
    /// the page has them, and presses the button. A tick box takes [`TICKED`] or [`UNTICKED`]; a radio
    /// button [`TICKED`]; a list the words of an option.
    ///
    /// Words are the whole of what a screen reader says, or the beginning that no other has.
    ///
    /// # Panics
    ///
    /// When the page has not exactly one such button, when the form lacks a field, and when Chromium
    /// would not send the form because a required field is empty.
    pub async fn press(&mut self, button: &str, fields: &[(&str, &str)]) -> &Page {
        let sent = form::submission(&self.page, button, fields);
        let navigation =
            Navigation { method: sent.method, url: sent.url, body: sent.body, initiator: self.page.initiator() };
        self.go(navigation).await
    }

    /// Follows the link with these words.
    ///
    /// # Panics
    ///
    /// When the page has not exactly one such link.
    pub async fn follow(&mut self, words: &str) -> &Page {
        let url = self.page.link(words);
        self.go(Navigation::get(url, self.page.initiator())).await
    }

    /// Does what the page's `<meta http-equiv="refresh">` of zero seconds asks a browser to do.
    ///
    /// # Panics
    ///
    /// When the page has none.
    pub async fn follow_refresh(&mut self) -> &Page {
        let url = self.page.refresh().unwrap_or_else(|| panic!("the page refreshes to nowhere:\n{}", self.page.html()));
        self.go(Navigation::get(url, self.page.initiator())).await
    }

    /// What happens when a page of `origin`, not ours, makes this browser post a form to `address`.
    ///
    /// # Panics
    ///
    /// When `origin` is no URL.
    pub async fn lured(&mut self, origin: &str, address: &str, fields: &[(&str, &str)]) -> &Page {
        let origin = Url::parse(origin).unwrap_or_else(|error| panic!("{origin:?} is no URL: {error}")).origin();
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let initiator = Initiator::Page { origin, policy: fetch::ReferrerPolicy::default() };
        let url = self.page.resolve(address);
        self.go(Navigation { method: Method::POST, url, body: Some(body), initiator }).await
    }

    /// What a script of the page fetches from our own origin, or the browser ahead of its person: the answer as it comes.
    ///
    /// # Panics
    ///
    /// When the address is none.
    pub async fn fetch(&self, method: Method, address: &str, headers: &[(&str, &str)]) -> Response<Body> {
        let url = self.page.resolve(address);
        let navigation = Navigation { method, url, body: None, initiator: self.page.initiator() };
        let mut request = self.request(&navigation, &fetch::Trail::new(&navigation));
        for (name, value) in headers {
            let name: http::HeaderName = name.parse().expect("the name of a header");
            request.headers_mut().insert(name, value.parse().expect("the value of a header"));
        }
        self.network.send(&navigation.url, request).await
    }

    /// What a script of the page does with the form that has a button with these words: it sends it to `action`, with
    /// other values in its hidden fields.
    ///
    /// # Panics
    ///
    /// As [`Browser::press`] does.
    pub async fn send_by_script(&mut self, button: &str, action: &str, hidden: &[(&str, &str)]) -> &Page {
        let sent = form::submission(&self.page, button, &[]);
        let body = sent.body.unwrap_or_default();
        let kept =
            form_urlencoded::parse(body.as_bytes()).filter(|(name, _)| hidden.iter().all(|(own, _)| own != name));
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).extend_pairs(hidden).finish();
        let (url, initiator) = (self.page.resolve(action), self.page.initiator());
        self.go(Navigation { method: Method::POST, url, body: Some(body), initiator }).await
    }

    /// The value of a cookie that would go to `address`.
    ///
    /// # Panics
    ///
    /// When `address` is no URL.
    pub fn cookie(&self, address: &str, name: &str) -> Option<String> {
        self.cookies().value(&self.page.resolve(address), name)
    }

    /// Plants a cookie by its `Set-Cookie` line, as an attacker at that host could.
    ///
    /// # Panics
    ///
    /// When `address` is no URL, or a browser would not take the cookie.
    pub fn plant_cookie(&self, address: &str, line: &str) {
        let url = self.page.resolve(address);
        self.cookies().keep(&url, line);
    }

    /// Deletes all cookies, as a person who clears the browser does.
    pub fn forget_cookies(&self) {
        *self.cookies() = Jar::default();
    }

    fn cookies(&self) -> MutexGuard<'_, Jar> {
        self.jar.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn go(&mut self, mut navigation: Navigation) -> &Page {
        let mut trail = fetch::Trail::new(&navigation);
        let mut hops = Vec::new();
        while hops.len() <= REDIRECTS_MAX {
            let response = self.network.send(&navigation.url, self.request(&navigation, &trail)).await;
            for line in response.headers().get_all(header::SET_COOKIE) {
                let line = line.to_str().expect("a cookie is ASCII");
                self.cookies().keep(&navigation.url, line);
            }
            let Some(next) = redirected(&navigation, &response) else {
                self.page = Page::read(navigation.url, hops, response).await;
                return &self.page;
            };
            hops.push(navigation.url.clone());
            trail.extend(&navigation, &next);
            navigation = next;
        }
        panic!("more than {REDIRECTS_MAX} redirects: {hops:?}");
    }

    fn request(&self, navigation: &Navigation, trail: &fetch::Trail) -> Request<Body> {
        let accepted = match self.lang {
            Lang::Hu => "hu-HU,hu;q=0.9,en;q=0.8",
            Lang::En => "en-GB,en;q=0.9",
        };
        let mut request = Request::builder()
            .method(navigation.method.clone())
            .uri(navigation.url[url::Position::BeforePath..url::Position::AfterQuery].to_owned())
            .header(header::HOST, fetch::authority(&navigation.url))
            .header(header::USER_AGENT, "Mozilla/5.0 (X11; Linux x86_64) Kapu-Testkit")
            .header(header::ACCEPT, "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
            .header(header::ACCEPT_LANGUAGE, accepted);
        for (name, value) in trail.headers(navigation) {
            request = request.header(name, value);
        }
        if let Some(cookies) = self.cookies().header(navigation) {
            request = request.header(header::COOKIE, cookies);
        }
        if navigation.body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        let body = navigation.body.clone().unwrap_or_default();
        if navigation.method != Method::GET {
            request = request.header(header::CONTENT_LENGTH, body.len());
        }
        request.body(Body::from(body)).expect("a request made of checked parts")
    }
}

/// Where a response sends the browser on to; a post becomes a get except by 307 and 308
/// (RFC 9110 section 15.4).
fn redirected(navigation: &Navigation, response: &Response<Body>) -> Option<Navigation> {
    let keeps_method = match response.status() {
        StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND | StatusCode::SEE_OTHER => false,
        StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT => true,
        _ => return None,
    };
    let location = response.headers().get(header::LOCATION).expect("a redirect names a location");
    let location = location.to_str().expect("a location is ASCII");
    let url = navigation.url.join(location).unwrap_or_else(|error| panic!("location {location:?}: {error}"));
    let initiator = navigation.initiator.clone();
    Some(if keeps_method {
        Navigation { method: navigation.method.clone(), url, body: navigation.body.clone(), initiator }
    } else {
        Navigation::get(url, initiator)
    })
}

#[cfg(test)]
mod tests;
