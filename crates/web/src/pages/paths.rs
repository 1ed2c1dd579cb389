//! The paths of pages, once: handlers route by them, templates link by them.
//!
//! A path with `{id}` is a pattern for the router; the function of the same name fills it in.

/// KAÜ, choosing a method (GET) and the choice (POST).
pub const CHOOSE: &str = "/b/{id}";
/// KAÜ, user name and password.
pub const PASSWORD: &str = "/b/{id}/jelszo";
/// KAÜ, user name and password, where the password alone suffices (before the cut-over).
pub const PASSWORD_ALONE: &str = "/b/{id}/ugyfelkapu";
/// KAÜ, on to Ügyfélkapu to request Ügyfélkapu+.
pub const ENROL_FROM_BROKER: &str = "/b/{id}/igenyles";
/// KAÜ, the six-digit code.
pub const CODE: &str = "/b/{id}/kod";
/// KAÜ, "Egy lépés hiányzik".
pub const MISSING_STEP: &str = "/b/{id}/tovabb";
/// KAÜ, what the service receives (GET), and the answer to it (POST).
pub const CONSENT: &str = "/b/{id}/adatok";
/// KAÜ, an identity that is connected with no account yet (GET), and that the person does not want it (POST).
pub const LINK: &str = "/b/{id}/osszekapcsolas";
/// KAÜ, where the answer of another OpenID provider comes.
pub const UPSTREAM_CALLBACK: &str = "/upstream/{id}/callback";
/// KAÜ, where the responses of another identity provider of SAML are posted.
pub const UPSTREAM_ACS: &str = "/upstream/{id}/acs";
/// KAÜ, where the browser that began fetches what was posted.
pub const UPSTREAM_RETURN: &str = "/upstream/{id}/vissza";
/// KAÜ, what we tell another identity provider of SAML of ourselves.
pub const UPSTREAM_METADATA: &str = "/upstream/{id}/metadata";
/// The query parameter of [`UPSTREAM_RETURN`].
pub const RETURN_QUERY: &str = "t";
/// KAÜ, signing in by a wallet: how far it has come (GET), and going on or a new picture (POST).
pub const WALLET: &str = "/b/{id}/dap";
/// KAÜ, the digits that the phone shows.
pub const WALLET_DIGITS: &str = "/b/{id}/dap/szamok";
/// KAÜ, what becomes of it, as events for a page that waits.
pub const WALLET_EVENTS: &str = "/b/{id}/dap/esemenyek";
/// The query parameter of [`WALLET_EVENTS`]: what the page shows.
pub const SHOWN_QUERY: &str = "latott";
/// KAÜ, a request to a wallet through the browser.
pub const WALLET_BROWSER: &str = "/b/{id}/dap/bongeszo";
/// KAÜ, where its answer is posted.
pub const WALLET_BROWSER_ANSWER: &str = "/b/{id}/dap/bongeszo/{request}";
/// KAÜ, where wallets fetch a request.
pub const WALLET_REQUEST: &str = "/wallet/request/{id}";
/// KAÜ, where wallets post their answer to it.
pub const WALLET_RESPONSE: &str = "/wallet/response/{id}";
/// KAÜ, where a wallet leads its person afterwards.
pub const WALLET_RETURN: &str = "/wallet/vissza";
/// The query parameter of [`WALLET_RETURN`].
pub const RESPONSE_CODE_QUERY: &str = "kod";
/// KAÜ, where a wallet learns the request that was typed in place of a picture.
pub const WALLET_TYPED: &str = "/wallet/kod/{code}";
/// KAÜ, the authority of our requests, which wallets trust.
pub const WALLET_ANCHOR: &str = "/wallet/verifier.pem";
/// KAÜ, where a page of the account leads to have something proved by a wallet.
pub const PROOF: &str = "/igazolas/{token}";
/// Where the issuer sends a person whose wallet asks for credentials by itself.
pub const AUTHORIZE_WALLET: &str = "/wallet/authorize";
/// KAÜ, back to the service without signing in.
pub const CANCEL: &str = "/b/{id}/megsem";
/// KAÜ, sign-out: asks (GET), does (POST).
pub const SIGN_OUT: &str = "/kijelentkezes";
/// KAÜ, a sign-out on its way through the browser: what became of each service.
pub const SIGN_OUT_ROUND: &str = "/kijelentkezes/{id}";
/// KAÜ, on to the next service of a sign-out, or back to the one that asked.
pub const SIGN_OUT_STEP: &str = "/kijelentkezes/{id}/tovabb";
/// Where each origin begins. On Ügyfélkapu it is the sign-in.
pub const START: &str = "/";

/// Ügyfélkapu, the six-digit code after the password.
pub const ACCOUNT_CODE: &str = "/kod/{id}";
/// Ügyfélkapu, the account's first page.
pub const ACCOUNT: &str = "/fiok";
/// Ügyfélkapu, the person's own data.
pub const OWN_DATA: &str = "/adataim";
/// Ügyfélkapu, what services receive (GET), and a withdrawal (POST).
pub const SERVICES: &str = "/szolgaltatasok";
/// Ügyfélkapu, the connected identities.
pub const LINKED: &str = "/osszekapcsolt";
/// Ügyfélkapu, removes a connected identity.
pub const UNLINK: &str = "/osszekapcsolt/{key}";
/// Ügyfélkapu, the credentials in a wallet (GET), and the offer of new ones (POST).
pub const CREDENTIALS: &str = "/tarca";
/// Ügyfélkapu, revokes a credential (POST).
pub const REVOKE_CREDENTIAL: &str = "/tarca/visszavonas";
/// Ügyfélkapu, change of the password.
pub const CHANGE_PASSWORD: &str = "/jelszo";
/// Ügyfélkapu, an account's password by a mailed code.
pub const ACTIVATE_ACCOUNT: &str = "/aktivalas-kod";
/// Ügyfélkapu, sign-out (POST).
pub const ACCOUNT_SIGN_OUT: &str = "/kijelentkezes";
/// Ügyfélkapu, sign-out of all services (POST); the account's own session stays.
pub const SIGN_OUT_OF_SERVICES: &str = "/kijelentkezes-mindenhonnan";

/// Enrolment, start.
pub const ENROL: &str = "/igenyles";
/// Enrolment, which app.
pub const ENROL_APP: &str = "/igenyles/alkalmazas";
/// Enrolment, sends the contact code.
pub const ENROL_CONTACT: &str = "/igenyles/kapcsolat";
/// Enrolment, takes the contact code.
pub const ENROL_CONTACT_CODE: &str = "/igenyles/kapcsolat/kod";
/// Enrolment, a wallet in place of the contact code: asks (GET), leads to KAÜ (POST).
pub const PROVE_ENROLMENT: &str = "/igenyles/dap";
/// Enrolment, what the wallet proved (GET), and going on with it (POST).
pub const PROVED_ENROLMENT: &str = "/igenyles/dap/{token}";
/// Enrolment, QR code, password and code.
pub const ENROL_CONNECT: &str = "/igenyles/osszekapcsolas";
/// Enrolment, the deletion code (GET) and "Befejezés" (POST).
pub const ENROL_DELETION_CODE: &str = "/igenyles/torlokod";
/// Enrolment, the deletion code on paper.
pub const ENROL_DELETION_CODE_PRINT: &str = "/igenyles/torlokod/nyomtatas";
/// Enrolment, the deletion code as a text file.
pub const ENROL_DELETION_CODE_TEXT: &str = "/igenyles/torlokod/letoltes";
/// "Aktiválás és inaktiválás".
pub const STATUS: &str = "/aktivalas";
/// "Beállítás másik eszközre".
pub const OTHER_DEVICE: &str = "/masik-eszkoz";
/// "Megerősítés": a wallet lifts the provenance of the authenticator. Asks (GET), leads to KAÜ (POST).
pub const PROVE_LIFT: &str = "/megerosites";
/// "Megerősítés", what the wallet proved (GET), and password and code (POST).
pub const PROVED_LIFT: &str = "/megerosites/{token}";
/// A wallet opens a frozen account: asks (GET), leads to KAÜ (POST).
pub const PROVE_UNFREEZE: &str = "/feloldas";
/// The same, what the wallet proved (GET), and doing it (POST).
pub const PROVED_UNFREEZE: &str = "/feloldas/{token}";
/// Lost phone.
pub const LOST: &str = "/elveszett";
/// "Nem én voltam": asks (GET), does (POST).
pub const NOT_ME: &str = "/nem-en-voltam/{token}";

/// Help.
pub const HELP: &str = "/segitseg";
/// The printable guide.
pub const GUIDE: &str = "/utmutato";
/// The accessibility statement.
pub const ACCESSIBILITY: &str = "/akadalymentesseg";
/// The privacy notice.
pub const PRIVACY: &str = "/adatkezeles";

/// The query parameter by which Ügyfélkapu is told the transaction that a person came from.
pub const TRANSACTION_QUERY: &str = "b";
/// The query parameter that changes the language: `hu` or `en`.
pub const LANG_QUERY: &str = "lang";

/// [`CHOOSE`] of one transaction.
pub fn choose(id: &str) -> String {
    CHOOSE.replace("{id}", id)
}

/// [`PASSWORD`] of one transaction.
pub fn password(id: &str) -> String {
    PASSWORD.replace("{id}", id)
}

/// [`PASSWORD_ALONE`] of one transaction.
pub fn password_alone(id: &str) -> String {
    PASSWORD_ALONE.replace("{id}", id)
}

/// [`WALLET`] of one transaction.
pub fn wallet(id: &str) -> String {
    WALLET.replace("{id}", id)
}

/// [`WALLET_DIGITS`] of one transaction.
pub fn wallet_digits(id: &str) -> String {
    WALLET_DIGITS.replace("{id}", id)
}

/// [`WALLET_EVENTS`] of one transaction.
pub fn wallet_events(id: &str) -> String {
    WALLET_EVENTS.replace("{id}", id)
}

/// [`WALLET_BROWSER`] of one transaction.
pub fn wallet_browser(id: &str) -> String {
    WALLET_BROWSER.replace("{id}", id)
}

/// [`ENROL_FROM_BROKER`] of one transaction.
pub fn enrol_from_broker(id: &str) -> String {
    ENROL_FROM_BROKER.replace("{id}", id)
}

/// [`ACCOUNT_CODE`] of one sign-in.
pub fn account_code(id: &str) -> String {
    ACCOUNT_CODE.replace("{id}", id)
}

/// [`CODE`] of one transaction.
pub fn code(id: &str) -> String {
    CODE.replace("{id}", id)
}

/// [`MISSING_STEP`] of one transaction.
pub fn missing_step(id: &str) -> String {
    MISSING_STEP.replace("{id}", id)
}

/// [`CONSENT`] of one transaction.
pub fn consent(id: &str) -> String {
    CONSENT.replace("{id}", id)
}

/// [`LINK`] of one transaction.
pub fn link(id: &str) -> String {
    LINK.replace("{id}", id)
}

/// [`UNLINK`] of one identity.
pub fn unlink(key: &str) -> String {
    UNLINK.replace("{key}", key)
}

/// [`CANCEL`] of one transaction.
pub fn cancel(id: &str) -> String {
    CANCEL.replace("{id}", id)
}

/// [`SIGN_OUT_ROUND`] of one sign-out.
pub fn sign_out_round(id: &str) -> String {
    SIGN_OUT_ROUND.replace("{id}", id)
}

/// [`SIGN_OUT_STEP`] of one sign-out.
pub fn sign_out_step(id: &str) -> String {
    SIGN_OUT_STEP.replace("{id}", id)
}

/// [`NOT_ME`] of one notice.
pub fn not_me(token: &str) -> String {
    NOT_ME.replace("{token}", token)
}

/// [`PROOF`] of one handle.
pub fn proof(token: &str) -> String {
    PROOF.replace("{token}", token)
}
