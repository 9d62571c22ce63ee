//! The document model that desks see.
