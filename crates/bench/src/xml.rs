//! Work on XML in a child of this program, with nothing around it that would be measured too.

use std::fmt::Write as _;
use std::fs;
use std::hint::black_box;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use data_encoding::BASE64;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use saml::binding::redirect;
use saml::metadata::{Loopback, MetadataReading, Trust};
use xmlsec::{Document, Limits, SignatureAlgorithm, VerifyingKey};

use crate::machine::now;

/// What a child does.
#[derive(clap::Subcommand)]
pub(crate) enum Work {
    /// Reads a file and verifies its root's signature, so often.
    Verify {
        /// The message.
        file: PathBuf,
        /// The key, as `SubjectPublicKeyInfo` in DER.
        key: PathBuf,
        /// How often.
        times: u32,
    },
    /// Verifies what was read once, so often, and says what memory it took after a tenth of that and in the end.
    Soak {
        /// The message.
        file: PathBuf,
        /// The key, as `SubjectPublicKeyInfo` in DER.
        key: PathBuf,
        /// How often.
        times: u32,
    },
    /// Writes the canonical form of a file, so often.
    Canonical {
        /// The document.
        file: PathBuf,
        /// How often.
        times: u32,
    },
    /// Is given something that is made to be dear, and says what refusing it cost, in microseconds and KiB.
    Refuse {
        /// What.
        bomb: Bomb,
    },
}

/// What is made to be dear.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Bomb {
    /// Elements 100,000 deep, in a metadata file.
    Deep,
    /// A million attributes on one element, in a metadata file.
    Attributes,
    /// As many attributes as the longest metadata file has room for.
    AttributesWithin,
    /// Entities of entities, in a message.
    Entities,
    /// A stream of 100 KB that becomes 100 MB, in an address.
    Deflate,
    /// The same as long as an address may be.
    DeflateLongest,
}

impl Bomb {
    pub(crate) const ALL: [Bomb; 6] =
        [Bomb::Deep, Bomb::Attributes, Bomb::AttributesWithin, Bomb::Entities, Bomb::Deflate, Bomb::DeflateLongest];

    /// The word of the command line.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Bomb::Deep => "deep",
            Bomb::Attributes => "attributes",
            Bomb::AttributesWithin => "attributes-within",
            Bomb::Entities => "entities",
            Bomb::Deflate => "deflate",
            Bomb::DeflateLongest => "deflate-longest",
        }
    }

    fn text(self) -> anyhow::Result<String> {
        Ok(match self {
            Bomb::Deep => format!("{}{}", "<a>".repeat(100_000), "</a>".repeat(100_000)),
            Bomb::Attributes => with_attributes(1_000_000)?,
            Bomb::AttributesWithin => with_attributes(90_000)?,
            Bomb::Entities => {
                let mut entities = String::new();
                for nth in 1..10 {
                    let tenfold = format!("&e{};", nth - 1).repeat(10);
                    write!(entities, "<!ENTITY e{nth} \"{tenfold}\">")?;
                }
                format!("<!DOCTYPE a [<!ENTITY e0 \"lol\">{entities}]><a>&e9;</a>")
            }
            Bomb::Deflate => deflated(100_000_000)?,
            Bomb::DeflateLongest => deflated(180_000_000)?,
        })
    }

    /// Whether it is refused, by who would be given it.
    fn is_refused(self, text: &str) -> bool {
        match self {
            Bomb::Deep | Bomb::Attributes | Bomb::AttributesWithin => {
                let reading = MetadataReading { loopback: Loopback::Refused, trust: Trust::Bearer, now: 0 };
                reading.read(text.as_bytes()).is_err()
            }
            Bomb::Entities => Document::parse(text.as_bytes(), &Limits::MESSAGE).is_err(),
            Bomb::Deflate | Bomb::DeflateLongest => redirect::decode(text).is_err(),
        }
    }
}

fn with_attributes(count: u32) -> anyhow::Result<String> {
    let mut text = "<a".to_owned();
    for nth in 0..count {
        write!(text, " a{nth:x}=\"\"")?;
    }
    Ok(text + "/>")
}

fn deflated(bytes: usize) -> anyhow::Result<String> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    let spaces = vec![b' '; 1_000_000];
    for _ in 0..bytes / spaces.len() {
        encoder.write_all(&spaces)?;
    }
    Ok(format!("SAMLRequest={}", BASE64.encode(&encoder.finish()?)))
}

impl Work {
    /// Does it.
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        match self {
            Work::Verify { file, key, times } => {
                let key = [key_of(key)?];
                for _ in 0..*times {
                    verify(&fs::read(file)?, &key)?;
                }
            }
            Work::Soak { file, key, times } => {
                let (text, key) = (fs::read(file)?, [key_of(key)?]);
                let mut memory = Vec::new();
                for (many, of) in [(1, 10), (9, 10)] {
                    for _ in 0..(times / of) * many {
                        verify(&text, &key)?;
                    }
                    memory.push(of_memory("VmRSS")?);
                }
                println!("{} {}", memory[0], memory[1]);
            }
            Work::Canonical { file, times } => {
                let text = fs::read(file)?;
                let document = Document::parse(&text, &Limits::METADATA)?;
                for _ in 0..*times {
                    black_box(xmlsec::canonical(document.root()));
                }
            }
            Work::Refuse { bomb } => {
                let text = bomb.text()?;
                // The peak begins anew at what there is now (proc(5)).
                fs::write("/proc/self/clear_refs", "5")?;
                let before = of_memory("VmRSS")?;
                let begun = now();
                ensure!(bomb.is_refused(&text), "it was not refused");
                let took = begun.elapsed().as_micros();
                println!("{took} {}", of_memory("VmHWM")?.saturating_sub(before));
            }
        }
        Ok(())
    }
}

fn key_of(file: &Path) -> anyhow::Result<VerifyingKey> {
    Ok(VerifyingKey::from_spki_der(&fs::read(file)?)?)
}

fn verify(text: &[u8], keys: &[VerifyingKey]) -> anyhow::Result<()> {
    let document = Document::parse(text, &Limits::MESSAGE)?;
    black_box(xmlsec::verify_enveloped(&document, document.root(), keys, &SignatureAlgorithm::ALL)?);
    Ok(())
}

/// A line of `/proc/self/status`, in KiB.
fn of_memory(name: &str) -> anyhow::Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).context("status")?;
    Ok(line.trim().trim_end_matches("kB").trim().parse()?)
}
