//! Which crate may import which: an arrow is a line in a `Cargo.toml`, and there is no other line.

use super::Violation;
use super::tree::{Kind, Tree};

/// The crates, lowest first, and what of ours each may import. ARCHITECTURE.md prints the same table.
const EDGES: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("journey", &["model"]),
    ("jose", &[]),
    ("oidc", &["jose"]),
    ("mdoc", &[]),
    ("wallet", &["jose", "mdoc"]),
    ("xmlsec", &[]),
    ("saml", &["xmlsec"]),
    ("service-kit", &["saml", "xmlsec"]),
    ("idp", &["model"]),
    ("store", &["model", "journey"]),
    (
        "broker",
        &["model", "journey", "jose", "oidc", "wallet", "mdoc", "saml", "xmlsec", "service-kit", "idp", "store"],
    ),
    ("catalogue", &[]),
    ("ui", &["model"]),
    ("web", &["broker", "journey", "model", "ui"]),
    ("portals", &["model", "ui", "service-kit"]),
    ("gateway", &["model", "journey", "jose", "oidc", "idp", "store", "broker", "ui", "web", "portals"]),
    ("bench", &["model", "jose", "wallet", "mdoc", "idp", "saml", "xmlsec"]),
    ("xtask", &[]),
    ("testkit", &["model", "broker", "idp", "journey", "jose", "mdoc", "store", "wallet", "web"]),
];

/// What a build script, and the tests of what it made, may import besides.
const BUILD_EDGES: &[(&str, &[&str])] =
    &[("ui", &["catalogue"]), ("web", &["catalogue"]), ("portals", &["catalogue"]), ("gateway", &["catalogue"])];

/// What tests may import besides; every crate's tests may import `testkit`.
const TEST_EDGES: &[(&str, &[&str])] =
    &[("web", &["idp", "store", "jose", "oidc", "wallet", "mdoc", "saml", "xmlsec"]), ("portals", &["saml", "xmlsec"])];

/// Crates of others that only some of ours may import, so that only they know what it speaks of.
const KEPT_TO: &[(&[&str], &[&str], &str)] = &[
    // The portals have database files of their own, and the benchmarks measure the bare driver.
    (&["rusqlite", "tokio-postgres", "sqlx"], &["store", "portals", "bench"], "SQL"),
    (
        &["axum", "hyper", "hyper-util", "tower", "tower-http"],
        &["web", "portals", "gateway", "testkit", "bench"],
        "HTTP",
    ),
];

/// The table of ARCHITECTURE.md that says the same to people.
const PAGE: &str = "ARCHITECTURE.md";

fn row<'a>(table: &'a [(&str, &[&'a str])], name: &str) -> &'a [&'a str] {
    table.iter().find(|(of, _)| *of == name).map(|(_, may)| *may).unwrap_or_default()
}

pub(super) fn check(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (name, package) in &tree.packages {
        let manifest =
            if name == "xtask" { "xtask/Cargo.toml".to_owned() } else { format!("crates/{name}/Cargo.toml") };
        if !EDGES.iter().any(|(of, _)| of == name) {
            violations.push(Violation::new(
                &manifest,
                0,
                format!("the crate {name} has no row in xtask/src/tidy/edges.rs"),
            ));
        }
        for dependency in &package.dependencies {
            let to = dependency.name.as_str();
            if tree.packages.contains_key(to) && !is_allowed(name, to, dependency.kind) {
                let kind = match dependency.kind {
                    Kind::Normal => "",
                    Kind::Development => " in tests",
                    Kind::Build => " in build.rs",
                };
                let rule = format!("{name} may not import {to}{kind}: no such arrow (xtask/src/tidy/edges.rs)");
                violations.push(Violation::new(&manifest, 0, rule));
            }
            for (kept, to_whom, what) in KEPT_TO {
                let is_kept = kept.contains(&to) && dependency.kind != Kind::Development;
                if is_kept && !to_whom.contains(&name.as_str()) {
                    let rule = format!("{name} imports {to}, but only {} know {what}", to_whom.join(", "));
                    violations.push(Violation::new(&manifest, 0, rule));
                }
            }
        }
    }
    violations.extend(printed(tree));
    violations
}

fn is_allowed(from: &str, to: &str, kind: Kind) -> bool {
    row(EDGES, from).contains(&to)
        || match kind {
            Kind::Normal => false,
            Kind::Build => row(BUILD_EDGES, from).contains(&to),
            Kind::Development => {
                to == "testkit" || row(BUILD_EDGES, from).contains(&to) || row(TEST_EDGES, from).contains(&to)
            }
        }
}

/// Holds the table of ARCHITECTURE.md whose columns are `crate` and `imports` against [`EDGES`].
fn printed(tree: &Tree) -> Vec<Violation> {
    let Some((_, text)) = tree.texts(PAGE).find(|(path, _)| *path == PAGE) else {
        return Vec::new();
    };
    let mut violations = Vec::new();
    let mut column = None;
    let mut seen = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let cells: Vec<&str> = line.trim().trim_matches('|').split('|').map(str::trim).collect();
        if !line.starts_with('|') {
            column = None;
        } else if cells[0] == "crate" {
            column = cells.iter().position(|cell| *cell == "imports");
        } else if let Some(column) = column.filter(|_| !cells[0].starts_with('-')) {
            let name = cells[0].trim_matches('`');
            let mut imports: Vec<&str> = cells.get(column).unwrap_or(&"").split('`').skip(1).step_by(2).collect();
            let mut may = row(EDGES, name).to_vec();
            imports.sort_unstable();
            may.sort_unstable();
            if imports != may {
                violations.push(Violation::new(PAGE, number, format!("{name} may import {may:?}, not {imports:?}")));
            }
            seen.push(name.to_owned());
        }
    }
    for (name, _) in EDGES.iter().filter(|(name, _)| !seen.iter().any(|seen| seen == name)) {
        let rule = format!("the table `| crate | … | imports |` has no row for {name}");
        violations.push(Violation::new(PAGE, 0, rule));
    }
    violations
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(tree: &Tree) -> Vec<String> {
        check(tree).into_iter().map(|violation| violation.rule).collect()
    }

    #[test]
    fn the_table_has_no_circle() {
        for (index, (name, may)) in EDGES.iter().enumerate() {
            for to in *may {
                assert!(EDGES[..index].iter().any(|(below, _)| below == to), "{name} → {to} does not point down");
            }
        }
    }

    #[test]
    fn an_arrow_that_is_not_in_the_table_is_named() {
        let tree = Tree::default()
            .with("model", &[("serde", Kind::Normal)])
            .with("testkit", &[("model", Kind::Normal)])
            .with("jose", &[("model", Kind::Normal), ("testkit", Kind::Development)])
            .with("journey", &[("model", Kind::Normal), ("testkit", Kind::Normal)]);
        assert_eq!(
            rules(&tree),
            [
                "jose may not import model: no such arrow (xtask/src/tidy/edges.rs)",
                "journey may not import testkit: no such arrow (xtask/src/tidy/edges.rs)",
            ]
        );
    }

    #[test]
    fn sql_and_http_stay_where_they_belong() {
        let tree = Tree::default()
            .with("broker", &[("rusqlite", Kind::Normal), ("axum", Kind::Normal)])
            .with("store", &[("rusqlite", Kind::Normal)]);
        assert_eq!(rules(&tree).len(), 2);
        assert_eq!(rules(&Tree::default().with("helpers", &[])).len(), 1);
    }

    #[test]
    fn the_printed_table_says_the_same() {
        let quoted = |may: &[&str]| may.iter().map(|to| format!("`{to}`")).collect::<Vec<_>>().join(" ");
        let rows: Vec<String> = EDGES.iter().map(|(name, may)| format!("| `{name}` | … | {} |", quoted(may))).collect();
        let page = rows.join("\n");
        let page = format!("| crate | holds | imports |\n|---|---|---|\n{page}");
        assert_eq!(check(&Tree::of(&[(PAGE, &page)])), []);
        let wrong = page.replace("| `jose` | … |  |", "| `jose` | … | `model` |").replace("| `idp` |", "| `ipd` |");
        assert_eq!(check(&Tree::of(&[(PAGE, &wrong)])).len(), 3);
    }
}
