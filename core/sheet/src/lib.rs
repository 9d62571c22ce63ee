//! Tables as offices send them and want them: CSV in UTF-8 and Shift_JIS, in and out.
//!
//! * [`read()`]: octets to typed rows. Columns are known by their names, every line is looked at, and everything that
//!   is wrong is kept as a [`Finding`] that names line, column and value.
//! * [`Writer`]: rows to octets, for Excel and for systems that want CP932.
//! * [`text`]: which encoding the octets are in. [`date`] and [`number`]: cells as people write them.
//!
//! ```
//! # use core_sheet::{Column, FromLine, Line, Reading, date};
//! struct Stay { name: String, since: jiff::civil::Date }
//!
//! impl FromLine for Stay {
//!     const COLUMNS: &'static [Column] =
//!         &[Column::must(&["名前", "name"]), Column::must(&["開始日", "since"])];
//!     fn from_line(line: &mut Line<'_>) -> Option<Self> {
//!         let name = line.must("名前", |text| Ok(text.to_owned()));
//!         let since = line.must("開始日", |text| date::parse(text).map_err(|bad| bad.text()));
//!         Some(Self { name: name?, since: since? })
//!     }
//! }
//! let sheet = core_sheet::read::<Stay>("name,Since\n梅,R8.11.20\n".as_bytes(), &Reading::default())?;
//! assert!(sheet.findings.is_empty());
//! assert_eq!((sheet.rows[0].line, sheet.rows[0].value.name.as_str()), (2, "梅"));
//! # assert_eq!(sheet.rows[0].value.since, jiff::civil::date(2026, 11, 20));
//! # Ok::<(), core_sheet::BadSheet>(())
//! ```
//!
//! Octets and values only. What a row means, and what becomes of findings, the caller says.

mod bad;
pub mod date;
mod finding;
mod header;
mod line;
mod lines;
pub mod number;
mod read;
pub mod text;
mod write;

pub use bad::BadSheet;
pub use finding::{Finding, Findings, visible};
pub use header::{BadHeader, Column};
pub use line::{FromLine, Line, Once};
pub use read::{Limits, Reading, Row, Sheet, read, read_with};
pub use text::{BadText, Encoding};
pub use write::{CannotWrite, Guard, Lacking, Writer, Writing};
