//! Rows 9 to 11, and the metadata: SAML as row 5 measures OpenID Connect, beside the same answers, rows, commits
//! and signatures with nothing around them. An answer has two signatures, of the assertion and of the response.

use std::fs;
use std::time::Duration;

use anyhow::ensure;
use async_trait::async_trait;

use super::Run;
use super::documents::{Served, served};
use super::sign_ins::each;
use crate::bare::{Answer, BareServer, Protocol};
use crate::budget::Goals;
use crate::http::Connection;
use crate::installation::{Installation, Running};
use crate::machine::now;
use crate::rounds::{Contender, Outcome, play};
use crate::saml_service::{METADATA, SamlService, Signed};
use crate::sign_in::{SignIn, Turn};
use crate::table::Row;

/// The requests of a sign-in by SAML; the two after them are answers from a session, by RSA and by ECDSA.
const REQUESTS: usize = 7;
/// Kinds of cost: see [`each`].
const REST: usize = 0;
const HASHING: usize = 1;
/// The contenders, each with what stands bare beside it.
const AGAIN: usize = 0;
const BARE_AGAIN: usize = 1;
const BY_ECDSA: usize = 2;
const BARE_BY_ECDSA: usize = 3;
const WHOLE: usize = 4;
const BARE_WHOLE: usize = 5;

/// Answers from the session of one browser.
struct Again<'a> {
    kapu: &'a Running,
    browser: SignIn,
    service: SamlService,
}

#[async_trait(?Send)]
impl Contender for Again<'_> {
    async fn work(&mut self, span: Duration) -> anyhow::Result<Vec<f64>> {
        let begun = now();
        let before = self.kapu.program.usage()?;
        self.browser.reconnect(Connection::open(self.kapu.address).await?);
        let mut made = 0.0;
        while begun.elapsed() < span {
            self.browser.again_by_saml(&mut self.service).await?;
            made += 1.0;
        }
        Ok(each(self.kapu.program.usage()?.since(&before), made))
    }
}

/// Sign-ins one after the other.
struct SignIns<'a> {
    kapu: &'a Running,
    turn: Turn,
    service: SamlService,
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
            connection = SignIn::of(person, connection).by_saml(&mut self.service).await?.end().1;
            made += 1.0;
        }
        Ok(each(self.kapu.program.usage()?.since(&before), made))
    }
}

/// The same requests, answered bare.
struct Bare<'a> {
    bare: &'a BareServer,
    requests: &'a [Vec<u8>],
}

#[async_trait(?Send)]
impl Contender for Bare<'_> {
    async fn work(&mut self, span: Duration) -> anyhow::Result<Vec<f64>> {
        let begun = now();
        let before = self.bare.program.usage()?;
        let mut connection = self.bare.connect().await?;
        let mut made = 0.0;
        while begun.elapsed() < span {
            for request in self.requests {
                let response = connection.exchange(request).await?;
                ensure!(response.status < 400, "{}", response.text());
            }
            made += 1.0;
        }
        Ok(each(self.bare.program.usage()?.since(&before), made))
    }
}

/// The recorded request at the address of its answer's index, with its query.
fn replayed(nth: usize, request: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(request);
    let (line, rest) = text.split_once("\r\n").unwrap_or((&text, ""));
    let mut words = line.split(' ');
    let (method, path) = (words.next().unwrap_or("GET"), words.next().unwrap_or("/"));
    let query = path.split_once('?').map(|(_, query)| format!("?{query}")).unwrap_or_default();
    format!("{method} /{nth}{query} HTTP/1.1\r\n{rest}").into_bytes()
}

/// Measures them at an installation of their own.
pub(crate) async fn saml(run: &Run<'_>, installation: &Installation) -> anyhow::Result<Vec<Row>> {
    run.cores.spread()?;
    for signed in Signed::ALL {
        installation.register_saml(&SamlService::metadata(signed)?)?;
    }
    // One sign-in is made and written down, and one answer from its session; with their rows the database is copied.
    let kapu = installation.start(run.cores.pinned(installation.kapu())).await?;
    let mut service = SamlService::new(Signed::Rsa, 0);
    let first = SignIn::of(0, Connection::open(kapu.address).await?).keeping();
    let mut browser = first.by_saml(&mut service).await?;
    let again = browser.again_by_saml(&mut service).await?;
    let mut exchanges = browser.end().0;
    kapu.program.stop()?;
    ensure!(exchanges.len() == REQUESTS, "a sign-in has {} requests", exchanges.len());
    exchanges.push(again);
    let copy = run.folder.join("bare-saml.sqlite");
    fs::copy(installation.database(), &copy)?;

    let kapu = installation.start(run.cores.pinned(installation.kapu())).await?;
    let mut by_ecdsa = SamlService::new(Signed::Ecdsa, 0);
    let other = SignIn::of(2, Connection::open(kapu.address).await?);
    let mut other = other.by_saml(&mut by_ecdsa).await?;
    exchanges.push(other.again_by_saml(&mut by_ecdsa).await?);
    let answers: Vec<Answer> = exchanges.iter().map(|exchange| Answer::of(&exchange.response)).collect();
    let bare = BareServer::start(run.cores, run.folder, &answers, Some((&copy, Protocol::Saml)))?;
    run.cores.stand_aside()?;
    let browser = SignIn::of(1, Connection::open(kapu.address).await?).by_saml(&mut service).await?;
    let requests: Vec<Vec<u8>> =
        exchanges.iter().enumerate().map(|(nth, exchange)| replayed(nth, &exchange.request)).collect();
    let mut contenders: [Box<dyn Contender + '_>; 6] = [
        Box::new(Again { kapu: &kapu, browser, service }),
        Box::new(Bare { bare: &bare, requests: &requests[REQUESTS..=REQUESTS] }),
        Box::new(Again { kapu: &kapu, browser: other, service: by_ecdsa }),
        Box::new(Bare { bare: &bare, requests: &requests[REQUESTS + 1..] }),
        Box::new(SignIns {
            kapu: &kapu,
            turn: Turn::among(installation.people()),
            service: SamlService::new(Signed::Rsa, 1),
        }),
        Box::new(Bare { bare: &bare, requests: &requests[..REQUESTS] }),
    ];
    let processes = [kapu.program.id(), bare.program.id()];
    let mut outcome = play(run.protocol, &processes, &mut contenders).await?;
    drop(contenders);
    outcome.keep_steady((BARE_WHOLE, HASHING), run.protocol.probe_drift);
    let mut rows = rows(&outcome, run.goals);
    rows.extend(served(run, &kapu, &[Served::at_broker(run, "SAML metadata", METADATA)]).await?);
    kapu.program.stop()?;
    run.cores.spread()?;
    Ok(rows)
}

/// What was measured of each, beside the same bare.
fn rows(outcome: &Outcome, goals: &Goals) -> Vec<Row> {
    let trust = outcome.trust();
    vec![
        Row::ratio(
            ("9", "SAML answer from a session, RSA-2048, assertion and response signed"),
            (
                &outcome.of(BARE_AGAIN, REST),
                "µs, bare: answer, inflate, parse, 2 signatures, 1 commit, 5 rows looked up",
            ),
            (&outcome.of(AGAIN, REST), "µs"),
            goals.saml_again_ratio,
            &trust,
        ),
        Row::ratio(
            ("10", "the same by ECDSA on P-256, for a service whose metadata names it"),
            (&outcome.of(BARE_BY_ECDSA, REST), "µs, bare: as row 9"),
            (&outcome.of(BY_ECDSA, REST), "µs"),
            goals.saml_ecdsa_ratio,
            &trust,
        ),
        Row::ratio(
            ("11", "sign-in by SAML, all threads but the hash pool"),
            (
                &outcome.of(BARE_WHOLE, REST),
                "µs, bare: 7 answers, 4 commits, 6 rows read, codes, 2 signatures; a hash between",
            ),
            (&outcome.of(WHOLE, REST), "µs"),
            goals.saml_sign_in_ratio,
            &trust,
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_replayed_request_keeps_its_query() {
        let request = b"GET /saml/sso?SAMLRequest=a HTTP/1.1\r\nhost: x\r\n\r\n";
        assert_eq!(replayed(7, request), b"GET /7?SAMLRequest=a HTTP/1.1\r\nhost: x\r\n\r\n");
    }
}
