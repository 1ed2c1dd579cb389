//! A QR code (ISO/IEC 18004) as the path of an inline SVG, made in this process.

use std::fmt::{self, Write};

use qrcode::{Color, EcLevel};

/// Empty modules on every side, as the standard asks.
const QUIET_ZONE: usize = 4;

/// The dark modules of a QR code. It may carry a key: shown once, never logged.
pub struct QrCode {
    /// Modules of a side, the quiet zone included: the SVG's `viewBox` is `0 0 size size`.
    pub size: usize,
    /// The `d` of one SVG path: a rectangle for each run of dark modules in a row.
    pub path: String,
}

/// The text is longer than the largest QR code holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the text is too long for a QR code")]
pub struct TextTooLong;

impl QrCode {
    /// The code of `text`, with error correction M (15 % may be unreadable).
    ///
    /// # Errors
    ///
    /// [`TextTooLong`] beyond 2331 bytes.
    pub fn of(text: &str) -> Result<Self, TextTooLong> {
        let code = qrcode::QrCode::with_error_correction_level(text, EcLevel::M).map_err(|_| TextTooLong)?;
        let mut path = String::new();
        for (y, row) in (QUIET_ZONE..).zip(code.to_colors().chunks(code.width())) {
            let mut x = QUIET_ZONE;
            for run in row.chunk_by(|one, next| one == next) {
                let width = run.len();
                if run[0] == Color::Dark {
                    // Writing to a string cannot fail.
                    let _written = write!(path, "M{x} {y}h{width}v1h-{width}z");
                }
                x += width;
            }
        }
        Ok(Self { size: code.width() + 2 * QUIET_ZONE, path })
    }
}

impl fmt::Debug for QrCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("QrCode(…)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Paints the path and reads it with another implementation.
    fn read(code: &QrCode) -> String {
        let mut dark = vec![false; code.size * code.size];
        for run in code.path.split_terminator('z') {
            let (corner, size) = run.strip_prefix('M').unwrap().split_once('h').unwrap();
            let (x, y) = corner.split_once(' ').unwrap();
            let [x, y]: [usize; 2] = [x, y].map(|number| number.parse().unwrap());
            let (width, back) = size.split_once("v1h-").unwrap();
            assert_eq!(width, back, "a closed rectangle");
            let start = y * code.size + x;
            dark[start..start + width.parse::<usize>().unwrap()].fill(true);
        }
        let pixels = 4;
        let side = code.size * pixels;
        let shade = |x, y| if dark[y / pixels * code.size + x / pixels] { 0 } else { 255 };
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(side, side, shade);
        let grids = image.detect_grids();
        assert_eq!(grids.len(), 1);
        grids[0].decode().unwrap().1
    }

    #[test]
    fn t22_a_reader_finds_the_whole_uri() {
        let uri = "otpauth://totp/Kapu:kovacs.anna%20(2)?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Kapu&algorithm=SHA1&digits=6&period=30";
        assert_eq!(read(&QrCode::of(uri).unwrap()), uri);
    }

    #[test]
    fn four_modules_on_every_side_stay_empty() {
        let code = QrCode::of("Kapu").unwrap();
        assert_eq!(code.size, 21 + 8, "version 1");
        // The corner of the upper left finder pattern.
        assert!(code.path.starts_with("M4 4h7v1h-7z"), "{}", code.path);
    }

    #[test]
    fn more_than_the_largest_code_holds_is_refused() {
        assert!(QrCode::of(&"a".repeat(2331)).is_ok());
        assert_eq!(QrCode::of(&"a".repeat(2332)).unwrap_err(), TextTooLong);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20))]
        #[test]
        fn any_text_is_read_back(text in "[ -~]{1,200}") {
            prop_assert_eq!(read(&QrCode::of(&text).unwrap()), text);
        }
    }
}
