//! Ventanilla.
