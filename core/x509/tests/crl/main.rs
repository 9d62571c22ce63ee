//! Certificate revocation lists: what is written, what is read, what is refused (K4).

mod differential;
mod helpers;
mod million;
mod properties;
mod refusals;
mod writing;
