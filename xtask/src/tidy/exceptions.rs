//! What may break a rule, and why: `xtask/exceptions.txt`.

use std::collections::BTreeMap;

use anyhow::Context;

use super::Violation;
use super::tree::Tree;

const LIST: &str = "xtask/exceptions.txt";

/// The listed exceptions, and which of them were needed.
pub(super) struct Exceptions(BTreeMap<String, (usize, bool)>);

impl Exceptions {
    /// Each line is `what: reason`; `#` begins a remark.
    pub(super) fn read(tree: &Tree) -> anyhow::Result<Self> {
        let text = tree.files.get(LIST).and_then(Option::as_deref).unwrap_or_default();
        let mut exceptions = BTreeMap::new();
        for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
            let (what, reason) =
                line.split_once(": ").with_context(|| format!("{LIST}:{number}: not `what: reason`"))?;
            anyhow::ensure!(!reason.trim().is_empty(), "{LIST}:{number}: no reason is given");
            exceptions.insert(what.to_owned(), (number, false));
        }
        Ok(Self(exceptions))
    }

    /// Whether `what` is listed; it then counts as needed.
    pub(super) fn excuse(&mut self, what: &str) -> bool {
        self.0.get_mut(what).is_some_and(|(_, is_used)| {
            *is_used = true;
            true
        })
    }

    /// Exceptions that nothing needs any more.
    pub(super) fn unused(&self) -> Vec<Violation> {
        let unused = self.0.iter().filter(|(_, (_, is_used))| !is_used);
        unused
            .map(|(what, (line, _))| {
                Violation::new(LIST, *line, format!("{what} breaks no rule any more; delete the line"))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exception_has_a_reason_and_a_use() {
        let tree = Tree::of(&[(LIST, "# remark\na.rs: a table of vectors\nb.rs: gone\n")]);
        let mut exceptions = Exceptions::read(&tree).unwrap();
        assert!(exceptions.excuse("a.rs") && !exceptions.excuse("c.rs"));
        assert_eq!(exceptions.unused(), [Violation::new(LIST, 3, "b.rs breaks no rule any more; delete the line")]);
        assert!(Exceptions::read(&Tree::of(&[(LIST, "a.rs\n")])).is_err());
    }
}
