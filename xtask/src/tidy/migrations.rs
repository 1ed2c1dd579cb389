//! Each migration exists for both databases, under the same name.

use std::collections::BTreeSet;

use super::Violation;
use super::tree::Tree;

const FOLDERS: [&str; 2] = ["crates/store/migrations/sqlite/", "crates/store/migrations/postgres/"];

pub(super) fn check(tree: &Tree) -> Vec<Violation> {
    let names =
        FOLDERS.map(|folder| tree.files.keys().filter_map(|path| path.strip_prefix(folder)).collect::<BTreeSet<_>>());
    let mut violations = Vec::new();
    for (here, there) in [(0, 1), (1, 0)] {
        for name in names[here].difference(&names[there]) {
            let rule = format!("{} has no migration of this name", FOLDERS[there]);
            violations.push(Violation::new(format!("{}{name}", FOLDERS[here]), 0, rule));
        }
    }
    violations
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_migration_for_one_database_alone_is_named() {
        let both = [("crates/store/migrations/sqlite/1.sql", ""), ("crates/store/migrations/postgres/1.sql", "")];
        assert_eq!(check(&Tree::of(&both)), []);
        assert_eq!(check(&Tree::of(&both[1..])).len(), 1);
    }
}
