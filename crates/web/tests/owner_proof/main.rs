//! A wallet as proof that an account is its owner's, over HTTP: for enrolling, for "Megerősítés", and for what is frozen.
//! Nothing that an authenticator vouched for makes that authenticator any surer.

mod circle;
mod enrolment;
mod lift;
#[path = "../wallet_issuing/phone.rs"]
#[expect(dead_code, reason = "not all of a wallet's calls to the issuer are needed here")]
mod phone;
#[path = "../oidc/relying_party/mod.rs"]
#[expect(dead_code, unused_imports, reason = "not all that a relying party can do is needed here")]
mod relying_party;
#[path = "../saml/service.rs"]
#[expect(dead_code, reason = "not all that a service of SAML can do is needed here")]
mod service;
mod unfreeze;
mod world;
