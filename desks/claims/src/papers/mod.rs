//! The papers of the desk (K12): each a pure function of what it tells.
//!
//! | paper | for whom |
//! |---|---|
//! | [`receipt`] 受付票 | who applied (C1) |
//! | [`quotation`] 見積書 | anybody, before applying (C2) |
//! | [`invoice`] 請求書 | an agent that has to pay (C3) |
//! | [`password_letter`] 証明書発行用パスワード通知書 | who was entered, or has lost it (C7, C23) |
//! | [`expiry_letter`] 有効期限のお知らせ | who holds a certificate that ends soon (C12, C22) |

mod expiry_letter;
mod fee;
mod invoice;
mod password_letter;
mod quotation;
mod receipt;
mod spell;
pub mod tax;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod transfer_name;

pub use expiry_letter::{Expiring, expiry_letter};
pub use invoice::invoice;
pub(crate) use invoice::is_owed;
pub use password_letter::{NewPasswords, password_letter};
pub use quotation::{Asker, Offer, quotation};
pub use receipt::receipt;
pub use transfer_name::transfer_name;

use crate::{no, settings::Settings, store::holders::Holder, words::HolderKind};
use core_words::{Kind, Lang, Refusal, Text, UtcMicros};
use kit_paper::{Addressee, Paper, Press, PressError, Sender, limits};
use std::sync::Arc;

/// Who sends a paper, and to whom.
struct FromTo;

impl FromTo {
    /// To a holder, in the window of an envelope.
    fn holder(holder: &Holder, lang: Lang) -> Addressee {
        Addressee {
            lines: vec![format!("〒{}", postal(&holder.postal)), holder.address.clone(), holder.name.clone()],
            honorific: (lang == Lang::Ja).then(|| "御中".to_owned()),
        }
    }

    /// From the federation, with a place for its seal where papers are sealed.
    fn federation(settings: &Settings, lang: Lang, seal: bool) -> Sender {
        Sender {
            name: lang.of(&settings.federation).to_owned(),
            lines: lang.of(&settings.contact).lines().map(str::to_owned).collect(),
            seal,
        }
    }
}

/// What the number and the name of a holder are called.
fn called(kind: HolderKind, lang: Lang) -> (&'static str, &'static str) {
    match kind {
        HolderKind::Provider => {
            (lang.pick("事業所番号", "Provider number"), lang.pick("事業所名", "Provider"))
        }
        HolderKind::Agent => (lang.pick("代理人ID", "Agent’s ID"), lang.pick("法人名", "Agent")),
    }
}

/// A postal code as it is written: 100-0001.
pub(crate) fn postal(digits: &str) -> String {
    match digits.split_at_checked(3) {
        Some((first, last)) if digits.len() == 7 => format!("{first}-{last}"),
        _ => digits.to_owned(),
    }
}

/// Prints off the threads of the runtime.
///
/// # Errors
/// `claims.no_glyph`, `claims.unavailable`.
pub(crate) async fn print(press: Arc<dyn Press>, paper: Paper, at: UtcMicros) -> Result<Vec<u8>, Refusal> {
    letters_in_bulk(press, vec![paper], at).await
}

/// Several letters as one document, one after the other, each with page numbers of its own; up to
/// [`limits::PAPERS`] (C23).
///
/// # Errors
/// `claims.no_glyph` for a letter that cannot be printed, and which one; `claims.too_many_letters`,
/// `claims.unavailable`.
pub async fn letters_in_bulk(
    press: Arc<dyn Press>,
    letters: Vec<Paper>,
    at: UtcMicros,
) -> Result<Vec<u8>, Refusal> {
    if letters.len() > limits::PAPERS {
        return Err(too_many());
    }
    let printed = tokio::task::spawn_blocking(move || match letters.as_slice() {
        [letter] => press.print(letter, at).map_err(|error| (error, None)),
        letters => press.print_all(letters, at).map_err(|error| {
            let without = |(_, letter): &(usize, &Paper)| {
                letter
                    .proofread()
                    .is_ok_and(|proof| !press.lacks(&zeroize::Zeroizing::new(proof.text())).is_empty())
            };
            let first = letters.iter().enumerate().find(without).map(|(at, _)| at + 1);
            (error, first)
        }),
    });
    match printed.await {
        Ok(Ok(pdf)) => Ok(pdf),
        Ok(Err((PressError::Glyph { chars }, which))) => Err(no_glyph(&chars, which)),
        Ok(Err((PressError::TooLarge(_), _))) => Err(too_many()),
        Ok(Err((error, _))) => {
            tracing::error!(%error, "a paper was not made");
            Err(no::unavailable())
        }
        Err(error) => {
            tracing::error!(%error, "the press broke off");
            Err(no::unavailable())
        }
    }
}

/// There is no form for some characters; `which` of several letters it was, from 1.
fn no_glyph(chars: &[char], which: Option<usize>) -> Refusal {
    let chars: String = chars.iter().collect();
    let (ja, en) = match which {
        Some(at) => (format!("{at}通目に"), format!(" in letter {at}")),
        None => (String::new(), String::new()),
    };
    Refusal::new(
        Kind::Refused,
        "claims.no_glyph",
        Text::new(
            format!("{ja}印刷できない文字があります: {chars}"),
            format!("There are characters{en} that cannot be printed: {chars}"),
        ),
        Text::new(
            "連合会へご連絡ください。登録された名称を確認します。",
            "Please contact the federation, which will look at the registered name.",
        ),
    )
}

fn too_many() -> Refusal {
    Refusal::new(
        Kind::TooLarge,
        "claims.too_many_letters",
        Text::new("1つのファイルにできる枚数を超えています。", "These are too many letters for one file."),
        Text::new("いくつかに分けて印刷してください。", "Print them in several parts."),
    )
}
