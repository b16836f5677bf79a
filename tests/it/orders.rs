//! An order service for the stories: the demo's own, on a free port.
