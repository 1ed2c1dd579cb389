//! The demo's portals and what a demo needs besides: a page that says what there is, a phone, a post.
//!
//! They run in the gateway's process, on hosts and database files of their own, and know Kapu only
//! by what it publishes: they find it by its issuer's URL and speak to it by HTTP.
//!
//! The gateway adds to every answer the security headers, serves `ui::assets` on every host, and
//! sends each router what is for its host.

mod answer;
mod database;
mod demo;
mod fault;
pub mod index;
pub mod kenyszi;
pub mod magyarorszag;
mod own_form;
mod portal;
pub mod posta;
pub mod telefon;
mod text;
mod visitor;
mod when;

pub use database::OpenError;
pub use demo::{Demo, Surface, SurfaceKind};
