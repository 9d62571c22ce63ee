//! The status table of a desk: which status, under which command, by which role, leads where.
//!
//! One table per desk drives everything: [`decide`](crate::Flow::decide) is asked only for what stands in it, pages
//! draw their buttons from it, the API its actions, the documentation its diagram. What is not in it is
//! refused, and an impossible button cannot be drawn.

use core_words::Text;
use std::fmt::{self, Debug};

/// A status of a case. Implemented by a field-less enum of the desk.
pub trait Status: Copy + Eq + Debug + Send + Sync + 'static {
    /// Every status, in the order of the desk's own list.
    const ALL: &'static [Self];
    /// The number under which it is stored and known: never reused.
    fn code(self) -> i16;
    /// Its name in URLs, the API and the diagram: `issue-requested`.
    fn slug(self) -> &'static str;
    /// Its name as people know it: 発行依頼待ち.
    fn label(self) -> Text;

    /// The status of a stored number.
    fn of_code(code: i16) -> Option<Self> {
        Self::ALL.iter().copied().find(|status| status.code() == code)
    }

    /// The status of a name in a URL.
    fn of_slug(slug: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|status| status.slug() == slug)
    }
}

/// What may be done to a case. Implemented by a field-less enum of the desk.
pub trait Verb: Copy + Eq + Debug + Send + Sync + 'static {
    /// Every verb.
    const ALL: &'static [Self];
    /// Its name in URLs, the API and the ledger: `register-issue`.
    fn slug(self) -> &'static str;
    /// The kind of its ledger entry: `claims.issue-registered`.
    fn ledger_kind(self) -> &'static str;
    /// What a button says: 発行依頼を登録する.
    fn label(self) -> Text;
    /// What a time line says of it: 発行依頼を登録しました.
    fn done(self) -> Text;

    /// The verb of a name.
    fn of_slug(slug: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|verb| verb.slug() == slug)
    }
}

/// In what capacity somebody acts. The house itself, its clock and its jobs, is a role too.
pub trait Capacity: Copy + Eq + Debug + Send + Sync + 'static {
    /// Every capacity.
    const ALL: &'static [Self];
    /// The capacity of the house itself.
    const SYSTEM: Self;
    /// Its name, which is also that of the role at the gate: `claims.clerk`.
    fn slug(self) -> &'static str;
    /// Its name as people know it: 担当者.
    fn label(self) -> Text;

    /// The capacity of a name.
    fn of_slug(slug: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|capacity| capacity.slug() == slug)
    }
}

/// One line of a table.
#[derive(Clone, Copy, Debug)]
pub struct Line<S: 'static, V: 'static, C: 'static> {
    /// The status that is left; `None` before there is a case.
    pub from: Option<S>,
    /// The verb.
    pub verb: V,
    /// Who may.
    pub by: &'static [C],
    /// Where it may lead: one status, or several between which the facts decide.
    pub to: &'static [S],
}

/// The table of a desk.
#[derive(Clone, Copy, Debug)]
pub struct Table<S: 'static, V: 'static, C: 'static>(pub &'static [Line<S, V, C>]);

/// Why the table refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotInTable {
    /// Nobody may do this in this status.
    NotNow,
    /// Somebody may, but not in this capacity.
    NotYou,
}

impl<S: Status, V: Verb, C: Capacity> Table<S, V, C> {
    /// The line under which `by` may do `verb` to a case in `from`.
    ///
    /// # Errors
    /// [`NotInTable`].
    pub fn line(&self, from: Option<S>, verb: V, by: C) -> Result<&'static Line<S, V, C>, NotInTable> {
        let mut lines = self.0.iter().filter(|line| line.from == from && line.verb == verb).peekable();
        if lines.peek().is_none() {
            return Err(NotInTable::NotNow);
        }
        lines.find(|line| line.by.contains(&by)).ok_or(NotInTable::NotYou)
    }

    /// What `by` may do to a case in `from`, in the order of the table.
    pub fn verbs(&self, from: Option<S>, by: C) -> impl Iterator<Item = V> + use<S, V, C> {
        let lines = self.0;
        lines.iter().filter(move |line| line.from == from && line.by.contains(&by)).map(|line| line.verb)
    }

    /// The table as a Mermaid state diagram, for the documentation.
    pub fn diagram(&self) -> Diagram<'_, S, V, C> {
        Diagram(self)
    }
}

/// A [`Table`] drawn; see [`Table::diagram`].
pub struct Diagram<'a, S: 'static, V: 'static, C: 'static>(&'a Table<S, V, C>);

impl<S: Status, V: Verb, C: Capacity> fmt::Display for Diagram<'_, S, V, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = |status: S| format!("s{}", status.code());
        writeln!(f, "stateDiagram-v2")?;
        for status in S::ALL {
            writeln!(f, "    {}: {} {}", id(*status), status.code(), status.label().ja)?;
        }
        for line in self.0.0 {
            let from = line.from.map_or_else(|| "[*]".to_owned(), id);
            let by: Vec<String> = line.by.iter().map(|c| c.label().ja).collect();
            for to in line.to {
                // What changes no status is no arrow.
                if line.from != Some(*to) {
                    writeln!(f, "    {from} --> {}: {}（{}）", id(*to), line.verb.label().ja, by.join("・"))?;
                }
            }
        }
        Ok(())
    }
}
