//! The list of holders (事業所管理, C23): searched by number, name and kana, and paged through.

use super::{
    find::{PAGE, pattern, words},
    holders::{RECORD, Record, parse_record},
};
use kit_gate::Scope;
use kit_store::{StoreError, Tx, Value};

/// Which holders.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Which {
    /// All of them.
    #[default]
    All,
    /// Care providers.
    Providers,
    /// Agents.
    Agents,
    /// Those in force that no letter was printed for.
    Unlettered,
    /// Those that claim no longer.
    Closed,
}

/// What is looked for among holders.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WantedOffices {
    /// Words, each of them anywhere in number, name or kana. Empty for all.
    pub text: String,
    /// Which of them.
    pub which: Which,
    /// Which page, from 0.
    pub page: u32,
}

/// A page of holders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundOffices {
    /// Its lines, in the order of numbers.
    pub lines: Vec<Record>,
    /// How many the words find of each kind, whichever was asked for.
    pub counts: Vec<(Which, u64)>,
}

impl Which {
    /// Every one, in the order of the page.
    pub const ALL: [Self; 5] = [Self::All, Self::Providers, Self::Agents, Self::Unlettered, Self::Closed];

    /// As a condition. The IDs of agents begin with letters, and every order of text has those behind digits.
    fn condition(self) -> &'static str {
        match self {
            Self::All => "1 = 1",
            Self::Providers => "number < 'DA'",
            Self::Agents => "number >= 'DA'",
            Self::Unlettered => "letters = 0 AND state = 1",
            Self::Closed => "state = 2",
        }
    }
}

impl FoundOffices {
    /// How many there are on all pages of `which`.
    pub fn total(&self, which: Which) -> u64 {
        self.counts.iter().find(|(of, _)| *of == which).map_or(0, |(_, count)| *count)
    }
}

/// One page of what is looked for, and how many there are.
pub(crate) fn find(tx: &mut Tx, scope: &Scope, wanted: &WantedOffices) -> Result<FoundOffices, StoreError> {
    let (condition, values) = condition(scope, &wanted.text);
    let sums = Which::ALL.map(|which| {
        format!("CAST(coalesce(sum(CASE WHEN {} THEN 1 ELSE 0 END), 0) AS BIGINT)", which.condition())
    });
    let sql = format!("SELECT {} FROM claims_holder WHERE {condition}", sums.join(", "));
    let row = tx.query_one(&sql, &values)?;
    let mut counts = Vec::new();
    for (at, which) in Which::ALL.into_iter().enumerate() {
        counts.push((which, row.get::<i64>(at)?.unsigned_abs()));
    }
    let lines = tx.query(&page(wanted, &condition), &values)?;
    Ok(FoundOffices { lines: lines.iter().map(parse_record).collect::<Result<_, _>>()?, counts })
}

/// Holders behind the one of this number, in the order of numbers: for programs that go through all of them (K16). Of
/// `wanted` the page says nothing.
pub(crate) fn walk(
    tx: &mut Tx,
    scope: &Scope,
    wanted: &WantedOffices,
    after: &str,
    most: u32,
) -> Result<Vec<Record>, StoreError> {
    let (condition, mut values) = condition(scope, &wanted.text);
    let (which, order) = (wanted.which.condition(), order(wanted));
    values.push(after.into());
    let sql = format!(
        "SELECT {RECORD} FROM claims_holder WHERE id IN (SELECT id FROM claims_holder WHERE {condition} AND {which} \
         AND number > ${} ORDER BY {order} LIMIT {most}) ORDER BY number",
        values.len()
    );
    tx.query(&sql, &values)?.iter().map(parse_record).collect()
}

/// With words, what is found is put in order: not looked for in the order of numbers, which would read every row.
fn order(wanted: &WantedOffices) -> &'static str {
    if wanted.text.trim().is_empty() { "number" } else { "number || ''" }
}

/// What stands in an index is looked through, and only the lines of the page are read.
fn page(wanted: &WantedOffices, condition: &str) -> String {
    let which = wanted.which.condition();
    let order = order(wanted);
    let skipped = u64::from(wanted.page) * u64::from(PAGE);
    format!(
        "SELECT {RECORD} FROM claims_holder WHERE id IN (SELECT id FROM claims_holder WHERE {condition} AND {which} \
         ORDER BY {order} LIMIT {PAGE} OFFSET {skipped}) ORDER BY number"
    )
}

fn condition<'a>(scope: &'a Scope, text: &str) -> (String, Vec<Value<'a>>) {
    let mut values: Vec<Value<'a>> = vec![scope.operator().as_str().into()];
    let mut parts = vec!["operator_id = $1".to_owned()];
    for word in words(text) {
        values.push(pattern(&word).into());
        parts.push(format!("find LIKE ${} ESCAPE '!'", values.len()));
    }
    (parts.join(" AND "), values)
}

#[cfg(test)]
mod tests;
