//! Characters of Japanese registers: what a certificate can express, what stands for the rest, and dates and readings
//! as registers have them (J5).
//!
//! | module | what |
//! |---|---|
//! | [`unit`] | a character as people see it: with its variation selector and its marks |
//! | [`repertoire`] | sets of characters: JIS X 0208, 0212, 0213, ASCII, half-width kana |
//! | [`mj`] | the glyphs of the MJ list (文字情報基盤), and what may stand for each |
//! | [`check`](mod@check) | what of a text does not fit, and what is offered for it |
//! | [`substitute`](mod@substitute) | the text that fits, and its flags (代替文字使用情報); whether two texts are one |
//! | [`jpki`] | names and addresses as certificates of the public personal authentication have them |
//! | [`era`] | 元号; [`birth`]: days of birth, known in part as well |
//! | [`kana`] | readings |
//!
//! The tables are made of `data/` when the crate is built, and looking something up allocates nothing. Licence and origin
//! of the data stand beside them: [`NOTICE`] goes wherever the program goes.

pub mod birth;
pub mod check;
pub mod era;
pub mod jpki;
pub mod kana;
pub mod mj;
pub mod repertoire;
pub mod substitute;
mod tables;
pub mod unit;

pub use check::{Finding, check};
pub use repertoire::Repertoire;
pub use substitute::{Substituted, substitute};

/// What has to be said wherever tables of the MJ list are given on.
pub const NOTICE: &str = "Contains data adapted from MJ文字情報一覧表 Ver.006.02 and MJ縮退マップ Ver.1.2.0, \
    © Information-technology Promotion Agency, Japan (IPA), CC BY-SA 2.1 JP \
    (https://creativecommons.org/licenses/by-sa/2.1/jp/).";
