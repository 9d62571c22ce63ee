//! The public personal authentication (公的個人認証サービス, JPKI): what its certificates say beyond RFC 5280 (J5, J16).
//!
//! ```text
//! BasicFour ─ alt_names ─→ order ─┐                          ┌─ Reading ─→ BasicFour
//! SignCommonName, AuthCommonName ─┼─ plan … certificate ─────┼─ common names
//! validity::end ──────────────────┘                          └─ issuer::choose among generations
//! ```
//!
//! Names, extensions and policies stand in the profiles `jpki-*`; here is what orders fill in, and what verifiers
//! read. Writing is strict, and reading tolerates what an issuer with other habits may have written.

mod birth;
mod common_name;
mod four;
mod issuer;
mod municipality;
mod read;
pub mod validity;

pub use birth::{BadBirth, Birth, Birthday};
pub use common_name::{AuthCommonName, BadCommonName, SignCommonName, Suffix};
pub use four::{BadFour, BasicFour, Field, Flagged, LONGEST_ADDRESS, LONGEST_NAME, Sex};
pub use issuer::{Choice, choose};
pub use municipality::{BadMunicipality, Municipality, MunicipalityCode, prefecture};
pub use read::{BadReading, Fault, Reading, UnknownName};
