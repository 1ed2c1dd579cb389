//! Canonicalization against libxml2: another program, in another language, by other people.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

use data_encoding::BASE64;
use xmlsec::{Document, Limits, Node, canonical, canonical_with_prefixes};

use crate::seeded::Seeded;

const DOCUMENTS: usize = 1_500;
const PREFIXES: [&str; 4] = ["a", "b", "c", ""];
/// Without references: libxml2 2.9 leaves `&amp;` in a namespace as it wrote it down itself, `&#38;`.
const NAMESPACES: [&str; 4] = ["urn:1", "urn:2", "http://example.hu/?x=1;y='%20'", "urn:3"];
const LOCALS: [&str; 5] = ["x", "y", "ID", "név", "z-1.2"];

/// Writes random documents that use what the syntax allows.
struct Author {
    seeded: Seeded,
    octets: String,
    elements: usize,
}

impl Author {
    fn element(&mut self, depth: usize, scope: &[(&'static str, &'static str)]) {
        self.elements += 1;
        let mut scope = scope.to_vec();
        let mut attributes = Vec::new();
        for prefix in PREFIXES {
            if self.seeded.one_in(4) || depth == 0 && !prefix.is_empty() {
                let is_undeclared = prefix.is_empty() && self.seeded.one_in(2);
                let namespace = if is_undeclared { "" } else { *self.seeded.pick(&NAMESPACES) };
                scope.retain(|(declared, _)| *declared != prefix);
                scope.push((prefix, namespace));
                let name = if prefix.is_empty() { "xmlns".to_owned() } else { format!("xmlns:{prefix}") };
                attributes.push(format!("{name}={}", self.quoted(namespace)));
            }
        }
        let mut names = Vec::new();
        for _ in 0..self.seeded.below(4) {
            let prefix = *self.seeded.pick(&PREFIXES);
            let local = *self.seeded.pick(&LOCALS);
            let namespace = scope.iter().find(|(declared, _)| *declared == prefix && !prefix.is_empty());
            let expanded = (namespace.map(|(_, namespace)| *namespace), local);
            if !names.contains(&expanded) {
                names.push(expanded);
                let colon = if prefix.is_empty() { "" } else { ":" };
                let value = self.value();
                attributes.push(format!("{prefix}{colon}{local}={}", self.quoted(&value)));
            }
        }
        if self.seeded.one_in(8) {
            attributes.push(format!("xml:lang={}", self.quoted("hu")));
        }
        for at in (1..attributes.len()).rev() {
            attributes.swap(at, self.seeded.below(at + 1));
        }
        let prefix = *self.seeded.pick(&PREFIXES);
        let colon = if prefix.is_empty() { "" } else { ":" };
        let name = format!("{prefix}{colon}{}", self.seeded.pick(&LOCALS));
        write!(self.octets, "<{name}").unwrap();
        for attribute in attributes {
            let space = *self.seeded.pick(&[" ", "\n", "\t ", "  "]);
            write!(self.octets, "{space}{attribute}").unwrap();
        }
        if self.seeded.one_in(5) {
            self.octets.push_str("/>");
            return;
        }
        self.one_of(&[">", " >", "\n>"]);
        for _ in 0..self.seeded.below(5) {
            self.child(depth, &scope);
        }
        write!(self.octets, "</{name}{}>", self.seeded.pick(&["", " ", "\r\n"])).unwrap();
    }

    fn child(&mut self, depth: usize, scope: &[(&'static str, &'static str)]) {
        match self.seeded.below(10) {
            0..=4 if depth < 8 => self.element(depth + 1, scope),
            5 => self.one_of(&["<!---->", "<!-- <x> & -->", "<!--\r\n-->"]),
            6 => self.one_of(&["<?p?>", "<?p  a <b> & \"c\" ?>", "<?p a\r\nb?>"]),
            7 => {
                self.one_of(&["<![CDATA[<x>&amp;\r\n]]>", "<![CDATA[]]>", "<![CDATA[]]]]>"]);
            }
            _ => {
                let text = self.value();
                self.octets.push_str(&text);
            }
        }
    }

    fn one_of(&mut self, texts: &[&str]) {
        self.octets.push_str(texts[self.seeded.below(texts.len())]);
    }

    /// Text that is allowed between tags and, but for its quotes, in a value.
    fn value(&mut self) -> String {
        let pieces = [
            "a",
            " ",
            "\n",
            "\r\n",
            "\t",
            "&amp;",
            "&lt;",
            ">",
            "&gt;",
            "&quot;",
            "&apos;",
            "&#13;",
            "&#xA;",
            "&#9;",
            "&#x20;",
            "ő",
            "\u{85}",
            "\u{2028}",
            "𝒳",
            "&#x10FFFF;",
            "\u{a0}",
            "\"",
            "'",
        ];
        (0..self.seeded.below(6)).map(|_| *self.seeded.pick(&pieces)).collect()
    }

    fn quoted(&mut self, value: &str) -> String {
        let quote = *self.seeded.pick(&["\"", "'"]);
        format!("{quote}{}{quote}", value.replace(quote, if quote == "'" { "&apos;" } else { "&quot;" }))
    }
}

#[test]
fn c14n_is_that_of_libxml2_on_1500_documents() {
    let mut questions = String::new();
    let mut answers = Vec::new();
    for seed in 0..DOCUMENTS {
        let mut author = Author { seeded: Seeded::new(seed as u64), octets: String::new(), elements: 0 };
        author.element(0, &[]);
        let Author { mut seeded, octets, elements } = author;
        let document =
            Document::parse(octets.as_bytes(), &Limits::METADATA).unwrap_or_else(|error| panic!("{error}: {octets}"));
        let number = seeded.below(elements);
        let element = document.root().descendants().filter(Node::is_element).nth(number).unwrap();
        // Not `#default`, which lxml does not pass on; the test of signatures by xmlsec1 has it.
        let prefixes: Vec<&str> = ["a", "b", "unused"].into_iter().filter(|_| seeded.one_in(4)).collect();
        writeln!(questions, "{} {number} {}", BASE64.encode(octets.as_bytes()), prefixes.join(" ")).unwrap();
        let ours = if prefixes.is_empty() { canonical(element) } else { canonical_with_prefixes(element, &prefixes) };
        answers.push((octets.clone(), number, prefixes.join(" "), ours));
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/xml/c14n.py");
    let mut python = Command::new("/usr/bin/python3")
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Debian's python3-lxml is installed");
    let mut stdin = python.stdin.take().unwrap();
    let writer = std::thread::spawn(move || stdin.write_all(questions.as_bytes()).unwrap());
    let output = python.wait_with_output().unwrap();
    writer.join().unwrap();
    let theirs = String::from_utf8(output.stdout).unwrap();
    assert_eq!(theirs.lines().count(), answers.len());
    for ((document, number, prefixes, ours), theirs) in answers.iter().zip(theirs.lines()) {
        let theirs = BASE64.decode(theirs.as_bytes()).unwrap_or_else(|_| panic!("{theirs}: {document}"));
        let theirs = String::from_utf8(theirs).unwrap();
        assert_eq!(*ours, theirs, "element {number} of {document:?} with prefixes {prefixes:?}");
    }
}
