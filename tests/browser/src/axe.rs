//! axe-core, the judge of accessibility (WCAG 2.2 A and AA, and good practice).

use crate::Window;
use serde_json::json;
use std::fmt;

/// The kinds of rules that are judged: all of WCAG 2.0, 2.1 and 2.2 at levels A and AA, and good practice.
const KINDS: [&str; 7] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];

/// The judge.
#[derive(Clone)]
pub struct Axe {
    source: String,
}

/// Something that is wrong with a page.
#[derive(Clone, PartialEq, Eq)]
pub struct Finding {
    /// The name of the rule: `color-contrast`.
    pub rule: String,
    /// What is wrong and where.
    pub what: String,
}

impl Axe {
    /// Reads it from where `cargo xtask setup` put it.
    ///
    /// # Panics
    /// When it is not there.
    pub fn load() -> Self {
        let path = std::env::var("WARIFU_TEST_AXE").expect(
            "WARIFU_TEST_AXE says where axe.min.js is; `cargo xtask test --only build,browser` sets it",
        );
        let source = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        Self { source }
    }

    /// Looks at the page that is shown, at the width it has now.
    ///
    /// # Panics
    /// When the judge cannot work.
    pub async fn look(&self, window: &Window) -> Vec<Finding> {
        if window.script("return !window.axe;", vec![]).await == true {
            window.script(&self.source, vec![]).await;
        }
        let options = json!({
            "runOnly": { "type": "tag", "values": KINDS },
            // Off by default in axe, and WCAG 2.2 AA: no target under 24 px.
            "rules": { "target-size": { "enabled": true } },
            "resultTypes": ["violations"],
        });
        let done = window.client.execute_async(RUN, vec![options]).await.expect("axe runs");
        let error = done["error"].as_str().unwrap_or_default();
        assert!(error.is_empty(), "axe: {error}");
        assert!(
            done["passes"].as_u64().is_some_and(|passes| passes > 5),
            "axe judged next to nothing: {done}"
        );
        let all = done["findings"].as_array().cloned().unwrap_or_default();
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        all.iter().map(|one| Finding { rule: text(&one["rule"]), what: text(&one["what"]) }).collect()
    }
}

impl fmt::Debug for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.rule, self.what)
    }
}

const RUN: &str = r"
const done = arguments[arguments.length - 1];
axe.run(document, arguments[0]).then((result) => done({
  passes: result.passes.length,
  findings: result.violations.flatMap((rule) => rule.nodes.slice(0, 4).map((node) => ({
    rule: rule.id,
    what: node.target.join(' ') + ' ' + node.html.slice(0, 160) + ' ' + (node.failureSummary || rule.help),
  }))),
}), (error) => done({ error: String(error) }));
";
