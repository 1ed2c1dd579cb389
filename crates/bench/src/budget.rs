//! `budget.toml`: the goals, and how it is measured whether they are held.

use serde::Deserialize;

const TEXT: &str = include_str!("../budget.toml");

/// The whole file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Budget {
    /// How it is measured.
    pub(crate) protocol: Protocol,
    /// The same in a hurry.
    pub(crate) quick: Protocol,
    pub(crate) goals: Goals,
}

/// How it is measured. The file says what each is.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Protocol {
    pub(crate) rounds: usize,
    pub(crate) span_ms: u64,
    pub(crate) connections: usize,
    pub(crate) accounts_few: u64,
    pub(crate) accounts_many: u64,
    pub(crate) starts: usize,
    pub(crate) saturated_seconds: u64,
    pub(crate) settled_seconds: u64,
    pub(crate) others_cores: f64,
    pub(crate) verifications: u32,
    pub(crate) waiting_pages: u32,
    pub(crate) probe_drift: f64,
    pub(crate) scheduler_slice_ms: f64,
}

/// What is to be held, each "at most". The file says what each is.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Goals {
    pub(crate) documents_ratio: f64,
    pub(crate) sign_in_ratio: f64,
    pub(crate) hash_ratio: f64,
    pub(crate) whole_ratio: f64,
    pub(crate) saml_again_ratio: f64,
    pub(crate) saml_ecdsa_ratio: f64,
    pub(crate) saml_sign_in_ratio: f64,
    pub(crate) verification_ratio: f64,
    pub(crate) presentation_ratio: f64,
    pub(crate) status_list_ms: f64,
    pub(crate) status_list_ratio: f64,
    pub(crate) canonical_ms: f64,
    pub(crate) refusal_ms: f64,
    pub(crate) refusal_mib: f64,
    pub(crate) verifications_growth: f64,
    pub(crate) commits_alone: f64,
    pub(crate) commits_together: f64,
    pub(crate) serve_mib: f64,
    pub(crate) demo_mib: f64,
    pub(crate) waiting_mib: f64,
    pub(crate) waiting_core: f64,
    pub(crate) saturated_growth: f64,
    pub(crate) saturated_p99_ratio: f64,
    pub(crate) start_ms: f64,
    pub(crate) demo_start_ms: f64,
    pub(crate) growth_ratio: f64,
    pub(crate) page_kb: f64,
    pub(crate) binary_mb: f64,
}

impl Budget {
    /// Reads it.
    pub(crate) fn read() -> anyhow::Result<Self> {
        Ok(toml::from_str(TEXT)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_can_be_read_and_the_full_run_has_seven_rounds_of_two_seconds() {
        let budget = Budget::read().unwrap();
        assert!(budget.protocol.rounds >= 7 && budget.protocol.span_ms >= 2000);
        assert!(budget.protocol.settled_seconds >= 60 && budget.protocol.accounts_many == 1_000_000);
    }
}
