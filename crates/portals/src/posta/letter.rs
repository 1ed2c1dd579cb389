//! From a message (RFC 5322, MIME) to what a person reads, and from its text to links.

use mail_parser::{MessageParser, MimeHeaders};
use model::Lang;
use url::Url;

/// The longest subject that is kept, in characters.
const SUBJECT_CHARS: usize = 200;

/// What a person reads of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Words {
    pub(super) sender: String,
    pub(super) subject: String,
    pub(super) text: String,
    /// As the message says of itself.
    pub(super) lang: Option<Lang>,
}

/// Reads a message. Whatever came is a letter: what it lacks is empty.
pub(super) fn read(message: &[u8]) -> Words {
    let Some(message) = MessageParser::default().parse(message) else {
        return Words {
            sender: String::new(),
            subject: String::new(),
            text: String::from_utf8_lossy(message).into_owned(),
            lang: None,
        };
    };
    let sender = message.from().and_then(|from| from.first()).map_or_else(String::new, |from| {
        match (from.name(), from.address()) {
            (Some(name), Some(address)) => format!("{name} <{address}>"),
            (name, address) => name.or(address).unwrap_or_default().to_owned(),
        }
    });
    let subject: String = message.subject().unwrap_or_default().chars().take(SUBJECT_CHARS).collect();
    let text = message.body_text(0).unwrap_or_default().replace("\r\n", "\n");
    let lang = message.content_language().as_text().and_then(Lang::from_tag);
    Words { sender, subject, text: text.trim_end().to_owned(), lang }
}

/// A piece of a letter's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Words and spaces.
    Words(String),
    /// The end of a line.
    Break,
    /// An address that can be opened: `http` or `https`, shown as it is written.
    Link(String),
}

/// Finds the lines and the links in a text; the pieces together are the text.
pub(super) fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for (number, line) in text.split('\n').enumerate() {
        if number > 0 {
            pieces.push(Piece::Break);
        }
        let mut words = String::new();
        for token in line.split_inclusive(char::is_whitespace) {
            let Some((before, address, after)) = openable(token) else {
                words.push_str(token);
                continue;
            };
            words.push_str(before);
            pieces.push(Piece::Words(std::mem::take(&mut words)));
            pieces.push(Piece::Link(address.to_owned()));
            words.push_str(after);
        }
        pieces.push(Piece::Words(words));
    }
    pieces
}

/// The address in a token, with what stands around it.
fn openable(token: &str) -> Option<(&str, &str, &str)> {
    let start = token.find("http://").or_else(|| token.find("https://"))?;
    let (before, rest) = token.split_at(start);
    if before.chars().any(char::is_alphanumeric) {
        return None;
    }
    let address = rest.trim_end_matches(|c: char| c.is_whitespace() || ".,;:!?)>]\"'”".contains(c));
    let after = &rest[address.len()..];
    let url = Url::parse(address).ok()?;
    // What the browser opens must be what the person reads.
    let reads_as_it_is = url.as_str().trim_end_matches('/') == address.trim_end_matches('/');
    let is_plain = url.username().is_empty() && url.password().is_none();
    (reads_as_it_is && is_plain).then_some((before, address, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_in_quoted_printable_is_read() {
        let message = b"From: Kapu <kapu@kau.localhost>\r\n\
            To: anna@pelda.hu\r\n\
            Subject: =?utf-8?q?K=C3=B3d_az_=C3=9Cgyf=C3=A9lkapu+?= =?utf-8?b?IGlnw6lueWzDqXPDqWhleg==?=\r\n\
            Content-Language: hu\r\n\
            MIME-Version: 1.0\r\n\
            Content-Type: text/plain; charset=utf-8\r\n\
            Content-Transfer-Encoding: quoted-printable\r\n\
            \r\n\
            Az =C3=96n k=C3=B3dja:\r\n\
            \r\n\
            482 =\r\n\
            913\r\n";
        let expected = Words {
            sender: "Kapu <kapu@kau.localhost>".into(),
            subject: "Kód az Ügyfélkapu+ igényléséhez".into(),
            text: "Az Ön kódja:\n\n482 913".into(),
            lang: Some(Lang::Hu),
        };
        assert_eq!(read(message), expected);
    }

    #[test]
    fn of_two_alternatives_the_plain_one_is_read() {
        let message = b"From: kapu@kau.localhost\r\n\
            Subject: x\r\n\
            MIME-Version: 1.0\r\n\
            Content-Type: multipart/alternative; boundary=b\r\n\
            \r\n\
            --b\r\n\
            Content-Type: text/plain; charset=utf-8\r\n\
            Content-Transfer-Encoding: base64\r\n\
            \r\n\
            w4FydsOtenTFsXLFkQ==\r\n\
            --b\r\n\
            Content-Type: text/html; charset=utf-8\r\n\
            \r\n\
            <p>other</p>\r\n\
            --b--\r\n";
        let words = read(message);
        assert_eq!((words.sender.as_str(), words.text.as_str()), ("kapu@kau.localhost", "Árvíztűrő"));
    }

    #[test]
    fn what_is_no_message_is_a_letter_all_the_same() {
        for message in [&b""[..], b"\r\n", b"\0\xff\xfe", b"Subject", b"Content-Type: multipart/mixed\r\n\r\n--"] {
            assert_eq!(read(message).sender, "");
        }
    }

    #[test]
    fn only_what_opens_as_it_reads_becomes_a_link() {
        #[rustfmt::skip]
        let table: [(&str, &[&str]); 12] = [
            ("Nézze: http://kau.localhost:8080/nem-en/ab12.",     &["http://kau.localhost:8080/nem-en/ab12"]),
            ("(https://kau.pelda.hu)",                            &["https://kau.pelda.hu"]),
            ("<https://kau.pelda.hu/a?b=c>",                      &["https://kau.pelda.hu/a?b=c"]),
            ("http://a.hu/1\nhttp://a.hu/2",                      &["http://a.hu/1", "http://a.hu/2"]),
            ("javascript:alert(1)",                               &[]),
            ("javascript:http://a.hu/",                           &[]),
            ("data:text/html,http://a.hu/",                       &[]),
            ("http://",                                           &[]),
            ("http://anna:titok@a.hu/",                           &[]),
            ("http://\u{202e}a.hu/",                              &[]),
            ("http://a.hu/\"><script>",                           &[]),
            ("nincs benne",                                       &[]),
        ];
        for (text, links) in table {
            let pieces = pieces(text);
            let found: Vec<&str> = pieces
                .iter()
                .filter_map(|piece| match piece {
                    Piece::Link(address) => Some(address.as_str()),
                    Piece::Words(_) | Piece::Break => None,
                })
                .collect();
            assert_eq!(found, links, "{text:?}");
            let joined: String = pieces
                .iter()
                .map(|piece| match piece {
                    Piece::Link(text) | Piece::Words(text) => text.as_str(),
                    Piece::Break => "\n",
                })
                .collect();
            assert_eq!(joined, text);
        }
    }
}
