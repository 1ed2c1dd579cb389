//! The named limits and times of the gateway, in one place (`decisions.md` section 7).

use std::time::Duration;

const fn days(n: u64) -> Duration {
    Duration::from_hours(24 * n)
}

/// An enrolment session and its pending key, after the last accepted step.
pub const ENROLMENT_IDLE: Duration = Duration::from_mins(10);
/// An enrolment session in all.
pub const ENROLMENT_TOTAL: Duration = Duration::from_mins(30);
/// A sign-in under way at the broker.
pub const TRANSACTION: Duration = Duration::from_mins(30);
/// The same while the person enrols.
pub const TRANSACTION_WHILE_ENROLLING: Duration = Duration::from_hours(1);
/// An account or single sign-on session without use.
pub const SESSION_IDLE: Duration = Duration::from_mins(15);
/// An account or single sign-on session in all.
pub const SESSION_TOTAL: Duration = Duration::from_hours(8);
/// After the right password, for the code.
pub const CODE_AFTER_PASSWORD: Duration = Duration::from_mins(10);
/// The mailed contact code.
pub const CONTACT_CODE: Duration = Duration::from_mins(10);
/// Wrong tries of one contact code.
pub const CONTACT_CODE_TRIES: u32 = 5;
/// Contact codes mailed to one person in [`CONTACT_CODES_WINDOW`].
pub const CONTACT_CODES: u32 = 3;
/// See [`CONTACT_CODES`].
pub const CONTACT_CODES_WINDOW: Duration = Duration::from_hours(1);
/// The mailed code that activates a new account.
pub const ACTIVATION_CODE: Duration = days(5);
/// Wrong tries of one activation code.
pub const ACTIVATION_CODE_TRIES: u32 = 5;
/// An authorization code (RFC 6749 section 4.1.2 advises at most ten minutes).
pub const AUTHORIZATION_CODE: Duration = Duration::from_secs(30);
/// An ID token.
pub const ID_TOKEN: Duration = Duration::from_mins(1);
/// An access token.
pub const ACCESS_TOKEN: Duration = Duration::from_mins(5);
/// How long a fresh proof (password and live code) lets a person change the factors.
pub const FRESH_PROOF: Duration = Duration::from_mins(5);
/// Wrong passwords of one account from one network in [`PASSWORD_WINDOW`].
pub const PASSWORD_TRIES: u32 = 10;
/// See [`PASSWORD_TRIES`].
pub const PASSWORD_WINDOW: Duration = Duration::from_mins(15);
/// Wrong passwords of one account from unknown devices in [`PASSWORD_LONG_WINDOW`].
pub const PASSWORD_LONG_TRIES: u32 = 100;
/// See [`PASSWORD_LONG_TRIES`].
pub const PASSWORD_LONG_WINDOW: Duration = days(30);
/// Wrong passwords of one account from one known device in [`KNOWN_DEVICE_WINDOW`].
pub const KNOWN_DEVICE_TRIES: u32 = 20;
/// See [`KNOWN_DEVICE_TRIES`].
pub const KNOWN_DEVICE_WINDOW: Duration = days(1);
/// How long a device is remembered as known after its last full sign-in.
pub const KNOWN_DEVICE: Duration = days(365);
/// Wrong authenticator codes in a row before the person is sent back to the password.
pub const TOTP_TRIES: u32 = 5;
/// The first wait after [`TOTP_TRIES`]; it doubles each time.
pub const TOTP_WAIT: Duration = Duration::from_mins(1);
/// The longest wait.
pub const TOTP_WAIT_MAX: Duration = Duration::from_mins(15);
/// Wrong authenticator codes since the last success that freeze the authenticator.
pub const TOTP_FREEZE: u32 = 20;
/// Wrong authenticator codes in [`TOTP_YEAR`] that freeze the authenticator, successes between or not.
pub const TOTP_YEAR_TRIES: u32 = 100;
/// See [`TOTP_YEAR_TRIES`].
pub const TOTP_YEAR: Duration = days(365);
/// Wrong codes at set-up before the pending key is destroyed.
pub const SETUP_CODE_TRIES: u32 = 5;
/// Enrolments begun by one person in a day.
pub const ENROLMENTS_A_DAY: u32 = 20;
/// Wrong deletion codes in [`DELETION_CODE_WINDOW`].
pub const DELETION_CODE_TRIES: u32 = 5;
/// See [`DELETION_CODE_TRIES`].
pub const DELETION_CODE_WINDOW: Duration = Duration::from_hours(24);
/// Wrong deletion codes in [`DELETION_CODE_YEAR`].
pub const DELETION_CODE_YEAR_TRIES: u32 = 20;
/// See [`DELETION_CODE_YEAR_TRIES`].
pub const DELETION_CODE_YEAR: Duration = days(365);
/// Wrong client secrets of one client from one network in [`CLIENT_SECRET_WINDOW`].
pub const CLIENT_SECRET_TRIES: u32 = 100;
/// See [`CLIENT_SECRET_TRIES`].
pub const CLIENT_SECRET_WINDOW: Duration = Duration::from_mins(15);
/// The "not me" link in a notice.
pub const NOT_ME_LINK: Duration = days(30);
/// A signing key is published this long before it signs, and kept this long after.
pub const KEY_OVERLAP: Duration = Duration::from_hours(24);
/// A signing key's life from its first signature to its successor's.
pub const KEY_LIFE: Duration = days(90);
/// The fewest characters of a new password.
pub const PASSWORD_CHARS_MIN: usize = 12;
/// The most characters of a password.
pub const PASSWORD_CHARS_MAX: usize = 128;
/// The most bytes that a person may type into the field of a code.
pub const CODE_FIELD_BYTES: usize = 64;
/// The largest request body, in bytes.
pub const BODY_BYTES: usize = 64 * 1024;
/// The largest request head, in bytes.
pub const HEAD_BYTES: usize = 16 * 1024;
/// How long a request head may take.
pub const HEAD_TIME: Duration = Duration::from_secs(5);
/// How long a request body may take.
pub const BODY_TIME: Duration = Duration::from_secs(10);
/// Connections open at one time.
pub const CONNECTIONS: usize = 10_000;
