//! The doctor: looks at an installation from outside, says what is wrong and what to do (K14).
//!
//! It only reads, also while a server works, and goes on after what it cannot look at.

mod authorities;
mod claims;
mod machine;
mod server;
mod store;

use crate::config::Config;
use authority_front::Text;
use kit_clock::{Clock, SystemClock};
use kit_store::Db;

/// How a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// As it should be.
    Good,
    /// Works, and somebody should look.
    Look,
    /// Does not work, or will soon not.
    Wrong,
}

/// One thing the doctor looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at: `database`, `disk`, `keys`.
    pub part: &'static str,
    /// How it weighs.
    pub weight: Weight,
    /// What was found.
    pub message: Text,
    /// What to do; `None` when all is well.
    pub next: Option<Text>,
}

impl Finding {
    fn good(part: &'static str, ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self { part, weight: Weight::Good, message: Text::new(ja, en), next: None }
    }

    fn bad(part: &'static str, weight: Weight, message: Text, next: Text) -> Self {
        Self { part, weight, message, next: Some(next) }
    }
}

/// Everything, in the order in which it should be mended.
pub async fn examine(config: &Config) -> Vec<Finding> {
    let mut findings = Vec::new();
    machine::examine(config, &mut findings);
    if let Some(desk) = &config.claims {
        claims::examine(desk, SystemClock.now(), &mut findings);
    }
    if let Some(db) = store::examine(config, &mut findings).await {
        within(&db, config, &mut findings).await;
        db.close().await;
    }
    server::examine(config, &mut findings).await;
    findings
}

/// What a readable database tells.
async fn within(db: &Db, config: &Config, findings: &mut Vec<Finding>) {
    store::keys(db, config, findings).await;
    store::ledger(db, findings).await;
    store::jobs(db, findings).await;
    authorities::examine(db, findings).await;
}
