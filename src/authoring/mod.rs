//! Authoring: changes to topic files as people mean them, written into the text so that everything else stays as it was. Pure.
//!
//! A file is text first: whoever writes it by hand must find their comments, order, quotes and blank lines again. So a [`TopicChange`] is
//! a splice of the text (`outline` knows where each value stands, `splice` writes into it), and what comes out is read again and must differ
//! by that change alone; what cannot be done so is refused. [`TopicForm`] is a file as a form shows it; [`Draft`] keeps changes until somebody
//! publishes them; `merge` joins them with what changed on disk meanwhile. Nothing here knows disks, stores or people's accounts.

mod change;
mod draft;
mod find;
mod form;
mod fresh;
mod list;
mod merge;
mod not_ours;
mod outline;
mod path;
mod plan;
mod schema;
mod splice;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests;
mod value;
mod write;

pub use change::{Choice, LinesKey, Refused, TestRow, TopicChange, apply, apply_all};
pub use draft::{Act, Changed, Changes, Despite, Draft, DraftState, Entry, NotNow, Who};
pub use find::{Hit, find};
pub use form::{Box as FormBox, Lines, TopicForm, Worded, changes, read as form};
pub use fresh::{NewTopic, topic as new_topic, with_not_ours};
pub use merge::{DiffLine, Merged, Sign, diff, merge};
pub use not_ours::{NotOursForm, not_ours_changes, not_ours_form};
pub use path::{At, BadPath, FilePath};
pub use schema::schema;
