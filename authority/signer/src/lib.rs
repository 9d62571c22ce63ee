//! Binds a key handle to an authority and a purpose, spends permits.
