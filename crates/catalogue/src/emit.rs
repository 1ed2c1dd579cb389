//! From texts to Rust.

use std::fmt::Write as _;

use crate::{Catalogue, Message, Piece};

pub(crate) fn source(catalogue: &Catalogue) -> String {
    let mut out = String::from(HEAD);
    for (hu, en) in &catalogue.pairs {
        let names = hu.names();
        let doc = format(hu).lines().next().unwrap_or_default().replace('<', "&lt;").replace('`', "'");
        // Writing to a String cannot fail.
        let _ = if names.is_empty() {
            write!(
                out,
                "    /// «{doc}»\n    pub const fn {}(self) -> &'static str {{\n        match self.lang {{\n            Lang::Hu => {:?},\n            Lang::En => {:?},\n        }}\n    }}\n",
                hu.method(),
                plain(hu),
                plain(en)
            )
        } else {
            let parameters: Vec<_> = names.iter().map(|name| format!("{name}: impl std::fmt::Display")).collect();
            write!(
                out,
                "    /// «{doc}»\n    pub fn {}(self, {}) -> String {{\n        match self.lang {{\n            Lang::Hu => format!({:?}),\n            Lang::En => format!({:?}),\n        }}\n    }}\n",
                hu.method(),
                parameters.join(", "),
                format(hu),
                format(en)
            )
        };
    }
    out.push_str("}\n");
    out
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

/// The text of a message without placeholders.
fn plain(message: &Message) -> String {
    message
        .pieces
        .iter()
        .map(|piece| match piece {
            Piece::Words(words) => words.as_str(),
            Piece::Placeholder(name) => name.as_str(),
        })
        .collect()
}

/// The text as a format string; a text cannot hold a brace, so none needs escaping.
fn format(message: &Message) -> String {
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
