//! Sizes: pages with what they need, and the program.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context as _, ensure};

use super::Run;
use crate::http::{Connection, Request};
use crate::installation::{Installation, KAU, Running, UGYFELKAPU};
use crate::sample::Sample;
use crate::sign_in::SignIn;
use crate::table::{Row, Trust};

const GZIP: &str = "accept-encoding: gzip\r\n";

/// Weighs pages as they are sent to a browser that takes gzip.
pub(crate) async fn sizes(run: &Run<'_>, installation: &Installation) -> anyhow::Result<Vec<Row>> {
    run.cores.spread()?;
    let kapu = installation.start(std::process::Command::new(installation.kapu())).await?;
    let mut browser = SignIn::of(installation.people() / 2, Connection::open(kapu.address).await?);
    let mut pages = vec![weigh(&kapu, KAU, "/", "").await?, weigh(&kapu, UGYFELKAPU, "/", "").await?];
    browser.begin().await?;
    let (path, cookies) = browser.at();
    let choose = path.rsplit_once('/').map_or(path, |(choose, _)| choose);
    pages.push(weigh(&kapu, KAU, choose, cookies).await?);
    pages.push(weigh(&kapu, KAU, path, cookies).await?);
    browser.password().await?;
    let (path, cookies) = browser.at();
    pages.push(weigh(&kapu, KAU, path, cookies).await?);
    kapu.program.stop()?;
    let (heaviest, name) = pages.into_iter().max_by(|one, other| one.0.total_cmp(&other.0)).context("no page")?;
    let binary = u32::try_from(fs::metadata(installation.kapu())?.len())?;
    let row = |operation: &str, figure, unit, note: &str, goal| {
        Row::figure(("–", operation), (&Sample::of(vec![figure]), unit), note, goal, &Trust::Fair)
    };
    Ok(vec![
        row("heaviest page of the sign-in, as sent", heaviest, "kB", &name, run.goals.page_kb),
        row("program, release profile", f64::from(binary) / 1e6, "MB", "–", run.goals.binary_mb),
    ])
}

/// The kilobytes of a page with its style sheets and fonts, and what they are.
async fn weigh(kapu: &Running, origin: &str, path: &str, cookies: &str) -> anyhow::Result<(f64, String)> {
    let mut connection = Connection::open(kapu.address).await?;
    let mut weights = BTreeMap::new();
    // The page comes as text, since that is read here; it holds a form's token, so it is never compressed.
    let page = Request { origin, path, cookies, more: "", form: None }.bytes();
    let page = connection.exchange(&page).await?;
    ensure!(page.status == 200, "{path} answers {}", page.status);
    weights.insert("page".to_owned(), page.body.len());
    for sheet in named(&page.text(), "href=\"") {
        let plain = Request { origin, path: &sheet, cookies: "", more: "", form: None }.bytes();
        let text = connection.exchange(&plain).await?.text().into_owned();
        for font in named(&text, "url(").into_iter().chain(named(&text, "url(\"")) {
            let request = Request { origin, path: &font, cookies: "", more: GZIP, form: None }.bytes();
            weights.insert(font, connection.exchange(&request).await?.body.len());
        }
        let request = Request { origin, path: &sheet, cookies: "", more: GZIP, form: None }.bytes();
        weights.insert(sheet, connection.exchange(&request).await?.body.len());
    }
    let bytes: usize = weights.values().sum();
    let step = path.rsplit('/').next().unwrap_or_default();
    let told = format!("…/{step}: {} B, and {} files", page.body.len(), weights.len() - 1);
    Ok((f64::from(u32::try_from(bytes)?) / 1000.0, told))
}

/// The assets that a text names after `before`.
fn named(text: &str, before: &str) -> Vec<String> {
    let parts = text.split(before).skip(1);
    let ends = ['"', '\'', ')', ' ', '>'];
    let names = parts.filter_map(|part| part.split(ends).next()).map(str::to_owned);
    names.filter(|name| name.starts_with("/assets/")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assets_are_found_where_they_are_named() {
        let page = r#"<link rel="stylesheet" href="/assets/a.css"><a href="/b/1">x</a>"#;
        assert_eq!(named(page, "href=\""), ["/assets/a.css"]);
        let sheet = "@font-face{src:url(/assets/f.woff2) format(\"woff2\")}.x{background:url(data:image/svg)}";
        assert_eq!(named(sheet, "url("), ["/assets/f.woff2"]);
    }
}
