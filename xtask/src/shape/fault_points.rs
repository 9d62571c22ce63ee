//! Fault points: those that are listed are passed, and those that are passed are listed.
//!
//! A drill walks the list. A point that nothing passes would be a kill that never comes, and so a drill that
//! proves nothing.

use super::files;
use crate::house::House;
use anyhow::{Context, Result};
use std::collections::BTreeSet;

const LIST: &str = "kit/drill/src/lib.rs";

/// Points that are only listed or only passed.
pub(super) fn check(house: &House) -> Result<Vec<String>> {
    let text = std::fs::read_to_string(house.path(LIST)).context(LIST)?;
    let listed = text.split("POINTS: &[&str] = &[").nth(1).and_then(|rest| rest.split("];").next());
    let listed: BTreeSet<&str> =
        listed.context("kit-drill has no POINTS")?.split('"').skip(1).step_by(2).collect();
    let mut passed = BTreeSet::new();
    for file in files::sources(house.root())? {
        let name = house.short(&file).to_string();
        if name == LIST || name.starts_with("xtask/") {
            continue;
        }
        let text = std::fs::read_to_string(&file)?;
        passed.extend(points(&text));
    }
    let mut breaches = Vec::new();
    for point in listed.iter().filter(|p| !passed.contains(**p)) {
        breaches.push(format!("the fault point {point} is in kit_drill::POINTS, but nothing passes it"));
    }
    for point in passed.iter().filter(|p| !listed.contains(p.as_str())) {
        breaches.push(format!("the fault point {point} is passed, but not in kit_drill::POINTS"));
    }
    Ok(breaches)
}

/// The names given to `point(…)` in a text; a longer name that only ends so, `uri_point(…)`, is another function.
fn points(text: &str) -> impl Iterator<Item = String> {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices("point(\"").filter_map(move |(at, call)| {
        let whole = !text[..at].ends_with(is_name);
        let (name, _) = text[at + call.len()..].split_once('"')?;
        whole.then(|| name.to_owned())
    })
}
