//! The limits: what the same work costs without a gateway around it. They run as children of this very
//! program, on the core that the gateway runs on.

mod answers;
mod rows;
mod work;

pub(crate) use answers::{Answer, BareServer, serve};
pub(crate) use work::{Protocol, REQUESTS, randomness};
