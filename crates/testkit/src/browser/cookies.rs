//! A browser's cookies (RFC 6265bis, as far as our origins use them).

use http::Method;
use url::Url;

use super::fetch::{Navigation, is_trustworthy};

/// All cookies of one browser.
#[derive(Default)]
pub(super) struct Jar(Vec<Cookie>);

struct Cookie {
    /// The exact host; a cookie does not know ports.
    host: String,
    path: String,
    name: String,
    value: String,
    is_secure: bool,
    same_site: SameSite,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum SameSite {
    Strict,
    Lax,
    None,
}

impl Jar {
    /// Keeps, replaces or deletes what one `Set-Cookie` line says.
    ///
    /// A browser silently drops a cookie that breaks the rules of its prefix or attributes. That is
    /// never what a test wants, so here it is a failure.
    pub(super) fn keep(&mut self, url: &Url, line: &str) {
        let (cookie, is_deleted) =
            read(url, line).unwrap_or_else(|fault| panic!("no browser keeps {line:?} of {url}: {fault}"));
        self.0.retain(|kept| (&kept.host, &kept.path, &kept.name) != (&cookie.host, &cookie.path, &cookie.name));
        if !is_deleted {
            self.0.push(cookie);
        }
    }

    /// The `Cookie` header of a request: longer paths first, then in order of arrival.
    pub(super) fn header(&self, navigation: &Navigation) -> Option<String> {
        let mut sent: Vec<&Cookie> =
            self.0.iter().filter(|cookie| cookie.fits(&navigation.url) && cookie.may_go(navigation)).collect();
        sent.sort_by_key(|cookie| std::cmp::Reverse(cookie.path.len()));
        let pairs: Vec<String> = sent.iter().map(|cookie| format!("{}={}", cookie.name, cookie.value)).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    /// The value of a cookie that fits `url`.
    pub(super) fn value(&self, url: &Url, name: &str) -> Option<String> {
        self.0.iter().find(|cookie| cookie.name == name && cookie.fits(url)).map(|cookie| cookie.value.clone())
    }
}

impl Cookie {
    fn fits(&self, url: &Url) -> bool {
        let path = url.path();
        let is_below = path == self.path
            || path.strip_prefix(&self.path).is_some_and(|rest| self.path.ends_with('/') || rest.starts_with('/'));
        url.host_str() == Some(&self.host) && is_below && (is_trustworthy(url) || !self.is_secure)
    }

    fn may_go(&self, navigation: &Navigation) -> bool {
        match self.same_site {
            SameSite::None => true,
            SameSite::Lax => navigation.is_same_site() || navigation.method == Method::GET,
            SameSite::Strict => navigation.is_same_site(),
        }
    }
}

/// The cookie of a `Set-Cookie` line, and whether the line deletes it.
fn read(url: &Url, line: &str) -> Result<(Cookie, bool), &'static str> {
    let mut parts = line.split(';').map(str::trim);
    let (name, value) = parts.next().and_then(|pair| pair.split_once('=')).ok_or("it has no name")?;
    let mut cookie = Cookie {
        host: url.host_str().unwrap_or_default().to_owned(),
        path: default_path(url),
        name: name.to_owned(),
        value: value.to_owned(),
        is_secure: false,
        same_site: SameSite::Lax,
    };
    let mut is_deleted = false;
    for part in parts {
        let (attribute, value) = part.split_once('=').unwrap_or((part, ""));
        match attribute.to_ascii_lowercase().as_str() {
            "path" => value.clone_into(&mut cookie.path),
            "secure" => cookie.is_secure = true,
            "samesite" => cookie.same_site = same_site(value)?,
            "max-age" => is_deleted = value.parse::<i64>().map_err(|_| "Max-Age is no number")? <= 0,
            "domain" => return Err("with Domain, every origin of ours would get it"),
            "httponly" | "priority" => {}
            _ => return Err("an attribute is unknown"),
        }
    }
    if cookie.is_secure && !is_trustworthy(url) {
        return Err("it is Secure and came without TLS");
    }
    if cookie.same_site == SameSite::None && !cookie.is_secure {
        return Err("SameSite=None needs Secure");
    }
    if name.starts_with("__Host-") && !(cookie.is_secure && cookie.path == "/") {
        return Err("__Host- needs Secure and Path=/");
    }
    if name.starts_with("__Secure-") && !cookie.is_secure {
        return Err("__Secure- needs Secure");
    }
    Ok((cookie, is_deleted))
}

fn same_site(value: &str) -> Result<SameSite, &'static str> {
    match value.to_ascii_lowercase().as_str() {
        "strict" => Ok(SameSite::Strict),
        "lax" => Ok(SameSite::Lax),
        "none" => Ok(SameSite::None),
        _ => Err("SameSite is Strict, Lax or None"),
    }
}

/// The directory of the URL's path (RFC 6265 section 5.1.4).
fn default_path(url: &Url) -> String {
    match url.path().rsplit_once('/') {
        Some(("", _)) | None => "/".to_owned(),
        Some((directory, _)) => directory.to_owned(),
    }
}
