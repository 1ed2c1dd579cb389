//! The public face: which host is whose, what every answer carries, what no request may exceed.
//!
//! [`Front`] is the whole of it without sockets, so that a test meets what a browser meets;
//! [`listen`] puts it on sockets.

mod address;
mod armour;
mod assets;
mod body;
mod front;
mod host;
pub mod listen;
mod refusal;
mod request_id;
mod stall;

pub use front::{Front, FrontBuilder};
pub use request_id::RequestId;
