//! Third deed: order, serial and the exact octets to be signed become durable, in one commit (K3).

use crate::{Ctx, acts};
use authority_journal::{
    authorities,
    codes::AuthorityState,
    orders::{self, KeyClaim, NewOrder, StoredOrder},
};
use core_words::{Actor, AuthorityId, OperatorId};
use kit_store::{StoreError, Tx};
use std::collections::HashMap;

/// A planned and linted order on its way into the journal.
pub(crate) struct Record {
    pub(crate) order: NewOrder,
    pub(crate) actor: Actor,
    pub(crate) operator: OperatorId,
    /// SHA-256 of the octets to be signed, for the ledger.
    pub(crate) tbs_sha256: [u8; 32],
}

/// What became of a [`Record`].
#[derive(Debug)]
pub(crate) enum Recorded {
    /// Durable under this id: it may be signed.
    New(i64),
    /// The orderer placed an order under this key before; this is it.
    Repeat(Box<StoredOrder>),
    /// Another subject uses the public key.
    KeyOfOther,
    /// The public key is known to be compromised or was blocked.
    KeyBlocked,
    /// The authority does not issue: suspended, retired, or its key was replaced a moment ago.
    NotIssuing(NotIssuing),
}

/// Why an authority does not issue under the generation that was planned for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotIssuing {
    /// Its state says so.
    State(AuthorityState),
    /// Another generation is active now: plan again.
    Generation,
}

/// Writes a group of records. Answer `i` belongs to record `i`.
pub(crate) fn write(tx: &mut Tx, ctx: &Ctx, records: &[Record]) -> Result<Vec<Recorded>, StoreError> {
    let Some(at) = records.iter().map(|r| r.order.at).max() else { return Ok(Vec::new()) };
    let mut answers: Vec<Option<Recorded>> = Vec::with_capacity(records.len());
    let mut issuing = HashMap::new();
    for record in records {
        answers.push(before_writing(tx, record, &mut issuing)?);
    }
    let open = |answers: &[Option<Recorded>]| -> Vec<usize> {
        answers.iter().enumerate().filter(|(_, a)| a.is_none()).map(|(i, _)| i).collect()
    };

    let claiming = open(&answers);
    let claims: Vec<_> = claiming
        .iter()
        .map(|i| (&records[*i].order.spki_sha256, &records[*i].order.subject_sha256))
        .collect();
    for (i, claim) in claiming.iter().zip(orders::claim_keys(tx, &claims)?) {
        match claim {
            KeyClaim::Granted => {}
            KeyClaim::OtherSubject => answers[*i] = Some(Recorded::KeyOfOther),
            KeyClaim::Blocked => answers[*i] = Some(Recorded::KeyBlocked),
        }
    }

    let writing = open(&answers);
    let mut rows = Vec::with_capacity(writing.len());
    for i in &writing {
        rows.push((tx.next_id()?, &records[*i].order));
    }
    let mut entries = Vec::with_capacity(rows.len());
    for ((i, (id, _)), written) in writing.iter().zip(&rows).zip(orders::record(tx, &rows)?) {
        let record = &records[*i];
        if written {
            entries.push(acts::recorded(record));
            answers[*i] = Some(Recorded::New(*id));
        } else {
            // Two orders under one key in the same group: the first was written just now.
            orders::unclaim_keys(tx, &[&record.order.spki_sha256])?;
            let key = record.order.key.as_deref().unwrap_or_default();
            let first = orders::by_key(tx, &record.order.orderer, key)?
                .ok_or_else(|| StoreError::Corrupt("ca_order: a key conflicts with no order".into()))?;
            answers[*i] = Some(Recorded::Repeat(Box::new(first)));
        }
    }
    ctx.ledger_append(tx, &entries, at)?;
    answers
        .into_iter()
        .map(|a| a.ok_or_else(|| StoreError::Corrupt("a record was neither written nor refused".into())))
        .collect()
}

type Issuing = HashMap<AuthorityId, Option<(AuthorityState, u16)>>;

/// Looks for what makes writing needless: an earlier order under the same key, an authority that does not issue.
fn before_writing(
    tx: &mut Tx,
    record: &Record,
    issuing: &mut Issuing,
) -> Result<Option<Recorded>, StoreError> {
    let order = &record.order;
    if let Some(key) = &order.key
        && let Some(first) = orders::by_key(tx, &order.orderer, key)?
    {
        return Ok(Some(Recorded::Repeat(Box::new(first))));
    }
    let now = match issuing.get(&order.authority) {
        Some(known) => *known,
        None => {
            let found = authorities::issuing_state(tx, &order.authority)?;
            issuing.insert(order.authority.clone(), found);
            found
        }
    };
    Ok(match now {
        Some((AuthorityState::Active, generation)) if generation == order.generation => None,
        Some((AuthorityState::Active, _)) | None => Some(Recorded::NotIssuing(NotIssuing::Generation)),
        Some((state, _)) => Some(Recorded::NotIssuing(NotIssuing::State(state))),
    })
}
