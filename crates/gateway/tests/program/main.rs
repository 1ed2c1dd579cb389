//! The program, started as an operator or a machine starts it.

mod commands;
mod demo;
mod kenyszi;
mod nodes;
mod process;
mod serve;
