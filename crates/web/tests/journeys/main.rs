//! The journeys of the account and of signing in, walked as a person walks them, and the attacks on
//! them. One binary, since each would link the whole gateway.

mod account;
mod broker;
mod codes;
mod counts;
mod enrolment;
mod factor;
mod forms;
mod frozen;
mod kit;
mod lost;
mod names;
mod parallel;
mod pending;
mod sessions;
mod walls;
