//! Papers, as other programs read them.

mod archive;
mod hostile;
mod words;

use core_words::{Lang, UtcMicros};
use kit_paper::{Block, Paper, Press as _};
use kit_paper_typst::TypstPress;
use std::{process::Command, sync::LazyLock};

/// 2026-11-20 14:05 in Japan.
const AT: UtcMicros = UtcMicros(1_795_151_100_000_000);

static PRESS: LazyLock<TypstPress> = LazyLock::new(|| TypstPress::new().expect("the fonts are sound"));

fn print(paper: &Paper) -> Vec<u8> {
    PRESS.print(paper, AT).expect("it is within the limits")
}

fn with(blocks: Vec<Block>) -> Paper {
    Paper { blocks, ..Paper::new(Lang::Ja, "x.test", "試験") }
}

/// What poppler reads in a PDF, in the order in which it was set, without the white space that a line break may add or take.
fn read(pdf: &[u8]) -> String {
    squeezed(&pdftotext(pdf))
}

fn pdftotext(pdf: &[u8]) -> String {
    let file = tempfile::NamedTempFile::new().expect("a place for it");
    std::fs::write(file.path(), pdf).expect("written");
    let told = Command::new("pdftotext").args(["-raw", "-enc", "UTF-8"]).arg(file.path()).arg("-").output();
    let told = told.expect("poppler-utils is installed: cargo xtask setup");
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    String::from_utf8(told.stdout).expect("UTF-8 was asked for")
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}
