//! A good answer whose elements were copied, moved, wrapped, renamed or dropped anywhere: nothing but what was signed
//! is ever believed (the promise that wrapping never works, whatever its number in the lists).

use std::ops::Range;

use proptest::prelude::*;

use super::*;

/// What is done with an element, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Before another element.
    Before,
    /// As the first child of another one.
    First,
    /// As the last child of another one.
    Last,
    /// After another one.
    After,
    /// In place of another one.
    Instead,
}

const PLACES: [Place; 5] = [Place::Before, Place::First, Place::Last, Place::After, Place::Instead];

/// A copy as it is, or as an attacker would have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Copied {
    Faithful,
    /// With another person's name.
    Forged,
    /// The same with another ID, so that there is no duplicate.
    Renamed,
}

const COPIES: [Copied; 3] = [Copied::Faithful, Copied::Forged, Copied::Renamed];

/// An element with its start and end tags.
#[derive(Clone, Debug)]
struct Span {
    whole: Range<usize>,
    inner: Range<usize>,
}

fn spans(xml: &str) -> Vec<Span> {
    let document = Document::parse(xml.as_bytes(), &Limits::METADATA).unwrap();
    let elements = document.root().descendants().filter(xmlsec::Node::is_element);
    let spans = elements.map(|element| {
        let whole = element.range();
        let text = &xml[whole.clone()];
        // Canonical form has an end tag everywhere and `>` in no attribute of ours.
        let begin = whole.start + text.find('>').unwrap() + 1;
        let end = whole.start + text.rfind("</").unwrap();
        Span { inner: begin..end, whole }
    });
    spans.collect()
}

fn forged(xml: &str, copied: Copied) -> String {
    match copied {
        Copied::Faithful => xml.to_owned(),
        Copied::Forged => xml.replace("a1b2c3", "admin"),
        Copied::Renamed => xml
            .replace("a1b2c3", "admin")
            .replace("ID=\"_assertion\"", "ID=\"_evil\"")
            .replace("ID=\"_response\"", "ID=\"_evil2\""),
    }
}

/// Puts a copy of one element at a place by another one.
fn mutated(xml: &str, from: &Span, to: &Span, place: Place, copied: Copied) -> String {
    let copy = forged(&xml[from.whole.clone()], copied);
    let range = match place {
        Place::Before => to.whole.start..to.whole.start,
        Place::First => to.inner.start..to.inner.start,
        Place::Last => to.inner.end..to.inner.end,
        Place::After => to.whole.end..to.whole.end,
        Place::Instead => to.whole.clone(),
    };
    format!("{}{copy}{}", &xml[..range.start], &xml[range.end..])
}

/// The two shapes that identity providers send.
fn answers() -> [String; 2] {
    let signed = assertion().write(Some(&signer())).unwrap();
    [around(&signed, None), around(&signed, Some(&signer()))]
}

#[track_caller]
fn assert_nothing_forged(xml: &str, what: &dyn std::fmt::Debug) -> bool {
    match check(xml) {
        Ok(believed) => {
            assert_eq!(believed, assertion(), "{what:?} in {xml}");
            true
        }
        Err(_) => false,
    }
}

#[test]
fn every_element_may_be_copied_everywhere_to_no_avail() {
    let (mut tried, mut believed) = (0_u32, 0_u32);
    for xml in answers() {
        let spans = spans(&xml);
        for (from, to) in spans.iter().flat_map(|from| spans.iter().map(move |to| (from, to))) {
            for (place, copied) in PLACES.into_iter().flat_map(|place| COPIES.map(|copied| (place, copied))) {
                let mutation = mutated(&xml, from, to, place, copied);
                believed += u32::from(assert_nothing_forged(&mutation, &(from, to, place, copied)));
                tried += 1;
            }
        }
    }
    assert!(tried > 20_000, "{tried}");
    // An element in place of itself, and what may be added where nothing is signed, is still a good answer.
    assert!(believed > 0 && believed < tried / 20, "{believed} of {tried}");
}

#[test]
fn every_element_may_be_dropped_or_unwrapped_to_no_avail() {
    for xml in answers() {
        for span in spans(&xml) {
            let without = format!("{}{}", &xml[..span.whole.start], &xml[span.whole.end..]);
            assert_nothing_forged(&without, &span);
            let unwrapped =
                format!("{}{}{}", &xml[..span.whole.start], &xml[span.inner.clone()], &xml[span.whole.end..]);
            assert_nothing_forged(&unwrapped, &span);
            let wrapped =
                format!("{}<w>{}</w>{}", &xml[..span.whole.start], &xml[span.whole.clone()], &xml[span.whole.end..]);
            assert_nothing_forged(&wrapped, &span);
        }
    }
}

proptest! {
    #[test]
    fn three_steps_do_no_better(shape in 0..2_usize, steps in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..5_usize, 0..3_usize), 1..4)) {
        let mut xml = answers()[shape].clone();
        for (from, to, place, copied) in steps {
            // A second root makes it no document; then there is nothing more to move.
            let Ok(_) = Document::parse(xml.as_bytes(), &Limits::METADATA) else { break };
            let spans = spans(&xml);
            xml = mutated(&xml, from.get(&spans), to.get(&spans), PLACES[place], COPIES[copied]);
        }
        assert_nothing_forged(&xml, &"three steps");
    }
}
