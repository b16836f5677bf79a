//! The `ventanilla` program: it parses its arguments and calls the library.
fn main() {}
