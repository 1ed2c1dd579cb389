//! The names of form fields, which are their `id`s as well.

/// The hidden field of every form.
pub const CSRF: &str = "csrf";
/// The method chosen: a `model::Method` by its name.
pub const METHOD: &str = "mod";
/// Another identity provider chosen, by its name.
pub const UPSTREAM: &str = "masutt";
/// Ticked: remember the method on this computer.
pub const REMEMBER: &str = "jegyezd";
/// User name.
pub const USER_NAME: &str = "nev";
/// Password.
pub const PASSWORD: &str = "jelszo";
/// Six-digit code, from the app or the letter.
pub const CODE: &str = "kod";
/// New password.
pub const NEW_PASSWORD: &str = "uj-jelszo";
/// New password, again.
pub const NEW_PASSWORD_AGAIN: &str = "uj-jelszo-ujra";
/// The mailed code that activates an account.
pub const ACTIVATION_CODE: &str = "aktivalo-kod";
/// Deletion code.
pub const DELETION_CODE: &str = "torlokod";
/// Ticked: the deletion code is saved.
pub const SAVED: &str = "mentve";
/// What to do: with the authenticator [`ACTIVATE`] or [`INACTIVATE`], of what a service receives [`AGREE`] or
/// [`GO_BACK`].
pub const DEED: &str = "tett";
/// Value of [`DEED`].
pub const ACTIVATE: &str = "aktivalas";
/// Value of [`DEED`].
pub const INACTIVATE: &str = "inaktivalas";
/// Value of [`DEED`].
pub const AGREE: &str = "tovabb";
/// Value of [`DEED`].
pub const GO_BACK: &str = "vissza";
/// Value of [`DEED`].
pub const NEW_PICTURE: &str = "uj-abra";
/// Value of [`DEED`]: what a phone shows is forgotten.
pub const OTHER_PICTURE: &str = "masik-abra";
/// Hidden: what a wallet answered through the browser.
pub const ANSWER: &str = "valasz";
/// Value of [`DEED`].
pub const FROM_WALLET: &str = "tarcabol";
/// Hidden: which state of the sign-in the page showed, a number.
pub const SHOWN: &str = "adatok";
/// Ticked: this datum is passed on too; its name, [`model::Datum::as_str`], follows.
pub const SHARED: &str = "atadom-";
/// Hidden: which service, by its identifier.
pub const SERVICE: &str = "szolgaltatas";
/// Which credential of a wallet, by its identifier.
pub const CREDENTIAL: &str = "igazolas";
