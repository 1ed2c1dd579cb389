//! Counting a document before it is parsed: one pass over its octets that allocates next to nothing.
//!
//! This is no second parser: it gives no names and no values, and all that it lets pass the parser
//! still judges. Where it cannot tell, it refuses. It knows one thing about XML: outside of remarks,
//! `<` is always the beginning of a tag, and inside a tag `>` is its end unless quoted.

use crate::{Limits, Remarks, XmlError, escape};

/// Attributes of one element, namespace declarations included.
pub const ATTRIBUTES_MAX: u32 = 64;
/// Namespace declarations from the root to an element. The parser keeps a list for each element that
/// declares any, so that without this their product would grow.
pub const NAMESPACES_MAX: u32 = 64;
/// Bytes of a namespace. Canonicalization writes one wherever it is used, however short that use is.
pub(crate) const NAMESPACE_BYTES_MAX: usize = 256;

const DECLARATION: &str = "<?xml";

/// Refuses what has more than `limits`, a DTD, or what they do not allow.
pub(crate) fn scan(text: &str, limits: &Limits) -> Result<(), XmlError> {
    // Before a reference the parser takes a lone carriage return for itself and not for a line end (XML 1.0
    // section 2.11); no system writes them any more.
    if text.contains('\0') || text.split('\r').skip(1).any(|after| !after.starts_with('\n')) {
        return Err(XmlError::Encoding);
    }
    if !text.split("&#").skip(1).all(is_reference) {
        return Err(XmlError::NotWellFormed);
    }
    let unmarked = text.strip_prefix('\u{feff}');
    if unmarked.is_some() && limits.remarks == Remarks::Refused {
        return Err(XmlError::Encoding);
    }
    let mut scan = Scan { rest: unmarked.unwrap_or(text), limits, nodes: 0, attributes: 0, open: Vec::new() };
    scan.declaration()?;
    while let Some(at) = scan.rest.find('<') {
        scan.rest = &scan.rest[at + 1..];
        match scan.rest.as_bytes() {
            [b'!', b'-', b'-', ..] => scan.remark("!--", "-->", XmlError::Comment)?,
            [b'!', b'[', ..] => scan.remark("![", "]]>", XmlError::Cdata)?,
            [b'!', ..] => return Err(XmlError::Dtd),
            [b'?', ..] => scan.remark("?", "?>", XmlError::ProcessingInstruction)?,
            [b'/', ..] => drop(scan.open.pop()),
            _ => scan.start_tag()?,
        }
    }
    Ok(())
}

struct Scan<'i> {
    rest: &'i str,
    limits: &'i Limits,
    nodes: u32,
    attributes: u32,
    /// For each open element the namespace declarations from the root to it.
    open: Vec<u32>,
}

impl Scan<'_> {
    /// The XML declaration (XML 1.0 section 2.8) is no processing instruction.
    fn declaration(&mut self) -> Result<(), XmlError> {
        let Some(rest) = self.rest.strip_prefix(DECLARATION).filter(|rest| rest.starts_with([' ', '\t', '\r', '\n']))
        else {
            return Ok(());
        };
        let (declaration, rest) = rest.split_once("?>").ok_or(XmlError::NotWellFormed)?;
        self.rest = rest;
        // The parser judges the rest of its form. Another version counts other characters as line ends.
        if value(declaration, "version") != Some("1.0") {
            return Err(XmlError::NotWellFormed);
        }
        let is_utf8 = value(declaration, "encoding").is_none_or(|name| name.eq_ignore_ascii_case("utf-8"));
        if is_utf8 { Ok(()) } else { Err(XmlError::Encoding) }
    }

    fn remark(&mut self, begin: &str, end: &str, refusal: XmlError) -> Result<(), XmlError> {
        if self.limits.remarks == Remarks::Refused {
            return Err(refusal);
        }
        self.count_node()?;
        // `<!-->` begins a comment and does not end it.
        let (_, rest) = self.rest[begin.len()..].split_once(end).ok_or(XmlError::NotWellFormed)?;
        self.rest = rest;
        Ok(())
    }

    fn start_tag(&mut self) -> Result<(), XmlError> {
        self.count_node()?;
        let mut attributes = 0;
        let mut namespaces = self.open.last().copied().unwrap_or(0);
        loop {
            let at = self.rest.find(['"', '\'', '>']).ok_or(XmlError::NotWellFormed)?;
            let (before, after) = self.rest.split_at(at);
            let quote = &after[..1];
            self.rest = &after[1..];
            if quote == ">" {
                if !before.ends_with('/') {
                    self.open.push(namespaces);
                }
                // An empty element is as deep as any.
                let depth = self.open.len() + usize::from(before.ends_with('/'));
                return if depth > self.limits.depth as usize { Err(XmlError::Limits) } else { Ok(()) };
            }
            attributes += 1;
            self.attributes += 1;
            // An attribute that only has this in its name is counted as well; who needs 65 of them?
            namespaces += u32::from(before.contains("xmlns"));
            if attributes > ATTRIBUTES_MAX || namespaces > NAMESPACES_MAX || self.attributes > self.limits.nodes {
                return Err(XmlError::Limits);
            }
            let (_, rest) = self.rest.split_once(quote).ok_or(XmlError::NotWellFormed)?;
            self.rest = rest;
        }
    }

    fn count_node(&mut self) -> Result<(), XmlError> {
        self.nodes += 1;
        if self.nodes > self.limits.nodes { Err(XmlError::Limits) } else { Ok(()) }
    }
}

/// Whether a reference to a character that exists goes on so (XML 1.0 section 4.1); the parser would take
/// U+FFFD for one that does not.
fn is_reference(after: &str) -> bool {
    let Some((number, _)) = after.split_once(';') else { return false };
    let code = number.strip_prefix('x').map_or_else(|| number.parse(), |hex| u32::from_str_radix(hex, 16));
    code.is_ok_and(|code| char::from_u32(code).is_some_and(escape::is_expressible))
}

/// What stands in quotes after `name`.
fn value<'i>(declaration: &'i str, name: &str) -> Option<&'i str> {
    let (_, after) = declaration.split_once(name)?;
    let after = after.trim_start().strip_prefix('=')?.trim_start();
    let quote = after.chars().next().filter(|quote| ['"', '\''].contains(quote))?;
    after[1..].split(quote).next()
}
