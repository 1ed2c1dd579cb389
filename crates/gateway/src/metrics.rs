//! What is counted, for whoever watches over the gateway.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::sync::{Mutex, PoisonError};

use http::StatusCode;

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
}

impl fmt::Display for RequestCounts {
    /// In Prometheus' text format.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "# HELP kapu_requests_total Answered requests.\n# TYPE kapu_requests_total counter")?;
        for (host, routes) in &*self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            for (route, counts) in routes {
                for (class, count) in (1..).zip(counts).filter(|(_, count)| **count > 0) {
                    f.write_str("kapu_requests_total{host=\"")?;
                    escaped(f, host)?;
                    f.write_str("\",route=\"")?;
                    escaped(f, route)?;
                    writeln!(f, "\",status=\"{class}xx\"}} {count}")?;
                }
            }
        }
        Ok(())
    }
}

/// A label's value: backslash, quote and line feed are escaped.
fn escaped(f: &mut fmt::Formatter<'_>, value: &str) -> fmt::Result {
    value.chars().try_for_each(|character| match character {
        '\\' => f.write_str("\\\\"),
        '"' => f.write_str("\\\""),
        '\n' => f.write_str("\\n"),
        other => f.write_char(other),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_counted_by_route_and_class() {
        let counts = RequestCounts::default();
        for status in [StatusCode::OK, StatusCode::NOT_FOUND, StatusCode::OK] {
            counts.count("kau.localhost", "/b/{id}", status);
        }
        counts.count("a\"b", "none", StatusCode::MISDIRECTED_REQUEST);
        assert_eq!((counts.of("kau.localhost", "/b/{id}", 2), counts.of("kau.localhost", "/b/{id}", 5)), (2, 0));
        assert_eq!(
            counts.to_string(),
            "# HELP kapu_requests_total Answered requests.\n\
             # TYPE kapu_requests_total counter\n\
             kapu_requests_total{host=\"a\\\"b\",route=\"none\",status=\"4xx\"} 1\n\
             kapu_requests_total{host=\"kau.localhost\",route=\"/b/{id}\",status=\"2xx\"} 2\n\
             kapu_requests_total{host=\"kau.localhost\",route=\"/b/{id}\",status=\"4xx\"} 1\n"
        );
    }
}
