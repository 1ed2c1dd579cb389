//! From texts to Rust.

use crate::{Catalogue, Message, Piece};

pub(crate) fn source(catalogue: &Catalogue) -> String {
    let methods = catalogue.pairs.iter().map(|(hu, en)| method(hu, en));
    std::iter::once(HEAD.to_owned()).chain(methods).chain(["}\n".to_owned()]).collect()
}

fn method(hu: &Message, en: &Message) -> String {
    let names = hu.names();
    let (head, before, after, answer) = if names.is_empty() {
        (format!("const fn {}(self)", hu.method()), "", "", "&'static str")
    } else {
        let parameters: Vec<_> = names.iter().map(|name| format!("{name}: impl std::fmt::Display")).collect();
        (format!("fn {}(self, {})", hu.method(), parameters.join(", ")), "format!(", ")", "String")
    };
    let arm = |lang: &str, message: &Message| format!("            {lang} => {before}{:?}{after},\n", written(message));
    let arms = if hu.pieces == en.pieces {
        arm("Lang::Hu | Lang::En", hu)
    } else {
        arm("Lang::Hu", hu) + &arm("Lang::En", en)
    };
    let first = written(hu).lines().next().unwrap_or_default().replace('`', "'");
    format!("    /// `{first}`\n    pub {head} -> {answer} {{\n        match self.lang {{\n{arms}        }}\n    }}\n")
}

const HEAD: &str = "/// The texts in one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    lang: Lang,
}

impl Text {
    /// The texts in `lang`.
    pub const fn of(lang: Lang) -> Self {
        Self { lang }
    }

    /// Which language.
    pub const fn lang(self) -> Lang {
        self.lang
    }
";

/// The text, or with placeholders its format string; a text holds no brace, so none needs escaping.
fn written(message: &Message) -> String {
    message
        .pieces
        .iter()
        .map(|piece| match piece {
            Piece::Words(words) => words.clone(),
            Piece::Placeholder(name) => format!("{{{name}}}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn pair(hu: &str, en: &str) -> Result<Catalogue, Vec<String>> {
        Catalogue::pair(Path::new("hu.ftl"), hu, Path::new("en.ftl"), en)
            .map_err(|faults| faults.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn one_method_per_key() {
        let source = pair("a-b = Igen\nc = { $x }, { $y }", "c = { $y } and { $x }\na-b = Yes").unwrap().source();
        assert!(source.contains("pub const fn a_b(self) -> &'static str"), "{source}");
        assert!(source.contains("pub fn c(self, x: impl std::fmt::Display, y: impl std::fmt::Display) -> String"));
        assert!(source.contains("Lang::En => format!(\"{y} and {x}\")"));
        assert!(pair("a = x", "a = x").unwrap().source().contains("Lang::Hu | Lang::En => \"x\""));
    }

    #[test]
    fn what_is_in_one_language_only_is_refused() {
        assert_eq!(
            pair("a = x", "b = x").unwrap_err(),
            ["hu.ftl:1: a is in this language only", "en.ftl:1: b is in this language only"]
        );
        assert_eq!(
            pair("a = { $n }", "a = x").unwrap_err(),
            ["hu.ftl:1: a has the placeholder $n in this language only"]
        );
    }
}
