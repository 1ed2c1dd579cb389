//! Figures of several rounds.

use std::fmt;

/// One figure from every round.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sample(Vec<f64>);

impl Sample {
    pub(crate) fn of(figures: Vec<f64>) -> Self {
        Self(figures)
    }

    pub(crate) fn figures(&self) -> &[f64] {
        &self.0
    }

    fn sorted(&self) -> Vec<f64> {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        sorted
    }

    /// The middle one, the upper of the two middle ones; not a number when there is none.
    pub(crate) fn median(&self) -> f64 {
        self.sorted().get(self.0.len() / 2).copied().unwrap_or(f64::NAN)
    }

    /// The figure that 99 of 100 do not exceed.
    pub(crate) fn p99(&self) -> f64 {
        self.sorted().get(self.0.len() * 99 / 100).copied().unwrap_or(f64::NAN)
    }

    /// Round by round, both from the same one.
    pub(crate) fn with(&self, other: &Sample, join: impl Fn(f64, f64) -> f64) -> Sample {
        Sample(self.0.iter().zip(&other.0).map(|(one, another)| join(*one, *another)).collect())
    }

    pub(crate) fn plus(&self, other: &Sample) -> Sample {
        self.with(other, |one, another| one + another)
    }

    pub(crate) fn over(&self, other: &Sample) -> Sample {
        self.with(other, |one, another| one / another)
    }
}

/// The median, and in brackets the least and the most.
impl fmt::Display for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sorted = self.sorted();
        match sorted[..] {
            [] => f.write_str("–"),
            [only] => f.write_str(&figure(only)),
            [least, .., most] => {
                write!(f, "{} ({}–{})", figure(self.median()), figure(least), figure(most))
            }
        }
    }
}

/// Three significant digits or a few more.
pub(crate) fn figure(number: f64) -> String {
    match number.abs() {
        100.0.. => format!("{number:.0}"),
        10.0.. => format!("{number:.1}"),
        1.0.. => format!("{number:.2}"),
        _ => format!("{number:.3}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_says_its_middle_and_its_edges() {
        let sample = Sample::of(vec![3.0, 1.0, 120.5, 2.0, 40.25]);
        assert_eq!(sample.to_string(), "3.00 (1.00–120)");
        assert_eq!((sample.median(), sample.p99()), (3.0, 120.5));
        assert_eq!(Sample::of(vec![]).to_string(), "–");
        assert_eq!(Sample::of(vec![0.5]).to_string(), "0.500");
    }

    #[test]
    fn a_hundred_figures_have_one_beyond_the_99th() {
        let sample = Sample::of((0..100).map(f64::from).collect());
        assert_eq!(figure(sample.p99()), "99.0");
        let sample = Sample::of((0..1000).map(f64::from).collect());
        assert_eq!(figure(sample.p99()), "990");
    }

    #[test]
    fn ratios_are_taken_round_by_round() {
        let (ours, limit) = (Sample::of(vec![2.0, 8.0, 3.0]), Sample::of(vec![1.0, 4.0, 1.0]));
        assert_eq!(ours.over(&limit), Sample::of(vec![2.0, 2.0, 3.0]));
        assert_eq!(ours.plus(&limit), Sample::of(vec![3.0, 12.0, 4.0]));
    }
}
