//! Licence expressions (SPDX specification, annex D).

/// Whether the licences that `is_allowed` accepts satisfy the expression.
///
/// `/`, which old manifests write, means `OR`; `WITH` belongs to the licence before it.
pub(super) fn satisfied(expression: &str, is_allowed: &dyn Fn(&str) -> bool) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = words.as_slice();
    let satisfied = either(&mut rest, is_allowed);
    satisfied && rest.is_empty()
}

fn either(rest: &mut &[&str], is_allowed: &dyn Fn(&str) -> bool) -> bool {
    let mut satisfied = both(rest, is_allowed);
    while let Some(("OR", after)) = rest.split_first().map(|(word, after)| (*word, after)) {
        *rest = after;
        satisfied |= both(rest, is_allowed);
    }
    satisfied
}

fn both(rest: &mut &[&str], is_allowed: &dyn Fn(&str) -> bool) -> bool {
    let mut satisfied = one(rest, is_allowed);
    while let Some(("AND", after)) = rest.split_first().map(|(word, after)| (*word, after)) {
        *rest = after;
        satisfied &= one(rest, is_allowed);
    }
    satisfied
}

fn one(rest: &mut &[&str], is_allowed: &dyn Fn(&str) -> bool) -> bool {
    match **rest {
        ["(", ref after @ ..] => {
            *rest = after;
            let satisfied = either(rest, is_allowed);
            let [")", after @ ..] = *rest else { return false };
            *rest = after;
            satisfied
        }
        [licence, "WITH", exception, ref after @ ..] => {
            *rest = after;
            is_allowed(&format!("{licence} WITH {exception}"))
        }
        [licence, ref after @ ..] => {
            *rest = after;
            is_allowed(licence)
        }
        [] => false,
    }
}

#[cfg(test)]
mod tests {
    use super::satisfied;

    #[test]
    fn expressions() {
        let is_allowed = |licence: &str| ["MIT", "ISC", "Apache-2.0 WITH LLVM-exception"].contains(&licence);
        #[rustfmt::skip]
        let table = [
            ("MIT",                                     true),
            ("GPL-3.0",                                 false),
            ("MIT/Apache-2.0",                          true),
            ("Apache-2.0 / GPL-2.0",                    false),
            ("GPL-3.0 OR MIT",                          true),
            ("MIT AND GPL-3.0",                         false),
            ("ISC AND (Apache-2.0 OR ISC)",             true),
            ("(MIT OR GPL-3.0) AND GPL-3.0",            false),
            ("MIT OR GPL-3.0 AND GPL-2.0",              true),
            ("Apache-2.0 WITH LLVM-exception OR GPL",   true),
            ("Apache-2.0 WITH other-exception",         false),
            ("",                                        false),
            ("(MIT",                                    false),
            ("MIT)",                                    false),
        ];
        for (expression, expected) in table {
            assert_eq!(satisfied(expression, &is_allowed), expected, "{expression:?}");
        }
    }
}
