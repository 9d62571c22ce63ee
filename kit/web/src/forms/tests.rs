//! Tests of what a form may hold.
