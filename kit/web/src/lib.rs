//! Page frame, components, texts, forms, assets, gallery: what every page of every desk is made of (K17).
//!
//! No business noun, no database, no session. A handler takes a [`Frame`] from the request, builds its content
//! from [`parts`], and answers with [`page`]:
//!
//! ```text
//! request → serve: request id, headers, language → the gate's layer (WhoLabel) → handler: Frame, FormData
//!                                                       Refused ←──────────────┤
//!                                     page of refusal ←─┘                      └→ page(frame, title, body, status)
//! ```
//! Every component stands in the [`gallery`] with sample data; [`testing`] renders all of them in both
//! languages and looks for what would hurt: a missing text, a field without a label, an inline style.

pub mod answers;
pub mod assets;
pub mod dates;
pub mod forms;
mod frame;
pub mod gallery;
pub mod manual;
mod markup;
pub mod middleware;
mod pages;
pub mod parts;
mod samples;
pub mod testing;
mod texts;

pub use answers::{Refused, forbidden, not_found, refusal_page, refusal_page_to, see_other};
pub use dates::Day;
pub use forms::{FieldError, Filled, FormData, Reader, Step};
pub use frame::{Chrome, Crumb, DoorLabel, Flash, Frame, Help, Incident, WhoLabel, page, page_html};
pub use gallery::Sample;
pub use manual::{Guidance, Handbook, Manual, Picture};
pub use markup::{Icon, Markup, Stack, Tone};
pub use middleware::{ReadIn, RequestId, serve, with_refusals};
pub use pages::Pages;
pub use samples::samples;
pub use texts::{Arg, Given, Say, Source, TextError, Texts};

/// The texts of this crate, which [`Texts::new`] adds by itself.
pub const SOURCE: Source = texts!("web.ftl");
