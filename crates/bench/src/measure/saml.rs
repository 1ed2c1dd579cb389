//! Rows 9 and 11, and the metadata: SAML as row 5 measures OpenID Connect, beside the same answers, rows, commits
//! and signatures with nothing around them. An answer has two signatures, of the assertion and of the response.

use std::fs;
use std::time::Duration;

use anyhow::ensure;
use async_trait::async_trait;

use super::Run;
use super::documents::served;
use super::sign_ins::each;
use crate::bare::{Answer, BareServer, Protocol};
use crate::http::Connection;
use crate::installation::{Installation, Running};
use crate::machine::now;
use crate::rounds::{Contender, play};
use crate::saml_service::{METADATA, SamlService};
use crate::sign_in::{SignIn, Turn};
use crate::table::Row;

/// The requests of a sign-in by SAML; the one after them is an answer from its session.
const REQUESTS: usize = 7;
/// Kinds of cost: see [`each`].
const REST: usize = 0;
const HASHING: usize = 1;

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
    installation.register_saml(&SamlService::metadata()?)?;
    // One sign-in is made and written down, and one answer from its session; with their rows the database is copied.
    let kapu = installation.start(run.cores.pinned(installation.kapu())).await?;
    let mut service = SamlService::new(0);
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
    let answers: Vec<Answer> = exchanges.iter().map(|exchange| Answer::of(&exchange.response)).collect();
    let bare = BareServer::start(run.cores, run.folder, &answers, Some((&copy, Protocol::Saml)))?;
    run.cores.stand_aside()?;
    let browser = SignIn::of(1, Connection::open(kapu.address).await?).by_saml(&mut service).await?;
    let requests: Vec<Vec<u8>> =
        exchanges.iter().enumerate().map(|(nth, exchange)| replayed(nth, &exchange.request)).collect();
    let mut contenders: [Box<dyn Contender + '_>; 4] = [
        Box::new(Again { kapu: &kapu, browser, service }),
        Box::new(Bare { bare: &bare, requests: &requests[REQUESTS..] }),
        Box::new(SignIns { kapu: &kapu, turn: Turn::among(installation.people()), service: SamlService::new(1) }),
        Box::new(Bare { bare: &bare, requests: &requests[..REQUESTS] }),
    ];
    let [again, bare_again, whole, bare_whole] = [0, 1, 2, 3];
    let processes = [kapu.program.id(), bare.program.id()];
    let mut outcome = play(run.protocol, &processes, &mut contenders).await?;
    drop(contenders);
    outcome.keep_steady((bare_whole, HASHING), run.protocol.probe_drift);
    let trust = outcome.trust();
    let mut rows = vec![
        Row::ratio(
            ("9", "SAML answer from a session, RSA-2048, assertion and response signed"),
            (&outcome.of(bare_again, REST), "µs, bare: answer, parse, 2 signatures, 1 commit, 5 rows looked up"),
            (&outcome.of(again, REST), "µs"),
            run.goals.saml_again_ratio,
            &trust,
        ),
        Row::ratio(
            ("11", "sign-in by SAML, all threads but the hash pool"),
            (
                &outcome.of(bare_whole, REST),
                "µs, bare: 7 answers, 4 commits, 5 rows read, codes, 2 signatures; a hash between",
            ),
            (&outcome.of(whole, REST), "µs"),
            run.goals.saml_sign_in_ratio,
            &trust,
        ),
    ];
    rows.extend(served(run, &kapu, &[("SAML metadata", METADATA)]).await?);
    kapu.program.stop()?;
    run.cores.spread()?;
    Ok(rows)
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
