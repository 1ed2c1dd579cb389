//! As much of DER (X.690) as a certificate needs.

/// Tags (X.690 section 8).
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const NULL: u8 = 0x05;
pub(crate) const OID: u8 = 0x06;
pub(crate) const UTF8_STRING: u8 = 0x0c;
pub(crate) const UTC_TIME: u8 = 0x17;
pub(crate) const GENERALIZED_TIME: u8 = 0x18;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;
/// The field `version` of a certificate.
pub(crate) const CONTEXT_0: u8 = 0xa0;

/// One value after the other.
pub(crate) struct Reader<'d>(&'d [u8]);

impl<'d> Reader<'d> {
    pub(crate) fn new(der: &'d [u8]) -> Self {
        Self(der)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many octets are left.
    pub(crate) fn left(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn next_tag(&self) -> Option<u8> {
        self.0.first().copied()
    }

    /// The content of the next value, which must have this tag.
    pub(crate) fn read(&mut self, tag: u8) -> Option<&'d [u8]> {
        self.value(tag).map(|(_, content)| content)
    }

    /// The next value with its tag and length.
    pub(crate) fn whole(&mut self, tag: u8) -> Option<&'d [u8]> {
        self.value(tag).map(|(whole, _)| whole)
    }

    fn value(&mut self, tag: u8) -> Option<(&'d [u8], &'d [u8])> {
        let (&[found, first], rest) = self.0.split_first_chunk()?;
        if found != tag {
            return None;
        }
        let (length, rest) = match first {
            0..=0x7f => (usize::from(first), rest),
            // Certificates are shorter than 16 MiB. The length has the fewest octets (section 10.1).
            0x81..=0x83 => {
                let (octets, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
                let length = octets.iter().fold(0, |length, octet| length << 8 | usize::from(*octet));
                let is_shortest = octets.first() != Some(&0) && length >= 0x80;
                (Some(length).filter(|_| is_shortest)?, rest)
            }
            _ => return None,
        };
        let (content, after) = rest.split_at_checked(length)?;
        let whole = &self.0[..self.0.len() - after.len()];
        self.0 = after;
        Some((whole, content))
    }
}

/// A value of this tag that holds these octets, one after the other.
pub(crate) fn value(tag: u8, content: &[&[u8]]) -> Vec<u8> {
    let length: usize = content.iter().map(|part| part.len()).sum();
    let mut der = vec![tag];
    let octets = length.to_be_bytes();
    let significant = &octets[octets.iter().take_while(|octet| **octet == 0).count()..];
    match significant {
        [] => der.push(0),
        [short @ 0..0x80] => der.push(*short),
        // At most eight.
        long => {
            der.push(0x80 | long.len().to_le_bytes()[0]);
            der.extend_from_slice(long);
        }
    }
    for part in content {
        der.extend_from_slice(part);
    }
    der
}

/// A positive integer of these octets, most significant first.
pub(crate) fn integer(octets: &[u8]) -> Vec<u8> {
    let significant = &octets[octets.iter().take_while(|octet| **octet == 0).count()..];
    match significant.first() {
        Some(0..0x80) => value(INTEGER, &[significant]),
        // A leading zero keeps it positive (section 8.3).
        Some(_) | None => value(INTEGER, &[&[0], significant]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for length in [0, 1, 0x7f, 0x80, 0xff, 0x100, 0xffff, 0x1_0000] {
            let content = vec![7; length];
            let der = value(SEQUENCE, &[&content]);
            let mut reader = Reader::new(&der);
            assert_eq!(reader.read(SEQUENCE), Some(content.as_slice()), "{length}");
            assert!(reader.is_empty());
        }
        assert_eq!(integer(&[0, 0]), [INTEGER, 1, 0]);
        assert_eq!(integer(&[0, 0x7f]), [INTEGER, 1, 0x7f]);
        assert_eq!(integer(&[0x80]), [INTEGER, 2, 0, 0x80]);
    }

    #[test]
    fn lengths_have_one_form() {
        for der in
            [&[0x30][..], &[0x30, 1], &[0x30, 0x80, 0, 0], &[0x30, 0x81, 1, 7], &[0x30, 0x82, 0, 0x80], &[0x31, 0]]
        {
            assert_eq!(Reader::new(der).read(SEQUENCE), None, "{der:?}");
        }
    }
}
