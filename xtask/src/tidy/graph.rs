//! Licences, banned crates and sources of everything that is built: `deny.toml`.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, bail, ensure};
use toml::{Table, Value};

use super::tree::{Tree, output};
use super::{Violation, spdx};

const LIST: &str = "deny.toml";
/// How `Cargo.lock` names the one registry that we take crates from.
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// What is built, on every platform, with tests and build scripts.
#[derive(Default)]
struct Graph {
    /// Licence expressions by crate and version.
    licences: BTreeMap<(String, String), String>,
    /// From importing to imported crate.
    edges: BTreeSet<(String, String)>,
}

pub(super) fn check(tree: &Tree) -> anyhow::Result<Vec<Violation>> {
    let arguments = [
        "tree",
        "--workspace",
        "--locked",
        "--target=all",
        "--edges=normal,build,dev",
        "--prefix=depth",
        "--format= {p}\t{l}",
    ];
    let graph = read(&output(&tree.root, "cargo", &arguments)?)?;
    let text = tree.files.get(LIST).and_then(Option::as_deref).context("deny.toml is missing")?;
    let rules: Table = text.parse().context(LIST)?;
    let mut violations = licences(&rules, &graph)?;
    violations.extend(bans(&rules, &graph)?);
    violations.extend(tree.texts("Cargo.lock").flat_map(|(path, text)| sources(path, text)));
    Ok(violations)
}

/// Reads the lines of `cargo tree`: a depth, a name, a version and, after a tab, a licence. What a crate imports is printed
/// where it first occurs, so each edge is there.
fn read(printed: &str) -> anyhow::Result<Graph> {
    let mut graph = Graph::default();
    let mut path: Vec<String> = Vec::new();
    for line in printed.lines().filter(|line| !line.is_empty()) {
        let (package, licence) = line.split_once('\t').with_context(|| line.to_owned())?;
        let [depth, name, version, ..] = package.split_whitespace().collect::<Vec<_>>()[..] else { bail!("{line}") };
        let depth: usize = depth.parse().with_context(|| line.to_owned())?;
        ensure!(depth <= path.len(), "{line}: no crate imports this one");
        path.truncate(depth);
        if let Some(importer) = path.last() {
            graph.edges.insert((importer.clone(), name.to_owned()));
        }
        path.push(name.to_owned());
        graph.licences.insert((name.to_owned(), version.to_owned()), licence.trim_end_matches(" (*)").to_owned());
    }
    Ok(graph)
}

fn texts(value: Option<&Value>) -> Vec<&str> {
    value.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
}

fn tables<'a>(rules: &'a Table, section: &str, list: &str) -> Vec<&'a Table> {
    let list = rules.get(section).and_then(|section| section.get(list)).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_table).collect()
}

fn named(table: &Table) -> anyhow::Result<&str> {
    table.get("crate").and_then(Value::as_str).with_context(|| format!("{LIST}: a table without `crate`"))
}

fn licences(rules: &Table, graph: &Graph) -> anyhow::Result<Vec<Violation>> {
    let allowed = texts(rules.get("licenses").and_then(|section| section.get("allow")));
    let mut exceptions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for table in tables(rules, "licenses", "exceptions") {
        exceptions.insert(named(table)?, texts(table.get("allow")));
    }
    let mut violations = Vec::new();
    for ((name, version), expression) in &graph.licences {
        let also = exceptions.get(name.as_str()).map(Vec::as_slice).unwrap_or_default();
        if !spdx::satisfied(expression, &|licence| allowed.contains(&licence) || also.contains(&licence)) {
            violations.push(Violation::new(
                LIST,
                0,
                format!("{name} {version} has the licence {expression:?}, which is not allowed"),
            ));
        }
    }
    for name in exceptions.keys().filter(|name| !graph.licences.keys().any(|(built, _)| built == *name)) {
        violations.push(Violation::new(LIST, 0, format!("{name} is not built any more; delete its exception")));
    }
    Ok(violations)
}

fn bans(rules: &Table, graph: &Graph) -> anyhow::Result<Vec<Violation>> {
    let mut violations = Vec::new();
    for table in tables(rules, "bans", "deny") {
        let banned = named(table)?;
        let wrappers = texts(table.get("wrappers"));
        for (importer, _) in
            graph.edges.iter().filter(|(importer, to)| to == banned && !wrappers.contains(&importer.as_str()))
        {
            violations.push(Violation::new(LIST, 0, format!("{importer} imports {banned}, which is banned")));
        }
    }
    Ok(violations)
}

/// Everything in a lock file comes from the one registry.
fn sources(path: &str, text: &str) -> Vec<Violation> {
    let lines = (1..).zip(text.lines()).filter_map(|(number, line)| Some((number, line.strip_prefix("source = ")?)));
    let foreign = lines.filter(|(_, source)| source.trim_matches('"') != REGISTRY);
    foreign.map(|(number, source)| Violation::new(path, number, format!("{source} is no source of ours"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: &str = "
        licenses = { allow = ['MIT'], exceptions = [{ crate = 'selectors', allow = ['MPL-2.0'] }] }
        bans = { deny = [{ crate = 'ring' }, { crate = 'rsa', wrappers = ['openidconnect'] }] }";

    fn found(printed: &str) -> Vec<String> {
        let (rules, graph) = (RULES.parse().unwrap(), read(printed).unwrap());
        let mut violations = licences(&rules, &graph).unwrap();
        violations.extend(bans(&rules, &graph).unwrap());
        violations.into_iter().map(|violation| violation.rule).collect()
    }

    #[test]
    fn what_is_allowed_passes() {
        let tree = "0 portals v0.1.0 (/here)\tMIT\n1 openidconnect v4.1.0\tMIT\n2 rsa v0.9.10\tMIT OR GPL\n\n0 testkit v0.1.0\tMIT\n1 selectors v1.0.0\tMPL-2.0\n1 openidconnect v4.1.0\tMIT (*)\n";
        assert_eq!(found(tree), [""; 0]);
    }

    #[test]
    fn licences_and_bans_are_named_with_who_brings_them() {
        let tree = "0 web v0.1.0 (/here)\tMIT\n1 rustls v0.23.0\tMIT\n2 ring v0.17.0\tISC\n1 rsa v0.9.10\tMIT\n";
        assert_eq!(
            found(tree),
            [
                "ring 0.17.0 has the licence \"ISC\", which is not allowed",
                "selectors is not built any more; delete its exception",
                "rustls imports ring, which is banned",
                "web imports rsa, which is banned",
            ]
            .map(|rule| rule.replace("ring 0", "ring v0"))
        );
    }

    #[test]
    fn a_crate_from_elsewhere_is_named() {
        let lock = format!("source = \"{REGISTRY}\"\nsource = \"git+https://example.org/a\"\n");
        assert_eq!(sources("Cargo.lock", &lock).len(), 1);
    }
}
