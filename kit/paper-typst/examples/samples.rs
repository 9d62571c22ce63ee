//! Writes every sample paper as PDF into a folder: `cargo run -p kit-paper-typst --example samples -- FOLDER`.

use core_words::{Lang, UtcMicros};
use kit_paper::{Press as _, SAMPLES};
use kit_paper_typst::TypstPress;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::path::PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| ".".into()));
    let press = TypstPress::new()?;
    for sample in SAMPLES {
        for lang in Lang::ALL {
            let pdf = press.print(&(sample.make)(lang), UtcMicros(1_795_151_100_000_000))?;
            std::fs::write(folder.join(format!("{}-{}.pdf", sample.name, lang.tag())), pdf)?;
        }
    }
    Ok(())
}
