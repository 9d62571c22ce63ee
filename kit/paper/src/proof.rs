//! Proofreading: sizes, and texts without tricks.

use crate::{Block, Paper, Sign, limits, plain};

/// A paper is larger than it may be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{found} {what} on one paper; at most {limit}")]
pub struct Excess {
    /// What there is too much of.
    pub what: &'static str,
    /// How many there may be.
    pub limit: usize,
    /// How many there are.
    pub found: usize,
}

/// A paper that was proofread. Only [`Paper::proofread`] makes one.
#[derive(Clone, Debug, serde::Serialize)]
#[serde(transparent)]
pub struct Proof(Paper);

impl Proof {
    /// The paper.
    pub fn paper(&self) -> &Paper {
        &self.0
    }

    /// Every text on it, end to end, a line feed after each.
    pub fn text(&self) -> String {
        let mut all = String::new();
        self.0.clone().each_text(&mut |text| {
            all.push_str(text);
            all.push('\n');
        });
        all
    }
}

impl Paper {
    /// A copy of which every text is [`plain`], or what there is too much of ([`limits`]).
    pub fn proofread(&self) -> Result<Proof, Excess> {
        within("blocks", self.blocks.len(), limits::BLOCKS)?;
        within("lines of an addressee", self.to.as_ref().map_or(0, |to| to.lines.len()), limits::LINES)?;
        within("lines of a sender", self.from.as_ref().map_or(0, |from| from.lines.len()), limits::LINES)?;
        let mut cells = 0;
        for block in &self.blocks {
            cells += sizes(block)?;
        }
        within("cells", cells, limits::CELLS)?;

        let mut paper = self.clone();
        let (mut longest, mut sum) = (0, 0);
        paper.each_text(&mut |text| {
            // Bytes first: a text of megabytes is not worth counting.
            let letters = if text.len() > limits::TEXT * 4 { text.len() / 4 } else { text.chars().count() };
            longest = longest.max(letters);
            sum += letters;
            if letters <= limits::TEXT
                && let std::borrow::Cow::Owned(clean) = plain(text)
            {
                *text = clean;
            }
        });
        within("characters in one text", longest, limits::TEXT)?;
        within("characters", sum, limits::TEXTS)?;
        Ok(Proof(paper))
    }
}

/// Checks the sizes of one block; how many cells it has.
fn sizes(block: &Block) -> Result<usize, Excess> {
    match block {
        Block::Fields(pairs) | Block::Box { pairs, .. } => {
            within("rows", pairs.len(), limits::ROWS).map(|()| pairs.len())
        }
        Block::Steps(steps) => within("rows", steps.len(), limits::ROWS).map(|()| steps.len()),
        Block::Table(table) => {
            within("columns", table.columns.len(), limits::COLUMNS)?;
            within("rows", table.rows.len(), limits::ROWS)?;
            within("totals", table.totals.len(), limits::TOTALS)?;
            let widest = table.rows.iter().map(Vec::len).max().unwrap_or(0);
            within("texts in a row of a table", widest, table.columns.len())?;
            Ok(table.rows.len() * table.columns.len())
        }
        Block::Spelled { signs, .. } => {
            within("signs", signs.len(), limits::SIGNS)?;
            let longest =
                |of: fn(&Sign) -> &str| signs.iter().map(|s| of(s).chars().count()).max().unwrap_or(0);
            within("letters in a sign", longest(|s| &s.sign), 1)?;
            within("letters in the reading of a sign", longest(|s| &s.reading), 20)?;
            Ok(signs.len())
        }
        _ => Ok(1),
    }
}

fn within(what: &'static str, found: usize, limit: usize) -> Result<(), Excess> {
    if found <= limit { Ok(()) } else { Err(Excess { what, limit, found }) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Addressee, Column, Sender, Table};
    use core_words::Lang;

    fn with(blocks: Vec<Block>) -> Paper {
        Paper { blocks, ..Paper::new(Lang::Ja, "x.test", "試験") }
    }

    fn refused(paper: &Paper) -> Option<&'static str> {
        paper.proofread().err().map(|excess| excess.what)
    }

    fn table(columns: usize, rows: usize, texts: usize) -> Block {
        Block::Table(Table {
            columns: vec![Column::words("列", 1); columns],
            rows: vec![vec![String::new(); texts]; rows],
            totals: Vec::new(),
        })
    }

    #[test]
    fn every_limit_holds_at_its_edge() {
        let long = |letters: usize| "漢".repeat(letters);
        let lines = |n: usize| vec![String::new(); n];
        let to = |n| Paper { to: Some(Addressee { lines: lines(n), honorific: None }), ..with(vec![]) };
        let from = |n| Paper {
            from: Some(Sender { name: String::new(), lines: lines(n), seal: false }),
            ..with(vec![])
        };
        let paras = |n, letters| with(vec![Block::para(long(letters)); n]);
        let spelled = |n, sign: &str, reading: &str| {
            let sign = Sign { sign: sign.to_owned().into(), reading: reading.to_owned().into() };
            with(vec![Block::spelled("", vec![sign; n])])
        };
        let sum = "characters";
        for (fits, too_much, what) in [
            (paras(1, limits::TEXT), paras(1, limits::TEXT + 1), "characters in one text"),
            (paras(39, limits::TEXT), paras(40, limits::TEXT), sum), // the title counts too
            (paras(limits::BLOCKS, 1), paras(limits::BLOCKS + 1, 1), "blocks"),
            (with(vec![table(1, limits::ROWS, 1)]), with(vec![table(1, limits::ROWS + 1, 1)]), "rows"),
            (
                with(vec![table(limits::COLUMNS, 1, 1)]),
                with(vec![table(limits::COLUMNS + 1, 1, 1)]),
                "columns",
            ),
            (with(vec![table(2, 1, 2)]), with(vec![table(2, 1, 3)]), "texts in a row of a table"),
            (with(vec![table(10, 5_000, 10)]), with(vec![table(10, 5_000, 10), Block::PageBreak]), "cells"),
            (spelled(limits::SIGNS, "a", "エー"), spelled(limits::SIGNS + 1, "a", "エー"), "signs"),
            (spelled(1, "a", ""), spelled(1, "ab", ""), "letters in a sign"),
            (
                spelled(1, "", &"a".repeat(20)),
                spelled(1, "", &"a".repeat(21)),
                "letters in the reading of a sign",
            ),
            (
                with(vec![Block::boxed("", vec![("", ""); limits::ROWS])]),
                with(vec![Block::boxed("", vec![("", ""); limits::ROWS + 1])]),
                "rows",
            ),
            (to(limits::LINES), to(limits::LINES + 1), "lines of an addressee"),
            (from(limits::LINES), from(limits::LINES + 1), "lines of a sender"),
        ] {
            assert_eq!(refused(&fits), None, "{what}");
            assert_eq!(refused(&too_much), Some(what));
        }
    }

    #[test]
    fn a_text_of_megabytes_is_refused_unread() {
        assert_eq!(refused(&with(vec![Block::para("a".repeat(2_000_000))])), Some("characters in one text"));
    }

    #[test]
    fn every_text_is_plain_afterwards() {
        let trick = "山\u{202e}田\0".to_owned();
        let pair = (trick.clone(), trick.clone());
        let mut paper = with(vec![
            Block::heading(&trick),
            Block::para(&trick),
            Block::centered(&trick),
            Block::Fields(vec![pair.clone()]),
            Block::Table(Table {
                columns: vec![Column::words(&trick, 1)],
                rows: vec![vec![trick.clone()]],
                totals: vec![pair],
            }),
            Block::steps([&trick]),
            Block::note(&trick, &trick),
            Block::code(&trick, trick.clone().into()),
            Block::total(&trick, &trick, &trick),
            Block::boxed(&trick, [(&trick, &trick)]),
            Block::exact(&trick, &trick),
            Block::spelled(
                &trick,
                vec![Sign { sign: "\0".to_owned().into(), reading: trick.clone().into() }],
            ),
            Block::Dotted,
            Block::Signature { label: trick.clone(), seal: true },
        ]);
        paper.title.clone_from(&trick);
        paper.number = Some(trick.clone());
        paper.date = Some(trick.clone());
        paper.to = Some(Addressee { lines: vec![trick.clone()], honorific: Some(trick.clone()) });
        paper.from = Some(Sender { name: trick.clone(), lines: vec![trick.clone()], seal: true });
        paper.footer = Some(trick);
        let text = paper.proofread().expect("within the limits").text();
        let (ink, none) =
            (text.matches("山田\n").count(), text.lines().filter(|line| line.is_empty()).count());
        assert_eq!((ink, none, text.lines().count()), (33, 1, 34), "{text}");
    }
}
