//! The entries, and their compressed form (section 4).

use std::fmt;
use std::io::{Read, Write};

use data_encoding::BASE64URL_NOPAD;
use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;

use super::{LIST_BYTES_MAX, Status, StatusListFault};

/// How hard repetitions are looked for. Single bits at random places have few: of a million entries with 1 % revoked, the
/// usual level 6 takes ten times as long for 15 % fewer bytes, and with 10 % as long for 2 %.
const COMPRESSION: Compression = Compression::new(2);

/// The size of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Bits {
    /// One bit: valid or revoked.
    One,
    /// Two bits.
    Two,
    /// Four bits.
    Four,
    /// Eight bits.
    Eight,
}

/// A list of states.
#[derive(Clone, PartialEq, Eq)]
pub struct StatusList {
    bits: Bits,
    bytes: Vec<u8>,
}

impl Bits {
    /// Its number.
    pub const fn number(self) -> u8 {
        match self {
            Bits::One => 1,
            Bits::Two => 2,
            Bits::Four => 4,
            Bits::Eight => 8,
        }
    }

    /// The size of this number of bits.
    pub const fn of_number(number: u64) -> Option<Self> {
        match number {
            1 => Some(Bits::One),
            2 => Some(Bits::Two),
            4 => Some(Bits::Four),
            8 => Some(Bits::Eight),
            _ => None,
        }
    }

    const fn in_a_byte(self) -> u64 {
        8 / self.number() as u64
    }

    const fn mask(self) -> u8 {
        0xff >> (8 - self.number())
    }
}

impl StatusList {
    /// A list of at least `entries` states, all valid.
    ///
    /// # Errors
    ///
    /// [`StatusListFault::TooLong`].
    pub fn new(bits: Bits, entries: u64) -> Result<Self, StatusListFault> {
        let bytes = usize::try_from(entries.div_ceil(bits.in_a_byte())).map_err(|_| StatusListFault::TooLong)?;
        if bytes > LIST_BYTES_MAX {
            return Err(StatusListFault::TooLong);
        }
        Ok(Self { bits, bytes: vec![0; bytes] })
    }

    /// The size of an entry.
    pub fn bits(&self) -> Bits {
        self.bits
    }

    /// The state at `index`.
    ///
    /// # Errors
    ///
    /// [`StatusListFault::OutOfRange`]: nobody may take such a credential for good.
    pub fn status(&self, index: u64) -> Result<Status, StatusListFault> {
        let (at, shift) = self.place(index)?;
        Ok(Status::of_number(self.bytes[at] >> shift & self.bits.mask()))
    }

    /// Sets the state at `index`.
    ///
    /// # Errors
    ///
    /// [`StatusListFault::OutOfRange`]; [`StatusListFault::Value`] for a state that an entry cannot hold.
    pub fn set(&mut self, index: u64, status: Status) -> Result<(), StatusListFault> {
        let (at, shift) = self.place(index)?;
        let (number, mask) = (status.number(), self.bits.mask());
        if number > mask {
            return Err(StatusListFault::Value);
        }
        self.bytes[at] = self.bytes[at] & !(mask << shift) | number << shift;
        Ok(())
    }

    /// The byte of an entry, and how far it is from that byte's least significant bit, where the first one is.
    fn place(&self, index: u64) -> Result<(usize, u64), StatusListFault> {
        let in_a_byte = self.bits.in_a_byte();
        let at = usize::try_from(index / in_a_byte).ok().filter(|at| *at < self.bytes.len());
        let at = at.ok_or(StatusListFault::OutOfRange)?;
        Ok((at, index % in_a_byte * u64::from(self.bits.number())))
    }

    /// The value of `lst`.
    pub(super) fn compressed(&self) -> Option<String> {
        let mut encoder = ZlibEncoder::new(Vec::new(), COMPRESSION);
        encoder.write_all(&self.bytes).ok()?;
        Some(BASE64URL_NOPAD.encode(&encoder.finish().ok()?))
    }

    /// Reads the value of `lst`, at most [`LIST_BYTES_MAX`] of it.
    pub(super) fn inflated(bits: Bits, lst: &str) -> Result<Self, StatusListFault> {
        let compressed = BASE64URL_NOPAD.decode(lst.as_bytes()).map_err(|_| StatusListFault::Compression)?;
        let mut decoder = ZlibDecoder::new(compressed.as_slice());
        let mut bytes = Vec::new();
        // One byte more than allowed shows that there is more, without inflating it.
        let most = u64::try_from(LIST_BYTES_MAX + 1).unwrap_or(u64::MAX);
        decoder.by_ref().take(most).read_to_end(&mut bytes).map_err(|_| StatusListFault::Compression)?;
        if bytes.len() > LIST_BYTES_MAX {
            return Err(StatusListFault::TooLong);
        }
        if usize::try_from(decoder.total_in()) != Ok(compressed.len()) {
            return Err(StatusListFault::Compression);
        }
        Ok(Self { bits, bytes })
    }
}

impl fmt::Debug for StatusList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StatusList").field("bits", &self.bits).field("bytes", &self.bytes.len()).finish()
    }
}
