//! Papers as PDF/A, set by Typst.
