//! Adding a desk to the manifest of the workspace.
//!
//! The manifest is written for people, so two lines are put into its text and nothing else is touched. Whether that
//! is what has come of it is seen by reading both texts.

use anyhow::{Context, Result, ensure};
use toml::{Table, Value};

/// The manifest with `desks/NAME` among its members and `desk-NAME` among its dependencies.
pub(super) fn with_desk(text: &str, name: &str) -> Result<String> {
    let by_hand =
        || format!("Cargo.toml has another form than expected; add desks/{name} by hand, as desks/claims is");
    let (member, path) = (format!("desks/{name}"), format!("desks/{name}"));
    let after = insert(text, "members = [", "    \"desks/", &format!("    \"{member}\","));
    let line = format!("desk-{name} = {{ path = \"{path}\" }}");
    let after = after.and_then(|text| insert(&text, "[workspace.dependencies]", "desk-", &line));
    let after = after.with_context(by_hand)?;

    let mut wanted: Table = text.parse().context("Cargo.toml")?;
    let workspace = wanted.get_mut("workspace").and_then(Value::as_table_mut).with_context(by_hand)?;
    let members = workspace.get_mut("members").and_then(Value::as_array_mut).with_context(by_hand)?;
    members.push(Value::String(member));
    let dependencies =
        workspace.get_mut("dependencies").and_then(Value::as_table_mut).with_context(by_hand)?;
    let entry = Table::from_iter([("path".to_owned(), Value::String(path))]);
    dependencies.insert(format!("desk-{name}"), Value::Table(entry));
    let mut made: Table = after.parse().with_context(by_hand)?;
    ensure!(sorted(&mut made) == sorted(&mut wanted) && made == wanted, by_hand());
    Ok(after)
}

/// `text` with `line` behind the last of the lines below `head` that begin with `like`, else right below `head`.
fn insert(text: &str, head: &str, like: &str, line: &str) -> Option<String> {
    let mut lines: Vec<&str> = text.lines().collect();
    let head = lines.iter().position(|l| l.trim_end() == head)?;
    let ends = |l: &&str| l.trim_end() == "]" || l.starts_with('[');
    let end = lines[head + 1..].iter().position(ends).map_or(lines.len(), |n| head + 1 + n);
    let last = lines[head + 1..end].iter().rposition(|l| l.starts_with(like));
    lines.insert(last.map_or(head + 1, |n| head + 2 + n), line);
    Some(lines.join("\n") + "\n")
}

/// Puts the members in order, in which they mean the same; whether there are any.
fn sorted(manifest: &mut Table) -> bool {
    let members =
        manifest.get_mut("workspace").and_then(|w| w.get_mut("members")).and_then(Value::as_array_mut);
    members.is_some_and(|members| {
        members.sort_by_key(ToString::to_string);
        true
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manifest_of_this_workspace_takes_a_desk_behind_the_last() {
        let text = include_str!("../../../Cargo.toml");
        let after = with_desk(text, "cranes").expect("it has the form");
        let new: Vec<&str> = after.lines().filter(|line| line.contains("cranes")).collect();
        assert_eq!(new, ["    \"desks/cranes\",", "desk-cranes = { path = \"desks/cranes\" }"]);
        assert_eq!(
            after.lines().filter(|line| !line.contains("cranes")).collect::<Vec<_>>(),
            text.lines().collect::<Vec<_>>()
        );
        let (before, _) = after.split_once("    \"desks/cranes\",").expect("the line");
        assert!(before.lines().last().is_some_and(|line| line.starts_with("    \"desks/")), "{before}");
        // A second one too.
        with_desk(&after, "storks").expect("it still has the form");
    }

    #[test]
    fn a_manifest_of_another_form_is_left_to_people() {
        for text in [
            "[workspace]\nmembers = [\"desks/claims\"]\n[workspace.dependencies]\n",
            "[workspace]\nmembers = [\n]\n",
            "[workspace]\nmembers = [\n]\nmembers = [\n]\n[workspace.dependencies]\n",
            "[package]\nmembers = [\n]\n[workspace.dependencies]\n",
        ] {
            assert!(with_desk(text, "cranes").is_err(), "{text}");
        }
    }
}
