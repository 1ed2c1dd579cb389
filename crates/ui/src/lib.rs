//! What every page shares: the layout, the fields of forms, the style sheet, the fonts and their texts.
//!
//! A page is a struct that derives [`askama::Template`], implements [`Page`], and whose template
//! begins with `{% extends "layout.html" %}` and fills the blocks `main` and, if it likes, `head`,
//! `back`, `above`, `aside`. Other crates reach the layout by `dirs = ["templates",
//! "../ui/templates"]` in their `askama.toml`.
//!
//! Nothing here needs a script, an inline style or a `data:` address.

// So that the layout can name this crate from wherever it is rendered.
extern crate self as ui;

pub mod assets;
mod page;
mod qr;
mod text;

pub use model::{Article, Lang};
pub use page::{Band, BandAction, Frame, Link, Page, Problem, Site};
pub use qr::{QrCode, hidden_qr};
pub use text::Text;
