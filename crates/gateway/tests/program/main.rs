//! The program, started as an operator or a machine starts it.

mod commands;
mod demo;
mod process;
mod serve;
