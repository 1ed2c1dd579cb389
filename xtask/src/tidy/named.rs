//! Every path and crate that a page for people names is there.

use super::Violation;
use super::tree::Tree;

const PAGES: [&str; 5] = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"];
/// Endings by which a name without a folder is known to be one of our files.
const ENDINGS: [&str; 7] = [".rs", ".mjs", ".html", ".ftl", ".sql", ".md", ".sh"];

pub(super) fn check(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (path, text) in tree.texts(".md").filter(|(path, _)| PAGES.contains(path)) {
        let mut is_code = false;
        for (number, line) in (1..).zip(text.lines()) {
            if line.trim_start().starts_with("```") {
                is_code = !is_code;
            }
            if is_code {
                continue;
            }
            for named in spans(line).into_iter().chain(links(line)).flat_map(expanded) {
                if is_path(tree, &named) && !exists(tree, &named) {
                    violations.push(Violation::new(path, number, format!("{named} does not exist")));
                }
            }
            for name in crates(line).into_iter().filter(|name| !is_crate(tree, name)) {
                violations.push(Violation::new(path, number, format!("there is no crate {name}")));
            }
        }
    }
    violations
}

/// What stands between backticks.
fn spans(line: &str) -> Vec<&str> {
    line.split('`').skip(1).step_by(2).collect()
}

/// The targets of links into the tree.
fn links(line: &str) -> Vec<&str> {
    let targets = line.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target);
    let inner = targets.filter(|target| !target.contains("://") && !target.starts_with(['#', '/']));
    inner.map(|target| target.split('#').next().unwrap_or_default()).collect()
}

/// `a/{b,c}.rs` as `a/b.rs` and `a/c.rs`.
fn expanded(name: &str) -> Vec<String> {
    let Some((before, (inner, after))) = name.split_once('{').and_then(|(b, rest)| Some((b, rest.split_once('}')?)))
    else {
        return vec![name.to_owned()];
    };
    inner.split(',').flat_map(|part| expanded(&format!("{before}{}{after}", part.trim()))).collect()
}

fn is_path(tree: &Tree, name: &str) -> bool {
    let is_plain = name.chars().all(|c| c.is_ascii_alphanumeric() || "._-/*".contains(c));
    let has_ending = ENDINGS.iter().any(|ending| name.ends_with(ending) && name.len() > ending.len());
    let Some((first, _)) = name.split_once('/') else { return is_plain && has_ending };
    let is_inside = tree.files.keys().any(|path| path.split('/').next() == Some(first));
    is_plain && !first.is_empty() && (has_ending || is_inside || tree.packages.contains_key(first))
}

/// Whether a file or folder is named so, from the root or from a folder in which it lies.
fn exists(tree: &Tree, name: &str) -> bool {
    let name = name.trim_start_matches("./").split('*').next().unwrap_or_default().trim_end_matches('/');
    tree.files.keys().any(|path| format!("/{path}/").contains(&format!("/{name}/")) || path.starts_with(name))
}

/// The names in "the crate `x`" and "the `x` crate".
fn crates(line: &str) -> Vec<&str> {
    let parts: Vec<&str> = line.split('`').collect();
    let odd = (1..parts.len()).step_by(2);
    odd.filter(|at| {
        parts[at - 1].ends_with("crate ")
            || parts.get(at + 1).is_some_and(|after| after.starts_with(" crate") && !after.starts_with(" crates"))
    })
    .map(|at| parts[at])
    .collect()
}

fn is_crate(tree: &Tree, name: &str) -> bool {
    let locked = || tree.texts("Cargo.lock").any(|(_, text)| text.contains(&format!("name = \"{name}\"\n")));
    tree.packages.contains_key(name) || locked()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(page: &str) -> Vec<String> {
        let files = [
            ("ARCHITECTURE.md", page),
            ("Cargo.lock", "name = \"axum\"\n"),
            ("crates/model/src/time.rs", ""),
            ("crates/model/src/secret.rs", ""),
            ("e2e/kit.mjs", ""),
        ];
        let tree = Tree::of(&files).with("model", &[]);
        check(&tree).into_iter().map(|violation| violation.rule).collect()
    }

    #[test]
    fn what_is_there_may_be_named() {
        let page = "`crates/model/src/time.rs`, `model/src/{time,secret}.rs`, `time.rs`, `e2e/*.mjs`, `e2e/`, [kit](e2e/kit.mjs#x), \
                    the crate `model`, the `axum` crate, `/utmutato`, `application/json`, `--listen`, `kapu.toml`, <https://example.org/a.md>\n\
                    ```\ncrates/gone/src/lib.rs `a.rs`\n```\n";
        assert_eq!(found(page), [""; 0]);
    }

    #[test]
    fn what_is_not_there_is_named() {
        let page = "`crates/model/src/clock.rs` `clock.rs` `model/src/{time,clock}.rs` [x](docs/x.md) `e2e/x.mjs` the crate `helpers`";
        let expected = ["crates/model/src/clock.rs", "clock.rs", "model/src/clock.rs", "e2e/x.mjs", "docs/x.md"];
        let expected = expected.map(|path| format!("{path} does not exist"));
        assert_eq!(found(page), [expected.as_slice(), &["there is no crate helpers".to_owned()]].concat());
    }
}
