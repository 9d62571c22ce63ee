//! `warifu doctor`.

use crate::{
    cli::Run,
    doctor::{Weight, examine},
    fail::{Exit, Outcome},
    terminal::{self, Page},
};

/// 問題を見つけ、対処を示す / find what is wrong and say what to do
#[derive(clap::Args, Debug)]
pub struct Doctor {
    /// Print only what needs attention
    #[arg(long)]
    quiet: bool,
}

impl Doctor {
    /// Runs it. Exit code 0 when all is well, 2 when somebody should look, 1 when something is wrong.
    ///
    /// # Errors
    /// The configuration is not valid.
    pub async fn run(self, run: &Run) -> Outcome {
        let findings = examine(&run.config()?).await;
        let mut page = Page::new(run.lang);
        for finding in &findings {
            let mark = match finding.weight {
                Weight::Good if self.quiet => continue,
                Weight::Good => "✓",
                Weight::Look => "!",
                Weight::Wrong => "✗",
            };
            page.raw(format!("{mark} {}: {}", finding.part, run.lang.of(&finding.message)));
            if let Some(next) = &finding.next {
                page.next(&next.ja, &next.en);
            }
        }
        terminal::print(&page.into_text());
        Ok(match findings.iter().map(|f| f.weight).max() {
            None | Some(Weight::Good) => Exit::Ok,
            Some(Weight::Look) => Exit::NeedsPerson,
            Some(Weight::Wrong) => Exit::Refused,
        })
    }
}
