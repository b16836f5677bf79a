//! People of the company: who they are, what they may do, how they sign in. Knows the store, not the web.

mod keys;
mod login;
mod people;
mod tokens;

pub use keys::{Key, KeyScope, Keys};
pub use login::{Login, LoginError, Logins};
pub use people::{Account, AccountError, NewAccount, People};
pub use tokens::{VisitorTokens, digest};

#[cfg(test)]
mod tests;
