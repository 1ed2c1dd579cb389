//! What Chromium tells a server about where a navigation comes from.
//!
//! Fetch Metadata (`Sec-Fetch-*`), and `Origin` as the Fetch standard appends it.

use http::{HeaderMap, Method};
use url::{Host, Origin, Url};

/// One request of the address bar or of a page.
#[derive(Clone)]
pub(super) struct Navigation {
    pub(super) method: Method,
    pub(super) url: Url,
    /// A form's fields, url-encoded.
    pub(super) body: Option<String>,
    pub(super) initiator: Initiator,
}

impl Navigation {
    pub(super) fn get(url: Url, initiator: Initiator) -> Self {
        Self { method: Method::GET, url, body: None, initiator }
    }

    /// Whether a cookie that is for its own site only may go along.
    pub(super) fn is_same_site(&self) -> bool {
        match &self.initiator {
            Initiator::Person => true,
            Initiator::Page { origin, .. } => relation(origin, &self.url.origin()) != Relation::CrossSite,
        }
    }
}

/// Who asked for a navigation.
#[derive(Clone)]
pub(super) enum Initiator {
    /// A person, by the address bar or a bookmark.
    Person,
    /// A page, by a form or a link.
    Page { origin: Origin, policy: ReferrerPolicy },
}

/// As much of a page's `Referrer-Policy` as decides over `Origin`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum ReferrerPolicy {
    /// `no-referrer`: a post says `Origin: null`, even to its own origin.
    NoReferrer,
    /// `same-origin`: a post to another origin says `Origin: null`.
    SameOrigin,
    /// Any other, and the default.
    #[default]
    Other,
}

impl ReferrerPolicy {
    /// The last policy of the header that a browser knows.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let header = headers.get(http::header::REFERRER_POLICY).and_then(|value| value.to_str().ok());
        match header.unwrap_or_default().rsplit(',').next().unwrap_or_default().trim() {
            "no-referrer" => Self::NoReferrer,
            "same-origin" => Self::SameOrigin,
            _ => Self::Other,
        }
    }
}

/// How far two origins are from each other, nearest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Relation {
    SameOrigin,
    SameSite,
    CrossSite,
}

fn relation(from: &Origin, to: &Origin) -> Relation {
    if from == to {
        return Relation::SameOrigin;
    }
    match (from, to) {
        (Origin::Tuple(a, from, _), Origin::Tuple(b, to, _)) if a == b && site(from) == site(to) => Relation::SameSite,
        _ => Relation::CrossSite,
    }
}

/// The registrable domain: the last two labels. (The public suffix list knows longer suffixes, but
/// none of the names that tests use; `localhost` is a suffix by its default rule.)
fn site(host: &Host<String>) -> String {
    match host {
        Host::Domain(name) => {
            let labels: Vec<&str> = name.split('.').collect();
            labels[labels.len().saturating_sub(2)..].join(".")
        }
        Host::Ipv4(_) | Host::Ipv6(_) => host.to_string(),
    }
}

/// Whether a browser treats the URL as if it came by TLS.
pub(super) fn is_trustworthy(url: &Url) -> bool {
    url.scheme() == "https"
        || match url.host() {
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        }
}

/// Host and port as in the `Host` header.
pub(super) fn authority(url: &Url) -> String {
    url[url::Position::BeforeHost..url::Position::AfterPort].to_owned()
}

/// What a chain of redirects has made of a navigation's origin.
pub(super) struct Trail {
    farthest: Option<Relation>,
    is_tainted: bool,
}

impl Trail {
    pub(super) fn new(navigation: &Navigation) -> Self {
        let mut trail = Self { farthest: None, is_tainted: false };
        trail.reach(navigation);
        trail
    }

    /// Takes in one redirect.
    pub(super) fn extend(&mut self, from: &Navigation, to: &Navigation) {
        if let Initiator::Page { origin, .. } = &to.initiator {
            let left = from.url.origin();
            self.is_tainted |= left != to.url.origin() && left != *origin;
        }
        self.reach(to);
    }

    fn reach(&mut self, navigation: &Navigation) {
        if let Initiator::Page { origin, .. } = &navigation.initiator {
            self.farthest = self.farthest.max(Some(relation(origin, &navigation.url.origin())));
        }
    }

    /// The headers of the next request.
    pub(super) fn headers(&self, navigation: &Navigation) -> Vec<(&'static str, String)> {
        let mut headers = Vec::new();
        if is_trustworthy(&navigation.url) {
            let site = match self.farthest {
                None => "none",
                Some(Relation::SameOrigin) => "same-origin",
                Some(Relation::SameSite) => "same-site",
                Some(Relation::CrossSite) => "cross-site",
            };
            headers.push(("sec-fetch-site", site.to_owned()));
            headers.push(("sec-fetch-mode", "navigate".to_owned()));
            headers.push(("sec-fetch-dest", "document".to_owned()));
            headers.push(("sec-fetch-user", "?1".to_owned()));
        }
        if navigation.method != Method::GET {
            headers.push(("origin", self.origin(navigation)));
        }
        headers
    }

    fn origin(&self, navigation: &Navigation) -> String {
        let Initiator::Page { origin, policy } = &navigation.initiator else {
            return "null".to_owned();
        };
        let target = navigation.url.origin();
        let downgrade = origin.ascii_serialization().starts_with("https:") && navigation.url.scheme() == "http";
        let is_hidden = match policy {
            ReferrerPolicy::NoReferrer => true,
            ReferrerPolicy::SameOrigin => *origin != target,
            ReferrerPolicy::Other => downgrade,
        };
        if is_hidden || self.is_tainted { "null".to_owned() } else { origin.ascii_serialization() }
    }
}
