//! Reading what an authenticator app reads: an `otpauth:` link or a key, as Google Authenticator on
//! Android does. It takes secret, issuer and label; algorithm, digits and period it never looks at.

use data_encoding::BASE32_NOPAD;
use model::Secret;
use percent_encoding::percent_decode_str;
use url::Url;

/// The longest link, in bytes.
const LINK_BYTES: usize = 2048;
/// The longest label, in characters.
const LABEL_CHARS: usize = 128;
/// The shortest key, in bytes (RFC 4226 section 4, R6, demands sixteen of a server; apps take ten).
const KEY_BYTES_MIN: usize = 10;
/// The longest key, in bytes.
const KEY_BYTES_MAX: usize = 128;
/// What an account is called that came as a key without a name.
const NAMELESS: &str = "Kapu";

/// An account in the app.
#[derive(Debug)]
pub(super) struct Account {
    /// What the app lists it by, as `Kapu:kovacs.anna`: apps overwrite an account whose label they have.
    pub(super) label: String,
    /// The shared secret.
    pub(super) key: Secret<Vec<u8>>,
}

/// Why an app cannot read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// Nothing was typed.
    Empty,
    /// Neither a link that begins with `otpauth:` nor a key.
    Neither,
    /// A link for codes by counter, or of a type that does not exist.
    Type,
    /// A link without a label.
    Label,
    /// A link without a key.
    NoKey,
    /// The key holds a character that no key has.
    KeyCharacter,
    /// The key is too short or too long.
    KeyLength,
}

/// Reads what was pasted. `name` is for a key that came alone; a link brings its own.
pub(super) fn read(pasted: &str, name: &str) -> Result<Account, Unreadable> {
    let pasted = pasted.trim();
    if pasted.is_empty() {
        return Err(Unreadable::Empty);
    }
    if pasted.len() > LINK_BYTES {
        return Err(Unreadable::Neither);
    }
    let scheme = pasted.split_once(':').map(|(scheme, _)| scheme);
    match scheme {
        Some(scheme) if scheme.eq_ignore_ascii_case("otpauth") => link(pasted),
        Some(_) => Err(Unreadable::Neither),
        None => {
            let name = name.trim();
            let label = label_of(if name.is_empty() { NAMELESS } else { name })?;
            Ok(Account { label, key: key(pasted)? })
        }
    }
}

fn link(pasted: &str) -> Result<Account, Unreadable> {
    let url = Url::parse(pasted).map_err(|_| Unreadable::Neither)?;
    if url.host_str() != Some("totp") {
        return Err(Unreadable::Type);
    }
    let path = percent_decode_str(url.path()).decode_utf8().map_err(|_| Unreadable::Label)?;
    let path = path.trim_start_matches('/').trim();
    let parameter = |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    let secret = parameter("secret").filter(|secret| !secret.trim().is_empty()).ok_or(Unreadable::NoKey)?;
    let label = match parameter("issuer") {
        Some(issuer) if !path.contains(':') && !path.is_empty() => format!("{}:{path}", issuer.trim()),
        Some(_) | None => path.to_owned(),
    };
    Ok(Account { label: label_of(&label)?, key: key(&secret)? })
}

fn label_of(text: &str) -> Result<String, Unreadable> {
    let fits = !text.is_empty() && text.chars().count() <= LABEL_CHARS && !text.chars().any(char::is_control);
    if fits { Ok(text.to_owned()) } else { Err(Unreadable::Label) }
}

/// A key in base32 (RFC 4648 section 6) as people copy it: any case, in groups, padded or not.
fn key(text: &str) -> Result<Secret<Vec<u8>>, Unreadable> {
    let key: String =
        text.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| c.to_ascii_uppercase()).collect();
    let key = key.trim_end_matches('=');
    if !key.bytes().all(|b| matches!(b, b'A'..=b'Z' | b'2'..=b'7')) {
        return Err(Unreadable::KeyCharacter);
    }
    let key = BASE32_NOPAD.decode(key.as_bytes()).map_err(|_| Unreadable::KeyLength)?;
    if (KEY_BYTES_MIN..=KEY_BYTES_MAX).contains(&key.len()) { Ok(Secret::new(key)) } else { Err(Unreadable::KeyLength) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238's key: `12345678901234567890`.
    const KEY: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    fn label(pasted: &str, name: &str) -> Result<String, Unreadable> {
        let account = read(pasted, name)?;
        assert_eq!(account.key.expose(), b"12345678901234567890", "{pasted:?}");
        Ok(account.label)
    }

    #[test]
    fn links_and_keys_are_read_as_an_app_reads_them() {
        let with = |before: &str, after: &str| format!("{before}{KEY}{after}");
        #[rustfmt::skip]
        let table = [
            (with("otpauth://totp/Kapu:kovacs.anna?secret=", "&issuer=Kapu"),         "",      "Kapu:kovacs.anna"),
            (with("otpauth://totp/Kapu:anna%20(2)?secret=", "&issuer=Kapu"),          "",      "Kapu:anna (2)"),
            (with("otpauth://totp/Kapu%3Aanna?secret=", "&issuer=Kapu"),              "",      "Kapu:anna"),
            (with("  OTPAUTH://totp/anna?secret=", "\n"),                             "x",     "anna"),
            (with("otpauth://totp/anna?issuer=Kapu&secret=", ""),                     "",      "Kapu:anna"),
            (with("otpauth://totp/Kapu:anna?secret=", "&issuer=Other"),               "",      "Kapu:anna"),
            (with("otpauth://totp/a?secret=", "&algorithm=SHA512&digits=8&period=60"), "",     "a"),
            (with("otpauth://totp/a?secret=", "&secret=AAAA"),                        "",      "a"),
            (with("otpauth://totp/a?secret=", "%3D%3D%3D"),                           "",      "a"),
            (KEY.to_owned(),                                                          "",      "Kapu"),
            (KEY.to_lowercase(),                                                      " anna ", "anna"),
            ("GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ".to_owned(),                    "anna",  "anna"),
            ("gezd-gnbv-gy3t-qojq-gezd-gnbv-gy3t-qojq".to_owned(),                    "anna",  "anna"),
        ];
        for (pasted, name, expected) in table {
            assert_eq!(label(&pasted, name).as_deref(), Ok(expected), "{pasted:?}");
        }
    }

    #[test]
    fn what_no_app_reads_is_refused_with_its_reason() {
        let long = format!("otpauth://totp/a?secret={}", "A".repeat(LINK_BYTES));
        let wide = format!("otpauth://totp/{}?secret={KEY}", "a".repeat(LABEL_CHARS + 1));
        #[rustfmt::skip]
        let table = [
            ("",                                           Unreadable::Empty),
            (" \n",                                        Unreadable::Empty),
            ("https://kau.localhost:8080/",                Unreadable::Neither),
            ("otpauth-migration://offline?data=AAAA",      Unreadable::Neither),
            ("javascript:alert(1)",                        Unreadable::Neither),
            (&long,                                        Unreadable::Neither),
            ("otpauth://hotp/a?secret=GEZDGNBVGY3TQOJQ&counter=1", Unreadable::Type),
            ("otpauth://TOTP/a?secret=GEZDGNBVGY3TQOJQ",   Unreadable::Type),
            ("otpauth:totp/a?secret=GEZDGNBVGY3TQOJQ",     Unreadable::Type),
            ("otpauth://totp/?secret=GEZDGNBVGY3TQOJQ",    Unreadable::Label),
            ("otpauth://totp/%FF?secret=GEZDGNBVGY3TQOJQ", Unreadable::Label),
            ("otpauth://totp/a%0Ab?secret=GEZDGNBVGY3TQOJQ", Unreadable::Label),
            (&wide,                                        Unreadable::Label),
            ("otpauth://totp/a",                           Unreadable::NoKey),
            ("otpauth://totp/a?secret=",                   Unreadable::NoKey),
            ("otpauth://totp/a?Secret=GEZDGNBVGY3TQOJQ",   Unreadable::NoKey),
            ("otpauth://totp/a?secret=GEZDGNBVGY3TQOJ1",   Unreadable::KeyCharacter),
            ("hatjegyű kód",                               Unreadable::KeyCharacter),
            ("123456",                                     Unreadable::KeyCharacter),
            ("GEZDGNBV",                                   Unreadable::KeyLength),
            ("GEZDGNBVGY3TQOJQG",                          Unreadable::KeyLength),
        ];
        for (pasted, reason) in table {
            assert_eq!(read(pasted, "").map(|account| account.label), Err(reason), "{pasted:?}");
        }
        let huge = "A".repeat(KEY_BYTES_MAX * 2);
        assert_eq!(read(&huge, "").map(|account| account.label), Err(Unreadable::KeyLength));
    }
}
