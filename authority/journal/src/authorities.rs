//! Rows of this part of the journal.
