//! XML: a signature verified beside xmlsec1's library, canonical form, documents that are made to be dear, and
//! memory over very many verifications. Each in children, whose CPU time the system tells when they end.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use async_trait::async_trait;
use data_encoding::BASE64;
use saml::attribute::names;
use saml::{Assertion, Attribute, AuthnStatement, NameId, NameIdFormat, Signer};
use xmlsec::certificate::{Request, self_signed};
use xmlsec::{Certificate, KeyType, SigningKey};

use super::Run;
use crate::machine::{Cores, Meter, ended};
use crate::rounds::{Contender, play};
use crate::sample::{Sample, figure};
use crate::table::{Row, Trust};
use crate::xml::Bomb;

/// How large the message is, in bytes, with its signature.
const MESSAGE_BYTES: usize = 4096;
/// How many verifications take about a millisecond, roughly.
const VERIFICATIONS_A_MILLISECOND: u64 = 10;
/// How large the document is whose canonical form is written, in bytes.
const DOCUMENT_BYTES: usize = 250_000;

/// A program that does the same thing as often as it is told by one of its words.
pub(super) struct Repeated<'a> {
    pub(super) cores: &'a Cores,
    pub(super) program: PathBuf,
    pub(super) words: Box<dyn Fn(u64) -> Vec<String> + 'a>,
    pub(super) a_millisecond: u64,
}

impl Repeated<'_> {
    /// The CPU time of one run.
    fn spent(&self, times: u64) -> anyhow::Result<Duration> {
        let before = ended()?;
        let mut command = self.cores.pinned(&self.program);
        let output = command.args((self.words)(times)).stdin(Stdio::null()).output()?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Ok(ended()?.saturating_sub(before))
    }
}

#[async_trait(?Send)]
impl Contender for Repeated<'_> {
    /// One operation, without the start of the program.
    async fn work(&mut self, span: Duration) -> anyhow::Result<Vec<f64>> {
        let times = self.a_millisecond * u64::try_from(span.as_millis())?;
        let (one, all) = (self.spent(1)?, self.spent(times)?);
        let more = u32::try_from(times - 1)?;
        Ok(vec![all.saturating_sub(one).as_secs_f64() * 1e6 / f64::from(more)])
    }
}

/// A signed assertion of [`MESSAGE_BYTES`], and the key that verifies it.
fn message() -> anyhow::Result<(String, SigningKey)> {
    let key = SigningKey::generate(KeyType::Rsa2048)?;
    let about = Request { common_name: "kau.bench.example", not_before: 0, not_after: 4_000_000_000, serial: &[1] };
    let certificate = Certificate::parse(&self_signed(&key, &about)?)?;
    let signer = Signer { key: &key, certificate: Some(&certificate) };
    let write = |filling: usize| {
        let assertion = Assertion {
            id: "_0123456789abcdef0123456789abcdef".to_owned(),
            issue_instant: 1_800_000_000,
            issuer: "https://kau.bench.example/saml/metadata".to_owned(),
            name_id: NameId::new(NameIdFormat::Transient, "_0123456789abcdef0123456789abcdef"),
            confirmations: Vec::new(),
            not_before: Some(1_800_000_000),
            not_on_or_after: Some(1_800_000_300),
            audience_restrictions: vec![vec!["https://portal.bench.example/saml".to_owned()]],
            authn: AuthnStatement {
                authn_instant: 1_800_000_000,
                session_index: None,
                session_not_on_or_after: None,
                context_class: None,
                authorities: Vec::new(),
            },
            attributes: vec![
                Attribute::new(names::SN, "Minta".to_owned()),
                Attribute::new(names::DISPLAY_NAME, "ő".repeat(filling / 2)),
            ],
        };
        assertion.write(Some(&signer))
    };
    let least = write(0)?.len();
    Ok((write(MESSAGE_BYTES.saturating_sub(least))?, key))
}

/// Measures it all.
pub(crate) async fn xml(run: &Run<'_>) -> anyhow::Result<Vec<Row>> {
    run.cores.spread()?;
    let own = std::env::current_exe()?;
    let (text, key) = message()?;
    let spki = key.verifying_key().spki_der();
    let [message, der, pem] = ["message.xml", "key.der", "key.pem"].map(|name| run.folder.join(name));
    std::fs::write(&message, &text)?;
    std::fs::write(&der, spki)?;
    std::fs::write(&pem, format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", wrapped(spki)))?;
    let bytes = text.len();
    let mut rows = vec![verified(run, &own, [&message, &der, &pem], bytes).await?];
    rows.push(canonical(run, &own).await?);
    rows.extend(refused(run, &own)?);
    rows.push(soaked(run, &own, [&message, &der])?);
    Ok(rows)
}

fn wrapped(der: &[u8]) -> String {
    let text = BASE64.encode(der);
    let lines: Vec<&str> = text.as_bytes().chunks(64).filter_map(|line| std::str::from_utf8(line).ok()).collect();
    lines.join("\n")
}

async fn verified(run: &Run<'_>, own: &Path, [message, der, pem]: [&PathBuf; 3], bytes: usize) -> anyhow::Result<Row> {
    let path = |path: &Path| path.display().to_string();
    let operation = format!("signature verified, RSA-2048, {bytes} bytes");
    let ours = Repeated {
        cores: run.cores,
        program: own.to_owned(),
        words: Box::new(move |times| {
            vec!["xml".to_owned(), "verify".to_owned(), path(message), path(der), times.to_string()]
        }),
        a_millisecond: VERIFICATIONS_A_MILLISECOND,
    };
    let goal = run.goals.verification_ratio;
    let is_there = Command::new("xmlsec1").arg("--version").output().is_ok_and(|output| output.status.success());
    if !is_there {
        let mut alone: [Box<dyn Contender + '_>; 1] = [Box::new(ours)];
        let outcome = play(run.protocol, &[], &mut alone).await?;
        let trust = Trust::Disturbed("xmlsec1 is not installed".to_owned());
        return Ok(Row::figure(("–", &operation), (&outcome.of(0, 0), "µs"), "–", goal, &trust));
    }
    let theirs = Repeated {
        cores: run.cores,
        program: PathBuf::from("xmlsec1"),
        words: Box::new(move |times| {
            let id = ["--id-attr:ID".to_owned(), "urn:oasis:names:tc:SAML:2.0:assertion:Assertion".to_owned()];
            let repeat = ["--verify".to_owned(), "--repeat".to_owned(), times.to_string()];
            repeat.into_iter().chain(["--pubkey-pem".to_owned(), path(pem)]).chain(id).chain([path(message)]).collect()
        }),
        a_millisecond: VERIFICATIONS_A_MILLISECOND,
    };
    let mut contenders: [Box<dyn Contender + '_>; 2] = [Box::new(ours), Box::new(theirs)];
    let outcome = play(run.protocol, &[], &mut contenders).await?;
    let (ours, theirs) = (outcome.of(0, 0), outcome.of(1, 0));
    let limit = (&theirs, "µs, xmlsec1 --repeat, less its start; each reads the file anew");
    Ok(Row::ratio(("–", &operation), limit, (&ours, "µs"), goal, &outcome.trust()))
}

async fn canonical(run: &Run<'_>, own: &Path) -> anyhow::Result<Row> {
    let file = run.folder.join("document.xml");
    let element = "<a:b c=\"d\" a:e=\"&quot;f\"><g xmlns=\"urn:g\">Árvíztűrő tükörfúrógép &amp; flaska</g>\n  </a:b>";
    let elements = element.repeat(DOCUMENT_BYTES / element.len());
    let text = format!("<a:a xmlns:a=\"urn:a\">{elements}</a:a>");
    std::fs::write(&file, &text)?;
    let path = file.display().to_string();
    let mut contenders: [Box<dyn Contender + '_>; 1] = [Box::new(Repeated {
        cores: run.cores,
        program: own.to_owned(),
        words: Box::new(move |times| vec!["xml".to_owned(), "canonical".to_owned(), path.clone(), times.to_string()]),
        a_millisecond: 1,
    })];
    let outcome = play(run.protocol, &[], &mut contenders).await?;
    let megabytes = f64::from(u32::try_from(text.len())?) / 1e6;
    let of_one = outcome.of(0, 0).figures().iter().map(|micros| micros / 1000.0 / megabytes).collect();
    let sample = Sample::of(of_one);
    let rate = format!("{} MB/s", figure(1000.0 / sample.median()));
    let goal = run.goals.canonical_ms;
    Ok(Row::figure(("–", "canonical form of a megabyte"), (&sample, "ms"), &rate, goal, &outcome.trust()))
}

/// Two numbers that a child says.
fn said(run: &Run<'_>, own: &Path, words: &[&str]) -> anyhow::Result<[f64; 2]> {
    let output = run.cores.pinned(own).arg("xml").args(words).stdin(Stdio::null()).output()?;
    ensure!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    let numbers: Vec<f64> =
        String::from_utf8(output.stdout)?.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
    numbers.try_into().ok().context("a child says two numbers")
}

/// The dearest of all, in time and in memory: the median of several children each.
fn refused(run: &Run<'_>, own: &Path) -> anyhow::Result<[Row; 2]> {
    let (mut times, mut memories) = (Vec::new(), Vec::new());
    let meter = Meter::begin(&[])?;
    for bomb in Bomb::ALL {
        let (mut millis, mut mib) = (Vec::new(), Vec::new());
        for _ in 0..run.protocol.rounds {
            let [micros, kib] = said(run, own, &["refuse", bomb.word()])?;
            millis.push(micros / 1000.0);
            mib.push(kib / 1024.0);
        }
        times.push((Sample::of(millis), bomb.word()));
        memories.push((Sample::of(mib), bomb.word()));
    }
    let trust = meter.trust(run.protocol.others_cores)?;
    let row = |operation, of: Vec<(Sample, &str)>, unit, goal| {
        let all: Vec<String> = of.iter().map(|(sample, word)| format!("{word} {}", figure(sample.median()))).collect();
        let dearest = of.into_iter().max_by(|one, other| one.0.median().total_cmp(&other.0.median()));
        let (sample, _) = dearest.context("a bomb")?;
        anyhow::Ok(Row::figure(("–", operation), (&sample, unit), &all.join(", "), goal, &trust))
    };
    Ok([
        row("the dearest bomb refused", times, "ms", run.goals.refusal_ms)?,
        row("memory for that, beyond the document", memories, "MiB", run.goals.refusal_mib)?,
    ])
}

fn soaked(run: &Run<'_>, own: &Path, [message, der]: [&PathBuf; 2]) -> anyhow::Result<Row> {
    let times = run.protocol.verifications;
    let (file, key) = (message.display().to_string(), der.display().to_string());
    let [early, late] = said(run, own, &["soak", &file, &key, &times.to_string()])?;
    let operation = format!("memory after {times} verifications");
    let (limit, ours) = ((early / 1024.0, "MiB after a tenth of them"), (late / 1024.0, "MiB"));
    Ok(Row::compared(("–", &operation), limit, ours, late / early, run.goals.verifications_growth, &Trust::Fair))
}
