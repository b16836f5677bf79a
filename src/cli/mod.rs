//! The commands of the `ventanilla` program, one file each: its arguments and a `run` that gives the exit code.

pub mod check;
pub mod test;
pub mod try_it;
