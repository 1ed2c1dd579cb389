//! Rounds: whatever is compared works in turns within each, in an order that changes, so that a drift of
//! the machine meets all alike.

use std::time::Duration;

use async_trait::async_trait;

use crate::budget::Protocol;
use crate::machine::{Meter, Seeded};
use crate::sample::Sample;
use crate::table::Trust;

/// Something that is compared.
#[async_trait(?Send)]
pub(crate) trait Contender {
    /// Works for about `span`; says what one operation cost, in microseconds. Several figures are several
    /// kinds of cost.
    async fn work(&mut self, span: Duration) -> anyhow::Result<Vec<f64>>;
}

/// The figures of one round, by contender and kind.
type Round = Vec<Vec<f64>>;

/// What the rounds gave.
pub(crate) struct Outcome {
    /// Those that count.
    quiet: Vec<Round>,
    /// Those in which others took too much of the machine.
    disturbed: Vec<Round>,
    wanted: usize,
}

/// A run on a busy machine ends after this many times the rounds that it wants.
const PATIENCE: usize = 2;

/// Plays until enough rounds were undisturbed. The first one only warms up.
pub(crate) async fn play(
    protocol: &Protocol,
    processes: &[u32],
    contenders: &mut [Box<dyn Contender + '_>],
) -> anyhow::Result<Outcome> {
    let span = Duration::from_millis(protocol.span_ms);
    let random = Seeded::new(u64::from(std::process::id()));
    let mut outcome = Outcome { quiet: Vec::new(), disturbed: Vec::new(), wanted: protocol.rounds };
    for nth in 0..=PATIENCE * protocol.rounds {
        let meter = Meter::begin(processes)?;
        let mut figures = vec![Vec::new(); contenders.len()];
        for index in shuffled(contenders.len(), &random) {
            figures[index] = contenders[index].work(span).await?;
        }
        let others = meter.others()?;
        if nth == 0 {
            continue;
        }
        if others <= protocol.others_cores {
            outcome.quiet.push(figures);
        } else {
            eprintln!("  a round does not count: others used {others:.2} cores");
            outcome.disturbed.push(figures);
        }
        if outcome.quiet.len() >= protocol.rounds {
            break;
        }
    }
    Ok(outcome)
}

fn shuffled(count: usize, random: &Seeded) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    for last in (1..count).rev() {
        let other = random.next() % (last as u64 + 1);
        order.swap(last, usize::try_from(other).unwrap_or(last));
    }
    order
}

impl Outcome {
    /// One kind of one contender's cost: in the rounds that count, or in all where those are too few to judge.
    pub(crate) fn of(&self, contender: usize, kind: usize) -> Sample {
        let disturbed = if self.is_enough() { &[][..] } else { &self.disturbed };
        let rounds = self.quiet.iter().chain(disturbed);
        Sample::of(rounds.filter_map(|round| round[contender].get(kind).copied()).collect())
    }

    /// Leaves out the rounds in which a contender that should always cost the same was `drift` away from
    /// its median.
    pub(crate) fn keep_steady(&mut self, (contender, kind): (usize, usize), drift: f64) {
        let median = self.of(contender, kind).median();
        let steady =
            |round: &Round| round[contender].get(kind).is_some_and(|figure| (figure / median - 1.0).abs() <= drift);
        let (quiet, drifted): (Vec<Round>, Vec<Round>) = std::mem::take(&mut self.quiet).into_iter().partition(steady);
        self.quiet = quiet;
        self.disturbed.extend(drifted);
    }

    /// More than half of the rounds that were wanted.
    fn is_enough(&self) -> bool {
        self.quiet.len() > self.wanted / 2
    }

    /// Whether that is enough to judge by.
    pub(crate) fn trust(&self) -> Trust {
        let (have, wanted) = (self.quiet.len(), self.wanted);
        if self.is_enough() {
            Trust::Fair
        } else {
            Trust::Disturbed(format!("{have} of {wanted} rounds were undisturbed"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(probes: &[f64]) -> Outcome {
        let quiet = probes.iter().map(|probe| vec![vec![*probe], vec![2.0 * probe, 1.0]]).collect();
        Outcome { quiet, disturbed: Vec::new(), wanted: 4 }
    }

    #[test]
    fn everybody_has_one_turn_in_a_round() {
        let random = Seeded::new(1);
        let orders: Vec<Vec<usize>> = (0..20).map(|_| shuffled(5, &random)).collect();
        for order in &orders {
            let mut sorted = order.clone();
            sorted.sort_unstable();
            assert_eq!(sorted, [0, 1, 2, 3, 4]);
        }
        assert!(orders.iter().any(|order| order != &orders[0]));
    }

    #[test]
    fn a_round_whose_probe_drifted_does_not_count() {
        let mut outcome = outcome(&[1.0, 1.1, 1.3, 1.0]);
        assert!(matches!(outcome.trust(), Trust::Fair));
        outcome.keep_steady((0, 0), 0.15);
        assert_eq!(outcome.of(1, 0), Sample::of(vec![2.0, 2.2, 2.0]));
        outcome.keep_steady((0, 0), 0.05);
        assert!(matches!(outcome.trust(), Trust::Disturbed(_)));
        // Too few to judge by: all are shown.
        assert_eq!(outcome.of(1, 0).figures().len(), 4);
    }
}
