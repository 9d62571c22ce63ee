//! The configuration: `warifu.toml` and the environment.
//!
//! One struct per section. Every setting works when absent, except where there is no sensible default
//! (the name of the installation). See [`source`] for how settings are read, and docs/install.md.

mod check;
mod load;
mod portal;
mod sections;
pub mod source;

pub use check::check_files;
pub use load::{Loaded, find, load, read};
pub use portal::{Claims, Mail, Web};
pub use sections::{
    Blobs, Config, Installation, KeySource, Keys, Limits, Log, LogFormat, Profiles, Server, StoreSettings,
    Tls,
};
