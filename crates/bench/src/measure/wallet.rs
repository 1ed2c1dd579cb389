//! Wallets: a presentation judged beside the operations of the cryptographic library that it cannot do without, and a
//! status list of a million entries, signed anew and checked.

use std::path::Path;

use model::limits;

use super::Run;
use super::documents::{Served, served};
use super::xml::Repeated;
use crate::installation::{DAP, Installation};
use crate::population::revoke;
use crate::rounds::{Contender, play};
use crate::sample::{Sample, figure};
use crate::table::Row;
use crate::wallet::Form;

/// How many judgements take about a millisecond, roughly.
const JUDGEMENTS_A_MILLISECOND: u64 = 2;
/// How many looks into a list that is kept.
const LOOKS_A_MILLISECOND: u64 = 20_000;
/// Of a thousand entries, how many are revoked.
const REVOKED: [u32; 3] = [1, 10, 100];

/// Measures it all.
pub(crate) async fn wallet(run: &Run<'_>, installation: &Installation) -> anyhow::Result<Vec<Row>> {
    run.cores.spread()?;
    let own = &std::env::current_exe()?;
    let mut rows = judged(run, own).await?;
    rows.extend(listed(run, own).await?);
    rows.extend(kept(run, installation).await?);
    Ok(rows)
}

/// The gateway's own list as it is served for twenty seconds, with a tenth revoked.
async fn kept(run: &Run<'_>, installation: &Installation) -> anyhow::Result<Vec<Row>> {
    let places = limits::STATUS_LIST_PLACES;
    revoke(&installation.database(), places, places / 10)?;
    let kapu = installation.start(run.cores.pinned(installation.kapu())).await?;
    let operation = format!("a status list of {places} served as it was signed, 10 % revoked");
    let goal = run.goals.status_list_ratio;
    let list = Served { number: "–", operation: &operation, origin: DAP, path: "/status/1", goal };
    let rows = served(run, &kapu, &[list]).await?;
    kapu.program.stop()?;
    run.cores.spread()?;
    Ok(rows)
}

fn child<'a>(run: &'a Run<'_>, own: &Path, words: [String; 2], a_millisecond: u64) -> Box<dyn Contender + 'a> {
    Box::new(Repeated {
        cores: run.cores,
        program: own.to_owned(),
        words: Box::new(move |times| [vec!["wallet".to_owned()], words.to_vec(), vec![times.to_string()]].concat()),
        a_millisecond,
    })
}

async fn judged(run: &Run<'_>, own: &Path) -> anyhow::Result<Vec<Row>> {
    let forms = [(Form::SdJwt, "SD-JWT VC"), (Form::Mdoc, "mobile document")];
    let works = forms.iter().flat_map(|(form, _)| ["judge", "bare"].map(|work| (work, form.word())));
    let of = |(work, form): (&str, &str)| child(run, own, [work.into(), form.into()], JUDGEMENTS_A_MILLISECOND);
    let mut contenders: Vec<_> = works.map(of).collect();
    let outcome = play(run.protocol, &[], &mut contenders).await?;
    let row = |(nth, (_, name)): (usize, &(Form, &str))| {
        let (ours, limit) = (outcome.of(2 * nth, 0), outcome.of(2 * nth + 1, 0));
        let operation = format!("presentation judged, {name}, certificate of one step, encrypted");
        let limit = (&limit, "µs, 3 ECDSA verifications, 1 ECDH, 1 AES-GCM");
        Row::ratio(("–", &operation), limit, (&ours, "µs"), run.goals.presentation_ratio, &outcome.trust())
    };
    Ok(forms.iter().enumerate().map(row).collect())
}

async fn listed(run: &Run<'_>, own: &Path) -> anyhow::Result<Vec<Row>> {
    let works = REVOKED.into_iter().flat_map(|revoked| ["sign", "check", "look"].map(|work| (work, revoked)));
    let of = |(work, revoked): (&str, u32)| {
        let a_millisecond = if work == "look" { LOOKS_A_MILLISECOND } else { 1 };
        child(run, own, [work.into(), revoked.to_string()], a_millisecond)
    };
    let mut contenders: Vec<_> = works.map(of).collect();
    let outcome = play(run.protocol, &[], &mut contenders).await?;
    let row = |(nth, revoked): (usize, u32)| {
        let [sign, check, look] = [0, 1, 2].map(|work| outcome.of(3 * nth + work, 0));
        let operation =
            format!("a status list of a million, {} % revoked, signed anew and checked", f64::from(revoked) / 10.0);
        let note = format!(
            "signed anew {} ms, checked {} ms, looked up in one that is kept {} µs",
            figure(millis(&sign).median()),
            figure(millis(&check).median()),
            figure(look.median())
        );
        let both = millis(&sign.plus(&check));
        Row::figure(("–", &operation), (&both, "ms"), &note, run.goals.status_list_ms, &outcome.trust())
    };
    Ok(REVOKED.into_iter().enumerate().map(row).collect())
}

fn millis(micros: &Sample) -> Sample {
    Sample::of(micros.figures().iter().map(|micros| micros / 1000.0).collect())
}
