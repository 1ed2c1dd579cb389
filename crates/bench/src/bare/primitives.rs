//! The primitives of a sign-in, each by itself, in a process that is asked line by line.

use std::hint::black_box;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{ChildStdin, ChildStdout};
use std::time::Duration;

use anyhow::Context as _;
use argon2::{Algorithm, Argon2, Block, Params, Version};
use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};

use super::rows::Rows;
use crate::machine::{Cores, now};
use crate::process::{Program, on_core};

/// What can be asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Primitive {
    /// Argon2id at the gateway's parameters, in memory that is touched and used again.
    Hash,
    /// One ES256 signature.
    Signature,
    /// The three codes that the window of an authenticator admits.
    Codes,
    /// The rows and commits of a sign-in, and the rows that it looks up.
    Rows,
}

impl Primitive {
    const ALL: [Primitive; 4] = [Primitive::Hash, Primitive::Signature, Primitive::Codes, Primitive::Rows];

    fn name(self) -> &'static str {
        match self {
            Primitive::Hash => "hash",
            Primitive::Signature => "signature",
            Primitive::Codes => "codes",
            Primitive::Rows => "rows",
        }
    }
}

/// Bytes of what is signed: the head and claims of an ID token.
const SIGNED_BYTES: usize = 800;

/// The child's part: for every line `PRIMITIVE MILLISECONDS` works that long and says the microseconds of
/// CPU time that one took.
pub(crate) fn probe(database: &Path) -> anyhow::Result<()> {
    let parameters = idp::HashParameters::default();
    let (memory, passes, lanes) = (parameters.memory_kib(), parameters.passes(), parameters.lanes());
    let parameters = Params::new(memory, passes, lanes, Some(32)).map_err(|error| anyhow::anyhow!("{error}"))?;
    let mut arena = vec![Block::new(); parameters.block_count()];
    for block in &mut arena {
        block.as_mut().fill(1);
    }
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters);
    let random = randomness();
    let signer = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)?;
    let mut rows = Rows::open(database)?;
    for line in std::io::stdin().lines() {
        let line = line?;
        let (name, milliseconds) = line.split_once(' ').context("PRIMITIVE MILLISECONDS")?;
        let span = Duration::from_millis(milliseconds.parse()?);
        let primitive = Primitive::ALL.into_iter().find(|primitive| primitive.name() == name).context("a primitive")?;
        let micros = match primitive {
            Primitive::Hash => cost(span, 1, || {
                let mut hash = [0; 32];
                argon2
                    .hash_password_into_with_memory(&[1; 32], &[2; 16], &mut hash, &mut arena)
                    .map_err(|error| anyhow::anyhow!("{error}"))
            }),
            Primitive::Signature => cost(span, 32, || {
                signer.sign(&random, &[3; SIGNED_BYTES])?;
                Ok(())
            }),
            Primitive::Codes => cost(span, 1024, || {
                let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &[4; 20]);
                for step in 0_u64..3 {
                    black_box(hmac::sign(&key, &step.to_be_bytes()));
                }
                Ok(())
            }),
            Primitive::Rows => cost(span, 1, || rows.sign_in()),
        }?;
        println!("{micros}");
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "what a signature costs includes the randomness that the library draws")]
fn randomness() -> SystemRandom {
    SystemRandom::new()
}

/// Microseconds of this thread's CPU time for one `work`; the clock is read after every `batch`.
fn cost(span: Duration, batch: u32, mut work: impl FnMut() -> anyhow::Result<()>) -> anyhow::Result<f64> {
    let (begun, before) = (now(), own_time()?);
    let mut made = 0.0;
    while begun.elapsed() < span {
        for _ in 0..batch {
            work()?;
        }
        made += f64::from(batch);
    }
    Ok((own_time()?.saturating_sub(before)).as_secs_f64() * 1e6 / made)
}

fn own_time() -> anyhow::Result<Duration> {
    on_core(&std::fs::read_to_string("/proc/thread-self/schedstat")?)
}

/// The parent's part: the process that is asked.
pub(crate) struct Primitives {
    program: Program,
    asked: ChildStdin,
    told: BufReader<ChildStdout>,
}

impl Primitives {
    /// Starts it on the core of what is measured; it writes into `database`.
    pub(crate) fn start(cores: &Cores, database: &Path) -> anyhow::Result<Self> {
        let mut command = cores.pinned(&std::env::current_exe()?);
        command.arg("probe").arg(database);
        let mut program = Program::start_talking(command)?;
        let asked = program.child().stdin.take().context("standard input")?;
        let told = BufReader::new(program.child().stdout.take().context("standard output")?);
        Ok(Self { program, asked, told })
    }

    pub(crate) fn id(&self) -> u32 {
        self.program.id()
    }

    /// Microseconds of one.
    pub(crate) fn cost(&mut self, primitive: Primitive, span: Duration) -> anyhow::Result<f64> {
        writeln!(self.asked, "{} {}", primitive.name(), span.as_millis())?;
        let mut line = String::new();
        self.told.read_line(&mut line)?;
        line.trim().parse().with_context(|| format!("the probe of {primitive:?} failed"))
    }
}
