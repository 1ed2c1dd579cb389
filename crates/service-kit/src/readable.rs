//! XML for people to look at.

/// Breaks XML into lines, indented by two spaces for each element around them. Nothing is left out or added but white
/// space between tags; an element that holds a text alone stays on one line. Total: what is no XML comes back in some form.
pub fn indented(xml: &str) -> String {
    let mut lines = Lines::default();
    let mut rest = xml;
    while !rest.is_empty() {
        let end = if rest.starts_with('<') { tag_end(rest) } else { rest.find('<').unwrap_or(rest.len()) };
        let (token, after) = rest.split_at(end);
        lines.push(token);
        rest = after;
    }
    lines.text
}

/// Where the tag ends that `xml` begins with. A value in quotes may hold `>` (XML 1.0 section 2.3).
fn tag_end(xml: &str) -> usize {
    let mut quote = None;
    for (at, octet) in xml.bytes().enumerate() {
        match (quote, octet) {
            (None, b'>') => return at + 1,
            (None, b'"' | b'\'') => quote = Some(octet),
            (Some(opened), _) if opened == octet => quote = None,
            _ => {}
        }
    }
    xml.len()
}

#[derive(Default)]
struct Lines {
    text: String,
    depth: usize,
    /// The line stays open: a start tag or a text was written last.
    open: bool,
}

impl Lines {
    fn push(&mut self, token: &str) {
        let is_tag = token.starts_with('<');
        if !is_tag && token.trim().is_empty() {
            return;
        }
        let closes = token.starts_with("</");
        if closes {
            self.depth = self.depth.saturating_sub(1);
        }
        // A text, and the end of what holds nothing else, go on in the line of the start tag.
        if !(self.open && (closes || !is_tag)) {
            if !self.text.is_empty() {
                self.text.push('\n');
            }
            self.text.extend(std::iter::repeat_n("  ", self.depth));
        }
        self.text.push_str(token);
        let starts = is_tag && !closes && !token.ends_with("/>") && !token.starts_with("<?");
        if starts {
            self.depth += 1;
        }
        self.open = starts || !is_tag;
    }
}

#[cfg(test)]
mod tests {
    use super::indented;

    #[test]
    fn a_line_for_each_element() {
        #[rustfmt::skip]
        let table = [
            ("", ""),
            ("<a/>", "<a/>"),
            ("<a><b>text</b><c/></a>", "<a>\n  <b>text</b>\n  <c/>\n</a>"),
            ("<a x='>'><b y=\"</a>\"/></a>", "<a x='>'>\n  <b y=\"</a>\"/>\n</a>"),
            ("<a> <b></b>\n</a>", "<a>\n  <b></b>\n</a>"),
            ("<?xml version='1.0'?><a>é</a>", "<?xml version='1.0'?>\n<a>é</a>"),
        ];
        for (xml, lines) in table {
            assert_eq!(indented(xml), lines, "{xml}");
        }
    }

    #[test]
    fn whatever_it_is_given() {
        for text in ["<", "</", "</a></b>", "<a b='", "a<b>c", "ő</"] {
            let compact: String = indented(text).split_whitespace().collect();
            assert_eq!(compact, text.split_whitespace().collect::<String>());
        }
    }
}
