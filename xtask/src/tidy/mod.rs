//! The rules that the compiler does not hold.
//!
//! Each rule is a function from the [`Tree`] to what breaks it; a rule's words say what to do.

mod edges;
mod exceptions;
mod graph;
mod migrations;
mod named;
mod shape;
mod spdx;
mod tree;
mod words;

use std::fmt;
use std::process::ExitCode;

use exceptions::Exceptions;
use tree::Tree;

/// One broken rule.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Violation {
    file: String,
    /// From 1; 0 where a rule speaks of the whole file.
    line: usize,
    rule: String,
}

impl Violation {
    fn new(file: impl Into<String>, line: usize, rule: impl Into<String>) -> Self {
        Self { file: file.into(), line, rule: rule.into() }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.file, self.rule),
            line => write!(f, "{}:{line}: {}", self.file, self.rule),
        }
    }
}

/// Prints what breaks the rules.
pub(crate) fn run() -> anyhow::Result<ExitCode> {
    let tree = Tree::read()?;
    let violations = check(&tree)?;
    for violation in &violations {
        eprintln!("{violation}");
    }
    if violations.is_empty() {
        println!("tidy: {} files and {} crates keep the rules", tree.files.len(), tree.packages.len());
        Ok(ExitCode::SUCCESS)
    } else {
        eprintln!("tidy: {} broken", violations.len());
        Ok(ExitCode::FAILURE)
    }
}

fn check(tree: &Tree) -> anyhow::Result<Vec<Violation>> {
    let mut exceptions = Exceptions::read(tree)?;
    let mut violations = edges::check(tree);
    violations.extend(graph::check(tree)?);
    violations.extend(shape::check(tree, &mut exceptions));
    violations.extend(words::check(tree, &mut exceptions));
    violations.extend(named::check(tree));
    violations.extend(migrations::check(tree));
    violations.extend(exceptions.unused());
    violations.sort();
    Ok(violations)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tree_is_tidy() {
        let violations = check(&Tree::read().unwrap()).unwrap();
        let lines: Vec<String> = violations.iter().map(Violation::to_string).collect();
        assert!(lines.is_empty(), "{}", lines.join("\n"));
    }
}
