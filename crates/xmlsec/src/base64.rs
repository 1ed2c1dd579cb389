//! Base64 as XML writes it: white space anywhere, otherwise in its one canonical form.

use data_encoding::BASE64;
use roxmltree::Node;

/// The octets of an element that holds one text and nothing else. A comment would split the text,
/// and a reader that takes the first piece would see another value than one that joins them.
pub(crate) fn content(element: Node<'_, '_>) -> Option<Vec<u8>> {
    let only = element.first_child().filter(|child| child.is_text() && child.next_sibling().is_none())?;
    decode(only.text()?)
}

fn decode(text: &str) -> Option<Vec<u8>> {
    // XML's white space alone (XML Schema part 2 section 3.2.16), and none of Unicode's.
    let dense: Vec<u8> = text.bytes().filter(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n')).collect();
    BASE64.decode(&dense).ok()
}

pub(crate) fn encode(octets: &[u8]) -> String {
    BASE64.encode(octets)
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn white_space_is_no_matter_and_everything_else_is() {
        assert_eq!(decode(" Zm\r\n9v\tYg== \n"), Some(b"foob".to_vec()));
        for other in ["Zm9vYg", "Zm9vYh==", "Zm9vYg=", "Zm9v-_==", "Zm9v\u{a0}Yg==", "Zm9v\u{c}Yg==", "===="] {
            assert_eq!(decode(other), None, "{other:?}");
        }
    }
}
