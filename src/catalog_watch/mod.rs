//! The folder of topic files on disk: read, built into whatever the server runs on, watched, and swapped whole or not at all.
//!
//! It knows files and [`topics`](crate::topics), not what is built from them: the caller hands in a function.

mod folder;
mod kept;
mod live;

pub use folder::{FILE_MAX_BYTES, FILES_MAX, read};
pub use kept::{KeptSet, KeptSets, keep_newest, put_back, write_whole};
pub use live::{Build, CatalogWatch, PUBLISHING, Reload, Report, Watching};
