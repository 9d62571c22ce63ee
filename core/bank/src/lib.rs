//! What banks tell, in the formats of the Japanese Bankers Association (全国銀行協会, Zengin).
//!
//! * [`zengin`]: files of transfers received (振込入金通知) and of an account's movements (入出金取引明細): records of 200
//!   octets, whose columns stand in one table, [`layout`].
//! * [`csv`]: the same from a plain table.
//! * [`Deposit`]: money that arrived, or was taken back, and how to know it again in another file.
//! * [`payer`]: the ID of an applicant in the name under which money was sent.
//! * [`account`] and [`kana`]: an account as it stands on an invoice, in the letters that banks have.
//!
//! Octets and values only. Which applicant owes what, and whether it is settled, others say.

pub mod account;
mod bad;
pub mod csv;
mod deposit;
pub mod kana;
pub mod layout;
pub mod payer;
mod records;
pub mod zengin;

pub use bad::BadFile;
pub use deposit::{Deposit, Own, Sense, Way, fingerprints, readable};
pub use zengin::{BankFile, Statement};
