//! Lists that are read, and those that are not.

use std::io::Write;

use data_encoding::BASE64URL_NOPAD;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use jose::JwsError;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::samples::{Authority, Certified, NOW, judge, signer_params};

const URI: &str = "https://issuer.example/status/1";

fn statuses(list: &StatusList, count: u64) -> Vec<u8> {
    (0..count).map(|index| list.status(index).unwrap().number()).collect()
}

/// Section 4.1, and the two lists of section 4.2.
#[test]
fn the_published_lists_are_read() {
    let one = StatusList::inflated(Bits::One, "eNrbuRgAAhcBXQ").unwrap();
    assert_eq!(statuses(&one, 16), [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1]);
    assert_eq!(one.status(16), Err(StatusListFault::OutOfRange));
    let two = StatusList::inflated(Bits::Two, "eNo76fITAAPfAgc").unwrap();
    assert_eq!(statuses(&two, 12), [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3]);
    assert_eq!(two.status(3), Ok(Status::Other(3)));
    assert_eq!(two.status(12), Err(StatusListFault::OutOfRange));
    assert_eq!(two.status(u64::MAX), Err(StatusListFault::OutOfRange));
}

#[test]
fn an_entry_holds_what_fits_into_it() {
    for bits in [Bits::One, Bits::Two, Bits::Four, Bits::Eight] {
        let mut list = StatusList::new(bits, 20).unwrap();
        let most = u8::try_from((1_u32 << bits.number()) - 1).unwrap();
        list.set(7, Status::of_number(most)).unwrap();
        list.set(19, Status::Revoked).unwrap();
        for index in 0..20 {
            let expected = match index {
                7 => Status::of_number(most),
                19 => Status::Revoked,
                _ => Status::Valid,
            };
            assert_eq!(list.status(index), Ok(expected), "{bits:?} {index}");
        }
        list.set(7, Status::Valid).unwrap();
        assert_eq!(list.status(7), Ok(Status::Valid));
        assert_eq!(list.set(1000, Status::Valid), Err(StatusListFault::OutOfRange));
        if bits != Bits::Eight {
            assert_eq!(list.set(0, Status::Other(most + 1)), Err(StatusListFault::Value));
        }
    }
    assert_eq!(StatusList::new(Bits::One, u64::MAX), Err(StatusListFault::TooLong));
}

fn issuer() -> (Authority, Certified) {
    let anchor = Authority::new("IACA");
    let issuer = anchor.certify(&signer_params("Issuer"));
    (anchor, issuer)
}

fn token(list: StatusList) -> StatusListToken {
    StatusListToken { uri: URI.to_owned(), issued_at: NOW - 10, expires_at: Some(NOW + 3600), ttl: Some(300), list }
}

#[test]
fn v07_a_signed_list_says_which_credentials_are_revoked_or_suspended() {
    let (anchor, issuer) = issuer();
    let mut list = StatusList::new(Bits::Two, 1000).unwrap();
    list.set(412, Status::Revoked).unwrap();
    list.set(413, Status::Suspended).unwrap();
    let signed = token(list).sign(&issuer.key, &issuer.chain).unwrap();
    let expected = StatusListExpected { uri: URI, now: NOW };
    let read = StatusListToken::verify(&signed, &expected, judge(&anchor.trusted())).unwrap();
    let found: Vec<_> = [411, 412, 413, 1000].iter().map(|index| read.list.status(*index)).collect();
    let out = Err(StatusListFault::OutOfRange);
    assert_eq!(found, [Ok(Status::Valid), Ok(Status::Revoked), Ok(Status::Suspended), out]);
    assert_eq!(read.fresh_until(NOW), NOW + 300);
    assert_eq!(read.fresh_until(NOW + 3590), NOW + 3600);
    let other = StatusListExpected { uri: "https://issuer.example/status/2", now: NOW };
    let result = StatusListToken::verify(&signed, &other, judge(&anchor.trusted()));
    assert_eq!(result, Err(StatusListFault::Subject));
    let stranger = Authority::new("IACA").trusted();
    let result = StatusListToken::verify(&signed, &expected, judge(&stranger));
    assert_eq!(result, Err(StatusListFault::Chain(ChainFault::Unknown)));
}

#[test]
fn v07_a_list_out_of_its_time_or_form_is_refused() {
    let (anchor, issuer) = issuer();
    let verify = |typ: &str, change: Value| {
        let mut claims = json!({
            "sub": URI, "iat": NOW, "status_list": {"bits": 1, "lst": "eNrbuRgAAhcBXQ"},
        });
        claims.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let signed = issuer.key.sign_with_chain(typ, &issuer.chain, &claims).unwrap();
        let expected = StatusListExpected { uri: URI, now: NOW };
        StatusListToken::verify(&signed, &expected, judge(&anchor.trusted())).err()
    };
    let list = |bits: u64, lst: &str| json!({"status_list": {"bits": bits, "lst": lst}});
    #[rustfmt::skip]
    let rows = [
        (json!({}),                                     None),
        (json!({"exp": NOW + 1}),                       None),
        (json!({"exp": NOW}),                           Some(StatusListFault::Time)),
        (json!({"iat": NOW + LIST_AHEAD_MAX + 1}),      Some(StatusListFault::Time)),
        (json!({"iat": null}),                          Some(StatusListFault::Token(JwsError::Payload))),
        (json!({"ttl": "long"}),                        Some(StatusListFault::Token(JwsError::Payload))),
        (json!({"status_list": {}}),                    Some(StatusListFault::Token(JwsError::Payload))),
        (list(3, "eNrbuRgAAhcBXQ"),                     Some(StatusListFault::Bits)),
        (list(0, "eNrbuRgAAhcBXQ"),                     Some(StatusListFault::Bits)),
        (list(1, "eNrbuRgAAhcBXQ="),                    Some(StatusListFault::Compression)),
        (list(1, "eNrbuRgAAhcBXQAA"),                   Some(StatusListFault::Compression)),
        (list(1, "eNrbuRgAAhcBX"),                      Some(StatusListFault::Compression)),
        (list(1, "uaM"),                                Some(StatusListFault::Compression)),
        (list(1, ""),                                   Some(StatusListFault::Compression)),
    ];
    for (change, fault) in rows {
        assert_eq!(verify("statuslist+jwt", change.clone()), fault, "{change}");
    }
    assert_eq!(verify("JWT", json!({})), Some(StatusListFault::Token(JwsError::Type)));
}

#[test]
fn a_list_is_kept_as_long_as_its_issuer_and_we_say() {
    let list = StatusList::new(Bits::One, 8).unwrap();
    for (ttl, expires_at, until) in [
        (None, None, 1),
        (Some(300), None, 300),
        (None, Some(NOW + 50), 50),
        (Some(300), Some(NOW + 50), 50),
        (Some(i64::MAX), None, LIST_AGE_MAX),
        (None, Some(i64::MAX), LIST_AGE_MAX),
        (Some(-5), None, 1),
    ] {
        let token = StatusListToken { expires_at, ttl, ..token(list.clone()) };
        assert_eq!(token.fresh_until(NOW) - NOW, until, "{ttl:?} {expires_at:?}");
    }
}

#[test]
fn a_bomb_is_not_inflated() {
    let zeros = vec![0; 64 * 1024 * 1024];
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&zeros).unwrap();
    let bomb = BASE64URL_NOPAD.encode(&encoder.finish().unwrap());
    assert!(bomb.len() < 100_000);
    assert_eq!(StatusList::inflated(Bits::One, &bomb), Err(StatusListFault::TooLong));
    let most = StatusList::new(Bits::Eight, u64::try_from(LIST_BYTES_MAX).unwrap()).unwrap();
    assert_eq!(StatusList::inflated(Bits::Eight, &most.compressed().unwrap()), Ok(most));
}

#[test]
fn a_million_entries_travel() {
    let (anchor, issuer) = issuer();
    let mut list = StatusList::new(Bits::One, 1_000_000).unwrap();
    for index in (0..1_000_000).step_by(97) {
        list.set(index, Status::Revoked).unwrap();
    }
    let signed = token(list).sign(&issuer.key, &issuer.chain).unwrap();
    let expected = StatusListExpected { uri: URI, now: NOW };
    let read = StatusListToken::verify(&signed, &expected, judge(&anchor.trusted())).unwrap();
    assert_eq!(read.list.status(970), Ok(Status::Revoked));
    assert_eq!(read.list.status(999_999), Ok(Status::Valid));
}

proptest! {
    #[test]
    fn a_list_survives_its_compressed_form(entries in prop::collection::vec(0_u8..4, 1..500)) {
        let mut list = StatusList::new(Bits::Two, u64::try_from(entries.len()).unwrap()).unwrap();
        for (index, number) in (0..).zip(&entries) {
            list.set(index, Status::of_number(*number)).unwrap();
        }
        let read = StatusList::inflated(Bits::Two, &list.compressed().unwrap()).unwrap();
        prop_assert_eq!(statuses(&read, u64::try_from(entries.len()).unwrap()), entries);
    }

    #[test]
    fn any_text_is_read_without_a_panic(octets in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = StatusList::inflated(Bits::One, &BASE64URL_NOPAD.encode(&octets));
    }
}
