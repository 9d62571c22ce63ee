//! One paper: head, blocks, foot.

use crate::Block;
use core_words::Lang;
use serde::Serialize;

/// A letter, form or slip on sheets of A4, in one language. Every text is finished: dates, amounts and numbers
/// stand as they are to be read.
#[derive(Clone, Serialize)]
pub struct Paper {
    /// The language it is written in; also the language that a reading program announces.
    pub lang: Lang,
    /// Which paper it is, stable and never shown: `claims.receipt`.
    pub kind: &'static str,
    /// 受領書. On the sheet, and the name of the document in a viewer.
    pub title: String,
    /// Its number, as written at the top right: `第2026-000123号`.
    pub number: Option<String>,
    /// Its date, as written below the number: `2026年11月20日（令和8年）`.
    pub date: Option<String>,
    /// To whom it goes; stands in the window of a 長形3号 envelope when the sheet is folded in three.
    pub to: Option<Addressee>,
    /// Who sends it.
    pub from: Option<Sender>,
    /// What it says.
    pub blocks: Vec<Block>,
    /// A line at the foot of every page, beside the page number: the service, a number, where to ask.
    pub footer: Option<String>,
}

/// To whom a paper goes.
#[derive(Clone, Serialize)]
pub struct Addressee {
    /// Postal code, address, name: the last line is the name, which stands larger.
    pub lines: Vec<String>,
    /// 様, 御中 or 殿, after the last line.
    pub honorific: Option<String>,
}

/// Who sends a paper.
#[derive(Clone, Serialize)]
pub struct Sender {
    /// The organisation or the person in office.
    pub name: String,
    /// Section, address, telephone: below the name.
    pub lines: Vec<String>,
    /// Whether a place for a seal (印) is left beside the name.
    pub seal: bool,
}

impl Paper {
    /// A paper with a title and nothing else yet.
    pub fn new(lang: Lang, kind: &'static str, title: impl Into<String>) -> Self {
        let (number, date, to, from, footer) = (None, None, None, None, None);
        Self { lang, kind, title: title.into(), number, date, to, from, blocks: Vec::new(), footer }
    }

    /// Whether there is a [`Block::Code`] or a [`Block::Spelled`] on it: such a paper is as secret as a password.
    pub fn has_code(&self) -> bool {
        self.blocks.iter().any(Block::is_secret)
    }

    /// Hands every text of the paper to `visit`, from the top of the sheet to its foot.
    pub fn each_text(&mut self, visit: &mut dyn FnMut(&mut String)) {
        self.number.iter_mut().chain(self.date.iter_mut()).for_each(&mut *visit);
        if let Some(to) = &mut self.to {
            to.lines.iter_mut().chain(to.honorific.iter_mut()).for_each(&mut *visit);
        }
        if let Some(from) = &mut self.from {
            visit(&mut from.name);
            from.lines.iter_mut().for_each(&mut *visit);
        }
        visit(&mut self.title);
        self.blocks.iter_mut().for_each(|block| block.each_text(visit));
        self.footer.iter_mut().for_each(visit);
    }
}

impl std::fmt::Debug for Paper {
    /// The kind and the size alone: papers carry personal data, and some carry a password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Paper({}, {} blocks)", self.kind, self.blocks.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_tells_nothing_of_what_is_written() {
        let paper = Paper {
            blocks: vec![Block::code("暗証番号", "hunter2".to_owned().into())],
            ..Paper::new(Lang::Ja, "x.password", "通知")
        };
        assert_eq!(format!("{paper:?}"), "Paper(x.password, 1 blocks)");
        let spelled = Paper { blocks: vec![Block::spelled("暗証番号", Vec::new())], ..paper.clone() };
        assert!(spelled.has_code());
        assert!(paper.has_code() && !Paper::new(Lang::Ja, "x.letter", "通知").has_code());
    }
}
