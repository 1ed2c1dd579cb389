//! The program, started as an operator or a machine starts it.

mod commands;
mod demo;
mod nodes;
mod process;
mod serve;
