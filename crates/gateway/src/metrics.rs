//! What is counted, for whoever watches over the gateway. `docs/metrics.md` says the same to people.

mod exposition;

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use broker::{SignIn, SignInOutcome, SignInTo};
use http::StatusCode;
use model::Method;

pub use exposition::{Exposition, Kind, MEDIA_TYPE, Metric};

/// Answers by class: 1xx, 2xx, 3xx, 4xx, 5xx.
type ByClass = [u64; 5];

/// How many requests were answered, by host, route template and class of status.
///
/// The template, never the path: what a person asked for is nobody's business, and the number of rows
/// stays that of the routes.
#[derive(Debug, Default)]
pub struct RequestCounts(Mutex<BTreeMap<String, BTreeMap<String, ByClass>>>);

impl RequestCounts {
    /// Counts one answer.
    pub fn count(&self, host: &str, route: &str, status: StatusCode) {
        let class = usize::from(status.as_u16() / 100).saturating_sub(1);
        let mut hosts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(counts) = hosts.get_mut(host).and_then(|routes| routes.get_mut(route)) {
            counts[class.min(4)] += 1;
            return;
        }
        let counts = hosts.entry(host.to_owned()).or_default().entry(route.to_owned()).or_default();
        counts[class.min(4)] += 1;
    }

    /// How many answers of a class (1 to 5) a route gave.
    pub fn of(&self, host: &str, route: &str, class: usize) -> u64 {
        let hosts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        hosts
            .get(host)
            .and_then(|routes| routes.get(route))
            .and_then(|by| by.get(class.wrapping_sub(1)))
            .copied()
            .unwrap_or(0)
    }

    /// Writes them down.
    pub fn write(&self, text: &mut Exposition) {
        let mut metric = text.metric("kapu_requests_total", Kind::Counter, "Answered requests.");
        for (host, routes) in &*self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            for (route, counts) in routes {
                for (class, count) in (1..).zip(counts).filter(|(_, count)| **count > 0) {
                    metric.sample(&[("host", host), ("route", route), ("status", &format!("{class}xx"))], count);
                }
            }
        }
    }
}

/// Writes down how sign-ins ended.
pub fn write_sign_ins(sign_ins: &BTreeMap<SignIn, u64>, text: &mut Exposition) {
    let mut metric = text.metric("kapu_sign_ins_total", Kind::Counter, "Sign-ins by how they ended.");
    for ((to, method, outcome), count) in sign_ins {
        let method = method.map_or("none", Method::as_str);
        metric.sample(&[("to", destination(*to)), ("method", method), ("outcome", word(*outcome))], count);
    }
}

const fn destination(to: SignInTo) -> &'static str {
    match to {
        SignInTo::Service => "service",
        SignInTo::Account => "account",
    }
}

const fn word(outcome: SignInOutcome) -> &'static str {
    match outcome {
        SignInOutcome::Answered => "answered",
        SignInOutcome::PasswordDiffered => "password_differed",
        SignInOutcome::CodeDiffered => "code_differed",
        SignInOutcome::Limited => "limited",
        SignInOutcome::Short => "short",
        SignInOutcome::Frozen => "frozen",
        SignInOutcome::Cancelled => "cancelled",
        SignInOutcome::Busy => "busy",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sign_ins_are_told_by_words() {
        let ends = [
            ((SignInTo::Service, None, SignInOutcome::Cancelled), 1),
            ((SignInTo::Service, Some(Method::AuthenticatorApp), SignInOutcome::Answered), 2),
            ((SignInTo::Account, Some(Method::Password), SignInOutcome::PasswordDiffered), 3),
        ];
        let mut text = Exposition::default();
        write_sign_ins(&ends.into(), &mut text);
        assert_eq!(
            text.into_text(),
            "# HELP kapu_sign_ins_total Sign-ins by how they ended.\n\
             # TYPE kapu_sign_ins_total counter\n\
             kapu_sign_ins_total{to=\"service\",method=\"none\",outcome=\"cancelled\"} 1\n\
             kapu_sign_ins_total{to=\"service\",method=\"authenticator_app\",outcome=\"answered\"} 2\n\
             kapu_sign_ins_total{to=\"account\",method=\"password\",outcome=\"password_differed\"} 3\n"
        );
    }

    #[test]
    fn answers_are_counted_by_route_and_class() {
        let counts = RequestCounts::default();
        for status in [StatusCode::OK, StatusCode::NOT_FOUND, StatusCode::OK] {
            counts.count("kau.localhost", "/b/{id}", status);
        }
        counts.count("a\"b", "none", StatusCode::MISDIRECTED_REQUEST);
        assert_eq!((counts.of("kau.localhost", "/b/{id}", 2), counts.of("kau.localhost", "/b/{id}", 5)), (2, 0));
        let mut text = Exposition::default();
        counts.write(&mut text);
        assert_eq!(
            text.into_text(),
            "# HELP kapu_requests_total Answered requests.\n\
             # TYPE kapu_requests_total counter\n\
             kapu_requests_total{host=\"a\\\"b\",route=\"none\",status=\"4xx\"} 1\n\
             kapu_requests_total{host=\"kau.localhost\",route=\"/b/{id}\",status=\"2xx\"} 2\n\
             kapu_requests_total{host=\"kau.localhost\",route=\"/b/{id}\",status=\"4xx\"} 1\n"
        );
    }
}
