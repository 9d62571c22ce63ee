//! Papers as PDF/A, set by Typst (K12).
//!
//! ```text
//!   Paper ─ proofread ─→ Proof ─ letters all there? ─→ JSON ─→ paper.typ reads it ─→ pages ─→ PDF/A-2a, PDF/UA-1
//! ```
//! The typesetter sees two files, both in memory: `paper.typ`, which is ours, and `papers.json`, which carries
//! the texts as values. A text is never source, so nothing written in it can act. There is no other file, no
//! package, no network, no clock and no font but the three beside this crate.
//!
//! The typesetter remembers what it set, which makes the next paper six times as fast: here until the second
//! paper after. A [secret](kit_paper::Paper::has_code) paper is forgotten at once. Forgotten memory is given
//! back and not overwritten: it is as secret as that of whoever fills papers.

mod fonts;
mod standard;
mod world;

use core_words::UtcMicros;
use kit_paper::{Excess, Paper, Press, PressError, Proof, limits};
use std::sync::Arc;
use typst::diag::SourceDiagnostic;
use typst_layout::PagedDocument;
use zeroize::Zeroizing;

/// The press of the house. Cheap to clone; one for the process is enough.
#[derive(Clone)]
pub struct TypstPress {
    shop: Arc<world::Shop>,
}

impl TypstPress {
    /// Reads the fonts and the template, which are part of the program.
    ///
    /// # Errors
    /// [`PressError::Setting`] when a font is damaged.
    pub fn new() -> Result<Self, PressError> {
        Ok(Self { shop: Arc::new(world::Shop::open()?) })
    }
}

impl Press for TypstPress {
    fn print(&self, paper: &Paper, at: UtcMicros) -> Result<Vec<u8>, PressError> {
        self.print_all(std::slice::from_ref(paper), at)
    }

    fn print_all(&self, papers: &[Paper], at: UtcMicros) -> Result<Vec<u8>, PressError> {
        let proofs = read(papers)?;
        let text: String = proofs.iter().map(Proof::text).collect();
        let chars = self.lacks(&Zeroizing::new(text));
        if !chars.is_empty() {
            return Err(PressError::Glyph { chars });
        }
        let values = serde_json::to_vec(&proofs).map_err(|e| PressError::Setting(e.to_string()))?;
        let options = standard::options(papers, at)?;
        let secret = papers.iter().any(Paper::has_code);
        let _forget = Forget { after: if secret { 0 } else { 1 } };
        let sheet = world::Sheet::new(&self.shop, values);
        let pages = typst::compile::<PagedDocument>(&sheet).output.map_err(|e| failed(&e))?;
        typst_pdf::pdf(&pages, &options).map_err(|e| failed(&e))
    }

    fn lacks(&self, text: &str) -> Vec<char> {
        self.shop.fonts.lacks(text)
    }
}

/// Proofreads each, and holds all of them together to what one paper may be.
fn read(papers: &[Paper]) -> Result<Vec<Proof>, PressError> {
    if papers.is_empty() {
        return Err(PressError::Setting("there is no paper".into()));
    }
    let excess = |what, limit, found| PressError::TooLarge(Excess { what, limit, found });
    if papers.len() > limits::PAPERS {
        return Err(excess("papers", limits::PAPERS, papers.len()));
    }
    let (mut proofs, mut letters) = (Vec::with_capacity(papers.len()), 0);
    for paper in papers {
        let proof = paper.proofread()?;
        letters += Zeroizing::new(proof.text()).chars().count();
        // A line feed stands after each text: what one paper may have is within, and stays so here.
        if papers.len() > 1 && letters > limits::TEXTS {
            return Err(excess("characters on all papers", limits::TEXTS, letters));
        }
        proofs.push(proof);
    }
    Ok(proofs)
}

/// Drops what the typesetter remembers and has not used in the last `after` papers, whatever became of this one.
struct Forget {
    after: usize,
}

impl Drop for Forget {
    fn drop(&mut self) {
        comemo::evict(self.after);
    }
}

/// The typesetter's own words: they speak of our template and of the standard, not of what is written.
fn failed(errors: &[SourceDiagnostic]) -> PressError {
    let said: Vec<&str> = errors.iter().map(|e| e.message.as_str()).collect();
    PressError::Setting(said.join("; "))
}
