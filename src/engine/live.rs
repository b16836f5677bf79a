//! What the bot knows at one moment: the catalogue and the model trained from it, swapped together.

use std::sync::Arc;

use crate::ids::Timestamp;
use crate::topics::Catalog;
use crate::understanding;

/// The catalogue and its model.
pub struct Live {
    /// The topic files, parsed.
    pub catalog: Arc<Catalog>,
    /// The engine trained from them.
    pub brain: Arc<understanding::Engine>,
    /// Since when.
    pub since: Timestamp,
}
