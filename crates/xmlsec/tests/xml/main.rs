//! XML as partners and attackers send it. Every vector is made here, with keys of our own; the
//! documents are SAML's, since wrapping is about them, but nothing in this crate knows SAML.

mod algorithms;
mod bergshamra;
mod catalogue;
mod catalogue_reading;
mod catalogue_wrapping;
mod certificates;
mod encryption;
mod fuzz;
mod libxml2;
mod mutations;
mod party;
mod rules;
mod seeded;
mod targets;
mod xmlsec1;
