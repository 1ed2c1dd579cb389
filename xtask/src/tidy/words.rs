//! Words that no committed file may hold.

use std::path::PathBuf;

use super::Violation;
use super::exceptions::Exceptions;
use super::tree::Tree;

/// A word, the endings of the files that may not hold it, and what to do instead.
///
/// A listed exception is written `path::word`. The words are written in two halves, so that this file keeps the rule.
const WORDS: &[(&str, &[&str], &str)] = &[
    (concat!("TO", "DO"), &[".rs", ".mjs", ".md", ".toml", ".html", ".css", ".sh"], "do it, or open an issue"),
    (concat!("FIX", "ME"), &[".rs", ".mjs", ".md", ".toml", ".html", ".css", ".sh"], "do it, or open an issue"),
    (concat!("#[ig", "nore"), &[".rs"], "a test runs or is deleted"),
    (concat!("sle", "ep("), &[".rs"], "wait for the event itself; a test moves its clock"),
    (concat!("sle", "ep "), &["test", ".ci/run", ".sh"], "wait for the event itself"),
    (concat!("setTime", "out("), &[".mjs"], "wait for the event itself"),
    (concat!("waitForTime", "out"), &[".mjs"], "wait for the event itself"),
    (concat!(".sk", "ip("), &[".mjs"], "a test runs or is deleted"),
    (concat!(".on", "ly("), &[".mjs"], "all tests run"),
    (concat!("\"reso", "lved\":"), &["package-lock.json"], "the lock file names no host (e2e/.npmrc)"),
];

/// Hosts that a machine's own settings may replace, so that no file may name them.
const HOSTS: &[&str] = &[
    concat!("registry.npm", "js.org"),
    concat!("index.cra", "tes.io"),
    concat!("static.cra", "tes.io"),
    concat!("files.python", "hosted.org"),
    concat!("deb.deb", "ian.org"),
];

/// Folders that exist on one machine and not on the next.
const FOLDERS: &[&str] = &[concat!("/ro", "ot/"), concat!("/ho", "me/"), concat!("/Us", "ers/"), concat!("/t", "mp/")];

pub(super) fn check(tree: &Tree, exceptions: &mut Exceptions) -> Vec<Violation> {
    let machine = [Some(tree.root.clone()), std::env::var_os("HOME").map(PathBuf::from)];
    // A folder directly below `/` has too common a name.
    let machine = machine.into_iter().flatten().filter(|path| path.components().count() > 2);
    let machine: Vec<String> = machine.map(|path| format!("{}/", path.display())).collect();
    let folders: Vec<&str> = machine.iter().map(String::as_str).chain(FOLDERS.iter().copied()).collect();
    let mut violations = Vec::new();
    for (path, text) in tree.texts("") {
        for (number, line) in (1..).zip(text.lines()) {
            for (word, endings, instead) in WORDS {
                let is_meant = endings.iter().any(|ending| {
                    if ending.starts_with('.') {
                        path.ends_with(ending)
                    } else {
                        path == *ending || path.ends_with(&format!("/{ending}"))
                    }
                });
                if is_meant && line.contains(word) && !exceptions.excuse(&format!("{path}::{word}")) {
                    violations.push(Violation::new(path, number, format!("`{word}`: {instead}")));
                }
            }
            for host in HOSTS.iter().filter(|host| line.contains(**host)) {
                violations.push(Violation::new(path, number, format!("{host} is the machine's to choose, not ours")));
            }
            if let Some(folder) = folders.iter().find(|folder| names_folder(line, folder)) {
                violations.push(Violation::new(path, number, format!("{folder} is a folder of one machine")));
            }
        }
    }
    violations
}

/// Whether the line names the folder itself, not one of that name inside another.
fn names_folder(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        before.is_none_or(|c| !c.is_alphanumeric() && !"._-}/)".contains(c))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<usize> {
        let tree = Tree::of(&[(path, text), ("xtask/exceptions.txt", "b.rs::none: x\n")]);
        let mut exceptions = Exceptions::read(&tree).unwrap();
        check(&tree, &mut exceptions).into_iter().map(|violation| violation.line).collect()
    }

    #[test]
    fn each_word_is_found_in_the_files_that_may_not_hold_it() {
        for (word, endings, _) in WORDS {
            for ending in *endings {
                let path = if ending.starts_with('.') { format!("a{ending}") } else { (*ending).to_owned() };
                assert_eq!(found(&path, &format!("a\nb {word}c\n")), [2], "{path} {word}");
            }
            assert_eq!(found("picture.svg", word), [0; 0]);
        }
    }

    #[test]
    fn hosts_and_folders_of_a_machine_are_found_anywhere() {
        for word in HOSTS.iter().chain(FOLDERS) {
            assert_eq!(found("a.json", &format!("\"{word}x\"")), [1], "{word}");
        }
        assert_eq!(found("a.md", &format!("https://example.org{}x", FOLDERS[1])), [0; 0]);
    }
}
