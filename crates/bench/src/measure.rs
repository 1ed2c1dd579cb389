//! The measurements, each giving rows of the table.

mod commits;
mod documents;
mod memory;
mod saml;
mod saturation;
mod sign_ins;
mod sizes;
mod starts;
mod waiting;
mod wallet;
mod xml;

use std::path::Path;

use crate::budget::{Goals, Protocol};
use crate::machine::Cores;

pub(crate) use commits::commits;
pub(crate) use documents::documents;
pub(crate) use memory::memory;
pub(crate) use saml::saml;
pub(crate) use saturation::saturation;
pub(crate) use sign_ins::sign_ins;
pub(crate) use sizes::sizes;
pub(crate) use starts::{demo, starts};
pub(crate) use waiting::waiting;
pub(crate) use wallet::wallet;
pub(crate) use xml::xml;

/// What every measurement needs to know.
pub(crate) struct Run<'a> {
    pub(crate) protocol: &'a Protocol,
    pub(crate) goals: &'a Goals,
    pub(crate) cores: &'a Cores,
    /// For what a measurement keeps.
    pub(crate) folder: &'a Path,
}
