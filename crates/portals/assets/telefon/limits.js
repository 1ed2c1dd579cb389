// Every limit of the wallet, by name and with its unit.

/** The longest link that is read, in characters. */
export const LINK_CHARACTERS = 16 * 1024;
/** The longest signed request of a verifier, in characters of its token. */
export const REQUEST_CHARACTERS = 64 * 1024;
/** The longest answer that is read of any server, in bytes. */
export const ANSWER_BYTES = 256 * 1024;
/** The longest credential, in characters. */
export const CREDENTIAL_CHARACTERS = 128 * 1024;
/** The longest encrypted message that is opened, in characters. */
export const ENCRYPTED_CHARACTERS = 256 * 1024;
/** The longest status list once it is inflated, in bytes: a million credentials with eight bits each. */
export const STATUS_BYTES = 1024 * 1024;
/** The most disclosures of a credential. */
export const DISCLOSURES = 256;
/** How deep a credential's claims may be nested. */
export const CLAIM_DEPTH = 16;
/** The longest issuer, audience or address in a message, in characters. */
export const URI_CHARACTERS = 2048;
/** The longest nonce or state, in characters. */
export const NONCE_CHARACTERS = 512;
/** The most certificates of a chain. */
export const CHAIN_CERTIFICATES = 6;
/** The longest certificate, in bytes. */
export const CERTIFICATE_BYTES = 8 * 1024;
/** How deep a certificate may be nested. */
export const DER_DEPTH = 12;
/** The most credentials of a query. */
export const QUERY_CREDENTIALS = 8;
/** The most claims of one credential of a query. */
export const QUERY_CLAIMS = 64;
/** The most sets of a query, and the most options of a set. */
export const QUERY_SETS = 16;
/** The most values of a claim, and the most types of a credential. */
export const QUERY_VALUES = 32;
/** The most steps of a path to a claim. */
export const PATH_STEPS = 16;
/** The most keys of a set, and the most attestations about a verifier. */
export const KEYS = 16;
/** How long any server may take for an answer, in milliseconds. */
export const ANSWER_MILLISECONDS = 20_000;
/** How far another's clock may be ahead of ours, in seconds. */
export const AHEAD_SECONDS = 60;
/** The most credentials in the wallet. */
export const CREDENTIALS = 20;
/** The most entries of the history; the oldest leave first. */
export const HISTORY_ENTRIES = 200;
/** The longest name or purpose of others that is shown, in characters. */
export const SHOWN_CHARACTERS = 300;
/** How many digits a PIN has. */
export const PIN_DIGITS = 6;
/** How often PBKDF2 hashes a PIN. */
export const PIN_ITERATIONS = 600_000;
/** How many wrong PINs in a row are taken before each further one has to wait. */
export const PIN_TRIES_FREE = 5;
/** How long it has to wait, in seconds. */
export const PIN_WAIT_SECONDS = 60;
/** How many wrong PINs in a row empty the wallet. */
export const PIN_TRIES = 10;
