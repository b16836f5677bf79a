//! People of the company: who they are, what they may do, how they sign in. Knows the store, not the web.

mod errands;
mod keys;
mod login;
mod people;
mod roster;
mod tokens;
mod visitor_links;
mod work;

pub use errands::{ERRAND_MS, Errand, ErrandAnswer, ErrandResult, Errands};
pub use keys::{Key, KeyScope, Keys};
pub use login::{Login, LoginError, Logins};
pub use people::{Account, AccountError, NewAccount, People};
pub use roster::{ListFault, Listed, Taken, Verdict};
pub use tokens::{VisitorPass, VisitorTokens, digest};
pub use visitor_links::{LinkTo, VISITOR_LINK_MS, VisitorLink, VisitorLinks};
pub use work::{CAPACITY, Change, Work};

#[cfg(test)]
mod tests;
