//! Work of a verifier and of an issuer in a child of this program: presentations judged, beside the bare operations
//! of the cryptographic library that they cannot do without, and status lists signed and checked.

mod bare;
mod presentation;
mod status;

use std::hint::black_box;

use ::wallet::authority::{Name, SERIAL_BYTES, Subject, Terms, anchor, certify};
use ::wallet::trust::{Purpose, TrustList};
use jose::{Algorithm, SigningKey};

pub(crate) use presentation::Form;

/// 2026-11-25.
const NOW: i64 = 1_795_564_800;
const DAY: i64 = 24 * 60 * 60;
const ORIGIN: &str = "https://dap.bench.example";

/// What a child does, so often.
#[derive(clap::Subcommand)]
pub(crate) enum Work {
    /// Judges an answer, from the posted form to the claims.
    Judge {
        /// In which form the credential is shown.
        form: Form,
        /// How often.
        times: u32,
    },
    /// Verifies as many signatures, and decrypts as much.
    Bare {
        /// As for which form.
        form: Form,
        /// How often.
        times: u32,
    },
    /// Compresses and signs a status list.
    Sign {
        /// How many of a thousand are revoked.
        revoked: u32,
        /// How often.
        times: u32,
    },
    /// Checks a status list that was fetched, and looks one entry up.
    Check {
        /// How many of a thousand are revoked.
        revoked: u32,
        /// How often.
        times: u32,
    },
    /// Looks entries up in a list that was checked before.
    Look {
        /// How many of a thousand are revoked.
        revoked: u32,
        /// How often.
        times: u32,
    },
}

impl Work {
    /// Does it.
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        match self {
            Work::Judge { form, times } => {
                let shown = presentation::Shown::prepare(*form)?;
                for _ in 0..*times {
                    black_box(shown.judge()?);
                }
            }
            Work::Bare { form, times } => {
                let bare = bare::Bare::prepare(&presentation::Shown::prepare(*form)?)?;
                for _ in 0..*times {
                    bare.work()?;
                }
            }
            Work::Sign { revoked, times } => {
                let list = status::List::prepare(*revoked)?;
                for _ in 0..*times {
                    black_box(list.sign()?);
                }
            }
            Work::Check { revoked, times } => {
                let list = status::List::prepare(*revoked)?;
                let token = list.sign()?;
                for _ in 0..*times {
                    black_box(list.check(&token)?);
                }
            }
            Work::Look { revoked, times } => {
                let list = status::List::prepare(*revoked)?;
                for nth in 0..*times {
                    black_box(list.look(nth)?);
                }
            }
        }
        Ok(())
    }
}

/// An issuer as ours: an anchor, and a signer that it certifies.
struct Issuer {
    key: SigningKey,
    chain: Vec<Vec<u8>>,
    trusted: TrustList,
}

impl Issuer {
    fn new() -> anyhow::Result<Self> {
        let name = |common| Name { country: "HU", common };
        let terms = Terms { not_before: NOW - DAY, not_after: NOW + DAY, serial: [1; SERIAL_BYTES] };
        let [of_anchor, key] = [SigningKey::generate(Algorithm::Es256)?, SigningKey::generate(Algorithm::Es256)?];
        let anchor = anchor(&of_anchor, &name("Bench credential anchor"), &terms)?;
        let subject = Subject { name: name("Bench credential issuer"), origin: ORIGIN, purpose: Purpose::Credentials };
        let chain = vec![certify((&of_anchor, &anchor), &key, &subject, &terms)?];
        Ok(Self { key, chain, trusted: TrustList::new(&[anchor], [])? })
    }
}
