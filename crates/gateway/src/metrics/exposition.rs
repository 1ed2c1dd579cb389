//! Prometheus' text format, version 0.0.4, while it is written.

use std::fmt::{Display, Write as _};

/// The media type of the format.
pub const MEDIA_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// What kind of number it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Grows from the start of the process.
    Counter,
    /// How it is now.
    Gauge,
}

/// Metrics as text. Writing to a string cannot fail.
#[derive(Debug, Default)]
pub struct Exposition(String);

impl Exposition {
    /// Begins a metric; its samples follow.
    pub fn metric(&mut self, name: &str, kind: Kind, help: &str) -> Metric<'_> {
        let kind = match kind {
            Kind::Counter => "counter",
            Kind::Gauge => "gauge",
        };
        let _ = write!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}\n");
        Metric { text: &mut self.0, name: name.to_owned() }
    }

    /// The whole text.
    pub fn into_text(self) -> String {
        self.0
    }
}

/// A metric that was begun.
#[derive(Debug)]
pub struct Metric<'a> {
    text: &'a mut String,
    name: String,
}

impl Metric<'_> {
    /// Adds a sample with its labels.
    pub fn sample(&mut self, labels: &[(&str, &str)], value: impl Display) {
        self.text.push_str(&self.name);
        for (nth, (label, worth)) in labels.iter().enumerate() {
            let joint = if nth == 0 { '{' } else { ',' };
            let _ = write!(self.text, "{joint}{label}=\"{}\"", escaped(worth));
        }
        let end = if labels.is_empty() { "" } else { "}" };
        let _ = writeln!(self.text, "{end} {value}");
    }
}

/// A label's value: backslash, quote and line feed are escaped.
fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_metric_has_its_help_its_type_and_its_samples() {
        let mut text = Exposition::default();
        text.metric("a", Kind::Gauge, "How it is.").sample(&[], 3);
        let mut counter = text.metric("b_total", Kind::Counter, "How often.");
        counter.sample(&[("x", "1"), ("y", "a\"\\\nb")], 4);
        counter.sample(&[("x", "2")], 5);
        assert_eq!(
            text.into_text(),
            "# HELP a How it is.\n# TYPE a gauge\na 3\n\
             # HELP b_total How often.\n# TYPE b_total counter\n\
             b_total{x=\"1\",y=\"a\\\"\\\\\\nb\"} 4\nb_total{x=\"2\"} 5\n"
        );
    }
}
