//! The texts of the demo; generated from `text/hu.ftl` and `text/en.ftl` while building.
#![expect(unreachable_pub, reason = "generated for crates that show their texts to others; this one does not")]

use model::Lang;

include!(concat!(env!("OUT_DIR"), "/text.rs"));
