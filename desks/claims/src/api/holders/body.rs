//! What is said of holders, and asked with them.

use super::super::PREFIX;
use crate::{Record, words::HolderKind};
use kit_desk::api::rfc3339_micros;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A record to be entered.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ClaimsNewHolder)]
pub(in crate::api) struct NewHolderBody {
    /// Its number: ten digits, or an agent's ID, `DA` and eight digits; the first two digits are a prefecture.
    #[schema(
        pattern = "^(DA(0[1-9]|[1-3][0-9]|4[0-7])[0-9]{6}|(0[1-9]|[1-3][0-9]|4[0-7])[0-9]{8})$",
        example = "1310000011"
    )]
    pub(super) number: String,
    /// Its name.
    #[schema(min_length = 1, max_length = 100, example = "さくら園")]
    pub(super) name: String,
    /// Its name in kana; kept as katakana.
    #[schema(min_length = 1, max_length = 100, example = "サクラエン")]
    pub(super) kana: String,
    /// Postal code, seven digits.
    #[schema(max_length = 20, example = "1640001")]
    pub(super) postal: String,
    /// Address.
    #[schema(min_length = 1, max_length = 200)]
    pub(super) address: String,
    /// Telephone: ten or eleven digits, the first of them 0.
    #[schema(max_length = 20, example = "0353850000")]
    pub(super) phone: String,
    /// Where notices are sent.
    #[schema(format = Email, max_length = 254)]
    pub(super) email: String,
}

/// What a record says beside its number.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ClaimsHolderRecord)]
pub(in crate::api) struct RecordBody {
    /// Its name.
    #[schema(min_length = 1, max_length = 100, example = "さくら園")]
    pub(super) name: String,
    /// Its name in kana; kept as katakana.
    #[schema(min_length = 1, max_length = 100, example = "サクラエン")]
    pub(super) kana: String,
    /// Postal code, seven digits.
    #[schema(max_length = 20, example = "1640001")]
    pub(super) postal: String,
    /// Address.
    #[schema(min_length = 1, max_length = 200)]
    pub(super) address: String,
    /// Telephone: ten or eleven digits, the first of them 0.
    #[schema(max_length = 20, example = "0353850000")]
    pub(super) phone: String,
    /// Where notices are sent.
    #[schema(format = Email, max_length = 254)]
    pub(super) email: String,
}

/// A care provider or an agent.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClaimsHolderFile)]
pub(in crate::api) struct HolderBody {
    /// Its number.
    #[schema(pattern = "^(DA[0-9]{8}|[0-9]{10})$")]
    pub(super) number: String,
    /// `provider` or `agent`.
    #[schema(pattern = "^(provider|agent)$")]
    pub(super) kind: &'static str,
    /// How often it was changed, from 1; also the ETag. `If-Match` names it.
    #[schema(minimum = 1)]
    pub(super) version: i64,
    /// Its name.
    pub(super) name: String,
    /// Its name in katakana.
    pub(super) kana: String,
    /// Postal code, seven digits.
    pub(super) postal: String,
    /// Address.
    pub(super) address: String,
    /// Telephone.
    pub(super) phone: String,
    /// Where notices are sent.
    pub(super) email: String,
    /// Whether the check digit of its number fits: not every real number's does.
    pub(super) check_digit_fits: bool,
    /// Whether it claims no longer (廃止).
    pub(super) closed: bool,
    /// When its last letter with passwords was printed; before, it cannot sign in.
    #[schema(format = DateTime)]
    pub(super) letter_at: Option<String>,
    /// When it was changed last.
    #[schema(format = DateTime)]
    pub(super) changed_at: String,
    /// Where it is.
    pub(super) href: String,
}

/// A stretch of holders.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClaimsHolders)]
pub(in crate::api) struct HoldersBody {
    /// The holders.
    pub(super) holders: Vec<HolderBody>,
    /// What to give as `after` for those that follow; null at the end.
    pub(super) next: Option<String>,
}

pub(super) fn told(record: &Record) -> HolderBody {
    let holder = &record.holder;
    HolderBody {
        number: holder.number.to_string(),
        kind: match holder.number.kind() {
            HolderKind::Provider => "provider",
            HolderKind::Agent => "agent",
        },
        version: record.version,
        name: holder.name.clone(),
        kana: holder.kana.clone(),
        postal: holder.postal.clone(),
        address: holder.address.clone(),
        phone: holder.phone.clone(),
        email: holder.email.clone(),
        check_digit_fits: holder.number.check_digit_fits(),
        closed: record.closed,
        letter_at: record.letter.map(rfc3339_micros),
        changed_at: rfc3339_micros(record.changed),
        href: format!("{PREFIX}/holders/{}", holder.number),
    }
}
