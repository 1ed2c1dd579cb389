//! A signed Response whose parts are moved, copied, wrapped and renamed at random: whatever element
//! anybody then asks about, the answer is an error or the octets that were signed.

use xmlsec::{Document, Limits, Namespace, Node, Writer, canonical};

use crate::party::{DS, SAML, SAMLP, genuine, read, read_first_child, verify};
use crate::seeded::Seeded;

const MUTANTS: usize = 100_000;

#[derive(Clone)]
enum Item {
    Element(Element),
    Text(String),
}

#[derive(Clone)]
struct Element {
    namespace: Namespace<'static>,
    local: String,
    attributes: Vec<(String, String)>,
    children: Vec<Item>,
}

impl Element {
    fn of(node: Node<'_, '_>) -> Self {
        let namespace =
            [SAML, SAMLP, DS].into_iter().find(|namespace| node.tag_name().namespace() == Some(namespace.uri));
        let children = node.children().map(|child| {
            if child.is_element() {
                Item::Element(Self::of(child))
            } else {
                Item::Text(child.text().unwrap().to_owned())
            }
        });
        Self {
            namespace: namespace.unwrap(),
            local: node.tag_name().name().to_owned(),
            attributes: node.attributes().map(|named| (named.name().to_owned(), named.value().to_owned())).collect(),
            children: children.collect(),
        }
    }

    fn write<'a>(&'a self, writer: &mut Writer<'a>) {
        writer.start(self.namespace, &self.local);
        for (name, value) in &self.attributes {
            writer.attribute(name, value);
        }
        for child in &self.children {
            match child {
                Item::Element(element) => element.write(writer),
                Item::Text(text) => drop(writer.text(text)),
            }
        }
        writer.end();
    }

    fn count(&self) -> usize {
        1 + self.elements().map(Self::count).sum::<usize>()
    }

    fn elements(&self) -> impl Iterator<Item = &Self> {
        self.children.iter().filter_map(|child| match child {
            Item::Element(element) => Some(element),
            Item::Text(_) => None,
        })
    }

    /// The element of this number, in document order from 0.
    fn at(&mut self, number: &mut usize) -> Option<&mut Self> {
        if *number == 0 {
            return Some(self);
        }
        *number -= 1;
        self.children.iter_mut().find_map(|child| match child {
            Item::Element(element) => element.at(number),
            Item::Text(_) => None,
        })
    }

    /// The parent of the element of this number, and its place there.
    fn parent_of(&mut self, number: &mut usize) -> Option<(&mut Self, usize)> {
        for place in 0..self.children.len() {
            let Item::Element(child) = &mut self.children[place] else { continue };
            *number -= 1;
            if *number == 0 {
                return Some((self, place));
            }
            let count = child.count();
            if *number < count {
                let Item::Element(child) = &mut self.children[place] else { return None };
                return child.parent_of(number);
            }
            *number -= count - 1;
        }
        None
    }
}

const NAMES: [(Namespace<'_>, &str); 12] = [
    (SAML, "Assertion"),
    (SAML, "Advice"),
    (SAML, "Subject"),
    (SAML, "NameID"),
    (SAMLP, "Response"),
    (SAMLP, "Extensions"),
    (DS, "Object"),
    (DS, "Signature"),
    (DS, "SignedInfo"),
    (DS, "KeyInfo"),
    (DS, "Reference"),
    (DS, "DigestValue"),
];
const IDS: [&str; 4] = ["_a", "_r", "_evil", ""];

fn mutate(root: &mut Element, seeded: &mut Seeded) {
    let count = root.count();
    let mut number = 1 + seeded.below(count - 1);
    match seeded.below(6) {
        0 | 1 => {
            let is_move = seeded.one_in(2);
            let (above, place) = root.parent_of(&mut number).unwrap();
            let moved = if is_move { above.children.remove(place) } else { above.children[place].clone() };
            let count = root.count();
            let into = root.at(&mut seeded.below(count)).unwrap();
            let place = seeded.below(into.children.len() + 1);
            into.children.insert(place, moved);
        }
        2 => {
            let (parent, place) = root.parent_of(&mut number).unwrap();
            let (namespace, local) = *seeded.pick(&NAMES);
            let attributes =
                if seeded.one_in(2) { vec![("ID".to_owned(), (*seeded.pick(&IDS)).to_owned())] } else { vec![] };
            let inside = parent.children.remove(place);
            let wrapper = Element { namespace, local: local.to_owned(), attributes, children: vec![inside] };
            parent.children.insert(place, Item::Element(wrapper));
        }
        3 => {
            let element = root.at(&mut number).unwrap();
            let (namespace, local) = *seeded.pick(&NAMES);
            (element.namespace, element.local) = (namespace, local.to_owned());
        }
        4 => {
            let element = root.at(&mut number).unwrap();
            let name = *seeded.pick(&["ID", "Id", "URI"]);
            let hash = if name == "URI" { "#" } else { "" };
            element.attributes.retain(|(present, _)| present != name);
            element.attributes.push((name.to_owned(), format!("{hash}{}", seeded.pick(&IDS))));
        }
        _ => {
            let element = root.at(&mut number).unwrap();
            element.children.retain(|child| matches!(child, Item::Element(_)));
            element.children.push(Item::Text("admin".to_owned()));
        }
    }
}

/// Mutants of a document without end, each changed up to so many times.
pub(crate) fn mutants(genuine: &str, seed: u64, changes: usize) -> impl Iterator<Item = String> {
    let document = Document::parse(genuine.as_bytes(), &Limits::MESSAGE).unwrap();
    let tree = Element::of(document.root());
    let mut seeded = Seeded::new(seed);
    std::iter::repeat_with(move || {
        let mut mutant = tree.clone();
        for _ in 0..=seeded.below(changes) {
            mutate(&mut mutant, &mut seeded);
        }
        let mut writer = Writer::new();
        mutant.write(&mut writer);
        writer.finish().unwrap()
    })
}

#[test]
fn no_mutant_is_taken_for_more_than_was_signed() {
    let genuine = genuine();
    let original = Document::parse(genuine.as_bytes(), &Limits::MESSAGE).unwrap();
    let signed = verify(&original, original.root().last_element_child().unwrap()).unwrap().octets;
    let (mut accepted, mut refused) = (0, 0);
    for mutant in mutants(&genuine, 33, 3).take(MUTANTS) {
        let document = Document::parse(mutant.as_bytes(), &Limits::MESSAGE).unwrap();
        for element in document.root().descendants().filter(Node::is_element) {
            match verify(&document, element) {
                Ok(verified) => {
                    assert_eq!(verified.octets, signed, "{mutant}");
                    accepted += 1;
                }
                Err("unsigned") => {}
                Err(_) => refused += 1,
            }
        }
    }
    // Moved as a whole, or with something else moved elsewhere, it is still what was signed.
    assert!(accepted > MUTANTS / 100 && refused > MUTANTS / 10, "{accepted} {refused}");
}

#[test]
fn no_mutant_is_read_for_another_person() {
    for mutant in mutants(&genuine(), 34, 5).take(MUTANTS / 10) {
        for name in [read(&mutant), read_first_child(&mutant)].into_iter().flatten() {
            assert_eq!(name, "kovacs.peter", "{mutant}");
        }
    }
}

#[test]
fn what_is_written_from_a_tree_is_canonical() {
    let genuine = genuine();
    let document = Document::parse(genuine.as_bytes(), &Limits::MESSAGE).unwrap();
    let tree = Element::of(document.root());
    let mut writer = Writer::new();
    tree.write(&mut writer);
    assert_eq!(writer.finish().unwrap(), genuine);
    assert_eq!(canonical(document.root()), genuine);
}
