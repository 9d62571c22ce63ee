//! A real Chromium at the real server: what a person sees, and what only a browser can judge.
//!
//! ```no_run
//! # use tests_browser::{Axe, Driver, Manner};
//! # async fn walk() {
//! let town = tests_harness::Town::in_browser().await;
//! let driver = Driver::start();
//! let window = driver.window(town.base(), Manner::default()).await;
//! window.open("/sign-in").await;
//! window.fits(360).await; // nothing sticks out sideways
//! assert_eq!(Axe::load().look(&window).await, []);
//! # }
//! ```
//!
//! `cargo xtask setup` installs Chromium, its driver, Japanese fonts and axe; `cargo xtask test` says where axe is
//! (`WARIFU_TEST_AXE`).

mod axe;
mod driver;
mod keyboard;
mod people;
pub mod picture;
mod window;
mod wire;

pub use axe::{Axe, Finding};
pub use driver::{Driver, Manner};
pub use keyboard::Key;
pub use people::{enrolment_link, samples, sign_in_link};
pub use window::Window;
