//! The table: operation, limit, ours, ratio, goal, held or not.

use crate::sample::{Sample, figure};

/// Whether a goal was held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Held,
    Missed,
    /// It cannot be said, and why.
    Open(String),
}

/// Whether the figures can be trusted.
#[derive(Clone, Debug)]
pub(crate) enum Trust {
    Fair,
    /// Why not.
    Disturbed(String),
}

/// One row.
pub(crate) struct Row {
    /// The row of the list of goals.
    pub(crate) number: &'static str,
    operation: String,
    limit: String,
    ours: String,
    ratio: String,
    goal: String,
    pub(crate) verdict: Verdict,
}

fn judged(median: f64, goal: f64, trust: &Trust) -> Verdict {
    match trust {
        Trust::Disturbed(why) => Verdict::Open(why.clone()),
        Trust::Fair if median.is_nan() => Verdict::Open("no figures".to_owned()),
        Trust::Fair if median <= goal => Verdict::Held,
        Trust::Fair => Verdict::Missed,
    }
}

impl Row {
    /// Ours over a limit that was measured in the same rounds.
    pub(crate) fn ratio(
        (number, operation): (&'static str, &str),
        limit: (&Sample, &str),
        ours: (&Sample, &str),
        goal: f64,
        trust: &Trust,
    ) -> Self {
        let ratio = ours.0.over(limit.0);
        Self {
            number,
            operation: operation.to_owned(),
            limit: format!("{} {}", limit.0, limit.1),
            ours: format!("{} {}", ours.0, ours.1),
            ratio: ratio.to_string(),
            goal: format!("≤ {goal}"),
            verdict: judged(ratio.median(), goal, trust),
        }
    }

    /// A figure that has a goal of its own.
    pub(crate) fn figure(
        (number, operation): (&'static str, &str),
        ours: (&Sample, &str),
        note: &str,
        goal: f64,
        trust: &Trust,
    ) -> Self {
        Self {
            number,
            operation: operation.to_owned(),
            limit: note.to_owned(),
            ours: format!("{} {}", ours.0, ours.1),
            ratio: "–".to_owned(),
            goal: format!("≤ {goal} {}", ours.1),
            verdict: judged(ours.0.median(), goal, trust),
        }
    }

    /// Two figures that were taken once, and their ratio.
    pub(crate) fn compared(
        (number, operation): (&'static str, &str),
        limit: (f64, &str),
        ours: (f64, &str),
        ratio: f64,
        goal: f64,
        trust: &Trust,
    ) -> Self {
        Self {
            number,
            operation: operation.to_owned(),
            limit: format!("{} {}", figure(limit.0), limit.1),
            ours: format!("{} {}", figure(ours.0), ours.1),
            ratio: figure(ratio),
            goal: format!("≤ {goal}"),
            verdict: judged(ratio, goal, trust),
        }
    }

    fn cells(&self) -> [String; 7] {
        let verdict = match &self.verdict {
            Verdict::Held => "held".to_owned(),
            Verdict::Missed => "**missed**".to_owned(),
            Verdict::Open(why) => format!("not judged: {why}"),
        };
        [
            self.number.to_owned(),
            self.operation.clone(),
            self.limit.clone(),
            self.ours.clone(),
            self.ratio.clone(),
            self.goal.clone(),
            verdict,
        ]
    }
}

const HEAD: [&str; 7] = ["row", "operation", "limit", "ours", "ratio", "goal", "verdict"];

/// The rows as a table of Markdown, in the order of their numbers.
pub(crate) fn render(rows: &mut [Row]) -> String {
    rows.sort_by_key(|row| row.number.parse::<u32>().unwrap_or(u32::MAX));
    let cells: Vec<[String; 7]> = std::iter::once(HEAD.map(str::to_owned)).chain(rows.iter().map(Row::cells)).collect();
    let widths: [usize; 7] =
        std::array::from_fn(|column| cells.iter().map(|row| row[column].chars().count()).max().unwrap_or(0));
    let mut text = String::new();
    for (nth, row) in cells.iter().enumerate() {
        for (cell, width) in row.iter().zip(widths) {
            text.extend(["| ", cell, &" ".repeat(width - cell.chars().count()), " "]);
        }
        text += "|\n";
        if nth == 0 {
            text += &widths.map(|width| format!("|{}", "-".repeat(width + 2))).concat();
            text += "|\n";
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(ours: Vec<f64>, trust: &Trust) -> Row {
        let limit = Sample::of(vec![1.0; ours.len()]);
        Row::ratio(("5", "sign-in"), (&limit, "µs"), (&Sample::of(ours), "µs"), 2.0, trust)
    }

    #[test]
    fn the_median_decides_and_a_disturbed_run_decides_nothing() {
        assert_eq!(row(vec![1.0, 2.0, 9.0], &Trust::Fair).verdict, Verdict::Held);
        assert_eq!(row(vec![1.0, 2.1, 9.0], &Trust::Fair).verdict, Verdict::Missed);
        assert!(matches!(row(vec![], &Trust::Fair).verdict, Verdict::Open(_)));
        assert!(matches!(row(vec![1.0], &Trust::Disturbed("load".to_owned())).verdict, Verdict::Open(_)));
    }

    #[test]
    fn columns_stand_below_each_other() {
        let text = render(&mut [row(vec![1.0], &Trust::Fair)]);
        let ends: Vec<Vec<usize>> = text
            .lines()
            .map(|line| line.chars().enumerate().filter(|(_, c)| *c == '|').map(|(at, _)| at).collect())
            .collect();
        assert_eq!(ends.len(), 3);
        assert!(ends.windows(2).all(|pair| pair[0] == pair[1]), "{text}");
    }
}
