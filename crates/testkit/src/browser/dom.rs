//! Reading a page as a person does: by eye, or by ear with a screen reader.

use scraper::{ElementRef, Html, Node, Selector};

/// How a person takes a page in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sense {
    /// The words on the screen.
    Eye,
    /// What a screen reader says: `aria-label` and `alt` instead of what they replace, nothing that is
    /// `aria-hidden`.
    Ear,
}

/// Elements that do not part the words before them from those after.
const INLINE: [&str; 19] = [
    "a", "abbr", "b", "bdi", "code", "em", "i", "img", "kbd", "mark", "q", "s", "small", "span", "strong", "sub",
    "sup", "time", "u",
];
/// Elements whose text nobody sees.
const UNSEEN: [&str; 6] = ["head", "noscript", "script", "style", "template", "title"];

/// A selector that is known to be good.
///
/// # Panics
///
/// When it is not.
pub(super) fn css(selector: &str) -> Selector {
    Selector::parse(selector).unwrap_or_else(|error| panic!("{selector:?} is no selector: {error}"))
}

/// The words of an element, with single spaces.
pub(super) fn words(element: ElementRef, sense: Sense) -> String {
    let mut text = String::new();
    collect(element, sense, &mut text);
    collapse(&text)
}

pub(super) fn collapse(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn collect(element: ElementRef, sense: Sense, text: &mut String) {
    let name = element.value().name();
    if UNSEEN.contains(&name) || element.attr("hidden").is_some() {
        return;
    }
    if sense == Sense::Ear {
        if element.attr("aria-hidden") == Some("true") {
            return;
        }
        if let Some(spoken) = element.attr("aria-label").or(element.attr("alt")) {
            text.push_str(spoken);
            return;
        }
    }
    let parts = !INLINE.contains(&name);
    if parts {
        text.push(' ');
    }
    for child in element.children() {
        match child.value() {
            Node::Text(words) => text.push_str(words),
            Node::Element(_) => collect(ElementRef::wrap(child).expect("it is an element"), sense, text),
            _ => {}
        }
    }
    if parts {
        text.push(' ');
    }
}

/// What a screen reader calls a control: `aria-labelledby`, `aria-label`, its labels, its own words.
pub(super) fn name(document: &Html, control: ElementRef) -> String {
    if let Some(ids) = control.attr("aria-labelledby") {
        let named = ids.split_whitespace().filter_map(|id| by_id(document, id));
        return collapse(&named.map(|element| words(element, Sense::Ear)).collect::<Vec<_>>().join(" "));
    }
    if let Some(label) = control.attr("aria-label") {
        return collapse(label);
    }
    let labels: Vec<String> = document
        .select(&css("label"))
        .filter(|label| match label.attr("for") {
            Some(id) => control.attr("id") == Some(id),
            None => control.ancestors().any(|ancestor| ancestor.id() == label.id()),
        })
        .map(|label| words(label, Sense::Ear))
        .collect();
    if !labels.is_empty() {
        return labels.join(" ");
    }
    match control.value().name() {
        "input" => collapse(control.attr("value").unwrap_or_default()),
        "button" | "a" => words(control, Sense::Ear),
        _ => String::new(),
    }
}

pub(super) fn by_id<'a>(document: &'a Html, id: &str) -> Option<ElementRef<'a>> {
    document.select(&css("[id]")).find(|element| element.attr("id") == Some(id))
}

/// The one of `candidates` that has this name, or else the one whose name begins so.
///
/// # Panics
///
/// When there is none, or more than one.
#[track_caller]
pub(super) fn only<T>(what: &str, wanted: &str, candidates: Vec<(String, T)>) -> T {
    let names: Vec<String> = candidates.iter().map(|(name, _)| name.clone()).collect();
    let is_exact = names.iter().any(|name| name == wanted);
    let mut found =
        candidates.into_iter().filter(|(name, _)| if is_exact { name == wanted } else { name.starts_with(wanted) });
    match (found.next(), found.next()) {
        (Some((_, only)), None) => only,
        (None, _) => panic!("no {what} {wanted:?} among {names:?}"),
        (Some(_), Some(_)) => panic!("more than one {what} {wanted:?} among {names:?}"),
    }
}
