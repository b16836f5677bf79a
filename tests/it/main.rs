//! Stories, contracts and golden files: everything that is tested from outside.
