//! One door to a whole town in one process: an installation with its authority, desks, pages and mail, under a clock
//! that moves when told.
//!
//! ```no_run
//! # async fn walk() {
//! let mut town = tests_harness::Town::new().await;
//! let mut office = town.provider("さくら介護センター").await; // signed in
//! let mut clerk = town.clerk().await;
//! let page = office.get("/claims").await;
//! assert_eq!(page.status, 200);
//! # let _ = clerk.get("/claims/desk").await;
//! town.end().await; // fails when a job was given up
//! # }
//! ```

mod browser;
mod page;
mod people;
mod town;
mod trouble;

pub use browser::Browser;
pub use page::{Form, Page};
pub use people::{Office, Worker};
pub use town::Town;
pub use trouble::Trouble;
