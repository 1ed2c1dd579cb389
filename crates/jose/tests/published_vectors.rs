//! The signed examples of RFC 7515 and RFC 7520.

use jose::{Algorithm, Expected, JwkSet, JwsError, TokenType, verify};

fn keys(key: &str) -> JwkSet {
    JwkSet::parse(format!(r#"{{"keys":[{key}]}}"#).as_bytes()).unwrap()
}

fn check(token: &str, key: &str, algorithms: &[Algorithm]) -> Result<Vec<u8>, JwsError> {
    let expected = Expected { typ: TokenType::AbsentOr(&[]), algorithms, keys: &keys(key) };
    verify(token, &expected).map(|verified| verified.payload().to_vec())
}

const JOE: &[u8] = b"{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}";

const A2_KEY: &str = r#"{"kty":"RSA","e":"AQAB","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"}"#;
const A2_TOKEN: &str = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";

const A3_KEY: &str = r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#;
const A3_TOKEN: &str = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

/// RFC 7515 appendix A.5 and A.1: not signed, and signed with a shared secret.
const A5_TOKEN: &str = "eyJhbGciOiJub25lIn0.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.";
const A1_TOKEN: &str = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
/// RFC 7515 appendix E: a critical extension that nobody knows.
const CRITICAL_TOKEN: &str = "eyJhbGciOiJub25lIiwNCiAiY3JpdCI6WyJodHRwOi8vZXhhbXBsZS5jb20vVU5ERUZJTkVEIl0sDQogImh0dHA6Ly9leGFtcGxlLmNvbS9VTkRFRklORUQiOnRydWUNCn0.RkFJTA.";

const BILBO_KEY: &str = r#"{"kty":"RSA","kid":"bilbo.baggins@hobbiton.example","use":"sig","e":"AQAB","n":"n4EPtAOCc9AlkeQHPzHStgAbgs7bTZLwUBZdR8_KuKPEHLd4rHVTeT-O-XV2jRojdNhxJWTDvNd7nqQ0VEiZQHz_AJmSCpMaJMRBSFKrKb2wqVwGU_NsYOYL-QtiWN2lbzcEe6XC0dApr5ydQLrHqkHHig3RBordaZ6Aj-oBHqFEHYpPe7Tpe-OfVfHd1E6cS6M1FZcD1NNLYD5lFHpPI9bTwJlsde3uhGqC0ZCuEHg8lhzwOHrtIQbS0FVbb9k3-tVTU4fg_3L_vniUFAKwuCLqKnS2BYwdq_mzSnbLY7h_qixoR7jig3__kRhuaxwUkRz5iaiQkqgc5gHdrNP5zw"}"#;
/// RFC 7520 section 4.1.
const BILBO_TOKEN: &str = "eyJhbGciOiJSUzI1NiIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9.SXTigJlzIGEgZGFuZ2Vyb3VzIGJ1c2luZXNzLCBGcm9kbywgZ29pbmcgb3V0IHlvdXIgZG9vci4gWW91IHN0ZXAgb250byB0aGUgcm9hZCwgYW5kIGlmIHlvdSBkb24ndCBrZWVwIHlvdXIgZmVldCwgdGhlcmXigJlzIG5vIGtub3dpbmcgd2hlcmUgeW91IG1pZ2h0IGJlIHN3ZXB0IG9mZiB0by4.MRjdkly7_-oTPTS3AXP41iQIGKa80A0ZmTuV5MEaHoxnW2e5CZ5NlKtainoFmKZopdHM1O2U4mwzJdQx996ivp83xuglII7PNDi84wnB-BDkoBwA78185hX-Es4JIwmDLJK3lfWRa-XtL0RnltuYv746iYTh_qHRD68BNt1uSNCrUCTJDt5aAE6x8wW1Kt9eRo4QPocSadnHXFxnt8Is9UzpERV0ePPQdLuW3IS_de3xyIrDaLGdjluPxUAhb6L2aXic1U12podGU0KLUQSE_oI-ZnmKJ3F4uOZDnd6QZWJushZ41Axf_fcIe8u9ipH84ogoree7vjbU5y18kDquDg";

#[test]
fn the_rs256_example_of_rfc_7515_a_2_is_good() {
    assert_eq!(check(A2_TOKEN, A2_KEY, &Algorithm::ALL).as_deref(), Ok(JOE));
}

#[test]
fn the_es256_example_of_rfc_7515_a_3_is_good() {
    assert_eq!(check(A3_TOKEN, A3_KEY, &Algorithm::ALL).as_deref(), Ok(JOE));
}

#[test]
fn the_rs256_example_of_rfc_7520_4_1_is_good() {
    let payload = check(BILBO_TOKEN, BILBO_KEY, &Algorithm::ALL).unwrap();
    let text = String::from_utf8(payload).unwrap();
    assert!(text.starts_with("It’s a dangerous business, Frodo,") && text.ends_with("swept off to."), "{text}");
}

#[test]
fn an_example_is_refused_where_its_algorithm_or_key_is_not_expected() {
    let without_rs256 = [Algorithm::Es256, Algorithm::Ps256];
    assert_eq!(check(A2_TOKEN, A2_KEY, &without_rs256), Err(JwsError::Algorithm));
    assert_eq!(check(A2_TOKEN, BILBO_KEY, &Algorithm::ALL), Err(JwsError::Signature));
    assert_eq!(check(A2_TOKEN, A3_KEY, &Algorithm::ALL), Err(JwsError::UnknownKey));
    let for_pss = A2_KEY.replacen('{', r#"{"alg":"PS256","#, 1);
    assert_eq!(check(A2_TOKEN, &for_pss, &Algorithm::ALL), Err(JwsError::UnknownKey));
}

#[test]
fn what_is_unsigned_or_signed_with_a_shared_secret_is_refused() {
    assert_eq!(check(A5_TOKEN, A3_KEY, &Algorithm::ALL), Err(JwsError::Algorithm));
    let typed = Expected { typ: TokenType::AbsentOr(&["JWT"]), algorithms: &Algorithm::ALL, keys: &keys(A2_KEY) };
    assert_eq!(verify(A1_TOKEN, &typed), Err(JwsError::Algorithm));
    assert_eq!(check(CRITICAL_TOKEN, A3_KEY, &Algorithm::ALL), Err(JwsError::RefusedMember));
}
