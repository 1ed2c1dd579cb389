//! Which of our hosts a request is for. Nothing it says of itself ends up in an answer.

use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode, header};

use crate::origin::{Origin, Scheme};

/// The host that a request names, or why it names none.
///
/// # Errors
///
/// 400 without exactly one readable `Host` (RFC 9112 section 3.2), 421 (RFC 9110 section 15.5.20) when the
/// target names another one.
pub(super) fn named_by(parts: &Parts, scheme: Scheme) -> Result<String, StatusCode> {
    let mut hosts = parts.headers.get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else { return Err(StatusCode::BAD_REQUEST) };
    let host = scheme.same_authority(host.to_str().map_err(|_| StatusCode::BAD_REQUEST)?);
    match parts.uri.authority() {
        Some(target) if scheme.same_authority(target.as_str()) != host => Err(StatusCode::MISDIRECTED_REQUEST),
        Some(_) | None => Ok(host),
    }
}

/// Whether `X-Forwarded-Host`, `X-Forwarded-Proto` and `Forwarded` (RFC 7239) say nothing else than that
/// the request is for `origin`. Asked of peers that are no trusted proxy.
pub(super) fn agrees(headers: &HeaderMap, origin: &Origin) -> bool {
    let host_agrees = |value: &str| origin.scheme().same_authority(value) == origin.authority();
    let scheme_agrees = |value: &str| value.eq_ignore_ascii_case(origin.scheme().as_str());
    let all = |name: &str, agrees: &dyn Fn(&str) -> bool| {
        headers
            .get_all(name)
            .iter()
            .all(|line| entries(line).is_some_and(|mut list| list.all(|value| agrees(value.trim()))))
    };
    let forwarded_agrees = |pair: &str| match pair.split_once('=') {
        None => pair.trim().is_empty(),
        Some((name, value)) => {
            let value = value.trim().trim_matches('"');
            match name.trim().to_ascii_lowercase().as_str() {
                "host" => host_agrees(value),
                "proto" => scheme_agrees(value),
                _ => true,
            }
        }
    };
    all("x-forwarded-host", &host_agrees)
        && all("x-forwarded-proto", &scheme_agrees)
        && all("forwarded", &|element| element.split(';').all(forwarded_agrees))
}

/// The members of a comma-separated list; `None` when it is no text. A quoted comma splits as well, which
/// can only make more disagree.
fn entries(line: &HeaderValue) -> Option<impl Iterator<Item = &str>> {
    line.to_str().ok().map(|line| line.split(','))
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn named(target: &str, hosts: &[&str]) -> Result<String, u16> {
        let mut request = Request::builder().uri(target);
        for host in hosts {
            request = request.header("host", *host);
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        named_by(&parts, Scheme::Http).map_err(|status| status.as_u16())
    }

    #[test]
    fn w08_a_request_names_one_host() {
        #[rustfmt::skip]
        let table: [(&str, &[&str], Result<&str, u16>); 8] = [
            ("/",                           &["kau.localhost:8080"],           Ok("kau.localhost:8080")),
            ("/",                           &["KAU.localhost:80"],             Ok("kau.localhost")),
            ("/",                           &[],                               Err(400)),
            ("/",                           &["kau.localhost", "evil"],        Err(400)),
            ("/",                           &["kau.localhost", "kau.localhost"], Err(400)),
            ("http://kau.localhost:8080/",  &["kau.localhost:8080"],           Ok("kau.localhost:8080")),
            ("http://evil/",                &["kau.localhost:8080"],           Err(421)),
            ("http://x@kau.localhost:8080/", &["kau.localhost:8080"],          Err(421)),
        ];
        for (target, hosts, expected) in table {
            assert_eq!(named(target, hosts).as_deref(), expected.as_ref().copied(), "{target} {hosts:?}");
        }
    }

    #[test]
    fn w08_what_a_stranger_forwards_must_agree() {
        let origin = Origin::parse("https://kau.example.org").unwrap();
        for (name, value, agreed) in [
            ("x-forwarded-host", "kau.example.org", true),
            ("x-forwarded-host", "KAU.example.org:443", true),
            ("x-forwarded-host", "evil.example.org", false),
            ("x-forwarded-host", "kau.example.org, evil.example.org", false),
            ("x-forwarded-host", "", false),
            ("x-forwarded-proto", "https", true),
            ("x-forwarded-proto", "http", false),
            ("forwarded", "for=192.0.2.1;host=kau.example.org;proto=https", true),
            ("forwarded", "for=\"[2001:db8::1]\";Host=\"kau.example.org\"", true),
            ("forwarded", "for=192.0.2.1, for=192.0.2.2;host=evil", false),
            ("forwarded", "proto=http", false),
            ("forwarded", "nonsense", false),
            ("forwarded", "host=\"kau.example.org, evil\"", false),
            ("x-forwarded-for", "1.2.3.4", true),
        ] {
            let headers =
                HeaderMap::from_iter([(http::HeaderName::from_static(name), HeaderValue::from_static(value))]);
            assert_eq!(agrees(&headers, &origin), agreed, "{name}: {value}");
        }
    }
}
