//! What is said of accounts of agents, and asked with them.

use crate::{EntryKind, service::Account, store::accounts::Entry, words::Pays};
use kit_desk::api::rfc3339_micros;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An agent with money that is not spent, or with applications that wait for it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClaimsAgentLine)]
pub(in crate::api) struct AgentBody {
    /// Its ID.
    #[schema(example = "DA13000017")]
    pub(super) agent: String,
    /// Its name.
    pub(super) name: String,
    /// What came from it and is not spent, in yen; less than nothing where the bank took back what was spent.
    pub(super) balance_yen: i64,
    /// How many of its applications wait for their fee.
    #[schema(minimum = 0)]
    pub(super) waiting: u64,
    /// What they cost together.
    pub(super) fees_yen: i64,
}

/// A stretch of agents.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClaimsAgents)]
pub(in crate::api) struct AgentsBody {
    /// The agents.
    pub(super) agents: Vec<AgentBody>,
    /// What to give as `after` for those that follow; null at the end.
    pub(super) next: Option<String>,
}

/// The account of an agent.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClaimsAccount)]
pub(in crate::api) struct AccountBody {
    /// The agent's ID.
    #[schema(example = "DA13000017")]
    pub(super) agent: String,
    /// The agent's name.
    pub(super) name: String,
    /// What came from it and is not spent, in yen; less than nothing where the bank took back what was spent.
    pub(super) balance_yen: i64,
    /// Its applications that wait for their fee, the oldest first; at most 100.
    pub(super) waiting: Vec<WaitingBody>,
}

/// An application that waits for its fee.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClaimsWaitingForFee)]
pub(in crate::api) struct WaitingBody {
    /// Its number.
    #[schema(example = "C-2026-0000001-7")]
    pub(super) number: String,
    /// Its version.
    #[schema(minimum = 1)]
    pub(super) version: i64,
    /// When it was applied for.
    #[schema(format = DateTime)]
    pub(super) applied_at: String,
    /// Until when the fee is to be transferred. Nothing happens by itself when it is over.
    #[schema(format = DateTime)]
    pub(super) pay_until: Option<String>,
    /// The fee.
    pub(super) fee_yen: i64,
}

/// Something that was done with an agent's money.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClaimsAccountEntry)]
pub(in crate::api) struct EntryBody {
    /// Its number.
    #[schema(pattern = "^[0-9]{1,18}$")]
    pub(super) id: String,
    /// `payment`: a fee was paid; `undone`: that was undone; `refund`: money was sent back.
    #[schema(pattern = "^(payment|undone|refund)$")]
    pub(super) kind: &'static str,
    /// How much, in yen; less than nothing when it left the balance.
    pub(super) amount_yen: i64,
    /// The number of the case that it is about.
    #[schema(example = "C-2026-0000001-7")]
    pub(super) case: Option<String>,
    /// A note.
    pub(super) note: String,
    /// When.
    #[schema(format = DateTime)]
    pub(super) at: String,
}

/// A stretch of entries.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClaimsAccountEntries)]
pub(in crate::api) struct EntriesBody {
    /// The entries.
    pub(super) entries: Vec<EntryBody>,
    /// What to give as `after` for those that follow; null at the end.
    pub(super) next: Option<String>,
}

/// Applications to be paid for.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ClaimsPayFees)]
pub(in crate::api) struct PayBody {
    /// Which.
    #[schema(min_items = 1, max_items = 100)]
    pub(super) cases: Vec<PickedBody>,
}

/// An application, in the version that was looked at.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ClaimsPicked)]
pub(in crate::api) struct PickedBody {
    /// Its number.
    #[schema(example = "C-2026-0000001-7", max_length = 40)]
    pub(super) number: String,
    /// Its version.
    #[schema(minimum = 1, maximum = 999_999_999_999_999_999_i64)]
    #[serde(deserialize_with = "kit_desk::api::fields::whole")]
    pub(super) version: i64,
}

/// Money that the bank sent back to an agent.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ClaimsRefund)]
pub(in crate::api) struct RefundBody {
    /// How much.
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    #[serde(deserialize_with = "kit_desk::api::fields::whole")]
    pub(super) amount_yen: i64,
    /// Why and how.
    #[schema(
        min_length = 1,
        max_length = 100,
        pattern = "^[^\\u0000-\\u0008\\u000B\\u000C\\u000E-\\u001F\\u007F-\\u009F]*$"
    )]
    pub(super) note: String,
}

pub(super) fn told(account: &Account) -> AccountBody {
    let waiting = account.waiting.iter().map(|case| {
        let application = case.case.application();
        let pay_until = match application.pays {
            Pays::Transfer { due } => Some(rfc3339_micros(due)),
            Pays::Offset(_) => None,
        };
        WaitingBody {
            number: case.number.clone(),
            version: case.version,
            applied_at: rfc3339_micros(application.at),
            pay_until,
            fee_yen: application.applied.fee.0,
        }
    });
    AccountBody {
        agent: account.agent.number.to_string(),
        name: account.agent.name.clone(),
        balance_yen: account.balance.0,
        waiting: waiting.collect(),
    }
}

pub(super) fn entry((id, entry): (i64, Entry)) -> EntryBody {
    EntryBody {
        id: id.to_string(),
        kind: EntryKind::slug(entry.kind),
        amount_yen: entry.amount.0,
        case: entry.case,
        note: entry.note,
        at: rfc3339_micros(entry.at),
    }
}
