//! What anyone else may ask of the issuing half.
