//! Rows 5, 7, 8 and 16: one complete sign-in, beside a bare one: the same answers, rows, commits, codes, signature and
//! hash with nothing around them. It is measured as a whole and not as a sum of its parts, since a hash goes
//! through 19 MiB and leaves cold caches to all that follows it.

use std::fs;
use std::time::Duration;

use anyhow::ensure;
use async_trait::async_trait;

use super::Run;
use crate::bare::{Answer, BareServer, Protocol, REQUESTS};
use crate::http::Connection;
use crate::installation::{Installation, Running};
use crate::machine::now;
use crate::process::Spent;
use crate::rounds::{Contender, Outcome, play};
use crate::sample::Sample;
use crate::sign_in::{SignIn, Turn};
use crate::table::{Row, Trust};

/// Kinds of a sign-in's cost.
const REST: usize = 0;
const HASHING: usize = 1;

/// Sign-ins one after the other at one gateway: in turn, so that no two share a commit.
struct SignIns<'a> {
    kapu: &'a Running,
    turn: Turn,
}

#[async_trait(?Send)]
impl Contender for SignIns<'_> {
    async fn work(&mut self, span: Duration) -> anyhow::Result<Vec<f64>> {
        let begun = now();
        let before = self.kapu.program.usage()?;
        let mut connection = Connection::open(self.kapu.address).await?;
        let mut made = 0.0;
        while begun.elapsed() < span {
            let Some(person) = self.turn.next() else { break };
            connection = SignIn::whole(person, connection).await?;
            made += 1.0;
        }
        Ok(each(self.kapu.program.usage()?.since(&before), made))
    }
}

/// The requests of a sign-in again and again, answered with the same bytes by bare routes that do nothing but
/// what no sign-in can do without.
struct BareSignIns<'a> {
    bare: &'a BareServer,
    requests: Vec<Vec<u8>>,
}

#[async_trait(?Send)]
impl Contender for BareSignIns<'_> {
    async fn work(&mut self, span: Duration) -> anyhow::Result<Vec<f64>> {
        let begun = now();
        let before = self.bare.program.usage()?;
        let mut connection = self.bare.connect().await?;
        let mut made = 0.0;
        while begun.elapsed() < span {
            for request in &self.requests {
                let response = connection.exchange(request).await?;
                ensure!(response.status < 400, "{}", response.text());
            }
            made += 1.0;
        }
        Ok(each(self.bare.program.usage()?.since(&before), made))
    }
}

/// Microseconds of one of `made`, by kind.
pub(super) fn each(spent: Spent, made: f64) -> Vec<f64> {
    [spent.rest, spent.hashing].map(|spent| spent.as_secs_f64() * 1e6 / made).to_vec()
}

/// The recorded request with another path: that of its answer's index.
fn replayed(nth: usize, request: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(request);
    let (line, rest) = text.split_once("\r\n").unwrap_or((&text, ""));
    let method = line.split(' ').next().unwrap_or("GET");
    format!("{method} /{nth} HTTP/1.1\r\n{rest}").into_bytes()
}

/// Measures them, at two installations that differ in the number of their people.
pub(crate) async fn sign_ins(run: &Run<'_>, few: &Installation, many: &Installation) -> anyhow::Result<Vec<Row>> {
    run.cores.spread()?;
    // One sign-in is made and written down; with its rows the database is copied, and theirs are the bare ones.
    let kapu = few.start(run.cores.pinned(few.kapu())).await?;
    let exchanges = SignIn::kept(0, kapu.address).await?;
    kapu.program.stop()?;
    let copy = run.folder.join("bare.sqlite");
    fs::copy(few.database(), &copy)?;

    let few_kapu = few.start(run.cores.pinned(few.kapu())).await?;
    let many_kapu = many.start(run.cores.pinned(many.kapu())).await?;
    ensure!(exchanges.len() == REQUESTS, "a sign-in has {} requests", exchanges.len());
    let answers: Vec<Answer> = exchanges.iter().map(|exchange| Answer::of(&exchange.response)).collect();
    let bare = BareServer::start(run.cores, run.folder, &answers, Some((&copy, Protocol::Oidc)))?;
    run.cores.stand_aside()?;

    let requests = exchanges.iter().enumerate().map(|(nth, exchange)| replayed(nth, &exchange.request)).collect();
    let mut contenders: [Box<dyn Contender + '_>; 3] = [
        Box::new(SignIns { kapu: &few_kapu, turn: Turn::among(few.people()) }),
        Box::new(SignIns { kapu: &many_kapu, turn: Turn::among(many.people()) }),
        Box::new(BareSignIns { bare: &bare, requests }),
    ];
    let processes = [few_kapu.program.id(), many_kapu.program.id(), bare.program.id()];
    let mut outcome = play(run.protocol, &processes, &mut contenders).await?;
    drop(contenders);
    outcome.keep_steady((BARE, HASHING), run.protocol.probe_drift);
    few_kapu.program.stop()?;
    many_kapu.program.stop()?;
    run.cores.spread()?;
    Ok(rows(run, &outcome, (few.people(), many.people())))
}

/// Where each contender stands.
const FEW: usize = 0;
const MANY: usize = 1;
const BARE: usize = 2;

fn rows(run: &Run<'_>, outcome: &Outcome, (few, many): (u64, u64)) -> Vec<Row> {
    let trust: Trust = outcome.trust();
    let goals = run.goals;
    let milli = |sample: &Sample| Sample::of(sample.figures().iter().map(|micros| micros / 1000.0).collect());
    let (limit, bare_hash) = (outcome.of(BARE, REST), milli(&outcome.of(BARE, HASHING)));
    let (rest, hashing) = (outcome.of(FEW, REST), outcome.of(FEW, HASHING));
    let whole = milli(&rest.plus(&hashing));
    let bare_whole = 1.0 + limit.median() / (1000.0 * bare_hash.median());
    let among = outcome.of(MANY, REST);
    vec![
        Row::ratio(
            ("5", "sign-in, all threads but the hash pool"),
            (&limit, "µs, bare: 8 answers, 5 commits, 6 rows read, codes, signature; a hash between"),
            (&rest, "µs"),
            goals.sign_in_ratio,
            &trust,
        ),
        Row::ratio(
            ("7", "Argon2id hash, 19 MiB, 2 passes"),
            (&bare_hash, "ms, in the bare sign-in, arena reused"),
            (&milli(&hashing), "ms"),
            goals.hash_ratio,
            &trust,
        ),
        Row::ratio(
            ("8", "whole sign-in to its hash"),
            (&bare_hash, &format!("ms, bare; the whole bare sign-in is {bare_whole:.3} of it")),
            (&whole, "ms"),
            goals.whole_ratio,
            &trust,
        ),
        Row::ratio(
            ("16", &format!("sign-in without its hash, {many} accounts")),
            (&rest, &format!("µs, {few} accounts")),
            (&among, "µs"),
            goals.growth_ratio,
            &trust,
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_replayed_request_differs_in_its_path_alone() {
        let request = b"POST /b/1/kod HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\n\r\na=b";
        let expected = b"POST /7 HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\n\r\na=b";
        assert_eq!(replayed(7, request), expected);
    }
}
