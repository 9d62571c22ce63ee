//! Papers as desks see them: what stands on the sheet, not how it is set (K12).
//!
//! A desk fills a [`Paper`] with finished texts in one language and hands it to a [`Press`]; the application
//! decides which press that is. Nothing in a text has a meaning to the press: `#import "x"` is nine letters
//! and some signs. Before anything is set the paper is [proofread](Paper::proofread): sizes are within
//! [`limits`], and letters without ink of their own are gone.
//!
//! ```
//! use kit_paper::{Addressee, Block, Paper};
//! let paper = Paper {
//!     to: Some(Addressee { lines: vec!["ひばり介護センター".into()], honorific: Some("御中".into()) }),
//!     blocks: vec![
//!         Block::para("下記のとおり申請を受け付けました。"),
//!         Block::fields([("受付番号", "2026-000123")]),
//!     ],
//!     ..Paper::new(core_words::Lang::Ja, "claims.receipt", "受領書")
//! };
//! assert!(paper.proofread().is_ok());
//! ```

mod block;
pub mod limits;
mod paper;
mod plain;
mod press;
mod proof;
mod samples;

pub use block::{Align, Block, Column, Sign, Table};
pub use paper::{Addressee, Paper, Sender};
pub use plain::plain;
pub use press::{Press, PressError};
pub use proof::{Excess, Proof};
pub use samples::{SAMPLES, Sample};
