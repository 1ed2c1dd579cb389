//! One pass over CBOR that builds nothing: it reads heads, skips contents and remembers only the
//! containers it is in and the keys of their maps.

use super::{CborError, DATE_TIME, EMBEDDED, FULL_DATE, Limits};

const UNSIGNED: u8 = 0;
const NEGATIVE: u8 = 1;
const BYTES: u8 = 2;
const TEXT: u8 = 3;
const ARRAY: u8 = 4;
const MAP: u8 = 5;
const TAG: u8 = 6;
const FALSE: u64 = 20;
const NULL: u64 = 22;

/// A pass that goes on from head to head.
pub(super) struct Scan<'i, 'l> {
    octets: &'i [u8],
    at: usize,
    limits: &'l Limits,
    /// What it is in, outermost first; never longer than the depth allowed.
    open: Vec<Open<'i>>,
    /// Heads read so far: the measure of its work.
    heads: usize,
}

/// A container, with the items that are still to come in it.
enum Open<'i> {
    Array { left: u64 },
    Map { left: u64, keys: Vec<&'i [u8]> },
    Tag { number: u64 },
}

/// Initial byte and argument (RFC 8949 section 3).
struct Head {
    major: u8,
    argument: u64,
}

impl<'i, 'l> Scan<'i, 'l> {
    pub(super) fn new(octets: &'i [u8], limits: &'l Limits) -> Self {
        Self { octets, at: 0, limits, open: Vec::new(), heads: 0 }
    }

    pub(super) fn run(&mut self) -> Result<(), CborError> {
        if self.octets.len() > self.limits.bytes {
            return Err(CborError::Limits);
        }
        self.item()?;
        while !self.open.is_empty() {
            self.item()?;
        }
        if self.at == self.octets.len() { Ok(()) } else { Err(CborError::Trailing) }
    }

    /// Reads one head, and the content of what has no items inside.
    fn item(&mut self) -> Result<(), CborError> {
        let begins = self.at;
        let head = self.head()?;
        self.heads += 1;
        if self.heads > self.limits.items {
            return Err(CborError::Limits);
        }
        self.fits(&head)?;
        let remaining = (self.octets.len() - self.at) as u64;
        match head.major {
            UNSIGNED | NEGATIVE => {}
            BYTES | TEXT => self.string(&head)?,
            // Each item has at least one octet.
            ARRAY if head.argument > remaining => return Err(CborError::Length),
            ARRAY => return self.enter(Open::Array { left: head.argument }),
            MAP if head.argument > remaining / 2 => return Err(CborError::Length),
            // Grows with what is read, not with what is promised.
            MAP => return self.enter(Open::Map { left: 2 * head.argument, keys: Vec::new() }),
            TAG => return self.enter(Open::Tag { number: head.argument }),
            _ if (FALSE..=NULL).contains(&head.argument) => {}
            _ => return Err(CborError::Simple),
        }
        self.is_key().then(|| self.remember(begins));
        self.leave()
    }

    fn head(&mut self) -> Result<Head, CborError> {
        let initial = *self.octets.get(self.at).ok_or(CborError::Length)?;
        self.at += 1;
        let (major, information) = (initial >> 5, initial & 31);
        let length = match information {
            0..=23 => return Ok(Head { major, argument: u64::from(information) }),
            // Floats, and simple values that have no meaning.
            _ if major > TAG => return Err(CborError::Simple),
            24..=27 => 1 << (information - 24),
            31 if (BYTES..=MAP).contains(&major) => return Err(CborError::Indefinite),
            _ => return Err(CborError::NotWellFormed),
        };
        let octets = self.octets.get(self.at..self.at + length).ok_or(CborError::Length)?;
        self.at += length;
        let argument = octets.iter().fold(0, |value, octet| value << 8 | u64::from(*octet));
        let shorter_holds = if length == 1 { 23 } else { (1 << (4 * length)) - 1 };
        if argument > shorter_holds { Ok(Head { major, argument }) } else { Err(CborError::NotShortest) }
    }

    /// Whether the container that it is in may have this inside.
    fn fits(&self, head: &Head) -> Result<(), CborError> {
        match self.open.last() {
            Some(Open::Tag { number }) => {
                let expected = match *number {
                    DATE_TIME | FULL_DATE => TEXT,
                    EMBEDDED => BYTES,
                    _ => return Err(CborError::Tag),
                };
                if head.major == expected { Ok(()) } else { Err(CborError::Tag) }
            }
            Some(Open::Map { .. }) if self.is_key() => {
                if matches!(head.major, TEXT | UNSIGNED | NEGATIVE) {
                    Ok(())
                } else {
                    Err(CborError::Key)
                }
            }
            Some(Open::Array { .. } | Open::Map { .. }) | None => Ok(()),
        }
    }

    fn is_key(&self) -> bool {
        matches!(self.open.last(), Some(Open::Map { left, .. }) if left % 2 == 0)
    }

    fn string(&mut self, head: &Head) -> Result<(), CborError> {
        let rest = &self.octets[self.at..];
        let content = usize::try_from(head.argument).ok().and_then(|length| rest.get(..length));
        let content = content.ok_or(CborError::Length)?;
        if head.major == TEXT && std::str::from_utf8(content).is_err() {
            return Err(CborError::Encoding);
        }
        self.at += content.len();
        Ok(())
    }

    fn enter(&mut self, open: Open<'i>) -> Result<(), CborError> {
        if self.open.len() == self.limits.depth {
            return Err(CborError::Limits);
        }
        if let Open::Tag { number } = open
            && ![DATE_TIME, EMBEDDED, FULL_DATE].contains(&number)
        {
            return Err(CborError::Tag);
        }
        let is_empty = matches!(open, Open::Array { left: 0 } | Open::Map { left: 0, .. });
        if is_empty {
            return self.leave();
        }
        self.open.push(open);
        Ok(())
    }

    /// Remembers the key that begins there and ends here.
    fn remember(&mut self, begins: usize) {
        if let Some(Open::Map { keys, .. }) = self.open.last_mut() {
            keys.push(&self.octets[begins..self.at]);
        }
    }

    /// An item has ended, and with it perhaps what it is in.
    fn leave(&mut self) -> Result<(), CborError> {
        while let Some(open) = self.open.last_mut() {
            match open {
                Open::Tag { .. } => {}
                Open::Array { left } | Open::Map { left, .. } => {
                    *left -= 1;
                    if *left > 0 {
                        return Ok(());
                    }
                }
            }
            // The shortest form makes equal keys equal octets.
            if let Open::Map { keys, .. } = open {
                keys.sort_unstable();
                if keys.windows(2).any(|pair| pair[0] == pair[1]) {
                    return Err(CborError::DuplicateKey);
                }
            }
            self.open.pop();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What becomes of it, the heads that were read, and the room that was taken for containers and keys.
    fn judged(octets: &[u8]) -> (Result<(), CborError>, usize, usize) {
        let mut scan = Scan::new(octets, &Limits::MESSAGE);
        let outcome = scan.run();
        let keys = scan.open.iter().map(|open| match open {
            Open::Map { keys, .. } => keys.capacity(),
            Open::Array { .. } | Open::Tag { .. } => 0,
        });
        let room = scan.open.capacity() + keys.sum::<usize>();
        (outcome, scan.heads, room)
    }

    #[test]
    fn v10_hostile_cbor_is_refused_after_a_few_heads_and_takes_no_room() {
        let of = |prefix: &[u8], count: usize| prefix.iter().copied().cycle().take(count * prefix.len()).collect();
        let table: [(&str, Vec<u8>, CborError, usize); 19] = [
            ("indefinite bytes", vec![0x5f, 0x41, 0, 0xff], CborError::Indefinite, 0),
            ("indefinite text", vec![0x7f, 0xff], CborError::Indefinite, 0),
            ("indefinite array", vec![0x9f, 0xff], CborError::Indefinite, 0),
            ("indefinite map", vec![0xbf, 0xff], CborError::Indefinite, 0),
            ("indefinite inside", vec![0x81, 0x9f, 0xff], CborError::Indefinite, 1),
            ("equal keys", vec![0xa2, 0x61, b'a', 1, 0x61, b'a', 2], CborError::DuplicateKey, 5),
            ("equal keys inside", vec![0x81, 0xa2, 1, 1, 1, 2], CborError::DuplicateKey, 6),
            ("equal keys, one written longer", vec![0xa2, 1, 1, 0x18, 1, 2], CborError::NotShortest, 3),
            ("10,000 arrays", of(&[0x81], 10_000), CborError::Limits, 17),
            ("10,000 maps", of(&[0xa1, 0], 10_000), CborError::Limits, 33),
            ("10,000 tags", of(&[0xd8, 0x18], 10_000), CborError::Tag, 2),
            ("10,000 nested foreign tags", of(&[0xc6], 10_000), CborError::Tag, 1),
            ("a big number", vec![0xc2, 0x41, 1], CborError::Tag, 1),
            ("1 GiB of bytes", vec![0x5a, 0x40, 0, 0, 0], CborError::Length, 1),
            ("1 GiB of text", vec![0x7a, 0x40, 0, 0, 0], CborError::Length, 1),
            ("2^30 items", vec![0x9a, 0x40, 0, 0, 0, 1], CborError::Length, 1),
            ("2^30 members", vec![0xba, 0x40, 0, 0, 0, 1], CborError::Length, 1),
            ("2^64 - 1 bytes", [vec![0x5b], vec![0xff; 8]].concat(), CborError::Length, 1),
            ("2^64 - 1 members", [vec![0xbb], vec![0xff; 8]].concat(), CborError::Length, 1),
        ];
        for (name, octets, refusal, heads) in table {
            let (outcome, read, room) = judged(&octets);
            assert_eq!((outcome, read), (Err(refusal), heads), "{name}");
            assert!(room <= 16 + 16 * 4, "{name}: {room}");
        }
    }

    #[test]
    fn v10_too_much_is_refused_before_it_is_read() {
        let large = vec![0; Limits::MESSAGE.bytes + 1];
        assert_eq!(judged(&large), (Err(CborError::Limits), 0, 0));
        let wide = [vec![0x99, 0x20, 0], vec![0; 0x2000]].concat();
        assert_eq!(judged(&wide).0, Err(CborError::Limits));
        assert_eq!(judged(&wide).1, Limits::MESSAGE.items + 1);
    }

    #[test]
    fn what_is_outside_of_the_narrow_form_is_refused() {
        let table: [(&[u8], CborError); 21] = [
            (&[], CborError::Length),
            (&[0x18], CborError::Length),
            (&[0x82, 1], CborError::Length),
            (&[1, 1], CborError::Trailing),
            (&[0x18, 23], CborError::NotShortest),
            (&[0x19, 0, 0xff], CborError::NotShortest),
            (&[0x1a, 0, 0, 0xff, 0xff], CborError::NotShortest),
            (&[0x58, 1, 0], CborError::NotShortest),
            (&[0x1c], CborError::NotWellFormed),
            (&[0x1f], CborError::NotWellFormed),
            (&[0xdf], CborError::NotWellFormed),
            (&[0xff], CborError::Simple),
            (&[0xf7], CborError::Simple),
            (&[0xf9, 0, 0], CborError::Simple),
            (&[0xf8, 20], CborError::Simple),
            (&[0x61, 0xff], CborError::Encoding),
            (&[0xa1, 0x41, 0, 0], CborError::Key),
            (&[0xa1, 0xf5, 0], CborError::Key),
            (&[0xc0, 1], CborError::Tag),
            (&[0xd8, 0x18, 0x61, b'a'], CborError::Tag),
            (&[0xa1, 0x80, 0], CborError::Key),
        ];
        for (octets, refusal) in table {
            assert_eq!(judged(octets).0, Err(refusal), "{octets:x?}");
        }
    }

    #[test]
    fn the_narrow_form_passes() {
        let table: [&[u8]; 8] = [
            &[0x80],
            &[0xa0],
            &[0x82, 0xa0, 0x80],
            &[0xf4],
            &[0xf6],
            &[0x18, 24],
            &[0xa2, 1, 0x80, 0x20, 0xd8, 0x18, 0x41, 0xa0],
            &[0x81, 0xd9, 0x03, 0xec, 0x6a, b'2', b'0', b'2', b'6', b'-', b'0', b'1', b'-', b'0', b'1'],
        ];
        for octets in table {
            assert_eq!(judged(octets).0, Ok(()), "{octets:x?}");
        }
        let deep = [vec![0x81; 15], vec![0x80]].concat();
        assert_eq!(judged(&deep).0, Ok(()));
    }
}
