//! Codes by time (RFC 6238) as authenticator apps compute them: SHA-1, six digits, thirty seconds.
//!
//! Written here and not shared with Kapu, as a phone's is not.

use aws_lc_rs::hmac;
use model::Timestamp;

/// How long a code is shown, in seconds.
const STEP: i64 = 30;

/// The code at an instant, and for how many more seconds it is shown (1 to 30).
pub(super) fn at(key: &[u8], now: Timestamp) -> (String, i64) {
    let step = now.seconds().div_euclid(STEP);
    let left = STEP - now.seconds().rem_euclid(STEP);
    (hotp(key, step.unsigned_abs()), left)
}

/// RFC 4226 section 5.3.
fn hotp(key: &[u8], counter: u64) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key);
    let tag = hmac::sign(&key, &counter.to_be_bytes());
    let tag = tag.as_ref();
    let offset = usize::from(tag.last().map_or(0, |last| last & 0x0f));
    let truncated = tag.iter().skip(offset).take(4).fold(0_u32, |number, byte| (number << 8) | u32::from(*byte));
    format!("{:06}", (truncated & 0x7fff_ffff) % 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &[u8] = b"12345678901234567890";

    #[test]
    fn codes_are_those_of_rfc_4226_appendix_d() {
        let codes =
            ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"];
        for (counter, code) in (0..).zip(codes) {
            assert_eq!(hotp(KEY, counter), code, "{counter}");
        }
    }

    #[test]
    fn codes_are_the_last_six_digits_of_rfc_6238_appendix_b() {
        #[rustfmt::skip]
        let table = [
            (59,             "287082", 1),
            (1_111_111_109,  "081804", 1),
            (1_111_111_111,  "050471", 29),
            (1_234_567_890,  "005924", 30),
            (2_000_000_000,  "279037", 10),
            (20_000_000_000, "353130", 10),
        ];
        for (seconds, code, left) in table {
            assert_eq!(at(KEY, Timestamp::from_seconds(seconds)), (code.to_owned(), left), "{seconds}");
        }
    }
}
