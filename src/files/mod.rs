//! Files that visitors and agents send: what may come in, what is taken out of it, where the bytes are kept, who may fetch them.
//!
//! The bytes stand on disk, apart from the log; the log holds an event with the file's id, type and size. A file without an event is an upload that
//! did not come to its end, and is swept away. Knows the store's small records, and nothing of HTTP or of the rules of a conversation.

mod address;
mod kind;
mod metadata;
mod rate;
mod scan;
mod shelf;

pub use address::{FileAddresses, Signed};
pub use kind::FileKind;
pub use metadata::{Broken, strip};
pub use rate::Rate;
pub use scan::{Scan, ScanError};
pub use shelf::{Draft, FileError, Kept, Shelf, forget};
