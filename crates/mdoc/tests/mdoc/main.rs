//! Mobile documents from outside: what is issued, shown and verified, what is published, and what anybody
//! may send.

mod catalogue;
mod elements;
mod forge;
mod issuing;
mod mutations;
mod party;
mod published;
mod roundtrip;
mod targets;
