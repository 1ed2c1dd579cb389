//! The texts; generated from `text/hu.ftl` and `text/en.ftl` while building.

use model::Lang;

include!(concat!(env!("OUT_DIR"), "/text.rs"));
