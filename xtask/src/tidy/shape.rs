//! The shape of a Rust file: what it is for in its first line, and neither it nor a function too long.

use super::Violation;
use super::exceptions::Exceptions;
use super::tree::Tree;

/// Lines of a file.
const FILE_LINES_MAX: usize = 400;
/// Lines of a function, from its `fn` to its closing brace.
const FUNCTION_LINES_MAX: usize = 70;

pub(super) fn check(tree: &Tree, exceptions: &mut Exceptions) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (path, text) in tree.texts(".rs") {
        if !text.starts_with("//!") {
            violations.push(Violation::new(path, 1, "a file begins with `//!` and says what it is for"));
        }
        let lines = text.lines().count();
        if lines > FILE_LINES_MAX && !exceptions.excuse(path) {
            let rule = format!("{lines} lines; at most {FILE_LINES_MAX}, or a reason in xtask/exceptions.txt");
            violations.push(Violation::new(path, 0, rule));
        }
        for function in functions(text) {
            if function.lines > FUNCTION_LINES_MAX && !exceptions.excuse(&format!("{path}::{}", function.name)) {
                let rule = format!(
                    "`{}` has {} lines; at most {FUNCTION_LINES_MAX}, or a reason in xtask/exceptions.txt",
                    function.name, function.lines
                );
                violations.push(Violation::new(path, function.begins, rule));
            }
        }
    }
    violations
}

struct Function<'a> {
    name: &'a str,
    begins: usize,
    lines: usize,
}

/// The functions of a file that rustfmt wrote: each ends at the brace that stands under its beginning.
fn functions(text: &str) -> Vec<Function<'_>> {
    let lines: Vec<&str> = text.lines().collect();
    let mut functions = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let Some(name) = declared(line) else { continue };
        let indent = &line[..line.len() - line.trim_start().len()];
        let end = lines[index..].iter().position(|line| {
            line.strip_prefix(indent).is_some_and(|rest| rest == "}")
                || line.trim_end().ends_with(';') && line.starts_with(&format!("{indent})"))
        });
        let is_one_line = line.ends_with('}') || line.ends_with(';');
        let length = if is_one_line { 1 } else { end.map_or(1, |end| end + 1) };
        functions.push(Function { name, begins: index + 1, lines: length });
    }
    functions
}

/// The name of the function that a line begins to declare.
fn declared(line: &str) -> Option<&str> {
    let (before, after) = line.trim_start().split_once("fn ")?;
    let is_declaration = before
        .split_whitespace()
        .all(|word| matches!(word, "pub" | "async" | "const" | "unsafe" | "extern") || word.starts_with("pub("));
    let name = after.split(|c: char| !c.is_alphanumeric() && c != '_').next()?;
    (is_declaration && !name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(usize, String)> {
        let tree = Tree::of(&[("a.rs", text)]);
        let mut exceptions = Exceptions::read(&tree).unwrap();
        check(&tree, &mut exceptions).into_iter().map(|violation| (violation.line, violation.rule)).collect()
    }

    #[test]
    fn a_file_says_what_it_is_for() {
        assert_eq!(found("fn main() {}\n").len(), 1);
        assert_eq!(found("//! The entry.\n\nfn main() {}\n"), []);
    }

    #[test]
    fn a_function_is_measured_from_its_name_to_its_brace() {
        let body = "        work();\n".repeat(68);
        let just = format!("//! A.\nimpl A {{\n    pub(crate) async fn a(\n    ) {{\n{}    }}\n}}\n", &body[16..]);
        assert_eq!(found(&just), []);
        let long = format!("//! A.\nimpl A {{\n    fn a() {{\n{body}        work();\n    }}\n}}\n");
        assert_eq!(found(&long), [(3, "`a` has 71 lines; at most 70, or a reason in xtask/exceptions.txt".to_owned())]);
        assert_eq!(found(&format!("//! A.\ntrait T {{\n    fn a(&self);\n}}\n{}", "// b\n".repeat(80))), []);
    }

    #[test]
    fn a_file_is_measured() {
        assert_eq!(found(&format!("//! A.\n{}", "// b\n".repeat(399))), []);
        assert_eq!(found(&format!("//! A.\n{}", "// b\n".repeat(400))).len(), 1);
    }
}
