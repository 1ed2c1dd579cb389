//! The named limits and times of the gateway, in one place (`decisions.md` section 7).

use std::time::Duration;

const fn days(n: u64) -> Duration {
    Duration::from_hours(24 * n)
}

/// Why a service asks for a datum, in one language, in characters: a sentence or two beside each datum of the page.
pub const PURPOSE_CHARS: usize = 200;
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
/// Metadata of a service are fetched again no sooner than this, whatever their `cacheDuration`.
pub const METADATA_REFRESH_MIN: Duration = Duration::from_hours(1);
/// Metadata of a service are fetched again no later than this.
pub const METADATA_REFRESH_MAX: Duration = days(1);
/// Metadata that were fetched are believed no longer than this, whatever their `validUntil`.
pub const METADATA_LIFE: Duration = days(28);
/// A sign-out on its way through the browser, from service to service.
pub const SIGN_OUT_ROUND: Duration = Duration::from_mins(10);
/// After the right password, for the code.
pub const CODE_AFTER_PASSWORD: Duration = Duration::from_mins(10);
/// The mailed contact code.
pub const CONTACT_CODE: Duration = Duration::from_mins(10);
/// Wrong tries of one contact code.
pub const CONTACT_CODE_TRIES: u32 = 5;
/// Wrong contact codes of one person in [`CONTACT_CODE_YEAR`]: windows of an hour do not bound a year.
pub const CONTACT_CODE_YEAR_TRIES: u32 = 20;
/// See [`CONTACT_CODE_YEAR_TRIES`].
pub const CONTACT_CODE_YEAR: Duration = days(365);
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
/// Refusals that one node signs for one network in [`SIGNED_REFUSALS_WINDOW`], whoever asks: an office's browsers all ask
/// whether somebody is signed in.
pub const SIGNED_REFUSALS: u32 = 600;
/// See [`SIGNED_REFUSALS`].
pub const SIGNED_REFUSALS_WINDOW: Duration = Duration::from_mins(1);
/// The networks of which one node counts that at one time.
pub const SIGNED_REFUSALS_NETWORKS: usize = 10_000;
/// A request to another identity provider, until its answer.
pub const UPSTREAM_REQUEST: Duration = Duration::from_mins(15);
/// The answer to one that was posted, until the browser that began fetches it: at once.
pub const UPSTREAM_ANSWER: Duration = Duration::from_mins(1);
/// The longest answer of another identity provider, in bytes.
pub const UPSTREAM_ANSWER_BYTES: usize = 256 * 1024;
/// How long what another identity provider says of itself, and its keys, are used without being read again.
pub const UPSTREAM_CACHE: Duration = Duration::from_hours(1);
/// The least time between two readings of its keys that an unknown key causes.
pub const UPSTREAM_KEYS_AGAIN: Duration = Duration::from_mins(1);
/// How long an offer of credentials may become a token.
pub const CREDENTIAL_OFFER: Duration = Duration::from_mins(10);
/// How often the code that was mailed with an offer may be typed.
pub const CREDENTIAL_OFFER_TRIES: u32 = 5;
/// Offers that a person is made within [`CREDENTIAL_OFFERS_WINDOW`].
pub const CREDENTIAL_OFFERS: u32 = 5;
/// See [`CREDENTIAL_OFFERS`].
pub const CREDENTIAL_OFFERS_WINDOW: Duration = Duration::from_hours(1);
/// Offers that a person is made within [`CREDENTIAL_OFFERS_YEAR_WINDOW`]: whoever holds all factors but the mailbox
/// guesses no mailed code by asking for offers.
pub const CREDENTIAL_OFFERS_YEAR: u32 = 50;
/// See [`CREDENTIAL_OFFERS_YEAR`].
pub const CREDENTIAL_OFFERS_YEAR_WINDOW: Duration = days(365);
/// How long a request that a wallet pushed waits for its person's browser.
pub const PUSHED_REQUEST: Duration = Duration::from_mins(1);
/// How long a wallet may use a nonce for its proofs.
pub const CREDENTIAL_NONCE: Duration = Duration::from_mins(5);
/// Credentials that one request may ask for.
pub const CREDENTIAL_BATCH: usize = 4;
/// Credentials that may be fetched by one token: a batch of each format, and one more of each.
pub const CREDENTIALS_A_TOKEN: u32 = 10;
/// How long a credential is good.
pub const CREDENTIAL_LIFE: Duration = days(90);
/// How long the certificate of a key that signs credentials is good.
pub const ISSUER_KEY_LIFE: Duration = days(365);
/// A key signs no credentials that would outlive its certificate: this long before its end it has a successor.
pub const ISSUER_KEY_RESERVE: Duration = days(120);
/// How long the certificate of the issuer's own anchor is good.
pub const ISSUER_ANCHOR_LIFE: Duration = days(20 * 365);
/// Within this a revocation is in the status list, wherever that is kept.
pub const REVOKED_WITHIN: Duration = Duration::from_mins(1);
/// How long a status list is served as it was signed, and how long it may be kept by whoever fetched it.
pub const STATUS_LIST_KEPT: Duration = Duration::from_secs(20);
/// Places of a status list.
pub const STATUS_LIST_PLACES: u32 = 1 << 18;
/// Places of a status list that are given, at random, before the next one begins.
pub const STATUS_LIST_GIVEN: u32 = 1 << 16;
/// A request to a wallet, until its answer.
pub const PRESENTATION: Duration = Duration::from_mins(2);
/// The picture of one: later a wallet does not fetch it for the first time.
pub const PRESENTATION_PICTURE: Duration = Duration::from_mins(1);
/// The answer to one, until the browser that began takes it, digits included.
pub const PRESENTATION_ANSWER: Duration = Duration::from_mins(2);
/// The longest text of a claim that is taken from a wallet for a service, in characters.
pub const WALLET_CLAIM_CHARS: usize = 200;
/// Tries of the digits that the phone shows.
pub const PRESENTATION_TRIES: u32 = 3;
/// How long the list of an issuer that says which credentials are still good is used without being read again.
pub const STATUS_LIST_CACHE: Duration = Duration::from_mins(1);
/// The most such lists that one node keeps.
pub const STATUS_LISTS: usize = 64;
/// Browsers of one network that wait at one node for what a wallet does: events are sent to each.
pub const WALLET_STREAMS_NETWORK: usize = 256;
/// Calls about wallets that one node takes from one network in [`WALLET_CALLS_WINDOW`].
pub const WALLET_CALLS: u32 = 600;
/// See [`WALLET_CALLS`].
pub const WALLET_CALLS_WINDOW: Duration = Duration::from_mins(1);
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

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: u64 = 60;
    const HOUR: u64 = 60 * MINUTE;
    const DAY: u64 = 24 * HOUR;

    #[test]
    fn times_are_those_of_the_decisions() {
        #[rustfmt::skip]
        let table = [
            ("enrolment, after the last accepted step", ENROLMENT_IDLE,               10 * MINUTE),
            ("enrolment in all",                        ENROLMENT_TOTAL,              30 * MINUTE),
            ("sign-in under way",                       TRANSACTION,                  30 * MINUTE),
            ("the same while the person enrols",        TRANSACTION_WHILE_ENROLLING,  60 * MINUTE),
            ("session without use",                     SESSION_IDLE,                 15 * MINUTE),
            ("session in all",                          SESSION_TOTAL,                8 * HOUR),
            ("code after the password",                 CODE_AFTER_PASSWORD,          10 * MINUTE),
            ("contact code",                            CONTACT_CODE,                 10 * MINUTE),
            ("authorization code",                      AUTHORIZATION_CODE,           30),
            ("ID token",                                ID_TOKEN,                     60),
            ("access token",                            ACCESS_TOKEN,                 5 * MINUTE),
            ("proof for a change of factors",           FRESH_PROOF,                  5 * MINUTE),
            ("first wait after wrong codes",            TOTP_WAIT,                    60),
            ("longest wait after wrong codes",          TOTP_WAIT_MAX,                15 * MINUTE),
        ];
        for (what, limit, seconds) in table {
            assert_eq!(limit.as_secs(), seconds, "{what}");
        }
    }

    #[test]
    fn tries_are_those_of_the_decisions() {
        #[rustfmt::skip]
        let table = [
            // of what                                tries                     within
            ("password, account and network",         PASSWORD_TRIES,           10,  PASSWORD_WINDOW,       15 * MINUTE),
            ("password, account, unknown devices",    PASSWORD_LONG_TRIES,      100, PASSWORD_LONG_WINDOW,  30 * DAY),
            ("password, known device",                KNOWN_DEVICE_TRIES,       20,  KNOWN_DEVICE_WINDOW,   DAY),
            ("contact codes mailed",                  CONTACT_CODES,            3,   CONTACT_CODES_WINDOW,  HOUR),
            ("authenticator codes in a year",         TOTP_YEAR_TRIES,          100, TOTP_YEAR,             365 * DAY),
            ("deletion codes in a day",               DELETION_CODE_TRIES,      5,   DELETION_CODE_WINDOW,  DAY),
            ("deletion codes in a year",              DELETION_CODE_YEAR_TRIES, 20,  DELETION_CODE_YEAR,    365 * DAY),
        ];
        for (what, tries, expected, window, seconds) in table {
            assert_eq!((tries, window.as_secs()), (expected, seconds), "{what}");
        }
        assert_eq!((CONTACT_CODE_TRIES, TOTP_TRIES, TOTP_FREEZE, SETUP_CODE_TRIES), (5, 5, 20, 5));
    }

    #[test]
    fn no_limit_contradicts_another() {
        let shorter = [
            ("an enrolment idles no longer than it lives", ENROLMENT_IDLE, ENROLMENT_TOTAL),
            ("a contact code fits into the enrolment", CONTACT_CODE, ENROLMENT_TOTAL),
            ("the code fits into the sign-in", CODE_AFTER_PASSWORD, TRANSACTION),
            ("a sign-in elsewhere fits into the sign-in that waits for it", UPSTREAM_REQUEST, TRANSACTION),
            ("an answer lapses before its request would", UPSTREAM_ANSWER, UPSTREAM_REQUEST),
            ("a picture lapses before its request", PRESENTATION_PICTURE, PRESENTATION),
            ("a wallet's answer fits into the sign-in that waits for it", PRESENTATION_ANSWER, TRANSACTION),
            ("what a wallet proved is used before the enrolment lapses", FRESH_PROOF, ENROLMENT_IDLE),
            ("unknown keys are looked for before what is known lapses", UPSTREAM_KEYS_AGAIN, UPSTREAM_CACHE),
            ("an enrolment fits into the sign-in that waits for it", ENROLMENT_TOTAL, TRANSACTION_WHILE_ENROLLING),
            ("a session idles no longer than it lives", SESSION_IDLE, SESSION_TOTAL),
            ("a fresh proof ends with its session", FRESH_PROOF, SESSION_IDLE),
            ("metadata are fetched again several times in their life", METADATA_REFRESH_MAX, METADATA_LIFE),
            ("waits grow", TOTP_WAIT, TOTP_WAIT_MAX),
            ("a code is exchanged before the token lapses", AUTHORIZATION_CODE, ACCESS_TOKEN),
            ("a short window lies in the long one", PASSWORD_WINDOW, PASSWORD_LONG_WINDOW),
            ("a day lies in a year", DELETION_CODE_WINDOW, DELETION_CODE_YEAR),
            ("a device is forgotten after its counter", KNOWN_DEVICE_WINDOW, KNOWN_DEVICE),
            ("a head comes before its body", HEAD_TIME, BODY_TIME),
        ];
        for (why, short, long) in shorter {
            assert!(short <= long, "{why}");
        }
        let fewer = [
            ("a wait comes before the freeze", TOTP_TRIES, TOTP_FREEZE),
            ("a freeze comes before the year's end", TOTP_FREEZE, TOTP_YEAR_TRIES),
            ("the network's tries are fewer than the account's", PASSWORD_TRIES, PASSWORD_LONG_TRIES),
            ("a day's tries are fewer than a year's", DELETION_CODE_TRIES, DELETION_CODE_YEAR_TRIES),
        ];
        for (why, few, many) in fewer {
            assert!(0 < few && few < many, "{why}");
        }
    }
}
